//! Valid protobuf that breaks a rule of the format: each case is one edit of a good profile.

use crate::refused;
use crate::small;
use crate::support::wire;

/// The small profile with one edit.
fn edited(edit: impl FnOnce(&mut wire::Profile)) -> Vec<u8> {
    small().edit(edit).encode()
}

#[test]
fn string_tables() {
    let first_not_empty = "entry 0 of the string table is not empty";
    refused("entry 0", &edited(|proto| proto.string_table[0] = "x".into()), &[first_not_empty]);
    refused("none", &edited(|proto| proto.string_table.clear()), &["no string table"]);
}

#[test]
fn string_references() {
    type Edit = fn(&mut wire::Profile, i64);
    let references: [(&str, Edit); 14] = [
        ("sample type", |proto, index| proto.sample_type[1].r#type = index),
        ("sample type", |proto, index| proto.sample_type[1].unit = index),
        ("period type", |proto, index| proto.period_type.get_or_insert_default().r#type = index),
        ("period type", |proto, index| proto.period_type.get_or_insert_default().unit = index),
        ("mapping 1", |proto, index| proto.mapping[0].filename = index),
        ("mapping 1", |proto, index| proto.mapping[0].build_id = index),
        ("function 2", |proto, index| proto.function[1].name = index),
        ("function 2", |proto, index| proto.function[1].system_name = index),
        ("function 2", |proto, index| proto.function[1].filename = index),
        ("label", |proto, index| proto.sample[1].label[1].key = index),
        ("label", |proto, index| proto.sample[1].label[1].str = index),
        ("label", |proto, index| proto.sample[1].label[0].num_unit = index),
        ("comment", |proto, index| proto.comment.push(index)),
        ("default sample type", |proto, index| proto.default_sample_type = index),
    ];
    for index in [1000, -1, i64::MAX, i64::MIN] {
        for (part, edit) in references {
            let bytes = edited(|proto| edit(proto, index));
            refused(part, &bytes, &[part, &format!("string {index} is not defined")]);
        }
        for part in ["drop_frames", "keep_frames"] {
            let bytes = edited(|proto| match part {
                "drop_frames" => proto.drop_frames = index,
                _ => proto.keep_frames = index,
            });
            refused(part, &bytes, &[part, "is not defined"]);
        }
    }
}

#[test]
fn location_references() {
    let missing = |id: u64| edited(move |proto| proto.sample[1].location_id[0] = id);
    refused("location 0", &missing(0), &["sample 2", "location 0 is not defined"]);
    for id in [77, 1 << 31, 1 << 32, u64::MAX] {
        refused("a missing location", &missing(id), &["sample 2", &format!("location {id} is not defined")]);
    }
    refused("no locations", &edited(|proto| proto.location.clear()), &["sample 1", "location 1 is not defined"]);
}

#[test]
fn function_references() {
    for id in [0, 77, u64::MAX] {
        let bytes = edited(|proto| proto.location[0].line[1].function_id = id);
        refused("a missing function", &bytes, &["location 1", &format!("function {id} is not defined")]);
    }
    refused("no functions", &edited(|proto| proto.function.clear()), &["function 1 is not defined"]);
}

#[test]
fn reserved_and_repeated_ids() {
    refused("mapping 0", &edited(|proto| proto.mapping[0].id = 0), &["a mapping has the reserved id 0"]);
    refused("location 0", &edited(|proto| proto.location[1].id = 0), &["a location has the reserved id 0"]);
    refused("function 0", &edited(|proto| proto.function[1].id = 0), &["a function has the reserved id 0"]);
    let twice = |proto: &mut wire::Profile| proto.mapping.push(proto.mapping[0]);
    refused("mapping twice", &edited(twice), &["mapping 1 is defined twice"]);
    refused("location twice", &edited(|proto| proto.location[1].id = 1), &["location 1 is defined twice"]);
    refused("function twice", &edited(|proto| proto.function[1].id = 1), &["function 1 is defined twice"]);
    let huge = |proto: &mut wire::Profile| proto.location.iter_mut().for_each(|location| location.id = u64::MAX);
    refused("a huge id twice", &edited(huge), &[&format!("location {} is defined twice", u64::MAX)]);
}

#[test]
fn values_and_sample_types() {
    let with_values =
        |sample: usize, values: &'static [i64]| edited(move |proto| proto.sample[sample].value = values.to_vec());
    refused("none in the first", &with_values(0, &[]), &["sample 1", "0 values"]);
    refused("none in the second", &with_values(1, &[]), &["sample 2", "0 values, where 4 are expected"]);
    refused("too few", &with_values(1, &[1, 2, 3]), &["sample 2", "3 values, where 4 are expected"]);
    refused("too many", &with_values(1, &[1, 2, 3, 4, 5]), &["sample 2", "5 values, where 4 are expected"]);
    let all_of_one = edited(|proto| proto.sample.iter_mut().for_each(|sample| sample.value.truncate(1)));
    refused("one for four types", &all_of_one, &["sample 1", "1 values, but 4 sample types are declared"]);
    refused("no types", &edited(|proto| proto.sample_type.clear()), &["no sample types"]);
    let nothing = edited(|proto| {
        proto.sample_type.clear();
        proto.sample.clear();
    });
    refused("no types and no samples", &nothing, &["no sample types"]);
}
