//! Parts of HTTP requests are retained
//!
//! ## What it detects
//!
//! Parts of a request that the `net/http` server allocates (header, URL, context) are retained after the response.
//!
//! ## Why it grows
//!
//! A handler that stores `r`, `r.Context()`, `r.Header`, or a string from them (a path, a form value, a cookie),
//! retains what that refers to: the strings of a request line or header are parts of one text. The profile shows
//! where the server read them, not what holds them.
//!
//! ## Evidence
//!
//! - Heap: frames below `net/http.(*conn).readRequest` grow: `net/textproto.(*Reader).ReadLine`,
//!   `net/textproto.readMIMEHeader`, `net/url.parse`, `context.withCancel`.
//! - The buffers of connections (`net/http.newBufioReader` below `(*conn).serve`) do not grow with them.
//! - The responsible function shown is the one that grew most below a handler: it probably stores something that
//!   refers to the request.
//!
//! ## What looks alike
//!
//! - *Handlers that do not return* hold their requests too, and one connection each: `http-handler-blocked`.
//! - *Connections that stay open* hold no request while they are idle: `http-server-connections`.
//! - *Contexts that the program creates* and does not cancel: `context-not-cancelled`.
//!
//! ## Fix
//!
//! Copy what outlives the request.
//!
//! ```go
//! key := strings.Clone(r.FormValue("user")) // not a piece of the request
//! go audit(context.WithoutCancel(r.Context()), key)
//! seen[key] = time.Now() // and not r
//! ```
//!
//! ## How to confirm
//!
//! Check what the handler stores in a map, slice or channel, and goroutine closures that use `r`. With the copy, the
//! frames below `readRequest` stop growing, and the rest has the size of the copies.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http-request-kept", include_str!("http_request_kept.rs")),
    heap: Frames {
        any: &[
            "net/textproto.(*Reader).ReadLine << net/http.(*conn).readRequest",
            "net/textproto.readMIMEHeader << net/http.(*conn).readRequest",
            "net/url.parse << net/http.(*conn).readRequest",
            "context.withCancel << net/http.(*conn).readRequest",
            "^ net/http.readRequest < net/http.(*conn).readRequest",
            "^ net/http.readRequestLimit < net/http.(*conn).readRequest",
            "net/http.(*Request).Clone < @app",
            "net/http.(*Request).WithContext < @app",
            "github.com/gin-gonic/gin.(*Context).Copy < @app",
        ],
        not: &["net/http.newBufioReader < net/http.(*conn).serve", "net/http.(*conn).hijackLocked"],
        ..Frames::NONE
    },
    blame: &["@app << net/http.serverHandler.ServeHTTP"],
    unit: Some(Unit {
        leaf: &["^ net/http.readRequest", "^ net/http.readRequestLimit"],
        objects: 1,
        counted: Counted::Request,
    }),
    fix: "copy what outlives the request (strings.Clone); never store r or its context",
    raise: Raise::Series,
    ..Signature::DEFAULT
};
