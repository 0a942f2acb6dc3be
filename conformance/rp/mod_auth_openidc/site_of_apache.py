"""Debian's Apache with mod_auth_openidc before one page, without root, on loopback, in a folder of its own.

`Require claim residence_city_code:172065` is the whole rule: who does not live in Kaga does not see the page.
"""
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

MODULES = "mpm_event authn_core authz_core authz_user mime dir include setenvif auth_openidc".split()
FOLDER = Path("/usr/lib/apache2/modules")
PAGE = """<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>市民だけのページ</title>
<h1>市民だけのページ</h1><p id="city"><!--#echo var="OIDC_CLAIM_residence_city" --></p></html>
"""
CONFIG = """ServerRoot {home}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {home}/pid
ErrorLog {home}/error.log
LogLevel warn
DefaultRuntimeDir {home}
Mutex file:{home} default
{modules}
TypesConfig /etc/mime.types
DocumentRoot {home}/htdocs
AddDefaultCharset utf-8
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8

OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {client_secret}
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRedirectURI {redirect_uri}
OIDCCryptoPassphrase {passphrase}
OIDCScope "{scope}"
OIDCPKCEMethod S256
OIDCIDTokenSignedResponseAlg ES256
OIDCPassClaimsAs both
OIDCInfoHook id_token userinfo

<Directory {home}/htdocs>
  Options +Includes
  AddOutputFilter INCLUDES .html
</Directory>
<Location />
  AuthType openid-connect
  Require claim residence_city_code:172065
</Location>
<Location /cb>
  AuthType openid-connect
  Require valid-user
</Location>
"""


class Site:
    """A running Apache; leave the `with` block to end it."""

    def __init__(self, issuer, client):
        self.issuer, self.client = issuer, client
        self.redirect_uri = client["redirect_uris"][0]
        self.origin = self.redirect_uri.rsplit("/", 1)[0]
        self.home = Path(tempfile.mkdtemp(prefix="pass-apache-"))

    def __enter__(self):
        (self.home / "htdocs").mkdir()
        (self.home / "htdocs/index.html").write_text(PAGE, encoding="utf-8")
        (self.home / "apache.conf").write_text(CONFIG.format(
            home=self.home, port=self.origin.rsplit(":", 1)[1], issuer=self.issuer, redirect_uri=self.redirect_uri,
            modules="\n".join(f"LoadModule {name}_module {FOLDER}/mod_{name}.so" for name in MODULES
                              if (FOLDER / f"mod_{name}.so").exists()),
            client_id=self.client["client_id"], client_secret=self.client["client_secret"],
            scope=self.client["scope"], passphrase=secrets.token_hex(16)))
        user = {}
        if os.geteuid() == 0:
            # Apache refuses to serve as root, and nothing here needs root.
            user = {"user": "www-data", "group": "www-data", "extra_groups": []}
            for path in [self.home, *self.home.rglob("*")]:
                shutil.chown(path, "www-data", "www-data")
        self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", str(self.home / "apache.conf"), "-DFOREGROUND"],
                                        stderr=subprocess.PIPE, **user)
        self.wait()
        return self

    def wait(self):
        for _ in range(100):
            if self.process.poll() is not None:
                raise SystemExit(f"Apache did not start: {self.process.stderr.read().decode()} {self.log()}")
            try:
                urlopen(self.origin + "/", timeout=1)
                return
            except OSError as why:
                # Any HTTP answer will do, a redirect to an issuer that refuses us included.
                if hasattr(why, "code"):
                    return
                time.sleep(0.1)
        raise SystemExit("Apache does not answer")

    def log(self):
        path = self.home / "error.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)
