//! What is said is true, and said alike in every format and by every command.

#[path = "../support/mod.rs"]
mod support;

mod load;
mod numbers;
mod options;
mod outputs;
mod rates;
mod table;
mod trend;

use support::{Files, Profile, fixture, run};

/// The formats that a report is read in.
pub const FORMATS: &[&str] = &["table", "json", "markdown", "csv", "html"];

/// The snapshots of a fixture with these numbers.
pub fn heaps(name: &str, numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(|number| fixture(&format!("{name}/heap{number}.pb.gz"))).collect()
}

/// What each format says of these inputs.
pub fn in_all_formats(inputs: &[String], options: &[&str]) -> Vec<(&'static str, String)> {
    let text = |format: &&'static str| {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        (*format, run(&[&inputs[..], options, &["-f", format]].concat()).done().stdout)
    };
    FORMATS.iter().map(text).collect()
}

/// Profiles as files, oldest first, by their paths.
pub fn written(files: &Files, profiles: &[Profile]) -> Vec<String> {
    let write = |(number, profile): (usize, &Profile)| files.write(&format!("{number}.pb"), profile.encode());
    profiles.iter().enumerate().map(write).collect()
}
