//! A short stable name for who a row or a suspect is about: the same across builds, machines and Go versions.
//!
//! In: canonical names. Out: 16 hexadecimal digits. Invariant: no address, line, path or closure number takes part, so
//! that the same leak keeps its fingerprint when code around it moves; nor does anything that was concluded, so that it
//! keeps it when more is known of it.

use crate::diff::Key;

use super::signature::codes;

/// The fingerprint of a sequence of canonical names, leaf first: FNV-1a with 64 bits over the names, each followed by a
/// newline.
pub fn fingerprint<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let hash = names.into_iter().fold(OFFSET, |hash, name| step(name.bytes().fold(hash, step), b'\n'));
    format!("{hash:016x}")
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        assert_eq!(fingerprint(["main.F", "main.main"]), fingerprint(["main.F", "main.main"]));
        assert_ne!(fingerprint(["main.F", "main.main"]), fingerprint(["main.Fmain.main"]));
    }
}
