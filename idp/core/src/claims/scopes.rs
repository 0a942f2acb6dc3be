//! Scopes and the claims they ask for (OpenID Connect Core 5.4 and the scopes of PASS, `docs/claims.md`).
//!
//! Left out: `family`, `face`, `facility` (no claim of theirs exists yet). `name#ja-Kana-JP` is asked for by the claims parameter.

use super::Claim;
use crate::domain::request::ClaimsRequest;
use std::collections::BTreeSet;

/// Every scope PASS knows, in the order of documents and discovery.
pub const SCOPES: [Scope; 13] = [
    Scope { name: "openid", claims: &[] },
    // OpenID Connect Core 5.4: exactly these fourteen.
    Scope {
        name: "profile",
        claims: &[
            Claim::Name,
            Claim::FamilyName,
            Claim::GivenName,
            Claim::MiddleName,
            Claim::Nickname,
            Claim::PreferredUsername,
            Claim::Profile,
            Claim::Picture,
            Claim::Website,
            Claim::Gender,
            Claim::Birthdate,
            Claim::Zoneinfo,
            Claim::Locale,
            Claim::UpdatedAt,
        ],
    },
    Scope { name: "email", claims: &[Claim::Email, Claim::EmailVerified] },
    Scope { name: "address", claims: &[Claim::Address] },
    Scope { name: "phone", claims: &[Claim::PhoneNumber, Claim::PhoneNumberVerified] },
    Scope { name: "name", claims: &[Claim::Name] },
    Scope { name: "birthdate", claims: &[Claim::Birthdate] },
    Scope { name: "gender", claims: &[Claim::Gender] },
    Scope { name: "basic4", claims: &[Claim::Name, Claim::Address, Claim::Birthdate, Claim::Gender] },
    Scope {
        name: "residence",
        claims: &[
            Claim::ResidencePrefecture,
            Claim::ResidenceCity,
            Claim::ResidenceCityCode,
            Claim::IsResident,
            Claim::ResidenceVerifiedOn,
        ],
    },
    Scope {
        name: "age",
        claims: &[Claim::AgeOver15, Claim::AgeOver18, Claim::AgeOver20, Claim::AgeOver65, Claim::AgeBand],
    },
    // OpenID Connect Core 11.
    Scope { name: "offline_access", claims: &[] },
    // Access to programming interfaces of facilities: no claim.
    Scope { name: "api", claims: &[] },
];

/// A scope and the claims it asks for.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Its word.
    pub name: &'static str,
    /// What it asks for, from userinfo.
    pub claims: &'static [Claim],
}

impl Scope {
    /// Reads a scope's word.
    pub fn parse(name: &str) -> Option<&'static Self> {
        SCOPES.iter().find(|scope| scope.name == name)
    }
}

/// Where claims are delivered (OpenID Connect Core 5.5 keeps the two apart).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The userinfo endpoint: scopes and the `userinfo` member.
    Userinfo,
    /// The ID token: the `id_token` member only.
    IdToken,
    /// Both: what the consent page must show.
    Anywhere,
}

/// The claims of the catalogue that a request wants delivered at a place. Unknown scopes and claims are ignored.
pub fn wanted(scopes: &[String], request: &ClaimsRequest, place: Place) -> BTreeSet<Claim> {
    let mut claims = BTreeSet::new();
    if place != Place::IdToken {
        claims.extend(scopes.iter().filter_map(|name| Scope::parse(name)).flat_map(|scope| scope.claims));
        claims.extend(request.userinfo.keys().filter_map(|name| Claim::parse(name)));
    }
    if place != Place::Userinfo {
        claims.extend(request.id_token.keys().filter_map(|name| Claim::parse(name)));
    }
    if place == Place::Anywhere {
        // A person agrees to the value, whichever way it travels.
        let verified = request.verified_userinfo.iter().chain(&request.verified_id_token);
        claims.extend(verified.flat_map(|asked| asked.claims.keys()).filter_map(|name| Claim::parse(name)));
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_wants_what_its_scopes_and_parameters_name_at_each_place() {
        let mut request = ClaimsRequest::default();
        request.userinfo.insert("nickname".into(), None);
        request.userinfo.insert("unknown".into(), None);
        request.id_token.insert("email".into(), None);
        let scopes = ["openid", "age", "nonsense", "name"].map(str::to_owned);
        let age = Scope::parse("age").expect("a scope of the table").claims;
        let from = |claims: &[Claim]| claims.iter().copied().collect::<BTreeSet<_>>();
        let userinfo = from(&[age, &[Claim::Name, Claim::Nickname]].concat());
        assert_eq!(wanted(&scopes, &request, Place::Userinfo), userinfo);
        assert_eq!(wanted(&scopes, &request, Place::IdToken), from(&[Claim::Email]));
        assert_eq!(wanted(&scopes, &request, Place::Anywhere), &userinfo | &from(&[Claim::Email]));
        assert_eq!(wanted(&["openid".to_owned()], &ClaimsRequest::default(), Place::Anywhere), from(&[]));
    }

    #[test]
    fn profile_has_its_fourteen_claims() {
        assert_eq!(Scope::parse("profile").map(|scope| scope.claims.len()), Some(14));
    }
}
