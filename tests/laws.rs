//! Laws that hold for any profiles: what comes in is generated, what is proven is that the numbers add up.

mod support;

use support::{Profile, diff_json, row};

#[test]
fn growth_is_after_minus_before() {
    let before = Profile::new().stack("store.Put;api.Handle;main.main", [1, 4096, 1, 4096]).bytes(4096);
    let after = Profile::new().stack("store.Put;api.Handle;main.main", [3, 12288, 3, 12288]).bytes(4096);
    let report = diff_json(&[&before, &after], &[]);
    assert_eq!(row(&report, "store.Put")["flat"]["delta"], 8192);
}
