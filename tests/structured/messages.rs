//! Profiles changed in their structure: ids, references, strings, values, types, labels and the header.
//!
//! In: a profile in pprof's format. Out: the bytes of one that differs in one to four things.
//! Invariant: never more than a few hundred samples, so that a case takes no time.

use prost::Message;

use crate::random::Random;
use crate::repair::repair;
use crate::strings;
use crate::support::{gzip, wire};

/// Samples that are kept.
const MOST_SAMPLES: usize = 120;

/// Locations of a stack, and inlined calls of a location, however often they are repeated.
const MOST_FRAMES: usize = 300;
const MOST_LINES: usize = 20;

/// A change of a profile.
type Change = fn(&mut Random, &mut wire::Profile);

const CHANGES: &[Change] = &[
    dangling_ids,
    repeated_ids,
    texts,
    string_indices,
    lines_removed,
    lines_repeated,
    line_numbers,
    mappings,
    values,
    value_counts,
    sample_types,
    sample_type_order,
    labels,
    header,
    times,
    frame_patterns,
    samples,
    deep_stacks,
    addresses,
];

/// The profile in `bytes`, changed; what is no profile stays as it is.
pub fn change(random: &mut Random, bytes: Vec<u8>) -> Vec<u8> {
    let Ok(mut profile) = wire::Profile::decode(&bytes[..]) else { return bytes };
    if profile.sample.len() > MOST_SAMPLES {
        let every = profile.sample.len() / MOST_SAMPLES + 1;
        let from = random.below(every);
        profile.sample = profile.sample.into_iter().skip(from).step_by(every).collect();
    }
    for _ in 0..1 + random.below(4) {
        random.pick(CHANGES)(random, &mut profile);
    }
    if !random.one_in(8) {
        repair(&mut profile);
    }
    wrapped(random, profile.encode_to_vec())
}

