//! What the script of the page does.

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

#[test]
fn a_click_on_a_row_zooms_the_graph_and_shows_the_stack() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    assert!(width_of(&mut chrome, READER) < 0.3);
    click(&mut chrome, &format!("{}.cells[1]", row(READER)));
    assert!(width_of(&mut chrome, READER) > 0.99);
    assert_eq!(width_of(&mut chrome, WRITER), 0.0, "what is elsewhere goes");
    let stack = chrome.text("document.querySelector('tr.unfold').innerText");
    let leaf = stack.lines().find(|line| line.contains(READER)).expect("the leaf").to_owned();
    assert!(leaf.contains("bufio/bufio.go:57"), "{stack}");
    assert!(stack.find(READER) < stack.find("dialConn"), "innermost first: {stack}");
    assert_eq!(text(&mut chrome, "zoomed"), READER);
    click(&mut chrome, &format!("{}.cells[1]", row(READER)));
    assert!(width_of(&mut chrome, READER) < 0.3, "the same row again closes it");
    assert_eq!(chrome.eval("document.querySelectorAll('tr.unfold').length"), 0);
    chrome.assert_quiet();
}

#[test]
fn a_row_with_several_call_paths_leads_through_all_of_them() {
    let files = Files::new();
    let Some(mut chrome) = scenario(&files, "large", &[1, 3]) else { return };
    click(&mut chrome, "document.querySelector('#rows tbody tr').cells[1]");
    assert!(text(&mut chrome, "zoomed").contains("call path 1 of "), "{}", text(&mut chrome, "zoomed"));
    click(&mut chrome, "document.querySelector('#next')");
    assert!(text(&mut chrome, "zoomed").contains("call path 2 of "));
    choose(&mut chrome, "order", "1");
    assert!(!text(&mut chrome, "zoomed").contains("call path"), "allocators on top: one place");
    assert!(width_of(&mut chrome, "example.com/shop/large/stock/repo.(*Repo).GetArticle") > 0.99);
    chrome.assert_quiet();
}

#[test]
fn a_search_filters_the_table_and_marks_the_graph() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    search(&mut chrome, "bufio");
    assert_eq!(rows(&mut chrome), [WRITER, READER], "rows that match stay");
    let marked = "[...document.querySelectorAll('.frame.match')].map(f => f.getAttribute('aria-label').split(', ')[0]).join(' ')";
    assert_eq!(chrome.text(marked), format!("{READER} {WRITER}"));
    let found = text(&mut chrome, "found");
    assert!(found.starts_with("2 of 17 rows, 2 frames: ") && found.ends_with("% of all change"), "{found}");

    chrome.eval("document.querySelector('#regexp').click()");
    search(&mut chrome, "^bufio\\.New(Re|Xx)");
    assert_eq!(rows(&mut chrome), [READER]);
    search(&mut chrome, "(");
    assert_eq!(text(&mut chrome, "found"), "This is not a valid pattern.");
    assert_eq!(chrome.text("document.querySelector('#search').getAttribute('aria-invalid')"), "true");

    chrome.key("Escape", 27, 0);
    assert_eq!(chrome.eval("document.querySelectorAll('.frame.match').length"), 0);
    assert_eq!(rows(&mut chrome).len(), 12, "the first rows, as before");
    chrome.assert_quiet();
}

#[test]
fn a_search_looks_in_files_too_and_small_letters_find_capitals() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    search(&mut chrome, "newwriter");
    assert_eq!(rows(&mut chrome), [WRITER]);
    search(&mut chrome, "tcpsock_posix.go");
    assert_eq!(rows(&mut chrome), ["net.sockaddrToTCP"]);
    search(&mut chrome, "nowhere to be found");
    assert_eq!(rows(&mut chrome), Vec::<String>::new());
    assert_eq!(text(&mut chrome, "found"), "0 of 17 rows, 0 frames: 0.0 % of all change");
    chrome.assert_quiet();
}

