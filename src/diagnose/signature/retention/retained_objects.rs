//! Objects allocated here are retained
//!
//! ## What it detects
//!
//! A function of the program allocates objects that are never freed, and no frame tells what holds them: a map or cache
//! without eviction, a list that is only appended to, a slice or string that keeps a larger one, or a cycle of objects
//! with finalizers.
//!
//! ## Why it grows
//!
//! An object is freed when nothing refers to it any more. Here something does, though the program does not need it. The
//! holder does not show in a heap profile: it shows where objects were allocated, and a pointer to one is not allocated
//! there. So these causes look the same:
//!
//! - a package-level `map` or a field that is only written to;
//! - `s = s[1:]` or `s[i:j:j]` of pointers: the dropped elements are still in the array;
//! - `big[:10]` or `text[:50]` kept: the piece refers to the whole;
//! - `runtime.SetFinalizer` on objects that point at each other: neither is ever collected.
//!
//! ## Evidence
//!
//! - Heap: the function itself is where it was allocated (the leaf of the stack), and nearly all of it is kept.
//! - Many objects of one size are elements; a few huge ones that double are the table or array that holds them.
//! - Objects of some KiB for a cache of short keys are whole texts kept by a piece.
//!
//! ## What looks alike
//!
//! - *A cache with a limit* that has not filled up yet: it stops growing. Take a third snapshot.
//! - *Goroutines that do not end* keep what they hold: `goroutine-leak`, when the number of goroutines grows in step.
//! - Where a library holds the objects its frames stand below the function, and another signature knows them.
//!
//! ## Fix
//!
//! Give what is kept an end: a limit, an age, or a delete on every path. Copy a piece that outlives the whole, and set
//! dropped pointers to nil.
//!
//! ```go
//! key := strings.Clone(text[:50])      // the text can go
//! head := append([]Hit(nil), hits[:10]...)
//! clear(s[:n]); s = s[n:]              // the dropped elements can go
//! delete(c.pages, key)                 // or a cache with a limit
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` names the line that allocates; follow the value from there to the field or variable it
//! is stored in. To see the holder itself, take a core dump and read it with `goref`: it shows references by path, and
//! objects held by finalizers.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

/// What a function of the program makes itself, or by a function that keeps nothing: it returns a fresh object.
const MADE: &[&str] = &[
    "^ @app",
    "^ strings.* < @app",
    "^ strings.* < strings.* < @app",
    "^ strings.* < fmt.* < @app",
    "^ bytes.Clone < @app",
    "^ bytes.Join < @app",
    "^ bytes.Repeat < @app",
    "^ fmt.* < @app",
    "^ strconv.* < @app",
    "^ strconv.* < strconv.* < @app",
    "^ errors.New < @app",
    "^ encoding/binary.* < @app",
    "^ encoding/hex.* < @app",
    "^ encoding/base64.* < @app",
    "^ math/big.* < @app",
    "^ net/url.* < @app",
    "^ net/http.Header.Clone < @app",
    "^ time.* < @app",
    "^ **.Clone* < @app",
    "^ **.Copy* < @app",
];

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("retained-objects", include_str!("retained_objects.rs")),
    heap: Frames { any: MADE, ..Frames::NONE },
    fix: "bound it: size limit, TTL or delete; copy a small piece out of a large object",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
