//! The lines `# Name = value` at the end of Go's heap profile in text form.
//!
//! In: such a line. Out: one number set. Names that are not kept are passed over, so that new ones of a later Go are.

use crate::model::MemStats;

/// Sets what `line` says.
///
/// # Errors
/// A value that is no number.
pub(in crate::load) fn set(stats: &mut MemStats, line: &str) -> Result<(), String> {
    let Some((name, value)) = line.trim_start_matches('#').trim().split_once(" = ") else { return Ok(()) };
    let (value, of_system) = value.split_once(" / ").unwrap_or((value, ""));
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| format!("{text:?} is not a value of {name}"));
    let field = match name {
        "Stack" => return both(&mut stats.stack_inuse, &mut stats.stack_sys, number(value)?, number(of_system)?),
        "MSpan" => return both(&mut stats.mspan_inuse, &mut stats.mspan_sys, number(value)?, number(of_system)?),
        "MCache" => return both(&mut stats.mcache_inuse, &mut stats.mcache_sys, number(value)?, number(of_system)?),
        "Alloc" => &mut stats.alloc,
        "TotalAlloc" => &mut stats.total_alloc,
        "Sys" => &mut stats.sys,
        "Mallocs" => &mut stats.mallocs,
        "Frees" => &mut stats.frees,
        "HeapAlloc" => &mut stats.heap_alloc,
        "HeapSys" => &mut stats.heap_sys,
        "HeapIdle" => &mut stats.heap_idle,
        "HeapInuse" => &mut stats.heap_inuse,
        "HeapReleased" => &mut stats.heap_released,
        "HeapObjects" => &mut stats.heap_objects,
        "BuckHashSys" => &mut stats.buck_hash_sys,
        "GCSys" => &mut stats.gc_sys,
        "OtherSys" => &mut stats.other_sys,
        "NextGC" => &mut stats.next_gc,
        "LastGC" => &mut stats.last_gc,
        "NumGC" => &mut stats.num_gc,
        "NumForcedGC" => &mut stats.num_forced_gc,
        "MaxRSS" => stats.max_rss.insert(0),
        _ => return Ok(()),
    };
    *field = number(value)?;
    Ok(())
}

fn both(inuse: &mut u64, sys: &mut u64, used: u64, obtained: u64) -> Result<(), String> {
    (*inuse, *sys) = (used, obtained);
    Ok(())
}
