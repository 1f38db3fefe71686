//! A short stable name for who a row or a suspect is about: the same across builds, machines and Go versions.
//!
//! In: canonical names. Out: 16 hexadecimal digits. Invariant: no address, line, path or closure number takes part, so
//! that the same leak keeps its fingerprint when code around it moves.

/// The fingerprint of a sequence of canonical names, leaf first: FNV-1a with 64 bits over the names, each followed by a
/// newline.
pub fn fingerprint<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let hash = names.into_iter().fold(OFFSET, |hash, name| step(name.bytes().fold(hash, step), b'\n'));
    format!("{hash:016x}")
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
