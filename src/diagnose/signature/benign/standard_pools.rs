//! Pools of the standard library fill up
//!
//! ## What it detects
//!
//! Objects in the `sync.Pool`s of `fmt`, `encoding/json`, `io`, `log`, `os` and `regexp`.
//!
//! ## Why it grows
//!
//! Each processor keeps recently used objects for reuse. The pools grow to the number in use at once, and two garbage
//! collections empty them.
//!
//! ## Evidence
//!
//! - Heap: `sync.(*Pool).Get` called by `fmt.newPrinter`, `encoding/json.newEncodeState`, `regexp.(*Regexp).get` or
//!   one like them.
//!
//! ## What looks alike
//!
//! - *Pools of the program* whose objects are not returned: `pool-not-put-back`.
//! - *Buffers of connections*, which come from pools of `net/http`, stay as long as the connections.
//!
//! ## Fix
//!
//! No action needed. Fetch each snapshot twice with `?gc=1`: the second garbage collection empties pools.
//!
//! ## How to confirm
//!
//! It rises and falls with the number of concurrent requests.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Kind, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("standard-pools", include_str!("standard_pools.rs")),
    kind: Kind::Benign,
    heap: Frames {
        any: &[
            "sync.(*Pool).Get < fmt.newPrinter",
            "sync.(*Pool).Get < fmt.newScanState",
            "sync.(*Pool).Get < encoding/json.newEncodeState",
            "sync.(*Pool).Get < encoding/json.newScanner",
            "sync.(*Pool).Get < encoding/json/jsontext.getBufferedEncoder",
            "sync.(*Pool).Get < encoding/json/jsontext.getStreamingEncoder",
            "sync.(*Pool).Get < encoding/json/jsontext.getBufferedDecoder",
            "sync.(*Pool).Get < encoding/json/jsontext.getStreamingDecoder",
            "sync.(*Pool).Get < regexp.(*Regexp).get",
            "sync.(*Pool).Get < regexp.newbitState",
            "sync.(*Pool).Get < regexp.newOnePassMachine",
            "sync.(*Pool).Get < io.discard.ReadFrom",
            "sync.(*Pool).Get < log.getBuffer",
            "sync.(*Pool).Get < log/slog/internal/buffer.New",
            "sync.(*Pool).Get < os.(*File).readdir",
            "sync.(*Pool).Get < net/http.getCopyBuf",
        ],
        ..Frames::NONE
    },
    fix: "no action needed: the garbage collector empties pools",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
