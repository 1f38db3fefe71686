//! The commands that a case is tried with: every face of the tool comes up, with options by chance.
//!
//! In: the inputs of a case. Out: command lines, each with the format of what it writes and where.

use crate::random::Random;
use crate::support::{Files, run};

/// A command, and what is to be said of its result.
pub struct Command {
    pub args: Vec<String>,
    /// The format of what is written.
    pub format: &'static str,
    /// The file that is written, where it is not standard output.
    pub output: Option<String>,
    /// The columns of the terminal, if there is one.
    pub width: Option<usize>,
}

/// No options.
const NONE: &[&str] = &[];
/// The formats of a comparison.
const FORMATS: &[&str] = &["table", "json", "markdown", "csv", "html", "svg", "folded", "pprof"];
/// The formats of a verdict.
const VERDICTS: &[&str] = &["table", "json", "markdown", "csv", "html", "junit", "sarif", "github", "gitlab"];
const GRANULARITIES: &[&str] = &["function", "line", "file", "package", "stack", "address"];
const ORDERS: &[&str] = &["growth", "shrink", "abs", "flat", "cum", "name", "objects"];
const PATTERNS: &[&str] = &["main", "net/http", ".", ".", ".", "^$", "alloc|new", "nowhere", "(?i)CACHE"];
const LIMITS: &[&str] = &["0", "1000", "10%", "1000000|10%", "65536&5%", "9223372036854775807", "1MiB|10%"];

/// The commands for profiles that may be compared.
pub fn of_profiles(random: &mut Random, files: &Files, inputs: &[String]) -> Vec<Command> {
    let mut commands = vec![command(&[], inputs, NONE, "json"), command(&[], inputs, &["-n", "0"], "csv")];
    let format = random.pick(FORMATS);
    let options = options(random);
    commands.push(comparison(files, inputs, &options, format));
    commands.push(comparison(files, inputs, &[], random.pick(FORMATS)));
    let mut gate = limits(random, inputs.len());
    gate.extend(["--no-config".to_owned()]);
    commands.push(command(&["check"], inputs, &gate, random.pick(VERDICTS)));
    commands.push(match random.below(5) {
        0 => flame(random, inputs),
        1 => command(&["report"], inputs, NONE, "html"),
        2 => Command { format: "listing", ..command(&["list", random.pick(PATTERNS)], inputs, NONE, "table") },
        3 => goroutines(inputs, "json"),
        _ => sides(random, inputs),
    });
    let terminal = Command { width: Some(1 + random.below(140)), ..command(&[], inputs, &options, "table") };
    commands.push(terminal);
    commands
}

/// The commands for profiles of goroutines.
pub fn of_goroutines(random: &mut Random, inputs: &[String]) -> Vec<Command> {
    let beside = [&["--goroutines".to_owned()][..], &[inputs[0].clone(), inputs[inputs.len() - 1].clone()]].concat();
    let heaps = ["http-body/heap1.pb.gz", "http-body/heap3.pb.gz"].map(crate::support::fixture);
    let mut gate = limits(random, inputs.len());
    gate.extend(["--no-config".to_owned()]);
    vec![
        goroutines(inputs, random.pick(&["table", "json", "markdown"])),
        command(&[], inputs, &options(random), random.pick(&["table", "json", "html"])),
        command(&["check"], inputs, &gate, random.pick(VERDICTS)),
        command(&[], &heaps, &beside, random.pick(&["table", "json", "markdown", "html"])),
    ]
}

/// The commands that compare a profile with a baseline.
pub fn against_baseline(random: &mut Random, inputs: &[String], baseline: &str) -> Vec<Command> {
    let mut gate = limits(random, 2);
    gate.extend(["--no-config", "--baseline", baseline].map(str::to_owned));
    let both = [baseline.to_owned(), inputs[0].clone()];
    vec![
        command(&["check"], &inputs[..1], &gate, random.pick(VERDICTS)),
        command(&[], &both, &options(random), random.pick(&["table", "json", "csv", "svg", "html"])),
    ]
}

