//! Rows by label against the frames that `-tagroot` puts at the root.

use crate::rows::{Rows, by_name, differences, ours, without_zeros};
use crate::support::{Files, Profile, fixture};
use crate::tool::Pprof;

/// pprof's rows of the labels.
fn theirs(pprof: &Pprof, base: &str, new: &str, metric: &str, key: &str, names: &[String]) -> Rows {
    let rows = pprof.top(base, new, metric, &[format!("-tagroot={key}")], str::to_owned);
    rows.into_iter().filter(|(name, _)| names.contains(name)).map(|(name, (_, cum))| (name, (cum, cum))).collect()
}

#[test]
fn text_labels_are_rows() {
    let Some(pprof) = Pprof::find() else { return };
    let files = Files::new();
    let profile = |scale: i64| {
        let heap = Profile::new();
        let heap = heap.stack("store.Put;main.main", [scale, scale << 10, scale, scale << 10]).label("tenant", "acme");
        let heap = heap.stack("store.Put;main.main", [2, 2 << 10, 2, 2 << 10]).label("tenant", "umbrella");
        heap.stack("store.Get;main.main", [scale, scale << 12, scale, scale << 12])
    };
    let base = files.write("base.pb", profile(1).encode());
    let new = files.write("new.pb", profile(5).encode());
    for metric in ["inuse_space", "alloc_objects"] {
        let (rows, total) = ours(&base, &new, metric, &["--by", "label:tenant"], by_name);
        assert!(total > 0);
        let labelled: Rows = rows.clone().into_iter().filter(|(name, _)| !name.starts_with("(no ")).collect();
        let names: Vec<String> = labelled.keys().cloned().collect();
        assert_eq!(names, ["acme"], "what did not change is left out on both sides");
        let theirs = theirs(&pprof, &base, &new, metric, "tenant", &names);
        assert_eq!(differences(&theirs, &labelled), Vec::<String>::new());
        assert_eq!(rows.keys().filter(|name| *name == "(no tenant)").count(), 1);
    }
}

#[test]
fn number_labels_are_rows() {
    let Some(pprof) = Pprof::find() else { return };
    for (base, new) in [("http-body/heap1.pb.gz", "http-body/heap3.pb.gz"), ("large/heap1.pb.gz", "large/heap3.pb.gz")]
    {
        let (rows, _) = ours(&fixture(base), &fixture(new), "inuse_space", &["--by", "label:bytes"], by_name);
        assert!(rows.len() > 3, "{rows:?}");
        let names: Vec<String> = rows.keys().cloned().collect();
        let theirs = without_zeros(theirs(&pprof, base, new, "inuse_space", "bytes", &names));
        assert_eq!(differences(&theirs, &rows), Vec::<String>::new());
    }
}
