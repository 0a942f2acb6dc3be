//! My Number Card (JPKI): PC/SC reader, APDUs, certificates, revocation, and an honest software card.
