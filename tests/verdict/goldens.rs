//! Every format of every verdict as it was last looked at. `LEAKDIFF_BLESS=1 cargo test --test verdict` writes them
//! anew; read the diff.

use std::path::Path;

use leakdiff::report::{FORMATS, Outcome};

use crate::{render, world};

#[test]
fn every_format_of_every_verdict() {
    let worlds = [
        ("failed", world::failed()),
        ("passed", world::passed()),
        ("inconclusive", world::inconclusive(Outcome::Inconclusive)),
        ("inconclusive-passed", world::inconclusive(Outcome::Pass)),
    ];
    let formats = FORMATS.iter().filter(|format| format.needs_verdict).map(|format| format.name);
    let mut differing = Vec::new();
    for format in formats.chain(["markdown", "json"]) {
        for (name, report) in &worlds {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/verdict/golden/{name}.{format}"));
            let now = render(format, report);
            if std::env::var_os("LEAKDIFF_BLESS").is_some() {
                std::fs::write(&path, &now).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            }
            let golden = std::fs::read_to_string(&path).unwrap_or_default();
            if golden != now {
                let first = golden.lines().zip(now.lines()).find(|(a, b)| a != b);
                differing.push(format!("{name}.{format}: {first:#?}"));
            }
        }
    }
    assert!(differing.is_empty(), "not as they were (LEAKDIFF_BLESS=1 writes them anew):\n{}", differing.join("\n"));
}
