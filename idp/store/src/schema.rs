//! The tables as diesel sees them: the same columns in both databases. Those of staff, audit and jobs are in `operation`, those of
//! receptions in `reception`.
#![allow(missing_docs, unreachable_pub)]

mod operation;
mod reception;

pub use operation::*;
pub use reception::*;

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    organisations (id) {
        id -> Binary,
        name -> Text,
        public_body -> Bool,
    }
}

table! {
    facilities (id) {
        id -> Binary,
        organisation_id -> Binary,
        slug -> Text,
        name -> Text,
        department -> Text,
        logo -> Text,
        municipality -> Text,
        sector -> Text,
    }
}

table! {
    ceilings (facility_id, version) {
        facility_id -> Binary,
        version -> Integer,
        purpose -> Text,
        entries -> Text,
        created_at -> BigInt,
    }
}

table! {
    clients (id) {
        id -> Binary,
        public_id -> Text,
        facility_id -> Binary,
        secret -> Nullable<Binary>,
        metadata -> Text,
        flags -> Text,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
        registration -> Nullable<Binary>,
    }
}

table! {
    client_errors (id) {
        id -> Binary,
        client_id -> Binary,
        at -> BigInt,
        endpoint -> Text,
        code -> Text,
        description -> Text,
        reference -> Text,
    }
}

table! {
    initial_access_tokens (hash) {
        hash -> Binary,
        facility_id -> Binary,
        flags -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    persons (id) {
        id -> Binary,
        created_at -> BigInt,
        erased_at -> Nullable<BigInt>,
    }
}

table! {
    accounts (id) {
        id -> Binary,
        person_id -> Binary,
        user_handle -> Binary,
        language -> Text,
        created_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

table! {
    credentials (id) {
        id -> Binary,
        account_id -> Binary,
        kind -> Text,
        lookup -> Binary,
        public -> Binary,
        label -> Text,
        created_at -> BigInt,
        last_used_at_lazy -> Nullable<BigInt>,
    }
}

table! {
    mail_codes (hash) {
        hash -> Binary,
        address -> Binary,
        sealed_address -> Binary,
        code -> Binary,
        account_id -> Nullable<Binary>,
        tries -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    ceremonies (hash) {
        hash -> Binary,
        account_id -> Nullable<Binary>,
        state -> Text,
        expires_at -> BigInt,
    }
}

table! {
    sessions (id) {
        id -> Binary,
        cookie -> Binary,
        account_id -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

table! {
    authentication_events (id) {
        id -> Binary,
        session_id -> Binary,
        method -> Text,
        at -> BigInt,
    }
}

table! {
    sealed_records (person_id) {
        person_id -> Binary,
        sealed -> Binary,
        updated_at -> BigInt,
    }
}

table! {
    declared_records (person_id) {
        person_id -> Binary,
        sealed -> Binary,
        updated_at -> BigInt,
    }
}

table! {
    proofings (id) {
        id -> Binary,
        person_id -> Binary,
        method -> Text,
        checks -> Text,
        keyed_serial -> Binary,
        verified_at -> BigInt,
        valid_until -> BigInt,
        status -> Text,
        keyed_applicant -> Nullable<Binary>,
    }
}

table! {
    relations (id) {
        id -> Binary,
        account_id -> Binary,
        person_id -> Binary,
        kind -> Text,
        from_at -> BigInt,
        until_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

table! {
    card_tickets (hash) {
        hash -> Binary,
        browser -> Binary,
        interaction -> Nullable<Binary>,
        account_id -> Nullable<Binary>,
        statement -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        sealed_proof -> Nullable<Binary>,
        completion -> Nullable<Binary>,
    }
}

table! {
    upstream_visits (hash) {
        hash -> Binary,
        browser -> Binary,
        interaction -> Binary,
        sealed_handle -> Binary,
        account_id -> Nullable<Binary>,
        purpose -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        sealed_told -> Nullable<Binary>,
    }
}

table! {
    interactions (hash) {
        hash -> Binary,
        browser -> Binary,
        errand -> Text,
        progress -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    consents (id) {
        id -> Binary,
        person_id -> Binary,
        account_id -> Binary,
        client_id -> Binary,
        facility_id -> Binary,
        scopes -> Text,
        claims -> Text,
        declined -> Text,
        values_hash -> Binary,
        ceiling_version -> Integer,
        session_id -> Binary,
        remembered_until -> Nullable<BigInt>,
        given_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}

table! {
    grants (id) {
        id -> Binary,
        person_id -> Binary,
        account_id -> Binary,
        client_id -> Binary,
        consent_id -> Binary,
        session_id -> Binary,
        scopes -> Text,
        claims -> Text,
        acr -> Text,
        amr -> Text,
        auth_time -> BigInt,
        auth_time_asked -> Bool,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    codes (hash) {
        hash -> Binary,
        grant_id -> Binary,
        redirect_uri -> Text,
        code_challenge -> Nullable<Text>,
        nonce -> Nullable<Text>,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    access_tokens (hash) {
        hash -> Binary,
        grant_id -> Nullable<Binary>,
        client_id -> Binary,
        scopes -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        front_channel -> Bool,
    }
}

table! {
    refresh_tokens (hash) {
        hash -> Binary,
        grant_id -> Binary,
        generation -> Integer,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    replays (hash) {
        hash -> Binary,
        expires_at -> BigInt,
    }
}

table! {
    signing_keys (id) {
        id -> Binary,
        kid -> Text,
        alg -> Text,
        state -> Text,
        public_jwk -> Text,
        sealed_private -> Binary,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

table! {
    card_turns (slot) {
        slot -> Integer,
        turns -> BigInt,
    }
}

table! {
    face_templates (person_id) {
        person_id -> Binary,
        sealed -> Binary,
        model -> Text,
        threshold_set -> Text,
        consent_version -> Integer,
        consented_at -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        proofing_id -> Nullable<Binary>,
        reminded_at -> Nullable<BigInt>,
    }
}

table! {
    face_epochs (facility_id) {
        facility_id -> Binary,
        epoch -> Integer,
        version -> BigInt,
    }
}

table! {
    face_copies (person_id, facility_id) {
        person_id -> Binary,
        facility_id -> Binary,
        epoch -> Integer,
        model -> Text,
        sealed -> Binary,
        version -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    face_attempts (person_id) {
        person_id -> Binary,
        failures -> Integer,
        last_failure_at -> Nullable<BigInt>,
    }
}

table! {
    pass_keys.person_keys (person_id) {
        person_id -> Binary,
        wrapped -> Binary,
        created_at -> BigInt,
    }
}

joinable!(authentication_events -> sessions (session_id));
joinable!(access_tokens -> grants (grant_id));

allow_tables_to_appear_in_same_query!(access_tokens, grants, consents);
allow_tables_to_appear_in_same_query!(authentication_events, sessions);
allow_tables_to_appear_in_same_query!(face_copies, person_keys);
allow_tables_to_appear_in_same_query!(face_templates, person_keys);
allow_tables_to_appear_in_same_query!(person_keys, persons);
allow_tables_to_appear_in_same_query!(proofings, persons);
