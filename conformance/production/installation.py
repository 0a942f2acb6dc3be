"""An installation of PASS as docs/pass.example.toml describes it, moved into a folder of its own, and its commands."""
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/pass.example.toml"


def edited(text, section, **values):
    """The document with these keys of one section set, or left out where the value is None."""
    head, rest = text.split(f"[{section}]\n", 1)
    body, after = re.match(r"(.*?)((?:^\[.*)?)\Z", rest, re.S | re.M).groups()
    for key, value in values.items():
        line = "" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False) if not isinstance(value, Path) else json.dumps(str(value))}\n"
        body = re.sub(rf"^{key} = .*\n", "", body, flags=re.M)
        body = line + body
    return f"{head}[{section}]\n{body}{after}"


class Installation:
    def __init__(self, program: Path, folder: Path, issuer, port, mail_port):
        folder.mkdir()
        self.program, self.folder, self.issuer, self.port = program, folder, issuer, port
        self.config, self.server = folder / "pass.toml", None
        self.log_path = folder / "serve.log"
        self.url_file = self.secret("database.url", "")
        self.key_file = self.secret("wrapping.key", subprocess.check_output(["openssl", "rand", "-hex", "32"], text=True))
        text = edited(EXAMPLE.read_text(encoding="utf-8"), "issuer", url=issuer)
        text = edited(text, "listen", address=f"127.0.0.1:{port}")
        text = edited(text, "keys", wrapping_secret_file=self.key_file)
        text = edited(text, "mail", port=mail_port)
        # No published root certificates, revocation list or face models are on a machine like this one.
        text = edited(text, "card", roots=None, sign_crl=None, auth_crl=None)
        self.text = edited(text, "face", library=None, models=None)

    def on_postgres(self, url):
        self.secret("database.url", url + "\n")
        self.text = edited(self.text, "database", url_file=self.url_file)
        return self.write()

    def on_sqlite(self, main: Path, keys: Path):
        self.text = edited(self.text, "database", kind="sqlite", url_file=None, pool=None, path=main, keys_path=keys)
        return self.write()

    def write(self):
        self.config.write_text(self.text, encoding="utf-8")
        return self

    def secret(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def run(self, *arguments, config=None):
        """A command's end: exit code and everything it said."""
        before = [arguments[0]] if arguments[0] in ("serve", "migrate", "doctor") else list(arguments[:2])
        command = [self.program, *before, "--config", config or self.config, *arguments[len(before):]]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        return done.returncode, done.stdout

    def do(self, *arguments):
        """A command that must succeed; it is shown with what it said, secrets left out."""
        code, said = self.run(*arguments)
        shown = re.sub(r"(client_secret\s+)\S+|(/manager/invite/)\S+", lambda found: (found[1] or found[2]) + "***", said)
        print("$ pass", *arguments, "\n  " + shown.strip().replace("\n", "\n  "), flush=True)
        if code:
            raise SystemExit(f"pass {arguments[0]} ended with {code}")
        return said

    def start(self):
        """Serves; gives the milliseconds from the start of the process to the first 200."""
        address = f"http://127.0.0.1:{self.port}/.well-known/openid-configuration"
        began = time.monotonic()
        with self.log_path.open("ab") as log:
            self.server = subprocess.Popen([str(self.program), "serve", "--config", str(self.config)], stdout=log, stderr=log)
        while time.monotonic() - began < 30:
            if self.server.poll() is not None:
                raise SystemExit(f"pass serve ended: {self.log()[-2000:]}")
            try:
                with urlopen(address, timeout=5) as answer:
                    answer.read()
                    return (time.monotonic() - began) * 1000
            except OSError:
                time.sleep(0.001)
        raise SystemExit(f"pass serve does not answer: {self.log()[-2000:]}")

    def cpu(self):
        """Processor time since the start, ms: it says more than the clock on a machine that is busy with something else."""
        fields = Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Proportional set size, MB."""
        lines = Path(f"/proc/{self.server.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", lines, re.M)[1]) / 1024

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def stop(self):
        """Ends the server as systemd would; gives its exit code."""
        if self.server is None or self.server.poll() is not None:
            return None
        self.server.send_signal(signal.SIGTERM)
        try:
            return self.server.wait(20)
        except subprocess.TimeoutExpired:
            self.server.kill()
            return "killed"
