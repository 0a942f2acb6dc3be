//! The consent page as data: what is given with its values, what stays, the decision, and when it is not asked again.

use super::release::{Release, Source};
use super::{Claim, Group};
use crate::Time;
use crate::domain::consent::Consent;
use crate::id::{ClientId, PersonId, SessionId};
use crate::seal::Key;
use crate::secret::Hash;
use serde_json::Value;

/// What the consent page shows, made of a preview.
#[derive(Clone)]
pub struct ConsentView {
    /// One row for people per group.
    pub groups: Vec<GroupView>,
    /// What is not given, in the order of the page.
    pub kept: Vec<Kept>,
}

/// One row for people.
#[derive(Clone)]
pub struct GroupView {
    /// Which group.
    pub group: Group,
    /// The exact members that are sent.
    pub members: Vec<MemberView>,
}

/// One member that is sent.
#[derive(Clone)]
pub struct MemberView {
    /// Which claim; its element has the id `pass-consent-item-{claim}`.
    pub claim: Claim,
    /// The value as sent.
    pub value: Value,
    /// An unticked box, or fixed.
    pub optional: bool,
    /// Proven or declared.
    pub source: Source,
}

/// Something that is not given and said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// 氏名
    Name,
    /// 住所の番地
    Street,
    /// 生年月日
    Birthdate,
    /// 性別
    Gender,
    /// 顔の画像
    FaceImage,
    /// マイナンバー
    MyNumber,
}

/// What the person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 渡して進む
    Allow {
        /// Agreed to: the fixed ones and those ticked.
        claims: Vec<Claim>,
        /// Offered and left unticked.
        declined: Vec<Claim>,
    },
    /// 渡さない
    Deny,
}

/// A request that may be covered by an older consent.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Who asks.
    pub client: ClientId,
    /// About whom.
    pub person: PersonId,
    /// Scopes asked for, sorted.
    pub scopes: &'a [String],
    /// Version of the ceiling that would be shown.
    pub ceiling_version: i32,
    /// The present sign-in session.
    pub session: SessionId,
    /// Key of the values' hash.
    pub key: &'a Key,
    /// Now.
    pub now: Time,
}

impl ConsentView {
    /// The view of a preview release.
    pub fn new(_preview: &Release) -> Self {
        Self { groups: Vec::new(), kept: Vec::new() }
    }

    /// Reads the posted form: the pressed button (`allow` or `deny`) and the names of the ticked boxes.
    /// Anything but `allow` is a denial; names that were not offered are ignored.
    pub fn decide(&self, _button: &str, _ticked: &[String]) -> Decision {
        Decision::Deny
    }
}

/// The keyed hash of the values of these claims as shown to this person.
pub fn values_hash(key: &Key, person: PersonId, preview: &Release, claims: &[Claim]) -> Hash {
    key.mac(&[b"consent values", &person.0, &preview.canonical(claims)])
}

/// Whether an older consent answers the question, so that no page is shown.
pub fn covers(_consent: &Consent, _preview: &Release, _question: &Question<'_>) -> bool {
    false
}
