//! The screen of `leakdiff watch`, driven through tmux as a person would.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::has;
use crate::server::Server;
use crate::support::{Files, fixture, run};

/// A terminal, as long as the test runs.
struct Tmux {
    socket: String,
}

impl Tmux {
    /// A window of this size, in which a shell runs.
    fn start(width: u16, height: u16) -> Option<Self> {
        if !has("tmux", "-V") {
            return None;
        }
        let address = std::ptr::from_ref(&width) as usize;
        let tmux = Self { socket: format!("leakdiff-{}-{address:x}-{width}x{height}", std::process::id()) };
        let (width, height) = (width.to_string(), height.to_string());
        tmux.call(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            &width,
            "-y",
            &height,
            "env",
            "PS1=$ ",
            "TERM=screen-256color",
            "LC_ALL=C.UTF-8",
            "sh",
        ]);
        tmux.shows("$");
        Some(tmux)
    }

    fn call(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.socket]).args(args).output().expect("tmux");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn run(&self, command: &str) {
        self.call(&["send-keys", "-l", command]);
        self.press("Enter");
    }

    fn press(&self, key: &str) {
        self.call(&["send-keys", key]);
    }

    fn screen(&self) -> String {
        self.call(&["capture-pane", "-p"])
    }

    /// Waits until the screen shows a text; returns it.
    #[track_caller]
    fn shows(&self, text: &str) -> String {
        self.becomes(text, |screen| screen.contains(text))
    }

    #[track_caller]
    fn becomes(&self, what: &str, is: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let screen = self.screen();
            if is(&screen) {
                return screen;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "not {what}:\n{screen}");
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &self.socket, "kill-server"]).output();
    }
}

const LEAKDIFF: &str = env!("CARGO_BIN_EXE_leakdiff");

/// A folder with a series.
fn series(files: &Files) -> String {
    let folder = files.path("series");
    std::fs::create_dir(&folder).expect("a folder");
    for number in 1..=3 {
        for kind in ["heap", "goroutine"] {
            let name = format!("{kind}{number}.pb.gz");
            std::fs::copy(fixture(&format!("goroutine-blocked/{name}")), format!("{folder}/{name}")).expect("a copy");
        }
    }
    folder
}

