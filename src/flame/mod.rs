//! The viewer of a flame graph, one for the picture (`export/svg`) and for the page (`report/html`).
//!
//! In: nothing. Out: a script that takes a tree and a surface to draw on. Invariant: it fetches and evaluates nothing, and
//! holds nothing that would end a `<script>` element or a CDATA section. Knows neither diff nor markup.

/// The viewer: a function `createViewer` and what goes with it, for the script of a picture or a page.
pub(crate) const VIEWER: &str = include_str!("viewer.js");
