//! Profiles for the laws: random stacks over a small pool of frames, so that stacks, leaves, lines and values coincide
//! often, and the same profile written down in other ways.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{GO_HEAP, Profile};

/// Locations as [`Profile::stack`] reads them: two lines of a function, generics, inlined calls, closures, standard
/// library, dependency, other languages, no symbols, one name in two files, one line at two addresses.
pub const FRAMES: &[&str] = &[
    "store.Put@/build/shop/store/put.go:17",
    "store.Put@/build/shop/store/put.go:21",
    "0x409990 store.Put@/build/shop/store/put.go:17",
    "store.(*Cache[go.shape.string]).Add@/build/shop/store/cache.go:40",
    "store.(*Cache[go.shape.int]).Add@/build/shop/store/cache.go:40",
    "store.grow@/build/shop/store/grow.go:5|store.Put@/build/shop/store/put.go:19",
    "api.Handle.func1@/build/shop/api/handle.go:30",
    "api.Handle.func2@/build/shop/api/handle.go:44",
    "api.Handle@/build/shop/api/handle.go:12",
    "api.Handle@/build/shop/api/handle.go:13",
    "net/http.(*conn).serve@/usr/local/go/src/net/http/server.go:2000",
    "runtime.mallocgc@/usr/local/go/src/runtime/malloc.go:1000",
    "main.main@/build/shop/main.go:9",
    "0x402000",
    "0x403000 github.com/x/y.Do@/go/pkg/mod/github.com/x/y@v1.2.0/do.go:7",
    "tokio::spawn@/root/.cargo/registry/src/x-1/tokio-1.2/src/a.rs:4",
    "init@/build/shop/src/one.c:1",
    "init@/build/shop/src/two.c:2",
];

/// Sample types of producers with one to four columns.
const TYPES: &[&[(&str, &str)]] = &[
    &[("inuse_space", "bytes")],
    &[("objects", "count"), ("space", "bytes")],
    &[("goroutine", "count"), ("inuse_objects", "count"), ("inuse_space", "kilobytes")],
    GO_HEAP,
];

/// One sample: indices into [`FRAMES`] leaf first, values, and labels.
#[derive(Debug, Clone)]
pub struct Sample {
    pub stack: Vec<usize>,
    pub values: Vec<i64>,
    pub size: Option<i64>,
    pub tenant: Option<&'static str>,
}

impl Sample {
    /// The stack as [`Profile::stack`] reads it.
    pub fn text(&self) -> String {
        self.stack.iter().map(|frame| FRAMES[*frame]).collect::<Vec<_>>().join(";")
    }

    /// The names of the functions, leaf first; a location without symbols has the name that `--exact-names` shows.
    pub fn names(&self) -> Vec<&'static str> {
        self.stack.iter().flat_map(|frame| function_names(FRAMES[*frame])).collect()
    }
}

fn function_names(frame: &'static str) -> Vec<&'static str> {
    let lines = match frame.strip_prefix("0x") {
        Some(rest) => rest.split_once(' ').map_or("", |(_, lines)| lines),
        None => frame,
    };
    match lines {
        "" => vec!["[app]"],
        lines => lines.split('|').map(|line| line.split_once('@').map_or(line, |(name, _)| name)).collect(),
    }
}

/// What a generated profile holds.
#[derive(Debug, Clone)]
pub struct Spec {
    pub types: &'static [(&'static str, &'static str)],
    pub samples: Vec<Sample>,
    pub build: &'static str,
    pub time: i64,
    pub has_period: bool,
}

impl Spec {
    /// The profile.
    pub fn profile(&self) -> Profile {
        self.profile_of(&self.samples)
    }

    /// A profile with this header and other samples.
    pub fn profile_of(&self, samples: &[Sample]) -> Profile {
        let mut profile = Profile::bare().types(self.types).build_id(self.build).time(self.time);
        if self.has_period {
            profile = profile.period("space", "bytes", 512 << 10);
        }
        for sample in samples {
            profile = profile.stack(&sample.text(), &sample.values);
            if let Some(size) = sample.size {
                profile = profile.bytes(size);
            }
            if let Some(tenant) = sample.tenant {
                profile = profile.label("tenant", tenant);
            }
        }
        profile
    }

    /// Names of the metrics.
    pub fn metrics(&self) -> Vec<&'static str> {
        self.types.iter().map(|(name, _)| *name).collect()
    }
}

/// Small numbers, so that rows tie; now and then large or negative ones.
fn value() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 0..4_i64, 3 => 0..100_000_i64, 1 => -50_000..0_i64, 1 => 0..1_i64 << 44]
}

fn sample(columns: usize) -> impl Strategy<Value = Sample> {
    let size = select(&[None, None, Some(16), Some(48), Some(4096), Some(1 << 20)][..]);
    let tenant = select(&[None, None, None, Some("acme"), Some("globex")][..]);
    (vec(0..FRAMES.len(), 0..6), vec(value(), columns), size, tenant).prop_map(|(stack, values, size, tenant)| Sample {
        stack,
        values,
        size,
        tenant,
    })
}

fn spec(types: &'static [(&'static str, &'static str)]) -> impl Strategy<Value = Spec> {
    let build = select(&["", "build-1", "build-1", "build-2"][..]);
    let time = select(&[0, 1_700_000_000_000_000_000, 1_700_000_600_000_000_000][..]);
    (vec(sample(types.len()), 0..14), build, time, any::<bool>())
        .prop_map(move |(samples, build, time, has_period)| Spec { types, samples, build, time, has_period })
}

/// As many profiles of one producer as `count` says.
pub fn specs(count: impl Strategy<Value = usize>) -> impl Strategy<Value = Vec<Spec>> {
    (0..TYPES.len(), count).prop_flat_map(|(types, count)| vec(spec(TYPES[types]), count))
}

/// Two profiles of one producer.
pub fn pair() -> impl Strategy<Value = (Spec, Spec)> {
    specs(Just(2)).prop_map(|specs| (specs[0].clone(), specs[1].clone()))
}

/// What a row stands for.
pub fn granularity() -> impl Strategy<Value = &'static str> {
    select(&["function", "line", "file", "package", "stack", "address"][..])
}

/// The order of rows.
pub fn sort() -> impl Strategy<Value = &'static str> {
    select(&["growth", "shrink", "abs", "flat", "cum", "name", "objects"][..])
}

/// Options that leave samples or frames out; at times none.
pub fn filter() -> impl Strategy<Value = &'static [&'static str]> {
    const FILTERS: &[&[&str]] = &[
        &[],
        &["--focus", "store"],
        &["--ignore", "runtime|tokio"],
        &["--hide", "http|grow"],
        &["--show", "main|store|api"],
        &["--show-from", "Handle"],
        &["--tagfocus", "tenant=acme"],
        &["--tagignore", "bytes=1kb:"],
        &["--focus", "api", "--hide", "store", "--tagignore", "tenant=globex"],
    ];
    select(FILTERS)
}
