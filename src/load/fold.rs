//! Checks a decoded profile and folds its small tables into the symbols of the run.
//!
//! In: a [`Decoded`] profile with the ids of its file. Out: a [`Folded`] one whose slots can be turned into the run's
//! location ids by array look-up, side by side with the other files.
//! Invariant: every reference inside the profile is checked here, so that no later room meets a dangling id.

use crate::model::hash::HashMap;
use crate::model::name::demangle;
use crate::model::{
    Function, FunctionId, Header, Label, LabelValue, LabelsId, Line, Location, LocationId, Mapping, MappingId, Metric,
    Snapshot, SnapshotBuilder, StringId, Symbols, Warning,
};

use super::decoded::{Decoded, MOST_SAMPLE_TYPES, Samples, Strings, concatenated};
use super::delta;
use super::error::Problem;
use super::proto;
use super::warning::{implausible_time, invalid_period, invalid_text, missing_mapping};

/// A checked profile: its samples still carry slots, and these say what the slots mean in the run.
pub(super) struct Folded {
    header: Header,
    metrics: Vec<Metric>,
    samples: Samples,
    locations: IdTable<LocationId>,
    labels: Vec<LabelsId>,
    /// What two columns are two moments of, where that is so.
    compared: Option<Metric>,
}

/// Checks `decoded` and adds its tables to `symbols`.
pub(super) fn fold(
    decoded: Decoded,
    label: &str,
    path: &str,
    symbols: &mut Symbols,
    warnings: &mut Vec<Warning>,
) -> Result<Folded, Problem> {
    let text = Text::new(&decoded.strings)?;
    let metrics = metrics(&decoded, text)?;
    let mut header = header(&decoded, text, label, path, warnings)?;
    if decoded.strings.has_invalid {
        warnings.push(invalid_text::warning(label));
    }
    let remarks = decoded.warnings.iter().map(|(code, message)| Warning::about(label, *code, message));
    warnings.extend(remarks);
    let mappings = fold_mappings(&decoded.mappings, text, symbols)?;
    let functions = fold_functions(&decoded.functions, text, symbols)?;
    header.functions = functions.values().collect();
    let mut missing_mappings = 0;
    let mut locations = IdTable::with_ids("location", decoded.locations.iter().map(|location| location.id))?;
    for location in &decoded.locations {
        let (mapping, start) = match mappings.get(location.mapping_id) {
            Some((mapping, start)) => (Some(mapping), start),
            None => {
                missing_mappings += usize::from(location.mapping_id != 0);
                (None, 0)
            }
        };
        let id = fold_location(location, mapping, start, &functions, symbols)?;
        locations.set(location.id, id);
    }
    if missing_mappings > 0 {
        warnings.push(missing_mapping::warning(label, missing_mappings));
    }
    let labels = (0..decoded.samples.label_sets.len())
        .map(|set| fold_labels(&decoded.samples.decode_labels(set)?, text, symbols))
        .collect::<Result<_, Problem>>()?;
    let compared = decoded.compared.map(|value_type| metric(&value_type, text, "sample type")).transpose()?;
    Ok(Folded { header, metrics, samples: decoded.samples, locations, labels, compared })
}

impl Folded {
    /// Turns slots into location ids. The one step of folding that is linear in the samples, and independent of the
    /// other files.
    #[expect(clippy::indexing_slicing, reason = "numbers that were handed out while decoding")]
    pub fn into_snapshots(self) -> Result<Vec<Snapshot>, Problem> {
        let Self { header, metrics, mut samples, locations, labels, compared } = self;
        let slots = std::mem::take(&mut samples.slots);
        let by_slot = locations.by_slot(&samples);
        let mut missing = None;
        let resolve = |(index, slot): (usize, u32)| {
            let location = by_slot.get(slot as usize).copied().unwrap_or_else(|| locations.id(&samples, slot));
            if location == MISSING && missing.is_none() {
                missing = Some((index, slot));
            }
            location
        };
        let resolved: Vec<LocationId> = slots.into_iter().enumerate().map(resolve).collect();
        if let Some((index, slot)) = missing {
            return Err(missing_location(&samples, index, slot));
        }
        let labels = samples.labels.iter().map(|set| labels[*set as usize]).collect();
        let Samples { stack_ends, mut values, .. } = samples;
        values.resize_with(metrics.len(), Vec::new);
        let header = Header { is_delta: delta::is_delta(header.duration_nanos, &metrics, &values), ..header };
        let Some(metric) = compared else {
            return Ok(vec![
                SnapshotBuilder::from_columns(stack_ends, resolved, labels, values).finish(header, metrics),
            ]);
        };
        let moment = |(column, metrics): (Vec<i64>, Metric)| {
            let header = Header {
                label: format!("{} ({})", header.label, metrics.name),
                is_part_of_comparison: true,
                ..header.clone()
            };
            let rows =
                SnapshotBuilder::from_columns(stack_ends.clone(), resolved.clone(), labels.clone(), vec![column]);
            rows.finish(header, vec![metric.clone()])
        };
        Ok(values.into_iter().zip(metrics).map(moment).collect())
    }
}

