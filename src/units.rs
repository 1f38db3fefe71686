//! One table of units, shared by everything that parses, converts or prints a quantity.
//!
//! In: a number and a unit name, or text such as `64MiB`. Out: a number in another unit, or short text for people.
//! Invariant: within a family, `value * factor` is the value in the family's base unit (the first entry).
//! Knows nothing of profiles: metrics bring their unit as text.

use std::time::Duration;

/// One unit: the name it is printed with, the lower-case spellings it is read from, and its size in base units.
struct Unit {
    name: &'static str,
    aliases: &'static [&'static str],
    factor: f64,
}

const fn unit(name: &'static str, aliases: &'static [&'static str], factor: f64) -> Unit {
    Unit { name, aliases, factor }
}

const KIB: f64 = 1024.0;

/// Bytes print in powers of 1024 with the IEC names; pprof's `kB`, `MB` mean the same powers and are read as such.
static BYTES: &[Unit] = &[
    unit("B", &["b", "byte"], 1.0),
    unit("KiB", &["kib", "kb", "kbyte", "kilobyte", "kibibyte", "k"], KIB),
    unit("MiB", &["mib", "mb", "mbyte", "megabyte", "mebibyte", "m"], KIB * KIB),
    unit("GiB", &["gib", "gb", "gbyte", "gigabyte", "gibibyte", "g"], KIB * KIB * KIB),
    unit("TiB", &["tib", "tb", "tbyte", "terabyte", "tebibyte", "t"], KIB * KIB * KIB * KIB),
    unit("PiB", &["pib", "pb", "pbyte", "petabyte", "pebibyte", "p"], KIB * KIB * KIB * KIB * KIB),
];

static TIME: &[Unit] = &[
    unit("ns", &["ns", "nanosecond"], 1.0),
    unit("µs", &["µs", "μs", "us", "microsecond"], 1e3),
    unit("ms", &["ms", "millisecond"], 1e6),
    unit("s", &["s", "sec", "second"], 1e9),
    unit("min", &["min", "minute"], 60e9),
    unit("h", &["h", "hr", "hour"], 3600e9),
];

/// Families are told apart by where they stand: a static stands in one place, a constant may not.
static FAMILIES: &[&[Unit]] = &[BYTES, TIME];

fn find(name: &str) -> Option<(&'static [Unit], &'static Unit)> {
    let lower = name.to_lowercase();
    let singular = if lower.len() > 2 { lower.strip_suffix('s').unwrap_or(&lower) } else { &lower };
    FAMILIES
        .iter()
        .find_map(|family| family.iter().find(|unit| unit.aliases.contains(&singular)).map(|unit| (*family, unit)))
}

/// How many `to` one `from` is, when both name the same unit or units of one family (bytes, time).
///
/// ```
/// assert_eq!(leakdiff::units::factor("kilobytes", "bytes"), Some(1024.0));
/// assert_eq!(leakdiff::units::factor("count", "counts"), Some(1.0));
/// assert_eq!(leakdiff::units::factor("bytes", "seconds"), None);
/// ```
pub fn factor(from: &str, to: &str) -> Option<f64> {
    let plain = |name: &str| name.strip_suffix('s').unwrap_or(name).to_owned();
    if plain(from) == plain(to) {
        return Some(1.0);
    }
    let ((from_family, from), (to_family, to)) = (find(from)?, find(to)?);
    std::ptr::eq(from_family, to_family).then(|| from.factor / to.factor)
}

/// Whether `name` is a unit of the family of bytes.
pub fn is_bytes(name: &str) -> bool {
    find(name).is_some_and(|(family, _)| std::ptr::eq(family, BYTES))
}

/// Whether `name` is a unit of the family of time.
pub fn is_time(name: &str) -> bool {
    find(name).is_some_and(|(family, _)| std::ptr::eq(family, TIME))
}

/// Reads a size such as `64MiB`, `64mb`, `1.5 GiB` or `1024` (bytes). Negative sizes are refused.
///
/// ```
/// assert_eq!(leakdiff::units::parse_bytes("64MiB"), Some(64 << 20));
/// assert_eq!(leakdiff::units::parse_bytes("1.5kB"), Some(1536));
/// assert_eq!(leakdiff::units::parse_bytes("ten"), None);
/// ```
pub fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, name) = text.split_at(split);
    let number: f64 = number.parse().ok()?;
    let factor = match name.trim() {
        "" => 1.0,
        name => find(name).filter(|(family, _)| std::ptr::eq(*family, BYTES))?.1.factor,
    };
    let bytes = number * factor;
    (bytes < u64::MAX as f64).then_some(bytes as u64)
}

