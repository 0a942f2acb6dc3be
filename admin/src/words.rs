//! Words for things of the domain: claims, groups, strengths, acts.

use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::claims::{Claim, Group};
use pass_core::domain::audit::Act;
use pass_web::kit::words::Arg;
use pass_web::kit::{Lang, Words};

/// What people call a claim.
pub fn claim(lang: Lang, city: &str, claim: Claim) -> Words {
    let name = claim.as_str();
    if let Some(years) = name.strip_prefix("age_over_") {
        return lang.t_args("claim-age_over", &[("years", years.value())]);
    }
    match claim {
        Claim::IsResident => lang.t_args("claim-is_resident", &[("city", city.value())]),
        _ => lang.t(&format!("claim-{}", name.replace("#ja-Kana-JP", "-kana"))),
    }
}

/// What people call a group of claims.
pub fn group(lang: Lang, group: Group) -> Words {
    lang.t(&format!("slip-{}", group.key()))
}

/// Key of a strength's word.
pub const fn acr(acr: Acr) -> &'static str {
    match acr {
        Acr::Zero => "mgr-acr-0",
        Acr::Aal1 => "mgr-acr-aal1",
        Acr::Aal2 => "mgr-acr-aal2",
        Acr::Aal2Face => "mgr-acr-aal2-face",
        Acr::Aal3 => "mgr-acr-aal3",
    }
}

/// What people call an act.
pub fn act(lang: Lang, act: Act) -> Words {
    lang.t(&format!("act-{}", act.as_str().replace('.', "-")))
}

/// All acts with their names.
pub fn acts(lang: Lang) -> Vec<(&'static str, Words)> {
    Act::ALL.iter().map(|one| (one.as_str(), act(lang, *one))).collect()
}

/// To the second in Japan, so that lines of a log compare by eye: `2026-11-24 15:42:10`.
pub fn stamp(time: Time) -> String {
    let (hour, minute) = time.jst_clock();
    format!("{} {hour:02}:{minute:02}:{:02}", time.jst_day().iso(), time.seconds().rem_euclid(60))
}

/// 1,204: people read thousands in groups.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_japanese() {
        assert_eq!(stamp(Time(1_795_502_530_999)), "2026-11-24 15:42:10");
    }

    #[test]
    fn thousands_are_grouped() {
        for (n, want) in [(0, "0"), (999, "999"), (1_204, "1,204"), (1_000_000, "1,000,000"), (-48_213, "-48,213")] {
            assert_eq!(grouped(n), want);
        }
    }

    #[test]
    fn every_act_claim_group_and_strength_has_a_word_in_every_language() {
        for lang in Lang::ALL {
            for one in Act::ALL {
                assert!(!act(lang, *one).text().starts_with('['), "{} in {lang:?}", one.as_str());
            }
            for one in Claim::ALL {
                assert!(!claim(lang, "加賀市", *one).text().starts_with('['), "{one:?} in {lang:?}");
            }
            for one in Group::ALL {
                assert!(!group(lang, one).text().starts_with('['), "{one:?} in {lang:?}");
            }
            for one in Acr::ALL {
                assert!(lang.knows(acr(one)), "{one:?} in {lang:?}");
            }
        }
    }
}
