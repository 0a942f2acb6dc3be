"""A mail server that takes everything and delivers into files: enough SMTP (RFC 5321) for a submitting program."""
import email
import email.policy
import json
import socketserver
import threading
from pathlib import Path


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self._converse()
        except ConnectionError:
            pass

    def _converse(self):
        self._say("220 post office of the production proof")
        to = []
        while line := self.rfile.readline():
            verb = line.decode("ascii", "replace").strip()
            word = verb.upper().split(" ")[0]
            if word in ("EHLO", "HELO"):
                self._say("250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8")
            elif word == "RCPT":
                to.append(verb.split("<", 1)[1].split(">", 1)[0])
                self._say("250 ok")
            elif word == "DATA":
                self._say("354 go on")
                self.server.deliver(to, self._message())
                to = []
                self._say("250 taken")
            elif word == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")

    def _message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


class PostOffice(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port, folder: Path):
        folder.mkdir()
        self.folder, self.count, self.lock = folder, 0, threading.Lock()
        super().__init__(("127.0.0.1", port), _Conversation)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def deliver(self, to, message):
        mail = email.message_from_bytes(message, policy=email.policy.default)
        with self.lock:
            self.count += 1
            path = self.folder / f"{self.count:03}.json"
        body = mail.get_body(("plain",)).get_content()
        waiting = path.with_suffix(".part")
        waiting.write_text(json.dumps({"to": to, "from": mail["from"], "subject": mail["subject"], "body": body}, ensure_ascii=False))
        waiting.rename(path)

    def close(self):
        self.shutdown()
        self.server_close()
