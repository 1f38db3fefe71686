//! Files made to take more than they hold: every command answers each of them soon, in bounded memory.

use std::fmt::Write as _;
use std::time::Duration;

use crate::measured::{Measured, measure};
use crate::small;
use crate::support::{Files, Profile, gzip, wire};
use crate::{bytes_field, varint_field};

/// Kilobytes of address space: stacks of threads and what the allocator sets aside count too.
const ADDRESSES: u64 = 3_000_000;
/// In an optimised build a tenth of this; here nothing is optimised, and other tests run beside.
const LONGEST: Duration = Duration::from_secs(60);

/// What is done with each file; `BASELINE` is a file that is not there yet.
const COMMANDS: &[&[&str]] = &[
    &["diff"],
    &["diff", "-f", "json", "-n", "0"],
    &["diff", "-f", "json", "-n", "0", "--by", "stack"],
    &["diff", "-f", "csv", "-n", "0", "--by", "line"],
    &["diff", "-f", "markdown", "-n", "0", "--by", "address"],
    &["flame"],
    &["flame", "--inverted", "--width", "max"],
    &["flame", "-f", "folded"],
    &["flame", "-f", "pprof"],
    &["report"],
    &["list", "."],
    &["goroutines"],
    &["check", "--max-growth", "1GiB", "--update-baseline", "BASELINE"],
];

/// Each command answers this file, alone and after another, with an exit code of its own.
fn answered_everywhere(content: &[u8]) {
    let files = Files::new();
    let (small, hostile) = (files.write("small", small().encode()), files.write("hostile", content));
    let baseline = files.path("baseline.json");
    for command in COMMANDS {
        let args: Vec<&str> = command.iter().map(|arg| if *arg == "BASELINE" { &*baseline } else { arg }).collect();
        let Measured { code, stderr, time, .. } =
            measure(&files, ADDRESSES, "", &[&args[..], &[&small, &hostile]].concat());
        let codes: &[i32] = if command[0] == "check" { &[0, 1, 2, 3] } else { &[0, 2] };
        assert!(code.is_some_and(|code| codes.contains(&code)), "{command:?}: {code:?}: {stderr}");
        assert!(code != Some(2) || stderr.starts_with("error: "), "{command:?}: {stderr}");
        assert!(time < LONGEST, "{command:?}: {time:?}");
        let _ = std::fs::remove_file(&baseline);
    }
}

const VALUES: [i64; 4] = [1, 64, 1, 64];

/// So many stacks of `locations` times `inlined` frames each, that differ at their root.
fn inlined(stacks: u64, locations: usize, inlined: usize) -> Profile {
    let mut profile = Profile::new();
    let name = |number: u64| format!("p.F{number}@/f.go:{number}");
    let many = profile.location(&vec!["p.F0"; inlined].join("|"));
    for stack in 1..=stacks {
        let root = profile.location(&name(stack));
        let mut location_id = vec![many; locations];
        location_id.push(root);
        profile.proto.sample.push(wire::Sample { location_id, value: VALUES.to_vec(), label: Vec::new() });
    }
    profile
}

#[test]
fn a_million_inlined_calls_in_each_of_many_stacks() {
    answered_everywhere(&inlined(64, 1000, 1000).gzip());
}

#[test]
fn as_many_inlined_calls_as_are_taken() {
    answered_everywhere(&inlined(8, 1000, 1000).gzip());
}

#[test]
fn a_location_of_a_hundred_thousand_lines() {
    let mut profile = Profile::new().stack("p.F@/f.go:1", VALUES);
    let line = profile.proto.location[0].line[0];
    profile.proto.location[0].line = (1..=100_000).map(|number| wire::Line { line: number, ..line }).collect();
    answered_everywhere(&profile.gzip());
}

/// Frames of one path that stand at other lines in each sample.
#[test]
fn one_path_at_many_lines() {
    let mut profile = Profile::new();
    for sample in 0..100 {
        let lines: Vec<String> = (1..=100).map(|line| format!("p.F@/f.go:{}", sample * 100 + line)).collect();
        let location = profile.location(&lines.join("|"));
        let location_id = vec![location; 500];
        profile.proto.sample.push(wire::Sample { location_id, value: VALUES.to_vec(), label: Vec::new() });
    }
    answered_everywhere(&profile.gzip());
}

#[test]
fn a_name_of_megabytes_in_all_frames() {
    let name = format!("p.{}", "x".repeat(4 << 20));
    let stacks = (0..300).map(|number| format!("p.F{number};{name}"));
    let mut profile = stacks.fold(Profile::new(), |profile, stack| profile.stack(&stack, VALUES));
    for sample in &mut profile.proto.sample {
        let deep = sample.location_id[1];
        sample.location_id.extend(vec![deep; 300]);
    }
    answered_everywhere(&profile.gzip());
}

