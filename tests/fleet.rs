//! Fleets with a known truth: who leaks, on how many hosts, since which build.

mod support;

use leakdiff::cli::Exit;
use leakdiff::fleet::{Growth, Host, Labels, Ranked, Segment, Subject};
use serde_json::Value;

use support::{Files, Profile, run};

const PERIOD: f64 = 524_288.0;
const SIZE: i64 = 1024;
const HOUR: i64 = 3_600_000_000_000;

/// A generator of numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// By counting arrivals.
    fn poisson(&mut self, mean: f64) -> i64 {
        let (mut count, mut left) = (0, mean);
        loop {
            left += self.next().max(1e-300).ln();
            if left < 0.0 {
                return count;
            }
            count += 1;
        }
    }
}

/// What so many samples of blocks of one size stand for: objects and bytes.
fn scaled(samples: i64) -> [i64; 2] {
    let scale = 1.0 / -(-SIZE as f64 / PERIOD).exp_m1();
    [(samples as f64 * scale) as i64, ((samples * SIZE) as f64 * scale) as i64]
}

/// Samples of a stack that were allocated since the start of the process, and those still there.
#[derive(Default, Clone, Copy)]
struct Stack {
    allocated: i64,
    there: i64,
}

impl Stack {
    fn hour(&mut self, random: &mut Random, churn: f64, leak: f64) {
        let (came, went) = (random.poisson(churn), random.poisson(churn));
        let leaked = random.poisson(leak);
        self.allocated += came + leaked;
        self.there = (self.there + came + leaked - went).max(0);
    }

    fn values(self) -> [i64; 4] {
        let ([objects, bytes], [there, held]) = (scaled(self.allocated), scaled(self.there));
        [objects, bytes, there, held]
    }
}

const KEEP: &str = "example.com/cart.(*Store).Keep;main.main";
const LOG: &str = "example.com/audit.Log;main.main";

fn profile(keep: Stack, log: Stack, build: &str, hour: i64) -> Vec<u8> {
    let profile = Profile::new().stack(KEEP, keep.values()).bytes(SIZE).stack(LOG, log.values()).bytes(SIZE);
    profile.period("space", "bytes", PERIOD as i64).build_id(build).time(1_700_000_000_000_000_000 + hour * HOUR).gzip()
}

/// A fleet of so many hosts: three hours of build `one`, then three of build `two`, in which 100 KiB leak per hour and host
/// beside churn of 512 KiB each way. Ten hosts restart; one has a leak of its own.
fn fleet(files: &Files, hosts: usize, leak: f64) -> String {
    let mut random = Random(7);
    for host in 0..hosts {
        let folder = files.path(&format!("fleet/cart/pod-{host:04}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut hour = 0;
        for (build, leaks) in [("one", 0.0), ("two", leak)] {
            // A process that has run for a while.
            let (mut keep, mut log) = (Stack { allocated: 40, there: 20 }, Stack { allocated: 40, there: 20 });
            for step in 0..4 {
                if host < 10 && build == "two" && step == 2 {
                    keep = Stack { allocated: 20, there: 20 };
                    log = keep;
                }
                let path = format!("{folder}/heap.{hour:02}.pb.gz");
                std::fs::write(path, profile(keep, log, build, hour)).expect("a profile");
                hour += 1;
                keep.hour(&mut random, 1.0, leaks);
                log.hour(&mut random, 1.0, if host == 42 { 40.0 } else { 0.0 });
            }
        }
    }
    files.path("fleet")
}

fn report(folder: &str, more: &[&str]) -> Value {
    let outcome = run(&[&["fleet", folder, "--labels", "{service}/{host}/{time}", "-f", "json"], more].concat());
    assert_eq!(outcome.exit, Exit::Done, "{}", outcome.stderr);
    outcome.json()
}

fn row<'a>(report: &'a Value, name: &str) -> &'a Value {
    let rows = report["rows"].as_array().expect("rows");
    rows.iter()
        .find(|row| row["name"].as_str().is_some_and(|it| it.contains(name)))
        .unwrap_or_else(|| panic!("{rows:#?}"))
}

