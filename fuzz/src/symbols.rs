//! A binary, or what claims to be one: names change no total, and what is wrong with it stops nothing.

use std::io::Cursor;

use leakdiff::diff::{self, diff};
use leakdiff::load::{Input, Limits, load};
use leakdiff::symbolize::{Opened, symbolize};

/// A profile whose addresses lie in the second page of a binary.
const PROFILE: &str = "heap_v2/1\n t*: 2: 20 [0: 0]\n@ 0x401011 0x401021\n t*: 1: 10 [0: 0]\n@ 0x401031\n t*: 1: 10 [0: 0]\n\
                       MAPPED_LIBRARIES:\n401000-402000 r-xp 00001000 00:00 0 /app/tiny\n";
/// Most bytes of debug information.
const MOST: u64 = 16 << 20;

/// Names the addresses.
pub fn run(bytes: &[u8]) {
    let loaded = || load(vec![Input::new("tiny.heap", PROFILE.as_bytes())], Limits::default());
    let Ok(mut named) = loaded() else { panic!("the profile is right") };
    symbolize(&mut named, MOST, &mut |_| {
        let content = Box::new(Cursor::new(bytes.to_vec()));
        vec![Opened { path: "tiny".to_owned(), content, is_expected: true }]
    });
    let Ok(diff) = diff(named, &diff::Options::default()) else { panic!("it can be compared") };
    assert_eq!(diff.totals(diff.metric), [20]);
}
