//! What the script of the picture does.

use std::path::{Path, PathBuf};

use crate::chrome::Chrome;
use crate::support::{Files, Profile, fixture, run};

/// The frames that are drawn, as an expression.
const SHOWN: &str = "Array.from(document.querySelectorAll('#frames > g')).filter(g => !g.classList.contains('hide'))";

/// The frame with this name, as an expression.
fn frame(name: &str) -> String {
    format!(
        "Array.from(document.querySelectorAll('#frames > g'))\
         .find(g => g.getAttribute('aria-label').split('\\n')[0] === '{name}')"
    )
}

fn rect(name: &str) -> String {
    format!("{}.querySelector('rect')", frame(name))
}

fn width_of(chrome: &mut Chrome, name: &str) -> f64 {
    chrome.number(&format!("Number({}.getAttribute('width'))", rect(name)))
}

fn is_hidden(chrome: &mut Chrome, name: &str) -> bool {
    chrome.eval(&format!("getComputedStyle({}).display === 'none'", frame(name))) == true
}

fn button(text: &str) -> String {
    format!("Array.from(document.querySelectorAll('#bar button')).find(b => b.textContent === '{text}')")
}

fn answer(chrome: &mut Chrome) -> String {
    chrome.text("document.querySelector('#bar output').value")
}

/// Where screenshots go.
fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target directory").join("browser");
    std::fs::create_dir_all(&folder).expect("the build folder is writable");
    folder
}

/// A browser with the flame graph of these inputs open.
fn open(files: &Files, inputs: &[&str], options: &[&str]) -> Option<Chrome> {
    let svg = files.path("leak.svg");
    run(&[&["flame"], inputs, &["-o", &svg], options].concat()).done();
    let mut chrome = Chrome::start()?;
    chrome.open(Path::new(&svg));
    Some(chrome)
}

fn http_body(files: &Files) -> Option<Chrome> {
    open(files, &[&fixture("http-body/heap1.pb.gz"), &fixture("http-body/heap3.pb.gz")], &[])
}

const DIAL: &str = "net/http.(*Transport).dialConn";

#[test]
fn a_click_zooms_and_reset_goes_back() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let before = chrome.text(&format!("{SHOWN}.map(g => g.innerHTML).join('')"));
    let narrow = width_of(&mut chrome, DIAL);
    chrome.click(&rect(DIAL));
    assert!(width_of(&mut chrome, DIAL) > narrow * 1.4);
    assert_eq!(width_of(&mut chrome, DIAL), 1260.0);
    assert_eq!(width_of(&mut chrome, "all stacks"), 1260.0, "callers stay, over the whole width");
    assert!(is_hidden(&mut chrome, "net/http.(*conn).serve"), "what is elsewhere goes");
    assert!(!is_hidden(&mut chrome, "bufio.NewWriterSize"));
    chrome.screenshot(&pictures().join("flame-zoomed.png"));
    chrome.click(&button("reset zoom"));
    chrome.leave();
    assert_eq!(chrome.text(&format!("{SHOWN}.map(g => g.innerHTML).join('')")), before);
    chrome.assert_quiet();
}

#[test]
fn a_search_marks_matches_and_says_their_share() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    chrome.key("f", 70, 2);
    chrome.type_text("dialconn");
    // Its callers' names match, too: dialConnFor and startDialConnForLocked hold all of it.
    let outermost = "net/http.(*Transport).startDialConnForLocked.func1";
    let share = width_of(&mut chrome, outermost) / width_of(&mut chrome, "all stacks") * 100.0;
    assert_eq!(answer(&mut chrome), format!("3 frames match: {share:.1} % of all change"));
    assert_eq!(chrome.number("document.querySelectorAll('#frames > g.hit').length"), 3.0);
    chrome.screenshot(&pictures().join("flame-search.png"));
    chrome.type_text("For$");
    assert_eq!(answer(&mut chrome), "0 frames match: 0.0 % of all change", "plain text is no pattern");
    chrome.click("document.querySelector('#bar input[type=checkbox]')");
    assert_eq!(chrome.number("document.querySelectorAll('#frames > g.hit').length"), 0.0, "capitals matter");
    chrome.eval("document.querySelector('#bar input[type=search]').value = ''");
    chrome.eval("document.querySelector('#bar input[type=search]').focus()");
    chrome.type_text("dialConn(For)?$");
    assert!(answer(&mut chrome).starts_with("2 frames match: "));
    chrome.type_text("(");
    assert_eq!(answer(&mut chrome), "not a valid pattern");
    chrome.key("Escape", 27, 0);
    assert_eq!(answer(&mut chrome), "");
    assert_eq!(chrome.number("document.querySelectorAll('#frames > g.hit').length"), 0.0);
    chrome.assert_quiet();
}

