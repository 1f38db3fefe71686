//! What went wrong once.

use crate::support::{Files, fixture, json, run};

#[test]
fn a_few_buffers_of_connections_do_not_rename_what_a_function_keeps() {
    for number in 1..=10 {
        let path = |kind: &str| fixture(&format!("gate/runs/{kind}-{number:02}.pb.gz"));
        let report = json(&[&path("base"), &path("regressed")]);
        let first = &report["suspects"][0];
        assert_eq!(first["code"], "retained-objects", "run {number}: {first}");
        let function = first["responsible"]["function"].as_str().unwrap_or_default();
        assert!(function.ends_with("orders.(*Book).Place"), "run {number}: {function}");
    }
}

#[test]
fn an_owner_whose_growth_is_all_benign_has_no_case() {
    let files = Files::new();
    let baseline = files.path("baseline.json");
    for scenario in ["http-body", "client-per-request"] {
        let snapshot = |name: &str| fixture(&format!("{scenario}/{name}"));
        for before in ["goroutine1.pb.gz", "goroutine1.debug1.txt"] {
            let _ = std::fs::remove_file(&baseline);
            run(&["check", &snapshot(before), "--update-baseline", &baseline]).done();
            for after in ["goroutine1.pb.gz", "goroutine3.pb.gz"] {
                let report = json(&[&baseline, &snapshot(after)]);
                assert_eq!(report["metric"]["name"], "goroutine");
            }
        }
    }
}
