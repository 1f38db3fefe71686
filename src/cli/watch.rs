//! `leakdiff watch`: a series that goes on, compared anew with each snapshot, on a screen of its own.
//!
//! In: what is watched, and keys. Out: the screen, or with `--once` its text. Invariant: snapshots are taken and compared on a
//! thread of their own, so that a key is answered at once, whatever a server does.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::load::{self, Limits, Loaded};
use crate::report::{self, Details, Report, Style};
use crate::source::Files;
use crate::source::clock::{self, Stop};
use crate::watch::{Action, Event, Look, Screen, Terminal};
use crate::{compare, diff, units};

use super::gather::Gathered;
use super::goroutines::Beside;
use super::limits::limits;
use super::output::{print, write_file};
use super::process::Process;
use super::wait_args::time;
use super::watch_args::WatchArgs;
use super::watched::Watched;
use super::{Console, Exit, interrupt, read};

/// From one snapshot of a process to the next.
const EVERY: Duration = Duration::from_secs(10);
/// From one look at a folder to the next.
const EVERY_LOOK: Duration = Duration::from_secs(2);
/// Rows that can be scrolled through.
const ROWS: usize = 500;
/// How long a key may lie until it is seen to.
const GLANCE: Duration = Duration::from_millis(50);
/// Columns where nobody says how many there are.
const COLUMNS: usize = 100;
/// Lines of the text of `--once`.
const LINES: u16 = 40;

/// Watches until it is enough.
pub(super) fn run_watch(args: WatchArgs, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let watched = Watched::new(&args.input, files)?;
    let usual = if matches!(watched, Watched::Folder(..)) { EVERY_LOOK } else { EVERY };
    let every = args.every.as_deref().map_or(Ok(usual), |text| time("--every", text))?;
    if args.keep < 2 {
        bail!("--keep: two snapshots or more are wanted");
    }
    let color = match &*args.look.color {
        "always" => true,
        "never" => false,
        _ => console.color.unwrap_or(console.width.is_some()),
    };
    let look = Look { color: color && !args.once, is_ascii: args.look.ascii };
    let mut screen = Screen::new(format!("leakdiff watch  {}", watched.title()), look);
    let stop = interrupt::listen();
    interrupt::end_soon_after(&stop);
    let worker = Worker {
        watched,
        keep: args.keep,
        limits: limits(args.look.max_inflated.as_deref(), args.keep)?,
        metric: args.sample_index.clone(),
        stop: stop.clone(),
    };
    if args.once {
        return once(worker, every, screen, args.look.columns, console);
    }
    if console.width.is_none() {
        bail!("the screen of watch is for a terminal; for a script write --once");
    }
    let (orders, received) = mpsc::channel();
    let (sender, news) = mpsc::channel();
    thread::spawn(move || worker.work(every, &received, &sender));
    let mut terminal = Terminal::enter().context("the terminal cannot be taken over")?;
    let left = follow(&mut screen, &mut terminal, &news, &orders, &stop, args.output);
    // Before anything is printed below it.
    drop(terminal);
    stop.set();
    left.map(|()| Exit::Done)
}

