//! `leakdiff capture`: a series of snapshots of running processes, as files.
//!
//! In: URLs, how often, a folder. Out: files named by kind and time; what could not be taken is told.
//! Invariant: a file is there whole or not at all; what was taken stays, whatever happens after it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::report::terminal;
use crate::source::clock::{self, Moment, Stop};
use crate::source::{self, Files, LONGEST_TEXT, Process, Recording, Taken, Url};
use crate::units::format_span;

use super::capture_args::CaptureArgs;
use super::output::{create_folder, print, write_file};
use super::wait_args::time;
use super::waiting::Waiting;
use super::{Console, Exit, interrupt};

/// What a series that is not at its end leaves in its folder.
const UNFINISHED: &str = ".leakdiff-capture.json";

/// Takes the series.
pub(super) fn run_capture(args: CaptureArgs, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let every = time("--every", &args.every)?;
    if args.keep == Some(0) {
        bail!("--keep 0 would keep nothing; write 1 or more");
    }
    let folder = &args.output;
    let mut hosts = hosts(&args, files)?;
    create_folder(folder)?;
    let urls: Vec<String> = hosts.iter().map(|host| host.process.heap().to_string()).collect();
    let mut series = Series::resume(folder, urls, files)?;
    let stop = interrupt::listen();
    let mut due = series.next(every);
    let is_last = |series: &Series| args.count > 0 && series.taken >= args.count;
    while !is_last(&series) && wait(due, every, &series, args.count, &stop, console) {
        let began = clock::now();
        due = due.max(began.checked_sub(every).unwrap_or(began)) + every;
        let taken = round(&mut hosts, &stop, console)?;
        if stop.is_set() && taken == 0 {
            break;
        }
        if series.taken == 0 && taken == 0 {
            bail!("nothing could be taken{}", if hosts.len() > 1 { " from any of them" } else { "" });
        }
        series.taken += 1;
        series.last = Some(clock::time());
        series.save(folder)?;
        if let Some(most) = args.keep {
            hosts.iter().try_for_each(|host| host.recording.keep(most))?;
        }
    }
    if is_last(&series) {
        source::remove(&folder.join(UNFINISHED))?;
    }
    tell_end(&args, &series, console)?;
    Ok(Exit::Done)
}

/// What there is now, and what to do with it.
fn tell_end(args: &CaptureArgs, series: &Series, console: &mut Console<'_>) -> Result<()> {
    let folder = args.output.display().to_string();
    let folder = folder.trim_end_matches('/');
    let of = if args.count > 0 { format!(" of {}", args.count) } else { String::new() };
    let is_whole = args.count > 0 && series.taken >= args.count;
    let end = if is_whole { "" } else { "; interrupted: the same command goes on from there" };
    let below = if args.urls.len() > 1 { "HOST-PORT/" } else { "" };
    let line = format!("{folder}: {}{of} rounds taken{end}. Compare them: leakdiff {folder}/{below}", series.taken);
    print(&mut console.stdout, |out| writeln!(out, "{}", terminal(&line)))
}

/// Waits for the next round; whether it is to be.
fn wait(due: Moment, every: Duration, series: &Series, count: u64, stop: &Stop, console: &Console<'_>) -> bool {
    let progress = Waiting::new(console, "");
    let of = if count > 0 { format!(" of {count}") } else { String::new() };
    stop.wait_until(due, |left| {
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        progress.say(format!("round {}{of} in {}", series.taken + 1, format_span(seconds * 1_000_000_000)));
        progress.left(left, every);
    })
}

/// One process, and where its snapshots go.
struct Host {
    process: Process,
    recording: Recording,
    /// What was taken of it before.
    had: BTreeSet<Taken>,
    /// What it does not have, which was said.
    absent: BTreeSet<Taken>,
}

fn hosts(args: &CaptureArgs, files: &Files) -> Result<Vec<Host>> {
    let url = |text: &String| {
        Url::named(text)
            .ok_or_else(|| anyhow!("{text}: not a URL; write host:6060, or http://host:6060/debug/pprof/heap"))
    };
    let mut hosts: Vec<Host> = Vec::new();
    for text in &args.urls {
        let process = Process::new(url(text)?, files.client()?);
        let folder = args.output.join(if args.urls.len() > 1 { process.heap().folder_name() } else { String::new() });
        if hosts.iter().any(|host| host.recording.folder() == folder) {
            bail!("{text}: named twice, or its snapshots would go to {} as well", folder.display());
        }
        hosts.push(Host { process, recording: Recording::new(folder), had: BTreeSet::new(), absent: BTreeSet::new() });
    }
    Ok(hosts)
}

