//! What wrote a profile, and in which language its program is: concluded, as no profile says so.
//!
//! In: sample types and files. Out: words, or nothing where nothing can be concluded.

use crate::model::{Metric, Symbols};

/// Sample types that only one family of producers has, and what it is called.
const PRODUCERS: &[(&[&str], &str)] = &[
    (&["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"], "the heap profiler of Go (runtime/pprof)"),
    (&["goroutine"], "the goroutine profile of Go (runtime/pprof)"),
    (&["goroutineleak"], "the goroutine leak profile of Go (runtime/pprof)"),
    (&["threadcreate"], "the thread profile of Go (runtime/pprof)"),
    (&["contentions", "delay"], "the mutex or block profile of Go (runtime/pprof)"),
    (&["samples", "cpu"], "a CPU profiler"),
    (&["heap-live-size"], "the profiler of Datadog"),
    (&["heap-space"], "the profiler of Datadog"),
    (&["alloc_in_new_tlab_bytes"], "async-profiler, for the JVM"),
    (&["Unreleased malloc size"], "heapprofd of Perfetto"),
    (&["retained_size"], "a snapshot of a Ruby or JavaScript heap"),
    (&["objects", "space"], "gperftools, jemalloc, V8 or a converter"),
];

/// What wrote a profile. A text form says it by itself.
pub(super) fn producer(metrics: &[Metric], format: &str) -> Option<&'static str> {
    let has = |name: &&str| metrics.iter().any(|metric| metric.name == **name);
    let is_binary = format == "pprof";
    PRODUCERS.iter().find(|(names, _)| is_binary && names.iter().all(&has)).map(|(_, producer)| *producer)
}

/// Endings of source files.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("Go", &["go"]),
    ("Rust", &["rs"]),
    ("C or C++", &["c", "cc", "cpp", "cxx", "h", "hh", "hpp"]),
    ("Java or Kotlin", &["java", "kt", "scala"]),
    ("JavaScript or TypeScript", &["js", "mjs", "cjs", "ts", "jsx", "tsx"]),
    ("Python", &["py"]),
    ("Ruby", &["rb"]),
    ("PHP", &["php"]),
    ("C#", &["cs"]),
    ("Swift or Objective-C", &["swift", "m", "mm"]),
];

/// The language of most functions whose file says one.
pub(super) fn language(symbols: &Symbols) -> Option<&'static str> {
    let mut counts = vec![0_usize; LANGUAGES.len()];
    for function in symbols.functions() {
        let ending = symbols.str(function.file).rsplit_once('.').map(|(_, ending)| ending);
        let known = ending.and_then(|ending| LANGUAGES.iter().position(|(_, endings)| endings.contains(&ending)));
        if let Some(count) = known.and_then(|known| counts.get_mut(known)) {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().filter(|most| *most > 0)?;
    LANGUAGES.iter().zip(&counts).find(|(_, count)| **count == most).map(|((language, _), _)| *language)
}
