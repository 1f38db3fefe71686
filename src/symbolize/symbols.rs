//! Names from a symbol table, where debug information says nothing.
//!
//! In: addresses in ascending order. Out: the function in which each lies. Invariant: one pass over the symbols, of which
//! none is kept; an address outside of every function has no name.

use object::{Object, ObjectSymbol, SymbolKind};

use super::binary::Binary;
use super::frames::{Call, Found};

/// Names the addresses that have no calls yet.
pub(super) fn name(binary: &Binary, found: &mut Found) {
    if found.iter().all(|(_, _, calls)| !calls.is_empty()) {
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

fn from_table<'data>(symbols: impl Iterator<Item = impl ObjectSymbol<'data>>, is_mach: bool, found: &mut Found) {
    // Of each address the nearest symbol so far: its start.
    let mut nearest: Vec<Option<u64>> = vec![None; found.len()];
    for symbol in symbols {
        let is_function = matches!(symbol.kind(), SymbolKind::Text) && symbol.is_definition();
        // Symbols of macOS have no size: they reach to the next one.
        let has_extent = is_mach || symbol.size() > 0;
        if !is_function || !has_extent {
            continue;
        }
        let (start, size) = (symbol.address(), if is_mach { u64::MAX } else { symbol.size() });
        let end = start.saturating_add(size);
        let from = found.partition_point(|(address, ..)| *address < start);
        let inside = found.iter_mut().zip(&mut nearest).skip(from).take_while(|((address, ..), _)| *address < end);
        for ((_, _, calls), nearest) in inside {
            let is_nearer = nearest.is_some_and(|nearest| nearest < start);
            if (calls.is_empty() && nearest.is_none()) || is_nearer {
                let name = symbol.name().unwrap_or_default();
                *calls = vec![Call { name: name.to_owned(), ..Call::default() }];
                *nearest = Some(start);
            }
        }
    }
    found.iter_mut().for_each(|(_, _, calls)| calls.retain(|call| !call.name.is_empty()));
}
