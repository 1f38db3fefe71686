//! How far a configuration reaches: where it is looked for, and what it may write.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::fixture;
use crate::{leakdiff, stderr, stdout};

/// A home with a repository `shop` that has a package `api`, in which the gate is run.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    for folder in ["shop/api", "shop/.git", "plain/api"] {
        fs::create_dir_all(home.path().join(folder)).expect("a folder");
    }
    home
}

fn check(home: &Path, folder: &str) -> std::process::Output {
    let (base, new) = (fixture("timers/heap1.pb.gz"), fixture("timers/heap3.pb.gz"));
    let args = ["check", &base, &new].map(AsRef::as_ref);
    leakdiff(&home.join(folder), &args).env("HOME", home).output().expect("it runs")
}

#[test]
fn it_is_looked_for_no_further_up_than_the_repository_or_the_home() {
    let home = home();
    let outer = home.path().join("leakdiff.toml");
    fs::write(&outer, "max-growth = \"1GiB\"\n").expect("a file");
    let outside = check(home.path(), "shop/api");
    assert_eq!(outside.status.code(), Some(2), "that of the home is not the repository's: {}", stdout(&outside));
    let plain = check(home.path(), "plain/api");
    assert!(plain.status.success(), "where there is no repository: {}", stderr(&plain));
    let above = check(&home.path().join("shop"), "api");
    assert_eq!(above.status.code(), Some(2), "nor is what lies above the home: {}", stdout(&above));
}

#[test]
fn the_text_names_it_where_it_is_not_beside_the_caller() {
    let home = home();
    fs::write(home.path().join("shop/leakdiff.toml"), "max-growth = \"1GiB\"\n").expect("a file");
    let text = stdout(&check(home.path(), "shop/api"));
    assert!(text.contains("\n      with the configuration ../leakdiff.toml\n"), "{text}");
    let text = stdout(&check(home.path(), "shop"));
    assert!(text.starts_with("PASS") && !text.contains("configuration"), "{text}");
}

#[test]
fn what_it_writes_stays_below_its_folder() {
    let home = home();
    let config = home.path().join("shop/leakdiff.toml");
    let write = |output: &str| {
        fs::write(&config, format!("max-growth = \"1GiB\"\noutput = [{output:?}]\n")).expect("a file");
        check(home.path(), "shop/api")
    };
    let inside = write("json=api/leak.json");
    assert!(inside.status.success(), "{}", stderr(&inside));
    assert!(home.path().join("shop/api/leak.json").is_file());
    symlink(home.path(), home.path().join("shop/up")).expect("a link");
    symlink(home.path().join("profile"), home.path().join("shop/leak.md")).expect("a link");
    let absolute = home.path().join("absolute.json").display().to_string();
    for output in ["../x.json", "api/../../x.json", "json=../x", &absolute, "up/x.json", "leak.md", "json=/dev/null"] {
        let outside = write(output);
        assert_eq!(outside.status.code(), Some(2), "{output}: {}", stdout(&outside));
        assert!(stderr(&outside).contains("below the folder of the configuration"), "{output}: {}", stderr(&outside));
    }
    let left: Vec<String> = crate::names(home.path());
    assert_eq!(left, ["plain", "shop"], "nothing was written outside");
}
