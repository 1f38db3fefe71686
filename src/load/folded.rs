//! Folded stacks: a line per stack, `root;child;leaf 4096`, as async-profiler (`-o collapsed`), heaptrack
//! (`heaptrack_print -F`), inferno and many others write them; with two numbers, before and after, as our own export and
//! `difffolded.pl` do.
//!
//! In: lines. Out: one metric; of two numbers two snapshots. Invariant: the text does not say what is counted, so that it is
//! taken for bytes in use, and said so; of a file after a frame (`name (file.c:12)`) the file is told apart from the name.

use crate::model::folded::unfolded;

use super::Format;
use super::text::{self, Grammar, Tables};
use super::warning::unstated_metric;

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format { name: "folded stacks", recognises, decode: text::decode::<Folded> };

/// How many lines have to look like stacks.
const LOOKED_AT: usize = 10;
/// What our own export calls the stack of samples without one.
const NO_STACK: &str = "(no stack)";

/// Whether the first lines are all stacks with numbers, of which one at least has several frames.
fn recognises(beginning: &str) -> bool {
    // The last one may be cut, where it is not all there is.
    let whole = beginning.rfind('\n').map_or(beginning, |end| beginning.get(..end).unwrap_or_default());
    let lines = whole.lines().filter(|line| !is_remark(line)).take(LOOKED_AT);
    let mut stacks = lines.map(split).peekable();
    stacks.peek().is_some() && {
        let stacks: Option<Vec<_>> = stacks.collect();
        stacks.is_some_and(|stacks| stacks.iter().any(|(stack, _)| stack.contains(';')))
    }
}

fn is_remark(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

/// A stack and its numbers, of which there are one or two.
fn split(line: &str) -> Option<(&str, Vec<&str>)> {
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (rest, last) = line.trim_end().rsplit_once(' ').filter(|(_, last)| is_number(last))?;
    let before = rest.rsplit_once(' ').filter(|(_, before)| is_number(before));
    let (stack, numbers) = before.map_or((rest, vec![last]), |(stack, before)| (stack, vec![before, last]));
    // heaptrack ends each stack with a frame of no name.
    let stack = stack.trim_end_matches([';', ' ']);
    (!stack.is_empty()).then_some((stack, numbers))
}

#[derive(Default)]
struct Folded {
    /// How many numbers stand on each line; 0 before the first.
    columns: usize,
}

impl Grammar for Folded {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        if is_remark(line) {
            return Ok(());
        }
        let (stack, numbers) = split(line).ok_or("this is no stack of the form root;child;leaf NUMBER")?;
        let value = |number: &&str| text::decimal(number).ok_or_else(|| format!("the number {number} is too large"));
        let values = numbers.iter().map(value).collect::<Result<Vec<i64>, String>>()?;
        if self.columns == 0 {
            self.columns = values.len();
            // Two moments of one metric are told apart once all is read.
            tables.metrics(if values.len() == 2 { &[("before", "bytes"), ("after", "bytes")] } else { &[METRIC] });
        }
        if values.len() != self.columns {
            return Err(format!("{} numbers, where the lines above have {}", values.len(), self.columns));
        }
        let is_java = is_java(stack);
        for (index, frame) in stack.rsplit(';').filter(|_| stack != NO_STACK).enumerate() {
            let name = unfolded(frame).unwrap_or_else(|| frame.to_owned());
            let name = if is_java { java_name(&name) } else { name };
            if is_java && index == 0 && is_class(&name) {
                tables.label("class", &name);
                continue;
            }
            let (name, file, line) = place(&name);
            let function = tables.function(name, file);
            let location = tables.frame(0, function, line);
            tables.push(location);
        }
        tables.end_sample(&values)
    }

    fn end(self, _: bool, tables: &mut Tables) -> Result<(), String> {
        if self.columns == 2 {
            tables.comparison(METRIC);
        }
        tables.one_metric();
        tables.warn(unstated_metric::CODE, unstated_metric::MESSAGE.to_owned());
        Ok(())
    }
}

