//! How far a suspicion can be trusted: by a table of what speaks for and against it.
//!
//! In: what is known of a suspect. Out: the features that hold, and the confidence they make. Invariant: every weight stands
//! in [`WEIGHTS`] and nowhere else; what goroutines add is not judged here (`beside`).
//!
//! The weights are parts of a step of confidence: eight lead from low to medium, sixteen to high. They were set on labelled
//! recordings (`tests/corpus`); `tests/sensitivity` tells what moving each of them by a quarter changes.

use crate::stats::{Course, Trend};

use super::signature::{Confidence, Signature};

/// What speaks for a suspicion or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Its frames stand for one cause, and little else looks like it.
    Named,
    /// Its frames stand for one cause, and nothing else looks like it.
    Certain,
    /// A series shows that it goes on.
    Growing,
    /// A series of three or more does not show whether it goes on.
    Undecided,
    /// Nearly all of what was allocated is still there.
    Kept,
    /// The frames that name it make up little of what grew.
    Partial,
}

/// The weight of each feature.
const WEIGHTS: &[(Feature, i32)] = &[
    (Feature::Named, 8),
    (Feature::Certain, 16),
    (Feature::Growing, 4),
    (Feature::Undecided, -8),
    (Feature::Kept, 4),
    (Feature::Partial, -4),
];

/// From which score on a confidence holds.
const BANDS: &[(Confidence, i32)] = &[(Confidence::High, 16), (Confidence::Medium, 8)];

/// Nearly all: this part of what was allocated.
pub(super) const KEPT: f64 = 2.0 / 3.0;
/// Little: this part of what grew.
const PARTIAL: f64 = 0.1;

/// What is known of a suspect.
pub(super) struct Facts<'a> {
    pub signature: &'a Signature,
    pub trend: &'a Trend,
    /// Whether the series has three snapshots or more of one process.
    pub is_series: bool,
    /// The part of what was allocated that is still there.
    pub kept: Option<f64>,
    /// The part of its growth that the frames of the signature make up.
    pub explained: f64,
}

/// What holds of a suspect.
pub(super) fn features(facts: &Facts<'_>) -> Vec<Feature> {
    let holds = |feature: &Feature| match feature {
        Feature::Named => facts.signature.confidence == Confidence::Medium,
        Feature::Certain => facts.signature.confidence == Confidence::High,
        Feature::Growing => facts.is_series && facts.trend.course == Course::Growing,
        Feature::Undecided => facts.is_series && facts.trend.course == Course::Undecided,
        Feature::Kept => facts.is_series && facts.kept.is_some_and(|kept| kept >= KEPT),
        Feature::Partial => facts.explained < PARTIAL,
    };
    WEIGHTS.iter().map(|(feature, _)| *feature).filter(holds).collect()
}

/// What features weigh together.
pub(super) fn score(features: &[Feature]) -> i32 {
    let weight =
        |feature: &Feature| WEIGHTS.iter().find(|(known, _)| known == feature).map_or(0, |(_, weight)| *weight);
    features.iter().map(weight).sum()
}

/// The confidence that features make. The heap alone never makes a suspicion surer than its signature does, but for what a
/// series shows of growth without a name.
pub(super) fn confidence(features: &[Feature], signature: &Signature) -> Confidence {
    let score = score(features);
    let band = BANDS.iter().find(|(_, least)| score >= *least).map_or(Confidence::Low, |(confidence, _)| *confidence);
    band.min(signature.confidence.max(Confidence::Medium))
}
