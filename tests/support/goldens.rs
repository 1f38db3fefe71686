//! What is recorded: a name, where the output goes, the inputs, the options.

use super::To::{self, Color, Columns, Pipe};

pub const HTTP: &str = "fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz";
pub const LARGE: &str = "fixtures/large/heap1.pb.gz fixtures/large/heap3.pb.gz";
pub const TIMERS: &str = "fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz";
pub const PEAKS: &str = "fixtures/sawtooth/heap2.pb.gz fixtures/sawtooth/heap4.pb.gz";
pub const BUILDS: &str = "fixtures/rebuilt/a/heap1.pb.gz fixtures/rebuilt/b/heap3.pb.gz";
pub const SERIES: &str = "fixtures/sawtooth/heap1.pb.gz fixtures/sawtooth/heap2.pb.gz fixtures/sawtooth/heap3.pb.gz \
                      fixtures/sawtooth/heap4.pb.gz fixtures/sawtooth/heap5.pb.gz";
pub const WARMUP: &str = "fixtures/warmup/heap1.pb.gz fixtures/warmup/heap2.pb.gz fixtures/warmup/heap3.pb.gz";

/// Name, where standard output goes, the profiles, the options.
pub const GOLDENS: &[(&str, To, &str, &str)] = &[
    // The table at the widths of terminals.
    ("table-60", Columns(60), HTTP, "-n 3"),
    ("table-80", Columns(80), HTTP, ""),
    ("table-120", Columns(120), HTTP, ""),
    ("table-200", Columns(200), HTTP, ""),
    ("table-piped", Pipe, HTTP, ""),
    ("table-large-100", Columns(100), LARGE, ""),
    ("table-width-option", Pipe, TIMERS, "--columns 100"),
    ("color-80", Color(80), PEAKS, "--sort abs -n 4"),
    ("color-160", Color(160), HTTP, "-n 4"),
    ("color-never", Color(120), TIMERS, "--color never -n 1"),
    ("color-always", Pipe, TIMERS, "--color always -n 1"),
    // One profile, and series.
    ("single-120", Columns(120), "fixtures/large/heap3.pb.gz", ""),
    ("single-piped", Pipe, "fixtures/timers/heap3.pb.gz", "-n 5"),
    ("series-3-80", Columns(80), WARMUP, ""),
    ("series-3-140", Columns(140), WARMUP, ""),
    ("series-5-100", Columns(100), SERIES, ""),
    ("series-5-piped", Pipe, SERIES, ""),
    (
        "series-6-120",
        Columns(120),
        "fixtures/sawtooth/heap1.pb.gz fixtures/sawtooth/heap2.pb.gz \
        fixtures/sawtooth/heap3.pb.gz fixtures/sawtooth/heap4.pb.gz fixtures/sawtooth/heap5.pb.gz \
        fixtures/sawtooth/heap5.pb.gz",
        "",
    ),
    // What a row stands for.
    ("by-line", Columns(120), BUILDS, "--by line -n 5"),
    ("by-file", Columns(120), TIMERS, "--by file -n 5"),
    ("by-package", Columns(120), HTTP, "--by package"),
    ("by-stack", Columns(120), HTTP, "--by stack -n 5"),
    ("by-address", Columns(120), TIMERS, "--by address -n 5"),
    (
        "generic-names",
        Columns(140),
        "fixtures/toolchains/go1.22/heap1.pb.gz fixtures/toolchains/go1.27/heap3.pb.gz",
        "",
    ),
    (
        "exact-names",
        Columns(140),
        "fixtures/toolchains/go1.27/heap1.pb.gz fixtures/toolchains/go1.27/heap3.pb.gz",
        "--exact-names -n 3",
    ),
    // Order and number of rows.
    ("sort-shrink", Columns(120), PEAKS, "--sort shrink"),
    ("sort-abs", Columns(120), PEAKS, "--sort abs -n 5"),
    ("sort-flat", Columns(120), PEAKS, "--sort flat -n 5"),
    ("sort-cum", Columns(120), TIMERS, "--sort cum -n 5"),
    ("sort-name", Columns(120), TIMERS, "--sort name -n 5"),
    ("sort-objects", Columns(120), TIMERS, "--sort objects -n 5"),
    ("nothing-grew", Columns(120), PEAKS, ""),
    ("all-rows", Columns(120), TIMERS, "-n 0"),
    ("subcommand", Columns(120), "", "diff fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz -n 1"),
    // Metrics, units, filters, labels.
    ("objects", Columns(120), TIMERS, "--sample-index inuse_objects -n 4"),
    ("allocated", Columns(120), TIMERS, "--sample-index alloc_space -n 4"),
    ("goroutines", Columns(120), "fixtures/http-body/goroutine1.pb.gz fixtures/http-body/goroutine3.pb.gz", ""),
    ("unit-bytes", Columns(140), TIMERS, "--unit B -n 3"),
    ("unit-kib", Columns(140), TIMERS, "--unit KiB -n 3"),
    ("filtered", Columns(120), HTTP, "--focus Price --hide net/http --tagfocus bytes=:1kb"),
    ("labels", Columns(100), "monday=fixtures/timers/heap1.pb.gz friday=fixtures/timers/heap3.pb.gz", "-n 1"),
    ("by-label", Columns(100), HTTP, "--by label:bytes -n 3"),
    ("stacks-80", Columns(80), HTTP, "-n 2 --stacks=2"),
    ("folder-80", Columns(80), "fixtures/timers", "-n 2"),
    // Callers and callees, and what a profile is.
    ("peek-80", Columns(80), "", "peek Client.*Price fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz"),
    (
        "peek-color-100",
        Color(100),
        "",
        "-peek Client.*Price -base fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz",
    ),
    ("inspect-80", Columns(80), "", "inspect fixtures/http-body/heap1.pb.gz fixtures/native/sampled1.heap"),
    // Other formats.
    ("brief", Pipe, HTTP, "--brief"),
    ("json", Pipe, TIMERS, "-f json -n 2"),
    ("json-series", Pipe, WARMUP, "-f json -n 1"),
    ("json-warnings", Pipe, BUILDS, "-f json -n 1"),
    ("markdown", Pipe, HTTP, "-f markdown -n 5"),
    ("markdown-series", Pipe, WARMUP, "-f markdown -n 3"),
    ("csv", Pipe, HTTP, "-f csv"),
    // Profiles in text form.
    ("text-heap", Columns(120), "fixtures/http-body/heap1.debug1.txt fixtures/http-body/heap3.debug1.txt.gz", "-n 3"),
    (
        "text-dump",
        Columns(120),
        "fixtures/http-body/goroutine1.debug2.txt fixtures/http-body/goroutine3.debug2.txt.gz",
        "-n 5",
    ),
    ("text-tcmalloc", Columns(120), "fixtures/native/sampled1.heap fixtures/native/sampled2.heap", "-n 3"),
    ("text-symbolized", Columns(120), "fixtures/native/exact1.symbolized fixtures/native/exact2.symbolized", "-n 3"),
    ("text-jemalloc", Columns(120), "fixtures/native/jemalloc1.heap fixtures/native/jemalloc2.heap", "-n 3"),
    // Source with growth beside it.
    (
        "list-80",
        Columns(80),
        "",
        "list Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz --source-path fixtures",
    ),
    (
        "list-color-100",
        Color(100),
        "",
        "list Service.*Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz --source-path fixtures",
    ),
    ("list-piped", Pipe, "", "list Service..Hold fixtures/timers/heap3.pb.gz --unit B --source-path fixtures"),
    ("list-missing-80", Columns(80), "", "list Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    (
        "list-builds-80",
        Columns(80),
        "",
        "list Catalog.*Page fixtures/rebuilt/a/heap1.pb.gz fixtures/rebuilt/b/heap3.pb.gz \
         --trim-path /home/ci/build-2/shop --source-path fixtures",
    ),
    ("list-error-pattern", Pipe, "", "list ( fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    ("list-error-no-match", Pipe, "", "list nowhere fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    ("list-error-format", Pipe, "", "list Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz -o hold.json"),
    ("help-list", Columns(100), "", "list --help"),
    // The manual.
    ("explain-80", Columns(80), "", "explain"),
    ("explain-color", Color(80), "", "explain"),
    ("explain-page-80", Columns(80), "", "explain stale-snapshot"),
    ("explain-page-color", Color(70), "", "explain no-match"),
    ("explain-page-piped", Pipe, "", "explain restart"),
    ("explain-unknown", Pipe, "", "explain stale-snapshots"),
    // Warnings.
    ("warning-reversed", Columns(100), "fixtures/timers/heap3.pb.gz fixtures/timers/heap1.pb.gz", "-n 2"),
    ("warning-build", Columns(80), BUILDS, "-n 2"),
    ("warning-same", Columns(80), "fixtures/timers/heap1.pb.gz fixtures/timers/heap1.pb.gz", ""),
    ("warning-no-match", Columns(80), TIMERS, "--focus nowhere"),
    // Help and errors.
    ("help", Columns(100), "", "--help"),
    ("help-80", Columns(80), "", "--help"),
    ("help-short", Pipe, "", "-h"),
    ("help-diff", Columns(100), "", "diff --help"),
    ("help-flame", Columns(100), "", "flame --help"),
    ("error-no-arguments", Pipe, "", ""),
    ("error-unknown-option", Pipe, TIMERS, "--sampel-index x"),
    ("error-unknown-value", Pipe, TIMERS, "--by method"),
    ("error-no-file", Pipe, "fixtures/timers/heap1.pb.gz fixtures/timers/heap9.pb.gz", ""),
    ("error-no-profile", Pipe, "fixtures/README.md fixtures/timers/heap1.pb.gz", ""),
    ("error-text", Pipe, "fixtures/timers/pprof.1-3.tsv fixtures/timers/heap1.pb.gz", ""),
    ("error-heap-and-dump", Pipe, "fixtures/timers/goroutine1.debug2.txt fixtures/timers/heap1.pb.gz", ""),
    ("error-empty", Pipe, "fixtures/timers/heap1.pb.gz -", ""),
    ("error-nothing-in-common", Pipe, "fixtures/timers/goroutine1.pb.gz fixtures/timers/heap1.pb.gz", ""),
    ("error-unknown-metric", Pipe, TIMERS, "--sample-index heap"),
    ("error-pattern", Pipe, TIMERS, "--focus ("),
    ("error-ending", Pipe, TIMERS, "-o growth.xlsx"),
    ("error-unit", Pipe, TIMERS, "--unit parsec"),
    ("error-too-large", Pipe, TIMERS, "--max-inflated 1KiB"),
    // The gate.
    (
        "check-pass-80",
        Columns(80),
        "",
        concat!(
            "check fixtures/timers/heap1.pb.gz fixtures/timers/heap1.pb.gz --no-config ",
            "--max-growth 0 --max-total 1GiB --per-stack 0"
        ),
    ),
    (
        "check-fail-80",
        Columns(80),
        "",
        concat!(
            "check fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz ",
            "--no-config --max-growth 1MiB|10% --max-objects 100 --per-stack 200KiB --limit net/http/**=1MiB --limit nope=1"
        ),
    ),
    (
        "check-fail-60",
        Columns(60),
        "",
        concat!(
            "check fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz ",
            "--no-config --max-growth 1MiB|10% --metric inuse_space,inuse_objects --per-op 500"
        ),
    ),
    (
        "check-color-80",
        Color(80),
        "",
        concat!(
            "check fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz ",
            "--no-config --max-growth 1MiB --max-total 40MiB --max-objects 10%|300000"
        ),
    ),
    ("check-inconclusive", Columns(80), "", "check fixtures/http-body/heap3.pb.gz --no-config --max-total 42MiB"),
    (
        "check-on-inconclusive",
        Pipe,
        "",
        concat!("check fixtures/http-body/heap3.pb.gz --no-config --max-total 42MiB ", "--on-inconclusive pass"),
    ),
    (
        "check-goroutines",
        Columns(80),
        "",
        concat!(
            "check fixtures/http-body/goroutine1.pb.gz ",
            "fixtures/http-body/goroutine3.pb.gz --no-config --max-growth 0"
        ),
    ),
    (
        "check-allowed",
        Columns(80),
        "",
        concat!(
            "check fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz ",
            "-c tests/check/configs/allow.toml --today 2026-11-20"
        ),
    ),
    (
        "check-json",
        Pipe,
        "",
        concat!(
            "check fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz --no-config ",
            "--max-growth 1KiB --max-objects 1000000 -f json"
        ),
    ),
    ("check-print-config", Pipe, "", "check -c tests/check/configs/full.toml --print-config --max-growth 1MiB"),
    ("help-check", Columns(100), "", "check --help"),
    ("check-error-no-limit", Pipe, "", "check --no-config fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    ("check-error-no-base", Pipe, "", "check --no-config fixtures/timers/heap1.pb.gz --max-growth 1"),
    ("check-error-limit", Pipe, "", "check --no-config a b --max-growth lots"),
    (
        "check-error-unit",
        Pipe,
        "",
        concat!(
            "check --no-config fixtures/timers/goroutine1.pb.gz ",
            "fixtures/timers/goroutine3.pb.gz --max-growth 1KiB"
        ),
    ),
    ("check-error-total", Pipe, "", "check --no-config fixtures/timers/heap1.pb.gz --max-total 10%"),
    ("check-error-metric", Pipe, "", "check --no-config fixtures/timers/heap1.pb.gz --max-total 1 --metric heap"),
    ("check-error-output", Pipe, "", "check --no-config fixtures/timers/heap1.pb.gz --max-total 1 -o growth.xlsx"),
    ("check-error-config-missing", Pipe, "", "check a b -c tests/check/configs/none.toml"),
    ("check-error-config-key", Pipe, "", "check a b -c tests/check/configs/unknown-key.toml"),
    ("check-error-config-type", Pipe, "", "check a b -c tests/check/configs/wrong-type.toml"),
    ("check-error-config-limit", Pipe, "", "check a b -c tests/check/configs/bad-limit.toml"),
    ("check-error-config-broken", Pipe, "", "check a b -c tests/check/configs/broken.toml"),
    ("check-error-config-reason", Pipe, "", "check a b -c tests/check/configs/no-reason.toml"),
    ("check-error-config-date", Pipe, "", "check a b -c tests/check/configs/quoted-date.toml"),
    (
        "check-error-suppressions",
        Pipe,
        "",
        concat!("check a b --no-config --max-growth 1 ", "--suppressions tests/check/configs/suppressions.txt"),
    ),
];
