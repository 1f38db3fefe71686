//! Inputs that are URLs, of a real service.

use crate::server::Server;
use crate::support::{Files, fixture, json, run};

#[test]
fn an_address_is_the_heap_after_a_collection() {
    let Some(server) = Server::shared() else { return };
    let address = server.address("plain");
    let report = json(&[address]);
    let url = format!("http://{address}/debug/pprof/heap?gc=1");
    assert_eq!(report["inputs"][0]["path"], *url);
    assert_eq!(report["metric"]["name"], "inuse_space");
    let without = json(&[address, "--no-gc"]);
    assert_eq!(without["inputs"][0]["path"], *url.trim_end_matches("?gc=1"));
    let allocs = format!("http://{address}/debug/pprof/allocs");
    assert_eq!(json(&[&allocs])["inputs"][0]["path"], *allocs, "what is named is asked for as it is");
}

#[test]
fn a_file_is_compared_with_now() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let old = files.path("old.pb.gz");
    run(&[server.address("plain"), "-f", "pprof", "-o", &old]).done();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let report = json(&[&old, &format!("now={}", server.address("plain"))]);
    assert_eq!(report["inputs"][1]["label"], "now");
    assert!(report["total"]["delta"].as_i64().expect("a number") > 0);
}

#[test]
fn goroutines_are_meant_where_they_are_asked_for() {
    let Some(server) = Server::shared() else { return };
    let address = server.address("plain");
    let report = run(&["goroutines", address, "-f", "json"]).done().json();
    assert_eq!(report["inputs"][0]["path"], *format!("http://{address}/debug/pprof/goroutine"));
    let beside = json(&[address, address, "--goroutines", address, "--goroutines", address]);
    assert!(beside["goroutines"]["total"]["after"].as_i64().is_some_and(|count| count > 0));
}

#[test]
fn an_existing_file_wins() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let name = files.path("localhost:6060");
    std::fs::copy(fixture("timers/heap1.pb.gz"), &name).expect("a copy");
    assert_eq!(json(&[&name])["inputs"][0]["path"], *name);
    // Without the file the same name is a URL.
    let address = server.address("plain");
    assert!(json(&[address])["inputs"][0]["path"].as_str().is_some_and(|path| path.starts_with("http://")));
}

#[test]
fn who_asks_can_be_proved() {
    let Some(server) = Server::shared() else { return };
    let auth = server.address("auth");
    let refused = run(&[auth]).failed(&["401 Unauthorized: who are you?", auth, "--user NAME"]);
    assert!(!refused.stderr.contains("secret"));
    json(&[auth, "--user", "me:secret"]);
    let shown = json(&[&format!("http://me:secret@{auth}")]);
    assert!(!shown.to_string().contains("secret"), "no report shows a password");
    run(&[auth, "--user", "me:wrong"]).failed(&["401"]);
    json(&[server.address("token"), "-H", "Authorization: Bearer secret"]);
    run(&[server.address("token"), "--bearer-env", "LEAKDIFF_NO_SUCH_VARIABLE"]).failed(&["this variable is not set"]);
}

/// What only another process can have in its environment.
fn with_variable(name: &str, value: &str, args: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_leakdiff")).args(args).env(name, value).output().expect("a run")
}

#[test]
fn secrets_come_from_the_environment() {
    let Some(server) = Server::shared() else { return };
    let token = with_variable("TOKEN", "secret", &[server.address("token"), "--bearer-env", "TOKEN"]);
    assert!(token.status.success());
    let password = with_variable("LEAKDIFF_PASSWORD", "secret", &[server.address("auth"), "--user", "me"]);
    assert!(password.status.success());
}

#[test]
fn a_page_does_not_tell_how_the_user_got_in() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let page = files.path("leak.html");
    let auth = server.address("auth");
    let args = ["report", &format!("http://me:secret@{auth}"), "--header=X-Key: secret", "-o", &page];
    run(&args).done();
    let text = std::fs::read_to_string(&page).expect("a page");
    assert!(!text.contains("secret") && text.contains("leakdiff report"));
}

#[test]
fn both_sides_of_tls_show_their_certificates() {
    let Some(server) = Server::shared() else { return };
    let url = format!("https://{}", server.address("tls"));
    let [ca, cert, key] = ["ca.pem", "client.pem", "client-key.pem"].map(|name| server.certificate(name));
    json(&[&url, "--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key]);
    run(&[&url, "--tls-cert", &cert, "--tls-key", &key]).failed(&["no secure connection", "UnknownIssuer", "--tls-ca"]);
    run(&[&url, "--tls-ca", &ca]).failed(&["no secure connection", "CertificateRequired"]);
    let insecure = run(&[&url, "--insecure", "--tls-cert", &cert, "--tls-key", &key]).done();
    assert!(insecure.stderr.contains("--insecure"), "{}", insecure.stderr);
    run(&[&url, "--tls-ca", &key]).failed(&[&key, "no certificate in it"]);
    run(&[&url, "--tls-cert", &cert]).failed(&[&cert, "no private key in it"]);
    run(&[&url, "--tls-ca", "nowhere.pem"]).failed(&["nowhere.pem", "no such file"]);
}

#[test]
fn what_was_asked_for_in_secret_is_not_asked_for_aloud() {
    let Some(server) = Server::shared() else { return };
    let [ca, cert, key] = ["ca.pem", "client.pem", "client-key.pem"].map(|name| server.certificate(name));
    let url = format!("https://{}/down", server.address("tls"));
    let args = [&*url, "--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key];
    run(&args).failed(&["/down", "redirect to http://", "refused"]);
}

#[test]
fn a_gate_reads_a_process() {
    let Some(server) = Server::shared() else { return };
    run(&["check", server.address("plain"), "--max-total", "100GiB", "--no-config"]).done();
}
