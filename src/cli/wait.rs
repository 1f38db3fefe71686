//! Snapshots of a running process, one after the other, as the inputs of a comparison.
//!
//! In: the URL of a process, and when to take how many. Out: the same inputs that files would be.
//! Invariant: what was taken is kept before anything else is done, where it is to be kept at all.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};

use crate::load::{self, Input, Limits};
use crate::report::{self, terminal};
use crate::source::clock::{self, Stop};
use crate::source::{Files, HEAP, Process, Recording, Taken};
use crate::stats::Course;
use crate::units::format_span;
use crate::{compare, diff};

use super::gather::Gathered;
use super::goroutines::Beside;
use super::output::{create_folder, refuse_missing_folders, write_file};
use super::request::Request;
use super::target::Target;
use super::wait_args::Wait;
use super::waiting::Waiting;
use super::{Console, interrupt, read};

/// A profile that was taken, in memory.
#[derive(Clone)]
pub(super) struct Profile {
    label: String,
    bytes: Arc<[u8]>,
}

impl Profile {
    /// What a profile is called that was taken just now.
    pub fn new(label: String, bytes: Vec<u8>) -> Self {
        Self { label, bytes: bytes.into() }
    }

    /// As an input, as often as wanted.
    pub fn input(&self) -> Input {
        Input::new(self.label.clone(), Cursor::new(Arc::clone(&self.bytes)))
    }
}

/// What was seen of a process so far.
#[derive(Default)]
pub(super) struct Seen {
    /// The heaps, or the goroutines where only those are asked for.
    pub profiles: Vec<Profile>,
    /// The goroutines beside the heaps.
    pub goroutines: Vec<Profile>,
}

impl Seen {
    /// The inputs of a comparison. Goroutines of only some of the moments are left out.
    pub fn inputs(&self) -> (Vec<Input>, Vec<Input>) {
        let inputs = |profiles: &[Profile]| profiles.iter().map(Profile::input).collect::<Vec<_>>();
        let is_whole = self.goroutines.len() == self.profiles.len();
        (inputs(&self.profiles), if is_whole { inputs(&self.goroutines) } else { Vec::new() })
    }
}

/// Takes what a request wants of a running process.
pub(super) fn take(
    request: &Request,
    wait: &Wait,
    files: &Files,
    console: &mut Console<'_>,
) -> Result<(Vec<Input>, Vec<Input>)> {
    refuse_missing_folders(request.targets.iter().map(Target::destination))?;
    let url = request.inputs.first().and_then(|input| input.url()).ok_or_else(|| anyhow!("--wait takes a URL"))?;
    let process = Process::new(url, files.client()?);
    let mut taker = Taker {
        kinds: if request.profile == HEAP { &[Taken::Heap, Taken::Goroutines] } else { &[Taken::Goroutines] },
        process,
        recording: wait.recording.clone(),
        limits: request.limits,
        stop: interrupt::listen(),
        seen: Seen::default(),
    };
    taker.take(files, console)?;
    let begin = clock::now();
    let mut pause = wait.span;
    while taker.wait(pause, console) {
        if let Err(error) = taker.take(files, console) {
            if taker.seen.profiles.len() < 2 {
                return Err(error);
            }
            tell(console, &format!("{error}: compared is what was taken before"))?;
            break;
        }
        let Some(longer) = undecided(request, &taker.seen, files)?.filter(|_| wait.until_sure) else { break };
        let left = wait.most.saturating_sub(begin.elapsed());
        pause = longer.map_or(pause * 3 / 2, |longer| longer.clamp(pause * 3 / 2, pause * 4)).min(left);
        if pause < wait.span / 2 {
            let most = format_span(wait.most.as_nanos() as u64);
            tell(console, &format!("note: whether it goes on is not clear after {most}; --max-wait gives it longer"))?;
            break;
        }
    }
    if taker.seen.profiles.len() < 2 {
        let kept = taker.recording.map(|recording| format!("; it is in {}", recording.folder().display()));
        bail!("interrupted after the first snapshot{}: there is nothing to compare", kept.unwrap_or_default());
    }
    Ok(taker.seen.inputs())
}

fn tell(console: &mut Console<'_>, line: &str) -> Result<()> {
    Ok(writeln!(console.stderr, "{}", terminal(line))?)
}

/// Whether it is still to be decided if what grew goes on: how much longer that takes, if that is known. `None` where it is
/// decided.
fn undecided(request: &Request, seen: &Seen, files: &Files) -> Result<Option<Option<Duration>>> {
    let (inputs, goroutines) = seen.inputs();
    let Gathered { loaded, goroutines } =
        read::load(read::Opened { inputs, goroutines, limits: request.limits }, &request.process, None, true, files)?;
    let diff = diff::diff(loaded, &request.diff)?;
    let goroutines = Beside::read(goroutines, &request.diff, files)?;
    let options = request.rows_of(&report::FORMATS[0]);
    let analysis = compare::compare(&diff, Beside::of(goroutines.as_ref()), options);
    let first = analysis.suspects.first().map(|suspect| &suspect.trend).or(analysis.trend.as_ref());
    let open = first.filter(|trend| trend.course == Course::Undecided);
    Ok(open.map(|trend| trend.decide_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())))
}

/// Takes snapshots of one process.
struct Taker<'a> {
    process: Process,
    kinds: &'a [Taken],
    recording: Option<Recording>,
    limits: Limits,
    stop: Stop,
    seen: Seen,
}

impl Taker<'_> {
    /// Takes all kinds, each once. Only the first has to be there.
    fn take(&mut self, files: &Files, console: &mut Console<'_>) -> Result<()> {
        let progress = Waiting::new(console, "");
        let number = self.seen.profiles.len() + 1;
        let time = clock::time();
        for (index, kind) in self.kinds.iter().enumerate() {
            progress.say(format!("snapshot {number}: {}", kind.word()));
            let Some(answer) = self.process.take(*kind, number > 1, &self.stop) else { continue };
            let bytes = match answer {
                Ok(bytes) => bytes,
                Err(error) if index == 0 => return Err(error.into()),
                Err(error) => {
                    if number == 1 {
                        tell(console, &format!("warning: without {}: {error}", kind.word()))?;
                    }
                    continue;
                }
            };
            let label = match &self.recording {
                Some(recording) => {
                    let file = recording.file(*kind, time);
                    create_folder(recording.folder())?;
                    write_file(&file, |out| out.write_all(&bytes))?;
                    file.display().to_string()
                }
                None => self.process.url(*kind).map_or(String::new(), |url| url.to_string()),
            };
            let profile = Profile::new(label, bytes);
            if index == 0 {
                self.seen.profiles.push(profile);
                continue;
            }
            // What answers there may be anything: it is no reason to lose the heap.
            let loaded = load::load(vec![profile.input()], self.limits).map_err(anyhow::Error::from);
            match loaded.and_then(|loaded| Beside::read(Some(loaded), &diff::Options::default(), files)) {
                Ok(_) => self.seen.goroutines.push(profile),
                Err(error) if number == 1 => tell(console, &format!("warning: without {}: {error}", kind.word()))?,
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Waits; whether it was to the end.
    fn wait(&self, pause: Duration, console: &Console<'_>) -> bool {
        let progress = Waiting::new(console, "");
        let number = self.seen.profiles.len() + 1;
        self.stop.wait_until(clock::now() + pause, |left| {
            // Whole seconds: what is left is no measurement.
            let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
            progress.say(format!("snapshot {number} in {}", format_span(seconds * 1_000_000_000)));
            progress.left(left, pause);
        })
    }
}
