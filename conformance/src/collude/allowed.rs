//! The short list: what may be the same at two facilities, and why.

/// Places whose values may be equal.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    /// Pattern of the place; `*` stands for any run of characters.
    pub places: &'static str,
    /// Why that is right.
    pub reason: &'static str,
}

const CITY: &str = "the city: both may know that she lives there, as thousands do";
const AGE: &str = "an age flag: as many others have it";
const CARD: &str = "the person's own basic four: both facilities may have them, and she agreed twice";
const TYPED: &str = "what the person typed herself: both facilities may have it, and she agreed twice";
const DAY: &str = "a day in Japan: everybody who was proofed that day has it";
const SAME_SECOND: &str = "the moment of this very answer: each facility has a clock of its own";
const SIGN_IN: &str = "the second of the sign-in, which OpenID Connect Core 2 wants where max_age was sent; docs/privacy.md says what it costs";
const CHANGED: &str =
    "OpenID Connect Core 5.1: when the profile changed; docs/privacy.md says what it costs and how to keep it back";
const LIFE: &str = "seconds that are left";
const LENGTH: &str = "the length of an answer: as long as what is listed here";

macro_rules! list {
    ($($reason:ident: $($places:literal),+;)+) => {
        /// The list of PASS.
        pub const LIST: &[Allowed] = &[$($(Allowed { places: $places, reason: $reason }),+),+];
    };
}

list! {
    CITY: "*.residence_prefecture", "*.residence_city", "*.residence_city_code", "*.is_resident";
    AGE: "*.age_over_*", "*.age_band";
    DAY: "*.residence_verified_on", "*.verification.time", "*.check_details.*.time";
    CARD: "*.name", "*.family_name", "*.given_name", "*.birthdate", "*.gender", "*.address.*";
    TYPED: "*.middle_name", "*.nickname", "*.preferred_username", "*.profile", "*.picture", "*.website", "*.zoneinfo",
        "*.locale", "*.email", "*.email_verified", "*.phone_number", "*.phone_number_verified", "*#ja-Kana-JP";
    SAME_SECOND: "*.iat", "*.exp", "*.nbf", "*.headers.date", "*.client_id_issued_at";
    LIFE: "*.expires_in";
    LENGTH: "*.headers.content-length";
    SIGN_IN: "*.auth_time";
    CHANGED: "*.updated_at";
}

/// Why a value at this place may be the same elsewhere.
#[must_use]
pub fn reason(list: &[Allowed], place: &str) -> Option<&'static str> {
    list.iter().find(|one| crate::wild::matches(one.places, place)).map(|one| one.reason)
}