/// How values of one unit are printed: in a fixed unit, or in whichever reads best.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scale {
    /// The largest unit of the family in which the value is at least one.
    #[default]
    Auto,
    /// Always this unit.
    Fixed(&'static str),
}

/// The scale that a user's `--unit` asks for: `auto`/`minimum`, or the name of a unit.
/// `None` when no family has that unit.
pub fn parse_scale(name: &str) -> Option<Scale> {
    match name {
        "auto" | "minimum" => Some(Scale::Auto),
        name => find(name).map(|(_, unit)| Scale::Fixed(unit.name)),
    }
}

/// Whether values of `unit` can be printed at `scale`. Counts have one scale only, and are printed as they are.
///
/// ```
/// use leakdiff::units::{fits, parse_scale};
/// let milliseconds = parse_scale("ms").expect("a unit");
/// assert!(!fits(milliseconds, "bytes"));
/// assert!(fits(milliseconds, "nanoseconds"));
/// assert!(fits(milliseconds, "count"));
/// ```
pub fn fits(scale: Scale, unit: &str) -> bool {
    match (scale, find(unit)) {
        (Scale::Fixed(name), Some((family, _))) => family.iter().any(|unit| unit.name == name),
        (Scale::Auto, _) | (_, None) => true,
    }
}

/// `value` as short text: bytes and times scaled, counts with thousands separators.
///
/// ```
/// use leakdiff::units::{Scale, format};
/// assert_eq!(format(12_687_769, "bytes", Scale::Auto), "12.1 MiB");
/// assert_eq!(format(-1536, "bytes", Scale::Auto), "-1.5 KiB");
/// assert_eq!(format(1234567, "count", Scale::Auto), "1,234,567");
/// assert_eq!(format(-27_275_802, "bytes", Scale::Fixed("KiB")), "-26,636.53 KiB");
/// ```
pub fn format(value: i64, unit: &str, scale: Scale) -> String {
    match parts(value, unit, scale) {
        (number, "") => number,
        (number, unit) => format!("{number} {unit}"),
    }
}

/// The number and the unit of [`format()`]; counts have none.
pub fn parts(value: i64, unit: &str, scale: Scale) -> (String, &'static str) {
    let Some((family, from)) = find(unit) else { return (thousands(value), "") };
    let base = value as f64 * from.factor;
    let fixed = match scale {
        Scale::Fixed(name) => family.iter().find(|unit| unit.name == name),
        Scale::Auto => None,
    };
    let to = fixed.unwrap_or_else(|| fitting(family, base.abs()));
    if to.factor == from.factor {
        return (thousands(value), to.name);
    }
    let scaled = base / to.factor;
    (if fixed.is_some() { decimal(scaled, 2) } else { format!("{scaled:.1}") }, to.name)
}

