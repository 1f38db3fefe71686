//! A program that is built and dumped here, with the Go that is installed: whole, without debug information, stripped, PIE.

#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::support::{fixture, json, run};

/// A program, its dumps, and the same program with its symbols.
struct Dumped {
    folder: TempDir,
}

impl Dumped {
    /// Builds `fixtures/dumps-types` with these flags and runs it; `None` without Go. On a build server (`CI=true`) it has to be
    /// there.
    fn with(flags: &[&str]) -> Option<Self> {
        let go = std::env::var("GO").ok().filter(|go| !go.is_empty()).unwrap_or_else(|| "go".to_owned());
        let folder = tempfile::tempdir().expect("a folder");
        for (name, flags) in [("app", flags), ("whole", &flags[..flags.len().min(1)])] {
            // What is not to differ is the first flag.
            let flags =
                if name == "whole" && flags.iter().any(|flag| flag.starts_with("-ldflags")) { &[] } else { flags };
            let mut command = Command::new(&go);
            command
                .args(["build", "-trimpath"])
                .args(flags)
                .arg("-o")
                .arg(folder.path().join(name))
                .arg("./dumps-types");
            command
                .current_dir(fixture(""))
                .env("GOTOOLCHAIN", "local")
                .env("GOFLAGS", "-mod=mod")
                .env("GOPROXY", "off");
            match command.output() {
                Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
                Err(_) => {
                    let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
                    assert!(!is_server, "CI=true and no Go: set GO=/path/to/go, or put go in the path");
                    eprintln!("skipped: no Go to build a program with; set GO=/path/to/go, or put go in the path");
                    return None;
                }
            }
        }
        let ended = Command::new(folder.path().join("app")).current_dir(folder.path()).status();
        assert!(ended.is_ok_and(|status| status.success()), "it dumps its heap");
        Some(Self { folder })
    }

    fn path(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().expect("a UTF-8 path").to_owned()
    }

    fn holders(&self, program: &str) -> Value {
        let (before, after, program) = (self.path("before"), self.path("after"), self.path(program));
        json(&["holders", &before, &after, "--bin", &program, "-n", "0", "--min", "20KiB"])
    }
}

fn names(report: &Value) -> Vec<&str> {
    let holders = report["holders"].as_array().expect("holders").iter();
    let names = holders.map(|holder| holder["name"].as_str().expect("a name"));
    names.filter(|name| name.starts_with("main.")).collect()
}

#[test]
fn a_program_names_its_own_dumps() {
    let Some(dumped) = Dumped::with(&[]) else { return };
    let report = dumped.holders("app");
    assert_eq!(names(&report).len(), 12, "{:?}", names(&report));
    let cache = super::dump::holder(&report, "main.cache");
    assert_eq!(cache["path"][0]["field"], ".items");
}

#[test]
fn descriptors_tell_types_where_debug_information_does_not() {
    let Some(dumped) = Dumped::with(&["-ldflags=-w"]) else { return };
    let report = dumped.holders("app");
    assert_eq!(names(&report).len(), 12, "{:?}", names(&report));
    let told = |name: &str, hop: &str| {
        let path = super::dump::holder(&report, name)["path"].clone();
        assert!(path.as_array().expect("a path").iter().any(|it| it["name"] == hop), "{name}: {path}");
    };
    told("main.cache", "[map]");
    told("main.handlers", "closure main.fill.func1");
}

#[test]
fn a_stripped_program_is_named_by_the_same_one_with_its_symbols() {
    let Some(dumped) = Dumped::with(&["-ldflags=-s"]) else { return };
    let (after, app) = (dumped.path("after"), dumped.path("app"));
    run(&["holders", &after, "--bin", &app]).failed(&["no symbols", "without -s"]);
    assert_eq!(names(&dumped.holders("whole")).len(), 12);
}

#[test]
fn a_program_may_lie_anywhere_in_memory() {
    let Some(dumped) = Dumped::with(&["-buildmode=pie"]) else { return };
    assert_eq!(names(&dumped.holders("app")).len(), 12);
}