#[test]
fn the_width_is_switched_in_the_file_as_by_the_option() {
    let files = Files::new();
    let inputs = [fixture("sawtooth/heap2.pb.gz"), fixture("large/heap3.pb.gz")];
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let Some(mut chrome) = open(&files, &inputs, &[]) else { return };
    let geometry = format!(
        "{SHOWN}.map(g => g.getAttribute('data-l') + ' ' + Math.round(g.querySelector('rect').getAttribute('x')) + ' ' \
         + Math.round(g.querySelector('rect').getAttribute('width'))).join('\\n')"
    );
    for width in ["after", "before", "max", "growth"] {
        chrome.click(&button(width));
        chrome.leave();
        assert_eq!(chrome.text("document.querySelector('#bar [aria-pressed=true]').textContent"), width);
        let switched = chrome.text(&geometry);
        chrome.screenshot(&pictures().join(format!("flame-{width}.png")));
        let svg = files.path("option.svg");
        run(&[&["flame"], &inputs[..], &["-o", &svg, "--width", width]].concat()).done();
        let Some(mut other) = Chrome::start() else { return };
        other.open(Path::new(&svg));
        assert_eq!(switched, other.text(&geometry), "{width}");
    }
    chrome.assert_quiet();
}

/// The picture is laid out by the script as it was laid out in the file.
#[test]
fn the_script_draws_what_the_file_shows_without_it() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    chrome.size(1200, 800);
    let geometry = "Array.from(document.querySelectorAll('#frames > g')).map(g => g.classList.contains('hide') \
         ? 'hide' : Number(g.querySelector('rect').getAttribute('x')).toFixed(0) + ' ' \
         + g.querySelector('text').textContent).join('\\n')";
    chrome.eval("window.dispatchEvent(new Event('resize'))");
    let drawn = chrome.text(geometry);
    let svg = std::fs::read_to_string(files.path("leak.svg")).expect("the picture");
    let (head, rest) = svg.split_once("<script>").expect("a script");
    let (_, tail) = rest.split_once("</script>").expect("a script");
    let bare = files.write("bare.svg", format!("{head}{tail}"));
    chrome.open(Path::new(&bare));
    assert_eq!(chrome.text(geometry), drawn);
    chrome.screenshot(&pictures().join("flame-without-script.png"));
    chrome.assert_quiet();
}

#[test]
fn hovering_shows_the_whole_title() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    chrome.hover(&rect("bufio.NewWriterSize"));
    let tip = chrome.text("Array.from(document.querySelectorAll('#tip tspan')).map(t => t.textContent).join('\\n')");
    assert!(tip.starts_with("bufio.NewWriterSize\nbufio/bufio.go:"), "{tip}");
    assert!(tip.contains(" → ") && tip.contains("of all growth"), "{tip}");
    assert_eq!(tip, chrome.text(&format!("{}.getAttribute('aria-label')", frame("bufio.NewWriterSize"))));
    chrome.screenshot(&pictures().join("flame-tooltip.png"));
    chrome.assert_quiet();
}

/// What is drawn stands within the window and the picture.
fn assert_inside(chrome: &mut Chrome, element: &str, what: &str) {
    let outside = chrome.eval(&format!(
        "(() => {{ const r = ({element}).getBoundingClientRect(), p = document.documentElement.getBoundingClientRect(); \
         return [r.left, r.top, Math.min(innerWidth, p.right) - r.right, Math.min(innerHeight, p.bottom) - r.bottom] \
         .filter(gap => gap < -0.5); }})()"
    ));
    assert_eq!(outside, serde_json::json!([]), "{what}");
}

