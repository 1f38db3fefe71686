//! Who holds what grew, resolved for every format.
//!
//! In: the holders that heap dumps tell of. Out: data that owns its text and serialises to the JSON contract; lines about it.
//! Invariant: sizes, counts and names only; nothing of what memory contains.
//! Knows no markup and escapes nothing.

mod join;
mod text;
mod verdict;

pub use text::{write_holders, write_holders_json};

use std::io;

use serde::Serialize;

use crate::heapdump::{self, Dump, Kind};
use crate::model::Warning;
use crate::units::{Scale, format, format_signed, thousands};

use super::{Change, SCHEMA_VERSION, Style, Tool, Trend, resolve};

/// What heap dumps tell.
#[derive(Debug, Clone, Serialize)]
pub struct HolderReport {
    schema_version: u32,
    tool: Tool,
    /// The dumps, oldest first.
    pub dumps: Vec<DumpFacts>,
    /// The program that named what is in them.
    pub program: Option<String>,
    /// Reachable bytes.
    pub reachable: Change,
    /// Reachable objects.
    pub objects: Change,
    /// What grew most first; of one dump what holds most.
    pub holders: Vec<Holder>,
    /// How many holders are not shown.
    pub more: usize,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
    /// The least that is shown.
    #[serde(skip)]
    pub least: u64,
}

/// What a dump is of.
#[derive(Debug, Clone, Serialize)]
pub struct DumpFacts {
    /// What the user calls it.
    pub label: String,
    /// Where it came from.
    pub path: String,
    /// The version of Go.
    pub go: String,
    /// `GOARCH`.
    pub architecture: String,
    /// Slots of the heap, reachable or not.
    pub slots: usize,
    /// Goroutines.
    pub goroutines: usize,
    /// Objects that the profiler has sampled.
    pub sampled: usize,
}

/// A root, with what it holds.
#[derive(Debug, Clone, Serialize)]
pub struct Holder {
    /// What the user wrote: a variable, a function; else where it lies.
    pub name: String,
    /// `global`, `goroutine`, `finalizer`, `timer` or `other`.
    pub kind: &'static str,
    /// In full: `goroutine [chan send] in pkg.F`.
    pub root: String,
    /// What it grew by; of one dump what it holds.
    pub delta: i64,
    /// By how many objects.
    pub objects_delta: i64,
    /// What it holds in the last dump.
    pub bytes: u64,
    /// How many objects.
    pub objects: u64,
    /// What it held in each dump, of three or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<u64>>,
    /// Whether it goes on growing, of three dumps or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
    /// From the root to what grew most.
    pub path: Vec<Hop>,
    /// How many of the samples of the stack that allocated that take this path.
    pub samples: Option<Share>,
    /// Who allocated it.
    pub allocated_at: Option<Place>,
    /// Bytes that clearing it would free; `null` where that was not asked.
    pub freed_if_cleared: Option<u64>,
    /// Who else holds most of what clearing it would not free.
    pub also_held_by: Option<String>,
}

/// Objects of one shape on a path.
#[derive(Debug, Clone, Serialize)]
pub struct Hop {
    /// What to call it.
    pub name: String,
    /// The field that leads to it.
    pub field: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// How many such objects there are.
    pub count: u64,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Share {
    /// On this path.
    pub through: usize,
    /// In all.
    pub of: usize,
}

/// A place in the source.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// The function.
    pub function: String,
    /// Its file relative to its package.
    pub file: String,
    /// The line.
    pub line: u64,
}

/// Hops of a long path that are told in words: from its root, and before what grew.
const BEGIN: usize = 4;
const END: usize = 5;

/// Kinds of holders, as they are written.
const KINDS: &[(Kind, &str)] = &[
    (Kind::Global, "global"),
    (Kind::Goroutine, "goroutine"),
    (Kind::Finalizer, "finalizer"),
    (Kind::Timer, "timer"),
    (Kind::Other, "other"),
];

impl DumpFacts {
    /// What a dump says of itself.
    pub fn new(label: &str, path: &str, dump: &Dump<'_>) -> Self {
        Self {
            label: label.to_owned(),
            path: path.to_owned(),
            go: dump.params.version.clone().into_owned(),
            architecture: dump.params.architecture.clone().into_owned(),
            slots: dump.objects(),
            goroutines: dump.goroutines(),
            sampled: dump.sampled(),
        }
    }
}

impl HolderReport {
    /// The report of what dumps tell, with the first `most` of its holders.
    pub fn new(
        dumps: Vec<DumpFacts>,
        program: Option<String>,
        found: &heapdump::Holders,
        most: usize,
        least: u64,
        warnings: Vec<Warning>,
    ) -> Self {
        let holders: Vec<Holder> = found.holders.iter().take(most).map(Holder::new).collect();
        Self {
            schema_version: SCHEMA_VERSION,
            tool: resolve::tool(),
            dumps,
            program,
            reachable: change(&found.reachable),
            objects: change(&found.objects),
            more: found.holders.len() - holders.len(),
            holders,
            warnings,
            least,
        }
    }
}

/// First and last; of one dump only what is there now.
fn change(values: &[u64]) -> Change {
    let value = |value: Option<&u64>| value.map_or(0, |value| *value as i64);
    let after = value(values.last());
    let before = if values.len() > 1 { value(values.first()) } else { 0 };
    Change { before, after, delta: after - before }
}

