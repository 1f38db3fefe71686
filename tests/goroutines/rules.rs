//! Single rules, each on a profile that shows it and nothing else.

use std::process::Command;

use serde_json::Value;

use crate::support::{Files, Profile, fixture, json, run};

/// A goroutine profile: stacks, leaf first, with counts.
fn counts(stacks: &[(&str, i64)]) -> Vec<u8> {
    let profile = Profile::bare().types(&[("goroutine", "count")]);
    stacks.iter().fold(profile, |profile, (stack, count)| profile.stack(stack, [*count])).encode()
}

fn table_of(before: &[u8], after: &[u8], args: &[&str]) -> Value {
    let files = Files::new();
    let (before, after) = (files.write("before", before), files.write("after", after));
    json(&[&["goroutines", &before, &after], args].concat())
}

/// State, function and kind of the first row of a stack that became more.
fn row(stack: &str) -> (String, String, String) {
    let other = ("runtime.gopark;runtime.chanrecv;runtime.chanrecv1;a.com/b.Other;main.main;runtime.main", 1);
    let table = table_of(&counts(&[other]), &counts(&[other, (stack, 50)]), &[]);
    let row = &table["rows"][0];
    let text = |key: &str| row[key].as_str().unwrap_or_else(|| panic!("{stack}: {table:#}")).to_owned();
    (text("state"), text("function"), text("kind"))
}

#[test]
fn what_goroutines_wait_for_is_told_by_the_frames() {
    let park = "runtime.gopark;runtime.goparkunlock;runtime.semacquire1";
    let poll = "runtime.gopark;runtime.netpollblock;internal/poll.runtime_pollWait;internal/poll.(*FD).Read;net.(*netFD).Read;net.(*conn).Read";
    let states = [
        ("runtime.gopark;runtime.chansend;runtime.chansend1".to_owned(), "chan send"),
        ("runtime.gopark;runtime.chanrecv;runtime.chanrecv1".to_owned(), "chan receive"),
        ("runtime.gopark;runtime.chanrecv;runtime.chanrecv2".to_owned(), "chan range"),
        ("runtime.gopark;runtime.selectgo".to_owned(), "select"),
        ("runtime.gopark;runtime.block".to_owned(), "select {}"),
        (format!("{park};sync.runtime_SemacquireMutex;sync.(*Mutex).lockSlow;sync.(*Mutex).Lock"), "mutex"),
        (
            format!("{park};internal/sync.runtime_SemacquireMutex;internal/sync.(*Mutex).lockSlow;sync.(*Mutex).Lock"),
            "mutex",
        ),
        (format!("{park};sync.runtime_SemacquireRWMutexR;sync.(*RWMutex).RLock"), "rwmutex"),
        (format!("{park};sync.runtime_Semacquire;sync.(*WaitGroup).Wait"), "wait group"),
        (format!("{park};sync.runtime_SemacquireWaitGroup;sync.(*WaitGroup).Wait"), "wait group"),
        ("runtime.gopark;runtime.goparkunlock;sync.runtime_notifyListWait;sync.(*Cond).Wait".to_owned(), "cond"),
        ("runtime.gopark;time.Sleep".to_owned(), "sleep"),
        (poll.to_owned(), "network"),
        (format!("{poll};bufio.(*Reader).fill;bufio.(*Reader).Peek"), "network"),
        ("runtime.cgocall".to_owned(), "cgo call"),
        ("runtime.gopark;runtime.unheardOf".to_owned(), "parked"),
    ];
    for (stack, state) in states {
        let stack = format!("{stack};a.com/b.(*T).Wait;a.com/b.(*T).run");
        assert_eq!(row(&stack), (state.to_owned(), "a.com/b.(*T).Wait".to_owned(), "blocked".to_owned()), "{stack}");
    }
    assert_eq!(row("a.com/b.(*T).Wait;a.com/b.(*T).run").0, "running");
}

