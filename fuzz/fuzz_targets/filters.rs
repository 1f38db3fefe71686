//! See `fuzz/src/filters.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::filters::run(bytes));
