//! The `claims` parameter (OpenID Connect Core 5.5): claims asked for one by one.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A parsed `claims` parameter. Unknown claims stay in it and are ignored where claims are given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// Wanted from userinfo.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, Option<ClaimAsked>>,
    /// Wanted in the ID token.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, Option<ClaimAsked>>,
}

/// How a claim is asked for (5.5.1). `null` in the request is `None` of the map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimAsked {
    /// The client says it needs it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The one value wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    /// Values wanted, best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<serde_json::Value>>,
}