#[test]
fn a_folder_fills_the_screen_and_the_keys_work() {
    let Some(tmux) = Tmux::start(110, 30) else { return };
    let files = Files::new();
    let folder = series(&files);
    let page = files.path("page.html");
    tmux.run(&format!(
        "stty -a > {0}; {LEAKDIFF} watch {folder} -o {page}; stty -a | diff - {0} && echo AS-''FOUND",
        files.path("stty")
    ));
    let screen = tmux.shows("LIKELY LEAKS");
    for text in [
        "inuse_space",
        "3 snapshots",
        "GROWTH",
        "SLOPE",
        "HISTORY",
        "COURSE",
        "quotes.(*Desk).ask",
        "growing",
        "sort:growth",
    ] {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
    assert!(!screen.contains("AS-FOUND") && !screen.contains("stty"), "it has a screen of its own");
    let first = |screen: &str| {
        let mut lines = screen.lines().skip_while(|line| !line.contains("FUNCTION"));
        lines.nth(1).unwrap_or_default().to_owned()
    };
    let by_growth = first(&screen);
    tmux.press("s");
    tmux.shows("sort:slope");
    tmux.press("s");
    tmux.press("s");
    let by_name = tmux.shows("sort:name");
    let mut rows = by_name.lines().skip_while(|line| !line.contains("FUNCTION"));
    let column = rows.next().and_then(|heading| heading.find("FUNCTION")).expect("a heading");
    // Below them is a line without the column.
    let names: Vec<String> = rows
        .map_while(|row| row.get(..1).filter(|start| *start == " ").map(|_| row.chars().skip(column).collect()))
        .collect();
    assert!(names.len() > 1 && names.is_sorted(), "{names:?}");
    assert!(by_growth.contains("quotes.(*Desk).ask"), "{by_growth}");
    tmux.press("/");
    tmux.call(&["send-keys", "-l", "DESK"]);
    tmux.press("Enter");
    let filtered = tmux.becomes("filtered", |screen| screen.contains(":DESK") && first(screen).contains("Desk"));
    assert!(!filtered.contains("crc32"), "{filtered}");
    tmux.press("Enter");
    let stack = tmux.shows("heaviest stack");
    assert!(stack.contains("goroutine-blocked/quotes.(*Desk).ask"), "{stack}");
    tmux.press("q");
    tmux.becomes("closed", |screen| screen.contains("AS-FOUND"));
    assert!(!tmux.screen().contains("LIKELY LEAKS"), "the screen is as it was");
}

#[test]
fn the_metric_changes_and_the_report_is_written() {
    let Some(tmux) = Tmux::start(100, 24) else { return };
    let files = Files::new();
    let (folder, page) = (series(&files), files.path("page.html"));
    tmux.run(&format!("{LEAKDIFF} watch {folder} -o {page}"));
    tmux.shows("LIKELY LEAKS");
    tmux.press("m");
    tmux.becomes("another metric", |screen| !screen.contains("inuse_space  "));
    tmux.press("w");
    tmux.shows("written:");
    assert!(std::fs::read_to_string(&page).expect("a page").contains("<html"));
    tmux.press("?");
    tmux.shows("its heaviest stack");
    tmux.press("x");
    tmux.becomes("closed", |screen| !screen.contains("its heaviest stack"));
    tmux.press("C-c");
    tmux.becomes("left", |screen| !screen.contains("GROWTH"));
}

#[test]
fn it_follows_a_process_and_the_size_of_its_window() {
    let Some(server) = Server::shared() else { return };
    let Some(tmux) = Tmux::start(120, 24) else { return };
    tmux.run(&format!("{LEAKDIFF} watch {} --every 1s", server.address("plain")));
    let screen = tmux.shows("4 snapshots");
    assert!(screen.contains("main.remember") && screen.contains("COURSE"), "{screen}");
    tmux.call(&["resize-window", "-x", "60", "-y", "12"]);
    let narrow = tmux.becomes("narrow", |screen| !screen.contains("COURSE") && screen.contains("FUNCTION"));
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
    assert!(narrow.lines().next().is_some_and(|line| line.starts_with("leakdiff watch")), "{narrow}");
    tmux.press("q");
    tmux.becomes("left", |screen| !screen.contains("FUNCTION"));
}

#[test]
fn a_server_that_is_gone_is_said_and_waited_for() {
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string();
    let Some(tmux) = Tmux::start(120, 20) else { return };
    tmux.run(&format!("{LEAKDIFF} watch {free} --every 1s --retries 0"));
    tmux.shows("connection refused; tried again in");
    let Some(_server) = Server::start(&["-plain", &free]) else { return };
    tmux.shows("3 snapshots");
    tmux.press("q");
}

/// What runs in the terminal of the next test.
#[test]
fn panics_where_it_is_asked_to() {
    if std::env::var_os("LEAKDIFF_PANICS").is_some() {
        let _terminal = leakdiff::watch::Terminal::enter().expect("a terminal");
        panic!("on purpose");
    }
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was() {
    let Some(tmux) = Tmux::start(100, 30) else { return };
    let files = Files::new();
    let (stty, test) = (files.path("stty"), std::env::current_exe().expect("a path"));
    let test = format!(
        "RUST_BACKTRACE=0 LEAKDIFF_PANICS=1 {} --nocapture --exact watch::panics_where_it_is_asked_to",
        test.display()
    );
    tmux.run(&format!("echo BEFORE; stty -a > {stty}; {test}; stty -a | diff - {stty} && echo AS-''FOUND"));
    let screen = tmux.shows("AS-FOUND");
    assert!(screen.contains("BEFORE") && screen.contains("on purpose"), "{screen}");
}

#[test]
fn once_is_for_scripts() {
    let files = Files::new();
    let folder = series(&files);
    let text = run(&["watch", &folder, "--once"]).done().stdout;
    assert!(text.contains("LIKELY LEAKS") && text.contains("quotes.(*Desk).ask"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains("q quit") && text.ends_with('\n'));
    let narrow = run(&["watch", &folder, "--once", "--columns", "60", "--ascii"]).done().stdout;
    assert!(narrow.is_ascii() && narrow.lines().all(|line| line.len() <= 60), "{narrow}");
    run(&["watch", &folder]).failed(&["for a terminal", "--once"]);
    run(&["watch", "nowhere", "--once"]).failed(&["nowhere: neither a folder nor a URL"]);
    run(&["watch", &files.path(""), "--once"]).failed(&["there is no heap*.pb.gz"]);
    let Some(server) = Server::shared() else { return };
    let text = run(&["watch", server.address("plain"), "--once", "--every", "500ms"]).done().stdout;
    assert!(text.contains("2 snapshots") && text.contains("main.remember"), "{text}");
}
