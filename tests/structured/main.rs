//! Real profiles, changed in their structure by chance: whatever comes of it, every command gives a result that its
//! readers take, or one clear error. Which case fails is told by its number, with which it can be repeated alone:
//! `STRUCTURED_FIRST=17 STRUCTURED_CASES=1 cargo test --test structured`; more cases are a longer run.

#[path = "../support/mod.rs"]
mod support;

#[path = "../../fuzz/src/readers.rs"]
mod readers;
#[path = "../verdict/schema.rs"]
mod schema;

mod answers;
mod commands;
mod contract;
mod lines;
mod material;
mod messages;
mod random;
mod repair;
mod strings;

use std::panic::{AssertUnwindSafe, catch_unwind};

use commands::Command;
use leakdiff::cli::Exit;
use material::Material;
use random::Random;
use support::{Files, run_with};

/// A number from the environment, for runs other than the usual one.
fn number(name: &str, usual: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(usual, |text| text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

/// Runs cases, each made from its number alone: files and the commands that read them.
fn cases(usual: u64, commands: impl Fn(&mut Random, &Files) -> Vec<Command>) {
    let first = number("STRUCTURED_FIRST", 0);
    let count = number("STRUCTURED_CASES", usual);
    let (mut answered, mut refused) = (0, 0);
    for case in first..first + count {
        let files = Files::new();
        let run = || commands(&mut Random::new(case), &files).iter().map(hold).collect::<Vec<Exit>>();
        let Ok(exits) = catch_unwind(AssertUnwindSafe(run)) else {
            let kept = material::keep(&files, case);
            panic!(
                "case {case}: see above; its inputs are in {kept}; STRUCTURED_FIRST={case} STRUCTURED_CASES=1 repeats it"
            );
        };
        let errors = exits.iter().filter(|exit| **exit == Exit::Error).count();
        (answered, refused) = (answered + exits.len() - errors, refused + errors);
    }
    // What is refused at the door shows nothing of the rooms behind.
    assert!(2 * answered > refused || count < usual, "{answered} answers, {refused} errors");
}

/// Runs a command, which must keep its promises.
fn hold(command: &Command) -> Exit {
    let args: Vec<&str> = command.args.iter().map(String::as_str).collect();
    let run = || {
        let outcome = run_with(&[], command.width, command.width.map(|_| true), &args);
        answers::hold(command, &outcome);
        outcome.exit
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| panic!("leakdiff {}", args.join(" ")))
}

#[test]
fn profiles_changed_in_structure() {
    let material = Material::profiles();
    cases(300, |random, files| {
        let inputs = material.some(random, files, messages::change);
        commands::of_profiles(random, files, &inputs)
    });
}

#[test]
fn texts_changed_line_by_line() {
    let material = Material::texts();
    cases(300, |random, files| {
        let inputs = material.some(random, files, lines::change);
        commands::of_profiles(random, files, &inputs)
    });
}

/// A text line by line, a profile in its structure.
fn change(random: &mut Random, bytes: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&bytes).is_ok() { lines::change(random, bytes) } else { messages::change(random, bytes) }
}

#[test]
fn goroutines_changed() {
    let material = Material::goroutines();
    cases(200, |random, files| {
        let inputs = material.some(random, files, change);
        commands::of_goroutines(random, &inputs)
    });
}

#[test]
fn baselines_changed_line_by_line() {
    let material = Material::profiles();
    cases(200, |random, files| {
        let inputs = material.some(random, files, |_, bytes| bytes);
        let baseline = commands::baseline(files, &inputs[0]);
        let changed = lines::change(random, std::fs::read(&baseline).expect("a baseline"));
        std::fs::write(&baseline, changed).expect("a file to write");
        commands::against_baseline(random, &inputs, &baseline)
    });
}
