//! Per cents, as every format prints them.
//!
//! In: a share of a whole, or a change. Out: text. Invariant: what is not nothing is not printed as nothing.

use crate::units::thousands;

use super::Change;

/// A part of a whole: `93%`, `0.4%`, `under 0.1%`, `over 99%`.
pub(super) fn share(part: i64, whole: i64) -> String {
    of_one(part as f64 / whole as f64)
}

/// A share of 1, as [`share`] prints it.
pub(super) fn of_one(share: f64) -> String {
    match share * 100.0 {
        share if !share.is_finite() => "-".to_owned(),
        0.0 => "0%".to_owned(),
        share if share.abs() < 0.05 => "under 0.1%".to_owned(),
        share if share.abs() < 9.95 => format!("{share:.1}%"),
        share if (99.5..99.95).contains(&share) => "over 99%".to_owned(),
        share => format!("{}%", thousands(share.round() as i64)),
    }
}

/// A share in whole per cents; samples may make it less than nothing or more than all.
pub(super) fn whole(share: f64) -> String {
    format!("{}%", (share.clamp(0.0, 1.0) * 100.0).round() + 0.0)
}

/// Growth relative to before: `+12%`, `new`, `gone`, or `-` where there is nothing to compare.
pub(super) fn relative(change: Change) -> String {
    match change {
        Change { before: 0, after: 0, .. } => "-".to_owned(),
        Change { before: 0, .. } => "new".to_owned(),
        Change { after: 0, .. } => "gone".to_owned(),
        Change { before, delta, .. } => {
            let sign = if delta > 0 { "+" } else { "" };
            match delta as f64 / before.unsigned_abs() as f64 * 100.0 {
                small if small.abs() < 0.05 => "0%".to_owned(),
                small if small.abs() < 9.95 => format!("{sign}{small:.1}%"),
                large => format!("{sign}{}%", thousands(large.round() as i64)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_share_is_below_nothing() {
        assert_eq!([-0.0, -1e-9, -0.4, 0.004, 0.246, 1.03].map(whole), ["0%", "0%", "0%", "0%", "25%", "100%"]);
    }

    #[test]
    fn what_is_not_all_and_not_nothing_says_so() {
        assert_eq!(
            [(0, 9), (1, 9_999), (1, 20), (299, 1_000), (997, 1_000), (9, 9), (1, 0)].map(|(a, b)| share(a, b)),
            ["0%", "under 0.1%", "5.0%", "30%", "over 99%", "100%", "-"]
        );
    }
}
