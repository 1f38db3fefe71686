//! Pools of the standard library fill up
//!
//! ## What it detects
//!
//! Objects in the `sync.Pool`s of `fmt`, `encoding/json`, `io`, `log`, `os` and `regexp`.
//!
//! ## Why it grows
//!
//! Each processor keeps what it used last for the next use. The pools grow to what is in use at the same time, and
//! the garbage collector empties them after two rounds.
//!
//! ## Evidence
//!
//! - Heap: `sync.(*Pool).Get` called by `fmt.newPrinter`, `encoding/json.newEncodeState`, `regexp.(*Regexp).get` or
//!   one like them.
//!
//! ## What looks alike
//!
//! - *Pools of the program* whose objects are not put back: `pool-not-put-back`.
//! - *Buffers of connections*, which come from pools of `net/http`, stay as long as the connections.
//!
//! ## Fix
//!
//! Nothing to do. Take snapshots with `?gc=1`, twice for the pools.
//!
//! ## How to confirm
//!
//! It goes up and down with the number of requests at the same time.

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
    fix: "nothing to do: the garbage collector empties pools",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
