"""One Apache as a city would have it: TLS and the proxy before PASS, and beside it a site behind mod_auth_openidc.

It runs without root: on a machine where this run is root, as www-data.
"""
import os
import secrets
import shutil
import ssl
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

MODULES = "mpm_event authn_core authz_core authz_user mime dir include setenvif headers socache_shmcb ssl proxy proxy_http auth_openidc".split()
FOLDER = Path("/usr/lib/apache2/modules")
PAGE = """<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>会員だけのページ</title>
<h1>会員だけのページ</h1><p id="email"><!--#echo var="OIDC_CLAIM_email" --></p></html>
"""
LEFT = '<!doctype html>\n<html lang="ja"><meta charset="utf-8"><title>サインアウト</title><h1 id="left">サインアウトしました</h1></html>\n'
SERVER = """ServerRoot {home}
ServerName localhost
Listen 127.0.0.1:{issuer_port}
Listen 127.0.0.1:{site_port}
PidFile {home}/pid
ErrorLog {home}/error.log
LogLevel warn
DefaultRuntimeDir {home}
Mutex file:{home} default
{modules}
TypesConfig /etc/mime.types
AddDefaultCharset utf-8
DocumentRoot {home}/htdocs
SSLSessionCache shmcb:{home}/tls(512000)
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCertificateFile {home}/server.pem
SSLCertificateKeyFile {home}/server.key

# The issuer. PASS listens on loopback; this is the only way to it.
<VirtualHost 127.0.0.1:{issuer_port}>
  SSLEngine on
  ProxyPreserveHost On
  ProxyPass / http://127.0.0.1:{pass_port}/
  RequestHeader set X-Forwarded-Proto https
</VirtualHost>

# A facility's site.
<VirtualHost 127.0.0.1:{site_port}>
  SSLEngine on
{relying_party}
  <Directory {home}/htdocs>
    Options +Includes
    AddOutputFilter INCLUDES .html
  </Directory>
  <Location />
    AuthType openid-connect
    Require valid-user
  </Location>
  <Location /left.html>
    AuthType None
    Require all granted
  </Location>
</VirtualHost>
"""
RELYING_PARTY = """  OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
  OIDCCABundlePath {home}/ca.pem
  OIDCClientID {client_id}
  OIDCClientSecret {client_secret}
  OIDCProviderTokenEndpointAuth client_secret_basic
  OIDCRedirectURI {redirect}
  OIDCCryptoPassphrase {passphrase}
  OIDCScope "openid email"
  OIDCPKCEMethod S256
  OIDCIDTokenSignedResponseAlg ES256
  OIDCPassClaimsAs both
  OIDCInfoHook id_token userinfo
"""


class Apache:
    """Leave the `with` block to end it. The site answers once `protect` has given it a client."""

    def __init__(self, authority, issuer_port, site_port, pass_port):
        self.ports = {"issuer_port": issuer_port, "site_port": site_port, "pass_port": pass_port}
        self.issuer, self.site = f"https://localhost:{issuer_port}", f"https://127.0.0.1:{site_port}"
        self.redirect, self.left = f"{self.site}/cb", f"{self.site}/left.html"
        self.trust = ssl.create_default_context(cafile=authority.certificate)
        self.home = Path(tempfile.mkdtemp(prefix="pass-apache-"))
        self.authority, self.process = authority, None

    def __enter__(self):
        (self.home / "htdocs").mkdir()
        (self.home / "htdocs/index.html").write_text(PAGE, encoding="utf-8")
        (self.home / "htdocs/left.html").write_text(LEFT, encoding="utf-8")
        certificate, key = self.authority.issue()
        for source, name in ((certificate, "server.pem"), (key, "server.key"), (self.authority.certificate, "ca.pem")):
            shutil.copy(source, self.home / name)
        return self

    def protect(self, client_id, client_secret):
        """Starts Apache; the facility's site signs its visitors in as this client."""
        party = RELYING_PARTY.format(issuer=self.issuer, home=self.home, client_id=client_id, client_secret=client_secret,
                                     redirect=self.redirect, passphrase=secrets.token_hex(16))
        modules = "\n".join(f"LoadModule {name}_module {FOLDER}/mod_{name}.so" for name in MODULES)
        (self.home / "apache.conf").write_text(SERVER.format(home=self.home, modules=modules, relying_party=party, **self.ports))
        user = {}
        if os.geteuid() == 0:
            user = {"user": "www-data", "group": "www-data", "extra_groups": []}
            for path in [self.home, *self.home.rglob("*")]:
                shutil.chown(path, "www-data", "www-data")
        self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", str(self.home / "apache.conf"), "-DFOREGROUND"],
                                        stderr=subprocess.PIPE, **user)
        for _ in range(100):
            if self.process.poll() is not None:
                raise SystemExit(f"Apache did not start: {self.process.stderr.read().decode()} {self.log()}")
            if self.status(self.left) == 200:
                return
            time.sleep(0.1)
        raise SystemExit(f"Apache does not answer: {self.log()}")

    def status(self, url):
        try:
            with urlopen(url, timeout=5, context=self.trust) as answer:
                return answer.status
        except HTTPError as answer:
            return answer.code
        except OSError:
            return 0

    def log(self):
        path = self.home / "error.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)
