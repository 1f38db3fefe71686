//! See `fuzz/src/flame.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::flame::run(bytes));
