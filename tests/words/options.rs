//! Options of pprof and words after a single dash: never misread, always answered with what to type.

use crate::heaps;
use crate::support::{Files, run};

#[test]
fn options_of_pprof_are_answered_with_what_to_type() {
    let heaps = heaps("http-body", &[1, 3]);
    for (option, hint) in [
        ("-http=:8080", "leakdiff report BASE NEW -o leak.html"),
        ("-http", "leakdiff report BASE NEW -o leak.html"),
        ("--http=:8080", "leakdiff report BASE NEW -o leak.html"),
        ("-web", "leakdiff report BASE NEW -o leak.html"),
        ("-top", "-n 20"),
        ("-text", "-n 20"),
        ("-base", "leakdiff BASE NEW"),
        ("-diff_base=old.pb.gz", "leakdiff BASE NEW"),
        ("--diff_base=old.pb.gz", "leakdiff BASE NEW"),
        ("-inuse_space", "--sample-index inuse_space"),
        ("--alloc_space", "--sample-index alloc_space"),
        ("-sample_index=alloc_space", "--sample_index=alloc_space"),
        ("-focus=Price", "--focus=Price"),
        ("-hide=Price", "--hide=Price"),
        ("-nodecount=5", "--nodecount=5"),
        ("-output=leak.json", "--output=leak.json"),
        ("-unit=MB", "--unit=MB"),
        ("-svg", "leakdiff flame BASE NEW -o leak.svg"),
        ("-png", "leakdiff flame BASE NEW -o leak.svg"),
        ("-proto", "-o diff.pb.gz"),
        ("-list=Price", "leakdiff list REGEX BASE NEW"),
        ("-peek=Price", "--sort cum"),
        ("-traces", "--by stack"),
        ("-cum", "--sort cum"),
        ("-lines", "--by line"),
        ("-normalize", "never scaled"),
        ("-nodefraction=0.1", "-n ROWS"),
        ("-tagroot=x", "leakdiff --help"),
        ("-version", "--version"),
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
    assert!(!std::path::Path::new("utput=leak.json").exists(), "-output is no -o");
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
    assert!(run(&["-help"]).done().stdout.starts_with("Compare heap profiles"));
    assert!(run(&["-V"]).done().stdout.starts_with("leakdiff "));
}

#[test]
fn what_stands_after_two_dashes_is_a_name() {
    run(&["--", "-http"]).failed(&["-http", "no such file"]);
}
