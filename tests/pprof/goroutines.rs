//! Goroutines are counted as pprof counts them.

use serde_json::Value;

use crate::support::{fixture, json};
use crate::tool::Pprof;

#[test]
fn counts_equal_those_of_pprof() {
    let Some(pprof) = Pprof::find() else { return };
    for scenario in ["http-body", "client-per-request", "goroutine-blocked", "goroutine-forever", "sql-rows"] {
        let [before, after] = [1, 3].map(|moment| fixture(&format!("{scenario}/goroutine{moment}.pb.gz")));
        let theirs = pprof.top(&before, &after, "goroutine", &[], str::to_owned);
        let table = json(&["goroutines", &before, &after]);
        let rows = table["rows"].as_array().expect("rows");
        assert!(!rows.is_empty());
        for row in rows {
            let function = row["function"].as_str().expect("a name");
            // pprof adds up all places of a function, and what it calls.
            let passes = |row: &&Value| row["stack"].as_array().expect("a stack").iter().any(|name| name == function);
            let ours: i64 = rows.iter().filter(passes).map(|row| row["delta"].as_i64().expect("a count")).sum();
            let (_, cum) = theirs.get(function).unwrap_or_else(|| panic!("{scenario}: pprof has no {function}"));
            assert_eq!(ours, *cum, "{scenario} {function}");
        }
    }
}
