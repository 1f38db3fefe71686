//! A heap dump of Go: what follows its first line, as a profile and as a graph of objects.

use leakdiff::heapdump::{Dump, Held, Options, holders};

/// The first line of a dump.
const MAGIC: &[u8] = b"go1.7 heap dump\n";

/// Reads the dump in both ways, and compares it with itself.
pub fn run(bytes: &[u8]) {
    let dump = [MAGIC, bytes].concat();
    super::load::run(&dump);
    let Ok(parsed) = Dump::parse(&dump) else { return };
    let mut options = Options::default();
    options.least = 1;
    let held = Held::of(&parsed, None, &options).expect("no program can be the wrong one");
    let alone = holders(&parsed, None, &[], &options).expect("no program can be the wrong one");
    let bytes: u64 = alone.all.iter().filter_map(|holder| holder.bytes.last()).sum();
    assert_eq!(alone.reachable, [bytes], "each object has one holder");
    let again = holders(&parsed, None, &[held], &options).expect("no program can be the wrong one");
    assert!(again.all.iter().all(|holder| holder.delta() == 0), "a dump does not grow beside itself");
}
