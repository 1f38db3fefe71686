//! What the user named or asked for: missing files, directories, unreadable ones among readable ones, wrong options.

use leakdiff::cli::Exit;

use crate::small;
use crate::support::{Files, fixture, run, run_with};

fn good() -> String {
    fixture("timers/heap1.pb.gz")
}

#[test]
fn files_that_are_missing() {
    let files = Files::new();
    let missing = files.path("nowhere/heap.pb.gz");
    run(&[&missing]).failed(&[&missing, "no such file"]);
    run(&[&good(), &missing]).failed(&[&missing, "no such file"]);
    run(&[&missing, &good()]).failed(&[&missing, "no such file"]);
    run(&[&good(), &good(), &missing, &good()]).failed(&[&missing, "no such file"]);
    run(&[&good(), &format!("friday={missing}")]).failed(&[&format!("friday ({missing}): no such file")]);
    run(&[&good(), ""]).failed(&["no such file"]);
}

#[test]
fn directories() {
    let files = Files::new();
    let directory = files.path("");
    run(&[&directory]).failed(&[&directory, "this is a directory"]);
    run(&[&good(), &directory]).failed(&["this is a directory"]);
}

#[test]
fn one_bad_input_among_several_is_an_error() {
    let files = Files::new();
    let bad = files.write("bad.pb.gz", &small().gzip()[..40]);
    for inputs in [[&bad, &good()], [&good(), &bad]] {
        for format in ["table", "json", "markdown", "csv"] {
            run(&[inputs[0], inputs[1], "--format", format]).failed(&["bad.pb.gz: ", "ends early"]);
        }
    }
    let output = files.path("out.json");
    run(&[&good(), &bad, "-o", &output]).failed(&["bad.pb.gz: "]);
    assert!(!std::path::Path::new(&output).exists(), "an error writes no report");
}

#[test]
fn the_first_of_several_bad_inputs_is_named() {
    let files = Files::new();
    let (one, two) = (files.write("one.pb", b""), files.write("two.pb", b"404 page not found"));
    let stderr = run(&[&good(), &one, &two]).failed(&["one.pb: ", "empty"]).stderr;
    assert!(!stderr.contains("two.pb"), "{stderr}");
}

#[test]
fn standard_input() {
    let profile = small().gzip();
    let outcome = run_with(&profile, None, None, &["-", &good(), "--format", "json"]).done();
    assert_eq!(outcome.json()["inputs"][0]["label"], "stdin");
    run_with(&profile, None, None, &["-", "-"]).failed(&["standard input", "only once"]);
    run_with(&profile, None, None, &["a=-", "b=-"]).failed(&["standard input", "only once"]);
    run_with(b"", None, None, &["-", &good()]).failed(&["stdin: ", "empty"]);
    run_with(&profile[..30], None, None, &["now=-"]).failed(&["now: ", "ends early"]);
}

#[test]
fn metrics_that_are_not_there() {
    let available = "alloc_objects, alloc_space, inuse_objects, inuse_space";
    for asked in ["goroutine", "4", "-0", "99999999999999999999", "inuse", ""] {
        run(&[&good(), &good(), &format!("--sample-index={asked}")]).failed(&[&format!("'{asked}'"), available]);
    }
}

#[test]
fn patterns_that_are_not_valid() {
    for option in ["--focus", "--ignore", "--hide", "--show", "--show-from", "--tagfocus", "--tagignore"] {
        for pattern in ["(", "[z-a]", "*x", "(?P<", "a{99999999}"] {
            run(&[&good(), option, pattern]).failed(&[option, "not a valid"]);
        }
    }
}

#[test]
fn patterns_that_take_long_elsewhere() {
    let pattern = format!("^{}$", "(a*)*".repeat(20));
    run(&[&good(), &good(), "--focus", &pattern]).done();
    run(&[&good(), "--focus", &format!("{}b", "(a|a)*".repeat(30))]).done();
}

#[test]
fn units_sizes_and_formats_that_are_not_there() {
    run(&[&good(), "--unit", "parsec"]).failed(&["--unit parsec", "no such unit", "MiB"]);
    for size in ["ten", "-1", "1XB", "", "1e99GiB", "NaN"] {
        run(&[&good(), &format!("--max-inflated={size}")]).failed(&["--max-inflated"]);
    }
    run(&[&good(), "--format", "xml"]).failed(&["xml", "table", "json", "markdown", "csv"]);
    run(&[&good(), "-o", "report.xml"]).failed(&["report.xml", ".json"]);
    run(&[&good(), "--by", "colour"]).failed(&["colour", "function"]);
    run(&[&good(), "--sort", "colour"]).failed(&["colour", "growth"]);
    run(&[&good(), "-n", "-1"]).failed(&["-1"]);
    run(&[&good(), "-n", "many"]).failed(&["many"]);
    run(&[&good(), "--colour"]).failed(&["--colour"]);
    run(&[]).failed(&["PROFILE"]);
}

#[test]
fn an_output_that_cannot_be_written() {
    let files = Files::new();
    let path = files.path("missing/report.json");
    run(&[&good(), "-o", &path]).failed(&[&path, "cannot be written"]);
}

#[test]
fn a_reader_that_has_seen_enough_is_success() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut stderr = Vec::new();
    let mut closed = Closed;
    let mut console = leakdiff::cli::Console::piped(&mut closed, &mut stderr);
    let exit = leakdiff::cli::main(["leakdiff".into(), good().into()], &mut console);
    assert_eq!((exit, stderr.as_slice()), (Exit::Done, &[][..]));
}
