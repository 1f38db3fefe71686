//! Servers that do what servers should not: an error that names the URL, soon, in little memory.

use std::time::{Duration, Instant};

use crate::support::hostile::Hostile;
use crate::support::{json, run};

/// What is said of a path, with exit code 2.
#[track_caller]
fn refused(server: &Hostile, path: &str, words: &[&str]) {
    let url = server.url(path);
    let outcome = run(&[&url, "--timeout", "2s"]);
    outcome.failed(&[&[&*url], words].concat());
}

#[test]
fn an_answer_that_is_none_says_what_it_is() {
    let server = Hostile::start();
    refused(&server, "401", &["401 Unauthorized: no entry without a badge", "hint: give credentials"]);
    refused(&server, "500", &["500 Internal Server Error: it broke"]);
    refused(&server, "204", &["empty"]);
    refused(&server, "empty", &["empty"]);
    refused(&server, "html", &["an HTML page", "Sign in"]);
    refused(&server, "no-http", &[]);
    refused(&server, "truncated", &["ends early, after"]);
    refused(&server, "wrong-length", &["ends early"]);
    refused(&server, "endless-headers", &[]);
    refused(&server, "loop", &["redirect loop: sent on 10 times"]);
    refused(&server, "to/ftp:host/heap", &["redirect to \"ftp://host/heap\" cannot be followed"]);
    let text = run(&[&server.url("500")]).stderr;
    assert!(!text.contains('\u{1b}') && !text.contains("secret"), "{text:?}");
}

#[test]
fn what_takes_too_long_ends() {
    let server = Hostile::start();
    for (path, words) in [("slow", "no answer within 2 s"), ("drip", "the answer did not end within 2 s")] {
        let started = Instant::now();
        refused(&server, path, &[words, "--timeout"]);
        assert!(started.elapsed() < Duration::from_secs(5), "{path}: {:?}", started.elapsed());
    }
}

/// Without any option: within half a minute, side by side as the inputs of one run are.
#[test]
fn nothing_takes_longer_than_half_a_minute() {
    let server = Hostile::start();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for path in ["slow", "drip"] {
            let url = server.url(path);
            scope.spawn(move || run(&[&url]).failed(&[&url, "within 25 s"]));
        }
    });
    assert!(started.elapsed() < Duration::from_secs(29), "{:?}", started.elapsed());
}

#[test]
fn what_is_too_long_ends() {
    let server = Hostile::start();
    let url = server.url("endless");
    run(&[&url, "--max-download", "4MiB"]).failed(&[&url, "the answer is longer than 4.0 MiB", "--max-download"]);
    let bomb = server.url("bomb");
    run(&[&bomb, "--max-inflated", "16MiB"]).failed(&[&bomb, "claims 268435456 bytes"]);
}

#[test]
fn what_passes_is_tried_again() {
    for path in ["busy", "hangs-up"] {
        let server = Hostile::start();
        json(&[&server.url(path)]);
        assert_eq!(server.requests().len(), 3, "{path}");
        let server = Hostile::start();
        run(&[&server.url(path), "--retries", "1"]).failed(&[&server.url(path)]);
        assert_eq!(server.requests().len(), 2, "{path}");
    }
    // What will not change is asked for once.
    let server = Hostile::start();
    run(&[&server.url("500")]).failed(&["500"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn nobody_is_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let address = free.to_string();
    run(&[&address]).failed(&[&address, "connection refused", "no file of this name"]);
    run(&[&format!("http://{address}")]).failed(&["connection refused", "is the process running"]);
    run(&["no-such-host.invalid:6060"])
        .failed(&["http://no-such-host.invalid:6060/debug/pprof/heap", "cannot connect"]);
}

#[test]
fn credentials_go_to_no_other_host() {
    let (first, second) = (Hostile::start(), Hostile::start());
    let leads =
        |to: &Hostile, path: &str| format!("{}?x", first.url(&format!("to/http:127.0.0.1:{}/{path}", to.port())));
    let secrets = ["-H", "X-Key: hush-1", "--user", "me:hush-2", "--tls-ca"];
    json(&[&[&*leads(&second, "heap")], &secrets[..4]].concat());
    let sent = first.requests().concat();
    assert!(sent.contains("x-key: hush-1") && sent.contains("authorization: basic "), "{sent}");
    let strange = second.requests().concat();
    assert!(strange.contains("get /heap"), "{strange}");
    assert!(!strange.contains("hush") && !strange.contains("authorization"), "{strange}");
    // To the same host and port they go on.
    let first = Hostile::start();
    let url = first.url(&format!("to/http:127.0.0.1:{}/heap", first.port()));
    json(&[&[&*url], &secrets[..4]].concat());
    assert!(first.requests()[1].contains("x-key: hush-1"));
}

#[test]
fn a_proxy_is_asked_but_not_for_this_machine() {
    let (proxy, server) = (Hostile::start(), Hostile::start());
    let output = |url: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_leakdiff"));
        command.args([url, "--timeout", "2s"]).env("HTTP_PROXY", proxy.url("")).env_remove("NO_PROXY");
        command.output().expect("a run")
    };
    assert!(output(&server.url("heap")).status.success());
    assert_eq!(proxy.requests().len(), 0, "what is here needs no proxy");
    output("http://leakdiff.invalid:6060");
    assert!(proxy.requests().concat().contains("leakdiff.invalid:6060"), "{:?}", proxy.requests());
}
