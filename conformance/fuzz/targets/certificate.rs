//! libFuzzer's entry to `certificate` of `jpki/tests/fuzz/targets`.
#![no_main]

#[path = "../../../jpki/tests/fuzz/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::certificate::run(data));
