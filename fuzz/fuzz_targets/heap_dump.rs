//! See `fuzz/src/heap_dump.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::heap_dump::run(bytes));
