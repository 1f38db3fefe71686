//! The flame graph: switched, zoomed, walked by keyboard.

use super::*;

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
fn colours_are_those_of_the_svg() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    for scenario in ["http-body", "sawtooth", "warmup"] {
        let inputs = [2, 3].map(|number| fixture(&format!("{scenario}/heap{number}.pb.gz")));
        let page = files.path("leak.html");
        run(&["report", &inputs[0], &inputs[1], "-o", &page]).done();
        show(&mut chrome, &page);
        choose(&mut chrome, "width", "max");
        let frames = "[...document.querySelectorAll('.frame')].map(f => f.getAttribute('aria-label').split(', ')[0] + ' ' +\
                      [...f.classList].filter(c => /^([gs]\\d|fresh|lost)$/.test(c)).join(' ')).sort().join('\\n')";
        let drawn = chrome.text(frames);

        let svg = files.path("leak.svg");
        run(&["flame", &inputs[0], &inputs[1], "--width", "max", "-o", &svg]).done();
        chrome.open(Path::new(&svg));
        let frames = "[...document.querySelectorAll('#frames > g:not(.hide)')].map(g =>\
                      g.getAttribute('aria-label').split('\\n')[0] + ' ' + g.querySelector('rect').getAttribute('class')\
                      .replace(/^n(\\d)/, 'g$1 fresh').replace('gone', 'lost').replace(/^z$/, '')).sort().join('\\n')";
        assert_eq!(drawn, chrome.text(frames), "{scenario}");
    }
    chrome.assert_quiet();
}
