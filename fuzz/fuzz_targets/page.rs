//! See `fuzz/src/page.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::page::run(bytes));
