//! The recorded tables `fixtures/*/pprof*.tsv`: all functions of many pairs, in all metrics.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::rows::{METRICS, Rows, by_name, differences, ours, without_zeros};
use crate::support::fixture;

/// A recorded table: what was compared, and for each metric its total and rows.
struct Table {
    base: String,
    new: String,
    metrics: BTreeMap<String, (i64, Rows)>,
}

impl Table {
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (base, new) = lines.next()?.strip_prefix("# base=")?.split_once(" new=")?;
        let mut metrics = BTreeMap::new();
        let mut lines = lines.peekable();
        while let Some(total) = lines.next_if(|line| line.starts_with('#')) {
            let (metric, value) = total.strip_prefix("# total ")?.split(' ').next()?.split_once('=')?;
            metrics.insert(metric.to_owned(), (value.parse().ok()?, Rows::new()));
        }
        let columns: Vec<&str> = lines.next()?.split('\t').skip(1).collect();
        for line in lines {
            let mut cells = line.split('\t');
            let name = cells.next()?;
            let numbers = cells.map(|cell| cell.parse().ok()).collect::<Option<Vec<i64>>>()?;
            for (column, pair) in columns.chunks(2).zip(numbers.chunks(2)) {
                let metric = column[0].strip_suffix(".flat").filter(|it| column[1].strip_suffix(".cum") == Some(it))?;
                metrics.get_mut(metric)?.1.insert(name.to_owned(), (pair[0], pair[1]));
            }
        }
        Some(Self { base: base.to_owned(), new: new.to_owned(), metrics })
    }
}

fn recorded_tables() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(fixture("")).expect("fixtures").flatten().map(|entry| entry.path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    let is_table = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("pprof") && name.ends_with(".tsv")
    };
    let mut tables: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).filter(is_table).collect();
    tables.sort();
    tables
}

#[test]
fn recorded_tables_agree_in_all_metrics() {
    let (mut compared, mut failures) = (0, Vec::new());
    for path in recorded_tables() {
        let table = Table::parse(&std::fs::read_to_string(&path).expect("a table"));
        let table = table.unwrap_or_else(|| panic!("{}: not a table", path.display()));
        let folder = path.parent().expect("a folder");
        let input = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (base, new) = (input(&table.base), input(&table.new));
        assert_eq!(table.metrics.keys().collect::<Vec<_>>(), METRICS.iter().collect::<Vec<_>>());
        for (metric, (total, theirs)) in table.metrics {
            let (ours, our_total) = ours(&base, &new, &metric, &[], by_name);
            let theirs = without_zeros(theirs);
            assert_eq!(theirs.values().map(|(flat, _)| flat).sum::<i64>(), total, "{}: {metric}", path.display());
            compared += theirs.len();
            failures.extend(differences(&theirs, &ours).iter().map(|d| format!("{}: {metric}: {d}", path.display())));
            if our_total != total {
                failures.push(format!("{}: total {metric}: {total}, leakdiff {our_total}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(compared > 10_000, "only {compared} rows were compared");
}
