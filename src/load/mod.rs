//! Bytes to snapshots: one file per input format, one list of them.
//!
//! In: the bytes of one or more inputs. Out: a [`Snapshot`] each, on one set of [`Symbols`], and warnings.
//! Invariant: an input is either loaded whole and checked, or named in one [`Error`]; nothing is skipped in silence.
//! Together with `export/pprof.rs` the only user of prost; the only user of flate2 for reading. Opens no files.

// Bytes from outside never decide where a table is read.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod baseline;
mod cost;
mod decoded;
mod delta;
mod envelope;
mod error;
mod fold;
mod folded;
mod foreign;
mod go_counts;
mod go_heap;
mod go_stacks;
mod gzip;
pub(crate) mod heap_dump;
mod java_heapz;
mod jemalloc;
mod join;
mod memray;
mod native_heap;
mod pprof;
pub(crate) mod proto;
mod resident;
mod sorted;
mod tcmalloc;
mod text;
mod utf16;
mod v8_heap;
mod warning;
mod window;

use std::io::Read;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

pub use baseline::is_baseline;
pub use error::{Error, Problem};
pub use heap_dump::read as read_heap_dump;
pub use resident::resident;
pub use sorted::{Content, Group, Sorted, sort};
pub use warning::PAGES;
pub use warning::passed_over::passed_over;

use crate::model::{Header, Metric, SharedStacks, Snapshot, Symbols, Warning, called};
use decoded::Decoded;
use envelope::Opened;
use window::Window;

/// One input: what to call it, where it came from, and its content (gzipped or not), which is streamed.
pub struct Input {
    /// What the user calls it.
    pub label: String,
    /// Where it came from.
    pub path: String,
    /// Its content.
    pub content: Box<dyn Read + Send>,
}

impl Input {
    /// What was read or is being read elsewhere, such as bytes in memory.
    pub fn new(label: impl Into<String>, content: impl Read + Send + 'static) -> Self {
        let label = label.into();
        Self { path: label.clone(), label, content: Box::new(content) }
    }
}

/// Bounds on what an input may ask for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Limits {
    /// Most bytes that one input may need once decompressed.
    pub inflated: u64,
}

impl Default for Limits {
    /// 2 GiB: eighteen times the largest profile seen in practice.
    fn default() -> Self {
        Self { inflated: 2 << 30 }
    }
}

/// How many times its limit an input may take in memory, on its way through all rooms.
const MEMORY: u64 = 2;

impl Limits {
    /// Those of so many inputs that are in memory together, where there is so much memory; `None` where it is not known.
    /// More than a few are never all as large as they may be: a long series is no reason to refuse one of them.
    pub fn within(memory: Option<u64>, inputs: usize) -> Self {
        let Self { inflated } = Self::default();
        let room = memory.map(|memory| memory / MEMORY / (inputs as u64).clamp(2, 4));
        Self { inflated: room.map_or(inflated, |room| room.min(inflated)) }
    }
}

/// The loaded inputs.
#[derive(Debug)]
pub struct Loaded {
    /// The symbols that all snapshots share.
    pub symbols: Symbols,
    /// One per input, in the order given.
    pub snapshots: Vec<Snapshot>,
    /// What is survivable but should be said.
    pub warnings: Vec<Warning>,
}

/// Loads all inputs, side by side.
///
/// # Errors
/// The problem of the first input that cannot be loaded. One bad input among several is an error.
pub fn load(inputs: Vec<Input>, limits: Limits) -> Result<Loaded, Error> {
    let mut symbols = Symbols::default();
    let mut warnings = Vec::new();
    let mut snapshots = Vec::with_capacity(inputs.len());
    let count = inputs.len();
    let mut stacks = SharedStacks::of(count);
    in_waves(inputs, limits, |decoded| {
        for mut snapshot in fold_all(decoded, &mut symbols, &mut warnings)? {
            stacks.take(&mut snapshot);
            snapshots.push(snapshot);
        }
        Ok(())
    })?;
    let loaded = finish(symbols, warnings, stacks, snapshots);
    is_one_comparison(&loaded, count).map(|()| loaded)
}

