//! See `fuzz/src/suppressions.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::suppressions::run(bytes));
