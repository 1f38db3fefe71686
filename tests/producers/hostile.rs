//! Binaries that are damaged: an answer every time, and never a wrong total.

use crate::support::{Files, fixture, json, run};

/// A generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        // Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound as u64) as usize
    }
}

#[test]
fn a_damaged_binary_is_answered() {
    let files = Files::new();
    let heaps = ["native/cpp/a1.heap", "native/cpp/a3.heap"].map(fixture);
    let total = json(&[&heaps[0], &heaps[1]])["total"].clone();
    let whole = std::fs::read(fixture("native/cpp/debug/basket.debug")).expect("a debug file");
    let stripped = std::fs::read(fixture("native/cpp/basket")).expect("a binary");
    let binary = files.write("basket", &stripped);
    let mut numbers = Numbers(7);
    for case in 0..60 {
        let mut damaged = whole.clone();
        match case % 3 {
            0 => damaged.truncate(numbers.below(whole.len())),
            1 => (0..20).for_each(|_| {
                let at = numbers.below(damaged.len());
                damaged[at] ^= 1 << numbers.below(8);
            }),
            // The headers, where offsets and lengths stand.
            _ => {
                let at = numbers.below(64);
                damaged[at] = 0xff;
            }
        }
        files.write("basket.debug", &damaged);
        let report = run(&[&heaps[0], &heaps[1], "--bin", &binary, "-f", "json"]).done().json();
        assert_eq!(report["total"], total, "case {case}");
    }
    for case in 0..30 {
        let mut damaged = stripped.clone();
        let at = numbers.below(if case % 2 == 0 { 1024 } else { damaged.len() });
        damaged[at] = numbers.below(256) as u8;
        let damaged = files.write("damaged", &damaged);
        let report = run(&[&heaps[0], &heaps[1], "--bin", &damaged, "-f", "json"]).done().json();
        assert_eq!(report["total"], total, "case {case}");
    }
}

#[test]
fn what_is_no_binary_is_said() {
    let files = Files::new();
    let heap = fixture("native/cpp/a1.heap");
    for content in [&b""[..], b"\x7fELF", b"#!/bin/sh\n", b"heap profile"] {
        let path = files.write("basket", content);
        let report = json(&[&heap, "--bin", &path]);
        let said = report["warnings"].to_string();
        assert!(said.contains("binary-mismatch") && said.contains("no binary that is read"), "{said}");
    }
}
