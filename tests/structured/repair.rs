//! A changed profile that is valid again: what was changed stays odd, and nothing refers to what is not there.
//!
//! In: a profile. Out: the same with references, counts and sums that every reader takes.

use std::collections::HashSet;

use crate::support::wire;

/// So large that a sum of all values fits.
const LARGEST_VALUE: i64 = 1 << 40;

/// Makes a profile valid.
pub fn repair(profile: &mut wire::Profile) {
    if profile.sample_type.is_empty() {
        profile.sample_type.push(wire::ValueType::default());
    }
    strings(profile);
    let mut seen = HashSet::new();
    profile.mapping.retain(|mapping| mapping.id > 0 && seen.insert(mapping.id));
    let mappings = std::mem::take(&mut seen);
    profile.function.retain(|function| function.id > 0 && seen.insert(function.id));
    let functions = std::mem::take(&mut seen);
    profile.location.retain(|location| location.id > 0 && seen.insert(location.id));
    for location in &mut profile.location {
        location.line.retain(|line| functions.contains(&line.function_id));
        if !mappings.contains(&location.mapping_id) {
            location.mapping_id = 0;
        }
    }
    for sample in &mut profile.sample {
        sample.location_id.retain(|id| seen.contains(id));
        sample.value.resize(profile.sample_type.len(), 0);
        sample.value.iter_mut().for_each(|value| *value = (*value).clamp(-LARGEST_VALUE, LARGEST_VALUE));
    }
}

/// Every index of a string is one.
fn strings(profile: &mut wire::Profile) {
    if profile.string_table.is_empty() {
        profile.string_table.push(String::new());
    }
    profile.string_table[0].clear();
    let count = profile.string_table.len() as i64;
    let fit = |index: &mut i64| *index = index.rem_euclid(count);
    for kind in profile.sample_type.iter_mut().chain(&mut profile.period_type) {
        [&mut kind.r#type, &mut kind.unit].into_iter().for_each(fit);
    }
    for function in &mut profile.function {
        [&mut function.name, &mut function.system_name, &mut function.filename].into_iter().for_each(fit);
    }
    for mapping in &mut profile.mapping {
        [&mut mapping.filename, &mut mapping.build_id].into_iter().for_each(fit);
    }
    for label in profile.sample.iter_mut().flat_map(|sample| &mut sample.label) {
        [&mut label.key, &mut label.str, &mut label.num_unit].into_iter().for_each(fit);
    }
    profile.comment.iter_mut().for_each(fit);
    let header = [&mut profile.drop_frames, &mut profile.keep_frames, &mut profile.default_sample_type];
    header.into_iter().chain([&mut profile.doc_url]).for_each(fit);
}
