//! See `fuzz/src/config.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::config::run(bytes));
