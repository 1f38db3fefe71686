//! The manual of the command line: the pages of all rooms, found by their codes.
//!
//! In: codes. Out: pages. Invariant: a code without a page is an error that names the nearest one.

use anyhow::{Result, anyhow};

use crate::model::Page;
use crate::report::Chapter;
use crate::{check, diff, heapdump, load, symbolize};
use crate::{diagnose, warnings};

/// All pages, by what they are about.
pub(super) fn chapters() -> Vec<Chapter> {
    let of_other_rooms = [load::PAGES, symbolize::PAGES, diff::PAGES, heapdump::PAGES, check::PAGES].concat();
    vec![
        Chapter { title: "Warnings", pages: warnings::pages().chain(of_other_rooms).collect() },
        Chapter { title: "Suspects", pages: diagnose::signature::pages().collect() },
    ]
}

/// The codes of all pages.
pub(super) fn codes() -> Vec<&'static str> {
    chapters().into_iter().flat_map(|chapter| chapter.pages).map(|page| page.code).collect()
}

/// The pages about these codes, in the order asked for.
pub(super) fn find(codes: &[String]) -> Result<Vec<Page>> {
    let pages: Vec<Page> = chapters().into_iter().flat_map(|chapter| chapter.pages).collect();
    let find =
        |code: &String| pages.iter().find(|page| page.code == code).copied().ok_or_else(|| unknown(code, &pages));
    codes.iter().map(find).collect()
}

fn unknown(code: &str, pages: &[Page]) -> anyhow::Error {
    const ALIKE: f64 = 0.7;
    let likeness = |page: &Page| strsim::jaro_winkler(page.code, &code.to_lowercase());
    let nearest = pages.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match nearest.filter(|page| likeness(page) > ALIKE) {
        Some(page) => anyhow!("no page is called {code}; did you mean {}?", page.code),
        None => anyhow!("no page is called {code}; leakdiff explain lists all of them"),
    }
}
