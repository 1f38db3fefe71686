//! What may be typed where both snapshots come from a running process: clap's declarations, and what they come to.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::Args as ClapArgs;

use crate::source::{Location, Recording};
use crate::units;

const HEADING: &str = "Both snapshots from a running process";

/// How many times the first wait it may take altogether, where the user does not say.
const PATIENCE: u32 = 12;

/// When and how often snapshots are taken.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct WaitArgs {
    /// Take snapshots of the process at this URL now and after this time, such as 10m, and compare them
    #[arg(long, value_name = "TIME", help_heading = HEADING, conflicts_with_all = ["before", "goroutines"])]
    pub wait: Option<String>,
    /// Keep the snapshots in this folder
    #[arg(long, value_name = "DIR", requires = "wait", help_heading = HEADING)]
    pub save: Option<PathBuf>,
    /// Go on taking snapshots, at growing intervals, until it is clear whether the growth goes on
    #[arg(long, requires = "wait", help_heading = HEADING)]
    pub until_sure: bool,
    /// Most time that --until-sure takes [default: twelve times --wait]
    #[arg(long, value_name = "TIME", requires = "until_sure", help_heading = HEADING)]
    pub max_wait: Option<String>,
}

/// Snapshots to take.
pub(super) struct Wait {
    /// From the first to the second.
    pub span: Duration,
    /// Where they are kept.
    pub recording: Option<Recording>,
    /// Whether there are more until the history is clear.
    pub until_sure: bool,
    /// From the first to the last.
    pub most: Duration,
}

impl WaitArgs {
    /// What is to be taken, where anything is.
    pub fn resolve(self, inputs: &[Location]) -> Result<Option<Wait>> {
        let Some(text) = &self.wait else { return Ok(None) };
        if inputs.len() != 1 || inputs.iter().any(|input| input.url().is_none()) {
            bail!("--wait takes the URL of one running process: leakdiff host:6060 --wait {text}");
        }
        let span = time("--wait", text)?;
        let most = self.max_wait.as_deref().map_or(Ok(span * PATIENCE), |text| time("--max-wait", text))?;
        Ok(Some(Wait { span, recording: self.save.map(Recording::new), until_sure: self.until_sure, most }))
    }
}

/// A span of time that the user typed for an option.
pub(super) fn time(option: &str, text: &str) -> Result<Duration> {
    // A year is more than any of them means, and times of the system do not reach much further.
    const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);
    let time = units::parse_span(text).filter(|time| !time.is_zero() && *time <= LONGEST);
    time.ok_or_else(|| anyhow!("{option} {text}: not a time; write for example 30s, 10m or 1h30m"))
}
