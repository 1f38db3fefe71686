//! `-o` as often as wanted, and `--max-inflated`, by every command that reads profiles.

use std::fs;

use leakdiff::cli::Exit;

use crate::heaps;
use crate::support::{Files, fixture, run};

/// The ending of a file, and how what it holds begins.
type Output = (&'static str, &'static str);

/// Every command that reads profiles, with what it needs, and outputs that it can write.
fn commands() -> Vec<(Vec<String>, Vec<Output>)> {
    let heaps = heaps("http-body", &[1, 3]);
    let goroutines = [1, 3].map(|number| fixture(&format!("http-body/goroutine{number}.pb.gz")));
    let command = |words: &[&str], inputs: &[String]| {
        words.iter().map(|word| (*word).to_owned()).chain(inputs.iter().cloned()).collect::<Vec<_>>()
    };
    let reports = vec![("json", "{"), ("md", "**"), ("html", "<!DOCTYPE html>"), ("svg", "<?xml")];
    vec![
        (command(&[], &heaps), reports.clone()),
        (command(&["diff"], &heaps), reports.clone()),
        (command(&["report"], &heaps), reports.clone()),
        (command(&["flame"], &heaps), vec![("svg", "<?xml"), ("folded", ""), ("pb.gz", "\u{1f}")]),
        (command(&["list", "Price"], &heaps), vec![("txt", "HEAP"), ("1.txt", "HEAP"), ("2.txt", "HEAP")]),
        (command(&["goroutines"], &goroutines), vec![("json", "{"), ("md", "**"), ("txt", "GOROUTINES")]),
        (command(&["check", "--no-config", "--max-growth", "1GiB"], &heaps), reports),
    ]
}

fn words(command: &[String]) -> Vec<&str> {
    command.iter().map(String::as_str).collect()
}

#[test]
fn every_command_writes_as_many_files_as_are_named() {
    for (command, outputs) in commands() {
        let files = Files::new();
        let paths: Vec<String> = outputs.iter().map(|(ending, _)| files.path(&format!("leak.{ending}"))).collect();
        let options = paths.iter().flat_map(|path| ["-o", path]);
        let args: Vec<&str> = words(&command).into_iter().chain(options).collect();
        run(&args).done();
        for (path, (_, beginning)) in paths.iter().zip(&outputs) {
            let content =
                String::from_utf8_lossy(&fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))).into_owned();
            let is_known = content.starts_with(beginning) || content.contains(beginning);
            assert!(!content.is_empty() && is_known, "{command:?} {path}: {}", &content[..content.len().min(80)]);
        }
    }
}

#[test]
fn several_files_are_each_what_they_are_alone() {
    let heaps = heaps("http-body", &[1, 3]);
    let files = Files::new();
    let [together, alone] = ["together", "alone"]
        .map(|name| ["md", "json", "csv", "txt", "folded"].map(|ending| files.path(&format!("{name}.{ending}"))));
    let inputs = [&*heaps[0], &heaps[1]];
    let options: Vec<&str> = together.iter().flat_map(|path| ["-o", path]).collect();
    assert_eq!(run(&[&inputs[..], &options].concat()).done().stdout, "", "files were asked for, nothing else");
    for (together, alone) in together.iter().zip(&alone) {
        run(&[&inputs[..], &["-o", alone]].concat()).done();
        assert_eq!(fs::read(together).expect("a file"), fs::read(alone).expect("a file"), "{together}");
    }
}

#[test]
fn a_format_may_stand_before_the_file_everywhere() {
    for (command, outputs) in commands() {
        let files = Files::new();
        let name = match outputs[1].0 {
            "md" => "markdown",
            "folded" => "folded",
            _ => "table",
        };
        let path = files.path("named");
        run(&[&words(&command)[..], &["-o", &format!("{name}={path}")]].concat()).done();
        assert!(!fs::read(&path).expect("a file").is_empty(), "{command:?}");
        let nameless = files.path("nameless");
        let refused = run(&[&words(&command)[..], &["-o", &nameless]].concat());
        refused.failed(&["its ending names no format", "-o FORMAT=FILE"]);
    }
}

#[test]
fn no_output_destroys_an_input_or_another_output() {
    for (command, outputs) in commands() {
        let files = Files::new();
        let output = files.path(&format!("leak.{}", outputs[0].0));
        let twice = run(&[&words(&command)[..], &["-o", &output, "-o", &output]].concat());
        twice.failed(&["is to be written twice"]);
        let input = command.last().expect("an input");
        let copy = files.write(&format!("heap.{}", outputs[0].0), fs::read(input).expect("an input"));
        let args: Vec<&str> =
            command[..command.len() - 1].iter().map(String::as_str).chain([&*copy, "-o", &copy]).collect();
        run(&args).failed(&["is an input"]);
    }
}

#[test]
fn every_command_takes_the_limit_of_memory() {
    for (command, _) in commands() {
        let refused = run(&[&words(&command)[..], &["--max-inflated", "1KiB"]].concat());
        assert_eq!(refused.exit, Exit::Error, "{command:?}: {}", refused.stdout);
        assert!(refused.stderr.contains("--max-inflated"), "{command:?}: {}", refused.stderr);
        run(&[&words(&command)[..], &["--max-inflated", "64MiB"]].concat()).done();
    }
    // Also where options stand before the command.
    let heaps = heaps("http-body", &[1, 3]);
    run(&["diff", "--max-inflated", "64MiB", &heaps[0], &heaps[1]]).done();
}
