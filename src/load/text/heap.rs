//! What the heap profiles in text form of Go, tcmalloc and jemalloc share: how records count, and how samples are
//! scaled up.
//!
//! In: parts of a line. Out: numbers, or `None` where the text is something else.
//! Source of the formula: a heap is sampled so that an object of S bytes is recorded with probability 1 - exp(-S / R).

use crate::load::warning::incomplete;

use super::Tables;

/// Objects and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::load) struct Pair {
    pub objects: i64,
    pub bytes: i64,
}

/// The counts of a record, `objects: bytes [objects: bytes]`: in use, and in brackets allocated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::load) struct Values {
    pub inuse: Pair,
    pub alloc: Pair,
}

impl Pair {
    fn parse(text: &str) -> Option<Self> {
        let (objects, bytes) = text.split_once(':')?;
        Some(Self { objects: objects.trim().parse().ok()?, bytes: bytes.trim().parse().ok()? })
    }

    /// What the samples stand for when one was taken every `period` bytes in the mean. Objects and bytes are truncated
    /// towards 0 each by itself, as all writers of profiles do. A period of 1 or less says that nothing was left out.
    pub fn unsampled(self, period: i64) -> Self {
        let Self { objects, bytes } = self;
        if period <= 1 {
            return self;
        }
        if objects == 0 || bytes == 0 {
            return Self::default();
        }
        let scale = scale(objects as f64, bytes as f64, period);
        Self { objects: (objects as f64 * scale) as i64, bytes: (bytes as f64 * scale) as i64 }
    }

    /// The least and the most bytes that the samples can stand for where their number was rounded, as jemalloc does: a
    /// single sample has a number that is nearly whole before.
    pub fn range_of_bytes(self, period: i64) -> (f64, f64) {
        let (objects, bytes) = (self.objects as f64, self.bytes as f64);
        if period <= 1 || self.objects == 0 || self.bytes == 0 {
            return (bytes, bytes);
        }
        let rounded = if self.objects == 1 { 1.0 / 16.0 } else { 0.5 };
        let at = |objects: f64| bytes * scale(objects, bytes, period);
        (at(objects - rounded), at(objects + rounded))
    }
}

/// How many objects of a mean size a sampled one stands for.
fn scale(objects: f64, bytes: f64, period: i64) -> f64 {
    1.0 / (1.0 - (-bytes / objects / period as f64).exp())
}

impl Values {
    /// Reads `objects: bytes [objects: bytes]`.
    fn parse(text: &str) -> Option<Self> {
        let (inuse, alloc) = text.trim().strip_suffix(']')?.split_once('[')?;
        Some(Self { inuse: Pair::parse(inuse)?, alloc: Pair::parse(alloc)? })
    }

    /// Reads those of a record. Where nothing was left out they count as written, also bytes of no objects: what is
    /// mapped and unmapped in parts (`HEAP_PROFILE_MMAP`).
    ///
    /// # Errors
    /// Samples of bytes without objects, which cannot be scaled up; other text.
    pub fn of_record(text: &str, period: i64) -> Result<Self, String> {
        let values = Self::parse(text).ok_or("not a record of the form objects: bytes [objects: bytes]")?;
        let has_no_mean = |pair: &&Pair| period > 1 && pair.objects <= 0 && pair.bytes != 0;
        match [values.inuse, values.alloc].iter().find(has_no_mean) {
            Some(pair) => Err(format!("{} bytes in {} objects", pair.bytes, pair.objects)),
            None => Ok(values),
        }
    }

    /// The sum, which stays at the bound where it does not fit.
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Pair, b: Pair| Pair {
            objects: a.objects.saturating_add(b.objects),
            bytes: a.bytes.saturating_add(b.bytes),
        };
        Self { inuse: add(self.inuse, other.inuse), alloc: add(self.alloc, other.alloc) }
    }

    /// Warns when `self`, the sum of the records, has fewer objects in use than the header says.
    pub fn compare_with_header(self, header: Self, tables: &mut Tables) {
        if self.inuse.objects < header.inuse.objects {
            let message = incomplete::objects(self.inuse.objects, header.inuse.objects);
            tables.warn(incomplete::CODE, message);
        }
    }
}