#[test]
fn a_leak_that_no_host_can_prove_shows_over_all_with_its_build() {
    let files = Files::new();
    let hosts = 1000;
    let report = report(&fleet(&files, hosts, 0.2), &[]);
    assert_eq!(report["fleet"]["hosts"], hosts);
    assert_eq!(report["fleet"]["profiles"], hosts * 8);
    assert_eq!(report["fleet"]["builds"], serde_json::json!(["one", "two"]));
    let keep = row(&report, "Keep");
    let z = keep["z"].as_f64().expect("a number");
    assert!(z > 3.0, "{z}");
    assert_eq!(keep["first_build"], "two");
    // Half of the hours are of the build that leaks: 100 KiB an hour are 50 over all.
    let (low, high) = (keep["low"].as_i64().expect("bytes"), keep["high"].as_i64().expect("bytes"));
    assert!(low > 0 && low < 51_200 && high > 51_200, "{low} to {high}");
    let hosts_of = &keep["hosts"];
    assert_eq!(hosts_of["all"], hosts);
    assert_eq!(hosts_of["by_chance"], hosts as f64 * 0.025);
    let growing = hosts_of["growing"].as_f64().expect("a number");
    assert!(growing < hosts as f64 * 0.25, "no single host can prove it: {growing}");
}

