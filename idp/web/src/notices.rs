//! Logout notices (OpenID Connect Back-Channel Logout 2.5): written in the transaction that ends a session or withdraws a
//! consent, so that no end is without its notices and no notice without an end. The outbox job delivers them.

use crate::app::App;
use crate::directory::Directory;
use pass_core::domain::grant::Grant;
use pass_core::domain::outbox::{LogoutNotice, Message};
use pass_core::fault::Outcome;
use pass_core::id::{ClientId, PersonId, SessionId};
use pass_core::oidc::logout_token::{Addressee, Names};
use pass_core::seal::Key;
use pass_core::{Entropy, Time};
use pass_store::Tx;
use std::sync::Arc;
use std::time::Duration;

/// What writing notices needs, taken along into a transaction. Its randomness is drawn inside: nothing of it leaves but by
/// the rows, so a closure that runs again does no harm.
pub struct Notices {
    directory: Arc<Directory>,
    names: Names,
    outbox: Key,
    entropy: Arc<dyn Entropy>,
    now: Time,
}

impl Notices {
    /// At this time.
    pub fn at(app: &App, now: Time) -> Self {
        Self {
            directory: app.directory(),
            names: app.keys.names(),
            outbox: app.keys.outbox.clone(),
            entropy: app.entropy.clone(),
            now,
        }
    }

    /// Ends a session and tells the clients that have a live grant of it. `false`: it had ended, or is unknown.
    pub fn end_session(&self, tx: &mut Tx, session: SessionId) -> Outcome<bool> {
        if !pass_store::sessions::end(tx, session, self.now)? {
            return Ok(false);
        }
        if self.directory.tells_anybody() {
            let grants = pass_store::grants::find_all_live_in(tx, session)?;
            self.write(tx, self.of_grants(&grants))?;
        }
        Ok(true)
    }

    /// Tells a client that nothing of a person is shared with it any more; `grants` are those that were live until now.
    pub fn withdrawn(&self, tx: &mut Tx, client: ClientId, person: PersonId, grants: &[Grant]) -> Outcome<()> {
        self.write(tx, self.of_client(client, person, grants))
    }

    fn of_client(&self, client: ClientId, person: PersonId, grants: &[Grant]) -> Vec<LogoutNotice> {
        let mut notices = self.of_grants(grants);
        // Without a grant no session is known. 2.4: who asked to be told of sessions cannot use a token without `sid`.
        if notices.is_empty()
            && let Some(to) =
                self.addressee(client).filter(|to| !to.client.metadata.backchannel_logout_session_required)
        {
            notices.extend(self.names.of_person(to, person, &*self.entropy));
        }
        notices
    }

    /// Tells a client that something it was given about a person counts no longer. Its session is asked to end, and the next
    /// sign-in gives what still stands. Within an hour, each client at a time of its own: two that hear of somebody in the
    /// same second could find out that they speak of one person.
    pub fn outdated(&self, tx: &mut Tx, client: ClientId, person: PersonId, grants: &[Grant]) -> Outcome<()> {
        let mut minutes = [0];
        self.entropy.fill(&mut minutes);
        let wait = Duration::from_secs(u64::from(minutes[0] % 60) * 60);
        for notice in self.of_client(client, person, grants) {
            let mut item = Message::Logout(notice).seal(&self.outbox, &*self.entropy, self.now)?;
            item.due_at = self.now + wait;
            pass_store::outbox::insert(tx, &item)?;
        }
        Ok(())
    }

    fn of_grants(&self, grants: &[Grant]) -> Vec<LogoutNotice> {
        self.names.of_grants(grants, |client| self.addressee(client), &*self.entropy)
    }

    fn addressee(&self, client: ClientId) -> Option<Addressee<'_>> {
        let party = self.directory.party_of(client).ok()?;
        Some(Addressee { client: &party.client, sector: &party.facility.sector })
    }

    fn write(&self, tx: &mut Tx, notices: Vec<LogoutNotice>) -> Outcome<()> {
        notices.into_iter().try_for_each(|notice| {
            let item = Message::Logout(notice).seal(&self.outbox, &*self.entropy, self.now)?;
            pass_store::outbox::insert(tx, &item)
        })
    }
}