/// The first line of Go's and tcmalloc's texts: `heap profile: objects: bytes [objects: bytes] @ kind/number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) struct HeapHeader<'a> {
    /// The sums of the records.
    pub totals: Values,
    /// What kind of profile it is, such as `heap` or `heap_v2`.
    pub kind: &'a str,
    /// The number after the kind, 0 where there is none.
    pub number: i64,
}

impl<'a> HeapHeader<'a> {
    /// Whether a text that begins so has this first line; its kind.
    pub fn kind(beginning: &'a str) -> Option<&'a str> {
        let line = beginning.lines().next()?.strip_prefix("heap profile:")?;
        Some(line.split_once('@')?.1.trim().split('/').next().unwrap_or_default())
    }

    /// Reads the line.
    pub fn parse(line: &'a str) -> Result<Self, String> {
        let malformed = || "not a header of the form heap profile: objects: bytes [objects: bytes] @ kind/period";
        let (counts, kind) =
            line.strip_prefix("heap profile:").and_then(|rest| rest.split_once('@')).ok_or_else(malformed)?;
        let totals = Values::parse(counts).ok_or_else(malformed)?;
        let (kind, number) = kind.trim().split_once('/').unwrap_or((kind.trim(), "0"));
        let number = number.trim().parse().map_err(|_| format!("the period {number:?} is not a number"))?;
        Ok(Self { totals, kind, number })
    }
}

/// The addresses after an `@`, leaf first. Each is where its call returns to, so that one less lies inside the call.
pub(in crate::load) fn addresses(text: &str) -> impl Iterator<Item = Result<u64, String>> + '_ {
    text.split_ascii_whitespace().map(|word| hexadecimal(word).ok_or_else(|| format!("{word:?} is no address")))
}

/// A hexadecimal number after `0x`.
pub(in crate::load) fn hexadecimal(word: &str) -> Option<u64> {
    let digits = word.strip_prefix("0x")?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok())?
}

/// A number of decimal digits and nothing else.
pub(in crate::load) fn decimal(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_samples_stand_for() {
        let unsampled = |objects, bytes, period| {
            let Pair { objects, bytes } = Pair { objects, bytes }.unsampled(period);
            (objects, bytes)
        };
        // Verified against Go: 18 samples of 1 MiB, 23 of 64 B, 59 of 4 KiB and one of 200 KiB at the default rate.
        assert_eq!(unsampled(18, 18 << 20, 524_288), (20, 21_828_539));
        assert_eq!(unsampled(23, 23 * 64, 524_288), (188_427, 12_059_360));
        assert_eq!(unsampled(59, 59 * 4096, 524_288), (7581, 31_053_981));
        assert_eq!(unsampled(1, 204_800, 524_288), (3, 633_337));
        assert_eq!(unsampled(7, 700, 1), (7, 700));
        assert_eq!(unsampled(0, 0, 524_288), (0, 0));
    }

    #[test]
    fn counts_may_be_padded() {
        let values = Values::of_record("     1:      100 [    12:     1200]", 524_288).expect("values");
        assert_eq!(values.alloc, Pair { objects: 12, bytes: 1200 });
        assert!(Values::of_record("1: 5 [1: x]", 1).is_err());
    }

    #[test]
    fn bytes_of_no_objects_count_where_nothing_is_scaled() {
        let values = Values::of_record("-1: 5 [0: 7]", 1).expect("values");
        assert_eq!((values.inuse.unsampled(1), values.alloc.unsampled(1)), (values.inuse, values.alloc));
        for text in ["0: 5 [1: 5]", "-1: 5 [1: 5]", "1: 5 [0: 5]"] {
            assert!(Values::of_record(text, 524_288).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_rounded_stands_for_a_range_of_bytes() {
        let range = |objects: i64, bytes: i64, period: i64| {
            let (least, most) = Pair { objects, bytes }.range_of_bytes(period);
            (least.round() as i64, most.round() as i64)
        };
        // A sample of 1 MiB every 512 KiB, between 15/16 and 17/16 objects: 2^20 / (1 - exp(-32 / 15)), and of 17.
        assert_eq!(range(1, 1 << 20, 1 << 19), (1_189_458, 1_236_866));
        // Ten samples between 9.5 and 10.5.
        assert_eq!(range(10, 10 << 20, 1 << 19), (11_940_244, 12_319_638));
        assert_eq!((range(3, 48, 1), range(0, 0, 1 << 19), range(2, 0, 1 << 19)), ((48, 48), (0, 0), (0, 0)));
    }
}
