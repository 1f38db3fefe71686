//! Whether something goes on, and when it reaches a value: the same words in every format, and a gate for it.

use crate::support::{Files, Profile, fixture, json, run};

const NOON: i64 = 1_795_176_000_000_000_000;
const MINUTE: i64 = 60_000_000_000;

fn heaps(scenario: &str) -> Vec<String> {
    (1..=3).map(|number| fixture(&format!("{scenario}/heap{number}.pb.gz"))).collect()
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// Snapshots ten minutes apart with so many objects of 1 MiB, all recorded and all kept.
fn series(files: &Files, counts: &[i64]) -> Vec<String> {
    let write = |(at, count): (usize, &i64)| {
        let profile = Profile::new()
            .period("space", "bytes", 1)
            .time(NOON + at as i64 * 10 * MINUTE)
            .stack("example.com/shop.Keep@/srv/shop.go:1;main.main", [*count, count << 20, *count, count << 20])
            .bytes(1 << 20);
        files.write(&format!("{at}-of-{}", counts.len()), profile.encode())
    };
    counts.iter().enumerate().map(write).collect()
}

#[test]
fn a_series_says_in_every_format_whether_it_goes_on() {
    let inputs = heaps("global-cache");
    for format in ["table", "markdown", "html", "csv"] {
        let text = run(&[&strs(&inputs)[..], &["-f", format]].concat()).done().stdout;
        assert!(text.contains("growing"), "{format}: {text}");
        assert!(format == "csv" || text.to_lowercase().contains("growing: +1"), "{format}: {text}");
        assert!(format == "csv" || text.contains("per minute ("), "{format}: {text}");
    }
    let report = json(&strs(&inputs));
    let trend = &report["suspects"][0]["trend"];
    assert_eq!(trend["verdict"], "growing");
    assert_eq!(report["rows"][0]["trend"]["verdict"], "growing");
    let number = |key: &str| trend[key].as_i64().expect("a number");
    assert!(number("low") <= number("slope_per_hour") && number("slope_per_hour") <= number("high"), "{trend}");
    assert!(trend["decide_in_seconds"].is_null() && trend["reaches"].is_null(), "{trend}");
    let pair = json(&[&inputs[0], &inputs[2]]);
    assert_eq!(pair["suspects"][0]["trend"]["verdict"], "undecided", "two cannot tell");
    assert!(pair["suspects"][0]["trend"]["decide_in_seconds"].is_i64());
    assert!(pair["rows"][0]["trend"].is_null());
    let csv = run(&[&strs(&inputs)[..], &["-f", "csv"]].concat()).done().stdout;
    assert!(csv.lines().next().is_some_and(|line| line.ends_with("trend,slope_per_hour,slope_low,slope_high")));
}

#[test]
fn what_is_no_leak_stands_apart_with_the_reason() {
    let cases = [("warmup", "and no longer grows (stopped)"), ("churn", "frees it again, 0% of it kept (churn)")];
    for (scenario, words) in cases {
        let inputs = heaps(scenario);
        for format in ["table", "markdown", "html"] {
            let text = run(&[&strs(&inputs)[..], &["-f", format]].concat()).done().stdout;
            let text = text.replace('\\', "");
            let at = text.find("Not leaks").unwrap_or_else(|| panic!("{format} of {scenario}: {text}"));
            assert!(text[at..].contains(words), "{format} of {scenario}: {text}");
        }
    }
}

#[test]
fn when_a_value_is_reached() {
    let files = Files::new();
    let inputs = series(&files, &[100, 200, 300, 400]);
    let reached = |limit: &str| json(&[&strs(&inputs)[..], &["--reaches", limit]].concat())["trend"]["reaches"].clone();
    let next = reached("1000MiB");
    // 100 MiB in ten minutes: 600 MiB take an hour.
    assert_eq!(next["limit"], 1000 << 20);
    assert!((next["in_seconds"].as_i64().expect("seconds") - 3600).abs() < 400, "{next}");
    assert!(
        next["low"].as_i64() <= next["in_seconds"].as_i64() && next["in_seconds"].as_i64() <= next["high"].as_i64()
    );
    assert_eq!(reached("100MiB")["in_seconds"], 0, "it is there already");
    let text = |limit: &str| run(&[&strs(&inputs)[..], &["--reaches", limit]].concat()).done().stdout;
    assert!(text("1000MiB").contains("reaches 1000.0 MiB in "), "{}", text("1000MiB"));
    assert!(text("100MiB").contains("is at 100.0 MiB already"));
    run(&[&inputs[0], &inputs[1], "--reaches", "soon"]).failed(&["--reaches soon: not a size"]);
}

#[test]
fn a_gate_of_the_rate() {
    let files = Files::new();
    let inputs = series(&files, &[100, 200, 300, 400]);
    let check = |limit: &str, inputs: &[&str]| {
        run(&[&["check", "--no-config", "--max-slope", limit], inputs, &["-f", "table"]].concat())
    };
    let all = strs(&inputs);
    let failed = check("100MiB/h", &all);
    assert_eq!(failed.exit as u8, 1, "{}", failed.stdout);
    assert!(failed.stdout.contains("grows by +") && failed.stdout.contains("per hour"), "{}", failed.stdout);
    assert!(failed.stdout.contains("example.com/shop.Keep"), "{}", failed.stdout);
    for passing in ["1GiB/h", "20MiB/min", "1MiB/s", "20GiB/d", "2000000000"] {
        assert_eq!(check(passing, &all).exit as u8, 0, "{passing}: {}", check(passing, &all).stdout);
    }
    let two = check("1GiB/h", &[all[0], all[3]]);
    assert_eq!(two.exit as u8, 3, "{}", two.stdout);
    assert!(two.stdout.contains("fewer than three snapshots"), "{}", two.stdout);
    for wrong in ["fast", "1MiB/year", "10%/h", "-1/h"] {
        run(&["check", "--no-config", &format!("--max-slope={wrong}"), all[0], all[3]])
            .failed(&["--max-slope", "not a rate"]);
    }
    let config = files.write("leakdiff.toml", b"max-slope = \"100MiB/h\"\n");
    let by_file = run(&[&["check", "--config", &config][..], &all].concat());
    assert_eq!(by_file.exit as u8, 1, "{}", by_file.stdout);
    let printed = run(&["check", "--config", &config, "--print-config"]).done().stdout;
    assert!(printed.contains("max-slope = \"100MiB/h\""), "{printed}");
}
