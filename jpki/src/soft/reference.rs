//! The secrets of a soft card and how many tries each has left.

use std::collections::BTreeMap;

/// Which secret guards something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guard {
    /// 利用者証明用 PIN.
    Auth,
    /// 署名用 password.
    Sign,
    /// 券面事項入力補助 PIN.
    TextPin,
    /// 照合番号B of the text application.
    TextB,
    /// A reference that leaves the factory blocked; nobody knows what it is for.
    TextUnused,
    /// Birth date, key to the age record.
    Birth,
    /// 照合番号B of the surface application.
    SurfaceB,
}

/// One secret.
pub(super) struct Reference {
    value: Vec<u8>,
    left: u8,
    full: u8,
}

/// What a VERIFY came to.
pub(super) enum Try {
    Right,
    Wrong(u8),
    Blocked,
}

impl Reference {
    pub(super) fn new(value: impl Into<Vec<u8>>, full: u8) -> Self {
        Self { value: value.into(), left: full, full }
    }

    pub(super) fn blocked(mut self) -> Self {
        self.left = 0;
        self
    }

    pub(super) fn left(&self) -> u8 {
        self.left
    }

    pub(super) fn attempt(&mut self, given: &[u8]) -> Try {
        if self.left == 0 {
            return Try::Blocked;
        }
        if given == self.value.as_slice() {
            self.left = self.full;
            return Try::Right;
        }
        self.left -= 1;
        Try::Wrong(self.left)
    }

    pub(super) fn change(&mut self, value: &[u8]) {
        self.value = value.to_vec();
    }
}

pub(super) type References = BTreeMap<Guard, Reference>;
