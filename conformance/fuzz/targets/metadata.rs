//! libFuzzer's entry to `metadata` of `idp/core/tests/fuzz/targets`.
#![no_main]

#[path = "../../../idp/core/tests/fuzz/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::metadata::run(data));
