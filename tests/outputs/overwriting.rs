//! Nothing that is read is written over, in any command and through any link.

use std::fs;

use crate::{folder, run, shell, stderr};

/// What is refused: the arguments, and the file that would be lost.
const REFUSED: &[(&str, &str)] = &[
    ("h1 h2 -o json=h1", "h1"),
    ("h1 h2 -o json=h2", "h2"),
    ("flame h1 h2 -o svg=h2", "h2"),
    ("report h1 h2 -o html=h1", "h1"),
    ("h1 h2 --goroutines g1 g3 -o json=g3", "g3"),
    ("goroutines g1 g3 -o json=g1", "g1"),
    ("list . h1 h2 -o table=h2", "h2"),
    ("check h1 h2 --max-growth 1GiB -o json=h1", "h1"),
    ("check h1 h2 --max-growth 1GiB --goroutines g1 g3 -o json=g1", "g1"),
    ("check h1 h2 -o json=leakdiff.toml", "leakdiff.toml"),
    ("check h1 h2 --config other.toml -o json=other.toml", "other.toml"),
    ("check h1 h2 --max-growth 1GiB --suppressions s -o json=s", "s"),
    ("check h2 --max-growth 1GiB --baseline base.json -o json=base.json", "base.json"),
    ("check h2 --no-config --update-baseline h2", "h2"),
    ("check h2 --no-config --baseline base.json --update-baseline s --suppressions s --max-growth 1GiB", "s"),
    ("check h1 h2 --no-config --max-growth 1GiB -o json=go.mod", "go.mod"),
    ("h1 h2 -o json=hard", "h1"),
    ("h1 h2 -o json=soft", "h1"),
    ("hard h2 -o json=h1", "h1"),
    ("check h1 h2 --max-growth 1GiB --suppressions s -o json=./x/../soft-s", "s"),
];

#[test]
fn what_is_read_is_refused_as_an_output() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("x")).expect("a folder");
    fs::write(path("leakdiff.toml"), "max-growth = \"1GiB\"\n").expect("a file");
    fs::write(path("other.toml"), "max-growth = \"1GiB\"\n").expect("a file");
    fs::write(path("s"), "leak:nothing\n").expect("a file");
    fs::write(path("go.mod"), "module example.com/shop\n").expect("a file");
    fs::hard_link(path("h1"), path("hard")).expect("a link");
    std::os::unix::fs::symlink("h1", path("soft")).expect("a link");
    std::os::unix::fs::symlink("s", path("soft-s")).expect("a link");
    let made = run(folder.path(), &["check", "h1", "--no-config", "--update-baseline", "base.json"]);
    assert!(made.status.success(), "{}", stderr(&made));
    for (args, lost) in REFUSED {
        let args: Vec<&str> = args.split(' ').collect();
        let before = fs::read(path(lost)).expect("it is there");
        let output = run(folder.path(), &args);
        let after = fs::read(path(lost)).expect("it is still there");
        assert!(before == after, "{args:?} has written over {lost}");
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains("is an input") || told.contains("is not a leakdiff baseline"), "{args:?}: {told}");
    }
}

#[test]
fn a_file_that_the_shell_made_standard_input_or_output_is_not_lost() {
    let folder = folder();
    let lines = [
        ("\"$leakdiff\" - h2 -o json=h1 < h1", "h1"),
        ("\"$leakdiff\" h1 h2 >> h1", "h1"),
        ("\"$leakdiff\" h1 h2 -f json >> h2", "h2"),
        ("\"$leakdiff\" check h1 h2 --max-growth 1GiB >> h2", "h2"),
        ("\"$leakdiff\" goroutines g1 g3 >> g1", "g1"),
        ("\"$leakdiff\" h1 h2 -o json=/proc/self/task/../fd/1 >> h1", "h1"),
    ];
    for (line, lost) in lines {
        let before = fs::read(folder.path().join(lost)).expect("it is there");
        let output = shell(folder.path(), line);
        let after = fs::read(folder.path().join(lost)).expect("it is still there");
        assert!(before == after, "{line} has written into {lost}");
        assert_eq!(output.status.code(), Some(2), "{line}: {}", stderr(&output));
        assert!(stderr(&output).contains("is an input"), "{line}: {}", stderr(&output));
    }
}

#[test]
fn a_source_file_that_a_listing_shows_is_refused() {
    let folder = folder();
    let source = "package reservations\n".repeat(40);
    fs::write(folder.path().join("service.go"), &source).expect("a file");
    let args = ["list", "Hold", "h1", "h2", "--source-path", ".", "-o", "table=service.go"];
    let output = run(folder.path(), &args);
    assert_eq!(fs::read_to_string(folder.path().join("service.go")).expect("it is there"), source);
    assert!(stderr(&output).contains("service.go is an input"), "{}", stderr(&output));
}

#[test]
fn a_baseline_that_is_in_use_may_be_renewed() {
    let folder = folder();
    let update = ["check", "h1", "--no-config", "--update-baseline", "base.json"];
    assert!(run(folder.path(), &update).status.success());
    let renew = "check h2 --no-config --baseline base.json --update-baseline base.json --max-growth 1GiB";
    let output = run(folder.path(), &renew.split(' ').collect::<Vec<_>>());
    assert!(output.status.success() && stderr(&output).contains("baseline base.json: "), "{}", stderr(&output));
}

#[test]
fn two_outputs_into_one_file_are_refused() {
    let folder = folder();
    std::os::unix::fs::symlink("a.json", folder.path().join("link.json")).expect("a link");
    for outputs in [["a.json", "a.json"], ["a.json", "./a.json"], ["a.json", "link.json"]] {
        let output = run(folder.path(), &["h1", "h2", "-o", outputs[0], "-o", outputs[1]]);
        assert_eq!(output.status.code(), Some(2), "{outputs:?}");
        assert!(stderr(&output).contains("written twice"), "{outputs:?}: {}", stderr(&output));
    }
}