#[test]
fn columns_sort_both_ways() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let heading = |column: usize| format!("document.querySelector('#rows thead').rows[0].cells[{column}]");
    let values = |chrome: &mut Chrome, column: usize| -> Vec<f64> {
        let cells = format!(
            "[...document.querySelectorAll('#rows tbody tr')].map(r => r.cells[{column}].dataset.v).filter(Boolean).join(' ')"
        );
        chrome
            .text(&cells)
            .split(' ')
            .map(|value| value.replace("Infinity", "inf").parse().expect("a number"))
            .collect()
    };
    for column in [1, 2, 3, 4, 5] {
        for (order, sign) in [("descending", -1.0), ("ascending", 1.0)] {
            if column != 1 || order == "ascending" {
                click(&mut chrome, &format!("{}.firstChild", heading(column)));
            }
            assert_eq!(chrome.text(&format!("{}.getAttribute('aria-sort')", heading(column))), order);
            let values = values(&mut chrome, column);
            assert!(values.windows(2).all(|pair| sign * pair[0] <= sign * pair[1]), "{column} {order}: {values:?}");
        }
    }
    click(&mut chrome, &format!("{}.firstChild", heading(0)));
    let names = rows(&mut chrome);
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(chrome.eval("document.querySelectorAll('[aria-sort]').length"), 1);
    chrome.assert_quiet();
}

#[test]
fn all_rows_show_when_asked_for() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    assert_eq!(rows(&mut chrome).len(), 12);
    click(&mut chrome, "document.querySelector('#all')");
    assert_eq!(rows(&mut chrome).len(), 17);
    assert_eq!(chrome.eval("document.querySelector('#all').parentNode.hidden"), true);
    chrome.assert_quiet();
}

#[test]
fn metric_width_and_order_switch() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let all = frame("all stacks");
    let label = |chrome: &mut Chrome| chrome.text(&format!("{all}.getAttribute('aria-label')"));
    assert!(label(&mut chrome).contains("8.5 MiB → 46.6 MiB, +38.1 MiB (5.5×)"), "{}", label(&mut chrome));
    let growth = width_of(&mut chrome, WRITER);
    choose(&mut chrome, "width", "after");
    let after = width_of(&mut chrome, WRITER);
    assert!(after < growth, "{after} {growth}");
    choose(&mut chrome, "width", "before");
    assert_eq!(width_of(&mut chrome, READER), 0.0, "there was nothing before");
    choose(&mut chrome, "width", "max");
    choose(&mut chrome, "metric", "1");
    assert!(label(&mut chrome).contains("70,065 → 272,125"), "{}", label(&mut chrome));
    choose(&mut chrome, "metric", "0");
    choose(&mut chrome, "order", "1");
    let top = |name: &str| format!("{}.getAttribute('aria-level')", frame(name));
    assert_eq!(chrome.text(&top(WRITER)), "2", "the allocator stands below the root");
    assert_eq!(chrome.text(&top(DIAL)), "3", "and its caller below it");
    chrome.assert_quiet();
}

#[test]
fn a_click_on_a_frame_zooms_and_reset_goes_back() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let graph =
        |chrome: &mut Chrome| chrome.text("[...document.querySelectorAll('.frame')].map(f => f.outerHTML).join('')");
    let before = graph(&mut chrome);
    click(&mut chrome, &frame(DIAL));
    assert!(width_of(&mut chrome, DIAL) > 0.99 && width_of(&mut chrome, "all stacks") > 0.99);
    let stack = chrome.text("document.querySelector('#path').innerText");
    assert!(stack.contains("dialConn net/http/transport.go:") && stack.contains("startDialConnForLocked"), "{stack}");
    click(&mut chrome, "document.querySelector('#reset')");
    assert_eq!(graph(&mut chrome), before);
    assert_eq!(chrome.eval("document.querySelector('#reset').disabled"), true);
    chrome.assert_quiet();
}

