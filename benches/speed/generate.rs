//! Makes pairs of heap profiles like those of a large Go service, the same bytes every time.
//!
//! In: a size. Out: two gzipped profiles: the second has grown values, some new stacks and some gone.
//! The stacks are walks through a call graph, so that they share callers as real ones do.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};

#[allow(dead_code, clippy::all)]
mod proto {
    include!(concat!(env!("OUT_DIR"), "/perftools.profiles.rs"));
}

/// How large a pair is.
#[derive(Clone, Copy)]
pub struct Size {
    /// File names begin with this.
    pub name: &'static str,
    /// Samples per profile.
    pub samples: u64,
    /// Functions; each has a few call sites.
    pub functions: u64,
    /// Shallowest and deepest stack.
    pub depth: (u64, u64),
    /// Whether every stack allocates other blocks in the second profile, so that every entry is another one.
    pub all_change: bool,
}

const SITES: u64 = 4;
const SIZES: [i64; 12] = [16, 32, 48, 64, 96, 128, 256, 512, 1024, 4096, 8192, 65536];
const PERIOD: f64 = 524_288.0;

/// A counter through a mixing function (splitmix64): the same sequence on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Writes one profile of the pair; `second` is the later one.
pub fn write(size: Size, second: bool, path: &Path) -> io::Result<()> {
    let mut out = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::default());
    let mut strings = vec![String::new()];
    let mut text = |text: String| {
        strings.push(text);
        strings.len() as i64 - 1
    };
    let names = ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space", "count", "bytes", "space"];
    let ids: Vec<i64> = names.iter().map(|name| text((*name).to_owned())).collect();
    for (kind, unit) in [(0, 4), (1, 5), (2, 4), (3, 5)] {
        field(&mut out, 1, &proto::ValueType { r#type: ids[kind], unit: ids[unit] })?;
    }
    write_samples(&mut out, size, second, ids[5])?;
    let binary = text("/app/server".to_owned());
    let mapping = proto::Mapping {
        id: 1,
        memory_start: 0x40_0000,
        memory_limit: 0x400_0000,
        filename: binary,
        ..Default::default()
    };
    field(&mut out, 3, &proto::Mapping { has_functions: true, ..mapping })?;
    for location in 0..size.functions * SITES {
        let function_id = location / SITES + 1;
        let line = proto::Line { function_id, line: (location % 997) as i64 + 10, column: 0 };
        let address = 0x40_0000 + location * 16;
        field(
            &mut out,
            4,
            &proto::Location { id: location + 1, mapping_id: 1, address, line: vec![line], is_folded: false },
        )?;
    }
    for function in 0..size.functions {
        let package = function % (size.functions / 12 + 1);
        let name =
            text(format!("example.com/shop/internal/pkg{package:04}.(*Service{}).Handle{function:05}", function % 7));
        let filename = text(format!("example.com/shop/internal/pkg{package:04}/file{}.go", function % 5));
        let function = proto::Function { id: function + 1, name, system_name: name, filename, start_line: 10 };
        field(&mut out, 5, &function)?;
    }
    for string in &strings {
        bytes(&mut out, 6, string.as_bytes())?;
    }
    let minutes = if second { 40 } else { 0 };
    let rest = proto::Profile {
        time_nanos: 1_760_000_000_000_000_000 + minutes * 60_000_000_000,
        period_type: Some(proto::ValueType { r#type: ids[6], unit: ids[5] }),
        period: PERIOD as i64,
        ..Default::default()
    };
    out.write_all(&rest.encode_to_vec())?;
    out.finish()?.flush()
}

fn write_samples(out: &mut impl Write, size: Size, second: bool, bytes_key: i64) -> io::Result<()> {
    for sample in 0..size.samples {
        // One stack in twenty is only in the first profile, and one in twenty only in the second.
        let seed = if second && sample % 20 == 7 { sample + size.samples } else { sample };
        let mut random = Random(seed * 77);
        let location_id = stack(&mut random, size);
        let mut random = if size.all_change && second { Random(!seed) } else { random };
        let block = SIZES[random.below(SIZES.len() as u64) as usize];
        let scale = 1.0 / -(-block as f64 / PERIOD).exp_m1();
        let allocated = 1 + random.below(8);
        let live = allocated.min(random.below(4)) + if second { random.below(2) } else { 0 };
        let allocated = allocated + if second { 2 } else { 0 };
        let objects = |count: u64| (count as f64 * scale) as i64;
        let space = |count: u64| (count as f64 * scale * block as f64) as i64;
        let value = vec![objects(allocated), space(allocated), objects(live), space(live)];
        let label = vec![proto::Label { key: bytes_key, num: block, ..Default::default() }];
        field(out, 2, &proto::Sample { location_id, value, label })?;
    }
    Ok(())
}

/// A walk from an entry point: each function has a call that it makes most of the time, and a few others.
fn stack(random: &mut Random, size: Size) -> Vec<u64> {
    const USUAL: u64 = 3;
    let (shallowest, deepest) = size.depth;
    let depth = shallowest + random.below(deepest - shallowest + 1);
    let mut function = random.below(400) * 7 % size.functions;
    let mut stack = Vec::with_capacity(depth as usize);
    for _ in 0..depth {
        let site = random.below(SITES * USUAL).saturating_sub(SITES * (USUAL - 1) - 1).min(SITES - 1);
        stack.push(function * SITES + site + 1);
        function = (function * 31 + site * 17 + 1) % size.functions;
    }
    stack.reverse();
    stack
}

fn field(out: &mut impl Write, number: u32, message: &impl Message) -> io::Result<()> {
    bytes(out, number, &message.encode_to_vec())
}

fn bytes(out: &mut impl Write, number: u32, body: &[u8]) -> io::Result<()> {
    let mut prefix = Vec::with_capacity(12);
    encode_key(number, WireType::LengthDelimited, &mut prefix);
    encode_varint(body.len() as u64, &mut prefix);
    out.write_all(&prefix)?;
    out.write_all(body)
}
