//! What known leaks look like in a profile: one file per signature, one table of them.
//!
//! In: nothing. Out: [`SIGNATURES`], data about frames. Invariant: the documentation at the top of a signature's file is
//! its page of the manual, with all [`SECTIONS`]; every pattern can be read; codes are unique. The table is in the order
//! in which signatures are tried: the more special one first.
//! Knows nothing of diffs: `suspect` holds the patterns against stacks.

mod benign;
mod context;
mod counted;
mod database;
mod goroutine;
mod library;
mod matcher;
mod network;
mod pattern;
mod retention;

pub use counted::Counted;
pub(super) use matcher::{Allocated, Matcher, SetId, UnionId, Walk};
pub(super) use pattern::Pattern;

use crate::model::Page;

/// All signatures, the more special ones first.
pub const SIGNATURES: &[Signature] = &[
    // Waiting for a connection of the pool is why a handler does not end, and not the other way round.
    database::sql_pool_exhausted::SIGNATURE,
    // A transport for each request has the connections of an unclosed body, and itself.
    network::http_client_per_request::SIGNATURE,
    network::http_body_not_closed::SIGNATURE,
    network::http2_body_not_closed::SIGNATURE,
    // What a blocked handler keeps beside an idle connection, what an idle connection does not keep, and the rest.
    network::http_handler_blocked::SIGNATURE,
    network::http_server_connections::SIGNATURE,
    network::http_idle_connections::SIGNATURE,
    network::hijacked_connections::SIGNATURE,
    // A connection begins streams.
    network::grpc_client_per_call::SIGNATURE,
    network::grpc_stream_not_ended::SIGNATURE,
    database::redis_client_per_request::SIGNATURE,
    // A handle opens connections, a transaction has rows, and a statement may be prepared for either.
    database::sql_open_per_request::SIGNATURE,
    database::sql_tx_not_ended::SIGNATURE,
    database::sql_rows_not_closed::SIGNATURE,
    database::sql_stmt_not_closed::SIGNATURE,
    goroutine::exec_not_waited::SIGNATURE,
    // Its writer is a pipe.
    goroutine::logrus_writer::SIGNATURE,
    goroutine::io_pipe_abandoned::SIGNATURE,
    // A deferred call for each file.
    retention::defer_in_loop::SIGNATURE,
    retention::file_not_closed::SIGNATURE,
    library::gzip_writer_per_request::SIGNATURE,
    // Libraries dial for the program: their signatures come before that of plain connections.
    network::tls_config_rebuilt::SIGNATURE,
    // What a goroutine waits for is seen; that its connection was forgotten is concluded, from the heap.
    goroutine::states::NETWORK_READ,
    network::net_conn_not_closed::SIGNATURE,
    library::prometheus_labels::SIGNATURE,
    library::otel_attributes::SIGNATURE,
    library::zap_with::SIGNATURE,
    library::logrus_fields::SIGNATURE,
    library::cache_library::SIGNATURE,
    library::slog_with::SIGNATURE,
    library::template_parsed::SIGNATURE,
    library::regexp_compiled::SIGNATURE,
    library::reflect_types::SIGNATURE,
    goroutine::signal_notify::SIGNATURE,
    context::context_custom_parent::SIGNATURE,
    context::context_timeout_not_cancelled::SIGNATURE,
    context::context_after_func::SIGNATURE,
    context::context_not_cancelled::SIGNATURE,
    context::context_values::SIGNATURE,
    context::time_tick::SIGNATURE,
    context::ticker_not_stopped::SIGNATURE,
    context::time_after::SIGNATURE,
    context::timer_not_stopped::SIGNATURE,
    goroutine::states::MUTEX,
    goroutine::states::WAITGROUP,
    goroutine::states::COND,
    goroutine::states::SLEEP,
    goroutine::states::CHAN_SEND,
    goroutine::states::CHAN_RECEIVE,
    goroutine::states::CHAN_RANGE,
    goroutine::states::SELECT,
    goroutine::states::SELECT_EMPTY,
    goroutine::states::CGO,
    goroutine::os_threads::SIGNATURE,
    library::json_kept::SIGNATURE,
    library::error_chain::SIGNATURE,
    retention::sync_map::SIGNATURE,
    retention::list_queue::SIGNATURE,
    retention::cgo_copies::SIGNATURE,
    retention::retained_input::SIGNATURE,
    retention::pool_not_put_back::SIGNATURE,
    retention::buffer_not_reset::SIGNATURE,
    goroutine::goroutine_leak::SIGNATURE,
    retention::growing_container::SIGNATURE,
    // What a request is kept by tells more than that it is kept.
    network::http_request_kept::SIGNATURE,
    retention::retained_objects::SIGNATURE,
    benign::profiler::SIGNATURE,
    benign::one_time_init::SIGNATURE,
    benign::runtime_own::SIGNATURE,
    benign::standard_pools::SIGNATURE,
    benign::goroutine_high_water::SIGNATURE,
    CHURN,
    UNKNOWN,
];