impl Holder {
    /// A holder with its words.
    pub fn new(holder: &heapdump::Holder) -> Self {
        let (through, of) = holder.samples;
        let last = |values: &[u64]| values.last().copied().unwrap_or_default();
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let hop = |hop: &heapdump::Hop| Hop {
            name: hop.name.clone(),
            field: text(&hop.field),
            type_name: text(&hop.type_name),
            count: hop.count,
        };
        let cleared = holder.cleared.as_ref();
        Self {
            name: holder.name.clone(),
            kind: KINDS.iter().find(|(kind, _)| *kind == holder.kind).map_or("other", |(_, word)| word),
            root: holder.root(),
            delta: holder.delta(),
            objects_delta: holder.objects_delta(),
            bytes: last(&holder.bytes),
            objects: last(&holder.objects),
            steps: (holder.bytes.len() > 2).then(|| holder.bytes.clone()),
            trend: holder.trend.map(|trend| Trend::new(&trend, last(&holder.bytes) as i64, None)),
            path: holder.path.iter().map(hop).collect(),
            samples: (of > 0).then_some(Share { through, of }),
            allocated_at: holder.allocated_at.as_ref().map(|place| Place {
                function: place.function.clone(),
                file: crate::model::name::relative_file(&place.function, &place.file),
                line: place.line,
            }),
            freed_if_cleared: cleared.map(|cleared| cleared.freed),
            also_held_by: cleared.and_then(|cleared| cleared.also_held_by.clone()),
        }
    }

    /// `.subs → [map] → closure events.Show.func1`; empty where there is no path.
    pub fn path_words(&self) -> String {
        let hop = |hop: &Hop| match hop.field.as_deref() {
            Some(field) => format!("{field} → {}", hop.name),
            None => hop.name.clone(),
        };
        let hops: Vec<String> = self.path.iter().map(hop).collect();
        match hops.len().checked_sub(BEGIN + END) {
            Some(between @ 2..) => {
                let more = format!("… {between} more …");
                [&hops[..BEGIN], &[more], &hops[BEGIN + between..]].concat().join(" → ")
            }
            _ => hops.join(" → "),
        }
    }

    /// `allocated at events.Show events.go:24 (264 of 264 samples take this path)`.
    pub fn allocated_words(&self) -> Option<String> {
        let place = self.allocated_at.as_ref()?;
        let samples = self.samples.map_or(String::new(), |Share { through, of }| {
            format!(" ({} of {} samples take this path)", thousands(through as i64), thousands(of as i64))
        });
        Some(format!("allocated at {} {}:{}{samples}", place.function, place.file, place.line))
    }

    /// `if cleared: 4.5 MiB freed; nothing else holds it`.
    pub fn cleared_words(&self, scale: Scale) -> Option<String> {
        let freed = self.freed_if_cleared?;
        let rest = self.bytes.saturating_sub(freed);
        // Next to nothing is what a frame happens to point to as well.
        let rest = if rest < self.bytes / 100 { 0 } else { rest };
        let also = match &self.also_held_by {
            Some(other) if rest > 0 && freed == 0 => format!("all of it is also held by {other}"),
            Some(other) if rest > 0 => format!("{} also held by {other}", format(rest as i64, "bytes", scale)),
            _ => "nothing else holds it".to_owned(),
        };
        Some(format!("if cleared: {} freed; {also}", format(freed as i64, "bytes", scale)))
    }

    /// `global pkg.Cache .items → [map] → *pkg.Item (264 of 264 samples); if cleared: ...`.
    pub(super) fn held_words(&self, scale: Scale) -> String {
        let path = self.path_words();
        let between = match self.path.first() {
            None => "",
            Some(Hop { field: Some(_), .. }) => " ",
            Some(_) => " → ",
        };
        let beside = self.beside_path(scale);
        let beside = if beside.is_empty() { beside } else { format!("; {beside}") };
        format!("{}{between}{path}{beside}", self.root)
    }

    /// `264 of 264 samples; if cleared: 4.5 MiB freed; nothing else holds it`.
    pub(super) fn beside_path(&self, scale: Scale) -> String {
        let samples = self
            .samples
            .map(|Share { through, of }| format!("{} of {} samples", thousands(through as i64), thousands(of as i64)));
        let parts = [samples, self.cleared_words(scale), self.remark().map(str::to_owned)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// All that is said of a holder beside its name, line by line.
    pub(super) fn lines(&self, scale: Scale) -> Vec<String> {
        let path = Some(self.path_words()).filter(|path| !path.is_empty());
        let trend = self.trend.as_ref().map(|trend| trend.word().to_owned());
        let remark = self.remark().map(str::to_owned);
        [path, self.allocated_words(), self.cleared_words(scale), trend, remark].into_iter().flatten().collect()
    }

    /// What else is to be said of a path that cannot be the answer by itself.
    pub fn remark(&self) -> Option<&'static str> {
        match self.kind {
            "other" => Some("the runtime holds it; what it is for cannot be told from a dump"),
            "goroutine" if crate::model::name::origin(&self.name, "") != crate::model::name::Origin::Application => {
                Some("a library's goroutine: who called the library, a dump does not tell; --goroutines may")
            }
            "finalizer" => Some("it waits to be finalized: a cycle of objects with a finalizer is never freed"),
            _ => None,
        }
    }

    /// What it grew by, signed; of one dump what it holds.
    pub(super) fn growth(&self, is_change: bool, scale: Scale) -> [String; 2] {
        match is_change {
            true => [
                format_signed(self.delta, "bytes", scale),
                format!("{}{} objects", if self.objects_delta < 0 { "" } else { "+" }, thousands(self.objects_delta)),
            ],
            false => [format(self.bytes as i64, "bytes", scale), format!("{} objects", thousands(self.objects as i64))],
        }
    }
}

/// What writes holders.
pub type WriteHolders = fn(&HolderReport, &Style, &mut dyn io::Write) -> io::Result<()>;
