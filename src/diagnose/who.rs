//! Who a suspect is about, by a name that stays.
//!
//! In: the keys of frames. Out: a [`Who`]. Invariant: nothing that was concluded takes part, so that the fingerprint stays
//! when more is known of it.

use crate::diff::Key;
use crate::model::fingerprint;

use super::signature::codes;

/// Who a suspect is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The fingerprint of the owner or, where there is none, of the frames of the heaviest stack.
    pub fingerprint: String,
    /// The names that version 0.1 made a fingerprint of, each after the code of a signature.
    names_0_1: Vec<Vec<String>>,
}

impl Who {
    /// The one that these frames are, leaf first.
    pub fn of<'a>(frames: impl Iterator<Item = &'a Key>) -> Self {
        let names = frames.map(|key| (key.canonical.as_str(), key.canonical_0_1().to_owned()));
        let (names, older): (Vec<&str>, Vec<String>) = names.unzip();
        Self { fingerprint: fingerprint(names), names_0_1: vec![older] }
    }

    /// Of something else than what is kept, such as what was allocated and freed again.
    pub fn of_kind(kind: &str, owner: &str) -> Self {
        Self { fingerprint: fingerprint([kind, owner]), names_0_1: Vec::new() }
    }

    /// Says whom version 0.1 named once goroutines were known.
    pub fn was_also<'a>(&mut self, frames: impl Iterator<Item = &'a Key>) {
        self.names_0_1.push(frames.map(|key| key.canonical_0_1().to_owned()).collect());
    }

    /// Whether version 0.1 gave it this fingerprint, whatever it took it for.
    pub fn was_called(&self, wanted: &str) -> bool {
        let is_wanted = |code: &str, names: &[String]| {
            fingerprint([code].into_iter().chain(names.iter().map(String::as_str))) == wanted
        };
        self.names_0_1.iter().any(|names| codes().any(|code| is_wanted(code, names)))
    }
}
