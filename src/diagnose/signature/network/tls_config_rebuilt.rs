//! TLS configuration or certificate pools are rebuilt
//!
//! ## What it detects
//!
//! Certificates that are parsed for each request or connection (`AppendCertsFromPEM`, `AddCert`, `LoadX509KeyPair`,
//! `X509KeyPair`) and retained.
//!
//! ## Why it grows
//!
//! A pool holds 800 B to 1 KB per certificate, so the usual 140 system roots take more than 100 KB. The `tls.Config`
//! retains the pool, and its transport or connections retain the `tls.Config`. A new transport for each configuration
//! also retains its own connections.
//!
//! ## Evidence
//!
//! - Heap: `encoding/pem.Decode` and `crypto/x509.(*CertPool).addCertFunc` below `AppendCertsFromPEM`, or
//!   `crypto/tls.X509KeyPair`, called by the function that builds the configuration.
//! - Goroutines: none of its own.
//!
//! ## What looks alike
//!
//! - *TLS connections* (`http-body-not-closed`, `net-conn-not-closed`): `crypto/tls.Client`, `(*Conn).readFromUntil`, and the
//!   certificates of the other side, which the handshake parses.
//! - *A client per request* (`http-client-per-request`), which often builds its own configuration: connections grow
//!   in step; fix that first.
//! - *System roots* are parsed once, below `sync.(*Once).Do`.
//!
//! ## Fix
//!
//! Build the configuration once and share it; many connections can use one `tls.Config`. For certificates that
//! change, use `GetCertificate` or `GetClientCertificate`, and reuse the parsed certificate until the file changes.
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
//! A CPU profile shows `encoding/pem.Decode` and `x509.parseCertificate` outside handshakes. `grep -rnE
//! 'NewCertPool|LoadX509KeyPair' --include='*.go'` finds where.

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
