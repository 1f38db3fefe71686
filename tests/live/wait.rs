//! Both snapshots from one process: `--wait`.

use crate::server::Server;
use crate::support::hostile::Hostile;
use crate::support::{Files, fixture, json, run, run_with};

#[test]
fn two_snapshots_are_taken_kept_and_compared() {
    let Some(server) = Server::start(&["-every", "2ms", "-most", "1000000"]) else { return };
    let files = Files::new();
    let folder = files.path("kept");
    let report = json(&[server.address("plain"), "--wait", "2s", "--save", &folder]);
    assert_eq!(report["inputs"].as_array().map(Vec::len), Some(2));
    assert!(report["total"]["delta"].as_i64().expect("a number") > 100_000);
    assert!(report["goroutines"]["total"]["delta"].as_i64().expect("goroutines are there") > 10);
    let codes: Vec<&str> =
        report["suspects"].as_array().expect("suspects").iter().filter_map(|s| s["code"].as_str()).collect();
    assert!(codes.contains(&"goroutine-chan-send"), "{codes:?}");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names[0].starts_with("goroutine.") && names[2].starts_with("heap.") && names[3].ends_with("Z.pb.gz"));
    assert_eq!(report["inputs"][0]["path"], *format!("{folder}/{}", names[2]));
    let read = json(&[&format!("{folder}/{}", names[2]), &format!("{folder}/{}", names[3])]);
    assert_eq!(read["total"], report["total"], "what is kept is what was compared");
}

#[test]
fn it_is_quiet_where_nobody_looks() {
    let Some(server) = Server::shared() else { return };
    let outcome = run(&[server.address("plain"), "--wait", "1s"]).done();
    assert_eq!(outcome.stderr, "");
    // Of a process without goroutines that is said once.
    let outcome = run(&[server.address("bare"), "--wait", "500ms"]).done();
    assert_eq!(outcome.stderr.matches("warning: without goroutines").count(), 1, "{}", outcome.stderr);
}

#[test]
fn it_goes_on_until_it_is_sure() {
    let Some(server) = Server::start(&["-every", "2ms", "-most", "1000000"]) else { return };
    let report = json(&[server.address("plain"), "--wait", "300ms", "--until-sure", "--max-wait", "20s"]);
    assert!(report["inputs"].as_array().expect("inputs").len() > 2);
    let verdict = report["suspects"][0]["trend"]["verdict"].as_str().expect("a word");
    assert_ne!(verdict, "undecided");
}

#[test]
fn it_is_not_sure_for_ever() {
    let server = Hostile::start();
    let started = std::time::Instant::now();
    // The same profile over and over tells nothing new.
    let outcome = run(&[&server.url("debug/pprof/heap"), "--wait", "200ms", "--until-sure", "--max-wait", "1s"]);
    assert!(started.elapsed().as_secs() < 10);
    assert_eq!(outcome.exit as u8, 0, "{}", outcome.stderr);
}

#[test]
fn goroutines_alone_are_waited_for_too() {
    let Some(server) = Server::shared() else { return };
    let report = run(&["goroutines", server.address("plain"), "--wait", "500ms", "-f", "json"]).done().json();
    assert_eq!(report["inputs"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["metric"]["name"], "goroutine");
}

#[test]
fn what_cannot_be_waited_for_is_said_at_once() {
    let heap = fixture("timers/heap1.pb.gz");
    run(&[&heap, "--wait", "10m"]).failed(&["--wait takes the URL of one running process"]);
    run(&["host:6060", "host:6061", "--wait", "10m"]).failed(&["--wait takes the URL of one running process"]);
    run(&["host:6060", "--wait", "soon"]).failed(&["--wait soon: not a time"]);
    run(&["host:6060", "--wait", "0s"]).failed(&["--wait 0s: not a time"]);
    for option in [["--save", "x"], ["--max-wait", "1m"]] {
        assert_eq!(run(&[&["host:6060"], &option[..]].concat()).exit as u8, 2);
    }
    let Some(server) = Server::shared() else { return };
    let started = std::time::Instant::now();
    run(&[server.address("plain"), "--wait", "1h", "-o", "no/such/folder/x.html"]).failed(&["no/such/folder/x.html"]);
    assert!(started.elapsed().as_secs() < 10, "before the time is waited for");
}

#[test]
fn a_terminal_shows_no_less() {
    let Some(server) = Server::shared() else { return };
    let outcome = run_with(&[], Some(80), Some(false), &[server.address("plain"), "--wait", "500ms"]).done();
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80));
}
