//! See `fuzz/src/resident.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::resident::run(bytes));