#[test]
fn tooltips_stay_inside_the_picture() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    for (width, height) in [(1280, 800), (400, 800), (400, 420)] {
        chrome.size(width, height);
        chrome.open(Path::new(&files.path("leak.svg")));
        // The right and the lower end of every frame that can be seen.
        let ends = chrome.eval(&format!(
            "{SHOWN}.map(g => g.querySelector('rect').getBoundingClientRect())\
             .filter(r => r.bottom < innerHeight && r.width > 2).map(r => [r.right - 1, r.bottom - 1])"
        ));
        let ends = ends.as_array().expect("ends");
        assert!(ends.len() > 3, "{ends:?}");
        for end in ends {
            let (x, y) = (end[0].as_f64().expect("x"), end[1].as_f64().expect("y"));
            chrome.point(x, y);
            assert_inside(&mut chrome, "document.querySelector('#tip')", &format!("{width}x{height}: {x} {y}"));
        }
        chrome.screenshot(&pictures().join(format!("flame-tooltip-{width}x{height}.png")));
    }
    chrome.assert_quiet();
}

/// The least contrast between a label and its frame, as WCAG counts it.
const CONTRAST: &str = "(shown => { const numbers = text => text.match(/[\\d.]+/g).map(Number); \
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4) \
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0); \
    const paper = numbers(getComputedStyle(document.querySelector('.bg')).fill); \
    return Math.min(...shown.map(g => { const rect = getComputedStyle(g.querySelector('rect')); \
        const fill = rect.fill.startsWith('url') ? paper : numbers(rect.fill); const part = Number(rect.fillOpacity); \
        const pair = [fill.map((c, at) => c * part + paper[at] * (1 - part)), numbers(getComputedStyle(g.querySelector('text')).fill)] \
            .map(light).sort((a, b) => b - a); \
        return (pair[0] + 0.05) / (pair[1] + 0.05) * (rect.fill.startsWith('url') ? 100 : 1); })); })";

#[test]
fn zoomed_ancestors_and_what_does_not_match_are_readable() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    for scheme in ["light", "dark"] {
        chrome.color_scheme(scheme);
        chrome.open(Path::new(&files.path("leak.svg")));
        chrome.click(&rect(DIAL));
        chrome.leave();
        let labels =
            chrome.text("Array.from(document.querySelectorAll('#frames > g.up')).map(g => g.textContent).join(' ')");
        assert!(labels.contains("startDialConnForLocked"), "{labels}");
        let contrast = chrome.number(&format!("{CONTRAST}({SHOWN})"));
        assert!(contrast >= 4.5, "{scheme}, zoomed: {contrast}");
        chrome.key("f", 70, 2);
        chrome.type_text("NewWriter");
        let contrast = chrome.number(&format!("{CONTRAST}({SHOWN})"));
        assert!(contrast >= 4.5, "{scheme}, searched: {contrast}");
        chrome.screenshot(&pictures().join(format!("flame-readable-{scheme}.png")));
    }
    chrome.assert_quiet();
}

#[test]
fn on_a_phone_the_picture_fits_its_width() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let texts = "Array.from(document.querySelectorAll('svg > text, #legend text, #bar > *'))";
    for width in [320, 400, 800, 1280] {
        chrome.size(width, 1200);
        chrome.open(Path::new(&files.path("leak.svg")));
        assert_eq!(chrome.number("document.documentElement.getBoundingClientRect().width"), f64::from(width));
        let right = chrome.number(&format!("Math.max(...{texts}.map(t => t.getBoundingClientRect().right))"));
        assert!(right <= f64::from(width), "{width}: {right}");
        chrome.click(&rect(DIAL));
        chrome.key("f", 70, 2);
        chrome.type_text("dial");
        // Nothing lies on anything else: lines of text, tools and frames follow each other.
        let overlaps = chrome.number(
            "(() => { const blocks = [...document.querySelectorAll('svg > text, #legend, #bar, #frames')]\
             .map(e => e.getBoundingClientRect()); \
             return blocks.slice(1).filter((b, at) => b.top < blocks[at].bottom - 4).length; })()",
        );
        assert_eq!(overlaps, 0.0, "{width}");
        chrome.screenshot(&pictures().join(format!("flame-{width}-wide.png")));
    }
    let svg = std::fs::read_to_string(files.path("leak.svg")).expect("the picture");
    let (head, rest) = svg.split_once("<script>").expect("a script");
    let (_, tail) = rest.split_once("</script>").expect("a script");
    let bare = files.write("bare.svg", format!("{head}{tail}"));
    chrome.size(400, 800);
    chrome.open(Path::new(&bare));
    assert_eq!(chrome.number("document.documentElement.getBoundingClientRect().width"), 400.0, "without script, too");
    chrome.assert_quiet();
}

