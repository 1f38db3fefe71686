//! Values that are offered for completion: some that the user may type, or all of them.
//!
//! In: texts. Out: parsers for clap. Invariant: what is offered is accepted.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::diff::Granularity;

/// Any text; these are offered.
#[derive(Debug, Clone)]
pub(super) struct Offered(Vec<&'static str>);

impl Offered {
    /// Offers these.
    pub fn new(values: impl IntoIterator<Item = &'static str>) -> Self {
        Self(values.into_iter().collect())
    }
}

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        clap::builder::StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// The metrics that profilers state most often.
pub(super) const METRICS: &[&str] = &[
    "inuse_space",
    "inuse_objects",
    "alloc_space",
    "alloc_objects",
    "goroutine",
    "space",
    "objects",
    "contentions",
    "delay",
    "samples",
    "cpu",
];

/// What a row may stand for: a granularity, or a label by its key.
#[derive(Debug, Clone)]
pub(super) struct By;

/// What stands before the key of a label.
pub(super) const LABEL: &str = "label:";

impl TypedValueParser for By {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        match value.to_str() {
            Some(text) if text.strip_prefix(LABEL).is_some_and(|key| !key.is_empty()) => Ok(text.to_owned()),
            _ => PossibleValuesParser::new(self.possible_values().into_iter().flatten()).parse_ref(command, arg, value),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        // Those with a name that says it all: a label has one of its own.
        let named = Granularity::ALL.iter().filter(|(_, by)| *by != Granularity::Label).map(|(name, _)| *name);
        Some(Box::new(named.chain(["label:KEY"]).map(PossibleValue::new)))
    }
}
