//! Copies of C memory are retained
//!
//! ## What it detects
//!
//! Strings and slices that `C.GoString`, `C.GoStringN` and `C.GoBytes` copy into the Go heap, and that are retained.
//!
//! ## Why it grows
//!
//! The copy belongs to Go and is freed when nothing refers to it. Often there is also a block allocated by C
//! (`C.CString`, `C.malloc`). Only `C.free` frees it, and no Go heap profile shows it: a leak of 100 MB in C does not
//! change the Go heap.
//!
//! ## Evidence
//!
//! - Heap: `_Cfunc_GoBytes`, `_Cfunc_GoString` or `_Cfunc_GoStringN` of the package that calls C.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *C memory alone* does not show in a Go profile: the resident size of the process grows, `runtime.MemStats.Sys`
//!   does not.
//!
//! ## Fix
//!
//! Free what C allocated, and retain only the part of the copy you need.
//!
//! ```go
//! text := C.CString(name)
//! defer C.free(unsafe.Pointer(text))
//! ```
//!
//! ## How to confirm
//!
//! Compare `ps -o rss= -p PID` with `Sys` of `/debug/pprof/heap?debug=1`. For the C side use `jemalloc`'s profiler,
//! `heaptrack` or AddressSanitizer (`go build -asan`).

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("cgo-copies", include_str!("cgo_copies.rs")),
    heap: Frames { any: &["**._Cfunc_GoBytes", "**._Cfunc_GoString", "**._Cfunc_GoStringN"], ..Frames::NONE },
    fix: "call C.free on what C allocated; retain only the part of the copy you need",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
