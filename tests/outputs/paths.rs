//! Paths that are no UTF-8, and more inputs than a process may have open.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::{folder, leakdiff, names, shell, stderr, stdout};

#[test]
fn paths_that_are_no_utf_8_work_in_and_out() {
    let folder = folder();
    let odd = OsStr::from_bytes(b"heap-\xff\xfe");
    fs::rename(folder.path().join("h1"), folder.path().join(odd)).expect("renamed");
    let arg = |parts: &[&[u8]]| OsString::from_vec(parts.concat());
    let outputs = [arg(&[b"out-\xff.json"]), arg(&[b"json=named-\xff"])];
    let args = [odd, OsStr::new("h2"), OsStr::new("-o"), &outputs[0], OsStr::new("-o"), &outputs[1]];
    let output = leakdiff(folder.path(), &args).output().expect("it runs");
    assert!(output.status.success(), "{}", stderr(&output));
    for name in [&b"out-\xff.json"[..], b"named-\xff"] {
        let text = fs::read_to_string(folder.path().join(OsStr::from_bytes(name))).expect("it is there");
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(report["inputs"][0]["label"], "heap-\u{fffd}\u{fffd}");
    }
    let labelled = arg(&[b"before=heap-\xff\xfe"]);
    let check = [OsStr::new("check"), &labelled, OsStr::new("h2"), OsStr::new("--max-growth"), OsStr::new("1GiB")];
    let output = leakdiff(folder.path(), &check).output().expect("it runs");
    assert!(output.status.success() && stdout(&output).contains("before → h2"), "{}", stderr(&output));
    let missing = arg(&[b"missing-\xff"]);
    let output = leakdiff(folder.path(), &[&missing]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("missing-\u{fffd}: no such file"), "{}", stderr(&output));
}

#[test]
fn more_inputs_than_file_handles() {
    let folder = folder();
    for number in 0..400 {
        fs::copy(folder.path().join("h1"), folder.path().join(format!("s{number:03}"))).expect("a copy");
    }
    let output = shell(folder.path(), "ulimit -n 32; \"$leakdiff\" s??? -f json");
    assert!(output.status.success(), "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["inputs"].as_array().map(Vec::len), Some(400));
    assert_eq!(names(folder.path()).len(), 404);
}

#[test]
fn texts_that_never_end_are_not_read_whole() {
    let folder = folder();
    let commands = [
        "h1 - < /dev/zero",
        "check h1 h2 --config /dev/zero",
        "check h1 h2 --max-growth 1 --suppressions /dev/zero",
        "check h2 --max-growth 1 --baseline /dev/zero",
        "check h2 --no-config --update-baseline /dev/zero",
        "list . h1 h2 --source-path /dev",
    ];
    for command in commands {
        let output = shell(folder.path(), &format!("ulimit -v 1000000; \"$leakdiff\" {command}"));
        let told = stderr(&output);
        assert!(matches!(output.status.code(), Some(0 | 2)) && !told.contains("memory"), "{command}: {told}");
    }
}
