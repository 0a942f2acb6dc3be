"""A page behind Authlib: `/` sends the visitor to the issuer, `/cb` answers {sub, claims} as JSON.

    python3 server.py < client.json      client.json: {issuer, client}
"""
import json
import secrets
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

what = json.load(sys.stdin)
issuer, client = what["issuer"], what["client"]
redirect_uri = client["redirect_uris"][0]
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
pending = {}


def session(**more):
    return OAuth2Session(client["client_id"], client["client_secret"], scope=client["scope"], redirect_uri=redirect_uri,
                         token_endpoint_auth_method=client["token_endpoint_auth_method"],
                         code_challenge_method="S256", **more)


def begin():
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    url, state = session().create_authorization_url(metadata["authorization_endpoint"], nonce=nonce,
                                                    code_verifier=verifier)
    pending[state] = (nonce, verifier)
    return url


def finish(target):
    query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    nonce, verifier = pending.pop(query["state"])
    if query.get("iss") != issuer:
        raise ValueError("the answer is not from our issuer")
    if "error" in query:
        raise ValueError(query["error"])
    authlib = session(state=query["state"])
    tokens = authlib.fetch_token(metadata["token_endpoint"], authorization_response=redirect_uri + "?" + urlsplit(target).query,
                                 code_verifier=verifier)
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    token = jwt.decode(tokens["id_token"], keys, algorithms=["ES256", "RS256", "PS256"])
    claims = CodeIDToken(
        token.claims, token.header,
        {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client["client_id"]}},
        {"nonce": nonce, "client_id": client["client_id"], "access_token": tokens["access_token"]})
    claims.validate(leeway=5)
    userinfo = authlib.get(metadata["userinfo_endpoint"], timeout=10)
    userinfo.raise_for_status()
    if userinfo.json()["sub"] != claims["sub"]:
        raise ValueError("userinfo is about somebody else")
    return {"sub": claims["sub"], "claims": userinfo.json()}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if not self.path.startswith("/cb"):
            self.send_response(302)
            self.send_header("Location", begin())
            self.end_headers()
            return
        try:
            status, body = 200, finish(self.path)
        except Exception as why:  # the driver reads the reason
            status, body = 500, {"error": f"{type(why).__name__}: {why}"}
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.end_headers()
        self.wfile.write(json.dumps(body, ensure_ascii=False).encode())

    def log_message(self, *_):
        pass


at = urlsplit(redirect_uri)
server = HTTPServer((at.hostname, at.port), Handler)
print("ready", flush=True)
server.serve_forever()
