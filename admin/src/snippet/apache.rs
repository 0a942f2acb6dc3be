//! mod_auth_openidc 2.4, tried with the one of Debian 12.

use super::Connection;
use pass_core::domain::client::ClientAuthMethod;

pub(super) fn text(to: &Connection<'_>) -> String {
    let mut lines = vec![
        format!("OIDCProviderMetadataURL {}/.well-known/openid-configuration", to.issuer),
        format!("OIDCClientID {}", word(to.client_id)),
    ];
    lines.extend(credentials(to));
    lines.extend([
        format!("OIDCRedirectURI {}", word(to.redirect_uri)),
        "OIDCCryptoPassphrase \"exec:/usr/bin/openssl rand -base64 32\"".into(),
        format!("OIDCScope {}", quoted(&to.scope_line())),
        "OIDCPKCEMethod S256".into(),
        format!("OIDCIDTokenSignedResponseAlg {}", to.alg.as_str()),
        "<Location />".into(),
        "  AuthType openid-connect".into(),
        format!("  {}", requirement(to)),
        "</Location>".into(),
    ]);
    lines.extend(sign_out(to));
    lines.join("\n")
}

/// Back-Channel Logout: mod_auth_openidc answers at its redirect_uri by itself, with its sessions kept at the server.
fn sign_out(to: &Connection<'_>) -> Vec<String> {
    let Some(registered) = to.backchannel else { return Vec::new() };
    let right = format!("{}?logout=backchannel", to.redirect_uri);
    let what = if registered == right {
        "# Notices of sign-outs come to the registered address; there is nothing to set for them.".to_owned()
    } else {
        // What is registered is not repeated here: a line break in it would be a directive.
        format!("# Notices of sign-outs can arrive at {} alone: have that address registered.", quoted(&right))
    };
    vec!["OIDCSessionType server-cache".into(), what]
}

fn credentials(to: &Connection<'_>) -> Vec<String> {
    let method = match to.method {
        ClientAuthMethod::None => return vec!["OIDCProviderTokenEndpointAuth none".into()],
        ClientAuthMethod::PrivateKeyJwt => {
            return vec![
                "OIDCProviderTokenEndpointAuth private_key_jwt".into(),
                "OIDCPrivateKeyFiles /etc/apache2/pass-client.key".into(),
            ];
        }
        other => other.as_str(),
    };
    let secret = to.secret.map_or_else(|| "${PASS_CLIENT_SECRET}".to_owned(), word);
    vec![format!("OIDCProviderTokenEndpointAuth {method}"), format!("OIDCClientSecret {secret}")]
}

fn requirement(to: &Connection<'_>) -> String {
    if to.scope.iter().any(|scope| scope == "residence") {
        format!("Require claim residence_city_code:{}", to.municipality)
    } else {
        "Require valid-user".into()
    }
}

/// As it is where Apache reads it as one word, in quotes otherwise.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!&()*+,;=%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