#[test]
fn keys_walk_the_tree_and_zoom() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let focused = "document.activeElement.getAttribute('aria-label').split('\\n')[0]";
    chrome.eval("document.querySelector('#frames > g').focus()");
    chrome.key("ArrowDown", 40, 0);
    assert_eq!(chrome.text(focused), "net/http.(*Transport).startDialConnForLocked.func1");
    chrome.key("ArrowRight", 39, 0);
    assert_eq!(chrome.text(focused), "net/http.(*conn).serve");
    chrome.key("Enter", 13, 0);
    assert_eq!(width_of(&mut chrome, "net/http.(*conn).serve"), 1260.0);
    chrome.key("ArrowUp", 38, 0);
    assert_eq!(chrome.text(focused), "all stacks");
    chrome.key("Escape", 27, 0);
    assert!(width_of(&mut chrome, "net/http.(*conn).serve") < 1000.0);
    chrome.assert_quiet();
}

#[test]
fn names_that_mean_harm_do_none() {
    let files = Files::new();
    let names = [
        "</title></g><script>document.documentElement.id='owned'</script>",
        "\"/><image href=\"http://example.invalid/x.png\" onerror=\"document.documentElement.id='owned'\"/>",
        "]]></script><script>document.documentElement.id='owned'</script>",
    ];
    let profile = |value: i64| {
        names.iter().fold(Profile::new(), |profile, name| profile.stack(&name.replace(';', ""), [1, value, 1, value]))
    };
    let (old, new) = (files.write("old.pb", profile(64).encode()), files.write("new.pb", profile(4096).encode()));
    let Some(mut chrome) = open(&files, &[&old, &new], &["--title", names[2]]) else { return };
    chrome.hover("document.querySelectorAll('#frames rect')[1]");
    chrome.click("document.querySelectorAll('#frames rect')[2]");
    chrome.key("f", 70, 2);
    chrome.type_text("<script>");
    assert_eq!(chrome.text("document.documentElement.id"), "");
    assert_eq!(chrome.number("document.querySelectorAll('script').length"), 1.0);
    assert_eq!(chrome.number("document.querySelectorAll('image').length"), 0.0);
    chrome.assert_quiet();
}

#[test]
fn every_kind_of_picture_opens_without_complaint() {
    let files = Files::new();
    let heap = |scenario: &str, number: u8| fixture(&format!("{scenario}/heap{number}.pb.gz"));
    let cases: [(&str, Vec<String>, &[&str]); 7] = [
        ("global-cache", vec![heap("global-cache", 1), heap("global-cache", 3)], &[]),
        ("large", vec![heap("large", 1), heap("large", 3)], &["--width", "max"]),
        ("inverted", vec![heap("http-body", 1), heap("http-body", 3)], &["--inverted"]),
        ("warmup", vec![heap("warmup", 2), heap("warmup", 3)], &[]),
        ("sawtooth", vec![heap("sawtooth", 2), heap("sawtooth", 3)], &[]),
        ("unchanged", vec![heap("healthy", 2), heap("healthy", 2)], &[]),
        ("one", vec![heap("large", 3)], &[]),
    ];
    for (name, inputs, options) in cases {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let Some(mut chrome) = open(&files, &inputs, options) else { return };
        chrome.screenshot(&pictures().join(format!("flame-{name}.png")));
        chrome.color_scheme("dark");
        chrome.screenshot(&pictures().join(format!("flame-{name}-dark.png")));
        chrome.assert_quiet();
    }
}
