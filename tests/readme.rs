//! The examples of README.md, README.zh.md and docs/*.md, run.
//!
//! In a block marked `console`, a line that begins with `$ ` is a command and what follows is its output, standard output
//! first. leakdiff is run in this process, in the package root, where `cargo test` runs; files it writes (`-o`) go to a
//! directory that is gone afterwards. Commands of other programs are listed in [`OTHERS`] and not run. Where a block
//! shows output it has to be the same, but for spaces at the end of a line; `...` on a line of its own stands for any
//! lines. A command shown without output has to succeed. `$ echo $?` shows the exit code of the command before.

#![allow(clippy::print_stdout, reason = "what was not run has to be seen")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use support::{Files, run};

/// Programs whose commands are shown and not run.
const OTHERS: &[&str] = &["cargo", "curl", "git", "go", "sleep"];

/// One command of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Command {
    /// The line it stands on, counted from 1.
    line: usize,
    text: String,
    output: Vec<String>,
}

/// The blocks marked `console`, each as its commands. A command goes on after a line that ends with `\`.
fn blocks(document: &str) -> Vec<Vec<Command>> {
    let mut blocks: Vec<Vec<Command>> = Vec::new();
    let mut fence: Option<(String, bool)> = None;
    let mut goes_on = false;
    for (index, line) in document.lines().enumerate() {
        let bare = line.trim_start();
        let ticks: String = bare.chars().take_while(|character| *character == '`').collect();
        match &fence {
            None if ticks.len() >= 3 => {
                let is_console = bare[ticks.len()..].split_whitespace().next() == Some("console");
                blocks.extend(is_console.then(Vec::new));
                fence = Some((ticks, is_console));
            }
            Some((open, _)) if bare.trim_end() == open => (fence, goes_on) = (None, false),
            Some((_, true)) => {
                let block = blocks.last_mut().expect("an open block");
                goes_on = take_line(block, index + 1, line, goes_on);
            }
            _ => {}
        }
    }
    blocks
}

/// Puts a line where it belongs; says whether the command goes on.
fn take_line(block: &mut Vec<Command>, number: usize, line: &str, goes_on: bool) -> bool {
    let (line, continues) = match line.strip_suffix('\\') {
        Some(line) if goes_on || line.starts_with("$ ") => (line, true),
        _ => (line, false),
    };
    if let Some(text) = line.strip_prefix("$ ").filter(|_| !goes_on) {
        block.push(Command { line: number, text: text.to_owned(), output: Vec::new() });
    } else {
        let command = block.last_mut().unwrap_or_else(|| panic!("line {number}: output before any command: {line}"));
        if goes_on {
            command.text.push_str(line);
        } else {
            command.output.push(line.trim_end().to_owned());
        }
    }
    continues
}

/// The words of a command as a shell would split it, without expansions.
///
/// # Panics
/// Where a shell would do more than split: pipes, redirections, variables.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quote): (Option<String>, Option<char>) = (None, None);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (end, Some(open)) if end == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(characters.next()),
            (inside, Some(_)) => word.get_or_insert_default().push(inside),
            (open @ ('"' | '\''), None) => {
                word.get_or_insert_default();
                quote = Some(open);
            }
            (space, None) if space.is_whitespace() => words.extend(word.take()),
            ('#', None) if word.is_none() => break,
            ('|' | '>' | '<' | '&' | ';' | '$' | '`' | '*', None) => panic!("{text}: more than one plain command"),
            (other, None) => word.get_or_insert_default().push(other),
        }
    }
    assert!(quote.is_none(), "{text}: a quote is not closed");
    words.extend(word);
    words
}

/// Whether output is as it is shown, where `...` stands for any lines.
fn is_as_shown(shown: &[&str], output: &[&str]) -> bool {
    match shown.split_first() {
        None => output.is_empty(),
        Some((&"...", rest)) => (0..=output.len()).any(|skipped| is_as_shown(rest, &output[skipped..])),
        Some((line, rest)) => {
            output.first().is_some_and(|first| first.trim_end() == *line) && is_as_shown(rest, &output[1..])
        }
    }
}

/// Files that commands of a document wrote, by the names they were given.
struct Written {
    files: Files,
    names: BTreeMap<String, String>,
}

impl Written {
    /// The arguments with written files where they really are; new ones are those after `-o`.
    fn redirect(&mut self, words: &[String]) -> Vec<String> {
        let mut arguments: Vec<String> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let is_output = index > 0 && ["-o", "--output"].contains(&words[index - 1].as_str());
            if is_output && word != "-" {
                let name = word.replace('/', "_");
                self.names.insert(word.clone(), self.files.path(&name));
            }
            arguments.push(self.names.get(word).cloned().unwrap_or_else(|| word.clone()));
        }
        arguments
    }
}

