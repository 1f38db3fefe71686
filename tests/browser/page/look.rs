//! What the page looks like, on every screen and without script; what it does with odd profiles.

use super::*;

/// A heap that carries the memory of its process, with goroutines.
const BESIDE: [&str; 5] = [
    "http-body/heap1.debug1.txt",
    "http-body/heap3.debug1.txt.gz",
    "--goroutines",
    "http-body/goroutine1.pb.gz",
    "http-body/goroutine3.pb.gz",
];

fn path_or_option(text: &str) -> String {
    if text.starts_with("--") { text.to_owned() } else { fixture(text) }
}

#[test]
fn nothing_overflows_a_small_screen() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let series = |name: &str| [1, 2, 3].map(|number| fixture(&format!("{name}/heap{number}.pb.gz"))).to_vec();
    let pages = [
        ("http-body", series("http-body")),
        ("ticker", series("ticker")),
        ("large", series("large")),
        ("beside", BESIDE.map(path_or_option).to_vec()),
    ];
    for (name, inputs) in pages {
        let page = files.path("leak.html");
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        run(&[&["report"], &inputs[..], &["-o", &page]].concat()).done();
        for width in [320, 400, 800] {
            chrome.size(width, 800);
            show(&mut chrome, &page);
            click(&mut chrome, "document.querySelector('#rows tbody tr').cells[1]");
            let wide = chrome.number("document.documentElement.scrollWidth");
            assert!(wide <= f64::from(width), "{name} at {width}: {wide}");
            let end = "(() => { const s = document.querySelector('.about .scroll'); s.scrollLeft = s.scrollWidth; \
                       return Math.max(...[...s.querySelectorAll('td')].map(cell => cell.getBoundingClientRect().right)); })()";
            let end = chrome.number(end);
            assert!(end <= f64::from(width), "{name} at {width}: the inputs scroll to their end: {end}");
        }
    }
    chrome.assert_quiet();
}

#[test]
fn light_dark_small_and_printed() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let ground = "getComputedStyle(document.body).backgroundColor";
    let pages: [(&str, &[&str]); 5] = [
        ("http-body", &["http-body/heap1.pb.gz", "http-body/heap3.pb.gz"]),
        ("series", &["ticker/heap1.pb.gz", "ticker/heap2.pb.gz", "ticker/heap3.pb.gz"]),
        ("large", &["large/heap1.pb.gz", "large/heap3.pb.gz"]),
        ("unchanged", &["healthy/heap3.pb.gz", "healthy/heap3.pb.gz"]),
        ("beside", &BESIDE),
    ];
    for (name, inputs) in pages {
        let page = files.path("leak.html");
        let inputs: Vec<String> = inputs.iter().map(|input| path_or_option(input)).collect();
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

/// The best of several: what else runs on the machine only ever adds to it.
#[test]
fn the_first_paint_comes_within_a_second() {
    const ATTEMPTS: usize = 8;
    let files = Files::new();
    let Some(mut chrome) = scenario(&files, "large", &[1, 3]) else { return };
    let mut best = first_paint(&mut chrome);
    for _ in 1..ATTEMPTS {
        if best < 1000.0 {
            break;
        }
        chrome.eval("location.reload()");
        std::thread::sleep(Duration::from_secs(2));
        best = best.min(first_paint(&mut chrome));
    }
    assert!(best < 1000.0, "{best} ms at best");
    chrome.assert_quiet();
}

/// Milliseconds from the start of loading to the first content on the screen.
fn first_paint(chrome: &mut Chrome) -> f64 {
    let paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1";
    let started = Instant::now();
    while chrome.number(paint) < 0.0 && started.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    match chrome.number(paint) {
        painted if painted >= 0.0 => painted,
        _ => f64::INFINITY,
    }
}
