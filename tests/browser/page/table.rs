//! Rows: clicked, searched, sorted; and what the graph does with them.

use super::*;

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
fn the_table_follows_the_metric_of_the_graph() {
    let files = Files::new();
    let Some(mut chrome) = http_body(&files) else { return };
    let whole = "[...document.querySelectorAll('#rows tr')].map(r => r.className + r.hidden + [...r.cells]\
                 .map(c => c.innerHTML + (c.dataset.v ?? '') + c.checkVisibility()).join('|')).join('\\n')";
    let before = chrome.text(whole);
    let cell = |name: &str, column: &str| format!("{}.querySelector('.{column}').textContent", row(name));
    choose(&mut chrome, "metric", "1");
    let inputs = [fixture("http-body/heap1.pb.gz"), fixture("http-body/heap3.pb.gz")];
    let report = run(&[&inputs[0], &inputs[1], "--sample-index", "inuse_objects", "-f", "json", "--top", "100"]).done();
    let report: serde_json::Value = serde_json::from_str(&report.stdout).expect("JSON");
    let mut compared = 0;
    for found in report["rows"].as_array().expect("rows") {
        let name = found["name"].as_str().expect("a name");
        if chrome.eval(&format!("!!({})", row(name))) != true {
            continue;
        }
        let growth = chrome.text(&format!("{}.querySelector('.growth').dataset.v", row(name)));
        assert_eq!(growth, found["flat"]["delta"].to_string(), "{name}");
        compared += 1;
    }
    assert!(compared > 10, "{compared} rows are in both");
    assert!(chrome.text(&cell(WRITER, "growth")).starts_with('+'));
    assert_eq!(chrome.text("document.querySelector('tr.total .change').textContent"), "272,125");
    assert_eq!(chrome.text("document.querySelector('#rows-title small').textContent"), "inuse_objects");
    let values =
        "[...document.querySelectorAll('#rows tbody tr')].map(r => Number(r.querySelector('.growth').dataset.v))";
    assert_eq!(chrome.eval(&format!("{values}.every((v, at, all) => !at || all[at - 1] >= v)")), true, "sorted anew");
    assert_eq!(
        chrome.eval("document.querySelector('td.objects').checkVisibility()"),
        false,
        "stands beside bytes only"
    );
    chrome.screenshot(&pictures().join("page-other-metric.png"));
    choose(&mut chrome, "metric", "0");
    assert_eq!(chrome.text(whole), before, "and back");
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