#[test]
fn one_bad_pod_of_many_is_named() {
    let files = Files::new();
    let report = report(&fleet(&files, 60, 0.0), &[]);
    let log = row(&report, "audit.Log");
    assert_eq!(log["top_hosts"][0]["host"], "cart/pod-0042");
    assert!(log["top_hosts"][0]["delta"].as_i64() > Some(100 << 20), "{log}");
    assert_eq!(log["first_build"], "one", "it leaks in both");
    let text = run(&["fleet", &files.path("fleet"), "--columns", "80"]).done().stdout;
    assert!(text.contains("cart/pod-0042 has") && text.contains("HOSTS (BY CHANCE)"), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let markdown = run(&["fleet", &files.path("fleet"), "-f", "markdown"]).done().stdout;
    assert!(
        markdown.contains("| cart/pod-0042 |") && markdown.contains("| growth | per host and hour |"),
        "{markdown}"
    );
    let csv = run(&["fleet", &files.path("fleet"), "-f", "csv"]).done().stdout;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let columns = rows.headers().expect("columns").clone();
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("rows");
    let of_log = rows.iter().find(|row| row[at("name")].contains("audit.Log") && row[at("code")].is_empty());
    assert_eq!(of_log.expect("a row")[at("growth")], log["growth"].to_string(), "the same as in JSON");
    let suspects = report["suspects"].as_array().expect("suspects");
    assert!(
        suspects.iter().any(|suspect| suspect["code"].is_string() && suspect["responsible"].is_string()),
        "{suspects:?}"
    );
}

#[test]
fn no_growth_crosses_a_restart() {
    let files = Files::new();
    std::fs::create_dir_all(files.path("fleet/pod")).expect("a folder");
    let stack = |samples| Stack { allocated: samples, there: samples };
    // Grows by 30 samples, restarts with 100, grows by 10.
    for (hour, samples) in [(0, 10), (1, 40), (2, 100), (3, 110)] {
        let build = if hour < 2 { "one" } else { "two" };
        files.write(&format!("fleet/pod/heap{hour}.pb.gz"), profile(stack(samples), stack(0), build, hour));
    }
    let outcome = run(&["fleet", &files.path("fleet"), "-f", "json"]).done().json();
    let grown = row(&outcome, "Keep")["growth"].as_i64().expect("bytes");
    let expected = scaled(40)[1];
    assert!((grown - expected).abs() < 100, "{grown} of {expected}");
}

#[test]
fn a_bad_file_is_named_and_ends_nothing() {
    let files = Files::new();
    let folder = fleet(&files, 5, 0.2);
    files.write("fleet/cart/pod-0001/heap.99.pb.gz", "no profile at all");
    files.write("fleet/notes.txt", "took these at noon");
    let report = report(&folder, &[]);
    assert_eq!(report["fleet"]["hosts"], 5);
    let warning = report["warnings"][0]["message"].as_str().expect("a warning");
    assert!(warning.contains("heap.99.pb.gz") && warning.contains("notes.txt"), "{warning}");
    run(&["fleet", &files.path("missing")]).failed(&["missing"]);
    run(&["fleet", &folder, "--labels", "{service}/{time}"]).failed(&["--labels", "{host}"]);
    run(&["fleet", &folder, "--labels", "other/{host}/x/y/z"]).failed(&["fits the path of no file"]);
}

#[test]
fn a_limit_per_host_and_hour_is_a_gate() {
    let files = Files::new();
    let folder = fleet(&files, 60, 0.0);
    let exit = |limit: &str| run(&["fleet", &folder, "--max-growth-per-host-hour", limit]).exit;
    // 40 samples of 512 KiB an hour on one of 60 hosts: a third of a MiB.
    assert_eq!(exit("10KiB"), Exit::Failed);
    assert_eq!(exit("100MiB"), Exit::Done);
}

#[test]
fn the_order_of_hosts_changes_nothing() {
    let hosts = simulated(&mut Random(3), 20, 0.3);
    let ranked = |hosts: &mut dyn Iterator<Item = &Host>| {
        let mut ranked = Ranked::default();
        hosts.for_each(|host| ranked.add(host));
        format!("{:?}", ranked.finish())
    };
    assert_eq!(ranked(&mut hosts.iter()), ranked(&mut hosts.iter().rev()));
}

/// Hosts on which one function has churn of one sample an hour each way for ten hours, and a leak.
fn simulated(random: &mut Random, hosts: usize, leak: f64) -> Vec<Host> {
    let host = |number: usize| {
        let (mut samples, mut events) = (0, 0);
        for _ in 0..10 {
            let (came, went) = (random.poisson(1.0) + random.poisson(leak), random.poisson(1.0));
            (samples, events) = (samples + came - went, events + came + went);
        }
        let subject = Subject {
            fingerprint: "f".into(),
            name: "main.keep".into(),
            file: String::new(),
            line: 0,
            responsible: None,
            suspect: None,
        };
        Host {
            labels: Labels { service: String::new(), host: format!("{number:04}") },
            profiles: 11,
            span: None,
            segments: vec![Segment { build: "one".into(), from_us: 1, hours: 10.0 }],
            growth: vec![Growth {
                segment: 0,
                subject,
                bytes: (samples as f64 * PERIOD) as i64,
                variance: events as f64 * PERIOD * PERIOD,
            }],
            warnings: Vec::new(),
        }
    };
    (0..hosts).map(host).collect()
}

#[test]
fn fleets_without_a_leak_raise_no_more_alarms_than_stated() {
    let mut random = Random(11);
    let (fleets, hosts) = (400, 50);
    let (mut alarms, mut growing) = (0, 0);
    for _ in 0..fleets {
        let mut ranked = Ranked::default();
        simulated(&mut random, hosts, 0.0).iter().for_each(|host| ranked.add(host));
        let row = &ranked.finish().rows[0];
        alarms += usize::from(row.z() > 1.96);
        growing += row.growing;
    }
    // One in forty, with three standard deviations of the simulation.
    let bound = |count: usize| count as f64 * 0.025 + 3.0 * (count as f64 * 0.025).sqrt();
    assert!((alarms as f64) < bound(fleets), "{alarms} of {fleets}");
    assert!((growing as f64) < bound(fleets * hosts), "{growing} of {}", fleets * hosts);
    assert!(growing > fleets * hosts / 200, "chance does make hosts grow: {growing}");
}
