//! Any bytes as one input: they load, or there is an error with the name of the input in it.

#![no_main]

use leakdiff::load::{Input, Limits, load};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { inflated: 1 << 18 };

fuzz_target!(|bytes: &[u8]| {
    let content = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let input = Input { label: "fuzz".to_owned(), path: "fuzz".to_owned(), content };
    match load(vec![input], LIMITS) {
        Ok(loaded) => assert_eq!(loaded.snapshots.len(), 1),
        Err(error) => assert!(error.to_string().starts_with("fuzz: ")),
    }
});
