//! A file that is replaced keeps what it is: its mode, its owner, the links that lead to it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use crate::{folder, names, run, shell, stderr, stdout};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

fn write(folder: &Path, output: &str) {
    let output = run(folder, &["h1", "h2", "-o", &format!("json={output}")]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn the_mode_stays() {
    let folder = folder();
    let path = folder.path().join("leak.json");
    for wanted in [0o600, 0o640, 0o444 | 0o200, 0o666] {
        fs::write(&path, "old").expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(wanted)).expect("a mode");
        write(folder.path(), "leak.json");
        assert!(fs::read_to_string(&path).expect("text").starts_with('{'));
        assert_eq!(mode(&path), wanted, "{wanted:o}");
    }
}

#[test]
fn a_new_file_follows_umask() {
    let folder = folder();
    for (mask, wanted) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let output = shell(folder.path(), &format!("umask {mask}; \"$leakdiff\" h1 h2 -o m{mask}.json"));
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(mode(&folder.path().join(format!("m{mask}.json"))), wanted, "{mask}");
    }
}

#[test]
fn the_owner_stays_where_that_is_allowed() {
    let folder = folder();
    let path = folder.path().join("leak.json");
    fs::write(&path, "old").expect("a file");
    if std::os::unix::fs::chown(&path, Some(1234), Some(2345)).is_err() {
        eprintln!("skipped: only root may give a file away");
        return;
    }
    fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("a mode");
    write(folder.path(), "leak.json");
    let metadata = fs::metadata(&path).expect("it is there");
    assert_eq!((metadata.uid(), metadata.gid(), mode(&path)), (1234, 2345, 0o640));
}

#[test]
fn a_link_stays_and_its_target_is_written() {
    let folder = folder();
    fs::create_dir(folder.path().join("reports")).expect("a folder");
    symlink("reports/today.json", folder.path().join("there.json")).expect("a link");
    fs::write(folder.path().join("reports/today.json"), "old").expect("a file");
    symlink("there.json", folder.path().join("twice.json")).expect("a link");
    symlink("reports/none.json", folder.path().join("dangling.json")).expect("a link");
    for (output, target) in [("twice.json", "reports/today.json"), ("dangling.json", "reports/none.json")] {
        write(folder.path(), output);
        assert!(fs::symlink_metadata(folder.path().join(output)).expect("it is there").is_symlink(), "{output}");
        let text = fs::read_to_string(folder.path().join(target)).expect("text");
        assert!(text.starts_with('{'), "{output}: {text}");
    }
    assert_eq!(names(&folder.path().join("reports")), ["none.json", "today.json"]);
    symlink("b.json", folder.path().join("a.json")).expect("a link");
    symlink("a.json", folder.path().join("b.json")).expect("a link");
    let circle = run(folder.path(), &["h1", "h2", "-o", "a.json"]);
    assert!(circle.status.code() == Some(2) && stderr(&circle).contains("in a circle"), "{}", stderr(&circle));
}

#[test]
fn a_hard_link_of_what_is_replaced_keeps_what_it_had() {
    let folder = folder();
    fs::write(folder.path().join("leak.json"), "old").expect("a file");
    fs::hard_link(folder.path().join("leak.json"), folder.path().join("kept")).expect("a link");
    write(folder.path(), "leak.json");
    assert_eq!(fs::read_to_string(folder.path().join("kept")).expect("text"), "old");
}

#[test]
fn what_a_killed_run_left_behind_does_not_matter() {
    let folder = folder();
    for stale in ["leak.html.partial", ".leakdiff-0.tmp"] {
        fs::write(folder.path().join(stale), "stale").expect("a file");
    }
    let before = names(folder.path());
    let output = run(folder.path(), &["report", "h1", "h2", "-o", "leak.html"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let mut wanted = [before, vec!["leak.html".to_owned()]].concat();
    wanted.sort();
    assert_eq!(names(folder.path()), wanted, "nothing is left behind, nothing of others is taken away");
}

#[test]
fn devices_and_pipes_are_written_in_place() {
    let folder = folder();
    for device in ["/dev/null", "/dev/stderr"] {
        let output = run(folder.path(), &["h1", "h2", "-o", &format!("json={device}")]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(stderr(&output).starts_with('{'), device == "/dev/stderr");
        assert!(device != "/dev/null" || !fs::metadata(device).expect("it is there").is_file());
    }
    let line =
        "mkfifo pipe; cat pipe > read & \"$leakdiff\" h1 h2 -o json=pipe && wait && head -c 1 read; test -p pipe";
    let output = shell(folder.path(), line);
    assert_eq!((stdout(&output).as_str(), output.status.success()), ("{", true), "{}", stderr(&output));
}

#[test]
fn standard_output_by_its_path_is_standard_output() {
    let folder = folder();
    let line =
        "(echo before; \"$leakdiff\" check h1 h2 --max-growth 1GiB -o csv=/dev/stdout; echo after) > all; cat all";
    let text = stdout(&shell(folder.path(), line));
    let order = ["before\n", "name,file,", "PASS  ", "after\n"].map(|part| text.find(part));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{text}");
}

#[test]
fn a_closed_standard_output_is_an_error_and_a_closed_pipe_is_not() {
    let folder = folder();
    let commands = ["h1 h2", "h1 h2 -f json", "check h1 h2 --max-growth 1GiB", "explain", "--help", "man"];
    for command in commands {
        let closed = shell(folder.path(), &format!("\"$leakdiff\" {command} >&-"));
        assert_eq!(closed.status.code(), Some(2), "{command}");
        assert!(stderr(&closed).contains("standard output: cannot be written"), "{command}: {}", stderr(&closed));
        let full = shell(folder.path(), &format!("\"$leakdiff\" {command} > /dev/full"));
        assert_eq!(full.status.code(), Some(2), "{command}");
        assert!(stderr(&full).contains("standard output: cannot be written"), "{command}: {}", stderr(&full));
        let pipe = shell(folder.path(), &format!("{{ \"$leakdiff\" {command}; echo $? >&2; }} | true"));
        assert_eq!(stderr(&pipe), "0\n", "{command}");
    }
    let aside = shell(folder.path(), "\"$leakdiff\" h1 h2 -o a.json >&-");
    assert!(aside.status.success(), "nothing was to be printed: {}", stderr(&aside));
    let null = shell(folder.path(), "\"$leakdiff\" h1 h2 > /dev/null && \"$leakdiff\" h1 h2 1<>/dev/null");
    assert!(null.status.success(), "{}", stderr(&null));
}
