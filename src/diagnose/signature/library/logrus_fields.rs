//! logrus entries are retained or chained
//!
//! ## What it detects
//!
//! Entries that `logrus` creates in `WithField` and `WithFields`, and that are retained.
//!
//! ## Why it grows
//!
//! An entry holds a map of all its fields, and each further `WithField` copies it. Stored per session, there is one
//! map per session. With a repeated `log = log.WithField(...)` the maps grow quadratically.
//!
//! ## Evidence
//!
//! - Heap: `logrus.(*Entry).WithFields` and, in newer versions, `logrus.(*Entry).addField` and
//!   `logrus.(*Entry).dup`.
//!
//! ## What looks alike
//!
//! - *Pipes of `Writer`*: `logrus-writer`.
//! - *Entries of the pool*, below `logrus.(*Logger).newEntry`, are released after the line is written.
//!
//! ## Fix
//!
//! Derive from the same logger each time.
//!
//! ```go
//! log := base.WithField("request", id) // not base = base.WithField(...)
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call. If log lines get longer over time, it is a chain.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("logrus-fields", include_str!("logrus_fields.rs")),
    heap: Frames {
        any: &[
            "github.com/sirupsen/logrus.(*Entry).WithFields",
            "github.com/sirupsen/logrus.(*Entry).WithField",
            "github.com/sirupsen/logrus.(*Entry).addField",
            "github.com/sirupsen/logrus.(*Entry).dup",
            "github.com/sirupsen/logrus.(*Entry).Dup",
        ],
        ..Frames::NONE
    },
    fix: "derive from the same base logger each time: log := base.WithField(...)",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
