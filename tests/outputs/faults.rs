//! Faults while a file is written or read: the old or the new one is there whole, never a mixture.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::fixture;
use crate::{folder, leakdiff, names, run, shell, stderr};

/// A file system of a few kilobytes, while a test lasts. Only root can make one.
struct Small(tempfile::TempDir);

impl Small {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        let is_mounted = mount.status().is_ok_and(|status| status.success());
        if !is_mounted {
            eprintln!("skipped: only root can mount a small file system");
        }
        is_mounted.then_some(Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn on_a_full_disk_the_old_file_stays() {
    let Some(disk) = Small::new() else { return };
    let (from, path) = (folder(), disk.0.path().join("leak.html"));
    fs::write(&path, "old").expect("a file");
    let baseline = disk.0.path().join("heap.json");
    let [page, recorded] = [&path, &baseline].map(|path| path.display().to_string());
    let output = run(from.path(), &["report", "h1", "h2", "-o", &page]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("leak.html: cannot be written"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "old");
    assert_eq!(names(disk.0.path()), ["leak.html"], "nothing is left behind");
    let small = run(from.path(), &["check", "h1", "--no-config", "--update-baseline", &recorded]);
    assert_eq!(small.status.success(), baseline.is_file(), "{}", stderr(&small));
}

#[test]
fn in_a_folder_that_takes_no_files_the_old_one_stays() {
    let from = folder();
    let closed = from.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    fs::write(closed.join("leak.json"), "old").expect("a file");
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).expect("a mode");
    let output = run(from.path(), &["h1", "h2", "-o", "closed/leak.json"]);
    let text = fs::read_to_string(closed.join("leak.json")).expect("it is there");
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).expect("a mode");
    let told = output.status.success() || stderr(&output).contains("its folder takes no new files");
    assert!(told, "{}", stderr(&output));
    let missing = run(from.path(), &["h1", "h2", "-o", "missing/leak.json"]);
    assert!(stderr(&missing).contains("cannot be written\n  because: there is no such folder"), "{missing:?}");
    // Root may write everywhere.
    assert_eq!(text == "old", output.status.code() == Some(2), "{}", stderr(&output));
    assert!(text == "old" || text.ends_with("}\n"), "{text}");
}

#[test]
fn a_file_that_may_not_be_written_is_not_replaced() {
    let from = folder();
    let line = "echo old > leak.json; chmod 444 leak.json; chmod 777 .; \
                if [ $(id -u) = 0 ]; then chattr +i leak.json 2>/dev/null || exit 9; fi; \
                \"$leakdiff\" h1 h2 -o leak.json; code=$?; chattr -i leak.json 2>/dev/null; exit $code";
    let output = shell(from.path(), line);
    if output.status.code() == Some(9) {
        eprintln!("skipped: root may write to everything on this file system");
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(from.path().join("leak.json")).expect("it is there"), "old\n");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success() || !status.success()), "kill is there");
}

/// Whether a page is complete.
fn is_whole(page: &str) -> bool {
    page.starts_with("<!") && page.trim_end().ends_with("</html>")
}

#[test]
fn a_run_that_is_ended_leaves_the_old_or_the_new_file() {
    let from = folder();
    let page = from.path().join("leak.html");
    fs::write(from.path().join("leak.html.partial"), "stale").expect("a file");
    let heaps = [1, 3].map(|number| fixture(&format!("large/heap{number}.pb.gz")));
    let args = ["report", &heaps[0], &heaps[1], "-o", "leak.html"].map(AsRef::as_ref);
    let whole = std::time::Instant::now();
    assert!(leakdiff(from.path(), &args).status().expect("it runs").success());
    let whole = whole.elapsed();
    let (mut olds, mut news) = (0, 0);
    for round in 0..50_u32 {
        fs::write(&page, "<!old</html>").expect("a file");
        let mut child = leakdiff(from.path(), &args).stderr(Stdio::null()).spawn().expect("it runs");
        // From the beginning to a little behind the end.
        thread::sleep(whole.mul_f64(f64::from(round % 25) / 22.0));
        signal(&child, if round % 2 == 0 { "-TERM" } else { "-INT" });
        child.wait().expect("it ends");
        let text = fs::read_to_string(&page).expect("it is there");
        assert!(is_whole(&text), "round {round}: {} bytes", text.len());
        if text == "<!old</html>" { olds += 1 } else { news += 1 }
    }
    assert!(olds > 0, "no run was ended early: {olds} old, {news} new");
    assert_eq!(fs::read_to_string(from.path().join("leak.html.partial")).expect("it is there"), "stale");
}

#[test]
fn two_writers_of_one_baseline() {
    let from = folder();
    let update = |heap: &'static str, path: &Path| {
        leakdiff(path, &["check", heap, "--no-config", "--update-baseline", "base.json"].map(AsRef::as_ref))
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs")
    };
    let alone = ["h1", "h2"].map(|heap| {
        assert!(update(heap, from.path()).wait().expect("it ends").success());
        fs::read(from.path().join("base.json")).expect("it is there")
    });
    for _ in 0..10 {
        let writers = [update("h1", from.path()), update("h2", from.path())];
        for mut writer in writers {
            assert!(writer.wait().expect("it ends").success());
        }
        let text = fs::read(from.path().join("base.json")).expect("it is there");
        assert!(alone.contains(&text), "a mixture of {} bytes", text.len());
    }
    assert_eq!(names(from.path()), ["base.json", "g1", "g3", "h1", "h2"]);
}

#[test]
fn an_input_that_changes_while_it_is_read_is_an_error_or_one_of_its_states() {
    let from = folder();
    let (path, heap) = (from.path().join("live"), fs::read(fixture("large/heap1.pb.gz")).expect("a profile"));
    fs::write(&path, &heap).expect("a file");
    let args = ["live", "-f", "json", "--sample-index", "inuse_space"].map(AsRef::as_ref);
    let whole = leakdiff(from.path(), &args).output().expect("it runs");
    assert!(whole.status.success(), "{}", stderr(&whole));
    for round in 0..20_u64 {
        fs::write(&path, &heap).expect("a file");
        let child =
            leakdiff(from.path(), &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        thread::sleep(Duration::from_micros(500 * round));
        let file = fs::File::options().write(true).open(&path).expect("a file");
        file.set_len(heap.len() as u64 / 2).expect("it is cut");
        let output = child.wait_with_output().expect("it ends");
        match output.status.code() {
            Some(0) => assert!(output.stdout == whole.stdout, "round {round}: neither"),
            code => {
                assert!(code == Some(2) && stderr(&output).contains("live: "), "round {round}: {}", stderr(&output))
            }
        }
    }
}