/// Stands for a location that is not defined.
const MISSING: LocationId = LocationId(u32::MAX);

impl IdTable<LocationId> {
    /// What the slots of narrow ids stand for, for look-up without a branch; empty where ids are sparse.
    fn by_slot(&self, samples: &Samples) -> Vec<LocationId> {
        match &self.ids {
            Ids::Dense(ids) if samples.wide_ids.is_empty() => ids.iter().map(|id| id.unwrap_or(MISSING)).collect(),
            _ => Vec::new(),
        }
    }

    fn id(&self, samples: &Samples, slot: u32) -> LocationId {
        self.get(samples.location_id(slot)).unwrap_or(MISSING)
    }
}

/// The error for the slot at `index`, which names a location that is not defined.
fn missing_location(samples: &Samples, index: usize, slot: u32) -> Problem {
    let sample = samples.stack_ends.partition_point(|end| *end as usize <= index);
    let cause = format!("location {} is not defined", samples.location_id(slot));
    Problem::Part { part: format!("sample {}", sample + 1), cause }
}

/// The string table with its rules checked.
#[derive(Clone, Copy)]
struct Text<'a>(&'a Strings);

impl<'a> Text<'a> {
    fn new(strings: &'a Strings) -> Result<Self, Problem> {
        match strings.get(0) {
            Some("") => Ok(Self(strings)),
            Some(_) => Err(Problem::Malformed("entry 0 of the string table is not empty".to_owned())),
            None => Err(Problem::Malformed("it has no string table".to_owned())),
        }
    }

    fn get(self, index: i64, what: impl FnOnce() -> String) -> Result<&'a str, Problem> {
        self.0.get(index).ok_or_else(|| Problem::Part {
            part: what(),
            cause: format!("string {index} is not defined (the table has {})", self.0.len()),
        })
    }
}

