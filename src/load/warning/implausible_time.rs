//! The profile has an impossible time
//!
//! ## What was seen
//!
//! A profile states a time before the year 2000.
//!
//! ## Why it matters
//!
//! The time of a profile is in nanoseconds since 1970. Some programs write milliseconds or seconds: two profiles ten
//! minutes apart then seem less than a millisecond apart, in January 1970. A growth rate computed from that would be
//! wrong by a factor of a million.
//!
//! ## What to do
//!
//! Nothing, if you do not need the rate: what grew, and by how much, does not depend on the time. Give the profiles
//! oldest first; their order cannot be checked. If your own program writes the profile, write nanoseconds.
//!
//! ## How it is decided
//!
//! `time_nanos` is not 0 and less than 946,684,800,000,000,000 (2000-01-01 00:00:00 UTC). It is treated as missing. A
//! time of 0 means that there is none, and causes no warning.
//!
//! ## Example
//!
//! ```text
//! warning[implausible-time]: heap1.pb.gz: its time is before the year 2000 (1717315200000 ns after 1970; that would be milliseconds of 2024-06-02 08:00:00 UTC): it is not used, and no rate is computed
//! ```

use crate::model::{Code, Page, Warning};
use crate::units::format_time;

const CODE: Code = Code::ImplausibleTime;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("implausible_time.rs"));

/// 2000-01-01 00:00:00 UTC. No profiler of today is older.
const EARLIEST: i64 = 946_684_800_000_000_000;
/// What the number may have been meant in, with how many nanoseconds one is.
const UNITS: &[(&str, i64)] = &[("seconds", 1_000_000_000), ("milliseconds", 1_000_000), ("microseconds", 1_000)];

/// Whether a profile can have been taken then.
pub fn is_plausible(time_nanos: i64) -> bool {
    time_nanos >= EARLIEST
}

/// The profile called `label` states a time that cannot be.
pub fn warning(label: &str, time_nanos: i64) -> Warning {
    let meant = UNITS.iter().find_map(|(unit, nanos)| {
        let time = time_nanos.checked_mul(*nanos).filter(|time| is_plausible(*time))?;
        Some(format!("; that would be {unit} of {}", format_time(time)?))
    });
    let message = format!(
        "its time is before the year 2000 ({time_nanos} ns after 1970{}): it is not used, and no rate is computed",
        meant.unwrap_or_default()
    );
    Warning::about(label, CODE, message)
}
