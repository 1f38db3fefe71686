//! Input is retained, whole or by a piece of it
//!
//! ## What it detects
//!
//! Texts and buffers that the standard library reads for a function of the program, and that stay.
//!
//! ## Why it grows
//!
//! A piece of a string or slice, `text[:50]` or `line[:10]`, refers to all of it. A cache that stores a short key
//! cut from what was read keeps the whole file, body or line. A profile shows where the whole was made, not who
//! keeps the piece, nor whether it is a piece or the whole.
//!
//! ## Evidence
//!
//! - Heap: `io.ReadAll`, `os.ReadFile`, `bufio.(*Scanner).Text`, `bufio.(*Reader).ReadString` or one like them,
//!   directly below the function of the program.
//! - Blocks of some KiB, where the program keeps short keys, are wholes kept by a piece.
//!
//! ## What looks alike
//!
//! - *Whole documents that are cached*: the blocks are as large as what is meant to be kept. Then it wants a limit.
//! - *Strings that the program makes itself* (`string(bytes)`) show as its own: `retained-objects`.
//! - *Values decoded from JSON*: `json-kept`.
//!
//! ## Fix
//!
//! Copy the piece, and the whole can go.
//!
//! ```go
//! key := strings.Clone(text[:50])
//! head := bytes.Clone(body[:10])
//! ```
//!
//! ## How to confirm
//!
//! Divide the growth by its objects: is that the size of what you keep, or that of what was read? With
//! `strings.Clone` in place the growth goes away, or shrinks to the size of the piece.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("retained-input", include_str!("retained_input.rs")),
    heap: Frames {
        any: &[
            "io.ReadAll < @app",
            "io/ioutil.ReadAll < @app",
            "os.ReadFile < @app",
            "io/ioutil.ReadFile < @app",
            "bufio.(*Scanner).Text < @app",
            "bufio.(*Reader).ReadString < @app",
            "bufio.(*Reader).ReadBytes < @app",
            "io.ReadAll < io/ioutil.ReadAll < @app",
            "os.ReadFile < io/ioutil.ReadFile < @app",
            "io.Copy < @app",
            "io.CopyN < @app",
            "io.CopyBuffer < @app",
            "bytes.(*Buffer).ReadFrom < @app",
            "strings.(*Builder).Write << io.WriteString < @app",
            "bufio.(*Reader).ReadLine < @app",
            "net/http.(*Request).FormValue < @app",
        ],
        ..Frames::NONE
    },
    fix: "copy the piece that is kept: strings.Clone(text[:50]), bytes.Clone(body[:10])",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
