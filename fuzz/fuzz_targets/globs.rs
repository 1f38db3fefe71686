//! See `fuzz/src/globs.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::globs::run(bytes));
