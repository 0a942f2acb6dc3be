//! Devices at receptions, the codes that pair them, visits, and calls for staff.

use diesel::table;

table! {
    terminals (id) {
        id -> Binary,
        facility_id -> Binary,
        name -> Text,
        public_key -> Binary,
        cookie -> Binary,
        paired_at -> BigInt,
        last_seen_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    pairing_codes (hash) {
        hash -> Binary,
        facility_id -> Binary,
        name -> Text,
        staff_id -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    reception_events (id) {
        id -> Binary,
        facility_id -> Binary,
        person_id -> Binary,
        terminal_id -> Binary,
        direction -> Text,
        way -> Text,
        fee_class -> Text,
        milliseconds -> Integer,
        at -> BigInt,
    }
}

table! {
    staff_calls (id) {
        id -> Binary,
        facility_id -> Binary,
        terminal_id -> Binary,
        reason -> Text,
        raised_at -> BigInt,
        closed_at -> Nullable<BigInt>,
        closed_by -> Nullable<Binary>,
    }
}
