//! Two facilities that compare notes.

use pass_conformance::collude;

#[test]
fn cap_01_two_facilities_have_nothing_in_common_but_what_is_listed() {
    for (name, common) in collude::pairs(false).expect("the run") {
        assert!(common.links.is_empty(), "{name}: {:?}", common.links);
        let listed: Vec<&String> = common.allowed.keys().collect();
        assert!(listed.len() > 3, "{name}: hardly anything was compared: {listed:?}");
    }
}

#[test]
fn cap_01_a_number_that_both_see_is_found() {
    for (name, common) in collude::pairs(true).expect("the run") {
        assert_eq!(Vec::from_iter(common.links), ["the same value: userinfo.body.device"], "{name}");
    }
}
