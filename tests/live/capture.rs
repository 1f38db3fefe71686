//! A series of snapshots, as files: `leakdiff capture`.

use std::path::Path;
use std::time::Duration;

use crate::server::Server;
use crate::support::hostile::Hostile;
use crate::support::{Files, json, run};

/// The names in a folder, without the hidden ones.
pub fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

fn count(folder: &str, beginning: &str) -> usize {
    names(folder).iter().filter(|name| name.starts_with(beginning)).count()
}

#[test]
fn each_round_has_three_files_of_one_moment() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("series");
    let outcome = run(&["capture", server.address("plain"), "-n", "3", "--every", "1s", "-o", &folder]).done();
    assert_eq!(outcome.stderr, "");
    assert!(outcome.stdout.contains("3 of 3 rounds taken"), "{}", outcome.stdout);
    let names = names(&folder);
    assert_eq!(names.len(), 9, "{names:?}");
    let times = |beginning: &str, ending: &str| {
        let times = names.iter().filter_map(|name| name.strip_prefix(beginning)?.strip_suffix(ending));
        times.map(str::to_owned).collect::<Vec<_>>()
    };
    let heaps = times("heap.", ".pb.gz");
    assert_eq!(heaps.len(), 3);
    assert_eq!((&heaps, &heaps), (&times("goroutine.", ".pb.gz"), &times("memstats.", ".json")));
    let paths: Vec<String> = heaps.iter().map(|time| format!("{folder}/heap.{time}.pb.gz")).collect();
    let report = json(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(report["total"]["delta"].as_i64().expect("a number") > 0);
    let stats = std::fs::read_to_string(format!("{folder}/memstats.{}.json", heaps[0])).expect("a file");
    let stats: serde_json::Value = serde_json::from_str(&stats).expect("JSON");
    assert!(stats["memstats"]["HeapAlloc"].as_u64().is_some_and(|bytes| bytes > 0));
    assert!(stats.get("cmdline").is_none(), "a command line may hold secrets");
    assert!(!Path::new(&folder).join(".leakdiff-capture.json").exists(), "nothing is left of a whole series");
}

#[test]
fn the_heap_is_asked_for_first_and_once_in_each_round() {
    let server = Hostile::start();
    let files = Files::new();
    let url = server.url("debug/pprof/heap");
    // What a hostile server has at /debug/vars is no JSON: that is a warning.
    let outcome = run(&["capture", &url, "-n", "2", "--every", "1s", "-o", &files.path("x")]).done();
    assert!(outcome.stderr.contains("without MemStats"), "{}", outcome.stderr);
    let asked: Vec<String> =
        server.requests().iter().map(|request| request.split(' ').nth(1).expect("a target").to_owned()).collect();
    let [heap, goroutine, vars] = ["/debug/pprof/heap?gc=1", "/debug/pprof/goroutine", "/debug/vars"];
    assert_eq!(asked, [heap, goroutine, vars, heap, goroutine]);
}

#[test]
fn what_a_server_does_not_have_is_a_warning() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("bare");
    let outcome = run(&["capture", server.address("bare"), "-n", "2", "--every", "1s", "-o", &folder]).done();
    for what in ["goroutines", "MemStats"] {
        assert_eq!(outcome.stderr.matches(&format!("warning: without {what}")).count(), 1, "{}", outcome.stderr);
    }
    assert!(outcome.stderr.contains("404 Not Found"), "{}", outcome.stderr);
    assert_eq!(names(&folder).len(), 2);
}

#[test]
fn several_processes_have_folders_of_their_own() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("many");
    let (plain, bare) = (server.address("plain"), server.address("bare"));
    let outcome = run(&["capture", plain, bare, "127.0.0.1:1", "-n", "2", "--every", "1s", "-o", &folder]).done();
    assert!(outcome.stderr.contains("127.0.0.1:1") && outcome.stderr.contains("connection refused"));
    let expected = [plain.replace(':', "-"), bare.replace(':', "-")];
    for host in &expected {
        assert_eq!(count(&format!("{folder}/{host}"), "heap."), 2, "{host}");
    }
    assert_eq!(names(&folder).len(), 2);
}

#[test]
fn only_the_newest_are_kept() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("kept");
    std::fs::create_dir(&folder).expect("a folder");
    let own = files.write("kept/heap1.pb.gz", "a file of the user's");
    let capture = |rounds: &str| {
        run(&["capture", server.address("plain"), "-n", rounds, "--every", "1s", "--keep", "2", "-o", &folder]).done()
    };
    capture("3");
    let newest = names(&folder);
    assert_eq!((count(&folder, "heap."), count(&folder, "goroutine."), count(&folder, "memstats.")), (2, 2, 2));
    // As a timer does it: one round at a time, each a series of its own.
    std::thread::sleep(Duration::from_millis(1100));
    capture("1");
    assert_eq!(count(&folder, "heap."), 2);
    assert_ne!(names(&folder), newest);
    assert!(Path::new(&own).exists());
}

#[test]
fn a_server_that_restarts_in_the_middle_is_no_end() {
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string();
    let Some(server) = Server::start(&["-plain", &free]) else { return };
    let files = Files::new();
    let folder = files.path("restarted");
    let outcome = std::thread::scope(|scope| {
        let args = ["capture", &free, "-n", "5", "--every", "1s", "--retries", "0", "-o", &folder].map(str::to_owned);
        let capture = scope.spawn(move || run(&args.each_ref().map(String::as_str)));
        std::thread::sleep(Duration::from_millis(1500));
        drop(server);
        std::thread::sleep(Duration::from_millis(1200));
        let _again = Server::start(&["-plain", &free]).expect("Go is there");
        capture.join().expect("no panic")
    });
    let outcome = outcome.done();
    assert!(outcome.stderr.contains("no heap this time"), "{}", outcome.stderr);
    let heaps = count(&folder, "heap.");
    assert!((3..5).contains(&heaps), "{heaps} heaps\n{}", outcome.stderr);
    let heaps: Vec<String> =
        names(&folder).iter().filter(|name| name.starts_with("heap.")).map(|name| format!("{folder}/{name}")).collect();
    let report = json(&heaps.iter().map(String::as_str).collect::<Vec<_>>());
    let codes: Vec<&str> =
        report["warnings"].as_array().expect("warnings").iter().filter_map(|w| w["code"].as_str()).collect();
    assert!(codes.contains(&"restart"), "{codes:?}");
}

#[test]
fn what_cannot_begin_is_an_error() {
    let files = Files::new();
    let folder = files.path("x");
    run(&["capture", "127.0.0.1:1", "-n", "9", "--every", "1h", "-o", &folder]).failed(&[
        "127.0.0.1:1",
        "connection refused",
        "nothing could be taken",
    ]);
    run(&["capture", "heap.pb.gz", "-o", &folder]).failed(&["heap.pb.gz: not a URL", "host:6060"]);
    run(&["capture", "h:1", "h:1", "-o", &folder]).failed(&["h:1: named twice"]);
    run(&["capture", "h:1", "--every", "never", "-o", &folder]).failed(&["--every never: not a time"]);
    run(&["capture", "h:1", "--keep", "0", "-o", &folder]).failed(&["--keep 0"]);
    let file = files.write("file", "");
    run(&["capture", "h:1", "-o", &file]).failed(&[&file, "this folder cannot be made"]);
}
