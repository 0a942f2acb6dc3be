//! Command and response APDUs, as far as the session needs them.
