//! Pictures as they were last looked at, without script and style. `LEAKDIFF_BLESS=1 cargo test --test flame` writes
//! them anew; read the diff, and open them.

use std::path::Path;

use crate::support::{fixture, run};
use crate::{before_and_after, flame, hostile};

#[track_caller]
fn assert_golden(name: &str, svg: &str) {
    let svg = without("<style>", "</style>", &without("<script>", "</script>", svg));
    assert_file(&format!("tests/flame/golden/{name}"), &svg);
}

#[track_caller]
fn assert_file(name: &str, svg: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("LEAKDIFF_BLESS").is_some() {
        std::fs::write(&path, svg).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = golden.lines().zip(svg.lines()).find(|(a, b)| a != b);
    assert!(golden == svg, "{name} is not as it was (LEAKDIFF_BLESS=1 writes it anew); first: {differing:#?}");
}

fn without(start: &str, end: &str, text: &str) -> String {
    let (head, rest) = text.split_once(start).expect("a start");
    let (_, tail) = rest.split_once(end).expect("an end");
    format!("{head}{tail}")
}

#[test]
fn new_gone_grown_shrunk_and_unchanged() {
    let [old, new] = before_and_after();
    for width in ["growth", "max"] {
        assert_golden(&format!("changes-{width}.svg"), &flame([&old, &new], &["--width", width]));
    }
    assert_golden("changes-inverted.svg", &flame([&old, &new], &["--inverted"]));
    assert_golden("unchanged.svg", &flame([&old, &old], &[]));
}

#[test]
fn hostile_names() {
    let names = hostile::HOSTILE;
    let profiles = [hostile::profile(names, 1 << 10), hostile::profile(names, 1 << 12)];
    assert_golden("hostile.svg", &flame([&profiles[0], &profiles[1]], &[]));
}

#[test]
fn real_services() {
    for (scenario, base, new) in [("http-body", 1, 3), ("sawtooth", 2, 3)] {
        let [before, after] = [("before", base), ("after", new)]
            .map(|(label, number)| format!("{label}={}", fixture(&format!("{scenario}/heap{number}.pb.gz"))));
        assert_golden(&format!("{scenario}.svg"), &run(&["flame", &before, &after]).done().stdout);
    }
}

#[test]
fn the_picture_of_the_readme_is_what_the_program_draws() {
    let [before, after] =
        [1, 3].map(|number| format!("heap{number}.out={}", fixture(&format!("http-body/heap{number}.pb.gz"))));
    assert_file("docs/flame.svg", &run(&["flame", &before, &after]).done().stdout);
}
