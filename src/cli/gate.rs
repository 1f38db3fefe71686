//! What the options and the configuration of a gate mean together: domain values, checked, before any profile is read.
//!
//! In: [`CheckArgs`], `leakdiff.toml`. Out: a [`Gate`]. Invariant: options win over the file; paths in the file are
//! relative to it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use jiff::civil::Date;

use crate::check::{Config, HolderLimit, Limit, Outcome, Policy, Scope, Span, is_alpha, suppressions};
use crate::load::Limits;
use crate::model::Glob;
use crate::source::{self, Files, LONGEST_TEXT, Location};
use crate::stats::Regime;

use super::beside::beside;
use super::check_args::CheckArgs;
use super::gather::Gathering;
use super::inputs::{Inputs, inputs};
use super::limits::{limits, size};
use super::output::is_below;
use super::process::Process;
use super::request::{Look, regime};
use super::target::{Target, format, is_standard, named_format};

/// The file that is looked for.
const CONFIG: &str = "leakdiff.toml";

/// One run of the gate.
pub(super) struct Gate {
    /// What is in effect.
    pub config: Config,
    /// The baseline if there is one, then the profiles, oldest first.
    pub inputs: Vec<Location>,
    /// How many of the inputs are runs of each snapshot; empty where each is one of its own.
    pub sides: Vec<usize>,
    /// What is made of the profiles, where they are many files.
    pub gathering: Option<Gathering>,
    /// The baseline, where there is one.
    pub baseline: Option<PathBuf>,
    /// Goroutine profiles before and after, or none.
    pub goroutines: Vec<Location>,
    /// Where to record the newest profile.
    pub update_baseline: Option<PathBuf>,
    /// What is written: files, then standard output.
    pub targets: Vec<Target>,
    /// The configuration in effect that does not lie in the working folder.
    pub config_elsewhere: Option<PathBuf>,
    pub limits: Limits,
    /// What is known beside the profiles.
    pub process: Process,
    /// How much more a root may hold.
    pub holders: Option<HolderLimit>,
    pub look: Look,
    pub regime: Option<Regime>,
    today: Date,
}

impl Gate {
    /// Reads the configuration and checks it together with the arguments.
    pub fn new(args: CheckArgs, files: &Files) -> Result<Self> {
        let path = config_path(&args);
        let file = path.as_deref().map_or_else(|| Ok(Config::default()), |path| read_config(path, files))?;
        let mut config = from_args(&args)?.or(file);
        if let Some(path) = config.suppressions.as_ref().filter(|_| !args.print_config) {
            let entries = suppressions(&text_of(path, files)?, &path.display().to_string())?;
            config.allow.extend(entries);
        }
        let standard = Target { path: None, format: format(args.format.as_deref(), None, true)? };
        let written = config.output.iter().map(target);
        let targets = written.chain([Ok(standard)]).collect::<Result<_>>()?;
        let today = args.today.as_deref().map(|day| day.parse().with_context(|| format!("--today {day}: not a date")));
        let update_baseline = args.update_baseline.clone();
        // A baseline that is to be recorded need not be there yet.
        let is_first = |path: &PathBuf| update_baseline.as_ref() == Some(path) && !source::is_there(path);
        let baseline = config.baseline.clone().filter(|path| !is_first(path));
        let (goroutines, heaps) = beside(&args.goroutines)?;
        let alone = [args.base.as_slice(), &args.inputs, &heaps].concat();
        // Who asks for the configuration needs no profiles.
        let named = (!args.print_config).then(|| inputs(&alone, &args.before, &args.after)).transpose()?;
        let Inputs { locations: profiles, sides: runs, is_found } = named.unwrap_or_default();
        let gathering =
            Gathering { is_found, takes_goroutines: goroutines.is_empty(), is_gate: true, ..Gathering::default() };
        let gathering = gathering.of(&profiles, &runs);
        let sides = if runs.is_empty() { runs } else { baseline.iter().map(|_| 1).chain(runs).collect() };
        let count = profiles.len() + usize::from(baseline.is_some()) + goroutines.len();
        let holders = args.max_holder_growth.as_ref().map(|text| holder_limit(text)).transpose()?;
        let mut process = Process::new(&args.process, profiles.len())?;
        if holders.is_some() {
            process.takes_dumps(&profiles)?;
        }
        Ok(Self {
            process,
            holders,
            inputs: baseline.iter().cloned().map(Location::of).chain(profiles).collect(),
            sides,
            gathering,
            baseline,
            goroutines,
            update_baseline,
            targets,
            config_elsewhere: path.filter(|path| path.parent().is_some_and(|folder| !folder.as_os_str().is_empty())),
            limits: limits(args.look.max_inflated.as_deref(), count)?,
            look: Look::new(&args.look)?,
            regime: regime(args.same_process, args.independent),
            today: today.transpose()?.unwrap_or_else(source::today),
            config,
        })
    }

