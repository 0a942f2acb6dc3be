//! Audit events: who did what to which object, and why. No personal value; readable by the resident it concerns.
//!
//! A row is inserted unchained in the transaction that causes it. One chainer links rows in order:
//! each hash covers the one before, so that a changed, removed or inserted row breaks the chain from there on.

use crate::Time;
use crate::id::{AccountId, AuditId, ClientId, FacilityId, PersonId, StaffId};
use crate::seal::Key;
use crate::secret::Hash;
use serde::{Deserialize, Serialize};

/// An audit event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Row.
    pub id: AuditId,
    /// When.
    pub at: Time,
    /// Who did it.
    pub actor: Actor,
    /// What: a fixed word such as `consent.give` or `client.rotate_secret`.
    pub act: Act,
    /// The person it concerns, who may read it.
    pub person: Option<PersonId>,
    /// The facility it concerns.
    pub facility: Option<FacilityId>,
    /// The client it concerns.
    pub client: Option<ClientId>,
    /// Further facts for readers: ids, counts, fixed words. No personal value.
    pub detail: String,
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A resident.
    Account(AccountId),
    /// A staff member in Manager.
    Staff(StaffId),
    /// A relying party.
    Client(ClientId),
    /// The operator's command line.
    Operator,
    /// PASS itself (jobs).
    System,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $name,)* }

        impl Act {
            /// All acts.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word in the table.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Reads the word of the table.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|act| act.as_str() == word)
            }
        }
    };
}

acts! {
    /// An account was opened.
    AccountOpen = "account.open";
    /// An account was closed, and its person erased.
    AccountClose = "account.close";
    /// Somebody signed in.
    SignIn = "session.sign_in";
    /// A card was held out to sign in, and was not accepted.
    SignInRefuse = "session.sign_in_refuse";
    /// A session was ended.
    SignOut = "session.sign_out";
    /// A stronger sign-in was made.
    StepUp = "session.step_up";
    /// A passkey was added.
    PasskeyAdd = "passkey.add";
    /// A passkey was removed.
    PasskeyRemove = "passkey.remove";
    /// A card became a way to sign in.
    CardBind = "card.bind";
    /// A card ceased to be a way to sign in.
    CardRemove = "card.remove";
    /// A card proofing succeeded.
    ProofingSucceed = "proofing.succeed";
    /// A card proofing was refused.
    ProofingRefuse = "proofing.refuse";
    /// The card was read, and the person decided that nothing of it be kept.
    ProofingDrop = "proofing.drop";
    /// The certificate of a proofing lapsed.
    ProofingLapse = "proofing.lapse";
    /// The certificate of a proofing was revoked.
    ProofingRevoke = "proofing.revoke";
    /// A person was added to the family of an account.
    FamilyAdd = "family.add";
    /// Another account was added to those that act for a person, as those learn who act already.
    FamilyJoin = "family.join";
    /// The card of a person that an account acts for was read again, or its next card.
    FamilyReread = "family.reread";
    /// An account ceased to act for a person.
    FamilyRemove = "family.remove";
    /// The person agreed that a face be enrolled, before any camera was on.
    FaceConsent = "face.consent";
    /// A face was enrolled.
    FaceEnrol = "face.enrol";
    /// A face was deleted.
    FaceDelete = "face.delete";
    /// The person turned reception by face on at a facility.
    FaceReceptionOn = "face.reception_on";
    /// The person turned it off, or what it stood on ended.
    FaceReceptionOff = "face.reception_off";
    /// The copies of faces of a facility were made anew under another key.
    FaceRotate = "face.rotate";
    /// A face was switched off after too many failures.
    FaceDisable = "face.disable";
    /// A face was compared.
    FaceCompare = "face.compare";
    /// Consent was given.
    ConsentGive = "consent.give";
    /// Consent was refused.
    ConsentRefuse = "consent.refuse";
    /// Consent was withdrawn.
    ConsentWithdraw = "consent.withdraw";
    /// A used code or refresh token came back; its grant was revoked.
    ReuseDetected = "grant.reuse_detected";
    /// A client revoked a token.
    TokenRevoke = "token.revoke";
    /// A client-credentials token was issued.
    ClientToken = "token.client_credentials";
    /// A facility was registered.
    FacilityNew = "facility.new";
    /// A facility's ceiling was changed.
    CeilingChange = "ceiling.change";
    /// A client was registered.
    ClientNew = "client.new";
    /// A client changed its registration.
    ClientChange = "client.change";
    /// A client was switched off.
    ClientClose = "client.close";
    /// A token to register clients with was made.
    InitialAccessTokenNew = "client.invite";
    /// A client's secret was replaced.
    ClientRotateSecret = "client.rotate_secret";
    /// Somebody was received at a facility, coming or leaving.
    Reception = "reception.visit";
    /// A device was paired with a facility's reception.
    TerminalPair = "terminal.pair";
    /// A code to pair a device was made.
    TerminalInvite = "terminal.invite";
    /// A device got another name.
    TerminalRename = "terminal.rename";
    /// A device was taken out of service.
    TerminalRevoke = "terminal.revoke";
    /// Staff took a call on.
    StaffCallClose = "reception.call_close";
    /// A staff member was invited.
    StaffInvite = "staff.invite";
    /// A staff member signed in.
    StaffSignIn = "staff.sign_in";
    /// A staff member signed out.
    StaffSignOut = "staff.sign_out";
    /// A staff member made a passkey.
    StaffPasskeyAdd = "staff.passkey_add";
    /// A staff member read the audit log.
    AuditRead = "audit.read";
    /// A staff member looked at a client's page.
    ClientRead = "client.read";
    /// A staff member looked at a facility in Manager.
    ManagerRead = "manager.read";
    /// A staff member looked somebody up, for a stated reason that the person reads, too.
    PersonRead = "person.read";
    /// A staff member was refused a page of Manager.
    StaffRefused = "staff.refused";
    /// Signing keys were rotated.
    KeysRotate = "keys.rotate";
    /// A retired signing key was removed before its time.
    KeysRemove = "keys.remove";
}

