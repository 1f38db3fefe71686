//! Dumps that are damaged, of other machines, or no dumps: one clear error, or what they still tell.

use leakdiff::cli::Exit;
use proptest::prelude::*;

use super::dump::{Dump, inflated, varint};
use super::of;
use super::support::{Files, cases, run};

const HEAP: u64 = 0x00c0_0000_0000;

fn small() -> Dump {
    let calls = [("main.keep", "example.com/app/main.go", 7)];
    Dump::new()
        .object(HEAP, 64, &[(0, HEAP + 64), (8, HEAP)])
        .object(HEAP + 64, 64, &[])
        .variables(&[(16, HEAP)])
        .goroutine("main.run", "select", &[(0, HEAP)], &[(8, HEAP + 64)])
        .finalizer(HEAP + 64)
        .collected(1)
        .bucket(1, 64, &calls, &[HEAP])
}

/// Both ways to read a dump: an answer or an error that names the file, never both and never a panic.
#[track_caller]
fn survives(bytes: &[u8]) {
    let files = Files::new();
    let path = files.write("it.dump", bytes);
    for args in [vec!["holders", &path], vec![path.as_str()], vec!["inspect", &path]] {
        let outcome = run(&args);
        match outcome.exit {
            Exit::Done => assert!(!outcome.stdout.is_empty()),
            _ if args[0] == "inspect" => assert!(outcome.stdout.contains("it.dump")),
            _ => assert!(outcome.stderr.contains("it.dump"), "{}", outcome.stderr),
        }
    }
}

#[test]
fn every_beginning_of_a_dump_is_an_error_or_a_part_of_the_answer() {
    let whole = small().encode();
    let files = Files::new();
    for length in 16..whole.len() {
        survives(&whole[..length]);
        let path = files.write("cut.dump", &whole[..length]);
        let outcome = run(&["holders", &path]);
        match outcome.exit {
            Exit::Done => assert!(outcome.stdout.contains("dump-ends-early"), "{length}: {}", outcome.stdout),
            _ => assert!(outcome.stderr.contains("heap dump"), "{length}: {}", outcome.stderr),
        }
    }
}

#[test]
fn a_recorded_dump_that_is_cut_tells_what_it_can() {
    let whole = inflated(&of("goroutine-blocked", "after.dump.gz"));
    let files = Files::new();
    for share in [10, 50, 90, 97, 99] {
        let path = files.write("cut.dump", &whole[..whole.len() / 100 * share]);
        let outcome = run(&["holders", &path, "--bin", &of("goroutine-blocked", "app.sym.gz")]);
        match outcome.exit {
            Exit::Done => assert!(outcome.stdout.contains("warning[dump-ends-early]"), "{share}: {}", outcome.stdout),
            _ => {
                assert_eq!(outcome.exit, Exit::Error);
                assert!(outcome.stderr.contains("heap dump") && outcome.stderr.contains("hint:"), "{}", outcome.stderr);
            }
        }
    }
}

#[test]
fn dumps_without_an_object_or_a_root_are_errors_that_say_so() {
    let files = Files::new();
    let refused = |dump: &Dump, words: &[&str]| {
        let path = files.write("it.dump", dump.encode());
        run(&["holders", &path]).failed(&[words, &["it.dump"]].concat());
    };
    refused(&Dump::new().variables(&[]), &["heap dump", "not one whole object"]);
    refused(&Dump::new().object(HEAP, 64, &[]), &["heap dump", "what holds them"]);
    refused(&Dump::of_machine(false, 4).object(HEAP, 64, &[]), &["32-bit", "64-bit"]);
    refused(&Dump::of_machine(true, 8).object(HEAP, 64, &[]), &["big-endian"]);
    refused(&Dump::new().object(u64::MAX - 7, 64, &[]).variables(&[]), &["damaged", "address"]);
    for text in ["", "go1.7 heap dump\n", "heap profile: 1: 2 [3: 4] @ heap/1\n", "not a dump at all"] {
        let path = files.write("it.dump", text);
        run(&["holders", &path]).failed(&["it.dump"]);
    }
}

#[test]
fn absurd_lengths_and_unknown_records_end_the_dump_where_they_stand() {
    let bombs: Vec<Vec<u8>> = [
        vec![1, 8, u64::MAX],
        vec![16, 1, 64, u64::MAX / 8],
        vec![5, 0, 0, 0, 1 << 62],
        vec![3, 1, 1, 1 << 40],
        vec![99],
        vec![12, 0, 1 << 50],
    ]
    .iter()
    .map(|numbers| {
        let mut bytes = Vec::new();
        numbers.iter().for_each(|number| varint(*number, &mut bytes));
        bytes
    })
    .chain([vec![0xff; 16]])
    .collect();
    for bomb in bombs {
        let dump = small().raw(&bomb).encode();
        survives(&dump);
        let files = Files::new();
        let path = files.write("it.dump", &dump);
        let text = run(&["holders", &path]).done().stdout;
        assert!(text.contains("warning[dump-ends-early]"), "{bomb:x?}: {text}");
    }
}

#[test]
fn scattered_objects_cost_no_more_than_others() {
    // Each in a stretch of memory of its own: an index of stretches would take gigabytes.
    let count = 30_000;
    let mut dump = Dump::new().variables(&[(0, HEAP)]);
    for index in 0..count {
        let next = HEAP + ((index + 1) << 30);
        dump = dump.object(HEAP + (index << 30), 16, &[(0, next + 8)]);
    }
    let report = super::dump::holders(&[&dump], &[]);
    assert_eq!(super::dump::holder(&report, "data+0x0")["objects"], count);
}

#[test]
fn a_bomb_of_gzip_ends_at_the_limit() {
    let zeros = super::support::gzip(&vec![0; 32 << 20]);
    let files = Files::new();
    let path = files.write("bomb.dump.gz", zeros);
    run(&["holders", &path, "--max-inflated", "1MiB"]).failed(&["bomb.dump.gz", "--max-inflated"]);
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn no_change_of_bytes_breaks_it(changes in proptest::collection::vec((0_usize..4000, any::<u8>()), 1..8)) {
        let mut dump = small().encode();
        for (at, byte) in changes {
            let at = 16 + at % (dump.len() - 16);
            dump[at] = byte;
        }
        survives(&dump);
    }
}
