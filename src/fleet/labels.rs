//! Which host, service and time a profile is of, by where its file lies.
//!
//! In: a pattern such as `{service}/{host}/{time}`, and paths below a folder. Out: labels. Invariant: a pattern fits whole
//! elements of a path from its beginning on; what does not fit has no labels.
//! Knows no files.

use thiserror::Error;

/// A pattern of labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The elements of a path, each in its parts.
    elements: Vec<Vec<Part>>,
}

/// A part of an element of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The value of the label of this name: at least one character.
    Label(String),
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Malformed {
    /// A brace has no partner.
    #[error("a brace is not closed; write for example {{service}}/{{host}}/{{time}}")]
    Brace,
    /// Two labels stand side by side, so that nobody can tell where one ends.
    #[error("two labels stand side by side: put a character between them")]
    Touching,
    /// It does not say which part is the host.
    #[error("it has no {{host}}: growth is told host by host")]
    NoHost,
}

/// The labels of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels {
    /// The service; empty where nothing says.
    pub service: String,
    /// The host, pod or instance.
    pub host: String,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Where braces do not match, labels touch, or none is the host.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let elements: Vec<Vec<Part>> = text.trim_matches('/').split('/').map(parts).collect::<Result<_, _>>()?;
        let has_host = elements.iter().flatten().any(|part| *part == Part::Label("host".to_owned()));
        if has_host { Ok(Self { elements }) } else { Err(Malformed::NoHost) }
    }

    /// The labels of a file at this path below the folder, without its ending; `None` where the pattern does not fit.
    pub fn labels(&self, path: &str) -> Option<Labels> {
        let elements: Vec<&str> = path.split(['/', '\\']).collect();
        let mut labels = Labels::default();
        for (element, parts) in elements.get(..self.elements.len())?.iter().zip(&self.elements) {
            fit(element, parts, &mut labels)?;
        }
        Some(labels)
    }
}

/// The labels of a file where no pattern was given: its folder is its host, the one above that its service.
pub fn by_folder(path: &str, root: &str) -> Labels {
    let mut folders = path.rsplit(['/', '\\']).skip(1);
    let host = folders.next().unwrap_or(root).to_owned();
    Labels { host, service: folders.next().unwrap_or_default().to_owned() }
}

fn parts(element: &str) -> Result<Vec<Part>, Malformed> {
    let mut parts = Vec::new();
    let mut rest = element;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, label) = rest.split_at(at);
        let label = label.strip_prefix('{').ok_or(Malformed::Brace)?;
        let (name, after) = label.split_once('}').ok_or(Malformed::Brace)?;
        match (text.is_empty(), parts.last()) {
            (true, Some(Part::Label(_))) => return Err(Malformed::Touching),
            (true, _) => {}
            (false, _) => parts.push(Part::Text(text.to_owned())),
        }
        parts.push(Part::Label(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(parts)
}

/// Takes the labels out of an element that has to fit whole; a label reaches as far as to what follows it.
fn fit(element: &str, parts: &[Part], labels: &mut Labels) -> Option<()> {
    let mut rest = element;
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Text(text) => rest = rest.strip_prefix(text.as_str())?,
            Part::Label(name) => {
                let end = match parts.peek() {
                    Some(Part::Text(text)) => rest.find(text.as_str())?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at(end);
                if value.is_empty() {
                    return None;
                }
                match name.as_str() {
                    "host" => value.clone_into(&mut labels.host),
                    "service" => value.clone_into(&mut labels.service),
                    _ => {}
                }
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pattern: &str, path: &str) -> Option<(String, String)> {
        let labels = Pattern::parse(pattern).expect("a pattern").labels(path)?;
        Some((labels.service, labels.host))
    }

    #[test]
    fn labels_are_elements_of_a_path_or_parts_of_them() {
        let told = |service: &str, host: &str| Some((service.to_owned(), host.to_owned()));
        assert_eq!(labels("{service}/{host}/{time}", "cart/pod-7/heap.20260101"), told("cart", "pod-7"));
        assert_eq!(labels("{host}", "pod-7/heap"), told("", "pod-7"));
        assert_eq!(labels("prod-{service}/{host}_{time}", "prod-cart/pod-7_1200"), told("cart", "pod-7"));
        assert_eq!(labels("{service}/{host}/{time}", "cart/pod-7"), None, "too short");
        assert_eq!(labels("prod/{host}/{time}", "test/pod-7/1"), None);
    }

    #[test]
    fn malformed_patterns_say_what_is_wrong() {
        for (pattern, wrong) in [
            ("{host", Malformed::Brace),
            ("host}", Malformed::Brace),
            ("{service}{host}", Malformed::Touching),
            ("{service}/{time}", Malformed::NoHost),
        ] {
            assert_eq!(Pattern::parse(pattern), Err(wrong), "{pattern}");
        }
    }

    #[test]
    fn without_a_pattern_folders_tell() {
        assert_eq!(by_folder("cart/pod-7/heap1", "profiles"), Labels { service: "cart".into(), host: "pod-7".into() });
        assert_eq!(by_folder("heap1", "profiles"), Labels { service: String::new(), host: "profiles".into() });
    }
}
