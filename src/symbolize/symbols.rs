//! Names from a symbol table: where debug information says nothing, and where it keeps names short.
//!
//! In: addresses in ascending order. Out: the function in which each lies, with its crate or namespace. Invariant: one pass
//! over the symbols, of which none is kept; an address outside of every function has no name.

use object::{Object, ObjectSymbol, SymbolKind};

use crate::model::name::demangle;

use super::binary::Binary;
use super::frames::{Call, Found};

/// Names the addresses that have no calls yet, and in full the outermost call of those that have.
pub(super) fn name(binary: &Binary, found: &mut Found) {
    if found.iter().all(|(_, _, calls)| !is_short(calls)) {
        return;
    }
    let Ok(object) = object::File::parse(&binary.content) else { return };
    // A stripped binary has but the symbols that it offers to others.
    let has_symbols = object.symbols().next().is_some();
    match has_symbols {
        true => from_table(object.symbols(), binary.is_mach, found),
        false => from_table(object.dynamic_symbols(), binary.is_mach, found),
    }
}

/// Whether the outermost call has no name, or one that may lack its crate or namespace.
fn is_short(calls: &[Call]) -> bool {
    calls.last().is_none_or(|call| demangle(&call.name, false).is_none())
}

fn from_table<'data>(symbols: impl Iterator<Item = impl ObjectSymbol<'data>>, is_mach: bool, found: &mut Found) {
    // Of each address the nearest symbol so far: where it begins and its name.
    let mut nearest: Vec<Option<(u64, &str)>> = vec![None; found.len()];
    for symbol in symbols {
        let is_function = matches!(symbol.kind(), SymbolKind::Text) && symbol.is_definition();
        // Symbols of macOS have no size: they reach to the next one.
        let size = if is_mach { u64::MAX } else { symbol.size() };
        let Some(name) = symbol.name().ok().filter(|name| is_function && size > 0 && !name.is_empty()) else {
            continue;
        };
        let start = symbol.address();
        let end = start.saturating_add(size);
        let from = found.partition_point(|(address, ..)| *address < start);
        let inside = found.iter().zip(&mut nearest).skip(from).take_while(|((address, ..), _)| *address < end);
        for (_, nearest) in inside.filter(|(_, nearest)| nearest.is_none_or(|(before, _)| before < start)) {
            *nearest = Some((start, name));
        }
    }
    for ((_, _, calls), nearest) in found.iter_mut().zip(nearest) {
        match (calls.last_mut(), nearest) {
            (None, Some((_, name))) => calls.push(Call { name: name.to_owned(), ..Call::default() }),
            (Some(call), Some((_, name))) if is_longer(name, &call.name) => call.name = name.to_owned(),
            _ => {}
        }
    }
}

/// Whether a symbol is the name of debug information with its crate or namespace.
fn is_longer(symbol: &str, name: &str) -> bool {
    demangle(name, false).is_none() && demangle(symbol, false).is_some_and(|full| full.contains(name))
}
