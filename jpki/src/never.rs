//! The firewall: what is never sent to a card.
