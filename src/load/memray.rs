//! The CSV of memray (`memray transform csv`): what Python and native code below it held at the peak, or with `--leaks` at
//! the end.
//!
//! In: a heading, then per stack `allocator,num_allocations,size,tid,thread_name,stack_trace`, whose frames are
//! `function;file;line`, the leaf first, between `|`. Out: `inuse_objects` and `inuse_space`. Invariant: values are exact, as
//! memray leaves nothing out; allocator and thread are labels.

use super::Format;
use super::text::{self, Grammar, Tables, decimal};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    name: "memray, CSV",
    recognises: |beginning| beginning.lines().next().is_some_and(|line| line.trim_end() == HEADING),
    decode: text::decode::<Memray>,
};

const HEADING: &str = "allocator,num_allocations,size,tid,thread_name,stack_trace";

#[derive(Default)]
struct Memray {
    has_heading: bool,
}

impl Grammar for Memray {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        if !self.has_heading {
            self.has_heading = true;
            tables.metrics(&[("inuse_objects", "count"), ("inuse_space", "bytes")]);
            tables.period("space", "bytes", 1);
            return Ok(());
        }
        if line.trim().is_empty() {
            return Ok(());
        }
        let [allocator, count, size, _, thread, stack] = fields(line).ok_or("this is no record of six fields")?;
        let (count, size) = decimal(&count).zip(decimal(&size)).ok_or("its count and size are no numbers")?;
        for frame in stack.split('|').filter(|frame| !frame.is_empty()) {
            let (rest, line) = frame.rsplit_once(';').ok_or("a frame is not of the form function;file;line")?;
            let (function, file) = rest.rsplit_once(';').ok_or("a frame is not of the form function;file;line")?;
            let function = tables.function(function, file);
            let location = tables.frame(0, function, decimal(line).unwrap_or_default());
            tables.push(location);
        }
        tables.label("allocator", &allocator);
        tables.label("thread", &thread);
        tables.end_sample(&[count, size])
    }

    fn end(self, is_cut: bool, _: &mut Tables) -> Result<(), String> {
        if is_cut { Err(text::cut_record()) } else { Ok(()) }
    }
}

/// The six fields of a record; those in quotes may hold commas, and quotes that stand twice.
fn fields(line: &str) -> Option<[String; 6]> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        match character {
            '"' => {
                // The second of two is one of the text.
                is_quoted = !is_quoted;
                let field = fields.last_mut()?;
                if is_quoted && field.ends_with('\u{0}') {
                    field.pop();
                    field.push('"');
                } else if !is_quoted {
                    field.push('\u{0}');
                }
            }
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut()?.push(other),
        }
    }
    fields.iter_mut().for_each(|field| field.retain(|character| character != '\u{0}'));
    fields.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn quoted_fields() {
        let of = |line: &str| fields(line).map(|fields| fields.join("|"));
        assert_eq!(of("MALLOC,1,2,3,main,f;a.py;1").as_deref(), Some("MALLOC|1|2|3|main|f;a.py;1"));
        assert_eq!(of(r#"A,1,2,3,"x, ""y""",z"#).as_deref(), Some(r#"A|1|2|3|x, "y"|z"#));
        assert_eq!(of(r#"A,1,2,3,"",z"#).as_deref(), Some("A|1|2|3||z"));
        assert_eq!(of("A,1,2"), None);
    }
}
