//! Sizes and numbers at their limits: bombs, deep stacks, many of everything, sums that do not fit, narrow terminals.

use std::time::{Duration, Instant};

use crate::support::{Profile, diff, diff_json, gzip, run_on, run_with, wire};
use crate::{bytes_field, small, varint_field};

/// What is linear takes far less than this, even on a busy machine; what is not takes far more.
const SOON: Duration = Duration::from_secs(10);

/// A gzip stream of many megabytes of one unknown field after another, after a good profile.
fn bomb(megabytes: usize) -> Vec<u8> {
    let megabyte = gzip(&bytes_field(99, &vec![0; (1 << 20) - 5]));
    let mut bytes = small().gzip();
    (0..megabytes).for_each(|_| bytes.extend_from_slice(&megabyte));
    bytes
}

#[test]
fn a_gzip_bomb_stops_at_the_limit() {
    let bomb = bomb(64);
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let words = ["0.pb: ", "more than the limit of 1048576 bytes", "--max-inflated"];
    run_on(&[&bomb], &["--max-inflated", "1MiB"]).failed(&words);
    run_on(&[&bomb], &["--max-inflated", "70MiB"]).done();
    run_on(&[&bomb], &[]).done();
}

#[test]
fn the_default_limit_holds() {
    // 2 GiB, or less where there is less memory.
    let outcome = run_on(&[&bomb(2049)], &[]).failed(&["0.pb: ", "more than the limit of ", "--max-inflated"]);
    let limit = outcome.stderr.split(' ').find_map(|word| word.parse::<u64>().ok());
    assert!(limit.is_some_and(|limit| limit <= 2 << 30), "{}", outcome.stderr);
}

#[test]
fn raw_files_have_the_limit_too() {
    let raw = [small().encode(), bytes_field(99, &vec![0; 3 << 20])].concat();
    run_on(&[&raw], &["--max-inflated", "1MiB"]).failed(&["more than"]);
    run_on(&[&raw], &["--max-inflated", "4MiB"]).done();
    run_on(&[&small().encode()], &["--max-inflated", "0"]).failed(&["limit of 0 bytes"]);
}

/// What is short on the wire and long in memory counts as long.
#[test]
fn short_fields_that_take_much_memory_count() {
    let empty_locations = bytes_field(4, b"").repeat(1 << 20);
    let bytes = [small().encode(), empty_locations].concat();
    run_on(&[&bytes], &["--max-inflated", "16MiB"]).failed(&["more than the limit"]);
}