/// The table as text, once there is something to compare.
fn once(
    mut worker: Worker,
    every: Duration,
    mut screen: Screen,
    columns: Option<usize>,
    console: &mut Console<'_>,
) -> Result<Exit> {
    worker.watched.refresh(worker.keep, &worker.stop)?;
    if matches!(worker.watched, Watched::Process(..)) {
        if !worker.stop.wait_until(clock::now() + every, |_| ()) {
            bail!("interrupted after the first snapshot: there is nothing to compare");
        }
        worker.watched.refresh(worker.keep, &worker.stop)?;
    }
    screen.update(worker.compare()?.0);
    let width = columns.filter(|columns| *columns > 0).or(console.width).unwrap_or(COLUMNS).clamp(40, 1000);
    let mut buffer = Buffer::empty(Rect::new(0, 0, width as u16, LINES));
    screen.draw(buffer.area, &mut buffer);
    print(&mut console.stdout, |out| {
        for line in text(&buffer) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

/// The lines of a buffer, but for those with the keys and the empty ones before them.
fn text(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    let lines = buffer.content.chunks(width).map(|cells| cells.iter().map(|cell| cell.symbol()).collect::<String>());
    let mut lines: Vec<String> = lines.map(|line: String| line.trim_end().to_owned()).collect();
    lines.pop();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// What the thread tells that takes the snapshots.
enum News {
    /// What it is doing, or what went wrong.
    Status(String),
    /// Something new, as what is shown and as the page that may be written.
    Report(Box<(Report, Report)>),
}

/// What it is told.
enum Order {
    Refresh,
    Metric(String),
}

/// Shows what comes and does what the keys say.
fn follow(
    screen: &mut Screen,
    terminal: &mut Terminal,
    news: &Receiver<News>,
    orders: &Sender<Order>,
    stop: &Stop,
    output: Option<PathBuf>,
) -> Result<()> {
    let mut page: Option<Report> = None;
    terminal.draw(screen)?;
    while !stop.is_set() {
        let mut is_changed = false;
        for told in news.try_iter() {
            is_changed = true;
            match told {
                News::Status(status) => screen.say(status),
                News::Report(reports) => {
                    screen.update(reports.0);
                    page = Some(reports.1);
                }
            }
        }
        if let Some(event) = terminal.event(GLANCE)? {
            is_changed = true;
            let action = match event {
                Event::Key(key) => screen.press(key),
                Event::Redraw => None,
            };
            match action {
                None => {}
                Some(Action::Quit) => return Ok(()),
                // Where nobody listens any longer, its last words are on the screen.
                Some(Action::Refresh) => drop(orders.send(Order::Refresh)),
                Some(Action::Metric(name)) => drop(orders.send(Order::Metric(name))),
                Some(Action::Write) => screen.say(match page.as_ref().map(|page| write(page, output.as_ref())) {
                    Some(Ok(path)) => format!("written: {}", path.display()),
                    Some(Err(error)) => format!("{error:#}"),
                    None => String::new(),
                }),
            }
        }
        if is_changed {
            terminal.draw(screen)?;
        }
    }
    Ok(())
}

/// Writes the page; where it is.
fn write(page: &Report, output: Option<&PathBuf>) -> Result<PathBuf> {
    let name = || format!("leakdiff-{}.html", clock::time().strftime("%Y%m%dT%H%M%SZ")).into();
    let path = output.cloned().unwrap_or_else(name);
    let format = report::FORMATS.iter().find(|format| format.is_page).ok_or_else(|| anyhow!("no format is a page"))?;
    write_file(&path, |out| (format.write)(page, &Style::default(), out))?;
    Ok(path)
}

/// Takes snapshots and compares them.
struct Worker {
    watched: Watched,
    keep: usize,
    limits: Limits,
    metric: Option<String>,
    stop: Stop,
}

impl Worker {
    /// Works until nobody listens.
    fn work(mut self, every: Duration, orders: &Receiver<Order>, news: &Sender<News>) {
        loop {
            let is_process = matches!(self.watched, Watched::Process(..));
            if is_process && news.send(News::Status("taking a snapshot".to_owned())).is_err() {
                return;
            }
            let next = units::format_span(every.as_nanos() as u64);
            let told = match self.watched.refresh(self.keep, &self.stop) {
                Ok(true) => self.news(&format!("a snapshot every {next}")),
                Ok(false) => Vec::new(),
                Err(error) => vec![News::Status(format!("{error:#}; tried again in {next}"))],
            };
            if told.into_iter().any(|told| news.send(told).is_err()) {
                return;
            }
            let due = clock::now() + every;
            loop {
                match orders.recv_timeout(due.saturating_duration_since(clock::now())) {
                    Ok(Order::Metric(metric)) => {
                        self.metric = Some(metric);
                        if self.news("").into_iter().any(|told| news.send(told).is_err()) {
                            return;
                        }
                    }
                    Ok(Order::Refresh) | Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        }
    }

    fn news(&self, status: &str) -> Vec<News> {
        if self.watched.len() == 0 {
            return Vec::new();
        }
        match self.compare() {
            Ok(reports) => vec![News::Status(status.to_owned()), News::Report(Box::new(reports))],
            Err(error) => vec![News::Status(format!("{error:#}"))],
        }
    }

    /// What there is, as what is shown and as a page.
    fn compare(&self) -> Result<(Report, Report)> {
        let (inputs, goroutines) = self.watched.inputs()?;
        let options = diff::Options { sample_index: self.metric.clone(), ..diff::Options::default() };
        let files = Files::new(Box::new(std::io::empty()));
        let opened = read::Opened { inputs, goroutines: Vec::new(), limits: self.limits };
        let Gathered { loaded, .. } = read::load(opened, &Process::default(), None, true, &files)?;
        let diff = diff::diff(loaded, &options)?;
        // What answers as goroutines may be anything: it is no reason to show no heap.
        let goroutines = (!goroutines.is_empty()).then(|| load::load(goroutines, self.limits).ok()).flatten();
        let beside = Beside::read(goroutines.map(Loaded::in_order_of_time), &options, &files).unwrap_or_default();
        let analysis = compare::compare(
            &diff,
            Beside::of(beside.as_ref()),
            compare::Options { top: Some(ROWS), ..compare::Options::default() },
        );
        let shown = Beside::report(beside.as_ref(), &diff, &analysis);
        let mut page = shown.clone();
        page.details = Some(Details::new(&diff, &analysis, None, crate::export::MOST_BYTES));
        Ok((shown, page))
    }
}
