//! V8's sampling heap profile as JSON (`.heapprofile`): `node --heap-prof`, `HeapProfiler.getSamplingProfile`, Chrome's
//! "Allocation sampling".
//!
//! In: a tree of calls, each with the bytes in use that were allocated in it. Out: `inuse_space`. Invariant: values are as
//! V8 scaled them up; the interval between samples is not stated, so that their error is not known.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use super::text::{self, Grammar, Tables, Whole};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    name: "V8 heap profile, JSON",
    recognises: |beginning| {
        let mut plain = beginning.bytes().filter(|byte| !byte.is_ascii_whitespace());
        HEADING.bytes().all(|byte| plain.next() == Some(byte))
    },
    decode: text::decode::<V8Heap>,
};

const HEADING: &str = r#"{"head":{"callFrame":"#;
/// Deepest call that is read: V8 records 128 of them.
const DEEPEST: usize = 500;

#[derive(Default)]
struct V8Heap {
    text: Whole,
}

#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(borrow)]
    head: &'a RawValue,
}

/// A call, and the calls in it, which are read when their turn comes: they may be nested deeper than a parser likes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    call_frame: CallFrame,
    self_size: f64,
    #[serde(borrow, default)]
    children: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallFrame {
    function_name: String,
    #[serde(default)]
    url: String,
    /// From 0 on; -1 where there is none.
    #[serde(default)]
    line_number: i64,
}

impl Grammar for V8Heap {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        self.text.line(line, tables);
        Ok(())
    }

    fn end(self, _: bool, tables: &mut Tables) -> Result<(), String> {
        let profile: Profile<'_> = self.text.parse()?;
        tables.metrics(&[("inuse_space", "bytes")]);
        tables.one_metric();
        let mut open = vec![(0, profile.head)];
        // The calls above the node under way, the outermost first.
        let mut above: Vec<u64> = Vec::new();
        while let Some((depth, node)) = open.pop() {
            let Node { call_frame, self_size, children } =
                serde_json::from_str(node.get()).map_err(|error| format!("a call at depth {depth}: {error}"))?;
            above.truncate(depth);
            above.push(location(&call_frame, tables));
            if depth == DEEPEST && !children.is_empty() {
                return Err(format!("calls are nested deeper than {DEEPEST}, which V8 does not record"));
            }
            // The root stands for no function.
            if self_size >= 1.0 {
                above.iter().skip(1).rev().for_each(|location| tables.push(*location));
                tables.end_sample(&[self_size as i64])?;
            }
            open.extend(children.into_iter().rev().map(|child| (depth + 1, child)));
        }
        Ok(())
    }
}

fn location(frame: &CallFrame, tables: &mut Tables) -> u64 {
    let name = if frame.function_name.is_empty() { "(anonymous)" } else { &frame.function_name };
    let file = frame.url.strip_prefix("file://").unwrap_or(&frame.url);
    let function = tables.function(name, file);
    tables.frame(0, function, frame.line_number.saturating_add(1).max(0))
}