#[test]
fn a_sample_with_millions_of_values() {
    let values = bytes_field(2, &bytes_field(2, &vec![0; 4 << 20]));
    let start = Instant::now();
    run_on(&[&[values, small().encode()].concat()], &[]).failed(&["sample 1", "values"]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn a_hundred_thousand_sample_types() {
    let names: Vec<String> = (0..100_000).map(|number| format!("t{number}")).collect();
    let types: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "count")).collect();
    let start = Instant::now();
    run_on(&[&Profile::bare().types(&types).encode()], &[]).failed(&["100000 sample types"]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn a_stack_of_a_hundred_thousand_frames() {
    let distinct: Vec<String> = (0..100_000).map(|number| format!("p{}.F{number}", number % 50)).collect();
    let recursive = "a.F;b.G|c.H;".repeat(50_000);
    for (case, stack) in [("distinct", distinct.join(";")), ("recursive", recursive)] {
        let profile = Profile::new().stack(&stack, [1, 64, 1, 64]).bytes(64);
        for args in [["--by", "function"], ["--by", "stack"], ["--by", "line"], ["--sort", "cum"], ["-f", "markdown"]] {
            let start = Instant::now();
            let outcome = diff(&[&Profile::new(), &profile], &args).done();
            assert!(outcome.stdout.contains("64"), "{case} {args:?}: {}", outcome.stdout);
            assert!(start.elapsed() < SOON, "{case} {args:?}: {:?}", start.elapsed());
        }
    }
}

/// Every row names its heaviest stack: of all rows of one deep stack that must not be the square of its depth.
#[test]
fn all_rows_of_a_deep_stack_grow_with_its_depth() {
    let size = |depth: usize| {
        let stack: Vec<String> = (0..depth).map(|number| format!("p.F{number}")).collect();
        let profile = Profile::new().stack(&stack.join(";"), [1, 64, 1, 64]);
        diff(&[&profile], &["-n", "0", "--format", "json"]).done().stdout.len()
    };
    let (half, whole) = (size(1000), size(2000));
    assert!(whole < 3 * half, "{half} bytes at half the depth, {whole} at the whole");
}

/// A location with many inlined calls, many times in one stack: the frames are the product of the two.
#[test]
fn inlined_calls_times_locations_are_bounded() {
    let mut profile = Profile::new().stack("a.F", [1, 64, 1, 64]);
    profile.proto.location[0].line = vec![profile.proto.location[0].line[0]; 200_000];
    profile.proto.sample[0].location_id = vec![1; 200_000];
    let start = Instant::now();
    diff(&[&profile], &[]).failed(&["0.pb: ", "frames"]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn many_labels_mappings_and_comments() {
    let mut profile = small();
    for number in 0..20_000 {
        profile = profile.number(&format!("key{number}"), number, "bytes").comment(&format!("comment {number}"));
    }
    for id in 2..20_000 {
        profile.proto.mapping.push(wire::Mapping { id, memory_start: id << 20, ..Default::default() });
    }
    assert_eq!(diff_json(&[&profile, &profile], &["--tagfocus", "key7=1b:9b"])["total"]["delta"], 0);
}

#[test]
fn the_largest_value_fits_alone() {
    let profile = Profile::new().without_period().stack("a.F;main.main", [0, 0, 0, i64::MAX]);
    for format in ["table", "json", "markdown", "csv"] {
        for unit in ["auto", "B", "KiB", "PiB"] {
            diff(&[&profile], &["--format", format, "--unit", unit]).done();
            diff(&[&Profile::new(), &profile], &["--format", format, "--unit", unit]).done();
        }
    }
    let report = diff_json(&[&Profile::new(), &profile], &["--sort", "cum"]);
    assert_eq!(report["total"]["delta"], i64::MAX);
    assert_eq!(report["rows"][0]["cum"]["after"], i64::MAX);
    let timed = |profile: Profile, time: i64| profile.time(time);
    diff(&[&timed(Profile::new(), 1), &timed(profile, 1_000_000_002)], &[]).done();
}

#[test]
fn sums_that_do_not_fit_are_refused() {
    let of = |values: &[i64]| {
        values.iter().fold(Profile::new(), |profile, value| profile.stack("a.F;main.main", [0, 0, 0, *value]))
    };
    let words = ["0.pb: the values of inuse_space", "too large", "64 bits"];
    diff(&[&of(&[i64::MAX, 1])], &[]).failed(&words);
    diff(&[&of(&[i64::MAX, i64::MAX])], &[]).failed(&words);
    diff(&[&of(&[i64::MIN])], &[]).failed(&words);
    diff(&[&of(&[i64::MIN, i64::MAX])], &[]).failed(&words);
    let second = ["error: ", "1.pb: the values of inuse_space"];
    assert!(!diff(&[&of(&[1]), &of(&[i64::MAX, 1])], &[]).failed(&second).stderr.contains("0.pb"));
    // Each fits, and both together do not.
    let words = ["0.pb, ", "1.pb: the values of inuse_space", "too large", "64 bits"];
    diff(&[&of(&[i64::MAX]), &of(&[-1])], &[]).failed(&words);
    diff(&[&of(&[i64::MAX]), &of(&[i64::MAX])], &[]).failed(&words);
    let words = ["0.pb: the values of inuse_space", "too large"];
    let kilobytes = Profile::bare().types(&[("inuse_space", "kilobytes")]).stack("a.F", [1 << 54]);
    diff(&[&kilobytes, &of(&[1])], &[]).failed(&words);
    let petabytes = Profile::bare().types(&[("inuse_space", "petabytes")]).stack("a.F", [i64::MIN]);
    diff(&[&petabytes, &of(&[1])], &[]).failed(&words);
}

#[test]
fn any_width() {
    let long = "example.com/very/long/import/path/of/a/package.(*Type[go.shape.string]).Method.func1";
    let profile = Profile::new()
        .stack(
            &format!("{long}@/build/very/long/path/to/some/file.go:1234567;main.main@/m.go:1"),
            [9, 1 << 40, 9, 1 << 40],
        )
        .stack("日本語.関数;界", [1, 64, 1, 64]);
    let files = crate::support::Files::new();
    let (old, new) = (files.write("old", Profile::new().encode()), files.write("new", profile.encode()));
    for width in (0..130).chain([1000, usize::MAX]) {
        for args in [&[&old[..], &new][..], &[&new], &[&old, &old, &new], &[&old, &new, "--by", "line"]] {
            run_with(&[], Some(width), None, args).done();
            let columns = width.to_string();
            run_with(&[], None, Some(true), &[args, &["--columns", &columns]].concat()).done();
        }
    }
}

/// Narrower than a table can be is as narrow as it can be; 0 is as wide as it needs.
#[test]
fn columns_that_no_table_fits_in() {
    let profile =
        Profile::new().stack("example.com/shop/store.(*Cache).Put@/src/store.go:7;main.main", [9, 1 << 30, 9, 1 << 30]);
    let of = |columns: &str, rest: &[&str]| {
        diff(&[&Profile::new(), &profile], &[&["--columns", columns], rest].concat()).done().stdout
    };
    for rest in [&[][..], &["--by", "line"], &["--sort", "cum"]] {
        assert_eq!(of("1", rest), of("40", rest));
        assert_eq!(of("20", rest), of("40", rest));
        assert_ne!(of("40", rest), of("60", rest));
        assert_eq!(of("0", rest), diff(&[&Profile::new(), &profile], rest).done().stdout);
    }
    // Paths of inputs are longer than that, and nothing else is.
    let wide = of("60", &[]);
    let too_wide: Vec<&str> = wide.lines().filter(|line| line.chars().count() > 60).collect();
    assert!(too_wide.is_empty(), "{too_wide:?}");
}

/// `--ascii` is for text alone: names are told by their numbers there.
#[test]
fn text_without_characters_beyond_ascii() {
    let step = |values: i64| {
        Profile::new().stack("shop.Gr\u{f6}\u{df}e;main.main", [values, values << 20, values, values << 20])
    };
    let profiles = [step(1), step(2), step(40)];
    let profiles: Vec<&Profile> = profiles.iter().collect();
    for args in [&[][..], &["--columns", "60"], &["--by", "stack", "-n", "0"]] {
        let ascii = diff(&profiles, &[args, &["--ascii"]].concat()).done().stdout;
        assert!(ascii.is_ascii(), "{ascii}");
        assert!(ascii.contains("shop.Gr\\u{f6}\\u{df}e"), "{ascii}");
        let rich = diff(&profiles, args).done().stdout;
        assert!(!rich.is_ascii());
        assert_eq!(ascii.lines().count(), rich.lines().count());
    }
    let json = |args: &[&str]| diff(&profiles, &[&["-f", "json"], args].concat()).done().stdout;
    assert_eq!(json(&["--ascii"]), json(&[]));
    let checked = run_on(&[&profiles[0].encode(), &profiles[2].encode()], &["--ascii"]);
    assert!(checked.done().stdout.is_ascii());
}

/// What may not be left out is an error that names the way out, before anything is written; a picture folds it.
#[test]
fn outputs_are_bounded() {
    let profile = (0..500).fold(Profile::new(), |profile, number| {
        profile.stack(&format!("example.com/p.F{number};main.main"), [1, 1 << 20, 1, 1 << 20])
    });
    let words = ["output takes more than the limit of 1024 bytes", "--max-output"];
    diff(&[&profile], &["-f", "folded", "--max-output", "1KiB"]).failed(&words);
    diff(&[&profile], &["-f", "folded", "--max-output", "1MiB"]).done();
    let files = crate::support::Files::new();
    for ending in ["json", "csv", "md", "html", "svg", "pb.gz"] {
        let path = files.path(&format!("out.{ending}"));
        diff(&[&profile], &["-n", "0", "-o", &path, "--max-output", "1KiB"]).failed(&[&[&*path], &words[..]].concat());
        assert!(!std::path::Path::new(&path).exists(), "{ending}: nothing is left of it");
    }
    let picture = |most: &str| diff(&[&profile], &["-f", "svg", "--max-output", most]).done().stdout;
    let drawn = |picture: &str| picture.matches("<title>").count();
    let (small, whole) = (picture("256KiB"), picture("2GiB"));
    assert!(small.len() < 256 << 10 && drawn(&small) < drawn(&whole), "{} of {}", drawn(&small), drawn(&whole));
    assert!(small.contains("or too many, and counted in the frame above") && !whole.contains("too many"));
}

#[test]
fn a_reader_that_gives_one_byte_at_a_time() {
    struct Slow(std::vec::IntoIter<u8>);
    impl std::io::Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let byte = if buffer.is_empty() { None } else { self.0.next() };
            Ok(byte.map_or(0, |byte| {
                buffer[0] = byte;
                1
            }))
        }
    }
    for (case, bytes) in [("raw", small().encode()), ("gzipped", small().gzip())] {
        let content = Box::new(Slow(bytes.into_iter()));
        let input = leakdiff::load::Input { label: case.into(), path: case.into(), content };
        let loaded = leakdiff::load::load(vec![input], leakdiff::load::Limits::default());
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.snapshots[0].len(), 2, "{case}");
    }
}

#[test]
fn fields_longer_than_a_block_of_reading() {
    let name = "x".repeat(300_000);
    let bytes = [varint_field(15, 1), small().stack(&format!("p.{name};main.main"), [1, 8, 1, 8]).encode()].concat();
    let report = run_on(&[&bytes], &["--format", "json", "-n", "0"]).done().json();
    let name = format!("p.{name}");
    assert!(report["rows"].as_array().is_some_and(|rows| rows.iter().any(|row| row["name"] == name)));
    run_on(&[&bytes], &[]).done();
}
