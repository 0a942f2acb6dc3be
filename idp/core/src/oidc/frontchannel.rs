//! Front-Channel Logout 1.0: which addresses the signed-out page loads in frames.

use crate::domain::client::Client;
use crate::oidc::respond::with_query;

/// The frame of a client that was signed in to in this session, if it has one and its flag is on (2 and 3).
pub fn frame(client: &Client, issuer: &str, sid: &str) -> Option<String> {
    let metadata = &client.metadata;
    let address = metadata.frontchannel_logout_uri.as_deref().filter(|_| client.flags.frontchannel_logout)?;
    // 3: "If either is included, both MUST be."
    let fields: &[_] = match metadata.frontchannel_logout_session_required {
        true => &[("iss", issuer.to_owned()), ("sid", sid.to_owned())],
        false => &[],
    };
    Some(with_query(address, fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::fixture::{self, ISSUER};

    #[test]
    fn cap_49_a_frame_names_the_session_only_where_it_was_asked_for() {
        let mut client = fixture::client();
        client.metadata.frontchannel_logout_uri = Some("https://rp.example/out?a=1".into());
        assert_eq!(frame(&client, ISSUER, "s"), None);
        client.flags.frontchannel_logout = true;
        assert_eq!(frame(&client, ISSUER, "s").as_deref(), Some("https://rp.example/out?a=1"));
        client.metadata.frontchannel_logout_session_required = true;
        let named = "https://rp.example/out?a=1&iss=https%3A%2F%2Fpass.example&sid=s";
        assert_eq!(frame(&client, ISSUER, "s").as_deref(), Some(named));
    }
}
