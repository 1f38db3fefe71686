//! Puts what was found into the symbols of the run.
//!
//! In: locations with the calls that stand there. Out: the same symbols and snapshots, named. Invariant: no stack and no
//! value changes; names are demangled as those of profiles are.

use crate::load::Loaded;
use crate::model::name::demangle;
use crate::model::{Function, FunctionId, Line, Location, Snapshot, Symbols};

use super::frames::{Call, Found};

/// Names locations.
pub(super) fn name(loaded: &mut Loaded, found: Found) {
    for (_, location, calls) in found.into_iter().filter(|(_, _, calls)| !calls.is_empty()) {
        let lines = calls.iter().map(|call| line(call, &mut loaded.symbols)).collect();
        let named = Location { lines, ..loaded.symbols.location(location).clone() };
        loaded.symbols.name_location(location, named);
    }
}

fn line(call: &Call, symbols: &mut Symbols) -> Line {
    let spelled = symbols.intern_str(&call.name);
    let name = demangle(&call.name, false).map_or(spelled, |name| symbols.intern_str(&name));
    let file = symbols.intern_str(&call.file);
    let function = Function { name, spelled, system_name: spelled, file, start_line: 0 };
    let function = symbols.intern_function(function);
    Line { function: Some(function), line: i64::from(call.line), column: i64::from(call.column) }
}

/// States for each snapshot the functions that it has now.
pub(super) fn tell_functions(loaded: &mut Loaded) {
    for snapshot in &mut loaded.snapshots {
        let functions = functions(snapshot, &loaded.symbols);
        if functions.len() > snapshot.header.functions.len() {
            snapshot.header.functions = functions.into();
        }
    }
}

/// The functions of a snapshot: those that its tables name, and those of its stacks.
fn functions(snapshot: &Snapshot, symbols: &Symbols) -> Vec<FunctionId> {
    let mut has_location = vec![false; symbols.location_count()];
    for row in 0..snapshot.len() {
        snapshot.stack(row).iter().for_each(|location| has_location[location.index()] = true);
    }
    let mut has_function = vec![false; symbols.function_count()];
    snapshot.header.functions.iter().for_each(|function| has_function[function.index()] = true);
    for (location, _) in symbols.locations().zip(has_location).filter(|(_, has)| *has) {
        location.lines.iter().filter_map(|line| line.function).for_each(|id| has_function[id.index()] = true);
    }
    let numbers = has_function.into_iter().enumerate().filter(|(_, has)| *has);
    numbers.map(|(index, _)| FunctionId(index as u32)).collect()
}
