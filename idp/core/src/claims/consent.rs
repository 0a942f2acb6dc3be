//! The consent page as data: what is given with its values, what stays, the decision, and when it is not asked again.

use super::release::{Answer, Line, Release, Source};
use super::{Claim, Group};
use crate::Time;
use crate::domain::consent::Consent;
use crate::domain::facility::Requirement;
use crate::id::{ClientId, PersonId, SessionId};
use crate::seal::Key;
use crate::secret::Hash;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

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
    pub fn new(preview: &Release) -> Self {
        let members: Vec<MemberView> = preview.lines().iter().filter_map(MemberView::of).collect();
        let kept = Kept::ALL.into_iter().filter(|kept| !members.iter().any(|member| kept.is_told_by(member.claim)));
        Self {
            kept: kept.collect(),
            groups: Group::ALL
                .into_iter()
                .map(|group| GroupView {
                    group,
                    members: members.iter().filter(|member| member.claim.group() == group).cloned().collect(),
                })
                .filter(|view| !view.members.is_empty())
                .collect(),
        }
    }

    /// Every member, group by group.
    pub fn members(&self) -> impl Iterator<Item = &MemberView> {
        self.groups.iter().flat_map(|group| &group.members)
    }

    /// Reads the posted form: the pressed button (`allow` or `deny`) and the names of the ticked boxes.
    /// Anything but `allow` is a denial; names that were not offered are ignored.
    pub fn decide(&self, button: &str, ticked: &[String]) -> Decision {
        if button != "allow" {
            return Decision::Deny;
        }
        let agreed = |member: &&MemberView| !member.optional || ticked.iter().any(|name| name == member.claim.as_str());
        let (mut claims, mut declined): (Vec<_>, Vec<_>) = self.members().partition(agreed);
        claims.sort_by_key(|member| member.claim);
        declined.sort_by_key(|member| member.claim);
        let names = |members: Vec<&MemberView>| members.into_iter().map(|member| member.claim).collect();
        Decision::Allow { claims: names(claims), declined: names(declined) }
    }
}

impl MemberView {
    fn of(line: &Line) -> Option<Self> {
        let Answer::Given { value, source } = &line.answer else { return None };
        let optional = line.requirement == Some(Requirement::Optional);
        Some(Self { claim: line.claim, value: value.clone(), optional, source: *source })
    }

    /// The value as sent, for `<data value>`: text without quotes, everything else as JSON.
    pub fn sent(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Key of the claim's label in the locale files.
    pub const fn key(&self) -> &'static str {
        match self.claim {
            Claim::NameKana => "name_kana",
            claim => claim.as_str(),
        }
    }
}

impl Kept {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Street, Self::Birthdate, Self::Gender, Self::FaceImage, Self::MyNumber];

    /// Key of its words in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Street => "street",
            Self::Birthdate => "birthdate",
            Self::Gender => "gender",
            Self::FaceImage => "face_image",
            Self::MyNumber => "my_number",
        }
    }

    /// Whether giving this claim tells it.
    const fn is_told_by(self, claim: Claim) -> bool {
        match self {
            Self::Name => matches!(claim.group(), Group::Name),
            Self::Street => matches!(claim, Claim::Address),
            Self::Birthdate => matches!(claim, Claim::Birthdate),
            Self::Gender => matches!(claim, Claim::Gender),
            // No claim carries a picture of the card or the number: they always stay.
            Self::FaceImage | Self::MyNumber => false,
        }
    }
}

/// Ties the posted form to what its page showed: person, session, ceiling version, and each member with its value and box.
/// What changed meanwhile - another person signed in, the facility asks for more - is asked anew, never agreed to unseen.
pub fn shown_mac(key: &Key, question: &Question<'_>, view: &ConsentView) -> Hash {
    let members: Vec<_> = view.members().map(|member| (member.claim, member.optional, &member.value)).collect();
    let members = serde_json::to_vec(&members).expect("members are plain data");
    let version = question.ceiling_version.to_be_bytes();
    key.mac(&[b"consent shown", &question.person.0, &question.session.0, &question.client.0, &version, &members])
}

/// The keyed hash of the values of these claims as shown to this person.
pub fn values_hash(key: &Key, person: PersonId, preview: &Release, claims: &[Claim]) -> Hash {
    key.mac(&[b"consent values", &person.0, &preview.canonical(claims)])
}

/// How long "not again" lasts where the box is ticked (architecture 7.5).
pub const REMEMBERED: Duration = Duration::from_secs(365 * 24 * 3600);

/// Whether an older consent answers the question, so that no page is shown (architecture 7.5): the same asker, scopes, claims,
/// ceiling and values, in the same sign-in session or within the year that was ticked.
pub fn covers(consent: &Consent, preview: &Release, question: &Question<'_>) -> bool {
    let same_session = consent.session == question.session;
    let remembered = consent.remembered_until.is_some_and(|until| question.now < until);
    consent.withdrawn_at.is_none() && (same_session || remembered) && same(consent, preview, question)
}

/// Whether the question is the one that was answered then; if not, the page says that it has changed.
pub fn same(consent: &Consent, preview: &Release, question: &Question<'_>) -> bool {
    consent.client == question.client
        && consent.person == question.person
        && consent.scopes == question.scopes
        && consent.ceiling_version == question.ceiling_version
        && offered(consent) == preview.given().map(|(claim, _)| claim).collect()
        && values_hash(question.key, question.person, preview, &consent.claims).matches(&consent.values)
}

fn offered(consent: &Consent) -> BTreeSet<Claim> {
    consent.claims.iter().chain(&consent.declined).copied().collect()
}

impl fmt::Debug for ConsentView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.members().map(|member| member.claim)).finish()
    }
}

#[cfg(test)]
mod tests;
