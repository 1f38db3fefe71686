//! The picture read back with an XML parser.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// One frame as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    pub depth: usize,
    /// Before, after, grown, shrunk.
    pub sums: [i64; 4],
    pub title: String,
    pub class: String,
    pub x: f64,
    pub width: f64,
    pub y: f64,
    pub text: String,
    pub hidden: bool,
}

impl Frame {
    /// The first line of the title.
    pub fn name(&self) -> &str {
        self.title.lines().next().unwrap_or_default()
    }
}

/// What a picture holds.
#[derive(Debug, Default)]
pub struct Picture {
    pub frames: Vec<Frame>,
    /// The texts above the frames.
    pub texts: Vec<String>,
    /// How often each element occurs.
    pub elements: HashMap<String, usize>,
    /// Names and values of all attributes.
    pub attributes: Vec<(String, String)>,
}

impl Picture {
    /// Parses a picture, which must be well-formed.
    #[track_caller]
    pub fn parse(svg: &str) -> Self {
        let mut reader = Reader::from_str(svg);
        reader.config_mut().check_end_names = true;
        let mut picture = Self::default();
        let mut inside: Vec<String> = Vec::new();
        let mut text = String::new();
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("at {}: {error}", reader.error_position())) {
                Event::Start(start) => {
                    picture.open(&start);
                    inside.push(name(&start));
                    text.clear();
                }
                Event::Empty(start) => picture.open(&start),
                Event::Text(piece) => text.push_str(&piece),
                Event::GeneralRef(reference) => match reference.resolve_char_ref().expect("a reference") {
                    Some(character) => text.push(character),
                    None => {
                        text.push_str(
                            quick_xml::escape::resolve_predefined_entity(&reference).expect("a known entity"),
                        );
                    }
                },
                Event::End(_) => {
                    let element = inside.pop().expect("an open element");
                    picture.close(&element, std::mem::take(&mut text));
                }
                Event::Eof => break,
                Event::DocType(_) | Event::PI(_) => panic!("the picture needs neither"),
                _ => {}
            }
        }
        assert!(inside.is_empty(), "not closed: {inside:?}");
        picture
    }

    /// The one frame with this name.
    #[track_caller]
    pub fn frame(&self, name: &str) -> &Frame {
        let mut found = self.frames.iter().filter(|frame| frame.name() == name);
        let frame = found.next().unwrap_or_else(|| panic!("no frame {name}"));
        assert!(found.next().is_none(), "several frames {name}");
        frame
    }

    fn open(&mut self, start: &BytesStart<'_>) {
        *self.elements.entry(name(start)).or_default() += 1;
        let attributes: HashMap<String, String> = start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.expect("a well-formed attribute");
                let key = attribute.key.as_ref().to_owned();
                (key, quick_xml::escape::unescape(&attribute.value).expect("escaped").into_owned())
            })
            .collect();
        self.attributes.extend(attributes.iter().map(|(key, value)| (key.clone(), value.clone())));
        let class = attributes.get("class").cloned().unwrap_or_default();
        let number = |key: &str| attributes[key].parse::<f64>().expect("a number");
        if let Some(data) = attributes.get("data-f") {
            let data: Vec<i64> = data.split(' ').map(|number| number.parse().expect("an integer")).collect();
            let sums = [data[1], data[2], data[3], data[4]];
            let frame = Frame { depth: data[0] as usize, sums, hidden: class == "hide", ..Frame::default() };
            self.frames.push(frame);
        } else if let (Some(frame), "rect") = (self.frames.last_mut(), name(start).as_str()) {
            (frame.class, frame.x, frame.y) = (class.replace(" thin", ""), number("x"), number("y"));
            frame.width = number("width");
        }
    }

    fn close(&mut self, element: &str, text: String) {
        match (self.frames.last_mut(), element) {
            (Some(frame), "title") => frame.title = text,
            (Some(frame), "text") => frame.text = text,
            (None, "text" | "title" | "desc") => self.texts.push(text),
            _ => {}
        }
    }
}

fn name(start: &BytesStart<'_>) -> String {
    start.name().as_ref().to_owned()
}
