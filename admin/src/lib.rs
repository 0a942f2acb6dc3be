//! PASS Manager: the consoles of facility and city, a library of routes mounted by pass.