/// An input that is a comparison already stands alone.
fn is_one_comparison(loaded: &Loaded, inputs: usize) -> Result<(), Error> {
    let parts = || loaded.snapshots.iter().find(|snapshot| snapshot.header.is_part_of_comparison);
    let Some(snapshot) = parts().filter(|_| inputs > 1 && loaded.snapshots.len() > inputs) else { return Ok(()) };
    let Header { label, path, .. } = &snapshot.header;
    let cause = "it is a comparison already (two numbers on each line): give it alone".to_owned();
    Err(Error { input: called(label, path), problem: Problem::Malformed(cause) })
}

/// Decodes as many inputs at a time as there are threads, while those before them are taken: what a file needs while it is
/// read is not kept for all of them.
fn in_waves<E: Send>(
    inputs: Vec<Input>,
    limits: Limits,
    mut take: impl FnMut(Vec<DecodedInput>) -> Result<(), E> + Send,
) -> Result<(), E> {
    let at_once = rayon::current_num_threads().max(2);
    let mut inputs = inputs.into_iter();
    let mut decoded = decode_all(inputs.by_ref().take(at_once).collect(), limits);
    while !decoded.is_empty() {
        let next: Vec<Input> = inputs.by_ref().take(at_once).collect();
        let (taken, next) = rayon::join(|| take(decoded), || decode_all(next, limits));
        taken?;
        decoded = next;
    }
    Ok(())
}

/// What was loaded, with what is to be said of snapshots without samples.
fn finish(symbols: Symbols, mut warnings: Vec<Warning>, stacks: SharedStacks, mut snapshots: Vec<Snapshot>) -> Loaded {
    stacks.give_back(&mut snapshots);
    // Why there are none is said of a profiler that was off; that nothing leaked is an answer.
    let is_odd = |snapshot: &&Snapshot| {
        let is_answer = snapshot.metrics.iter().any(Metric::is_of_proven_leaks);
        snapshot.is_empty() && !snapshot.header.profiling_is_off && !is_answer
    };
    warnings.extend(snapshots.iter().filter(is_odd).map(warning::empty::warning));
    Loaded { symbols, snapshots, warnings }
}

/// An input that was decoded: what it is called, where it came from, and its content.
type DecodedInput = (String, String, Result<Decoded, Problem>);

/// Decodes inputs, side by side.
fn decode_all(inputs: Vec<Input>, limits: Limits) -> Vec<DecodedInput> {
    let decode = |Input { label, path, content }| {
        let decoded = decode(content, limits);
        (label, path, decoded)
    };
    inputs.into_par_iter().map(decode).collect()
}