/// The codes of all signatures.
pub fn codes() -> impl Iterator<Item = &'static str> {
    SIGNATURES.iter().map(Signature::code)
}

/// What is said of growth that no other signature knows.
pub const UNKNOWN: Signature = retention::unknown::SIGNATURE;

/// What is said of descriptors of goroutines that are no more.
pub const GOROUTINE_HIGH_WATER: Signature = benign::goroutine_high_water::SIGNATURE;

/// What is said of what is allocated and freed again.
pub const CHURN: Signature = benign::churn::SIGNATURE;

/// The headings that every page has, in this order.
pub const SECTIONS: &[&str] =
    &["What it detects", "Why it grows", "Evidence", "What looks alike", "Fix", "How to confirm"];

/// What kind of growth it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something is kept that is not needed any more.
    Leak,
    /// Memory is allocated and freed again.
    Churn,
    /// Growth that is as it should be, of the runtime or the profiler.
    Benign,
}

/// How far a suspicion can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Other causes look the same.
    Low,
    /// The frames fit; a look-alike is possible.
    Medium,
    /// Nothing else looks like this.
    High,
}

impl Confidence {
    /// It in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What would raise the confidence in a suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raise {
    /// Goroutine profiles beside the heap.
    Goroutines,
    /// A series of snapshots.
    Series,
    /// Something that profiles do not show, as the end of "to be sure, ...".
    By(&'static str),
}

/// Frames that tell a leak, as patterns (see `pattern.rs` for how they are written).
#[derive(Debug, Clone, Copy)]
pub struct Frames {
    /// Growing stacks that match one of these are of this leak; at least one must grow.
    pub any: &'static [&'static str],
    /// All of these must grow too, anywhere in the program.
    pub all: &'static [&'static str],
    /// None of these may grow in proportion.
    pub not: &'static [&'static str],
    /// Growing stacks without a frame of the program that match one of these belong to the leak as well, but prove
    /// nothing: the goroutines of the runtime, what a server holds.
    pub with: &'static [&'static str],
}

impl Frames {
    /// No frames.
    pub const NONE: Self = Self { any: &[], all: &[], not: &[], with: &[] };
}

/// What is counted instead of bytes.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// The stacks whose blocks are counted; of each only those of the size that grew most bytes.
    pub leaf: &'static [&'static str],
    /// How many such blocks there are for each unit.
    pub objects: u32,
    /// What they are.
    pub counted: Counted,
}

/// A known leak.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Its code, title and page of the manual.
    pub page: Page,
    /// What kind of growth it is.
    pub kind: Kind,
    /// Its frames in a heap profile.
    pub heap: Frames,
    /// Its frames in a goroutine profile.
    pub goroutines: Frames,
    /// Stacks that lead to the code that is to blame, where the growing ones hold none: the innermost frame of the program
    /// in the one that grew most.
    pub blame: &'static [&'static str],
    /// Whether what matches may be asked for on behalf of a caller: it belongs to the nearest one that keeps something
    /// else as well.
    pub is_handed_on: bool,
    /// What to count.
    pub unit: Option<Unit>,
    /// Whether it keeps what others allocate: values that a function of the program makes and hands over to it.
    pub is_holder: bool,
    /// Whether by the heap alone it is taken for what load makes: only goroutines tell that something is wrong.
    pub is_load: bool,
    /// What to do about it, in one line.
    pub fix: &'static str,
    /// Whether it has the goroutines of its frames as long as it lasts: where they are not, it is not this leak.
    pub needs_goroutines: bool,
    /// How far it can be trusted by the heap alone.
    pub confidence: Confidence,
    /// How far with goroutine profiles that have its frames.
    pub with_goroutines: Confidence,
    /// What would raise the confidence.
    pub raise: Raise,
}

