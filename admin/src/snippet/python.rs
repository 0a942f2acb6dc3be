//! PyPI `authlib`, here with Flask.

use super::{Connection, quoted};
use pass_core::domain::client::ClientAuthMethod;

pub(super) fn text(to: &Connection<'_>) -> String {
    let secret = match (to.confidential(), to.secret, to.method) {
        (true, Some(secret), _) => format!("\n    client_secret={},", quoted(secret)),
        (true, None, _) => "\n    client_secret=os.environ[\"PASS_CLIENT_SECRET\"],".into(),
        (false, _, ClientAuthMethod::PrivateKeyJwt) => "\n    client_auth_methods=[PrivateKeyJWT()],".into(),
        (false, ..) => String::new(),
    };
    format!(
        "import os
from authlib.integrations.flask_client import OAuth

oauth = OAuth(app)
oauth.register(
    \"pass_id\",
    client_id={client_id},{secret}
    server_metadata_url={metadata},
    client_kwargs={{
        \"scope\": {scope},
        \"code_challenge_method\": \"S256\",
        \"token_endpoint_auth_method\": \"{method}\",
    }},
)

@app.route(\"/login\")
def login():
    return oauth.pass_id.authorize_redirect({redirect})

# at the redirect address
def back():
    token = oauth.pass_id.authorize_access_token()
    person = oauth.pass_id.userinfo(token=token)",
        client_id = quoted(to.client_id),
        metadata = quoted(&format!("{}/.well-known/openid-configuration", to.issuer)),
        scope = quoted(&to.scope_line()),
        method = to.method.as_str(),
        redirect = quoted(to.redirect_uri),
    )
}
