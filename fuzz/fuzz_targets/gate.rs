//! See `fuzz/src/gate.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::gate::run(bytes));
