//! Options of pprof and words after a single dash: they do what they say there, or are answered with what to type.

use crate::heaps;
use crate::support::{Files, run};

/// What pprof's users type, `A` and `B` being two profiles, and the same as `leakdiff --help` has it.
const HABITS: &[(&str, &str)] = &[
    ("-base A B", "A B"),
    ("-base=A B", "A B"),
    ("--base A B", "A B"),
    ("B -base A", "A B"),
    ("-diff_base A B", "A B"),
    ("-diff_base=A B", "A B"),
    ("--diff_base=A B", "A B"),
    ("-inuse_space A B", "A B --sample-index inuse_space"),
    ("-inuse_objects A B", "A B --sample-index inuse_objects"),
    ("--alloc_space A B", "A B --sample-index alloc_space"),
    ("A B -alloc_objects", "A B --sample-index alloc_objects"),
    ("-sample_index=alloc_space A B", "A B --sample-index alloc_space"),
    ("-sample_index alloc_space A B", "A B --sample-index alloc_space"),
    ("-top A B", "A B"),
    ("--top A B", "A B"),
    ("A B -top", "A B"),
    ("-top 3 A B", "A B -n 3"),
    ("-top=3 A B", "A B -n 3"),
    ("--top 3 A B", "A B -n 3"),
    ("-text A B", "A B"),
    ("-nodecount=5 A B", "A B -n 5"),
    ("-cum A B", "A B --sort cum"),
    ("-cum=true A B", "A B --sort cum"),
    ("-cum=false A B", "A B"),
    ("-flat A B", "A B --sort flat"),
    ("-lines A B", "A B --by line"),
    ("-functions A B", "A B --by function"),
    ("-files A B", "A B --by file"),
    ("-addresses A B", "A B --by address"),
    ("-granularity=lines A B", "A B --by line"),
    ("-granularity files A B", "A B --by file"),
    ("-traces A B", "A B --by stack"),
    ("-tagroot=bytes A B", "A B --by label:bytes"),
    ("-focus=Price A B", "A B --focus Price"),
    ("-focus Price A B", "A B --focus Price"),
    ("-hide=Price A B", "A B --hide Price"),
    ("-show_from=Price A B", "A B --show-from Price"),
    ("-tagfocus=bytes=1kb: A B", "A B --tagfocus bytes=1kb:"),
    ("-unit=MB A B", "A B --unit MB"),
    ("-peek=Price A B", "peek Price A B"),
    ("-peek Price -base A B", "peek Price A B"),
    ("-inuse_objects -cum -top -peek Price -base=A B", "peek Price A B --sample-index inuse_objects"),
    ("-tree A B", "peek . A B"),
    ("-list=Price A B", "list Price A B"),
    ("-list Price -diff_base A B", "list Price A B"),
    ("-svg A B", "flame A B"),
    ("-svg -focus=Price -base A B", "flame A B --focus Price"),
    ("-proto A B -output=O", "A B -f pprof -o O"),
    ("flame -base A B", "flame A B"),
    ("check -base A B --max-growth 1GiB --no-config", "check A B --max-growth 1GiB --no-config"),
    ("-version", "--version"),
    ("version", "--version"),
    ("help", "--help"),
    ("help check", "check --help"),
    ("help peek", "peek --help"),
];

#[test]
fn habits_of_pprof_mean_the_same_here() {
    let heaps = heaps("http-body", &[1, 3]);
    let files = Files::new();
    let output = files.path("diff.pb.gz");
    let arguments = |line: &str| -> Vec<String> {
        let replaced = |word: &str| match word {
            "A" | "B" => heaps[usize::from(word == "B")].clone(),
            _ => {
                word.replace("=A", &format!("={}", heaps[0])).replace("=O", &format!("={output}")).replace('O', &output)
            }
        };
        line.split(' ').map(|word| if word == "O" { output.clone() } else { replaced(word) }).collect()
    };
    for (habit, meaning) in HABITS {
        let [said, meant] = [habit, meaning].map(|line| {
            let outcome = run(&arguments(line).iter().map(String::as_str).collect::<Vec<_>>());
            let written = std::fs::read(&output).ok();
            let _ = std::fs::remove_file(&output);
            (outcome, written)
        });
        // A picture says nothing of how it was asked for; a page would.
        assert_eq!(said, meant, "{habit}");
        assert!(!said.0.stdout.is_empty() || said.1.is_some(), "{habit}: {}", said.0.stderr);
    }
}