/// The units that [`format()`] chooses from for values in `unit`, smallest first, each with how many of `unit` it is; none
/// for counts.
///
/// ```
/// use leakdiff::units::{Scale, steps};
/// assert_eq!(steps("bytes", Scale::Auto)[..2], [("B", 1.0), ("KiB", 1024.0)]);
/// assert_eq!(steps("bytes", Scale::Fixed("MiB")), [("MiB", 1048576.0)]);
/// assert!(steps("count", Scale::Auto).is_empty());
/// ```
pub fn steps(unit: &str, scale: Scale) -> Vec<(&'static str, f64)> {
    let Some((family, from)) = find(unit) else { return Vec::new() };
    let fixed = family.iter().find(|unit| scale == Scale::Fixed(unit.name));
    let units = fixed.map_or(family, std::slice::from_ref);
    units.iter().map(|unit| (unit.name, unit.factor / from.factor)).collect()
}

/// As [`format()`], with a plus sign before growth.
///
/// ```
/// use leakdiff::units::{Scale, format_signed};
/// assert_eq!(format_signed(2048, "bytes", Scale::Auto), "+2.0 KiB");
/// assert_eq!(format_signed(0, "bytes", Scale::Auto), "0 B");
/// ```
pub fn format_signed(value: i64, unit: &str, scale: Scale) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", format(value, unit, scale))
}

/// Two values as a range, in the one unit that suits the larger, with signs where the lower one is negative.
///
/// ```
/// use leakdiff::units::{Scale, format_range};
/// assert_eq!(format_range(8_912_896, 20_027_801, "bytes", Scale::Auto), "8.5…19.1 MiB");
/// assert_eq!(format_range(-262_144, 5_452_595, "bytes", Scale::Auto), "-0.2…+5.2 MiB");
/// assert_eq!(format_range(3, 12, "count", Scale::Auto), "3…12");
/// ```
pub fn format_range(low: i64, high: i64, unit: &str, scale: Scale) -> String {
    let sign = |value: i64| if low < 0 && value > 0 { "+" } else { "" };
    let larger = low.unsigned_abs().max(high.unsigned_abs()) as f64;
    let (low_text, high_text, name) = match (find(unit), scale) {
        (Some((family, from)), Scale::Auto) => {
            let to = fitting(family, larger * from.factor);
            let decimals = usize::from(to.factor != from.factor);
            let write = |value: i64| format!("{:.decimals$}", value as f64 * from.factor / to.factor);
            (write(low), write(high), format!(" {}", to.name))
        }
        _ => {
            let ((low, _), (high, name)) = (parts(low, unit, scale), parts(high, unit, scale));
            (low, high, if name.is_empty() { String::new() } else { format!(" {name}") })
        }
    };
    format!("{}{low_text}…{}{high_text}{name}", sign(low), sign(high))
}

/// The one unit that all values of a column are written in.
#[derive(Debug, Clone, Copy)]
pub struct Common {
    /// The unit, and how many of the metric's it is; none for counts.
    unit: Option<(&'static str, f64)>,
    decimals: usize,
}

impl Common {
    /// The largest unit of which at least half of the values are a quarter or more; with a second decimal where one alone
    /// would make nothing of a value.
    ///
    /// ```
    /// use leakdiff::units::{Common, Scale};
    /// let column = Common::of([13_736_346, 524_288, 4_194_304], "bytes", Scale::Auto);
    /// assert_eq!(column.signed(13_736_346), "+13.1 MiB");
    /// assert_eq!(column.signed(524_288), "+0.5 MiB");
    /// assert_eq!(column.range(8_912_896, 20_027_801), "8.5…19.1");
    /// assert_eq!(Common::of([8, 1234], "count", Scale::Auto).plain(1234), "1,234");
    /// ```
    pub fn of(values: impl IntoIterator<Item = i64>, unit: &str, scale: Scale) -> Self {
        let units = steps(unit, scale);
        let mut values: Vec<f64> =
            values.into_iter().filter(|value| *value != 0).map(|value| value.unsigned_abs() as f64).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.get(values.len() / 2).copied().unwrap_or_default() * 4.0;
        let unit = units.iter().rev().find(|(_, factor)| *factor <= middle).or(units.first()).copied();
        let is_whole = unit.is_none_or(|(_, factor)| factor == 1.0);
        let is_small = |value: &f64| unit.is_some_and(|(_, factor)| value / factor < 0.1);
        let decimals = match (is_whole, scale) {
            (true, _) => 0,
            (false, Scale::Auto) => 1 + usize::from(values.first().is_some_and(is_small)),
            (false, Scale::Fixed(_)) => 2,
        };
        Self { unit, decimals }
    }

