//! Templates are parsed repeatedly
//!
//! ## What it detects
//!
//! Templates of `text/template` or `html/template` that are parsed per call, and retained.
//!
//! ## Why it grows
//!
//! A parsed template is a tree of nodes and function tables: about 6.7 KB for a short one. `html/template` allocates
//! more on first execution, since it rewrites the template for escaping.
//!
//! ## Evidence
//!
//! - Heap: `text/template/parse`, `text/template.(*Template).Parse`, `text/template.addValueFuncs`,
//!   `html/template.(*escaper)`.
//!
//! ## What looks alike
//!
//! - *Templates parsed at program start* do not grow.
//! - *Rendered output* shows below `text/template.(*Template).execute`, in the writer.
//!
//! ## Fix
//!
//! Parse once and reuse the template: it is safe for concurrent execution.
//!
//! ```go
//! var mail = template.Must(template.ParseFS(files, "mail.tmpl"))
//! ```
//!
//! ## How to confirm
//!
//! `leakdiff BASE NEW --by line` shows the call of `Parse`. Check what holds its result.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("template-parsed", include_str!("template_parsed.rs")),
    heap: Frames {
        any: &[
            "text/template/parse.Parse",
            "text/template.New",
            "text/template.(*Template).Parse",
            "html/template.New",
            "html/template.(*Template).Parse",
            "html/template.(*Template).escape",
            "text/template.addValueFuncs",
        ],
        ..Frames::NONE
    },
    blame: &[
        "text/template.New << @app",
        "html/template.New << @app",
        "text/template.(*Template).Parse << @app",
        "html/template.(*Template).Parse << @app",
    ],
    fix: "parse once, in a package variable, and reuse the template",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