/// The bytes as they are, or as something on the way left them.
fn wrapped(random: &mut Random, bytes: Vec<u8>) -> Vec<u8> {
    match random.below(40) {
        0 => gzip(&bytes),
        1 => bytes[..bytes.len() - random.below(bytes.len().min(64))].to_vec(),
        2 => [gzip(&bytes[..bytes.len() / 2]), gzip(&bytes[bytes.len() / 2..])].concat(),
        3 => [gzip(&bytes), vec![0; 3]].concat(),
        4 => [&b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"[..], &bytes].concat(),
        _ => bytes,
    }
}

/// An id that may be nobody's.
fn id(random: &mut Random) -> u64 {
    let near = random.below(400) as u64;
    random.pick(&[0, 1, near, near, u64::MAX, 1 << 32, 1 << 63])
}

fn dangling_ids(random: &mut Random, profile: &mut wire::Profile) {
    let new = id(random);
    match random.below(4) {
        0 => any(random, &mut profile.sample, |random, sample| {
            any(random, &mut sample.location_id, |_, location| *location = new);
        }),
        1 => any(random, &mut profile.location, |_, location| location.mapping_id = new),
        2 => any(random, &mut profile.location, |random, location| {
            any(random, &mut location.line, |_, line| line.function_id = new);
        }),
        _ => drop(profile.function.pop()),
    }
}

fn repeated_ids(random: &mut Random, profile: &mut wire::Profile) {
    let new = id(random);
    match random.below(3) {
        0 => any(random, &mut profile.location, |_, location| location.id = new),
        1 => any(random, &mut profile.function, |_, function| function.id = new),
        _ => any(random, &mut profile.mapping, |_, mapping| mapping.id = new),
    }
}

fn texts(random: &mut Random, profile: &mut wire::Profile) {
    for _ in 0..1 + random.below(12) {
        let text = strings::any(random);
        any(random, &mut profile.string_table, |_, string| string.clone_from(&text));
    }
}

fn string_indices(random: &mut Random, profile: &mut wire::Profile) {
    let index = if random.one_in(3) { random.extreme() } else { random.below(profile.string_table.len()) as i64 };
    match random.below(6) {
        0 => any(random, &mut profile.function, |_, function| function.name = index),
        1 => any(random, &mut profile.function, |_, function| function.filename = index),
        2 => any(random, &mut profile.function, |_, function| function.system_name = index),
        3 => any(random, &mut profile.mapping, |_, mapping| mapping.build_id = index),
        4 => any(random, &mut profile.sample_type, |_, kind| kind.unit = index),
        _ => drop(profile.string_table.pop()),
    }
}

fn lines_removed(random: &mut Random, profile: &mut wire::Profile) {
    if random.one_in(4) {
        profile.location.iter_mut().for_each(|location| location.line.clear());
    }
    any(random, &mut profile.location, |_, location| location.line.clear());
}

fn lines_repeated(random: &mut Random, profile: &mut wire::Profile) {
    let times = random.pick(&[2, 2, 3, 20]);
    any(random, &mut profile.location, |_, location| {
        location.line = location.line.repeat(times);
        location.line.truncate(MOST_LINES);
    });
}

fn line_numbers(random: &mut Random, profile: &mut wire::Profile) {
    let number = random.extreme();
    any(random, &mut profile.location, |random, location| {
        any(random, &mut location.line, |_, line| (line.line, line.column) = (number, number));
    });
    any(random, &mut profile.function, |_, function| function.start_line = number);
}

fn mappings(random: &mut Random, profile: &mut wire::Profile) {
    let text = random.below(profile.string_table.len()) as i64;
    match random.below(5) {
        0 => profile.mapping.clear(),
        1 => drop(profile.mapping.pop()),
        2 => any(random, &mut profile.mapping, |_, mapping| {
            (mapping.memory_start, mapping.memory_limit) = (u64::MAX, 1);
        }),
        3 => profile.mapping.reverse(),
        _ => any(random, &mut profile.mapping, |_, mapping| (mapping.filename, mapping.build_id) = (text, text)),
    }
}

fn values(random: &mut Random, profile: &mut wire::Profile) {
    let value = random.extreme();
    match random.below(4) {
        0 => profile.sample.iter_mut().flat_map(|sample| &mut sample.value).for_each(|value| *value = 0),
        1 => {
            let each = profile.sample.iter_mut().flat_map(|sample| &mut sample.value);
            each.for_each(|value| *value = value.wrapping_neg());
        }
        _ => any(random, &mut profile.sample, |random, sample| {
            any(random, &mut sample.value, |_, old| *old = value);
        }),
    }
}

fn value_counts(random: &mut Random, profile: &mut wire::Profile) {
    any(random, &mut profile.sample, |random, sample| {
        if random.one_in(2) {
            sample.value.push(1);
        } else {
            sample.value.pop();
        }
    });
}

fn sample_types(random: &mut Random, profile: &mut wire::Profile) {
    let text = text(random, profile);
    match random.below(5) {
        0 => any(random, &mut profile.sample_type, |_, kind| kind.r#type = text),
        1 => any(random, &mut profile.sample_type, |_, kind| kind.unit = text),
        2 => profile.sample_type.clear(),
        3 => {
            profile.sample_type.pop();
            profile.sample.iter_mut().for_each(|sample| sample.value.truncate(sample.value.len().saturating_sub(1)));
        }
        _ => {
            profile.sample_type.push(wire::ValueType { r#type: text, unit: text });
            let value = random.extreme();
            profile.sample.iter_mut().for_each(|sample| sample.value.push(value / 1_000));
        }
    }
}

fn sample_type_order(random: &mut Random, profile: &mut wire::Profile) {
    let by = random.below(profile.sample_type.len().max(1));
    profile.sample_type.rotate_left(by);
    if random.one_in(2) {
        profile
            .sample
            .iter_mut()
            .filter(|sample| by < sample.value.len())
            .for_each(|sample| sample.value.rotate_left(by));
    }
}

fn labels(random: &mut Random, profile: &mut wire::Profile) {
    let (key, str, unit, num) = (text(random, profile), text(random, profile), text(random, profile), random.extreme());
    let label = random.pick(&[
        wire::Label { key, str, num: 0, num_unit: 0 },
        wire::Label { key, str: 0, num, num_unit: unit },
        wire::Label { key, str, num, num_unit: unit },
        wire::Label::default(),
    ]);
    let times = random.pick(&[1, 1, 2, 200]);
    if random.one_in(4) {
        profile.sample.iter_mut().for_each(|sample| sample.label.clear());
    }
    if random.one_in(3) {
        profile.sample.iter_mut().flat_map(|sample| &mut sample.label).for_each(|label| label.num = num);
    }
    any(random, &mut profile.sample, |_, sample| sample.label.extend(std::iter::repeat_n(label, times)));
}

fn header(random: &mut Random, profile: &mut wire::Profile) {
    let text = text(random, profile);
    match random.below(6) {
        0 => profile.period = random.extreme(),
        1 => profile.period_type = None,
        2 => profile.period_type = Some(wire::ValueType { r#type: text, unit: text }),
        3 => profile.default_sample_type = text,
        4 => profile.comment = vec![text; 1 + random.below(5)],
        _ => profile.doc_url = text,
    }
}

fn times(random: &mut Random, profile: &mut wire::Profile) {
    match random.below(4) {
        0 => profile.time_nanos = random.extreme(),
        1 => profile.time_nanos = profile.time_nanos.wrapping_add(random.extreme()),
        2 => profile.duration_nanos = random.extreme(),
        _ => (profile.time_nanos, profile.duration_nanos) = (0, 0),
    }
}

fn frame_patterns(random: &mut Random, profile: &mut wire::Profile) {
    let patterns = [".*", "runtime\\..*", "(", "[", "(?i)MAIN", "a{1000}{1000}", "", "\\"];
    profile.string_table.push((random.pick(&patterns)).to_owned());
    let index = profile.string_table.len() as i64 - 1;
    profile.drop_frames = index;
    if random.one_in(2) {
        profile.keep_frames = index;
    }
}

fn samples(random: &mut Random, profile: &mut wire::Profile) {
    match random.below(6) {
        0 => profile.sample.clear(),
        1 => profile.sample.truncate(1),
        2 => profile.sample.reverse(),
        3 => profile.sample.extend_from_within(..profile.sample.len() / 2),
        4 => profile.sample.push(wire::Sample::default()),
        _ => any(random, &mut profile.sample, |_, sample| sample.location_id.clear()),
    }
}

fn deep_stacks(random: &mut Random, profile: &mut wire::Profile) {
    let times = random.pick(&[2, 10, 30]);
    any(random, &mut profile.sample, |_, sample| {
        sample.location_id = sample.location_id.repeat(times);
        sample.location_id.truncate(MOST_FRAMES);
    });
}

fn addresses(random: &mut Random, profile: &mut wire::Profile) {
    let address = random.extreme() as u64;
    if random.one_in(3) {
        profile.location.iter_mut().for_each(|location| location.address = address);
    }
    any(random, &mut profile.location, |_, location| location.address = address);
    profile.location.iter_mut().take(3).for_each(|location| location.is_folded = true);
}

/// The index of a string that is new.
fn text(random: &mut Random, profile: &mut wire::Profile) -> i64 {
    profile.string_table.push(strings::any(random));
    profile.string_table.len() as i64 - 1
}

/// Changes one of these, or up to eight, if there are any.
fn any<T>(random: &mut Random, of: &mut [T], change: impl Fn(&mut Random, &mut T)) {
    for _ in 0..random.pick(&[1, 1, 2, 8]) {
        let at = random.below(of.len());
        if let Some(one) = of.get_mut(at) {
            change(random, one);
        }
    }
}
