//! The blocks of docs/ci.md: each is read as what it is, and what it names exists.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::support::{Files, run};

/// A block of code.
pub struct Block {
    pub language: String,
    pub text: String,
}

/// The blocks of docs/ci.md in order.
pub fn blocks() -> Vec<Block> {
    let page = std::fs::read_to_string("docs/ci.md").expect("docs/ci.md");
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), is_open) {
            (Some(language), false) => {
                blocks.push(Block { language: language.to_owned(), text: String::new() });
                is_open = true;
            }
            (Some(_), true) => is_open = false,
            (None, true) => blocks.last_mut().expect("an open block").text += &format!("{line}\n"),
            (None, false) => {}
        }
    }
    assert!(!is_open, "the last block is not closed");
    blocks
}

fn texts(language: &str) -> Vec<String> {
    let found: Vec<String> =
        blocks().into_iter().filter(|block| block.language == language).map(|block| block.text).collect();
    assert!(!found.is_empty(), "no block of {language}");
    found
}

/// The commands in `text` that begin with `leakdiff check`, without comments.
fn checks(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("- "));
    let commands = lines.filter_map(|line| line.strip_prefix("leakdiff check "));
    commands.map(|line| line.split(" #").next().unwrap_or(line).to_owned()).collect()
}

#[test]
fn every_command_is_one_that_leakdiff_takes() {
    let commands: Vec<String> = blocks().iter().flat_map(|block| checks(&block.text)).collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let arguments: Vec<String> = command.split_whitespace().map(|word| word.replace('\'', "")).collect();
        let arguments = arguments.iter().map(String::as_str);
        let outcome = run(&["check", "--print-config"].into_iter().chain(arguments).collect::<Vec<_>>());
        outcome.done();
    }
}

#[test]
fn the_configuration_is_read() {
    let files = Files::new();
    let path = files.write("leakdiff.toml", texts("toml").concat());
    let printed = run(&["check", "--print-config", "-c", &path]).done().stdout;
    for word in ["64MiB|10%", "10MiB", "github.com/acme/legacy.(*Cache).Put", "2027-03-01"] {
        assert!(printed.contains(word), "no {word} in {printed}");
    }
}

#[test]
fn workflows_use_what_the_action_has() {
    let action: Value =
        serde_yaml_ng::from_str(&std::fs::read_to_string("action.yml").expect("action.yml")).expect("YAML");
    let names = |part: &str| -> BTreeSet<String> {
        let mapping = action[part].as_mapping().expect("a mapping");
        mapping.keys().map(|key| key.as_str().expect("a name").to_owned()).collect()
    };
    let (inputs, outputs) = (names("inputs"), names("outputs"));
    let mut uses = 0;
    for text in texts("yaml") {
        let workflow: Value = serde_yaml_ng::from_str(&text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        for step in workflow["jobs"]["gate"]["steps"].as_sequence().into_iter().flatten() {
            assert!(step.get("uses").is_some() != step.get("run").is_some(), "uses or run: {step:?}");
            if !step["uses"].as_str().is_some_and(|uses| uses.contains("/leakdiff@")) {
                continue;
            }
            uses += 1;
            let with = step["with"].as_mapping().expect("inputs");
            let given: BTreeSet<String> = with.keys().filter_map(Value::as_str).map(str::to_owned).collect();
            assert!(given.is_subset(&inputs), "{given:?} are not all of {inputs:?}");
            let id = step["id"].as_str().expect("an id, for its outputs");
            let asked: Vec<&str> = text.split(&format!("steps.{id}.outputs.")).skip(1).collect();
            assert!(!asked.is_empty());
            for rest in asked {
                let end = rest.find(|character: char| !character.is_alphanumeric() && character != '-');
                let output = &rest[..end.unwrap_or(rest.len())];
                assert!(outputs.contains(output), "{output} is none of {outputs:?}");
            }
        }
    }
    assert_eq!(uses, 1, "the workflow with the action");
}

#[test]
fn links_lead_to_headings() {
    let page = std::fs::read_to_string("docs/ci.md").expect("docs/ci.md");
    let slug = |heading: &str| -> String {
        let lower = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = lower.chars().filter(|character| character.is_alphanumeric() || " -".contains(*character));
        kept.map(|character| if character == ' ' { '-' } else { character }).collect()
    };
    let headings: BTreeSet<String> = page.lines().filter(|line| line.starts_with('#')).map(slug).collect();
    let links: Vec<&str> = page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() > 5);
    for link in links {
        assert!(headings.contains(link), "#{link} is no heading");
    }
}
