//! Tables of staff, audit and jobs.
#![allow(missing_docs, unreachable_pub)]

use diesel::table;

table! {
    staff (id) {
        id -> Binary,
        name -> Text,
        role -> Text,
        facility_id -> Nullable<Binary>,
        user_handle -> Binary,
        created_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

table! {
    staff_passkeys (lookup) {
        lookup -> Binary,
        staff_id -> Binary,
        public -> Text,
        created_at -> BigInt,
    }
}

table! {
    staff_sessions (hash) {
        hash -> Binary,
        staff_id -> Binary,
        expires_at -> BigInt,
    }
}

table! {
    staff_invites (hash) {
        hash -> Binary,
        staff_id -> Binary,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    audit_events (id) {
        id -> Binary,
        at -> BigInt,
        actor -> Text,
        actor_id -> Nullable<Binary>,
        act -> Text,
        person_id -> Nullable<Binary>,
        facility_id -> Nullable<Binary>,
        client_id -> Nullable<Binary>,
        detail -> Text,
        sequence -> Nullable<BigInt>,
        hash -> Nullable<Binary>,
    }
}

table! {
    audit_checkpoints (sequence) {
        sequence -> BigInt,
        hash -> Binary,
        made_at -> BigInt,
        kid -> Text,
        signature -> Binary,
    }
}

table! {
    outbox (id) {
        id -> Binary,
        sealed -> Binary,
        due_at -> BigInt,
        tries -> Integer,
        sent_at -> Nullable<BigInt>,
    }
}

table! {
    changes (topic) {
        topic -> Text,
        version -> BigInt,
    }
}

table! {
    leases (name) {
        name -> Text,
        holder -> Binary,
        until -> BigInt,
    }
}