#[test]
fn what_comes_by_itself_is_transient() {
    let waits = "runtime.gopark;runtime.selectgo;context.(*cancelCtx).propagateCancel.func2";
    assert_eq!(row(waits).2, "transient");
    assert_eq!(row("a.com/b.Work;a.com/b.run").2, "transient");
    // A few of them come and go.
    let runs = |count: i64| counts(&[("runtime.gopark;runtime.block;a.com/b.G", 1), ("a.com/b.F;a.com/b.run", count)]);
    let few = table_of(&runs(1), &runs(9), &[]);
    assert_eq!(few["rows"], serde_json::json!([]));
    assert_eq!(few["remainder"]["delta"], 8);
}

#[test]
fn what_every_program_has_is_set_apart() {
    let chan = "runtime.gopark;runtime.chanrecv;runtime.chanrecv1";
    let accept = "runtime.gopark;runtime.netpollblock;internal/poll.runtime_pollWait;net.(*netFD).accept;net.(*TCPListener).Accept;net/http.(*Server).Serve";
    let benign = [
        (format!("{chan};a.com/b.Serve;main.main;runtime.main"), "runs main"),
        (format!("{chan};testing.(*T).Run;testing.runTests.func1;testing.tRunner"), "runs tests"),
        ("os/signal.signal_recv;os/signal.loop".to_owned(), "waits for signals"),
        ("runtime/pprof.writeGoroutine;net/http/pprof.Index;net/http.(*conn).serve".to_owned(), "writes this profile"),
        ("runtime.gopark;runtime.bgsweep".to_owned(), "belongs to the runtime"),
        (format!("{accept};main.listen"), "accepts connections"),
    ];
    for (stack, role) in benign {
        let same = counts(&[(&stack, 1)]);
        let table = table_of(&same, &same, &[]);
        assert_eq!(table["benign"][0]["role"], role, "{stack}");
        assert_eq!(table["rows"], serde_json::json!([]), "{stack}");
    }
    // Listeners that become more are no longer what every program has.
    let stack = format!("{accept};main.listen");
    let table = table_of(&counts(&[(&stack, 1)]), &counts(&[(&stack, 40)]), &[]);
    assert_eq!(table["rows"][0]["delta"], 39);
}

#[test]
fn one_place_is_one_row_whoever_called_it() {
    let at = |caller: &str, line: u32| {
        format!("runtime.gopark;runtime.chansend;runtime.chansend1;a.com/b.Send@b/s.go:{line};a.com/b.{caller}")
    };
    let (first, second, elsewhere) = (at("First", 7), at("Second", 7), at("First", 9));
    let before = counts(&[(&first, 1), (&second, 1), (&elsewhere, 1)]);
    let after = counts(&[(&first, 21), (&second, 31), (&elsewhere, 4)]);
    let rows = table_of(&before, &after, &[])["rows"].clone();
    assert_eq!(
        (&rows[0]["delta"], &rows[0]["line"], &rows[0]["entry"]),
        (&50.into(), &7.into(), &"a.com/b.Second".into())
    );
    assert_eq!((&rows[1]["delta"], &rows[1]["line"]), (&3.into(), &9.into()));
}

#[test]
fn the_longest_wait_is_that_of_the_newest() {
    let goroutine = |wait: &str| {
        format!(
            "goroutine 7 [chan receive{wait}]:\nmain.wait(...)\n\t/src/m/main.go:9 +0x1d\ncreated by main.start in goroutine 1\n\t/src/m/main.go:5 +0x2b\n\n"
        )
    };
    let before = goroutine(", 90 minutes");
    let after = [", 3 minutes", ", 12 minutes", ""].map(goroutine).concat();
    let table = table_of(before.as_bytes(), after.as_bytes(), &[]);
    assert_eq!(table["rows"][0]["longest_wait_minutes"], 12);
    assert_eq!(table["rows"][0]["created_by"]["function"], "main.start");
    assert_eq!(table["rows"][0]["created_by"]["at"], "main.go:5");
}

#[test]
fn suspects_are_more_than_load_makes_likely() {
    let stack = "runtime.gopark;runtime.chansend;runtime.chansend1;a.com/b.Send;a.com/b.run";
    let suspects = |before: i64, after: i64| {
        let table = table_of(&counts(&[(stack, before)]), &counts(&[(stack, after)]), &[]);
        table["suspects"].as_array().expect("suspects").len()
    };
    assert_eq!(suspects(3, 9), 0, "a few");
    assert_eq!(suspects(1000, 1060), 0, "1,000 give or take 32 each time");
    assert_eq!(suspects(3, 60), 1);
    assert_eq!(suspects(1000, 1300), 1);
}

