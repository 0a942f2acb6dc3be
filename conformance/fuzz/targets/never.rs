//! libFuzzer's entry to `never` of `jpki/tests/fuzz/targets`.
#![no_main]

#[path = "../../../jpki/tests/fuzz/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::never::run(data));
