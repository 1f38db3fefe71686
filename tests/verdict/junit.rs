//! JUnit XML, read by quick-junit, and held against what the schema of Jenkins allows of each element.

use leakdiff::report::{Outcome, Report};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::{hostile, render, world};

type Names = &'static [&'static str];

/// Elements with the attributes they must have, those they may have, and their parents: the part of Jenkins'
/// `junit-10.xsd` that is used.
const ELEMENTS: &[(&str, Names, Names, Names)] = &[
    ("testsuites", &[], &["name", "time", "tests", "failures", "errors"], &[""]),
    ("testsuite", &["name", "tests", "failures", "errors"], &["skipped", "time", "timestamp"], &["testsuites"]),
    ("properties", &[], &[], &["testsuite"]),
    ("property", &["name", "value"], &[], &["properties"]),
    ("testcase", &["name"], &["classname", "time", "group"], &["testsuite"]),
    ("failure", &[], &["message", "type"], &["testcase"]),
    ("skipped", &[], &["message", "type"], &["testcase"]),
    ("system-out", &[], &[], &["testcase", "testsuite"]),
];

#[track_caller]
fn assert_valid(xml: &str) {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<String> = vec![String::new()];
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml}")) {
            Event::Start(tag) => open.push(element(&tag, open.last().expect("a parent"))),
            Event::Empty(tag) => drop(element(&tag, open.last().expect("a parent"))),
            Event::End(_) => drop(open.pop()),
            Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => panic!("not ours: {xml}"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, [""], "every element is closed");
    let is_allowed = |c: char| c == '\n' || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let bad = xml.chars().find(|character| !is_allowed(*character));
    assert_eq!(bad, None, "no character that XML does not have");
}

fn element(tag: &BytesStart<'_>, parent: &str) -> String {
    let name = tag.name().as_ref().to_owned();
    let known = ELEMENTS.iter().find(|(known, ..)| *known == name);
    let (_, required, optional, parents) = known.unwrap_or_else(|| panic!("no element {name}"));
    assert!(parents.contains(&parent), "{name} in {parent}");
    let attributes: Vec<String> =
        tag.attributes().map(|attribute| attribute.expect("well-formed").key.as_ref().to_owned()).collect();
    assert!(required.iter().all(|name| attributes.iter().any(|is| is == name)), "{name}: {attributes:?}");
    let is_known = |attribute: &String| required.iter().chain(*optional).any(|name| name == attribute);
    assert!(attributes.iter().all(is_known), "{name}: {attributes:?}");
    name
}

/// What quick-junit reads: the root and the cases of its one suite.
#[track_caller]
fn read(report: &Report) -> (quick_junit::Report, Vec<TestCase>) {
    let xml = render("junit", report);
    assert_valid(&xml);
    let root = quick_junit::Report::deserialize_from_str(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    assert_eq!(root.test_suites.len(), 1);
    let cases = root.test_suites[0].test_cases.clone();
    (root, cases)
}

/// Type, message and description of a failure.
#[track_caller]
fn failure(case: &TestCase) -> (&str, &str, &str) {
    let TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, message, ty, description, .. } = &case.status
    else {
        panic!("no failure: {case:?}")
    };
    let texts = [ty, message, description].map(|text| text.as_ref().map_or("", |text| text.as_str()));
    (texts[0], texts[1], texts[2])
}

#[test]
fn a_case_for_each_check() {
    let (root, cases) = read(&world::failed());
    assert_eq!((root.tests, root.failures, root.errors), (4, 3, 0));
    let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "max-growth 5MiB|10% (total, inuse_space)",
            "max-objects 100000 (total, inuse_objects)",
            "per-stack 1MiB (stack, inuse_space)",
            "limit 2MiB (example.com/shop/pages/**, inuse_space)",
        ]
    );
    let (kind, message, text) = failure(&cases[0]);
    assert_eq!((kind, message), ("max-growth", "inuse_space of total grew by 17 MiB since main: the limit is 5MiB"));
    let all = [
        "compared with main: 40.0 → 57.0 MiB",
        "evidence: certain, 95% interval +14.0 MiB to +20.0 MiB",
        "+9.0 MiB in example.com/shop/cart.(*Cart).Add (example.com/shop/cart/cart.go:31)",
        "  likely on behalf of example.com/shop/upstream.(*Client).Price (example.com/shop/upstream/price list.go:88)",
        "  fingerprint: 00112233445566aa",
        "  suspect: http-body-not-closed",
        "    example.com/shop/api.add",
    ];
    for line in all {
        assert!(text.lines().any(|known| known == line), "no {line:?} in: {text}");
    }
    assert!(matches!(cases[1].status, TestCaseStatus::Success { .. }), "{:?}", cases[1]);
    let (kind, _, text) = failure(&cases[2]);
    assert_eq!(kind, "inconclusive");
    assert!(text.contains("would settle it"), "{text}");
    assert_eq!(failure(&cases[3]).0, "limit", "a breach without culprits");
}

#[test]
fn an_inconclusive_check_is_as_red_as_the_run() {
    for result in [Outcome::Inconclusive, Outcome::Fail] {
        let (root, cases) = read(&world::inconclusive(result));
        assert_eq!((root.failures, failure(&cases[0]).0), (1, "inconclusive"), "{result:?}");
    }
    let (root, cases) = read(&world::inconclusive(Outcome::Pass));
    assert_eq!((root.failures, root.test_suites[0].skipped), (0, 1));
    let TestCaseStatus::Skipped { description, .. } = &cases[0].status else { panic!("{cases:?}") };
    assert!(description.as_ref().is_some_and(|text| text.as_str().contains("would settle it")), "{description:?}");
}

#[test]
fn a_gate_that_passed() {
    let (root, cases) = read(&world::passed());
    assert_eq!((root.tests, root.failures, cases.len()), (1, 0, 1));
}

#[test]
fn no_name_is_markup() {
    for name in hostile::all() {
        let (root, cases) = read(&world::hostile(&name));
        assert_eq!((root.tests, cases.len()), (4, 4), "{name:?}");
        let is_plain = name.chars().all(|c| matches!(c, ' '..='~')) && name.len() < 300;
        if is_plain && !name.trim().is_empty() {
            assert!(failure(&cases[0]).2.contains(&format!(" in {name} ({name}:")), "{name:?} in {:?}", cases[0]);
        }
    }
}
