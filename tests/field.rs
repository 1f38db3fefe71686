//! Cases from the field: what people reported or published about heap profiles, made anew as small inputs. Each folder of
//! `fixtures/field` has the inputs, the arguments and what the right answer says (`case.json`), beside the kind of trouble
//! that it stands for; of each kind there are two or more.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use leakdiff::cli::Exit;
use regex::Regex;
use serde_json::Value;
use support::{Outcome, run};

/// One folder of `fixtures/field`.
struct Case {
    folder: PathBuf,
    description: Value,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/field");
    let folders = std::fs::read_dir(root).expect("fixtures/field").map(|entry| entry.expect("a folder").path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    let case = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("case.json")).expect("a case.json");
        let description = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Case { folder, description }
    };
    folders.into_iter().map(case).collect()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

impl Case {
    fn kind(&self) -> &str {
        self.description["kind"].as_str().expect("a kind")
    }

    /// The answer to its arguments and `more`, the inputs being those of its folder.
    fn answer(&self, more: &[&str]) -> Outcome {
        let resolve = |argument: &str| {
            let path = self.folder.join(argument);
            if path.exists() { path.display().to_string() } else { argument.to_owned() }
        };
        let arguments: Vec<String> =
            texts(&self.description["args"]).chain(more.iter().copied()).map(resolve).collect();
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What an answer says, the names of the inputs left out: they are no answer.
    fn said(&self, answer: &Outcome) -> String {
        let names = std::fs::read_dir(&self.folder).expect("a folder").map(|entry| entry.expect("a file").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let folder = format!("{}/", self.folder.display());
        let both = format!("{}{}", answer.stdout, answer.stderr).replace(&folder, "");
        names.iter().fold(both, |said, name| said.replace(name.as_str(), "INPUT"))
    }

    /// What is wrong with the answer; `None` when nothing is.
    fn wrong(&self) -> Option<String> {
        let expect = &self.description["expect"];
        let answer = self.answer(&[]);
        let exit = exit_code(answer.exit);
        let exits: Vec<i64> = match &expect["exit"] {
            Value::Array(exits) => exits.iter().filter_map(Value::as_i64).collect(),
            exit => vec![exit.as_i64().unwrap_or(0)],
        };
        if !exits.contains(&exit) {
            return Some(format!("exit {exit}, not {exits:?}: {}{}", answer.stdout, answer.stderr));
        }
        let lacking = texts(&expect["stdout_contains"]).find(|text| !answer.stdout.contains(text));
        let lacking = lacking.or_else(|| texts(&expect["stderr_contains"]).find(|text| !answer.stderr.contains(text)));
        if let Some(text) = lacking {
            return Some(format!("{text:?} is not said: {}{}", answer.stdout, answer.stderr));
        }
        if let Some(text) = texts(&expect["stdout_lacks"]).find(|text| answer.stdout.contains(text)) {
            return Some(format!("{text:?} is said: {}", answer.stdout));
        }
        let said = self.said(&answer);
        if let Some(pattern) = expect["output_matches"].as_str()
            && !Regex::new(pattern).expect("a pattern").is_match(&said)
        {
            return Some(format!("nothing like /{pattern}/: {said}"));
        }
        let json = expect.get("json")?;
        wrong_json(json, &self.answer(&["-f", "json", "-n", "0"]).json(), &answer.stdout)
    }
}

fn exit_code(exit: Exit) -> i64 {
    match exit {
        Exit::Done => 0,
        Exit::Failed => 1,
        Exit::Error => 2,
        Exit::Inconclusive => 3,
    }
}

fn row_fits(row: &Value, want: &Value) -> bool {
    let is_delta = want.get("delta").is_none_or(|delta| row["flat"]["delta"] == *delta);
    is_delta && row.to_string().contains(want["text"].as_str().unwrap_or_default())
}

/// What of the JSON is not as expected.
fn wrong_json(want: &Value, got: &Value, stdout: &str) -> Option<String> {
    let rows = got["rows"].as_array().expect("rows");
    let suspects = got["suspects"].to_string();
    let grown = rows.iter().filter(|row| row["flat"]["delta"].as_i64() > Some(0)).count();
    let want_else = want["or_stdout_lacks"].as_str();
    for (key, want) in want.as_object().expect("an object") {
        let text = want.as_str().unwrap_or_default();
        let is_right = match key.as_str() {
            "metric" => texts(want).any(|metric| got["metric"]["name"] == metric),
            "total_delta" => got["total"]["delta"] == *want,
            "any_row" => rows.iter().any(|row| row_fits(row, want)),
            "first_row" => rows.first().is_some_and(|row| row["name"].to_string().contains(text)),
            "no_status" => !rows.iter().any(|row| row["status"] == *want),
            "row_count_grown" => want.as_u64() == Some(grown as u64),
            "suspects_have" => suspects.contains(text) || want_else.is_some_and(|text| !stdout.contains(text)),
            "or_stdout_lacks" => true,
            "suspects_lack" => !suspects.contains(text),
            "suspects_empty" => got["suspects"] == Value::Array(Vec::new()),
            "warning" => got["warnings"].as_array().expect("warnings").iter().any(|warning| warning["code"] == *want),
            other => panic!("no such expectation: {other}"),
        };
        if !is_right {
            return Some(format!("{key} {want}: {got:#}"));
        }
    }
    None
}

#[test]
fn every_case_is_answered_as_it_should_be() {
    let judged = cases().into_iter().map(|case| (case.wrong(), case));
    let missed: Vec<String> =
        judged.filter_map(|(wrong, case)| Some(format!("{}: {}", case.folder.display(), wrong?))).collect();
    assert!(missed.is_empty(), "{} are missed\n{}", missed.len(), missed.join("\n\n"));
}

#[test]
fn every_kind_has_a_second_case() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases() {
        *kinds.entry(case.kind().to_owned()).or_default() += 1;
    }
    let single: Vec<&String> = kinds.iter().filter(|(_, cases)| **cases < 2).map(|(kind, _)| kind).collect();
    assert!(single.is_empty(), "{single:?}");
}