/// Each character of these takes seven columns of a terminal, each element of the path is a folder to look below.
#[test]
fn a_name_that_is_spelled_out_and_a_path_of_many_folders() {
    let (name, path) = ("\u{1b}[31m".repeat(2 << 20), "/a".repeat(1 << 20));
    let stacks = (0..3).map(|number| format!("p.F{number}@{path}{number}:1;{name}{number}@/b{path}:1"));
    answered_everywhere(&stacks.fold(Profile::new(), |profile, stack| profile.stack(&stack, VALUES)).gzip());
    let shorter = (0..30).map(|number| format!("p.F{number}{}@/f.go:1", "\u{1b}[31m".repeat(200_000)));
    answered_everywhere(&shorter.fold(Profile::new(), |profile, stack| profile.stack(&stack, VALUES)).gzip());
}

#[test]
fn many_functions_of_one_long_name() {
    let name = format!("p.{}", "x".repeat(1 << 20));
    let mut profile = Profile::new().stack(&name, VALUES);
    let (function, location) = (profile.proto.function[0], profile.proto.location[0].clone());
    for id in 2..3000 {
        profile.proto.function.push(wire::Function { id, start_line: id as i64, ..function });
        let line = vec![wire::Line { function_id: id, line: id as i64, column: 0 }];
        profile.proto.location.push(wire::Location { id, line, ..location.clone() });
        profile.proto.sample.push(wire::Sample { location_id: vec![id], value: VALUES.to_vec(), label: Vec::new() });
    }
    answered_everywhere(&profile.gzip());
}

#[test]
fn names_that_demangle_to_more_than_they_are() {
    let twice = |depth: u32| {
        let number = |place: u32| match place {
            0 => String::new(),
            place => char::from_digit(place - 1, 36).expect("a digit").to_ascii_uppercase().to_string(),
        };
        let pairs = (0..depth).map(|depth| format!("S_IS{0}_S{0}_E", number(depth))).collect::<String>();
        format!("_Z1f4pairIiiE{pairs}")
    };
    let names = [
        format!("_Z{}", "N".repeat(100_000)),
        format!("_ZN{}E", "1a".repeat(50_000)),
        format!("_Z1f{}i", "P".repeat(50_000)),
        format!("_Z1fI{}E", "S_".repeat(50_000)),
        format!("_R{}", "NvC".repeat(50_000)),
        twice(10),
        twice(34),
    ];
    answered_everywhere(&names.iter().fold(Profile::new(), |profile, name| profile.stack(name, VALUES)).gzip());
}

/// Sequences of two functions that have one hash for every odd factor modulo 2^64, and all stacks made of them.
#[test]
fn stacks_made_to_have_one_hash() {
    let mut profile = Profile::new();
    let names = |is_other: bool| {
        let name = move |number: u32| if (number.count_ones() % 2 == 1) == is_other { "p.A" } else { "p.B" };
        (0..1024).map(name).collect::<Vec<_>>().join("|")
    };
    let halves = [profile.location(&names(false)), profile.location(&names(true))];
    for stack in 0..4096_usize {
        let location_id = (0..12).map(|bit| halves[stack >> bit & 1]).collect();
        profile.proto.sample.push(wire::Sample { location_id, value: VALUES.to_vec(), label: Vec::new() });
    }
    answered_everywhere(&profile.gzip());
}

#[test]
fn many_labels_and_many_sizes() {
    let profile = (0..50_000)
        .fold(Profile::new().stack("p.F", VALUES), |profile, number| profile.label(&format!("key{number}"), "value"));
    let mut profile = profile;
    for size in 1..50_000 {
        profile = profile.stack("p.F", VALUES).bytes(size);
    }
    answered_everywhere(&profile.gzip());
}

#[test]
fn a_stack_of_all_functions_and_each_alone() {
    let name = |number: usize| format!("example.com/p{}.F{number}@/src/p{}/f.go:{number}", number % 100, number % 100);
    let names: Vec<String> = (0..30_000).map(name).collect();
    let mut profile = Profile::new().stack(&names.join(";"), VALUES);
    let all = profile.proto.sample[0].location_id.clone();
    for id in all {
        profile.proto.sample.push(wire::Sample { location_id: vec![id], value: VALUES.to_vec(), label: Vec::new() });
    }
    answered_everywhere(&profile.gzip());
}

#[test]
fn texts_of_many_records_and_of_one() {
    let mut heap = "heap profile: 1: 64 [1: 64] @ heap/1048576\n".to_owned();
    let mut goroutines = String::new();
    for number in 1..30_000 {
        let _ = writeln!(heap, "1: 64 [1: 64] @ {number:#x}\n#\t{number:#x}\tp.F{number}+0x1\t/a.go:{number}\n");
        let _ = writeln!(
            goroutines,
            "goroutine {number} [chan receive, 9 minutes]:\nmain.f{number}()\n\t/a.go:{number} +0x1\n"
        );
    }
    answered_everywhere(heap.as_bytes());
    answered_everywhere(goroutines.as_bytes());
    let line = "heap profile: 1: 64 [1: 64] @ heap/1048576\n1: 64 [1: 64] @".to_owned() + &" 0x1".repeat(3_000_000);
    answered_everywhere(line.as_bytes());
    answered_everywhere(format!("{{\"leakdiff_baseline\": 1,{}", "[".repeat(1_000_000)).as_bytes());
}

