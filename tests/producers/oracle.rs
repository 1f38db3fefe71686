//! The calls at native addresses against what binutils' addr2line says of the same file.

use std::process::Command;

use leakdiff::load::{Input, Limits, load};
use leakdiff::model::Location;
use leakdiff::symbolize::{Opened, Wanted, symbolize};

use crate::support::fixture;

/// What addr2line says of addresses: for each the places of its calls, the innermost first.
fn said(binary: &str, addresses: &[u64]) -> Option<Vec<Vec<String>>> {
    let hexadecimal: Vec<String> = addresses.iter().map(|address| format!("{address:#x}")).collect();
    let output = Command::new("addr2line").args(["-a", "-i", "-e", binary]).args(&hexadecimal).output().ok()?;
    let text = String::from_utf8(output.stdout).expect("text");
    let mut calls: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("0x") {
            Some(_) => calls.push(Vec::new()),
            None => {
                let line = line.split(" (discriminator").next().unwrap_or(line);
                calls.last_mut().expect("an address first").push(line.to_owned());
            }
        }
    }
    Some(calls)
}

#[test]
fn calls_are_where_addr2line_sees_them() {
    let debug = fixture("native/cpp/debug/basket.debug");
    let mut loaded = {
        let text = std::fs::read(fixture("native/cpp/a3.heap")).expect("a text");
        load(vec![Input::new("a3.heap", std::io::Cursor::new(text))], Limits::default()).expect("a profile")
    };
    let before: Vec<Location> = loaded.symbols.locations().cloned().collect();
    symbolize(&mut loaded, 1 << 30, &mut |wanted| {
        let path = match wanted {
            Wanted::Binary { file: "/app/basket/basket", is_main: true, .. } => fixture("native/cpp/basket"),
            Wanted::DebugFile { link: "basket.debug", .. } => debug.clone(),
            _ => return Vec::new(),
        };
        let content = std::fs::File::open(&path).expect("a file");
        vec![Opened { path, content: Box::new(content), is_expected: true }]
    });
    let of_basket: Vec<(&Location, u64)> = before
        .iter()
        .zip(loaded.symbols.locations())
        .filter_map(|(old, new)| {
            let mapping = loaded.symbols.mapping(old.mapping?);
            // A position independent program is linked for the address 0, so that its file is laid out as in memory.
            (loaded.symbols.str(mapping.file) == "/app/basket/basket").then_some((new, old.address + mapping.offset))
        })
        .collect();
    assert!(of_basket.len() >= 10, "{}", of_basket.len());
    let addresses: Vec<u64> = of_basket.iter().map(|(_, address)| *address).collect();
    let Some(expected) = said(&debug, &addresses) else {
        assert!(std::env::var_os("CI").is_none(), "CI needs binutils' addr2line");
        eprintln!("skipped: there is no addr2line here");
        return;
    };
    for ((location, address), expected) in of_basket.into_iter().zip(expected) {
        let place = |line: &leakdiff::model::Line| {
            let function = loaded.symbols.function(line.function.expect("a function"));
            format!("{}:{}", loaded.symbols.str(function.file), line.line)
        };
        let ours: Vec<String> = location.lines.iter().map(place).collect();
        // What has no debug information has a name from the symbols, and no place.
        if expected != ["??:0"] && expected != ["??:?"] {
            assert_eq!(ours, expected, "{address:#x}");
        }
    }
}
