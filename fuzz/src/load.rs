//! Any bytes as one input: they load, or there is an error with the name of the input in it.

use super::inputs::loaded;

/// Loads the bytes.
pub fn run(bytes: &[u8]) {
    match loaded(&[bytes]) {
        Ok(loaded) => assert_eq!(loaded.snapshots.len(), 1),
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with("input0: ") && text.len() > "input0: ".len(), "{text}");
        }
    }
}
