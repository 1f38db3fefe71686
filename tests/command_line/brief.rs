//! `--brief`: at most 3 kB, whatever the profiles hold.

use serde_json::Value;

use super::support::{Files, Profile, fixture, run};
use super::{MIB, MINUTE, NOON, heap};

/// As the page for scripts promises.
const MOST: usize = 3000;

fn brief(args: &[&str]) -> Value {
    let text = run(args).stdout;
    assert!(text.len() <= MOST && text.lines().count() == 1, "{} bytes: {text}", text.len());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn pair(scenario: &str) -> [String; 2] {
    [1, 3].map(|moment| fixture(&format!("{scenario}/heap{moment}.pb.gz")))
}

#[test]
fn it_says_what_the_report_says() {
    for scenario in
        ["http-body", "timers", "large", "global-cache", "warmup", "sawtooth", "healthy", "client-per-request"]
    {
        let [base, new] = pair(scenario);
        let (brief, full) = (brief(&[&base, &new, "--brief"]), run(&[&base, &new, "-f", "json"]).done().json());
        assert_eq!((&brief["total"], &brief["rate"]), (&full["total"], &full["rate"]), "{scenario}");
        let of = |report: &Value| -> Vec<(String, i64, String)> {
            let suspects = report["suspects"].as_array().expect("suspects").iter();
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            suspects
                .map(|one| (text(&one["code"]), one["delta"].as_i64().expect("a number"), text(&one["confidence"])))
                .collect()
        };
        assert_eq!((of(&brief), &brief["more_suspects"]), (of(&full), &0.into()), "{scenario}");
        let codes = |report: &Value| -> Vec<String> {
            let warnings = report["warnings"].as_array().expect("warnings").iter();
            let code = |one: &Value| one["code"].as_str().or(one.as_str()).expect("a code").to_owned();
            let mut codes: Vec<String> = warnings.map(code).collect();
            codes.sort();
            codes.dedup();
            codes
        };
        assert_eq!(codes(&brief), codes(&full), "{scenario}");
        assert!(brief["headline"].as_str().is_some_and(|headline| !headline.is_empty()));
    }
}

#[test]
fn each_way_to_ask_for_it_gives_the_same() {
    let [base, new] = pair("http-body");
    let files = Files::new();
    let asked = run(&[&base, &new, "--brief"]).done().stdout;
    assert_eq!(run(&[&base, &new, "-f", "json", "--brief"]).done().stdout, asked);
    assert_eq!(run(&[&base, &new, "-f", "brief"]).done().stdout, asked);
    let (named, json) = (files.path("named"), files.path("brief.json"));
    let both = run(&[&base, &new, "-o", &format!("brief={named}"), "-o", "-"]).done().stdout;
    assert!(both.contains("bufio.NewWriterSize"));
    run(&[&base, &new, "--brief", "-o", &json]).done();
    for path in [named, json] {
        assert_eq!(std::fs::read_to_string(path).expect("a file"), asked);
    }
    run(&[&base, &new, "--brief", "-f", "csv"]).failed(&["--brief is a form of JSON", "-f json --brief"]);
}

#[test]
fn the_next_command_can_be_run() {
    let [base, new] = [1, 3].map(|moment| format!("fixtures/timers/heap{moment}.pb.gz"));
    let steps = |inputs: &[&str]| -> Vec<String> {
        let report = brief(&[inputs, &["--brief"]].concat());
        report["next"].as_array().expect("steps").iter().map(|step| step.as_str().expect("text").to_owned()).collect()
    };
    assert!(steps(&[&new])[0].contains("compare it with a later profile"));
    let two = steps(&[&base, &new]);
    assert!(two[0].contains("third snapshot"), "{two:?}");
    let command = two.last().expect("a command").strip_prefix("leakdiff ").expect("a command");
    assert!(command.starts_with("list "), "{command}");
    run(&command.split(' ').collect::<Vec<_>>()).done();
    assert_eq!(steps(&[&base, &base]), Vec::<String>::new());
}

#[test]
fn a_gate_says_its_verdict() {
    let [base, new] = pair("http-body");
    let gate = |limit: &str| brief(&["check", &base, &new, "--no-config", "--max-growth", limit, "-f", "brief"]);
    let failed = gate("1MiB");
    assert_eq!(
        (&failed["verdict"], &failed["breaches"][0]),
        (&"fail".into(), &"max-growth 1MiB of inuse_space".into())
    );
    assert_eq!(gate("1GiB")["verdict"], "pass");
}

#[test]
fn no_profile_makes_it_longer() {
    let files = Files::new();
    let long = |tag: &str, at: usize| format!("example.com/{}/{tag}{at}.(*T).Put", "\u{7}é".repeat(2_000));
    let profile = |scale: i64, minutes: i64| {
        let mut heap = Profile::new().time(NOON + minutes * MINUTE);
        for at in 0..40 {
            let values = [scale, scale * MIB, scale, scale * MIB];
            heap = heap.stack(&format!("{};{};main.main", long("leaf", at), long("caller", at)), values).bytes(MIB);
        }
        heap
    };
    let paths = [(1, 0), (20, 10), (40, 20)]
        .map(|(scale, minutes)| files.write(&format!("{scale}"), profile(scale, minutes).encode()));
    let report = brief(&[&paths[0], &paths[1], &paths[2], "--brief"]);
    let suspects = report["suspects"].as_array().map_or(0, Vec::len) as u64;
    let all = run(&[&paths[0], &paths[1], &paths[2], "-f", "json"]).done().json();
    let all = all["suspects"].as_array().map_or(0, Vec::len) as u64;
    assert!(all > 8, "{all}");
    assert_eq!(suspects + report["more_suspects"].as_u64().expect("a number"), all);
    let odd = Profile::bare().types(&[(&"x\u{202e}".repeat(5_000), &"u\u{1}".repeat(5_000))]);
    let [one, two] =
        [1, 5].map(|value| files.write(&format!("odd{value}"), odd.clone().stack("main.f", [value]).encode()));
    brief(&[&one, &two, "--brief"]);
    let many: Vec<String> = (0..60).map(|at| files.write(&format!("series-{at}"), heap(at, at).encode())).collect();
    let arguments: Vec<&str> = many.iter().map(String::as_str).chain(["--brief"]).collect();
    brief(&arguments);
}

/// Whether a value is there as it is shown, where an object may have more keys.
fn is_part(shown: &Value, is: &Value) -> bool {
    match (shown, is) {
        (Value::Object(shown), Value::Object(is)) => {
            shown.iter().all(|(key, value)| is.get(key).is_some_and(|is| is_part(value, is)))
        }
        (Value::Array(shown), Value::Array(is)) => {
            shown.len() == is.len() && shown.iter().zip(is).all(|(shown, is)| is_part(shown, is))
        }
        (shown, is) => shown == is,
    }
}

#[test]
fn the_page_for_scripts_shows_what_is_printed() {
    let page = std::fs::read_to_string("docs/agents.md").expect("a page");
    let (_, after) = page.split_once("```json\n").expect("an example");
    let shown: Value = serde_json::from_str(after.split("```").next().expect("its end")).expect("JSON");
    let is = brief(&["fixtures/timers", "--brief"]);
    assert!(is_part(&shown, &is), "{shown}\nis not in\n{is}");
}

#[test]
fn the_keys_of_the_page_for_scripts_are_there() {
    let page = std::fs::read_to_string("docs/agents.md").expect("a page");
    let (_, table) = page.split_once("## Keys of the JSON").expect("a table");
    let full = run(&["fixtures/timers", "-f", "json", "--stacks"]).done().json();
    let brief = brief(&["fixtures/timers", "--brief"]);
    let gate = run(&["check", "fixtures/timers", "--no-config", "--max-growth", "1MiB", "-f", "json"]).json();
    let mut found = 0;
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = line.split(" | ");
        let (keys, text) = (cells.next().expect("keys"), cells.next().expect("a text"));
        let report = match (text.starts_with("brief only"), text.starts_with("of `check`")) {
            (true, _) => &brief,
            (_, true) => &gate,
            _ => &full,
        };
        for key in keys.split('`').skip(1).step_by(2).filter(|key| *key != "fingerprint") {
            let path = format!("/{}", key.replace('.', "/").replace("[]", ""));
            assert!(report.pointer(&path).is_some(), "{key} is not in {report:#}");
            found += 1;
            // What is named of the elements of a list, they have.
            if let Some(list) = key.strip_suffix("[]").filter(|_| text.starts_with('`') && report == &full) {
                let Some(first) = report[list].get(0) else { continue };
                let named = text.split(" (").flat_map(|part| part.rsplit(')').next()).collect::<String>();
                for name in named.split('`').skip(1).step_by(2).filter(|name| !name.contains('-')) {
                    assert!(first.get(name).is_some() || name == "input", "{list}: {name} is not in {first:#}");
                }
            }
        }
    }
    assert!(found > 12, "{found}");
}
