//! TLS configuration or certificate pools are rebuilt
//!
//! ## What it detects
//!
//! Certificates that are parsed again for each request or connection: `AppendCertsFromPEM`, `AddCert`,
//! `LoadX509KeyPair`, `X509KeyPair`, and results that are kept.
//!
//! ## Why it grows
//!
//! A pool holds an entry of some 800 B to 1 KB for each certificate of the bundle, so that one with the usual 140 roots of
//! a system takes more than 100 KB. It is kept by the `tls.Config`, and this by the transport or the connections that were
//! made with it. A transport that is made anew with each configuration keeps its connections, too.
//!
//! ## Evidence
//!
//! - Heap: `encoding/pem.Decode` and `crypto/x509.(*CertPool).addCertFunc` below `AppendCertsFromPEM`, or
//!   `crypto/tls.X509KeyPair`, called by the function that makes the configuration.
//! - Goroutines: none of its own.
//!
//! ## What looks alike
//!
//! - *TLS connections* (`http-body-not-closed`, `net-conn-not-closed`): `crypto/tls.Client`, `(*Conn).readFromUntil`, and the
//!   certificates of the other side, which the handshake parses.
//! - *A client per request* (`http-client-per-request`), which often makes its own configuration: connections grow in step,
//!   and that is the name to follow.
//! - *The roots of the system* are parsed once, below `sync.(*Once).Do`.
//!
//! ## Fix
//!
//! Build the configuration once and share it; `tls.Config` may be used by many connections. For certificates that change,
//! use `GetCertificate` or `GetClientCertificate`, and keep the parsed one until the file changes.
//!
//! ```go
//! roots := x509.NewCertPool() // once
//! if !roots.AppendCertsFromPEM(bundle) {
//!     return errors.New("no certificates in the bundle")
//! }
//! config := &tls.Config{RootCAs: roots}
//! ```
//!
//! ## How to confirm
//!
//! A CPU profile shows `encoding/pem.Decode` and `x509.parseCertificate` outside of handshakes.
//! `grep -rnE 'NewCertPool|LoadX509KeyPair' --include='*.go'` finds where.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("tls-config-rebuilt", include_str!("tls_config_rebuilt.rs")),
    heap: Frames {
        any: &[
            "crypto/x509.(*CertPool).AppendCertsFromPEM << @app",
            "crypto/x509.(*CertPool).AddCert << @app",
            "crypto/tls.LoadX509KeyPair << @app",
            "crypto/tls.X509KeyPair << @app",
        ],
        ..Frames::NONE
    },
    unit: Some(Unit {
        leaf: &["^ encoding/pem.Decode < crypto/x509.(*CertPool).AppendCertsFromPEM"],
        objects: 1,
        counted: Counted::Certificate,
    }),
    fix: "build the tls.Config and its certificate pools once and share them",
    raise: Raise::By("look for x509.parseCertificate in a CPU profile"),
    ..Signature::DEFAULT
};