fn metric(value_type: &proto::ValueType, text: Text<'_>, what: &str) -> Result<Metric, Problem> {
    Ok(Metric {
        name: text.get(value_type.r#type, || what.to_owned())?.to_owned(),
        unit: text.get(value_type.unit, || what.to_owned())?.to_owned(),
    })
}

#[expect(clippy::indexing_slicing, reason = "numbers that were handed out while decoding")]
fn metrics(decoded: &Decoded, text: Text<'_>) -> Result<Vec<Metric>, Problem> {
    let count = decoded.sample_types.len();
    if count > MOST_SAMPLE_TYPES {
        let cause = format!("it declares {count} sample types, more than the limit of {MOST_SAMPLE_TYPES}");
        return Err(Problem::Malformed(cause));
    }
    let metrics: Vec<Metric> = decoded
        .sample_types
        .iter()
        .map(|value_type| metric(value_type, text, "sample type"))
        .collect::<Result<_, _>>()?;
    if metrics.is_empty() {
        return Err(Problem::Malformed("it declares no sample types".to_owned()));
    }
    let twice = metrics.iter().enumerate().any(|(index, metric)| {
        metrics[..index].iter().any(|earlier| earlier.name == metric.name && earlier.unit == metric.unit)
    });
    if twice {
        return Err(concatenated());
    }
    let columns = decoded.samples.values.len();
    if decoded.samples.len() > 0 && columns != metrics.len() {
        let cause = format!("it has {columns} values, but {} sample types are declared", metrics.len());
        return Err(Problem::Part { part: "sample 1".to_owned(), cause });
    }
    Ok(metrics)
}

fn header(
    decoded: &Decoded,
    text: Text<'_>,
    label: &str,
    path: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Header, Problem> {
    let string = |index: i64, what: &str| text.get(index, || what.to_owned()).map(str::to_owned);
    if decoded.period < 0 {
        warnings.push(invalid_period::warning(label, decoded.period));
    }
    if let Some(time) = decoded.time_nanos.filter(|time| *time != 0 && !implausible_time::is_plausible(*time)) {
        warnings.push(implausible_time::warning(label, time));
    }
    let mut header = Header {
        label: label.to_owned(),
        path: path.to_owned(),
        format: decoded.format,
        is_gzip: decoded.is_gzip,
        time_nanos: decoded.time_nanos.filter(|time| implausible_time::is_plausible(*time)),
        duration_nanos: decoded.duration_nanos,
        period: Some(decoded.period).filter(|period| *period > 0),
        default_metric: string(decoded.default_sample_type, "default sample type")?,
        drop_frames: string(decoded.drop_frames, "drop_frames")?,
        keep_frames: string(decoded.keep_frames, "keep_frames")?,
        baseline: decoded.baseline.clone(),
        comments: decoded.comments.iter().map(|index| string(*index, "comment")).collect::<Result<_, _>>()?,
        mem_stats: decoded.mem_stats,
        has_one_metric: decoded.has_one_metric,
        ..Header::default()
    };
    if let Some(period_type) = &decoded.period_type {
        header.period_type = Some(metric(period_type, text, "period type")?).filter(|metric| !metric.name.is_empty());
    }
    let is_memory = header.period_type.as_ref().is_some_and(|metric| metric.name == "space");
    header.profiling_is_off = decoded.is_off || (is_memory && decoded.period == 0 && decoded.samples.len() == 0);
    if let Some(main) = decoded.mappings.first() {
        header.build_id = string(main.build_id, "mapping 1")?;
        header.binary = string(main.filename, "mapping 1")?;
        header.memory_start = main.memory_start;
    }
    Ok(header)
}

fn fold_mappings(
    mappings: &[proto::Mapping],
    text: Text<'_>,
    symbols: &mut Symbols,
) -> Result<IdTable<(MappingId, u64)>, Problem> {
    const PAGE: u64 = 4096;
    let mut table = IdTable::with_ids("mapping", mappings.iter().map(|mapping| mapping.id))?;
    for mapping in mappings {
        let what = || format!("mapping {}", mapping.id);
        let file = symbols.intern_str(text.get(mapping.filename, what)?);
        let build_id = symbols.intern_str(text.get(mapping.build_id, what)?);
        let size = mapping.memory_limit.wrapping_sub(mapping.memory_start);
        let size = size.checked_next_multiple_of(PAGE).unwrap_or(size);
        let id = symbols.intern_mapping(Mapping { file, build_id, size, offset: mapping.file_offset });
        table.set(mapping.id, (id, mapping.memory_start));
    }
    Ok(table)
}

fn fold_functions(
    functions: &[proto::Function],
    text: Text<'_>,
    symbols: &mut Symbols,
) -> Result<IdTable<FunctionId>, Problem> {
    let mut table = IdTable::with_ids("function", functions.iter().map(|function| function.id))?;
    for function in functions {
        let what = || format!("function {}", function.id);
        let mut string = |index| Ok::<StringId, Problem>(symbols.intern_str(text.get(index, what)?));
        let (name, system_name) = (string(function.name)?, string(function.system_name)?);
        let file = string(function.filename)?;
        let spelled = if name == StringId::EMPTY { system_name } else { name };
        let name = demangle(symbols.str(spelled), false).map_or(spelled, |name| symbols.intern_str(&name));
        let folded = Function { name, spelled, system_name, file, start_line: function.start_line };
        table.set(function.id, symbols.intern_function(folded));
    }
    Ok(table)
}

fn fold_location(
    location: &proto::Location,
    mapping: Option<MappingId>,
    memory_start: u64,
    functions: &IdTable<FunctionId>,
    symbols: &mut Symbols,
) -> Result<LocationId, Problem> {
    let lines = location
        .line
        .iter()
        .map(|line| {
            let function = functions.get(line.function_id).ok_or_else(|| Problem::Part {
                part: format!("location {}", location.id),
                cause: format!("function {} is not defined", line.function_id),
            })?;
            Ok(Line { function: Some(function), line: line.line, column: line.column })
        })
        .collect::<Result<_, Problem>>()?;
    let address = location.address.wrapping_sub(memory_start);
    Ok(symbols.intern_location(Location { mapping, address, is_folded: location.is_folded, lines }))
}

fn fold_labels(labels: &[proto::Label], text: Text<'_>, symbols: &mut Symbols) -> Result<LabelsId, Problem> {
    let mut folded = Vec::with_capacity(labels.len());
    for label in labels {
        let what = || "label".to_owned();
        let key = symbols.intern_str(text.get(label.key, what)?);
        let value = match label {
            proto::Label { str: 0, num: 0, num_unit: 0, .. } => continue,
            proto::Label { str: 0, num, num_unit, .. } => {
                LabelValue::Number(*num, symbols.intern_str(text.get(*num_unit, what)?))
            }
            proto::Label { str, .. } => LabelValue::Text(symbols.intern_str(text.get(*str, what)?)),
        };
        folded.push(Label { key, value });
    }
    folded.sort_unstable_by(|a, b| label_order(a, b, symbols));
    Ok(symbols.intern_labels(&folded))
}

/// By key, then by value: the order in which a producer wrote them means nothing.
fn label_order(a: &Label, b: &Label, symbols: &Symbols) -> std::cmp::Ordering {
    let rank = |value: &LabelValue| match *value {
        LabelValue::Text(text) => (0, symbols.str(text), 0),
        LabelValue::Number(number, unit) => (1, symbols.str(unit), number),
    };
    symbols.str(a.key).cmp(symbols.str(b.key)).then_with(|| rank(&a.value).cmp(&rank(&b.value)))
}

/// A table from the ids of a file, which may be any numbers, to what they mean in the run.
struct IdTable<T> {
    ids: Ids<T>,
}

enum Ids<T> {
    /// Indexed by id: producers number from 1 without gaps.
    Dense(Vec<Option<T>>),
    /// For ids that are addresses or hashes.
    Sparse(HashMap<u64, Option<T>>),
}

impl<T: Copy> IdTable<T> {
    /// A table for exactly these ids, refusing the reserved id 0 and duplicates.
    fn with_ids(what: &str, ids: impl ExactSizeIterator<Item = u64> + Clone) -> Result<Self, Problem> {
        let largest = ids.clone().max().unwrap_or(0);
        let is_dense = largest <= 4 * ids.len() as u64 + 1024;
        let mut dense = vec![false; if is_dense { largest as usize + 1 } else { 0 }];
        let mut sparse = HashMap::default();
        for id in ids {
            if id == 0 {
                return Err(Problem::Malformed(format!("a {what} has the reserved id 0")));
            }
            let is_known = match dense.get_mut(id as usize) {
                Some(is_known) => std::mem::replace(is_known, true),
                None => sparse.insert(id, None).is_some(),
            };
            if is_known {
                return Err(Problem::Malformed(format!("{what} {id} is defined twice")));
            }
        }
        Ok(Self { ids: if is_dense { Ids::Dense(vec![None; dense.len()]) } else { Ids::Sparse(sparse) } })
    }

    /// What is set, in no order.
    fn values(&self) -> impl Iterator<Item = T> + '_ {
        let (dense, sparse) = match &self.ids {
            Ids::Dense(values) => (Some(values), None),
            Ids::Sparse(values) => (None, Some(values)),
        };
        dense.into_iter().flatten().chain(sparse.into_iter().flat_map(HashMap::values)).copied().flatten()
    }

    #[expect(clippy::indexing_slicing, reason = "numbers that were handed out while decoding")]
    fn set(&mut self, id: u64, value: T) {
        match &mut self.ids {
            Ids::Dense(values) => values[id as usize] = Some(value),
            Ids::Sparse(values) => drop(values.insert(id, Some(value))),
        }
    }

    fn get(&self, id: u64) -> Option<T> {
        match &self.ids {
            Ids::Dense(values) => values.get(usize::try_from(id).ok()?).copied().flatten(),
            Ids::Sparse(values) => values.get(&id).copied().flatten(),
        }
    }
}
