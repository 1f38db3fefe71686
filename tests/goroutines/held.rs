//! Goroutines and the heap they hold as one suspect, each rule on profiles that show it and nothing else.
//!
//! Every allocation is recorded (the period is 1), and blocks are large: growth is what it is.

use serde_json::Value;

use crate::support::{Files, Profile, json, run};

/// How many goroutines came.
const CAME: i64 = 400;
/// One block, in bytes.
const BLOCK: i64 = 64 << 10;
/// What the runtime allocates for each goroutine.
const DESCRIPTOR: &str =
    "runtime.mallocgc;runtime.newobject;runtime.malg;runtime.newproc1;runtime.newproc.func1;runtime.systemstack";
const SERVE: &str = "net/http.HandlerFunc.ServeHTTP;net/http.serverHandler.ServeHTTP;net/http.(*conn).serve";

/// Code and function.
type Named = (&'static str, &'static str);
/// Stacks, leaf first, with the blocks that came, of any size.
type Came<'a> = &'a [(&'a str, i64, i64)];

fn heap(stacks: Came<'_>, share: i64) -> Vec<u8> {
    let profile = Profile::new().period("space", "bytes", 1);
    let add = |profile: Profile, (stack, blocks, size): &(&str, i64, i64)| {
        let blocks = blocks * share;
        profile.stack(stack, [blocks, blocks * size, blocks, blocks * size]).bytes(*size)
    };
    stacks.iter().fold(profile, add).encode()
}

fn goroutines(stacks: &[(&str, i64)], has_come: bool) -> Vec<u8> {
    let time = if has_come { 1_700_000_600 } else { 1_700_000_000 };
    let profile = Profile::bare().types(&[("goroutine", "count")]).time(time * 1_000_000_000);
    let count = |count: i64| if has_come { count } else { 0 };
    let profile = profile.stack("runtime.gopark;runtime.chanrecv;runtime.chanrecv1;main.main;runtime.main", [1]);
    stacks.iter().fold(profile, |profile, (stack, came)| profile.stack(stack, [count(*came)])).encode()
}

/// The report on blocks and goroutines that came.
fn beside(blocks: Came<'_>, came: &[(&str, i64)]) -> Value {
    let files = Files::new();
    let [h1, h2] = [("h1", 0), ("h2", 1)].map(|(name, share)| files.write(name, heap(blocks, share)));
    let [g1, g2] = [("g1", false), ("g2", true)].map(|(name, has)| files.write(name, goroutines(came, has)));
    json(&[&h1, &h2, "--goroutines", &g1, &g2])
}

/// Code, function and bytes of each suspect.
fn named(report: &Value) -> Vec<(String, String, i64)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let list = |key: &str| report[key].as_array().expect("a list").iter();
    let suspects = list("suspects").chain(list("set_aside"));
    let name = |suspect: &Value| {
        let delta = suspect["delta"].as_i64().expect("a number");
        (text(&suspect["code"]), text(&suspect["responsible"]["function"]), delta)
    };
    suspects.map(name).collect()
}

fn suspect(code: &str, function: &str, delta: i64) -> (String, String, i64) {
    (code.to_owned(), function.to_owned(), delta)
}

/// A goroutine that waits to send, below these functions of the program.
fn sends(functions: &str) -> String {
    format!("runtime.gopark;runtime.chansend;runtime.chansend1;{functions}")
}

const SEND: &str = "goroutine-chan-send";

#[test]
fn what_a_goroutine_and_its_creator_allocated_is_one_suspect_with_it() {
    let blocks = [
        (&*format!("io.ReadAll;a.com/hooks/in.(*API).Handle;{SERVE}"), CAME, BLOCK),
        ("a.com/hooks/in.decode;a.com/hooks/in.(*API).Handle.func1", CAME, 2 * BLOCK),
        (DESCRIPTOR, CAME, 480),
    ];
    let waits = sends("a.com/hooks/out.enqueue;a.com/hooks/in.(*API).Handle.func1");
    let report = beside(&blocks, &[(&waits, CAME)]);
    assert_eq!(named(&report), [suspect(SEND, "a.com/hooks/out.enqueue", CAME * (3 * BLOCK + 480))], "{report:#}");
    let first = &report["suspects"][0];
    assert_eq!((&first["confidence"], &first["goroutines"]["delta"]), (&"high".into(), &CAME.into()));
    assert_eq!(first["stack_bytes"], CAME * 2048);
    let explanation = first["explanation"].as_str().expect("a text");
    assert!(explanation.contains("nearest to where they wait is out.enqueue"), "{explanation}");
    assert!(!explanation.contains("Two snapshots") && !explanation.contains("--goroutines"), "{explanation}");
}

#[test]
fn what_is_not_in_step_or_shares_no_function_stays() {
    const SMALL: i64 = 1024;
    let waits = sends("a.com/hooks/out.enqueue;a.com/hooks/in.(*API).Handle.func1");
    let handle = format!("a.com/hooks/in.(*API).Handle;{SERVE}");
    let cache = format!("a.com/hooks/cache.Put;{SERVE}");
    for (stack, blocks, owner) in
        [(&handle, CAME * 5, "a.com/hooks/in.(*API).Handle"), (&cache, CAME, "a.com/hooks/cache.Put")]
    {
        let report = beside(&[(stack, blocks, SMALL), (DESCRIPTOR, CAME, 480)], &[(&waits, CAME)]);
        let mut told = named(&report);
        told.sort_unstable();
        let expected =
            [suspect(SEND, "a.com/hooks/out.enqueue", CAME * 480), suspect("retained-objects", owner, blocks * SMALL)];
        assert_eq!(told, expected, "{owner}");
    }
}

#[test]
fn one_package_ties_what_a_function_without_a_known_creator_holds() {
    let blocks = [(&*format!("a.com/chat/session.New;a.com/chat/web.Open;{SERVE}"), CAME, BLOCK)];
    let waits = sends("a.com/chat/session.(*Session).loop");
    let report = beside(&blocks, &[(&waits, CAME)]);
    assert_eq!(named(&report), [suspect(SEND, "a.com/chat/session.(*Session).loop", CAME * BLOCK)]);
}

/// A function that wraps all handlers ties little together: it takes a number of objects that the samples tell.
#[test]
fn a_few_samples_are_in_step_with_nothing() {
    let waits = sends(&format!("a.com/x/out.enqueue;a.com/x/web.WithID;{SERVE}"));
    let cache = format!("a.com/x/cache.Put;a.com/x/web.WithID;{SERVE}");
    let count = 6 * ((512 << 10) / 96);
    let told = |period: i64| {
        let files = Files::new();
        let heap = |blocks: i64| {
            let values = [blocks, blocks * 96, blocks, blocks * 96];
            Profile::new().period("space", "bytes", period).stack(&cache, values).bytes(96).encode()
        };
        let [h1, h2] = [("h1", 0), ("h2", count)].map(|(name, blocks)| files.write(name, heap(blocks)));
        let [g1, g2] = [("g1", false), ("g2", true)]
            .map(|(name, has_come)| files.write(name, goroutines(&[(&waits, count)], has_come)));
        named(&json(&[&h1, &h2, "--goroutines", &g1, &g2]))
    };
    assert_eq!(told(1), [suspect("http-handler-blocked", "a.com/x/out.enqueue", count * 96)]);
    let expected = [
        suspect("http-handler-blocked", "a.com/x/out.enqueue", count),
        suspect("retained-objects", "a.com/x/cache.Put", count * 96),
    ];
    assert_eq!(told(512 << 10), expected);
}

/// A dump of goroutines that `creator` started.
fn dump(count: i64, creator: &str) -> Vec<u8> {
    let one = |number: i64| {
        format!(
            "goroutine {} [chan send, 5 minutes]:\na.com/conf/store.(*Store).Set(0x1)\n\t/src/store/store.go:9 +0x1d\n\
             created by {creator} in goroutine 1\n\t/src/web/web.go:5 +0x2b\n\n",
            number + 2
        )
    };
    (0..=count).map(one).collect::<String>().into_bytes()
}

#[test]
fn a_dump_tells_the_creator() {
    let files = Files::new();
    let blocks = [(&*format!("a.com/conf/web.Update;{SERVE}"), CAME, BLOCK)];
    let [h1, h2] = [("h1", 0), ("h2", 1)].map(|(name, share)| files.write(name, heap(&blocks, share)));
    let report = |creator: &str| {
        let [g1, g2] = [("g1", 0), ("g2", CAME)].map(|(name, count)| files.write(name, dump(count, creator)));
        json(&[&h1, &h2, "--goroutines", &g1, &g2])
    };
    let told = named(&report("a.com/conf/web.Update"));
    assert_eq!(told, [suspect(SEND, "a.com/conf/store.(*Store).Set", CAME * BLOCK)]);
    assert_eq!(named(&report("a.com/conf/cron.Run")).len(), 2, "created elsewhere");
}

#[test]
fn each_part_of_the_heap_goes_to_the_goroutines_that_fit_it_best() {
    let blocks = [
        (&*format!("a.com/x/one.Start;{SERVE}"), CAME, BLOCK),
        (&*format!("a.com/x/two.Start;{SERVE}"), 3 * CAME, BLOCK),
    ];
    let receive = "runtime.gopark;runtime.chanrecv;runtime.chanrecv1;a.com/x/wait.On;a.com/x/two.Start.func1";
    let send = sends("a.com/x/wait.To;a.com/x/one.Start.func1");
    let report = beside(&blocks, &[(&send, CAME), (receive, 3 * CAME)]);
    let expected = [
        suspect("goroutine-chan-receive", "a.com/x/wait.On", 3 * CAME * BLOCK),
        suspect(SEND, "a.com/x/wait.To", CAME * BLOCK),
    ];
    assert_eq!(named(&report), expected);
}

#[test]
fn descriptors_leave_the_suspect_that_has_no_goroutines() {
    let blocks = [("a.com/x/stats.loop", CAME, BLOCK), (DESCRIPTOR, CAME, 480)];
    let alone = json_of_heap(&blocks);
    assert_eq!(named(&alone)[0].0, "goroutine-leak", "{alone:#}");
    let report = beside(&blocks, &[(&sends("a.com/x/q.Put;a.com/x/q.run"), CAME)]);
    // What is surer comes first.
    let expected =
        [suspect(SEND, "a.com/x/q.Put", CAME * 480), suspect("retained-objects", "a.com/x/stats.loop", CAME * BLOCK)];
    assert_eq!(named(&report), expected);
}

fn json_of_heap(blocks: Came<'_>) -> Value {
    let files = Files::new();
    let [h1, h2] = [("h1", 0), ("h2", 1)].map(|(name, share)| files.write(name, heap(blocks, share)));
    json(&[&h1, &h2])
}

#[test]
fn claims_of_goroutines_that_are_not_there_fall() {
    let sleeps = "time.Sleep;a.com/x/poll.again;a.com/x/poll.run";
    let connection = "bufio.NewReaderSize;net/http.newBufioReader;net/http.(*conn).serve";
    let (allocator, owner) = ("a.com/x/poll.again;a.com/x/poll.run", "a.com/x/poll.again");
    let cases: [(Came<'_>, &str, &[Named]); 3] = [
        (
            &[(sleeps, CAME, 96), (allocator, CAME, BLOCK), (DESCRIPTOR, CAME, 480)],
            "goroutine-sleep",
            &[("retained-objects", owner), ("goroutine-high-water", "-")],
        ),
        (
            &[(allocator, CAME, BLOCK), (DESCRIPTOR, CAME, 480)],
            "goroutine-leak",
            &[("retained-objects", owner), ("goroutine-high-water", "-")],
        ),
        (&[(connection, CAME, 4096)], "http-server-connections", &[("hijacked-connections", "-")]),
    ];
    for (blocks, claimed, instead) in cases {
        assert_eq!(named(&json_of_heap(blocks))[0].0, claimed);
        let report = beside(blocks, &[]);
        let told = named(&report);
        let told: Vec<(&str, &str)> = told.iter().map(|(code, function, _)| (&**code, &**function)).collect();
        assert_eq!(told, instead, "{claimed}");
        for suspect in report["suspects"].as_array().expect("suspects") {
            assert!(!suspect["explanation"].as_str().expect("a text").contains("--goroutines"), "{suspect:#}");
            assert_ne!(suspect["confidence"], "high");
        }
    }
}

/// Goroutines in the same function bear a claim out, whatever else waits.
#[test]
fn claims_that_goroutines_bear_out_stand() {
    let blocks = [("time.Sleep;a.com/x/poll.again;a.com/x/poll.run", CAME, BLOCK), (DESCRIPTOR, CAME, 480)];
    let sleeps = "runtime.gopark;time.Sleep;a.com/x/poll.again;a.com/x/poll.run";
    let report = beside(&blocks, &[(sleeps, CAME)]);
    assert_eq!(named(&report), [suspect("goroutine-sleep", "a.com/x/poll.again", CAME * (BLOCK + 480))]);
    assert_eq!(report["suspects"][0]["confidence"], "high");
}

#[test]
fn handlers_that_wait_name_the_function_that_waits() {
    let blocks = [
        ("bufio.NewReaderSize;net/http.newBufioReader;net/http.(*conn).serve", CAME, 4096),
        (
            "bufio.NewWriterSize;net/http.newBufioWriterSize;net/http.(*conn).readRequest;net/http.(*conn).serve",
            CAME,
            2048,
        ),
        (&*format!("net/http.Header.Set;a.com/x/web.WithID;{SERVE}"), CAME, 512),
    ];
    let waits =
        format!("runtime.gopark;runtime.selectgo;a.com/x/limit.acquire;a.com/x/report.Make;a.com/x/web.WithID;{SERVE}");
    assert_eq!(named(&json_of_heap(&blocks))[0].1, "a.com/x/web.WithID", "the heap knows no better");
    let report = beside(&blocks, &[(&waits, CAME)]);
    assert_eq!(named(&report)[0].0, "http-handler-blocked");
    assert_eq!(named(&report)[0].1, "a.com/x/limit.acquire");
}

#[test]
fn little_growth_of_goroutines_does_not_make_sure() {
    let stack = sends("a.com/x/q.Put;a.com/x/q.run");
    let confidence = |before: i64, after: i64, others: i64| {
        let files = Files::new();
        let one = |name: &str, count: i64| {
            let profile = Profile::bare().types(&[("goroutine", "count")]);
            let others = profile.stack("runtime.gopark;runtime.selectgo;a.com/x/other.wait", [others]);
            files.write(name, others.stack(&stack, [count]).encode())
        };
        let report = json(&["goroutines", &one("g1", before), &one("g2", after)]);
        report["suspects"][0]["confidence"].as_str().unwrap_or("-").to_owned()
    };
    assert_eq!(confidence(0, 1000, 10), "high");
    assert_eq!(confidence(100, 200, 10), "high", "100 more, and twice as many");
    assert_eq!(confidence(0, 62, 10), "low", "a pool that grew with the load");
    assert_eq!(confidence(1000, 1600, 10), "medium", "not twice as many");
    assert_eq!(confidence(0, 500, 9000), "medium", "a small part of the program");
}

#[test]
fn blocked_goroutines_are_no_cache() {
    const CAUTION: &str = "two cannot tell";
    let files = Files::new();
    let table = |blocks: Came<'_>, came: i64| {
        let stack = sends("a.com/x/q.Put;a.com/x/q.run");
        let [h1, h2] = [("h1", 0), ("h2", 1)].map(|(name, share)| files.write(name, heap(blocks, share)));
        let [g1, g2] = [("g1", false), ("g2", true)]
            .map(|(name, has_come)| files.write(name, goroutines(&[(&stack, came)], has_come)));
        run(&[&h1, &h2, "--goroutines", &g1, &g2]).done().stdout
    };
    let held: Came<'_> = &[("a.com/x/q.New;a.com/x/q.Put;a.com/x/q.run", CAME, BLOCK)];
    assert!(!table(held, CAME).contains(CAUTION), "{}", table(held, CAME));
    assert!(
        table(&[("a.com/x/cache.Put;main.main", CAME, BLOCK)], 0).contains(&format!("{CAUTION} a leak from a cache"))
    );
    let both = table(&[held[0], ("a.com/x/cache.Put;main.main", CAME, BLOCK)], CAME);
    assert!(both.contains(&format!("{CAUTION} the leaks without blocked goroutines from a cache")), "{both}");
}

/// Codes of the warnings about goroutines.
fn warnings(report: &Value) -> Vec<&str> {
    let all = report["warnings"].as_array().expect("warnings").iter().filter_map(|warning| warning["code"].as_str());
    all.filter(|code| ["other-program", "same-goroutines", "mixed-forms", "reversed-order"].contains(code)).collect()
}

#[test]
fn goroutines_of_another_program_are_warned_of() {
    let warned = |heap: &str, goroutine: &str| {
        let report = beside(&[(heap, CAME, BLOCK)], &[(&sends(goroutine), CAME)]);
        warnings(&report).contains(&"other-program")
    };
    assert!(warned("a.com/one/x.F;main.main", "b.com/two/y.G;b.com/two/y.run"));
    assert!(!warned("a.com/one/x.F;main.main", "a.com/one/y.G;a.com/one/y.run"), "packages of one module");
    assert!(!warned("main.keep;main.main", "b.com/two/y.G;b.com/two/y.run"), "main says nothing");
}

#[test]
fn the_order_of_goroutine_profiles_is_checked() {
    let files = Files::new();
    let at = |name: &str, count: i64, seconds: i64| {
        let profile = Profile::bare().types(&[("goroutine", "count")]).time(seconds * 1_000_000_000);
        files.write(name, profile.stack(&sends("a.com/x/q.Put;a.com/x/q.run"), [count]).encode())
    };
    let (first, second, same) = (at("g1", 5, 1_700_000_000), at("g2", 90, 1_700_000_600), at("g3", 5, 1_700_000_900));
    let of = |before: &str, after: &str| {
        let report = json(&["goroutines", before, after]);
        warnings(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of(&second, &first), ["reversed-order"]);
    assert_eq!(of(&first, &first), ["same-goroutines"]);
    assert!(of(&first, &second).is_empty());
    assert!(of(&first, &same).is_empty(), "the same again, later");
}
