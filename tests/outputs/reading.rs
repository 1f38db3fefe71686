//! What is read: remembered through all links, through a limit, and the same from beginning to end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::symlink;
use std::path::Path;

use leakdiff::source::{Files, LONGEST_TEXT, Location};

fn files() -> Files {
    Files::new(Box::new(io::empty()))
}

#[test]
fn a_file_is_known_through_its_links() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a"), "text").expect("a file");
    fs::write(path("b"), "text").expect("a file");
    fs::hard_link(path("a"), path("hard")).expect("a link");
    symlink("a", path("soft")).expect("a link");
    let files = files();
    assert!(!files.were_read(&path("a")));
    files.text(&path("a"), LONGEST_TEXT).expect("it is text");
    for name in ["a", "hard", "soft"] {
        assert!(files.were_read(&path(name)), "{name}");
    }
    for name in ["b", "none", "."] {
        assert!(!files.were_read(&path(name)), "{name}");
    }
}

#[test]
fn what_never_ends_is_read_to_the_limit_only() {
    let error = files().text(Path::new("/dev/zero"), LONGEST_TEXT).expect_err("it is too long");
    assert!(error.to_string().contains("/dev/zero"), "{error}");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("heap");
    fs::write(&path, "0123456789").expect("a file");
    let read = |change: &dyn Fn(&mut File)| {
        let mut inputs = files().open_all(&[Location::parse(path.as_os_str())]).expect("it is there");
        let mut content = inputs.remove(0).content;
        let mut start = [0; 4];
        content.read_exact(&mut start).expect("four bytes");
        change(&mut File::options().append(true).open(&path).expect("it can be written"));
        io::read_to_string(content)
    };
    assert_eq!(read(&|_| {}).expect("nothing changed"), "456789");
    for change in [|file: &mut File| drop(file.write_all(b"more")), |file: &mut File| drop(file.set_len(4))] {
        let error = read(&change).expect_err("it changed");
        assert!(error.to_string().contains("changed while it was read"), "{error}");
    }
}
