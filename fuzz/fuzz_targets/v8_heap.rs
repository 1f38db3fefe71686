//! See `fuzz/src/v8_heap.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leakdiff_fuzz::v8_heap::run(bytes));
