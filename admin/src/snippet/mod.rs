//! Settings to copy and paste, filled with the real values of a client, for the four programs PASS is tested with.

mod apache;
mod node;
mod python;
mod rust;

use pass_core::domain::client::{Client, ClientAuthMethod, SigningAlg};

/// What a program must know.
pub struct Connection<'a> {
    /// The issuer identifier.
    pub issuer: &'a str,
    /// The client.
    pub client_id: &'a str,
    /// The secret, on the one page that shows it.
    pub secret: Option<&'a str>,
    /// The first registered way back.
    pub redirect_uri: &'a str,
    /// Scopes, in the order registered.
    pub scope: &'a [String],
    /// How it authenticates.
    pub method: ClientAuthMethod,
    /// How its ID tokens are signed.
    pub alg: SigningAlg,
    /// The facility's municipality.
    pub municipality: &'a str,
    /// Where it is told of sign-outs.
    pub backchannel: Option<&'a str>,
}

/// One block to copy.
#[derive(Clone)]
pub struct Snippet {
    /// Its id on the page.
    pub id: &'static str,
    /// For which program.
    pub title: &'static str,
    /// The text.
    pub text: String,
}

impl<'a> Connection<'a> {
    /// Of a client.
    pub fn of(issuer: &'a str, client: &'a Client, municipality: &'a str, secret: Option<&'a str>) -> Self {
        let metadata = &client.metadata;
        Self {
            issuer,
            client_id: &client.client_id,
            secret,
            redirect_uri: metadata.redirect_uris.first().map_or("", String::as_str),
            scope: &metadata.scope,
            method: metadata.token_endpoint_auth_method,
            alg: metadata.id_token_signed_response_alg,
            municipality,
            backchannel: metadata.backchannel_logout_uri.as_deref(),
        }
    }

    fn scope_line(&self) -> String {
        self.scope.join(" ")
    }

    fn confidential(&self) -> bool {
        matches!(self.method, ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost)
    }

    /// Plain http is for loopback only; libraries must be told that it is meant.
    fn plain_http(&self) -> bool {
        self.issuer.starts_with("http://")
    }
}

/// All of them, for one client.
pub fn all(connection: &Connection<'_>) -> Vec<Snippet> {
    vec![
        Snippet { id: "snippet-apache", title: "Apache（mod_auth_openidc）", text: apache::text(connection) },
        Snippet { id: "snippet-node", title: "Node（openid-client 6）", text: node::text(connection) },
        Snippet { id: "snippet-python", title: "Python（Authlib）", text: python::text(connection) },
        Snippet { id: "snippet-rust", title: "Rust（openidconnect 4）", text: rust::text(connection) },
    ]
}

/// A string literal that JavaScript, Python and Rust read alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Vec<String> {
        ["openid", "residence", "age"].map(String::from).to_vec()
    }

    fn library<'a>(scope: &'a [String], secret: Option<&'a str>) -> Connection<'a> {
        Connection {
            issuer: "https://pass.kaga.example",
            client_id: "kaga-library",
            secret,
            redirect_uri: "https://library.kaga.example/cb",
            scope,
            method: ClientAuthMethod::ClientSecretBasic,
            alg: SigningAlg::ES256,
            municipality: "172065",
            backchannel: None,
        }
    }

    #[test]
    fn every_snippet_holds_the_real_values() {
        let scope = scope();
        for snippet in all(&library(&scope, None)) {
            for value in ["https://pass.kaga.example", "kaga-library", "https://library.kaga.example/cb", "residence"] {
                assert!(snippet.text.contains(value), "{} lacks {value}:\n{}", snippet.title, snippet.text);
            }
        }
    }

    #[test]
    fn the_secret_stands_only_where_it_was_given() {
        let scope = scope();
        for snippet in all(&library(&scope, None)) {
            assert!(snippet.text.contains("PASS_CLIENT_SECRET"), "{}", snippet.text);
        }
        let apache = &all(&library(&scope, Some("s3cret-once")))[0];
        assert!(apache.text.contains("s3cret-once") && !apache.text.contains("PASS_CLIENT_SECRET"));
    }

    #[test]
    fn a_program_without_secret_is_not_told_to_keep_one() {
        let scope = scope();
        let public = Connection { method: ClientAuthMethod::None, ..library(&scope, None) };
        for snippet in all(&public) {
            assert!(!snippet.text.to_lowercase().contains("secret"), "{}:\n{}", snippet.title, snippet.text);
        }
    }

    #[test]
    fn apache_is_told_where_sign_outs_arrive() {
        let scope = scope();
        let apache = |address| all(&Connection { backchannel: address, ..library(&scope, None) })[0].text.clone();
        assert!(!apache(None).contains("logout"));
        let right = apache(Some("https://library.kaga.example/cb?logout=backchannel"));
        assert!(right.contains("nothing to set"), "{right}");
        let other = apache(Some("https://library.kaga.example/out\nLoadModule x"));
        assert!(other.contains("have that address registered") && !other.contains("LoadModule"), "{other}");
    }

    #[test]
    fn values_cannot_leave_their_quotes() {
        let scope = scope();
        let odd = Connection { client_id: "a\"b\\c", ..library(&scope, None) };
        for snippet in all(&odd) {
            assert!(snippet.text.contains("a\\\"b\\\\c"), "{}:\n{}", snippet.title, snippet.text);
        }
    }

    #[test]
    fn a_residence_is_required_by_its_code_and_anything_else_by_sign_in() {
        let scope = scope();
        assert!(all(&library(&scope, None))[0].text.contains("Require claim residence_city_code:172065"));
        let openid = ["openid".to_owned()];
        assert!(all(&library(&openid, None))[0].text.contains("Require valid-user"));
    }
}
