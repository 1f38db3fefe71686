//! A page read back: its plain text, its data, what it is made of.

use regex::Regex;
use serde_json::Value;

/// The page without its own style and script, and without the hashes of both.
pub fn without_code(html: &str) -> String {
    let cut = |start: &str, end: &str, text: &str| {
        let (head, rest) = text.split_once(start).expect("a start");
        let (_, tail) = rest.split_once(end).expect("an end");
        format!("{head}{tail}")
    };
    let html = cut("<style>", "</style>", html);
    let (head, script) = html.rsplit_once("<script>").expect("a script");
    let (_, tail) = script.split_once("</script>").expect("the end of the script");
    Regex::new("sha256-[^']+").expect("a pattern").replace_all(&format!("{head}{tail}"), "sha256-").into_owned()
}

/// What the script works on.
pub fn data(html: &str) -> Value {
    let (_, rest) = html.split_once("id=\"data\">").expect("data");
    let (json, _) = rest.split_once("</script>").expect("the end of the data");
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// The text of what the pattern's first group matches, without tags.
#[track_caller]
pub fn text_of(html: &str, pattern: &str) -> String {
    let pattern = Regex::new(&format!("(?s){pattern}")).expect("a pattern");
    let found = pattern.captures(html).unwrap_or_else(|| panic!("no {pattern}"))[1].to_owned();
    plain(&found)
}

/// Markup as text.
pub fn plain(html: &str) -> String {
    let text = Regex::new("<[^>]*>").expect("a pattern").replace_all(html, "").into_owned();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// The sentences at the top.
#[track_caller]
pub fn summary(html: &str) -> String {
    text_of(html, r#"<p class="summary">(.*?)</p>"#)
}

/// The rows of the table: class and cells as text.
pub fn rows(html: &str) -> Vec<(String, Vec<String>)> {
    let row = Regex::new(r#"(?s)<tr data-row="\d+" class="(\w+)">(.*?)</tr>"#).expect("a pattern");
    let cell = Regex::new(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>").expect("a pattern");
    row.captures_iter(html)
        .map(|found| (found[1].to_owned(), cell.captures_iter(&found[2]).map(|cell| plain(&cell[1])).collect()))
        .collect()
}