/// Records a profile as a baseline; the path.
pub fn baseline(files: &Files, input: &str) -> String {
    let path = files.path("baseline.json");
    let outcome = run(&["check", input, "--no-config", "--update-baseline", &path]);
    if !std::path::Path::new(&path).exists() {
        files.write("baseline.json", &outcome.stderr);
    }
    path
}

fn command(before: &[&str], inputs: &[String], options: &[impl AsRef<str>], format: &'static str) -> Command {
    let before = before.iter().map(|text| (*text).to_owned());
    let options = options.iter().map(|option| option.as_ref().to_owned());
    let mut args: Vec<String> = before.chain(inputs.iter().cloned()).chain(options).collect();
    args.extend(["--format".to_owned(), format.to_owned()]);
    if args[0] == "list" {
        args.truncate(args.len() - 2);
    }
    Command { args, format, output: None, width: None }
}

/// A comparison; what is no text goes to a file.
fn comparison(files: &Files, inputs: &[String], options: &[String], format: &'static str) -> Command {
    if format != "pprof" {
        return command(&[], inputs, options, format);
    }
    let path = files.path("out.pb.gz");
    let mut command = command(&[], inputs, options, format);
    command.args.extend(["-o".to_owned(), path.clone()]);
    Command { output: Some(path), ..command }
}

fn goroutines(inputs: &[String], format: &'static str) -> Command {
    let command = command(&["goroutines"], inputs, &["-n", "3"], format);
    Command { format: if format == "json" { "goroutines" } else { format }, ..command }
}

fn flame(random: &mut Random, inputs: &[String]) -> Command {
    let mut options = vec!["--width", random.pick(&["growth", "after", "before", "max"])];
    if random.one_in(2) {
        options.push("--inverted");
    }
    if random.one_in(3) {
        options.extend(["--flame-root", "main.main"]);
    }
    options.extend(["--title", random.pick(&["a & <b>", "", "\u{1b}[1m\u{202e}"])]);
    command(&["flame"], inputs, &options, "svg")
}

/// The inputs as runs of two builds.
fn sides(random: &mut Random, inputs: &[String]) -> Command {
    let mut options = vec!["--before".to_owned(), inputs[0].clone(), "--after".to_owned()];
    options.extend(inputs.iter().skip(usize::from(inputs.len() > 1)).cloned());
    command(&[], &[], &options, random.pick(&["table", "json", "html", "svg"]))
}

fn options(random: &mut Random) -> Vec<String> {
    let mut options = vec!["--by", random.pick(GRANULARITIES), "--sort", random.pick(ORDERS)];
    let pattern = random.pick(PATTERNS);
    match random.below(12) {
        0 => options.push("--exact-names"),
        1 => options.extend(["--focus", pattern]),
        2 => options.extend(["--hide", pattern]),
        3 => options.extend(["--show-from", pattern]),
        4 => options.extend(["--tagfocus", "bytes=1b:64kb"]),
        5 => options.extend(["--sample-index", "0"]),
        6 => options.push("--same-process"),
        7 => options.push("--independent"),
        8 => options.extend(["-n", "0"]),
        9 => options.extend(["--app", "main.**"]),
        10 => options.extend(["--ignore", pattern, "--all"]),
        _ => {}
    }
    options.into_iter().map(str::to_owned).collect()
}

fn limits(random: &mut Random, inputs: usize) -> Vec<String> {
    let mut options = Vec::new();
    for option in ["--max-growth", "--per-stack", "--max-growth", "--max-objects"] {
        if inputs > 1 && random.one_in(3) && !options.contains(&option.to_owned()) {
            options.extend([option.to_owned(), random.pick(LIMITS).to_owned()]);
        }
    }
    options.extend(["--max-total".to_owned(), (random.pick(&["0", "1000000", "1000"])).to_owned()]);
    if inputs > 1 {
        let limit = format!("{}={}", random.pick(&["**", "main", "net/http/**"]), random.pick(LIMITS));
        options.extend(["--limit".to_owned(), limit]);
    }
    options
}
