//! Who holds what: heap dumps of Go, recorded and made by hand.

#[path = "../support/mod.rs"]
mod support;

mod beside;
mod dump;
mod graph;
mod hostile;
mod live;
mod recorded;
mod types;

use serde_json::Value;

use support::fixture;

/// The services whose dumps are recorded, and what the holder of what grew is called: one of these, as they were written down
/// from the source. See `fixtures/remake-dumps`.
pub fn services() -> Vec<(String, Vec<String>)> {
    let folder = fixture("dumps");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("recorded dumps")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    let holder = |name: &String| {
        let text = std::fs::read_to_string(format!("{folder}/{name}/truth.json")).expect("a truth");
        let truth: Value = serde_json::from_str(&text).expect("JSON");
        let parts = truth["holder"].as_array().expect("a list").iter();
        parts.map(|part| part.as_str().expect("text").to_owned()).collect()
    };
    names.into_iter().map(|name| (name.clone(), holder(&name))).collect()
}

/// A file of a recorded service.
pub fn of(service: &str, file: &str) -> String {
    fixture(&format!("dumps/{service}/{file}"))
}

/// Whether one of the parts stands in a text.
pub fn has_any(text: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| text.contains(part.as_str()))
}
