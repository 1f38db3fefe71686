//! See `fuzz/src/memray.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::memray::run(bytes));