/// Folds inputs into the symbols of the run.
fn fold_all(
    decoded: Vec<DecodedInput>,
    symbols: &mut Symbols,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Snapshot>, Error> {
    let mut folded = Vec::with_capacity(decoded.len());
    for (label, path, decoded) in decoded {
        let result = decoded.and_then(|decoded| fold::fold(decoded, &label, &path, symbols, warnings));
        match result {
            Ok(result) => folded.push((called(&label, &path), result)),
            Err(problem) => return Err(Error { input: called(&label, &path), problem }),
        }
    }
    let snapshots =
        |(input, folded): (String, fold::Folded)| folded.into_snapshots().map_err(|problem| Error { input, problem });
    let snapshots: Vec<Vec<Snapshot>> =
        folded.into_par_iter().map(snapshots).collect::<Vec<_>>().into_iter().collect::<Result<_, _>>()?;
    Ok(snapshots.into_iter().flatten().collect())
}

/// What an input is called that nobody gave a name.
const STDIN: &str = "stdin";

impl Loaded {
    /// Puts three snapshots or more in the order of their times, where all are stated and different and no input has a
    /// label of the user's; what was put elsewhere is said.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a pair has two")]
    pub fn in_order_of_time(mut self) -> Self {
        let headers = || self.snapshots.iter().map(|snapshot| &snapshot.header);
        let times: Option<Vec<i64>> = headers().map(|header| header.time_nanos).collect();
        let is_labelled = headers().any(|header| header.label != header.path && header.label != STDIN);
        let Some(times) = times.filter(|times| times.len() > 2 && !is_labelled) else { return self };
        let mut sorted = times.clone();
        sorted.sort_unstable();
        if sorted != times && sorted.windows(2).all(|pair| pair[0] < pair[1]) {
            self.snapshots.sort_by_key(|snapshot| snapshot.header.time_nanos);
            self.warnings.push(warning::reordered::warning(&self.snapshots));
        }
        self
    }
}

/// Decompresses and decodes one input.
fn decode(content: Box<dyn Read + Send>, limits: Limits) -> Result<Decoded, Problem> {
    let Opened { content, is_gzip, lines, has_rest } = envelope::open(content)?;
    let mut window = Window::new(content, is_gzip, lines, limits.inflated);
    let (name, mut decoded) = decode_stream(&mut window)?;
    (decoded.format, decoded.is_gzip) = (name, is_gzip);
    if has_rest.load(Ordering::Relaxed) {
        decoded.warnings.push((warning::trailing_bytes::CODE, warning::trailing_bytes::MESSAGE.to_owned()));
    }
    cost::check(&decoded, limits, window.spent())?;
    Ok(decoded)
}

/// One text format.
struct Format {
    /// What it is, for people.
    name: &'static str,
    /// Whether an input that begins so is of this format.
    recognises: fn(beginning: &str) -> bool,
    /// Decodes the whole input.
    decode: fn(&mut Window) -> Result<Decoded, Problem>,
}

/// The text formats: the first that recognises an input decodes it. pprof's protobuf format has no signature; it is what
/// none of these and no foreign format lays claim to.
const FORMATS: &[Format] = &[
    baseline::FORMAT,
    go_heap::FORMAT,
    java_heapz::FORMAT,
    native_heap::FORMAT,
    go_counts::FORMAT,
    go_stacks::FORMAT,
    memray::FORMAT,
    v8_heap::FORMAT,
    folded::FORMAT,
];

/// Decodes a stream, which is in the format of this name.
fn decode_stream(window: &mut Window) -> Result<(&'static str, Decoded), Problem> {
    window.take_byte_order_mark()?;
    let beginning = window.beginning()?;
    if beginning.is_empty() {
        return Err(Problem::EmptyGzip);
    }
    if beginning.starts_with(heap_dump::MAGIC) {
        return Ok((heap_dump::profile::NAME, heap_dump::profile::decode(window)?));
    }
    let text = text::beginning(beginning);
    if let Some(format) = format_of(text) {
        return Ok((format.name, (format.decode)(window)?));
    }
    if let Some(problem) = foreign::by_signature(beginning) {
        return Err(problem);
    }
    if let Some((lines, format)) = after_preamble(text) {
        window.skip_lines(lines)?;
        return Ok((format.name, (format.decode)(window)?));
    }
    if let Some(problem) = foreign::as_text(beginning) {
        return Err(problem);
    }
    Ok((PPROF, pprof::decode(window)?))
}

/// What pprof's protobuf format is called.
const PPROF: &str = "pprof";

/// The format of a text that begins so.
fn format_of(text: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.recognises)(text))
}

/// The format of a text that begins below lines of something else, such as the log of what collected it; how many lines.
fn after_preamble(text: &str) -> Option<(usize, &'static Format)> {
    /// Most lines above: a few are what collectors print.
    const LONGEST: usize = 1000;
    let is_text =
        |line: &str| !line.contains(|byte: char| byte.is_control() && !matches!(byte, '\t' | '\r' | '\u{1b}'));
    let above = text.match_indices('\n').take(LONGEST).scan(0, |start, (end, _)| {
        let line = &text[*start..end];
        *start = end + 1;
        is_text(line).then_some(*start)
    });
    let mut below = above.enumerate().map(|(index, start)| (index + 1, &text[start..]));
    below.find_map(|(lines, text)| Some((lines, format_of(text)?)))
}