/// One round of all processes, side by side; how many profiles were taken. What could not be is told.
fn round(hosts: &mut [Host], stop: &Stop, console: &mut Console<'_>) -> Result<usize> {
    let progress = Waiting::new(console, "taking snapshots");
    progress.left(Duration::ZERO, Duration::ZERO);
    let time = unused_moment(hosts, stop);
    let told: Vec<Result<Told>> = std::thread::scope(|scope| {
        let started: Vec<_> = hosts.iter_mut().map(|host| scope.spawn(|| host.take(time, stop))).collect();
        let end = |started: std::thread::ScopedJoinHandle<'_, _>| {
            started.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        started.into_iter().map(end).collect()
    });
    drop(progress);
    let mut profiles = 0;
    for told in told {
        let told = told?;
        profiles += told.profiles;
        for warning in told.warnings {
            writeln!(console.stderr, "{}", terminal(&warning))?;
        }
    }
    Ok(profiles)
}

/// The time of day, once no file has it for its name: names tell seconds.
fn unused_moment(hosts: &[Host], stop: &Stop) -> Timestamp {
    let is_used = |time| hosts.iter().any(|host| source::is_there(&host.recording.file(Taken::Heap, time)));
    while is_used(clock::time()) && stop.wait_until(clock::now() + clock::GLANCE, |_| ()) {}
    clock::time()
}

/// What came of a round of one process.
#[derive(Default)]
struct Told {
    profiles: usize,
    warnings: Vec<String>,
}

impl Host {
    /// Takes all that it has, each once, and writes it.
    ///
    /// # Errors
    /// What cannot be written.
    fn take(&mut self, time: Timestamp, stop: &Stop) -> Result<Told> {
        let mut told = Told::default();
        for kind in Taken::ALL {
            if self.absent.contains(&kind) {
                continue;
            }
            match self.process.take(kind, false, stop) {
                Some(Ok(bytes)) => {
                    create_folder(self.recording.folder())?;
                    write_file(&self.recording.file(kind, time), |out| out.write_all(&bytes))?;
                    self.had.insert(kind);
                    told.profiles += usize::from(kind != Taken::MemStats);
                }
                Some(Err(error)) if error.is_interruption() => break,
                // What it once had, it will have again: something before it answers while it starts.
                Some(Err(error)) if error.is_absence() && !self.had.contains(&kind) => {
                    told.warnings.push(format!("warning: without {}: {error}; left out from now on", kind.word()));
                    self.absent.insert(kind);
                }
                Some(Err(error)) => {
                    told.warnings.push(format!("warning: no {} this time: {error}", kind.word()));
                    // A server that does not answer has nothing else either: it is not waited for three times.
                    if kind == Taken::Heap && !error.is_absence() {
                        break;
                    }
                }
                None => {
                    told.warnings.push(format!(
                        "warning: without {}: {} does not tell where they are",
                        kind.word(),
                        self.process.heap()
                    ));
                    self.absent.insert(kind);
                }
            }
        }
        Ok(told)
    }
}

/// A series that has begun.
#[derive(Serialize, Deserialize)]
struct Series {
    urls: Vec<String>,
    /// Rounds.
    taken: u64,
    /// When the last one was.
    last: Option<Timestamp>,
}

impl Series {
    /// The series of these processes that was interrupted in a folder, or a new one.
    fn resume(folder: &Path, urls: Vec<String>, files: &Files) -> Result<Self> {
        let text = files.text(&folder.join(UNFINISHED), LONGEST_TEXT)?;
        let begun = text.and_then(|text| serde_json::from_str::<Self>(&text).ok());
        Ok(begun.filter(|begun| begun.urls == urls).unwrap_or(Self { urls, taken: 0, last: None }))
    }

    /// When the next round is due.
    fn next(&self, every: Duration) -> Moment {
        let since = self.last.and_then(|last| Duration::try_from(clock::time().duration_since(last)).ok());
        clock::now() + since.map_or(Duration::ZERO, |since| every.saturating_sub(since))
    }

    fn save(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_vec(self)?;
        let path: PathBuf = folder.join(UNFINISHED);
        write_file(&path, |out| out.write_all(&text))
    }
}