/// Runs the commands of a document; what is wrong, as text.
fn failures(name: &str, document: &str) -> Vec<String> {
    let mut written = Written { files: Files::new(), names: BTreeMap::new() };
    let mut failures = Vec::new();
    for block in blocks(document) {
        let mut exit = None;
        for command in block {
            let at = format!("{name}:{}: $ {}", command.line, command.text);
            let program = command.text.split_whitespace().next().unwrap_or_default();
            let (output, code) = if command.text.trim() == "echo $?" {
                (exit.map_or("nothing was run before".to_owned(), |exit: u8| exit.to_string()), 0)
            } else if OTHERS.contains(&program) {
                println!("not run: {at}");
                exit = None;
                continue;
            } else if program != "leakdiff" {
                failures
                    .push(format!("{at}\n{program} is neither leakdiff nor in the list of programs that are not run"));
                continue;
            } else {
                let arguments = written.redirect(&words(&command.text)[1..]);
                let outcome = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
                exit = Some(outcome.exit as u8);
                (outcome.stdout + &outcome.stderr, outcome.exit as u8)
            };
            let shown: Vec<&str> = command.output.iter().map(String::as_str).collect();
            let lines: Vec<&str> = output.lines().collect();
            if shown.is_empty() && code != 0 {
                failures.push(format!("{at}\nfailed with {code}:\n{output}"));
            } else if !shown.is_empty() && !is_as_shown(&shown, &lines) {
                failures.push(format!("{at}\n---- shown\n{}\n---- is\n{output}", shown.join("\n")));
            }
        }
    }
    let missing = written.names.iter().filter(|(_, path)| !std::fs::metadata(path).is_ok_and(|file| file.len() > 0));
    failures.extend(missing.map(|(name, _)| format!("{name} was not written")));
    failures
}

fn documents() -> Vec<String> {
    let pages = std::fs::read_dir("docs").into_iter().flatten().flatten().map(|entry| entry.path());
    let pages = pages.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let mut documents: Vec<String> = pages.map(|path| path.to_string_lossy().into_owned()).collect();
    documents.extend(["README.md", "README.zh.md"].map(str::to_owned));
    documents.sort();
    documents
}

#[test]
fn examples_show_what_is_printed() {
    let mut wrong = Vec::new();
    for path in documents() {
        let text = std::fs::read_to_string(&path).expect("a document");
        let commands: usize = blocks(&text).iter().map(Vec::len).sum();
        assert!(path != "README.md" || commands > 0, "README.md shows no command in a block marked console");
        println!("{path}: {commands} commands");
        wrong.extend(failures(&path, &text));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

const SAMPLE: &str = r#"
# A page
```sh
$ leakdiff not run
```
```console
$ curl -so heap.out http://localhost
$ leakdiff fixtures/timers/heap1.pb.gz \
    fixtures/timers/heap3.pb.gz -n 1 -f csv
name,file,line,...
...
$ leakdiff nowhere.pb.gz
error: nowhere.pb.gz: no such file
$ echo $?
2
```
"#;

#[test]
fn blocks_are_read() {
    let blocks = blocks(SAMPLE);
    assert_eq!(blocks.len(), 1);
    let texts: Vec<&str> = blocks[0].iter().map(|command| command.text.as_str()).collect();
    assert_eq!(texts[1], "leakdiff fixtures/timers/heap1.pb.gz     fixtures/timers/heap3.pb.gz -n 1 -f csv");
    assert_eq!(texts[2..], ["leakdiff nowhere.pb.gz", "echo $?"]);
    assert_eq!(blocks[0][1].output, ["name,file,line,...", "..."]);
    assert_eq!((blocks[0][0].line, blocks[0][0].output.len()), (7, 0));
}

#[test]
fn a_wrong_example_is_found() {
    let wrong = failures("page", SAMPLE);
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
    assert!(wrong[0].starts_with("page:8: $ leakdiff fixtures/timers/heap1.pb.gz"), "{}", wrong[0]);
    let right = SAMPLE.replace("name,file,line,...\n", "");
    assert_eq!(failures("page", &right), Vec::<String>::new());
    let console = |command: &str| failures("page", &format!("```console\n$ {command}\n```\n")).len();
    assert_eq!(console("leakdiff nowhere.pb.gz"), 1, "fails, and shows no output");
    assert_eq!(console("frobnicate"), 1, "not in the list");
    assert_eq!(console("leakdiff fixtures/timers/heap1.pb.gz -o made.json"), 0);
    assert!(!Path::new("made.json").exists(), "files go elsewhere");
}

#[test]
fn words_are_split_as_by_a_shell() {
    assert_eq!(
        words(r#"leakdiff 'a b' c\ d "e 'f' \"g\"" --x='' # why"#),
        ["leakdiff", "a b", "c d", "e 'f' \"g\"", "--x="]
    );
    assert!(std::panic::catch_unwind(|| words("leakdiff a b | head")).is_err());
    assert_eq!(words("leakdiff '' \"|\""), ["leakdiff", "", "|"]);
}

#[test]
fn dots_stand_for_any_lines() {
    assert!(is_as_shown(&["a", "...", "d"], &["a", "b", "c", "d"]));
    assert!(is_as_shown(&["a", "...", "b"], &["a  ", "b"]));
    assert!(is_as_shown(&["..."], &[]));
    assert!(!is_as_shown(&["a", "...", "d"], &["a", "b"]));
    assert!(!is_as_shown(&["a"], &["a", "b"]));
}
