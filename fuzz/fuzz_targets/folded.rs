//! See `fuzz/src/folded.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::folded::run(bytes));
