"""`pass doctor` on a healthy installation, and on one broken in one way after the other: each is told with its cure."""
import subprocess
from pathlib import Path

from installation import edited

# What may be missing from an installation that is well: no face models, no published card roots on this machine, no contract.
OPTIONAL = {"card roots", "text roots", "revocation", "face match", "national service"}


def findings(said):
    """Check -> (OK, NOTE or BAD; text with its cure)."""
    found, last = {}, None
    for line in said.splitlines():
        if line[:6].strip() in ("OK", "NOTE", "BAD"):
            last = line[6:28].strip()
            found[last] = (line[:6].strip(), line[29:].strip())
        elif last and "->" in line:
            found[last] = (found[last][0], f"{found[last][1]} {line.strip()}")
    return found


def healthy(installation, expect):
    code, said = installation.run("doctor")
    print("$ pass doctor\n  " + said.strip().replace("\n", "\n  "), flush=True)
    found = findings(said)
    expect(code == 0, f"doctor ended with {code} on a healthy installation")
    for check, (state, text) in found.items():
        expect(state == "OK" or (state == "NOTE" and check in OPTIONAL), f"doctor says {state} of {check}: {text}")
    expect(len(found) >= 14, f"doctor made {len(found)} checks only")


class Breaks:
    """Breaks a copy of the configuration, asks the doctor, and looks for the words."""

    def __init__(self, installation, cluster, expect):
        self.installation, self.cluster, self.expect = installation, cluster, expect
        self.count = 0

    def all(self):
        self.wrong_key()
        self.secrets_in_the_open()
        self.beside_the_data()
        self.unmigrated()
        self.no_mail()
        self.foreign_root()
        self.no_national_service()
        self.typing_error()
        self.database_down()

    def wrong_key(self):
        other = self.installation.secret("other.key", subprocess.check_output(["openssl", "rand", "-hex", "32"], text=True))
        self.told("another wrapping key", "keys", {"wrapping_secret_file": other}, "signing keys", "restore the wrapping secret")

    def secrets_in_the_open(self):
        copy = self.installation.secret("open.key", self.installation.key_file.read_text(), 0o644)
        self.told("a wrapping key that everybody can read", "keys", {"wrapping_secret_file": copy}, "wrapping secret", "chmod 600")
        copy = self.installation.secret("open.url", self.installation.url_file.read_text(), 0o644)
        self.told("a database password that everybody can read", "database", {"url_file": copy}, "other secrets", "chmod 600")

    def beside_the_data(self):
        folder = self.installation.folder
        change = {"kind": "sqlite", "url_file": None, "pool": None, "path": folder / "pass.sqlite3", "keys_path": folder / "keys.sqlite3"}
        self.told("the wrapping key beside the data", "database", change, "secret beside the data", "another folder")

    def unmigrated(self):
        self.cluster.create("fresh")
        fresh = self.installation.secret("fresh.url", self.cluster.url("fresh"))
        self.told("a database without tables", "database", {"url_file": fresh}, "tables", "pass migrate")

    def no_mail(self):
        self.told("a mail server that is down", "mail", {"port": 1}, "mail server", "[mail]")

    def foreign_root(self):
        roots = self.installation.folder / "roots"
        roots.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/C=JP/O=JPKI/OU=JPKI for digital signature",
                        "-keyout", "/dev/null", "-out", roots / "sign.cer", "-outform", "DER"], check=True, stderr=subprocess.DEVNULL)
        self.told("a root certificate that nobody published", "card", {"roots": roots}, "card roots", "published root certificates")

    def no_national_service(self):
        key = self.installation.secret("aas.pem", subprocess.check_output(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], text=True))
        text, self.installation.text = self.installation.text, self.installation.text + "\n[upstream.aas]\n"
        values = {"issuer": "https://127.0.0.1:1/api/realms/main", "client_id": "kaga", "private_key_file": key}
        self.told("a national service that does not answer", "upstream.aas", values, "national service", "[upstream.aas] issuer")
        self.told("no key for the national service", "upstream.aas", values | {"private_key_file": "/nowhere.pem"}, "national service", "check [upstream.aas]")
        self.installation.text = text

    def typing_error(self):
        config = self.written(self.installation.text.replace("[mail]", '[mail]\nservr = "typing error"'))
        code, said = self.installation.run("doctor", config=config)
        self.judge("an unknown key in the configuration", code, said, "servr" in said)

    def database_down(self):
        self.cluster.stop()
        code, said = self.installation.run("doctor")
        self.cluster.start()
        state, text = findings(said).get("database", ("", ""))
        self.judge("a database that is down", code, text, state == "BAD" and "the server runs" in text)

    def told(self, what, section, values, check, cure):
        config = self.written(edited(self.installation.text, section, **values))
        code, said = self.installation.run("doctor", config=config)
        state, text = findings(said).get(check, ("", said))
        self.judge(what, code, text, state == "BAD" and cure in text)

    def written(self, text):
        self.count += 1
        path = Path(self.installation.folder / f"broken-{self.count}.toml")
        path.write_text(text, encoding="utf-8")
        return path

    def judge(self, what, code, text, told):
        print(f"broken: {what}\n  exit {code}  {' '.join(text.split())}", flush=True)
        self.expect(code not in (0, None), f"doctor ended with {code}: {what}")
        self.expect(told, f"doctor does not tell {what}: {text}")
