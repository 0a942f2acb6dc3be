//! Certificates of the card, read from hostile bytes.