    /// A value with its unit.
    pub fn plain(&self, value: i64) -> String {
        match self.unit.filter(|_| value != 0) {
            Some((name, _)) => format!("{} {name}", self.number(value)),
            None => self.number(value),
        }
    }

    /// As [`Common::plain`], with a plus sign before growth.
    pub fn signed(&self, value: i64) -> String {
        format!("{}{}", if value > 0 { "+" } else { "" }, self.plain(value))
    }

    /// Two values as a range, without the unit, with signs where the lower one is negative.
    pub fn range(&self, low: i64, high: i64) -> String {
        let sign = |value: i64| if low < 0 && value > 0 { "+" } else { "" };
        format!("{}{}…{}{}", sign(low), self.number(low), sign(high), self.number(high))
    }

    fn number(&self, value: i64) -> String {
        match self.unit {
            Some((_, factor)) if self.decimals > 0 && value != 0 => decimal(value as f64 / factor, self.decimals),
            _ => thousands(value),
        }
    }
}

/// A number with so many decimals and a comma between groups of three digits.
fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if value < 0.0 { "-" } else { "" };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The largest unit whose rounded value is at least one (999.96 KiB rounds to "1000.0 KiB", not to "1.0 MiB").
fn fitting(family: &'static [Unit], base: f64) -> &'static Unit {
    family.iter().rev().find(|unit| base >= unit.factor).unwrap_or(&family[0])
}

/// An integer with a comma between groups of three digits.
pub fn thousands(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment, given in nanoseconds since 1970: `2026-11-20 10:51:03 UTC`. `None` when it is out of range.
///
/// ```
/// assert_eq!(leakdiff::units::format_time(1_795_171_863_000_000_000).unwrap(), "2026-11-20 10:51:03 UTC");
/// ```
pub fn format_time(nanos: i64) -> Option<String> {
    let time = jiff::Timestamp::from_nanosecond(i128::from(nanos)).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// A span of time as people write it: `10m`, `1h 30m`, `90s`, `500ms`; a bare number is in seconds. `None` for anything else.
///
/// ```
/// use std::time::Duration;
/// use leakdiff::units::parse_span;
/// assert_eq!(parse_span("1h30m"), Some(Duration::from_secs(5400)));
/// assert_eq!(parse_span("90"), Some(Duration::from_secs(90)));
/// assert_eq!(parse_span("-5s"), None);
/// ```
pub fn parse_span(text: &str) -> Option<Duration> {
    let bare = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite());
    match bare {
        Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        None => text.parse::<jiff::SignedDuration>().ok()?.try_into().ok(),
    }
}

/// A span of time in its two largest parts: `1 h 20 min`, `4.2 s`, `350 ms`.
///
/// ```
/// assert_eq!(leakdiff::units::format_span(4_800_000_000_000), "1 h 20 min");
/// assert_eq!(leakdiff::units::format_span(4_200_000_000), "4.2 s");
/// ```
pub fn format_span(nanos: u64) -> String {
    let seconds = nanos / 1_000_000_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let two = |a: u64, a_name: &str, b: u64, b_name: &str| match b {
        0 => format!("{a} {a_name}"),
        b => format!("{a} {a_name} {b} {b_name}"),
    };
    match seconds {
        0 => format!("{} ms", nanos / 1_000_000),
        1..=59 => format!("{:.1} s", nanos as f64 / 1e9),
        60..=3_599 => two(minutes, "min", seconds % 60, "s"),
        3_600..=86_399 => two(hours, "h", minutes, "min"),
        _ => two(days, "d", hours, "h"),
    }
}
