//! What `leakdiff check` prints, for `tests/goldens.rs`: the verdict as text, every kind of error, every error of a
//! configuration.

use super::Golden;
use super::To::{Color, Columns, Pipe};

/// Name, where standard output goes, no profiles apart from those among the options, the options.
pub const GOLDENS: &[Golden] = &[
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
