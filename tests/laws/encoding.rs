//! How a profile is written down does not show: the order of samples, tables and fields, the ids, compression, and
//! samples recorded in parts.

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use prost::Message;
use serde_json::Value;
use std::io::Write;

use crate::cases;
use crate::generate::{Sample, filter, granularity, pair, specs};
use crate::support::{Profile, diff, diff_json, gzip, run_on, wire};

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn order_and_ids_do_not_show((old, new) in pair(), by in granularity(), filter in filter(), seed: u64) {
        let (old, new) = (old.profile(), new.profile());
        let args = [&["-n", "0", "--by", by, "--format", "json"], filter].concat();
        let plain = run_on(&[&old.encode(), &new.encode()], &args).done();
        let other = run_on(&[&rewritten(&old, seed), &rewritten(&new, seed ^ 1)], &args).done();
        prop_assert!(plain == other, "{}", difference(&plain.stdout, &other.stdout));
    }

    #[test]
    fn a_sample_in_two_parts_is_one_sample((old, new) in pair(), by in granularity(), seed: u64) {
        let parts: Vec<Sample> = new.samples.iter().flat_map(|sample| halves(sample, seed)).collect();
        let (old, whole, split) = (old.profile(), new.profile(), new.profile_of(&parts));
        let args = ["-n", "0", "--by", by];
        let whole = diff_json(&[&old, &whole], &args);
        let split = diff_json(&[&old, &split], &args);
        prop_assert_eq!(without_sample_counts(whole), without_sample_counts(split));
    }

    #[test]
    fn compression_does_not_show(specs in specs(Just(1)), cut: prop::sample::Index) {
        let raw = specs[0].profile().encode();
        let cut = cut.index(raw.len());
        let forms = [
            gzip(&raw),
            [gzip(&raw[..cut]), gzip(&raw[cut..])].concat(),
            [gzip(&raw[..cut]), gzip(b""), gzip(&raw[cut..])].concat(),
            with_header_fields(&raw),
        ];
        let args = ["--format", "json"];
        let plain = run_on(&[&raw], &args).done();
        for (index, form) in forms.iter().enumerate() {
            prop_assert_eq!(&run_on(&[form], &args).done().stdout, &plain.stdout, "form {}", index);
        }
    }
}

/// The first lines that differ, with what is around them.
fn difference(left: &str, right: &str) -> String {
    let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let at = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let around = |lines: &[&str]| lines[at.saturating_sub(12)..(at + 4).min(lines.len())].join("\n");
    format!("line {}:\n{}\n--- or ---\n{}", at + 1, around(&left), around(&right))
}

/// One reordering at a time, so that a failure of the law above can be told apart.
#[test]
fn sparse_ids_do_not_show() {
    let profile = Profile::new().build_id("b").stack("a.F;a.G|a.H;main.main", [1, 64, 1, 64]).bytes(64);
    let plain = diff(&[&profile], &["--format", "json"]).done();
    for shift in [1 << 31, (1 << 32) - 2, 1 << 32, 1 << 63] {
        let renumbered = profile.clone().edit(|proto| renumber(proto, |id| if id == 0 { 0 } else { id + shift }));
        assert_eq!(diff(&[&renumbered], &["--format", "json"]).done(), plain, "ids from {shift}");
    }
}

/// A file and a line are shown together only when some frame stands there.
#[test]
fn functions_of_one_name_keep_their_own_files() {
    let profile = Profile::new()
        .stack("glob..func1@/build/store/one.go:1;main.main@/build/main.go:5", [1, 64, 1, 64])
        .stack("glob..func1@/build/store/two.go:9;main.main@/build/main.go:5", [1, 4096, 1, 4096]);
    for (metric, expected) in [("inuse_space", "two.go"), ("inuse_objects", "one.go")] {
        let report = diff_json(&[&profile], &["--sample-index", metric, "--by", "file"]);
        let rows = report["rows"].as_array().expect("rows");
        assert!(rows.iter().all(|row| row["file"] == row["name"]), "{rows:#?}");
        let report = diff_json(&[&profile], &["--sample-index", metric]);
        let row = &report["rows"][0];
        assert!(row["file"].as_str().is_some_and(|file| file.ends_with(expected)), "{metric}: {row}");
        assert_eq!(row["line"], if expected == "two.go" { 9 } else { 1 }, "{metric}");
    }
}

/// Two stacks of equal growth and equal names under comparison: the one shown does not depend on their order.
#[test]
fn equally_heavy_stacks_are_told_apart() {
    let build = |first: usize| {
        let closures = ["0x2010 api.Handle.func1@/build/api/a.go:30", "0x2020 api.Handle.func2@/build/api/a.go:44"];
        [first, 1 - first].iter().fold(Profile::new(), |profile, closure| {
            profile.stack(&format!("0x1000 store.Put@/build/store/put.go:1;{}", closures[*closure]), [1, 64, 1, 64])
        })
    };
    for by in ["function", "line", "file", "package", "stack", "address"] {
        let report = |profile: &Profile| diff(&[profile], &["--by", by, "--format", "json"]).done();
        assert_eq!(report(&build(0)), report(&build(1)), "by {by}");
    }
}

/// A sample as two whose values add up, sign by sign.
fn halves(sample: &Sample, seed: u64) -> [Sample; 2] {
    let part = |value: &i64| (i128::from(*value) * i128::from(seed % 5) / 4) as i64;
    let first = Sample { values: sample.values.iter().map(part).collect(), ..sample.clone() };
    let rest = sample.values.iter().zip(&first.values).map(|(value, part)| value - part).collect();
    [Sample { values: rest, ..sample.clone() }, first]
}

