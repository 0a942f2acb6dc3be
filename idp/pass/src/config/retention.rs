//! `[retention]`: the periods of years, set by law.

use pass_core::Fault;
use pass_store::retention::Periods;
use serde::Deserialize;
use std::time::Duration;

/// How long evidence stays after its end; what is shorter is not the operator's to set (`docs/privacy.md`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSection {
    /// Years a consent and a superseded proofing are kept after their end.
    pub consent_years: u8,
    /// Years a visit at a reception is kept.
    pub reception_years: u8,
    /// Years an audit event is kept.
    pub audit_years: u8,
}

const YEAR: Duration = Duration::from_hours(24 * 365);

impl Default for RetentionSection {
    fn default() -> Self {
        Self { consent_years: 5, reception_years: 5, audit_years: 7 }
    }
}

impl RetentionSection {
    /// Evidence kept for no time at all is no evidence.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if [self.consent_years, self.reception_years, self.audit_years].contains(&0) {
            return Err(Fault::new("the years of [retention] must be at least 1"));
        }
        Ok(())
    }

    /// For the job that removes old rows.
    #[must_use]
    pub fn periods(&self) -> Periods {
        let years = |count: u8| YEAR.saturating_mul(count.into());
        Periods {
            consent: years(self.consent_years),
            reception: years(self.reception_years),
            audit: years(self.audit_years),
            ..Periods::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_what_the_store_says() {
        assert_eq!(RetentionSection::default().periods(), Periods::default());
    }

    #[test]
    fn years_are_kept_and_none_is_refused() {
        let section = RetentionSection { consent_years: 10, reception_years: 2, audit_years: 1 };
        assert_eq!((section.periods().consent, section.periods().reception), (YEAR * 10, YEAR * 2));
        assert!(RetentionSection { reception_years: 0, ..section }.check().is_err());
        assert!(RetentionSection { audit_years: 0, ..section }.check().is_err());
    }
}
