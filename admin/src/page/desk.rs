//! The desk: what stands around every page behind the sign-in.

use crate::access::{Rank, may};

/// Who works here, at which facility, in which room.
#[derive(Clone)]
pub struct Desk {
    /// Token of the forms.
    pub csrf: String,
    /// The staff member's name.
    pub staff: String,
    /// As what.
    pub rank: Rank,
    /// The facility's registered name, in the language of the page.
    pub facility: String,
    /// The facilities a city administrator may switch to.
    pub choices: Vec<Choice>,
    /// The room of the page.
    pub room: Room,
}

/// A facility one can switch to.
#[derive(Clone)]
pub struct Choice {
    /// Its short name.
    pub slug: String,
    /// Its registered name.
    pub name: String,
    /// Whether one is there.
    pub here: bool,
}

/// A room of Manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Today.
    Home,
    /// The ceiling of claims.
    Facility,
    /// Programs of the facility.
    Clients,
    /// Who came and left.
    Visits,
    /// Devices at the reception.
    Terminals,
    /// One person, looked up for a reason.
    People,
    /// The audit log.
    Audit,
    /// The keys that sign tokens.
    Keys,
}

impl Room {
    const ALL: [Self; 8] = [
        Self::Home,
        Self::Visits,
        Self::Terminals,
        Self::Facility,
        Self::Clients,
        Self::People,
        Self::Audit,
        Self::Keys,
    ];

    /// Its address.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Home => "/manager",
            Self::Facility => "/manager/facility",
            Self::Clients => "/manager/clients",
            Self::Visits => "/manager/visits",
            Self::Terminals => "/manager/terminals",
            Self::People => "/manager/people",
            Self::Audit => "/manager/audit",
            Self::Keys => "/manager/keys",
        }
    }

    /// Key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Home => "mgr-room-home",
            Self::Facility => "mgr-room-facility",
            Self::Clients => "mgr-room-clients",
            Self::Visits => "mgr-room-visits",
            Self::Terminals => "mgr-room-terminals",
            Self::People => "mgr-room-people",
            Self::Audit => "mgr-room-audit",
            Self::Keys => "mgr-room-keys",
        }
    }
}

impl Desk {
    /// The rooms this staff member may enter.
    pub fn rooms(&self) -> impl Iterator<Item = Room> {
        Room::ALL.into_iter().filter(|room| may(self.rank, "GET", room.href()))
    }
}