#[test]
fn other_profiles_are_refused() {
    let files = Files::new();
    let heap = files.write("heap", Profile::new().stack("main.F", [1, 1, 1, 1]).encode());
    run(&["goroutines", &heap, &heap]).failed(&["profiles of inuse_space, not of goroutines"]);
    run(&[&heap, &heap, "--goroutines", &heap, &heap]).failed(&["not of goroutines"]);
    let goroutines = files.write("goroutines", counts(&[("main.F", 1)]));
    run(&["goroutines", &goroutines, "-o", "x.svg"]).failed(&["written as table, json, markdown, not as svg"]);
}

#[test]
fn hostile_names_stay_text() {
    let stack = "runtime.gopark;runtime.selectgo;evil.com/a|b<script>.F\x1b[31m@e\x1b/f.go:3;main.run";
    let files = Files::new();
    let (before, after) = (files.write("b", counts(&[(stack, 1)])), files.write("a", counts(&[(stack, 99)])));
    for format in ["table", "json", "markdown"] {
        let text = run(&["goroutines", &before, &after, "-f", format]).done().stdout;
        assert!(!text.contains('\x1b'), "{format}");
        assert!(format != "markdown" || !text.contains("<script>") || text.contains("`"), "{text}");
    }
}

#[test]
fn a_single_profile_has_nothing_more_than_before() {
    for form in ["table", "markdown"] {
        let text = run(&["goroutines", &fixture("twins/goroutineleak.debug2.txt"), "-f", form]).done().stdout;
        assert!(text.contains("Their stacks take at least 34.0 KiB, which"), "{text}");
        assert!(text.contains("1 runs main, 10 write this profile."), "once, whatever the place: {text}");
    }
}

#[test]
fn a_select_that_a_timer_ends_is_no_leak_where_the_source_tells() {
    let source = "package work\n\nfunc poll() {\n\tselect {\n\tcase <-t.C:\n\tcase <-ctx.Done():\n\t}\n}\n\nfunc wait() {\n\
                  \tselect {\n\tcase <-done:\n\t}\n}\n";
    let files = Files::new();
    let told = files.write("work.go", source);
    let stack = |function: &str, file: &str, line: i64| {
        format!("runtime.gopark;runtime.selectgo;a.com/work.{function}@{file}:{line}")
    };
    let of = |file: &str| {
        let (poll, wait) = (stack("poll", file, 4), stack("wait", file, 11));
        let [before, after] = [1, 500].map(|count| counts(&[(&poll, count), (&wait, count)]));
        let (before, after) = (files.write("before", before), files.write("after", after));
        // Source is read below the working folder only.
        let mut program = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
        program.current_dir(files.path("")).args(["goroutines", &before, &after, "-f", "json"]);
        let output = program.output().expect("it runs").stdout;
        serde_json::from_slice::<Value>(&output).expect("JSON")
    };
    let kinds = |table: &Value| -> Vec<(String, String)> {
        let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
        let rows = table["rows"].as_array().expect("rows").iter();
        rows.map(|row| (text(row, "function"), text(row, "kind"))).collect()
    };
    let pair = |function: &str, kind: &str| (format!("a.com/work.{function}"), kind.to_owned());
    let table = of(&told);
    assert_eq!(kinds(&table), [pair("wait", "blocked"), pair("poll", "transient")]);
    let functions = |table: &Value| -> Vec<String> {
        let suspects = table["suspects"].as_array().expect("suspects").iter();
        suspects.map(|suspect| suspect["responsible"]["function"].as_str().unwrap_or("-").to_owned()).collect()
    };
    assert_eq!(functions(&table), ["a.com/work.wait"]);
    let untold = of("/nowhere/other.go");
    assert_eq!(kinds(&untold), [pair("poll", "blocked"), pair("wait", "blocked")], "without source nothing is claimed");
    assert_eq!(functions(&untold).len(), 2);
}
