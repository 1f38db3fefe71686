//! pprof itself: lines, files and addresses.

use crate::rows::{Rows, differences, ours, text};
use crate::support::fixture;
use crate::tool::Pprof;

/// Pairs of one build, of another program, and of two builds in two directories.
const PAIRS: [(&str, &str); 4] = [
    ("large/heap1.pb.gz", "large/heap3.pb.gz"),
    ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz"),
    ("timers/heap1.pb.gz", "timers/heap3.pb.gz"),
    ("rebuilt/a/heap1.pb.gz", "rebuilt/b/heap3.pb.gz"),
];

/// A path as leakdiff shows it: without the directories of the two builds and of Go.
fn relative(path: &str) -> String {
    if let Some(inside) = path.strip_prefix("/usr/local/go/src/") {
        return inside.to_owned();
    }
    let checkouts = ["/home/ci/build-1/shop/", "/home/ci/build-2/shop/"];
    let inside = checkouts.iter().find_map(|checkout| path.strip_prefix(checkout));
    inside.map_or(path.to_owned(), |inside| format!("example.com/shop/{inside}"))
}

/// `name path:line` with the path as leakdiff shows it.
fn line_of_pprof(row: &str) -> String {
    row.rsplit_once(' ').map_or(row.to_owned(), |(name, place)| format!("{name} {}", relative(place)))
}

fn line_of_ours(row: &serde_json::Value) -> String {
    format!("{} {}:{}", text(&row["name"]), text(&row["file"]), row["line"])
}

#[test]
fn live_lines_agree() {
    let Some(pprof) = Pprof::find() else { return };
    for (base, new) in PAIRS {
        let theirs = pprof.top(base, new, "inuse_space", &["-lines".to_owned()], line_of_pprof);
        let (mine, _) = ours(&fixture(base), &fixture(new), "inuse_space", &["--by", "line"], line_of_ours);
        assert_eq!(differences(&theirs, &mine), Vec::<String>::new(), "{base} {new}");
    }
}

/// pprof shows the address itself; leakdiff counts from the start of the mapping, which differs from run to run for
/// position-independent programs. The programs of the fixtures are mapped here:
const START: u64 = 0x40_0000;

fn address_of_pprof(row: &str) -> String {
    let (address, rest) = row.split_once(' ').unwrap_or((row, ""));
    let address = u64::from_str_radix(address, 16).unwrap_or_else(|_| panic!("no address: {row}"));
    format!("{:#x} {}", address - START, line_of_pprof(rest))
}

#[test]
fn live_addresses_agree() {
    let Some(pprof) = Pprof::find() else { return };
    for (base, new) in &PAIRS[..3] {
        let theirs = pprof.top(base, new, "inuse_space", &["-addresses".to_owned()], address_of_pprof);
        let (mine, _) = ours(&fixture(base), &fixture(new), "inuse_space", &["--by", "address"], line_of_ours);
        assert_eq!(differences(&theirs, &mine), Vec::<String>::new(), "{base} {new}");
    }
}

/// pprof's `-files` has a row for every function of a file, each named after the file, so that only their flat values add
/// up. What a file has below it is taken from pprof as the total of all stacks with a frame in it.
#[test]
fn live_files_agree() {
    const MOST: usize = 5;
    let Some(pprof) = Pprof::find() else { return };
    let flat_only = |rows: Rows| -> Rows {
        rows.into_iter().filter(|(_, (flat, _))| *flat != 0).map(|(name, (flat, _))| (name, (flat, 0))).collect()
    };
    for (base, new) in PAIRS {
        let theirs = pprof.top(base, new, "inuse_space", &["-files".to_owned()], relative);
        let (mine, _) = ours(&fixture(base), &fixture(new), "inuse_space", &["--by", "file"], crate::rows::by_name);
        assert_eq!(differences(&flat_only(theirs), &flat_only(mine.clone())), Vec::<String>::new(), "{base} {new}");

        let mut largest: Vec<_> = mine.iter().filter(|(_, (flat, cum))| flat != cum).collect();
        largest.sort_by_key(|(name, (_, cum))| (-cum.abs(), (*name).clone()));
        for (file, (_, cum)) in largest.into_iter().take(MOST) {
            let tail = file.strip_prefix("example.com/shop/").unwrap_or(file);
            let focus = format!("-focus=(^|/){}$", tail.replace('.', r"\."));
            let below = pprof.top(base, new, "inuse_space", &[focus], str::to_owned);
            assert_eq!(below.values().map(|(flat, _)| flat).sum::<i64>(), *cum, "{base} {new}: {file}");
        }
    }
}
