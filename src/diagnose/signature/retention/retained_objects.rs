//! Objects allocated here are retained
//!
//! ## What it detects
//!
//! A function of the program allocates objects that are never freed, and no frame shows what holds them: a map or
//! cache without eviction, a list that only grows, a slice or string that retains a larger one, or a cycle of objects
//! with finalizers.
//!
//! ## Why it grows
//!
//! An object is freed when nothing refers to it. Here something still does, although the program no longer needs it.
//! A heap profile shows where objects were allocated, not what holds them. So these causes look the same:
//!
//! - a package-level `map` or a field that only grows;
//! - `s = s[1:]` or `s[i:j:j]` of pointers: the dropped elements are still in the array;
//! - a retained `big[:10]` or `text[:50]`: the part refers to the whole;
//! - `runtime.SetFinalizer` on objects that point at each other: neither is ever collected.
//!
//! ## Evidence
//!
//! - Heap: the function itself allocates (it is the leaf of the stack), and nearly all of it is retained.
//! - Many objects of one size are elements; a few huge ones that double are the table or array that holds them.
//! - Objects of several KiB in a cache of short keys are whole texts retained by a substring.
//!
//! ## What looks alike
//!
//! - *A cache with a limit* that is not full yet: it stops growing. Take a third snapshot.
//! - *Goroutines that never exit* retain objects too: `goroutine-leak`, if the number of goroutines grows in step.
//! - *Objects held by a library* have its frames below the function, and another signature matches.
//!
//! ## Fix
//!
//! Bound it: a size limit, a TTL, or a delete on every path. Copy a part that outlives the whole, and set dropped
//! pointers to nil.
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
//! `leakdiff BASE NEW --by line` shows the line that allocates; follow the value to the field or variable that stores
//! it. To see the holder, take a core dump and open it with `goref`: it shows reference paths, and objects held by
//! finalizers.

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
    fix: "bound it: size limit, TTL or delete; copy a part that outlives the whole",
    confidence: Confidence::Low,
    with_goroutines: Confidence::Low,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
