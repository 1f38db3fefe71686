//! See `fuzz/src/baseline.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::baseline::run(bytes));