#[test]
fn everything_is_reached_by_keyboard() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    chrome.key("/", 191, 0);
    assert_eq!(chrome.text("document.activeElement.id"), "search");
    let mut seen = Vec::new();
    for _ in 0..16 {
        chrome.key("Tab", 9, 0);
        seen.push(chrome.text(
            "document.activeElement.id || document.activeElement.className || document.activeElement.textContent",
        ));
    }
    for stop in ["regexp", "metric", "width", "order", "frame g8", "Growth", WRITER] {
        assert!(seen.iter().any(|id| id == stop), "Tab does not reach {stop}: {seen:?}");
    }

    chrome.eval(&format!("{}.querySelector('button').focus()", row(READER)));
    let outline = "getComputedStyle(document.activeElement).outlineStyle";
    chrome.key("Tab", 9, 0);
    assert_eq!(chrome.text(outline), "solid", "focus is seen");
    chrome.key("Tab", 9, 8);
    chrome.key(" ", 32, 0);
    assert_eq!(chrome.text(&format!("{}.querySelector('button').getAttribute('aria-expanded')", row(READER))), "true");
    assert!(width_of(&mut chrome, READER) > 0.99);

    chrome.eval("document.querySelector('#reset').click()");
    chrome.eval("document.querySelector('.frame').focus()");
    let focused = "document.activeElement.getAttribute('aria-label').split(', ')[0]";
    chrome.key("ArrowDown", 40, 0);
    let first = chrome.text(focused);
    assert_ne!(first, "all stacks");
    chrome.key("ArrowRight", 39, 0);
    assert_ne!(chrome.text(focused), first);
    chrome.key("ArrowLeft", 37, 0);
    assert_eq!(chrome.text(focused), first);
    chrome.key("Enter", 13, 0);
    assert_eq!(chrome.text(focused), first, "focus stays");
    assert!(width_of(&mut chrome, &first) > 0.99);
    chrome.key("Escape", 27, 0);
    assert!(width_of(&mut chrome, &first) < 0.99);
    chrome.assert_quiet();
}

#[test]
fn a_frame_says_all_of_itself() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    chrome.hover(&frame(WRITER));
    let tip = text(&mut chrome, "tip");
    for part in [
        WRITER,
        "bufio/bufio.go:599",
        "1.0 MiB → 14.1 MiB, +13.1 MiB (14.0×)",
        "objects 257 → 3,598",
        "% of all growth",
    ] {
        assert!(tip.contains(part), "no {part} in {tip}");
    }
    chrome.assert_quiet();
}

#[test]
fn nothing_overflows_a_small_screen() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    for name in ["http-body", "ticker", "large"] {
        let paths = [1, 2, 3].map(|number| fixture(&format!("{name}/heap{number}.pb.gz")));
        let page = files.path("leak.html");
        run(&["report", &paths[0], &paths[1], &paths[2], "-o", &page]).done();
        for width in [320, 400, 800] {
            chrome.size(width, 800);
            show(&mut chrome, &page);
            click(&mut chrome, "document.querySelector('#rows tbody tr').cells[1]");
            let wide = chrome.number("document.documentElement.scrollWidth");
            assert!(wide <= f64::from(width), "{name} at {width}: {wide}");
        }
    }
    chrome.assert_quiet();
}

#[test]
fn light_dark_small_and_printed() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let ground = "getComputedStyle(document.body).backgroundColor";
    let pages: [(&str, &[&str]); 4] = [
        ("http-body", &["http-body/heap1.pb.gz", "http-body/heap3.pb.gz"]),
        ("series", &["ticker/heap1.pb.gz", "ticker/heap2.pb.gz", "ticker/heap3.pb.gz"]),
        ("large", &["large/heap1.pb.gz", "large/heap3.pb.gz"]),
        ("unchanged", &["healthy/heap3.pb.gz", "healthy/heap3.pb.gz"]),
    ];
    for (name, inputs) in pages {
        let page = files.path("leak.html");
        let inputs: Vec<String> = inputs.iter().map(|input| fixture(input)).collect();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        run(&[&["report"], &inputs[..], &["-o", &page]].concat()).done();
        for (shot, width, scheme, color) in [
            ("light", 1280, "light", "rgb(255, 255, 255)"),
            ("dark", 1280, "dark", "rgb(21, 23, 26)"),
            ("small", 400, "light", "rgb(255, 255, 255)"),
        ] {
            chrome.color_scheme(scheme);
            chrome.size(width, 800);
            show(&mut chrome, &page);
            assert_eq!(chrome.text(ground), color);
            let height = chrome.number("document.documentElement.scrollHeight");
            chrome.size(width, height as u32);
            chrome.leave();
            chrome.screenshot(&pictures().join(format!("page-{name}-{shot}.png")));
        }
        chrome.size(1280, 800);
        chrome.pdf(&pictures().join(format!("page-{name}.pdf")));
    }
    chrome.assert_quiet();
}

