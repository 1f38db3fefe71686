//! One-time initialisation
//!
//! ## What it detects
//!
//! Memory of package variables, `init` functions, and tables that the standard library allocates on first use.
//!
//! ## Why it grows
//!
//! It is allocated once per process, and stays. It shows as growth if the first use falls between two snapshots: the
//! first TLS connection loads the system certificates, the first JSON value of a type its fields.
//!
//! ## Evidence
//!
//! - Heap: `runtime.doInit1` (`runtime.doInit` up to Go 1.20) in the stack; or a `sync.Once` of the standard
//!   library (`sync.(*Once).doSlow`, `sync.OnceFunc`, `OnceValue`) called by it, for its own tables; or a table by
//!   type, as `encoding/json.cachedTypeFields`.
//!
//! ## What looks alike
//!
//! - *Once per object*, not once per process: `net/http.(*Transport).onceSetNextProtoDefaults` runs once for each
//!   transport, and is a sign of `http-client-per-request`. So is a `sync.Once` in a type of the program.
//!
//! ## Fix
//!
//! No action needed. Take the first snapshot after warm-up.
//!
//! ## How to confirm
//!
//! It does not grow from the second snapshot to the third.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Kind, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("one-time-init", include_str!("one_time_init.rs")),
    kind: Kind::Benign,
    heap: Frames {
        any: &[
            "runtime.doInit1",
            "runtime.doInit",
            "encoding/json.cachedTypeFields",
            "encoding/json.typeFields",
            "unicode.init",
            "html/template.init",
            "net/http/internal/http2.buildCommonHeaderMaps",
            "net/http/internal/http2.buildCommonHeaderMaps",
            "golang.org/x/net/http2/hpack.buildRootHuffmanNode",
            "net/http/internal/httpcommon.buildCommonHeaderMaps",
            "golang.org/x/net/internal/httpcommon.buildCommonHeaderMaps",
            "@std < sync.OnceFunc.func*",
            "@std < sync.OnceValue[...].func*",
            "@std < sync.OnceValues[...].func*",
            "crypto/x509.loadSystemRoots",
            "crypto/x509.initSystemRoots",
            "reflect.compiledTypelinks",
            "hash/crc32.slicingMakeTable",
            "hash/crc32.ieeeInit",
            "mime.initMime",
            "time.loadLocation << time.initLocal",
            "net.initConfVal",
            "os/user.Current << sync.(*Once).doSlow",
        ],
        ..Frames::NONE
    },
    fix: "no action needed: it is allocated once; take the first snapshot after warm-up",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
