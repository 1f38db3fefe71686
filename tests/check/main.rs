//! The gate: `leakdiff check` through the command line, on profiles built for each question.

#[path = "../support/mod.rs"]
mod support;

mod against;
mod allow;
mod baseline;
mod config;
mod laws;
mod limits;
mod nothing;
mod outputs;
mod runs;
mod suspects;
mod unmatched;
mod verdicts;

use leakdiff::cli::Exit;
use serde_json::Value;
use support::{Files, Outcome, Profile, run};

/// A stack with the number and the size of its objects: `("main.leak;main.main", 10, 4096)`.
pub type Held<'a> = (&'a str, i64, i64);

/// A heap profile in which every allocation was recorded, so that its values are exact.
pub fn exact(stacks: &[Held<'_>]) -> Profile {
    exact_in(Profile::new(), stacks)
}

/// As [`exact`], with what `profile` says of the program.
pub fn exact_in(profile: Profile, stacks: &[Held<'_>]) -> Profile {
    let add = |profile: Profile, (stack, objects, size): &Held<'_>| {
        let (objects, space) = (*objects, objects * size);
        profile.stack(stack, [objects, space, objects, space]).bytes(*size)
    };
    stacks.iter().fold(profile.period("space", "bytes", 1), add)
}

/// The period of [`sampled`] profiles: Go's default.
pub const PERIOD: f64 = 524_288.0;

/// A heap profile with so many samples of blocks of a size, scaled up as Go does. Each number of samples is that of
/// another build, so that two of them are different runs.
pub fn sampled(stacks: &[Held<'_>]) -> Profile {
    let build: i64 = stacks.iter().map(|(_, samples, _)| samples).sum();
    sampled_in(Profile::new().build_id(&format!("build {build}")), stacks)
}

/// As [`sampled`], with what `profile` says of the program.
pub fn sampled_in(profile: Profile, stacks: &[Held<'_>]) -> Profile {
    let add = |profile: Profile, (stack, samples, size): &Held<'_>| {
        let p = -(-*size as f64 / PERIOD).exp_m1();
        let (objects, space) = ((*samples as f64 / p) as i64, (*samples as f64 * *size as f64 / p) as i64);
        profile.stack(stack, [objects, space, objects, space]).bytes(*size)
    };
    stacks.iter().fold(profile, add)
}

/// A profile of counts, as Go's goroutine profile.
pub fn counts(stacks: &[(&str, i64)]) -> Profile {
    let bare = Profile::bare().types(&[("goroutine", "count")]).period("goroutine", "count", 1);
    stacks.iter().fold(bare, |profile, (stack, count)| profile.stack(stack, [*count]))
}

/// Runs the gate on files that are named in `args`, without a configuration but one named there.
pub fn check(args: &[&str]) -> Outcome {
    let none: &[&str] = if args.contains(&"-c") { &[] } else { &["--no-config"] };
    run(&[&["check"], args, none].concat())
}

/// Runs the gate on these profiles, oldest first.
pub fn gate(profiles: &[&Profile], args: &[&str]) -> Outcome {
    let files = Files::new();
    let path = |(index, profile): (usize, &&Profile)| files.write(&format!("{index}.pb"), profile.encode());
    let paths: Vec<String> = profiles.iter().enumerate().map(path).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    check(&[&paths, args].concat())
}

/// As [`gate`], with JSON on standard output.
#[track_caller]
pub fn verdict(profiles: &[&Profile], args: &[&str]) -> Value {
    let outcome = gate(profiles, &[args, &["-f", "json"]].concat());
    assert_ne!(outcome.exit, Exit::Error, "{}", outcome.stderr);
    outcome.json()["verdict"].clone()
}

/// The exit code of the gate on two profiles.
pub fn exit(base: &Profile, new: &Profile, args: &[&str]) -> Exit {
    gate(&[base, new], args).exit
}
