//! Many owners: they change nothing for the few that keep most, and are no matter of patience.

use crate::built::{heap, named, one};

/// A slow way to find an owner would not end here.
#[test]
fn twenty_thousand_owners_do_not_hide_the_one_that_keeps() {
    const OWNERS: usize = 20_000;
    let made = "example.com/shop.newPool.func1;sync.(*Pool).Get;example.com/shop.(*pool).get";
    let asking = (0..OWNERS).map(|owner| format!("{made};example.com/shop.Ask{owner};main.main"));
    let keeping = (0..OWNERS).map(|owner| format!("example.com/shop.Ask{owner};main.main"));
    let lib = |frame: String| format!("example.org/lib.{frame}@/go/pkg/mod/example.org/lib@v1.2.0/lib.go:3");
    let entering =
        (0..OWNERS).map(|owner| format!("{};example.com/shop.Enter{owner};main.main", lib("New".to_owned())));
    let began = (0..OWNERS).map(|root| format!("{};{}", lib("fill".to_owned()), lib(format!("root{root}"))));
    let many: Vec<String> = asking.chain(keeping).chain(entering).chain(began).collect();
    let opened = format!("{};example.com/shop.Open;main.main", lib("New".to_owned()));
    let filled = format!("{};{}", lib("fill".to_owned()), lib("loop".to_owned()));
    let large = [format!("{made};example.com/shop.Export;main.main"), "example.com/shop.Export;main.main".to_owned()];
    let large = [large.as_slice(), &[opened, filled]].concat();
    let at = |more: i64, many: &[String]| {
        let grown = [9, 11, 5, 4].map(|times| 1 + more * times * 10 * OWNERS as i64);
        let large = large.iter().map(String::as_str).zip(grown);
        heap(&many.iter().map(|stack| (stack.as_str(), 1 + more)).chain(large).collect::<Vec<_>>())
    };
    let alone = named(&[&at(0, &[]), &at(1, &[])], &[]);
    let expected = [("pool-not-put-back", "Export", 20), ("unknown", "Open", 9)];
    let blocks = |times: i64| times * 10 * OWNERS as i64;
    let expected = expected.map(|(code, name, times)| one(code, &format!("example.com/shop.{name}"), blocks(times)));
    assert_eq!(alone, expected.concat());
    assert_eq!(named(&[&at(0, &many), &at(1, &many)], &[]), alone);
}
