//! Claim values out of records.
