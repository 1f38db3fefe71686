//! V8's sampling heap profile: what follows its beginning.

/// Loads the text.
pub fn run(bytes: &[u8]) {
    super::load::run(&[br#"{"head":{"callFrame":"#.as_slice(), bytes].concat());
}