    /// What is let through. Where a first baseline is recorded and nothing is compared, limits of growth have to wait.
    pub fn policy(&self, spans: &[Span]) -> Policy {
        let mut policy = Policy { regime: self.regime, ..self.config.policy(self.today) };
        if self.update_baseline.is_some() && spans.iter().all(|span| span.from.is_none()) {
            policy.rules.retain(|rule| rule.scope == Scope::Total);
        }
        policy
    }
}

/// The limit of holders.
fn holder_limit(text: &str) -> Result<HolderLimit> {
    Ok(HolderLimit { most: size("--max-holder-growth", text)?, text: text.to_owned() })
}

/// Where the configuration lies, if there is one.
fn config_path(args: &CheckArgs) -> Option<PathBuf> {
    match &args.config {
        Some(path) => Some(path.clone()),
        None if args.no_config => None,
        None => source::find_upwards(CONFIG),
    }
}

/// The configuration of a file, with its paths taken from where it lies.
fn read_config(path: &Path, files: &Files) -> Result<Config> {
    let name = path.display().to_string();
    let mut config = Config::parse(&text_of(path, files)?, &name)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for path in [&mut config.baseline, &mut config.suppressions].into_iter().flatten() {
        *path = folder.join(&path);
    }
    for output in &mut config.output {
        let (format, path) = named_format(output, true);
        let joined = folder.join(path);
        if !is_below(folder, &joined) {
            bail!(
                "{name}: output {}: a file below the folder of the configuration is wanted; for others use -o",
                path.display()
            );
        }
        let prefix = format.map_or_else(OsString::new, |name| format!("{name}=").into());
        *output = [prefix, joined.into_os_string()].into_iter().collect();
    }
    Ok(config)
}

fn text_of(path: &Path, files: &Files) -> Result<String> {
    files.text(path, LONGEST_TEXT)?.ok_or_else(|| anyhow!("{}: no such file", path.display()))
}

/// What the options say.
fn from_args(args: &CheckArgs) -> Result<Config> {
    let limit = |option: &str, text: &Option<String>| -> Result<Option<Limit>> {
        let parse = |text: &String| text.parse::<Limit>().with_context(|| format!("--{option} {text}: not a limit"));
        text.as_ref().map(parse).transpose()
    };
    if args.alpha.is_some_and(|alpha| !is_alpha(alpha)) {
        bail!("--alpha: a probability above 0 and below 0.5 is wanted");
    }
    if args.per_op == Some(0) {
        bail!("--per-op: the number of units of work is 1 or more");
    }
    Ok(Config {
        max_growth: limit("max-growth", &args.max_growth)?,
        max_total: limit("max-total", &args.max_total)?,
        max_objects: limit("max-objects", &args.max_objects)?,
        max_slope: args
            .max_slope
            .as_ref()
            .map(|text| Limit::of_rate(text).with_context(|| format!("--max-slope {text}: not a rate, such as 1MiB/h")))
            .transpose()?,
        per_stack: limit("per-stack", &args.per_stack)?,
        limits: args.limit.iter().map(|text| through(text)).collect::<Result<_>>()?,
        metric: args.metric.clone(),
        per_op: args.per_op,
        alpha: args.alpha,
        on_inconclusive: args.on_inconclusive.as_deref().map(|verdict| match verdict {
            "pass" => Outcome::Pass,
            _ => Outcome::Fail,
        }),
        unmatched: args.unmatched.as_deref().map(|what| match what {
            "fail" => Outcome::Fail,
            _ => Outcome::Pass,
        }),
        baseline: args.baseline.clone(),
        suppressions: args.suppressions.clone(),
        output: args.output.clone(),
        allow: Vec::new(),
    })
}

/// `GLOB=LIMIT`. Neither names nor limits of Go and C hold a `=`, but operators of C++ do: the last one counts.
fn through(text: &str) -> Result<(Glob, Limit)> {
    let (glob, limit) = text
        .rsplit_once('=')
        .ok_or_else(|| anyhow!("--limit {text}: write a pattern, = and a limit: 'github.com/acme/**=2MiB'"))?;
    let glob = Glob::new(glob).ok_or_else(|| anyhow!("--limit {text}: there is no pattern before the ="))?;
    Ok((glob, limit.parse().with_context(|| format!("--limit {text}: not a limit"))?))
}

/// What is written beside the answer on standard output.
fn target(output: &OsString) -> Result<Target> {
    let (name, path) = named_format(output, true);
    if path == "-" {
        bail!("-o {}: standard output is always written; choose its format with -f", output.display());
    }
    let format = format(name, Some(path), true)?;
    Ok(Target { path: (!is_standard(path)).then(|| path.into()), format })
}
