//! See `fuzz/src/diff.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::diff::run(bytes));
