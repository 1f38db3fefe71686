//! Dumps of goroutine stacks: from the endpoint, from a crash, of old and new Go.

use crate::loaded::{labels, load_fixture, load_one, rows, stack, total};

/// The value of a label of a row.
fn label(loaded: &leakdiff::load::Loaded, row: usize, key: &str) -> Option<String> {
    labels(loaded, row).into_iter().find(|(it, _)| it == key).map(|(_, value)| value)
}

#[test]
fn a_dump_counts_what_the_other_forms_count() {
    for path in ["twins/goroutine", "http-body/goroutine1", "timers/goroutine3"] {
        let dump = load_fixture(&format!("{path}.debug2.txt"));
        assert_eq!(dump.snapshots[0].metrics, load_fixture(&format!("{path}.pb.gz")).snapshots[0].metrics);
        let (dumped, counted) =
            (total(&dump, "goroutine"), total(&load_fixture(&format!("{path}.debug1.txt")), "goroutine"));
        assert!((dumped - counted).abs() <= 1, "{path}: {dumped} or {counted}");
    }
}

#[test]
fn a_dump_says_what_goroutines_wait_for_and_who_made_them() {
    let dump = load_fixture("twins/goroutine.debug2.txt");
    let row = |state: &str, function: &str| {
        let found = (0..dump.snapshots[0].len()).find(|row| {
            label(&dump, *row, "state").as_deref() == Some(state)
                && stack(&dump, *row).iter().any(|(name, ..)| name.starts_with(function))
        });
        found.unwrap_or_else(|| panic!("no {function} in {state}: {:#?}", rows(&dump)))
    };
    let leaked = row("chan send", "main.leak.func1");
    assert_eq!(label(&dump, leaked, "wait").as_deref(), Some("1 minutes"));
    assert_eq!(label(&dump, leaked, "created by").as_deref(), Some("main.leak"));
    let site = label(&dump, leaked, "created at").expect("a place");
    assert!(site.starts_with("example.com/shop/twins/main.go:"), "{site}");
    assert_eq!(label(&dump, leaked, "locked to"), None);
    assert_eq!(label(&dump, row("select", "main.wait"), "locked to").as_deref(), Some("thread"));
    assert_eq!(label(&dump, row("sleep", "time.Sleep"), "created by").as_deref(), Some("main.wait"));
    let main = row("running", "main.main");
    assert_eq!((label(&dump, main, "created by"), label(&dump, main, "wait")), (None, None));
    let tenants: Vec<String> = (0..dump.snapshots[0].len()).filter_map(|row| label(&dump, row, "tenant")).collect();
    assert_eq!(tenants.iter().filter(|tenant| *tenant == "acme").count(), 5, "{tenants:?}");
    assert_eq!(tenants.iter().filter(|tenant| *tenant == "glo\"bex").count(), 5, "{tenants:?}");
}

#[test]
fn leaked_goroutines_are_marked() {
    let dump = load_fixture("twins/goroutineleak.debug2.txt");
    let leaked = (0..dump.snapshots[0].len()).filter(|row| label(&dump, *row, "leaked").as_deref() == Some("true"));
    let states: Vec<_> = leaked.map(|row| label(&dump, row, "state").expect("a state")).collect();
    assert_eq!(states, ["chan send"; 3], "as many as main.leak started");
}

const CRASH: &str = "\
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x47f36a]

goroutine 1 gp=0xc000002380 m=0 mp=0x560 [running]:
panic({0x4a1a80?, 0x562f90?})
\t/usr/local/go/src/runtime/panic.go:787 +0x132 fp=0xc0 sp=0xc1 pc=0x43
main.(*Store[...]).Put(0x0, {0x4b, 0x5}, ...)
\t/src/my app/store.go:12
non-Go function
\tpc=0x4711
...additional frames elided...
main.main()
\t/src/my app/main.go:7 +0x1d
runtime.main()
\t/usr/local/go/src/runtime/proc.go:283 +0x28b

goroutine 7 [chan receive (scan), 12 minutes, locked to thread, synctest bubble 3] {tenant: acme, \"a b\": \"c\\n\"}:
main.watch(...)
\t/src/my app/watch.go:3
created by main.main
\t/src/my app/main.go:5 +0x44
[originating from goroutine 1]:
main.main(...)
\t/src/my app/main.go:5 +0x44

goroutine 8 [running]:
\tgoroutine running on other thread; stack unavailable
created by main.main in goroutine 1
\t/src/my app/main.go:6 +0x44
exit status 2
";

#[test]
fn a_crash_is_read() {
    let dump = load_one(CRASH.as_bytes().to_vec());
    assert_eq!(total(&dump, "goroutine"), 3);
    let names = |row| stack(&dump, row).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    let expected = ["panic", "main.(*Store[...]).Put", "non-Go function", "main.main", "runtime.main"];
    assert_eq!(names(0), expected);
    let put = ("main.(*Store[...]).Put".to_owned(), "/src/my app/store.go".to_owned(), 12);
    assert_eq!(stack(&dump, 0)[1], put);
    assert_eq!(names(1), ["main.watch"]);
    let pairs = |row| labels(&dump, row);
    let expected = [
        ("a b", "c\n"),
        ("created at", "/src/my app/main.go:5"),
        ("created by", "main.main"),
        ("locked to", "thread"),
        ("state", "chan receive"),
        ("synctest bubble", "3"),
        ("tenant", "acme"),
        ("wait", "12 minutes"),
    ];
    assert_eq!(pairs(1), expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert_eq!(names(2), Vec::<String>::new());
    assert_eq!(label(&dump, 2, "created at").as_deref(), Some("/src/my app/main.go:6"));
}

/// A dump pasted from a log may lack its last line end.
#[test]
fn a_dump_may_end_without_a_line_end() {
    let text = "goroutine 1 [select]:\nmain.main()\n\t/m.go:7 +0x1d";
    assert_eq!(total(&load_one(text.as_bytes().to_vec()), "goroutine"), 1);
}
