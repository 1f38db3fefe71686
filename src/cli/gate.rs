//! What the options and the configuration of a gate mean together: domain values, checked, before any profile is read.
//!
//! In: [`CheckArgs`], `leakdiff.toml`. Out: a [`Gate`]. Invariant: options win over the file; paths in the file are
//! relative to it.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use jiff::civil::Date;

use crate::analyze::Regime;
use crate::check::{Config, Limit, Outcome, Policy, Scope, Span, suppressions};
use crate::load::Limits;
use crate::model::Glob;
use crate::source::{self, Location};
use crate::units::{self, Scale};

use super::check_args::CheckArgs;
use super::limits::limits;
use super::request::{Format, format, inputs, named_format, regime, size};

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
    pub has_baseline: bool,
    /// Goroutine profiles before and after, or none.
    pub goroutines: Vec<Location>,
    /// Where to record the newest profile.
    pub update_baseline: Option<String>,
    /// Format of standard output.
    pub format: Format,
    /// Files to write: path and format.
    pub outputs: Vec<(String, Format)>,
    pub limits: Limits,
    /// The most bytes that one output may take.
    pub most_output: u64,
    pub scale: Scale,
    /// `None` leaves it to the console.
    pub color: Option<bool>,
    pub columns: Option<usize>,
    /// Whether text is to be ASCII.
    pub is_ascii: bool,
    pub regime: Option<Regime>,
    today: Date,
}

impl Gate {
    /// Reads the configuration and checks it together with the arguments.
    pub fn new(args: CheckArgs) -> Result<Self> {
        let file = read_config(&args)?;
        let mut config = from_args(&args)?.or(file);
        if let Some(path) = config.suppressions.as_ref().filter(|_| !args.print_config) {
            let entries = suppressions(&text_of(path)?, path)?;
            config.allow.extend(entries);
        }
        let outputs = config.output.iter().map(|output| self::output(output)).collect::<Result<_>>()?;
        let scale = units::parse_scale(&args.unit)
            .ok_or_else(|| anyhow!("--unit {}: no such unit; try auto, B, KiB, MiB or GiB", args.unit))?;
        let today = args.today.as_deref().map(|day| day.parse().with_context(|| format!("--today {day}: not a date")));
        let update_baseline = args.update_baseline.clone();
        // A baseline that is to be recorded need not be there yet.
        let is_first = |path: &String| {
            Ok::<_, source::Error>(update_baseline.as_ref() == Some(path) && source::read_text(path)?.is_none())
        };
        let baseline = match &config.baseline {
            Some(path) if !is_first(path)? => Some(Location { label: path.clone(), path: path.clone() }),
            _ => None,
        };
        let has_baseline = baseline.is_some();
        let (profiles, runs) = inputs(&args.inputs, &args.before, &args.after);
        let sides = if runs.is_empty() { runs } else { baseline.iter().map(|_| 1).chain(runs).collect() };
        let count = profiles.len() + usize::from(has_baseline) + args.goroutines.len();
        Ok(Self {
            inputs: baseline.into_iter().chain(profiles).collect(),
            sides,
            has_baseline,
            goroutines: args.goroutines.iter().map(|input| Location::parse(input)).collect(),
            update_baseline,
            format: format(args.format.as_deref(), None, true)?,
            outputs,
            limits: limits(args.max_inflated.as_deref(), count)?,
            most_output: size("--max-output", &args.max_output)?,
            scale,
            color: match args.color.as_str() {
                "always" => Some(true),
                "never" => Some(false),
                _ => None,
            },
            columns: args.columns,
            is_ascii: args.ascii,
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

/// The configuration of the file.
fn read_config(args: &CheckArgs) -> Result<Config> {
    let path = match &args.config {
        Some(path) => Some(path.clone()),
        None if args.no_config => None,
        None => source::find_upwards(CONFIG),
    };
    let config = match &path {
        Some(path) => relative_to(path, Config::parse(&text_of(path)?, path)?),
        None => Config::default(),
    };
    Ok(config)
}

fn text_of(path: &str) -> Result<String> {
    source::read_text(path)?.ok_or_else(|| anyhow!("{path}: no such file"))
}

/// The configuration with its paths taken from where its file lies.
fn relative_to(file: &str, mut config: Config) -> Config {
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    let join = |path: &str| folder.join(path).to_string_lossy().into_owned();
    for path in [&mut config.baseline, &mut config.suppressions].into_iter().flatten() {
        *path = join(path);
    }
    for output in &mut config.output {
        *output = match named_format(output, true) {
            (Some(name), path) => format!("{name}={}", join(path)),
            (None, path) => join(path),
        };
    }
    config
}

/// What the options say.
fn from_args(args: &CheckArgs) -> Result<Config> {
    let limit = |option: &str, text: &Option<String>| -> Result<Option<Limit>> {
        let parse = |text: &String| text.parse::<Limit>().with_context(|| format!("--{option} {text}: not a limit"));
        text.as_ref().map(parse).transpose()
    };
    if args.alpha.is_some_and(|alpha| !(alpha > 0.0 && alpha < 0.5)) {
        bail!("--alpha: a probability above 0 and below 0.5 is wanted");
    }
    if args.per_op == Some(0) {
        bail!("--per-op: the number of units of work is 1 or more");
    }
    Ok(Config {
        max_growth: limit("max-growth", &args.max_growth)?,
        max_total: limit("max-total", &args.max_total)?,
        max_objects: limit("max-objects", &args.max_objects)?,
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

/// A path and its format.
fn output(text: &str) -> Result<(String, Format)> {
    let (name, path) = named_format(text, true);
    if path == "-" {
        bail!("-o {text}: standard output is always written; choose its format with -f");
    }
    Ok((path.to_owned(), format(name, Some(path), true)?))
}
