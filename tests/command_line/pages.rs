//! Completions and manual pages.

use std::collections::BTreeSet;

use leakdiff::model::Code;

use super::support::{Files, run};

const SHELLS: &[&str] = &["bash", "zsh", "fish", "elvish", "powershell"];

#[test]
fn completions_know_commands_formats_metrics_and_codes() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]).done().stdout;
        for word in [
            "peek",
            "inspect",
            "brief",
            "inuse_space",
            "alloc_objects",
            "http-body-not-closed",
            "stale-snapshot",
            "label:KEY",
        ] {
            let is_known = script.contains(word) || script.contains(&word.replace(':', "\\:"));
            assert!(is_known, "{shell} does not know {word}");
        }
        for code in Code::ALL {
            assert!(script.contains(code.as_str()), "{shell} does not know {}", code.as_str());
        }
    }
    for shell in SHELLS {
        assert!(run(&["completions", shell]).done().stdout.len() > 1_000);
    }
}

#[cfg(unix)]
#[test]
fn bash_takes_the_completions() {
    let files = Files::new();
    let script = files.write("leakdiff.bash", run(&["completions", "bash"]).done().stdout);
    let tried = "source \"$1\"; COMP_WORDS=(leakdiff explain http-b); COMP_CWORD=2; \
                 _leakdiff leakdiff http-b explain; echo \"${COMPREPLY[@]}\"";
    let output = std::process::Command::new("bash").args(["-c", tried, "bash", &script]).output().expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "http-body-not-closed", "{output:?}");
}

#[test]
fn what_is_offered_is_no_limit() {
    run(&["explain", "nowhere"]).failed(&["no page is called nowhere"]);
    let heap = super::support::fixture("timers/heap1.pb.gz");
    run(&[&heap, "--sample-index", "3"]).done();
    run(&[&heap, "--sample-index", "space"]).done();
    run(&[&heap, "--by", "label:"]).failed(&["invalid value 'label:'"]);
}

#[test]
fn every_command_has_a_manual_page() {
    let files = Files::new();
    let folder = files.path("man");
    std::fs::create_dir(&folder).expect("a folder");
    assert_eq!(run(&["man", &folder]).done().stdout, "");
    let pages: BTreeSet<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .flatten()
        .map(|page| page.file_name().to_string_lossy().into_owned())
        .collect();
    let help = run(&["help"]).done().stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(commands.len() > 10, "{commands:?}");
    let expected: BTreeSet<String> =
        commands.iter().map(|name| format!("leakdiff-{name}.1")).chain(["leakdiff.1".to_owned()]).collect();
    assert_eq!(pages, expected);
    for page in &pages {
        let text = std::fs::read_to_string(format!("{folder}/{page}")).expect("a page");
        let name = page.trim_end_matches(".1");
        assert!(text.contains(&format!(".TH {name} 1")), "{page}: {}", &text[..200]);
        assert!(text.contains(&name.replace('-', "\\-")), "{page}");
    }
    let check = std::fs::read_to_string(format!("{folder}/leakdiff-check.1")).expect("a page");
    assert!(check.contains("max\\-growth"));
    // The main page alone goes to standard output, as it always has.
    assert!(run(&["man"]).done().stdout.contains(".TH leakdiff 1"));
    run(&["man", &files.path("nowhere")]).failed(&["leakdiff.1", "no such folder"]);
}
