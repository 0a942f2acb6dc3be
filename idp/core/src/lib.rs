//! The domain and the protocol of PASS, pure: no IO, no clock, no database, no web.