/// The function of the runtime that makes the descriptor of a goroutine.
pub(super) const DESCRIPTOR: &str = "runtime.malg";

impl Signature {
    /// Whether it says little more than that something grew.
    pub fn is_vague(&self) -> bool {
        self.confidence == Confidence::Low
    }

    /// What a signature need not say.
    pub(crate) const DEFAULT: Self = Self {
        page: Page::new("", ""),
        kind: Kind::Leak,
        heap: Frames::NONE,
        goroutines: Frames::NONE,
        blame: &[],
        is_handed_on: false,
        unit: None,
        is_holder: false,
        is_load: false,
        fix: "",
        needs_goroutines: false,
        confidence: Confidence::Medium,
        with_goroutines: Confidence::High,
        raise: Raise::Goroutines,
    };

    /// Its name in kebab-case, for people and tools.
    pub fn code(&self) -> &'static str {
        self.page.code
    }

    /// What it is in a few words.
    pub fn title(&self) -> &'static str {
        self.page.title()
    }

    /// The text of all its patterns.
    pub fn patterns(&self) -> impl Iterator<Item = &'static str> {
        let frames = |frames: Frames| [frames.any, frames.all, frames.not, frames.with].into_iter().flatten();
        let unit = self.unit.map_or(&[][..], |unit| unit.leaf);
        frames(self.heap).chain(frames(self.goroutines)).chain(self.blame).chain(unit).copied()
    }
}

/// The pages of all signatures.
pub fn pages() -> impl Iterator<Item = Page> {
    SIGNATURES.iter().map(|signature| signature.page)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is wrong with a signature.
    fn flaws(signature: &Signature) -> Vec<String> {
        let mut flaws = Vec::new();
        let mut flaw = |text: String| flaws.push(format!("{}: {text}", signature.code()));
        for pattern in signature.patterns() {
            if let Err(problem) = Pattern::parse(pattern) {
                flaw(format!("{pattern:?}: {problem}"));
            }
        }
        let text = signature.page.text();
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        if headings != SECTIONS {
            flaw(format!("its sections are {headings:?}"));
        }
        let sections: Vec<&str> = text.split("\n## ").collect();
        if sections.iter().any(|section| section.lines().skip(1).all(|line| line.trim().is_empty())) {
            flaw("a section is empty".to_owned());
        }
        if signature.kind != Kind::Benign && !text.contains("```go\n") {
            flaw("its fix shows no Go".to_owned());
        }
        let is_kebab = |text: &str| text.chars().all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit());
        if !is_kebab(signature.code()) || signature.code().is_empty() {
            flaw("its code is not in kebab-case".to_owned());
        }
        let one_line = |text: &str| !text.is_empty() && !text.contains('\n') && text.len() <= 100;
        if !one_line(signature.title()) || !one_line(signature.fix) {
            flaw("its title and fix are one line of at most 100 characters each".to_owned());
        }
        flaws
    }

    #[test]
    fn every_signature_is_complete() {
        let flaws: Vec<String> = SIGNATURES.iter().flat_map(flaws).collect();
        assert!(flaws.is_empty(), "{}", flaws.join("\n"));
        let codes: BTreeSet<&str> = SIGNATURES.iter().map(Signature::code).collect();
        assert_eq!(codes.len(), SIGNATURES.len(), "codes are unique");
    }

    #[test]
    fn flaws_are_found() {
        let frames = Frames { any: &["a.B <"], ..Frames::NONE };
        let bad = Signature { page: Page::new("Bad", "//! Title\n"), heap: frames, ..Signature::DEFAULT };
        assert_eq!(flaws(&bad).len(), 6, "{:?}", flaws(&bad));
    }
}
