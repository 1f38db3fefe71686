//! See `fuzz/src/symbols.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::symbols::run(bytes));