/// Whether async-profiler wrote this stack of the JVM: it marks how a method was compiled, or its classes have slashes.
fn is_java(stack: &str) -> bool {
    let is_of_java = |frame: &str| frame.starts_with("java/") || frame.starts_with("jdk/") || unmarked(frame) != frame;
    stack.split(';').any(is_of_java)
}

/// A frame without the mark of how it was compiled (`-a`), or of an allocated class how it was allocated.
fn unmarked(frame: &str) -> &str {
    ["_[0]", "_[1]", "_[i]", "_[j]", "_[k]"].iter().find_map(|mark| frame.strip_suffix(mark)).unwrap_or(frame)
}

/// As Java writes it: `com.acme.Cart.add` of `com/acme/Cart.add_[j]`.
fn java_name(frame: &str) -> String {
    let name = unmarked(frame);
    if name.starts_with('[') || name.contains("::") { name.to_owned() } else { name.replace('/', ".") }
}

/// Whether a frame is the class of the objects allocated (`byte[]`, `java.util.HashMap$Node`), not a method: its last part
/// begins with a capital, or it is an array.
fn is_class(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    name.ends_with("[]") || (name.contains('.') && last.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// What the numbers are taken for.
const METRIC: (&str, &str) = ("inuse_space", "bytes");

/// A frame as name, file and line: `main (orders.cc)`, `store.Put (store/put.go:17)`. Other parentheses are of the name.
fn place(frame: &str) -> (&str, &str, i64) {
    let inside = frame.strip_suffix(')').and_then(|frame| frame.rsplit_once(" ("));
    let Some((name, place)) = inside else { return (frame, "", 0) };
    let (file, line) = match place.rsplit_once(':').map(|(file, line)| (file, text::decimal(line))) {
        Some((file, Some(line))) => (file, line),
        _ => (place, 0),
    };
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_file = (1..=5).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !file.contains(['(', ')', '<', '>', ',', '*']);
    if is_file { (name, file, line) } else { (frame, "", 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_told_from_prose() {
        assert!(recognises("main;a;b 12\nmain;c 3\n"));
        assert!(recognises("# remark\nall 3\nmain;c 3 9\n"));
        assert!(recognises("std::map<int, int>::f(int, int);b 12\n"));
        for other in ["", "a 1\nb 2\n", "main;a;b\n", "an error; try again in 5 minutes\n", "a;b 1.5\n", "a;b -4\n"] {
            assert!(!recognises(other), "{other:?}");
        }
    }

    #[test]
    fn java_is_told_by_its_marks() {
        assert!(is_java("java/lang/Thread.run;com/acme/Cart.add;byte[]") && is_java("a/B.c_[j];byte[]_[i]"));
        assert!(!is_java("net/http.(*conn).serve;main.handle"));
        assert_eq!(java_name("com/acme/Cart.add_[j]"), "com.acme.Cart.add");
        assert_eq!(java_name("[tid=12 http-1]"), "[tid=12 http-1]");
        assert!(is_class("byte[]") && is_class("java.util.HashMap$Node") && !is_class("java.util.HashMap.put"));
        assert!(!is_class("main"));
    }

    #[test]
    fn numbers_and_places() {
        assert_eq!(split("a;b (x 3) 4 5"), Some(("a;b (x 3)", vec!["4", "5"])));
        assert_eq!(split("a;b; 7"), Some(("a;b", vec!["7"])));
        assert_eq!(split("7"), None);
        assert_eq!(place("main (orders.cc)"), ("main", "orders.cc", 0));
        assert_eq!(place("store.Put (store/put.go:17)"), ("store.Put", "store/put.go", 17));
        assert_eq!(place("f (int, std.x)"), ("f (int, std.x)", "", 0));
        assert_eq!(place("operator()"), ("operator()", "", 0));
    }
}