/// Without what counts samples: their number, and the check that values are whole numbers of samples, which parts of
/// samples are not.
fn without_sample_counts(mut report: Value) -> Value {
    for input in report["inputs"].as_array_mut().expect("inputs is an array") {
        input["samples"] = Value::Null;
    }
    report["warnings"].as_array_mut().expect("warnings is an array").retain(|warning| warning["code"] != "raw-counts");
    report
}

/// A gzip stream whose header has every optional field.
fn with_header_fields(raw: &[u8]) -> Vec<u8> {
    let builder = flate2::GzBuilder::new().filename("heap.pb").comment("heap").extra(&b"AB\x01\x00x"[..]).mtime(1);
    let mut encoder: GzEncoder<Vec<u8>> = builder.write(Vec::new(), Compression::best());
    encoder.write_all(raw).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

/// The same profile in another spelling: shuffled samples, labels, strings and tables (the first mapping stays the
/// first: it is the main binary), other ids, and the fields of the message in another order, piece by piece.
fn rewritten(profile: &Profile, seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let mut proto = profile.proto.clone();
    random.shuffle(&mut proto.sample);
    proto.sample.iter_mut().for_each(|sample| random.shuffle(&mut sample.label));
    random.shuffle(&mut proto.location);
    random.shuffle(&mut proto.function);
    shuffle_strings(&mut proto, &mut random);
    let (factor, shift) = (random.next() | 1, random.next());
    match seed % 3 {
        0 => renumber(&mut proto, |id| id),
        // An odd factor is a bijection; no id of ours becomes 0.
        1 => renumber(&mut proto, |id| id.wrapping_mul(factor)),
        _ => renumber(&mut proto, |id| if id == 0 { 0 } else { id + (shift >> 2) }),
    }
    pieces(&proto, &mut random)
}

/// The message as a concatenation of smaller ones, which means the same: samples first, then tables, interleaved.
fn pieces(proto: &wire::Profile, random: &mut Random) -> Vec<u8> {
    let empty = wire::Profile::default;
    let head = wire::Profile {
        sample: Vec::new(),
        location: Vec::new(),
        function: Vec::new(),
        string_table: Vec::new(),
        ..proto.clone()
    };
    let mut pieces = vec![head];
    pieces.extend(proto.sample.iter().map(|one| wire::Profile { sample: vec![one.clone()], ..empty() }));
    pieces.extend(proto.location.iter().map(|one| wire::Profile { location: vec![one.clone()], ..empty() }));
    pieces.extend(proto.function.iter().map(|one| wire::Profile { function: vec![*one], ..empty() }));
    random.shuffle(&mut pieces);
    // Strings keep their order, which is their number, and stand anywhere between.
    for (number, string) in proto.string_table.iter().enumerate().rev() {
        let before = if number == 0 { 0 } else { random.below(pieces.len() + 1) };
        let after_later_strings = pieces.iter().position(|piece| !piece.string_table.is_empty());
        let at = before.min(after_later_strings.unwrap_or(pieces.len()));
        pieces.insert(at, wire::Profile { string_table: vec![string.clone()], ..empty() });
    }
    pieces.iter().flat_map(Message::encode_to_vec).collect()
}

fn shuffle_strings(proto: &mut wire::Profile, random: &mut Random) {
    let mut order: Vec<usize> = (1..proto.string_table.len()).collect();
    random.shuffle(&mut order);
    order.insert(0, 0);
    let mut moved = vec![0; order.len()];
    for (to, from) in order.iter().enumerate() {
        moved[*from] = to as i64;
    }
    proto.string_table = order.iter().map(|from| proto.string_table[*from].clone()).collect();
    let relink = |index: &mut i64| *index = moved[*index as usize];
    for value_type in proto.sample_type.iter_mut().chain(&mut proto.period_type) {
        relink(&mut value_type.r#type);
        relink(&mut value_type.unit);
    }
    for label in proto.sample.iter_mut().flat_map(|sample| &mut sample.label) {
        [&mut label.key, &mut label.str, &mut label.num_unit].into_iter().for_each(relink);
    }
    for mapping in &mut proto.mapping {
        [&mut mapping.filename, &mut mapping.build_id].into_iter().for_each(relink);
    }
    for function in &mut proto.function {
        [&mut function.name, &mut function.system_name, &mut function.filename].into_iter().for_each(relink);
    }
    proto.comment.iter_mut().for_each(relink);
    [&mut proto.drop_frames, &mut proto.keep_frames, &mut proto.default_sample_type].into_iter().for_each(relink);
}

fn renumber(proto: &mut wire::Profile, id: impl Fn(u64) -> u64) {
    let change = |number: &mut u64| *number = id(*number);
    proto.sample.iter_mut().flat_map(|sample| &mut sample.location_id).for_each(change);
    proto.mapping.iter_mut().map(|mapping| &mut mapping.id).for_each(change);
    proto.function.iter_mut().map(|function| &mut function.id).for_each(change);
    for location in &mut proto.location {
        [&mut location.id, &mut location.mapping_id].into_iter().for_each(change);
        location.line.iter_mut().map(|line| &mut line.function_id).for_each(change);
    }
}

/// Numbers from a seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}
