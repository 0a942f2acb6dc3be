"""A certificate authority of this run's own, made by openssl, and a certificate for this machine under it."""
import subprocess
from pathlib import Path


class Authority:
    def __init__(self, folder: Path):
        folder.mkdir()
        self.folder, self.certificate = folder, folder / "ca.pem"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-subj", "/CN=PASS production proof CA", "-addext", "basicConstraints=critical,CA:TRUE",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", folder / "ca.key", "-out", self.certificate)

    def issue(self):
        """Certificate and key for https://localhost and https://127.0.0.1."""
        key, request, certificate, more = (self.folder / name for name in ("server.key", "server.csr", "server.pem", "server.ext"))
        more.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"
                        "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                      "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / "ca.key", "-days", "2",
                      "-set_serial", "2", "-extfile", more, "-out", certificate)
        return certificate, key

    def trusted_by_chromium(self, home: Path):
        """Chromium takes its own roots and those of the person's NSS database. Passkeys work on trusted pages only."""
        database = home / ".pki/nssdb"
        database.mkdir(parents=True)
        subprocess.run(["certutil", "-N", "-d", f"sql:{database}", "--empty-password"], check=True)
        subprocess.run(["certutil", "-A", "-d", f"sql:{database}", "-t", "C,,", "-n", "production proof", "-i", self.certificate], check=True)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
