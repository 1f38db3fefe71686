//! Readers of what is written that we did not write: an XML parser, an HTML parser.
//!
//! In: a document. Out: nothing, or a panic with what is wrong and the document. Knows nothing of what it is about.

use html5ever::ParseOpts;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Reads a document to its end: every element is closed, and no character stands there that XML does not have.
pub fn read_xml(text: &str) {
    let mut reader = Reader::from_str(text);
    let mut open = 0_usize;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}")) {
            Event::Start(tag) => {
                read_attributes(&tag, text);
                open += 1;
            }
            Event::Empty(tag) => read_attributes(&tag, text),
            Event::End(_) => open -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0, "every element is closed: {text}");
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let bad = text.chars().find(|character| !is_allowed(*character));
    assert_eq!(bad, None, "no character that XML does not have: {text}");
}

fn read_attributes(tag: &BytesStart<'_>, text: &str) {
    for attribute in tag.attributes() {
        attribute.unwrap_or_else(|error| panic!("{error}: {text}"));
    }
}

/// Reads a page as a browser does; there must be nothing that a browser would have to repair.
pub fn read_html(text: &str) {
    let page = html5ever::parse_document(RcDom::default(), ParseOpts::default()).one(text);
    let errors = page.errors.borrow();
    assert!(errors.is_empty(), "{errors:?}: {text}");
    let (mut scripts, mut unexpected) = (0, Vec::new());
    visit(&page.document, &mut |name, attributes| {
        scripts += usize::from(name == "script");
        let is_foreign = matches!(name, "img" | "iframe" | "object" | "embed" | "link" | "base" | "form" | "a");
        let runs = |attribute: &String| attribute.starts_with("on") || attribute == "src" || attribute == "href";
        if is_foreign || attributes.iter().any(runs) {
            unexpected.push(name.to_owned());
        }
    });
    assert_eq!((scripts, unexpected), (2, Vec::<String>::new()), "{text}");
}

fn visit(node: &Handle, see: &mut impl FnMut(&str, &[String])) {
    // A stack of its own: a page may be nested deeper than a thread's.
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes: Vec<String> =
                attrs.borrow().iter().map(|attribute| attribute.name.local.to_string()).collect();
            see(&name.local, &attributes);
        }
        open.extend(node.children.borrow().iter().cloned());
    }
}