#[test]
fn without_script_the_page_is_still_read() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let html = std::fs::read_to_string(files.path("leak.html")).expect("a page");
    // Another script is not let run by the page's own policy: it is as if there was none.
    let page =
        files.write("unscripted.html", html.replacen("'use strict';", "'use strict'; document.title = 'ran';", 1));
    chrome.open(Path::new(&page));
    assert_eq!(chrome.text("document.title"), "Live heap grew by 38.1 MiB (+447%)");
    assert_eq!(rows(&mut chrome).len(), 17, "all rows show");
    assert_eq!(chrome.eval("document.querySelector('.tools').checkVisibility()"), false);
    assert!(chrome.text("document.querySelector('.unscripted').innerText").contains("has not run"));
    let complaint = chrome.complaints.join("");
    assert!(complaint.contains("Content Security Policy"), "{complaint}");
}

#[test]
fn names_that_mean_harm_do_none() {
    let files = Files::new();
    let harm = [
        "</script><script>document.title='owned'</script>",
        "<img src=x onerror=document.title='owned'>",
        "' onmouseover='document.title=1",
        "<!--<script>",
    ];
    let stacks = |value: i64| {
        let values = [1, value, 1, value];
        let profile = Profile::new().stack("0;root", values).stack("1;root", values).stack("2;root", values);
        profile.stack("3;root", values).edit(|proto| {
            let place = |text: &String| text.parse().ok().filter(|at: &usize| *at < harm.len());
            proto
                .string_table
                .iter_mut()
                .for_each(|text| *text = place(text).map_or(text.clone(), |at| harm[at].into()));
        })
    };
    let (old, new) = (files.write("old.pb", stacks(1 << 10).encode()), files.write("new.pb", stacks(1 << 12).encode()));
    let Some(mut chrome) = open(&files, &[&old, &new]) else { return };
    click(&mut chrome, "document.querySelector('#rows tbody tr').cells[1]");
    search(&mut chrome, "<");
    assert_eq!(chrome.eval("document.scripts.length"), 2);
    assert_eq!(chrome.eval("document.images.length"), 0);
    assert_eq!(chrome.eval("document.title.startsWith('Live heap grew')"), true);
    let rows = rows(&mut chrome);
    assert!(harm.iter().filter(|name| name.contains('<')).all(|name| rows.iter().any(|row| row == name)), "{rows:?}");
    chrome.assert_quiet();
}

#[test]
fn pages_without_growth_samples_or_comparison_are_quiet() {
    let files = Files::new();
    let empty = files.write("empty.pb", Profile::new().encode());
    let heap = fixture("ticker/heap3.pb.gz");
    let Some(mut chrome) = open(&files, &[&heap, &heap]) else { return };
    assert!(text(&mut chrome, "flames").starts_with("Nothing changed in inuse_space."));
    choose(&mut chrome, "width", "after");
    assert!(width_of(&mut chrome, "all stacks") > 0.99);
    for inputs in [vec!["report", &heap], vec!["report", &empty, &empty], vec!["report", &heap, "--by", "stack"]] {
        let page = files.path("leak.html");
        run(&[&inputs[..], &["-o", &page]].concat()).done();
        show(&mut chrome, &page);
        if chrome.eval("document.querySelectorAll('#rows tbody tr').length > 0") == true {
            click(&mut chrome, "document.querySelector('#rows tbody tr').cells[1]");
            assert_eq!(chrome.eval("document.querySelectorAll('tr.unfold').length"), 1);
        }
    }
    chrome.assert_quiet();
}

#[test]
fn the_first_paint_comes_within_a_second() {
    let files = Files::new();
    let Some(mut chrome) = scenario(&files, "large", &[1, 3]) else { return };
    let paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1";
    let started = Instant::now();
    while chrome.number(paint) < 0.0 && started.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let painted = chrome.number(paint);
    assert!((0.0..1000.0).contains(&painted), "{painted} ms");
    chrome.assert_quiet();
}
