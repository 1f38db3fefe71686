//! Selects that a timer ends: goroutines that wait there are no leak.
//!
//! In: goroutines; the source of the functions that they wait in, where it is at hand. Out: the places where a select has
//! a case of a timer. Invariant: without source nothing is claimed; what the source shows at another line is no select.
//! Reads no files: the text comes from who may.
//!
//! A profile does not show the cases of a select. LeakProf (Saioc et al., CGO 2024) looks at the source in the same way,
//! and leaves out those that a timer or ticker ends.

use crate::diff::Diff;
use crate::model::name::{self, Origin};
use crate::rows::Place;

use super::{Groups, State};

/// The places of the program's own code where goroutines wait in a select, each with its file as a profile spells it.
pub fn selects(diff: &Diff) -> Vec<(Place, String)> {
    let rows = Groups::new(diff).rows().into_iter().filter(|row| row.state == State::Select);
    let own = rows.filter_map(|row| row.place).filter(|place| diff.keys.origin(place.key) == Origin::Application);
    own.filter_map(|place| Some((file(diff, &place)?.to_owned(), place))).map(|(file, place)| (place, file)).collect()
}

/// The file of a place, with all of its path.
fn file<'a>(diff: &'a Diff, place: &Place) -> Option<&'a str> {
    let relative = diff.keys.file(place.spot);
    let mut spelled =
        diff.symbols.functions().map(|function| (diff.symbols.str(function.name), diff.symbols.str(function.file)));
    spelled.find(|(name, file)| name::relative_file(name, file) == relative).map(|(_, file)| file)
}

/// Whether the select at a line of a Go file, counted from 1, has a case that a timer makes ready: `<-time.After(d)`,
/// `<-ticker.C`.
pub fn has_timer(source: &str, line: i64) -> bool {
    let Some(above) = usize::try_from(line).ok().and_then(|line| line.checked_sub(1)) else { return false };
    let from: usize = source.split_inclusive('\n').take(above).map(str::len).sum();
    let here = source[from..].lines().next().unwrap_or_default();
    let Some(select) = here.find("select") else { return false };
    let cases = cases(&source[from + select + "select".len()..]);
    cases.iter().any(|case| {
        let case: String = case.split_whitespace().collect();
        case.contains("<-time.After(") || case.contains("<-time.Tick(") || case.ends_with(".C")
    })
}

/// The cases of a select, each up to its colon; none where the braces do not follow or do not end.
fn cases(select: &str) -> Vec<&str> {
    let mut cases = Vec::new();
    let (mut depth, mut begin) = (0, None);
    for (at, character) in select.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return cases,
            '}' => depth -= 1,
            _ if depth == 0 && !character.is_whitespace() => return Vec::new(),
            'c' if depth == 1 && begin.is_none() && select[at..].starts_with("case ") => begin = Some(at + 5),
            ':' if depth == 1 && !select[at..].starts_with(":=") => {
                cases.extend(begin.take().map(|begin| &select[begin..at]));
            }
            _ => {}
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::has_timer;

    const SOURCE: &str = "package a\n\nfunc f() {\n\tselect {\n\tcase <-t.C:\n\tcase <-ctx.Done():\n\t}\n\tselect {\n\tcase \
                          v := <-ch:\n\t\tselect {\n\t\tcase <-time.After(d):\n\t\t}\n\tcase <-ctx.Done():\n\t}\n}\n";

    #[test]
    fn a_case_of_a_timer_ends_its_own_select() {
        assert!(has_timer(SOURCE, 4));
        assert!(!has_timer(SOURCE, 8), "the timer is that of the select inside");
        assert!(has_timer(SOURCE, 10));
        for line in [i64::MIN, -1, 0, 1, 5, 99] {
            assert!(!has_timer(SOURCE, line), "line {line} is no select");
        }
        assert!(has_timer("func f() { select{ case <-t.C: return; case <-ctx.Done(): } }", 1));
        assert!(!has_timer("select { case v := <-ch: <-time.After(d) }", 1), "not a case of it");
        assert!(!has_timer("select {\ncase <-t.C:", 1), "an end that is missing");
        assert!(!has_timer("v := selected\nfor {\ncase <-t.C:\n}", 1), "no select");
    }
}
