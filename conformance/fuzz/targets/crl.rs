//! libFuzzer's entry to `crl` of `jpki/tests/fuzz/targets`.
#![no_main]

#[path = "../../../jpki/tests/fuzz/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::crl::run(data));
