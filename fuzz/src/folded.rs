//! Folded stacks: lines below one that is right.

/// Loads the text.
pub fn run(bytes: &[u8]) {
    super::load::run(&[b"main;store.Put 4096\n", bytes].concat());
}
