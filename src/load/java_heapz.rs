//! Java's heap profile in text form, `--- heapz 1 ---`, as Google's agents for the JVM write it.
//!
//! In: attributes, one line `bytes objects @ addresses` per stack, and what stands at each address. Out: `inuse_objects`
//! and `inuse_space`. Invariant: records are sums by stack over objects of many sizes, so that there is no label `bytes`:
//! a mean would change from one snapshot to the next. The addresses mean nothing beyond the text and are dropped.
//! How samples are scaled and names are taken apart is as in google/pprof (`profile/legacy_java_profile.go`).

use crate::model::hash::HashMap;

use super::text::{self, Grammar, Pair, Tables, addresses, decimal, hexadecimal};
use super::{Format, proto};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    name: "Java heap, text",
    recognises: |beginning| beginning.lines().next().is_some_and(|line| line.trim_end() == HEADER),
    decode: text::decode::<JavaHeapz>,
};

const HEADER: &str = "--- heapz 1 ---";
/// Mean bytes between two samples, which the text does not state.
const PERIOD: i64 = 512 << 10;

#[derive(Default)]
struct JavaHeapz {
    within: Within,
    has_resolution: bool,
    /// What stands at an address.
    places: HashMap<u64, Box<str>>,
}

/// Where in the text a line stands.
#[derive(Default, PartialEq, Eq)]
enum Within {
    #[default]
    Start,
    Attributes,
    Records,
    Places,
}

impl Grammar for JavaHeapz {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let line = line.trim();
        match (&self.within, line.split_once('=')) {
            (Within::Start, _) => self.within = Within::Attributes,
            _ if line.is_empty() => {}
            _ if line.starts_with("0x") => self.place(line, tables),
            (Within::Attributes, Some((name, value))) => return self.attribute(name.trim(), value.trim(), tables),
            (Within::Places, _) => {}
            _ => return self.record(line, tables),
        }
        Ok(())
    }

    #[expect(clippy::indexing_slicing, reason = "counted up to the length")]
    fn end(self, is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        if !self.has_resolution {
            return Err(Self::NO_RESOLUTION.to_owned());
        }
        if is_cut && self.within == Within::Records {
            return Err(text::cut_record());
        }
        for index in 0..tables.locations().len() {
            let Some(place) = self.places.get(&tables.locations()[index].address) else { continue };
            let Place { function, file, line } = Place::parse(place);
            let function_id = tables.function(function, file);
            let location = &mut tables.locations()[index];
            location.address = 0;
            location.line = vec![proto::Line { function_id, line, ..Default::default() }];
        }
        Ok(())
    }
}

impl JavaHeapz {
    const NO_RESOLUTION: &str = "there is no resolution above the records";

    fn attribute(&mut self, name: &str, value: &str, tables: &mut Tables) -> Result<(), String> {
        match (name, value) {
            ("format", "java") => Ok(()),
            ("resolution", unit) => {
                self.has_resolution = true;
                tables.metrics(&[("inuse_objects", "count"), ("inuse_space", unit)]);
                tables.period("space", "bytes", PERIOD);
                Ok(())
            }
            _ => Err(format!("unknown attribute {name} = {value:?}")),
        }
    }

    fn record(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        self.within = Within::Records;
        if !self.has_resolution {
            return Err(Self::NO_RESOLUTION.to_owned());
        }
        let counts = || {
            let (counts, stack) = line.split_once('@')?;
            let (bytes, objects) = counts.trim().split_once(char::is_whitespace)?;
            Some((Pair { objects: decimal(objects.trim())?, bytes: decimal(bytes)? }, stack))
        };
        let (pair, stack) = counts().ok_or("not a record of the form BYTES OBJECTS @ ADDRESSES")?;
        if pair.objects == 0 {
            return Err(format!("{} bytes in 0 objects", pair.bytes));
        }
        for address in addresses(stack) {
            let location = tables.address(address?);
            tables.push(location);
        }
        let Pair { objects, bytes } = pair.unsampled(PERIOD);
        tables.end_sample(&[objects, bytes])
    }

    /// Lines that say nothing useful are passed over, as pprof does.
    fn place(&mut self, line: &str, tables: &mut Tables) {
        self.within = Within::Places;
        if let Some((address, place)) = line.split_once(char::is_whitespace)
            && let Some(address) = hexadecimal(address)
        {
            tables.charge(64 + 2 * place.len());
            self.places.insert(address, place.trim().into());
        }
    }
}

/// A frame.
#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    function: &'a str,
    file: &'a str,
    line: i64,
}

impl<'a> Place<'a> {
    /// `function (file:line)`, `function (/path/of/library.so)`, or a name alone.
    fn parse(text: &'a str) -> Self {
        let inside = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
        let line = inside.and_then(|(_, place)| place.rsplit_once(':'));
        match (inside, line.and_then(|(file, line)| Some((file, line.parse::<i64>().ok()?)))) {
            (Some((function, _)), Some((file, line))) => Self { function: function.trim(), file, line: line.max(0) },
            (Some((function, path)), None) => {
                let file = path.rsplit('/').next().unwrap_or(path);
                Self { function: function.trim(), file, line: 0 }
            }
            (None, _) => {
                let function = if text.contains("generated stub/JIT") { "STUB" } else { text };
                Self { function, file: "", line: 0 }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (text, function, file, line) in [
            ("com.acme.Cache.put (Cache.java:17)", "com.acme.Cache.put", "Cache.java", 17),
            ("com.acme.Cache$1.run (Unknown Source:-2)", "com.acme.Cache$1.run", "Unknown Source", 0),
            ("os::malloc (/usr/lib/jvm/libjvm.so)", "os::malloc", "libjvm.so", 0),
            ("[generated stub/JIT]", "STUB", "", 0),
            ("GC", "GC", "", 0),
        ] {
            assert_eq!(Place::parse(text), Place { function, file, line });
        }
    }
}
