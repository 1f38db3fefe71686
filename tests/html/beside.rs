//! What stands beside the heap: the memory of the whole process, and the goroutines.

use crate::page::{plain, text_of};
use crate::support::{fixture, run};

/// The inputs of a leak that carry the memory of the process, and goroutines of the same moments.
fn inputs() -> Vec<String> {
    let path = |name: &str| fixture(&format!("http-body/{name}"));
    let heaps = [path("heap1.debug1.txt"), path("heap3.debug1.txt.gz")];
    let goroutines = [path("goroutine1.pb.gz"), path("goroutine3.pb.gz")];
    heaps.into_iter().chain(["--goroutines".to_owned()]).chain(goroutines).collect()
}

fn page(inputs: &[String], format: &[&str]) -> String {
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    run(&[&inputs, format].concat()).done().stdout
}

fn section(html: &str) -> String {
    let (_, rest) = html.split_once("<section class=\"beside\"").expect("the section");
    rest.split_once("</section>").expect("its end").0.to_owned()
}

#[test]
fn a_page_tells_of_goroutines_and_of_memory_what_markdown_tells() {
    let html = page(&inputs(), &["-f", "html"]);
    let section = section(&html);
    assert!(html.len() < 1 << 20, "{} bytes", html.len());
    assert!(section.starts_with(" aria-labelledby=\"beside-title\">"), "{section}");
    assert_eq!(text_of(&section, "<h2 id=\"beside-title\">(.*?)</h2>"), "Beside the heap");
    let text = plain(&section);
    for sentence in [
        "Goroutines: 404 → 4,404 (+4,000). Their stacks take at least 7.8 MiB more, which the heap profile does not show.",
        "Stacks grew by 15.6 MiB, which the heap profile does not show: goroutines.",
    ] {
        assert!(text.contains(sentence), "no {sentence:?} in {text}");
    }
    let markdown = page(&inputs(), &["-f", "markdown"]);
    let (_, table) = markdown.split_once("| memory |").expect("the memory");
    let lines: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(lines.len(), 7, "{markdown}");
    for line in lines {
        let [name, from_to, growth] = line[..] else { panic!("{line:?}") };
        let row = format!("<th scope=\"row\">{name}</th><td class=\"growth\">(.*?)</td><td class=\"change\">(.*?)<svg");
        assert_eq!(text_of(&section, &row), growth, "{name}");
        assert!(section.contains(&format!(">{from_to}<svg")), "{name}: no {from_to} in {section}");
    }
}

#[test]
fn one_of_the_two_stands_alone() {
    let all = inputs();
    let memory = page(&all[..2], &["-f", "html"]);
    assert!(section(&memory).contains("<table>") && !section(&memory).contains("Goroutines:"));
    let heaps = ["heap1.pb.gz", "heap3.pb.gz"].map(|name| fixture(&format!("http-body/{name}")));
    let goroutines = page(&[&heaps[..], &all[2..]].concat(), &["-f", "html"]);
    assert!(section(&goroutines).contains("Goroutines:") && !section(&goroutines).contains("<table>"));
    assert!(!page(&heaps, &["-f", "html"]).contains("class=\"beside\""), "nothing is said where nothing is known");
}