#[test]
fn options_of_pprof_without_counterpart_are_answered_with_what_to_type() {
    let heaps = heaps("http-body", &[1, 3]);
    for (option, hint) in [
        ("-http=:8080", "leakdiff report BASE NEW -o leak.html"),
        ("-http", "leakdiff report BASE NEW -o leak.html"),
        ("--http=:8080", "leakdiff report BASE NEW -o leak.html"),
        ("-web", "leakdiff report BASE NEW -o leak.html"),
        ("--web", "leakdiff report BASE NEW -o leak.html"),
        ("-dot", "leakdiff peek REGEX BASE NEW"),
        ("-png", "leakdiff flame BASE NEW -o leak.svg"),
        ("-raw", "-o diff.pb.gz"),
        ("-weblist=Price", "leakdiff list REGEX BASE NEW"),
        ("-normalize", "never scaled"),
        ("-nodefraction=0.1", "-n ROWS"),
        ("-tagleaf=x", "leakdiff --help"),
        ("-granularity=parsecs", "functions, filefunctions, lines, files, addresses"),
        ("-lines=maybe", "-lines takes no value"),
        ("-hello", "leakdiff --help"),
        ("-Verbose", "leakdiff --help"),
    ] {
        for args in [[option, &heaps[0], &heaps[1]], [&heaps[0], &heaps[1], option]] {
            let refused = run(&args).failed(&[&format!("error: {option} is no option of leakdiff"), "hint: ", hint]);
            assert_eq!(refused.stderr.lines().count(), 2, "{}", refused.stderr);
        }
    }
    let command = run(&["check", "-http=:1", &heaps[0], &heaps[1]]).failed(&["leakdiff report"]);
    assert!(!command.stderr.contains("Usage"), "{}", command.stderr);
    run(&["check", "-peek=x", &heaps[0], &heaps[1]]).failed(&["not an option of check", "leakdiff peek x BASE NEW"]);
    run(&[&heaps[0], &heaps[1], "-peek"]).failed(&["-peek takes a value", "leakdiff peek REGEX BASE NEW"]);
}

#[test]
fn letters_with_a_value_stay_what_they_are() {
    let heaps = heaps("http-body", &[1, 3]);
    let report = run(&["-n2", "-fjson", &heaps[0], &heaps[1]]).done().json();
    assert_eq!(report["rows"].as_array().map(Vec::len), Some(2));
    let files = Files::new();
    let path = files.path("leak.json");
    run(&[&format!("-o{path}"), &heaps[0], &heaps[1]]).done();
    assert!(std::path::Path::new(&path).exists());
    let config = files.write("gate.toml", "max-growth = \"1GiB\"\n");
    run(&["check", "-c", &config, &heaps[0], &heaps[1]]).done();
    assert!(run(&["-help"]).done().stdout.starts_with("Compare heap profiles"));
    assert!(run(&["-V"]).done().stdout.starts_with("leakdiff "));
    // A whole word is never a letter with a value: this is `--output`, not `-o utput=...`.
    run(&[&format!("-output={path}"), &heaps[0], &heaps[1]]).done();
    assert!(!std::path::Path::new(&format!("utput={path}")).exists(), "-output is no -o");
}

#[test]
fn a_number_that_is_a_file_is_a_profile() {
    let heaps = heaps("http-body", &[1]);
    let files = Files::new();
    let path = files.path("20");
    std::fs::copy(&heaps[0], &path).expect("a copy");
    let report = run(&["-top", &path, &heaps[0], "-f", "json"]).done().json();
    assert_eq!(report["inputs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_stands_after_two_dashes_is_a_name() {
    run(&["--", "-http"]).failed(&["-http", "no such file"]);
}

#[test]
fn a_misspelt_command_is_answered_and_a_file_of_that_name_wins() {
    let heaps = heaps("http-body", &[1, 3]);
    for (typed, meant) in
        [("chekc", "check"), ("flmae", "flame"), ("reprot", "report"), ("Lsit", "list"), ("hlep", "help")]
    {
        run(&[typed, &heaps[0], &heaps[1]]).failed(&[
            typed,
            "no such command and no such file",
            &format!("leakdiff {meant}?"),
        ]);
    }
    // Also with an option that only the command has.
    run(&["chekc", &heaps[0], &heaps[1], "--max-growth", "5%"]).failed(&["leakdiff check?"]);
    run(&["nowhere.pb.gz", &heaps[1]]).failed(&["nowhere.pb.gz: no such file"]);
    let files = Files::new();
    std::fs::copy(&heaps[0], files.path("chekc")).expect("a copy");
    let binary = env!("CARGO_BIN_EXE_leakdiff");
    let found = std::process::Command::new(binary).args(["chekc", &heaps[1]]).current_dir(files.path("")).output();
    assert!(found.expect("it runs").status.success(), "the file is there");
}