/// Standard input as a file, which is read while it is decoded.
const STDIN: &str = "-";
/// Kilobytes of address space: a gigabyte, and what the binary and its threads have before they read anything.
const GIGABYTE: u64 = 1_300_000;

/// Inputs that never end stop at what an input may take, in less than a gigabyte.
#[test]
fn inputs_without_an_end() {
    let files = Files::new();
    let small = files.write("small", small().encode());
    let unknown = gzip(&bytes_field(99, &vec![0; (1 << 20) - 5]));
    let (start, more) = (files.write("start", gzip(&varint_field(15, 1))), files.write("more", unknown));
    let nothing = files.write("nothing", gzip(&[]).repeat(1000));
    let heap = files.write("heap", "heap profile: 1: 64 [1: 64] @ heap/1048576\n1: 64 [1: 64] @");
    let feeds = [
        "cat /dev/zero".to_owned(),
        "yes".to_owned(),
        format!("cat {start}; while cat {more}; do :; done"),
        format!("while cat {nothing}; do :; done"),
        format!("cat {heap}; yes ' 0x1' | tr -d '\\n'"),
        format!("cat {heap}; yes ' 0x1'"),
        "yes 'goroutine 1 [running]:'".to_owned(),
    ];
    for feed in feeds {
        for args in [&["diff", &small, STDIN][..], &["flame", STDIN], &["check", "--max-growth", "1B", &small, STDIN]] {
            let args = [args, &["--max-inflated", "2GiB"]].concat();
            let Measured { code, stderr, time } = measure(&files, GIGABYTE, &feed, &args);
            assert_eq!(code, Some(2), "{feed} {args:?}: {stderr}");
            assert!(stderr.starts_with("error: ") && stderr.contains("stdin: "), "{feed}: {stderr}");
            assert!(time < LONGEST, "{feed} {args:?}: {time:?}");
        }
    }
}

/// The memory that the help of `--max-inflated` states.
#[test]
fn large_strings_take_up_to_twice_their_size() {
    const SIZE: usize = 100 << 20;
    let files = Files::new();
    let profile = |letter: &str| small().label("request", &letter.repeat(SIZE)).encode();
    let inputs = ["a", "b"].map(|letter| files.write(letter, profile(letter)));
    let args = ["--max-inflated", "400MiB", &inputs[0], &inputs[1]];
    let room = 2 * 2 * SIZE as u64 / 1024 + (GIGABYTE - (1 << 20));
    let Measured { code, stderr, .. } = measure(&files, room, "", &args);
    assert_eq!(code, Some(0), "{stderr}");
    let Measured { code, stderr, .. } = measure(&files, ADDRESSES, "", &["--max-inflated", "300MiB", &inputs[0]]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains(&inputs[0]) && stderr.contains("--max-inflated"), "{stderr}");
}

/// The time of a profile whose locations have these ids.
fn time_of_ids(files: &Files, ids: impl Iterator<Item = u64>) -> Duration {
    let mut profile = Profile::new().stack("p.F", VALUES);
    let location = profile.proto.location.remove(0);
    profile.proto.location = ids.map(|id| wire::Location { id, address: id, ..location.clone() }).collect();
    profile.proto.sample[0].location_id = profile.proto.location.iter().map(|location| location.id).collect();
    let path = files.write("ids", profile.encode());
    let Measured { code, stderr, time, .. } = measure(files, ADDRESSES, "", &[&path]);
    assert_eq!(code, Some(0), "{stderr}");
    time
}

/// These ids fall into one bucket of a table whose hash is a product: the inverses of what differs in low bits only.
#[test]
fn ids_do_not_choose_their_bucket() {
    /// The factor of rustc-hash, and its inverse modulo 2^64 by Newton's method.
    const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
    let inverse = (0..6).fold(FACTOR, |guess, _| guess.wrapping_mul(2_u64.wrapping_sub(FACTOR.wrapping_mul(guess))));
    assert_eq!(inverse.wrapping_mul(FACTOR), 1);
    let files = Files::new();
    let random =
        time_of_ids(&files, (1..100_000).map(|number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 << 40));
    for (case, crafted) in [("inverses", inverse), ("high bits", 1 << 44)] {
        let time = time_of_ids(&files, (1..100_000).map(|number: u64| number.wrapping_mul(crafted)));
        assert!(time < 2 * random + Duration::from_secs(1), "{case}: {time:?}, random ones {random:?}");
    }
}
