//! Real cards through PC/SC.
