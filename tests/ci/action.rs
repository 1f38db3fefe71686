//! The GitHub Action: its script is run by bash as a runner runs it, with the inputs and files a runner gives it.

use std::collections::BTreeMap;
use std::process::Command;

use serde_yaml_ng::Value;

use crate::support::{Files, fixture};

fn action() -> Value {
    serde_yaml_ng::from_str(&std::fs::read_to_string("action.yml").expect("action.yml")).expect("YAML")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value:?}"))
}

fn steps(action: &Value) -> &Vec<Value> {
    action["runs"]["steps"].as_sequence().expect("steps")
}

/// What the action left behind.
struct Job {
    code: i32,
    log: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

/// Runs the step `check` in a directory, with these inputs and the defaults of the others.
fn run(files: &Files, inputs: &[(&str, &str)]) -> Job {
    let action = action();
    let step = steps(&action).iter().find(|step| step["id"] == "check").expect("the step");
    assert_eq!(text(step, "shell"), "bash");
    let script = files.write("step.sh", text(step, "run"));
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", &script]).current_dir(files.path(""));
    for (name, value) in step["env"].as_mapping().expect("variables") {
        let value = value.as_str().expect("text").trim();
        let input = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")).expect("an input");
        let given = inputs.iter().find(|(name, _)| *name == input).map(|(_, value)| *value);
        let default = action["inputs"][input]["default"].as_str();
        command.env(name.as_str().expect("a name"), given.or(default).expect("a value"));
    }
    let paths = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"].map(|name| (name, files.write(name, "")));
    let output = command.envs(paths.clone()).env("RUNNER_TEMP", files.path("")).output().expect("bash");
    let [outputs, summary] = paths.map(|(_, path)| std::fs::read_to_string(path).expect("a file"));
    let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Job {
        code: output.status.code().expect("an exit code"),
        log: String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        outputs: outputs.lines().map(|line| pair(line).expect("name=value")).collect(),
        summary,
    }
}

/// Two profiles of the gate's service, with spaces in their names.
fn profiles(files: &Files, new: &str) {
    for (name, from) in [("the base.pb.gz", "base-01"), ("the new.pb.gz", new)] {
        std::fs::copy(fixture(&format!("gate/runs/{from}.pb.gz")), files.path(name)).expect("a profile");
    }
}

const LEAKDIFF: (&str, &str) = ("leakdiff", env!("CARGO_BIN_EXE_leakdiff"));
const PAIR: [(&str, &str); 3] = [LEAKDIFF, ("base", "the base.pb.gz"), ("new", "the new.pb.gz")];

#[test]
fn a_regression_fails_the_step_with_annotations_summary_and_sarif() {
    let files = Files::new();
    profiles(&files, "regressed-01");
    let job = run(&files, &[&PAIR[..], &[("args", "--max-growth=10%\n\n"), ("sarif", "gate.sarif")]].concat());
    assert_eq!((job.code, job.outputs["verdict"].as_str(), job.outputs["exit-code"].as_str()), (1, "fail", "1"));
    assert!(job.log.lines().any(|line| line.starts_with("::error ")), "{}", job.log);
    assert!(job.summary.contains("Place"), "{}", job.summary);
    let sarif = std::fs::read_to_string(files.path("gate.sarif")).expect("SARIF");
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");

    let stop = job.log.lines().position(|line| line.starts_with("::stop-commands::")).expect("the table");
    let token = job.log.lines().nth(stop).and_then(|line| line.strip_prefix("::stop-commands::")).expect("a token");
    assert_eq!(token.len(), 32, "{token}");
    assert_eq!(job.log.lines().filter(|line| *line == format!("::{token}::")).count(), 1, "{}", job.log);
}

#[test]
fn equal_builds_pass_the_step() {
    let files = Files::new();
    profiles(&files, "again-01");
    let job = run(&files, &[&PAIR[..], &[("args", "--max-growth=10%")]].concat());
    assert_eq!((job.code, job.outputs["verdict"].as_str()), (0, "pass"), "{}", job.log);
    assert!(!job.log.contains("::error"), "{}", job.log);
    assert!(!job.summary.is_empty());
}

#[test]
fn the_configuration_is_handed_on_and_errors_are_told() {
    let files = Files::new();
    profiles(&files, "regressed-01");
    files.write("gate.toml", "max-growth = \"10%\"\n");
    let job = run(&files, &[&PAIR[..], &[("config", "gate.toml")]].concat());
    assert_eq!((job.code, job.outputs["verdict"].as_str()), (1, "fail"), "{}", job.log);

    let job = run(&files, &[LEAKDIFF, ("new", "no such.pb.gz"), ("args", "--max-total=1GiB")]);
    assert_eq!((job.code, job.outputs["verdict"].as_str()), (2, "error"), "{}", job.log);
    assert!(job.log.contains("no such.pb.gz"), "{}", job.log);
}

#[test]
fn inputs_are_no_shell() {
    let files = Files::new();
    let hostile = "$(touch made); `touch made`; ' \" touch made";
    let job = run(&files, &[LEAKDIFF, ("base", hostile), ("new", "-o"), ("args", "--max-growth=1; touch made")]);
    assert_eq!((job.code, job.outputs["verdict"].as_str()), (2, "error"), "{}", job.log);
    assert!(std::fs::metadata(files.path("made")).is_err(), "an input was run");
}

#[test]
fn the_action_is_composite_and_uses_what_it_declares() {
    let action = action();
    assert_eq!(text(&action["runs"], "using"), "composite");
    let yaml = std::fs::read_to_string("action.yml").expect("action.yml");
    for (name, input) in action["inputs"].as_mapping().expect("inputs") {
        let name = name.as_str().expect("a name");
        assert!(!text(input, "description").is_empty());
        assert!(input.get("default").is_some() != (input.get("required") == Some(&Value::Bool(true))), "{name}");
        assert!(yaml.contains(&format!("inputs.{name} ")), "{name} is never used");
    }
    for step in steps(&action) {
        assert_eq!(text(step, "shell"), "bash", "a composite action has to say so");
        assert!(!text(step, "run").contains("${{"), "inputs come in as variables: {step:?}");
    }
    for (name, output) in action["outputs"].as_mapping().expect("outputs") {
        let name = name.as_str().expect("a name");
        assert_eq!(text(output, "value"), format!("${{{{ steps.check.outputs.{name} }}}}"));
        assert!(text(&steps(&action)[1], "run").contains(&format!("\"{name}=")), "{name} is never written");
    }
}
