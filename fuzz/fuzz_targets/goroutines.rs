//! See `fuzz/src/goroutines.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::goroutines::run(bytes));
