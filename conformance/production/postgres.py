"""A PostgreSQL cluster to throw away: loopback and a socket in a folder of its own, durable as a city's would be."""
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path


def programs():
    """The newest server on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


class Cluster:
    """Leave the `with` block to end and remove it."""

    def __init__(self, port):
        self.port, self.password = port, secrets.token_hex(16)
        # Not below a folder that only root may enter: the server refuses to run as root.
        self.home = Path(tempfile.mkdtemp(prefix="pass-pg-"))
        self.data = self.home / "data"

    def __enter__(self):
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres")
        self.start()
        self.sql(f"create role pass login password '{self.password}'")
        self.create("pass")
        return self

    def start(self):
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "-o",
                  f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.home}", "start")

    def stop(self):
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def create(self, database):
        self.sql(f"create database {database} owner pass")

    def url(self, database="pass"):
        return f"postgres://pass:{self.password}@127.0.0.1:{self.port}/{database}?gssencmode=disable"

    def sql(self, text, database="postgres"):
        return self._run("psql", "-h", self.home, "-p", self.port, "-U", "postgres", "-d", database, "-AtqX", "-c", text).strip()

    def _run(self, program, *arguments):
        command = [str(programs() / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # A server that stays must not inherit a pipe that somebody waits for.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
            said.seek(0)
            text = said.read()
        if done.returncode:
            raise SystemExit(f"{program}: {text[-1000:]}")
        return text

    def __exit__(self, *_):
        try:
            self.stop()
        except SystemExit:
            pass
        shutil.rmtree(self.home, ignore_errors=True)
