//! What the script of the page does, and what its tests share.

mod graph;
mod look;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::chrome::Chrome;
use crate::support::{Files, Profile, fixture, run};

/// Where screenshots go.
fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target directory").join("browser");
    std::fs::create_dir_all(&folder).expect("the build folder is writable");
    folder
}

/// A browser with the page of these inputs open and drawn.
fn open(files: &Files, inputs: &[&str]) -> Option<Chrome> {
    let page = files.path("leak.html");
    run(&[&["report"], inputs, &["-o", &page]].concat()).done();
    let mut chrome = Chrome::start()?;
    show(&mut chrome, &page);
    Some(chrome)
}

/// Opens a page and waits until its script has drawn the graph.
fn show(chrome: &mut Chrome, page: &str) {
    chrome.open(Path::new(page));
    let started = Instant::now();
    while chrome.eval("document.body.classList.contains('on')") != true {
        assert!(started.elapsed() < Duration::from_secs(30), "{page} is not drawn");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn scenario(files: &Files, scenario: &str, numbers: &[u8]) -> Option<Chrome> {
    let paths: Vec<String> = numbers.iter().map(|number| fixture(&format!("{scenario}/heap{number}.pb.gz"))).collect();
    open(files, &paths.iter().map(String::as_str).collect::<Vec<_>>())
}

fn http_body(files: &Files) -> Option<Chrome> {
    scenario(files, "http-body", &[1, 3])
}

/// The frame of this function, as an expression; the widest of several.
fn frame(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('.frame')].filter(f => f.getAttribute('aria-label').split(', ')[0] === '{name}')\
         .sort((a, b) => b.clientWidth - a.clientWidth)[0]"
    )
}

/// The width of a frame as a share of the graph.
fn width_of(chrome: &mut Chrome, name: &str) -> f64 {
    let frame = frame(name);
    chrome.number(&format!(
        "({frame}?.getBoundingClientRect().width ?? 0) / document.querySelector('#flames').clientWidth"
    ))
}

/// The row of this function, as an expression.
fn row(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('#rows tbody tr')].find(r => r.querySelector('button')?.textContent === '{name}')"
    )
}

/// The names of the rows that show, in order.
fn rows(chrome: &mut Chrome) -> Vec<String> {
    let names = "[...document.querySelectorAll('#rows tbody tr[data-row]')].filter(r => !r.hidden)\
                 .map(r => r.querySelector('button').textContent).join('\\n')";
    chrome.text(names).lines().map(str::to_owned).collect()
}

fn text(chrome: &mut Chrome, id: &str) -> String {
    chrome.text(&format!("document.querySelector('#{id}').textContent"))
}

fn choose(chrome: &mut Chrome, id: &str, value: &str) {
    chrome.eval(&format!(
        "(() => {{ const s = document.querySelector('#{id}'); s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()"
    ));
}

fn search(chrome: &mut Chrome, asked: &str) {
    chrome.click("document.querySelector('#search')");
    chrome.eval("document.querySelector('#search').select()");
    chrome.type_text(asked);
}

/// Brings an element into view and clicks on it.
fn click(chrome: &mut Chrome, element: &str) {
    chrome.eval(&format!("({element}).scrollIntoView({{block: 'center'}})"));
    chrome.click(element);
}

const READER: &str = "bufio.NewReaderSize";
const WRITER: &str = "bufio.NewWriterSize";
const DIAL: &str = "net/http.(*Transport).dialConn";