impl AuditEvent {
    /// The hash that links this event behind `previous`: HMAC-SHA256 over every field under the installation's audit key, so that
    /// who can write the database alone cannot link a forged event.
    pub fn link(&self, key: &Key, previous: &Hash) -> Hash {
        let actor = serde_json::to_vec(&self.actor).expect("an actor is plain data");
        let optional = |id: Option<[u8; 16]>| id.map_or_else(Vec::new, |id| id.to_vec());
        key.mac(&[
            previous.0.as_slice(),
            &self.id.0,
            &self.at.0.to_be_bytes(),
            &actor,
            self.act.as_str().as_bytes(),
            &optional(self.person.map(|id| id.0)),
            &optional(self.facility.map(|id| id.0)),
            &optional(self.client.map(|id| id.0)),
            self.detail.as_bytes(),
        ])
    }
}

/// An audit event with its place in the chain; `None` while it waits for the chainer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainedEvent {
    /// The event.
    pub event: AuditEvent,
    /// Position and hash.
    pub link: Option<Link>,
}

/// A place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Counts from 1 without gaps.
    pub sequence: i64,
    /// The hash of this event and all before it.
    pub hash: Hash,
}

/// A signed statement that the chain stood at a link. Purging stops at one, and what follows stays verifiable from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Where the chain stood.
    pub link: Link,
    /// When.
    pub made_at: Time,
    /// The signing key.
    pub kid: String,
    /// Signature over [`Checkpoint::message`].
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// The bytes to sign: a label, the position, the hash and the time.
    pub fn message(link: &Link, made_at: Time) -> Vec<u8> {
        [b"pass audit checkpoint v1".as_slice(), &link.sequence.to_be_bytes(), &link.hash.0, &made_at.0.to_be_bytes()]
            .concat()
    }
}
