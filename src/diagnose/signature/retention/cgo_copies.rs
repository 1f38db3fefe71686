//! Copies of C memory are kept
//!
//! ## What it detects
//!
//! Strings and slices that `C.GoString`, `C.GoStringN` and `C.GoBytes` copy into the Go heap, and that stay.
//!
//! ## Why it grows
//!
//! The copy belongs to Go and is freed when nothing refers to it. It often goes with a block that C allocated
//! (`C.CString`, `C.malloc`), which only `C.free` frees, and which no heap profile of Go shows: 100 MB lost in C
//! leave the Go heap as it is.
//!
//! ## Evidence
//!
//! - Heap: `_Cfunc_GoBytes`, `_Cfunc_GoString` or `_Cfunc_GoStringN` of the package that calls C.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *Memory of C alone* shows in no profile: the resident size of the process grows, and `runtime.MemStats.Sys`
//!   does not.
//!
//! ## Fix
//!
//! Free what C allocated, and keep of the copy only what is needed.
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
    fix: "free C memory with C.free; keep only the part of the copy that you need",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
