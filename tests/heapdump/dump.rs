//! Heap dumps made by hand, record by record, as `runtime/debug.WriteHeapDump` writes them.

use std::io::Read;

use super::support::Files;

/// A dump under way.
#[derive(Clone)]
pub struct Dump {
    bytes: Vec<u8>,
    objects: Vec<Vec<u8>>,
    roots: Vec<Vec<u8>>,
    tail: Vec<u8>,
}

/// Where the data segment lies.
pub const DATA: u64 = 0x50_0000;

pub fn varint(mut value: u64, into: &mut Vec<u8>) {
    while value >= 0x80 {
        into.push(value as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

fn varints(values: &[u64], into: &mut Vec<u8>) {
    values.iter().for_each(|value| varint(*value, into));
}

fn text(text: &str, into: &mut Vec<u8>) {
    varint(text.len() as u64, into);
    into.extend(text.bytes());
}

/// So many bytes with pointers at these offsets, and the list of them.
fn memory(size: usize, pointers: &[(usize, u64)], into: &mut Vec<u8>) {
    let mut contents = vec![0; size];
    for (offset, pointer) in pointers {
        contents[*offset..offset + 8].copy_from_slice(&pointer.to_le_bytes());
    }
    varint(size as u64, into);
    into.extend(contents);
    for (offset, _) in pointers {
        varints(&[1, *offset as u64], into);
    }
    varint(0, into);
}

impl Dump {
    pub fn new() -> Self {
        Self::of_machine(false, 8)
    }

    pub fn of_machine(is_big_endian: bool, pointer_size: u64) -> Self {
        let mut bytes = b"go1.7 heap dump\n".to_vec();
        varints(&[6, u64::from(is_big_endian), pointer_size, 0, 0], &mut bytes);
        text("amd64", &mut bytes);
        text("go1.27.3", &mut bytes);
        varint(2, &mut bytes);
        Self { bytes, objects: Vec::new(), roots: Vec::new(), tail: Vec::new() }
    }

    /// A slot of the heap.
    pub fn object(mut self, address: u64, size: usize, pointers: &[(usize, u64)]) -> Self {
        let mut record = Vec::new();
        varints(&[1, address], &mut record);
        memory(size, pointers, &mut record);
        self.objects.push(record);
        self
    }

    /// The data segment, whose pointers are variables.
    pub fn variables(mut self, pointers: &[(usize, u64)]) -> Self {
        let mut record = Vec::new();
        varints(&[12, DATA], &mut record);
        memory(4096, pointers, &mut record);
        self.roots.push(record);
        self
    }

    /// A goroutine in a function, whose frame has these pointers, and other words that are not said to be any.
    pub fn goroutine(mut self, function: &str, wait: &str, pointers: &[(usize, u64)], unsure: &[(usize, u64)]) -> Self {
        let mut record = Vec::new();
        varints(&[4, 0x1000, 0, 1, 0, 4, 0, 0, 0], &mut record);
        text(wait, &mut record);
        varints(&[0, 0, 0, 0], &mut record);
        varints(&[5, 0, 0, 0], &mut record);
        let mut frame = vec![0; 256];
        for (offset, pointer) in pointers.iter().chain(unsure) {
            frame[*offset..offset + 8].copy_from_slice(&pointer.to_le_bytes());
        }
        varint(frame.len() as u64, &mut record);
        record.extend(frame);
        varints(&[0x40_1000, 0x40_1010, 0x40_1010], &mut record);
        text(function, &mut record);
        for (offset, _) in pointers {
            varints(&[1, *offset as u64], &mut record);
        }
        varint(0, &mut record);
        self.roots.push(record);
        self
    }

    /// A finalizer of an object.
    pub fn finalizer(mut self, object: u64) -> Self {
        let mut record = Vec::new();
        varints(&[7, object, 0, 0x40_2000, 0, 0], &mut record);
        self.roots.push(record);
        self
    }

    /// When the last collection ended, in nanoseconds since 1970.
    pub fn collected(mut self, nanos: u64) -> Self {
        let mut stats = vec![0; 281];
        stats[22] = nanos;
        varint(10, &mut self.tail);
        varints(&stats, &mut self.tail);
        self
    }

    /// A stack of the profiler, and its sampled objects.
    pub fn bucket(mut self, id: u64, size: u64, calls: &[(&str, &str, u64)], sampled: &[u64]) -> Self {
        varints(&[16, id, size, calls.len() as u64], &mut self.tail);
        for (function, file, line) in calls {
            text(function, &mut self.tail);
            text(file, &mut self.tail);
            varint(*line, &mut self.tail);
        }
        varints(&[sampled.len() as u64, 0], &mut self.tail);
        for address in sampled {
            varints(&[17, *address, id], &mut self.tail);
        }
        self
    }

    /// Raw bytes after all roots.
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.tail.extend(bytes);
        self
    }

    pub fn encode(&self) -> Vec<u8> {
        let parts = [&self.bytes, &self.objects.concat(), &self.roots.concat(), &self.tail];
        let mut whole: Vec<u8> = parts.into_iter().flatten().copied().collect();
        whole.push(0);
        whole
    }

    /// The same with its objects in another order: spans come in the order in which they were made.
    pub fn reordered(mut self) -> Self {
        self.objects.reverse();
        self
    }
}

/// The report of dumps made by hand, all holders of it.
#[track_caller]
pub fn holders(dumps: &[&Dump], more: &[&str]) -> serde_json::Value {
    let files = Files::new();
    let write = |(index, dump): (usize, &&Dump)| files.write(&format!("{index}.dump"), dump.encode());
    let paths: Vec<String> = dumps.iter().enumerate().map(write).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    super::support::json(&[&["holders"], &paths[..], &["-n", "0", "--min", "1B", "--what-if", "100"], more].concat())
}

/// The holder of this name; it must be there.
#[track_caller]
pub fn holder<'a>(report: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let holders = report["holders"].as_array().expect("holders");
    holders.iter().find(|holder| holder["name"] == name).unwrap_or_else(|| panic!("no holder {name} in {holders:#?}"))
}

/// A gzipped file as it was.
pub fn inflated(path: &str) -> Vec<u8> {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// Whether some text stands in bytes.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
