//! Why a URL could not be fetched.
//!
//! In: what went wrong. Out: words for people. Knows nothing of how URLs are fetched, and of no secret.

// A build that fetches nothing has no use for the rest.
#![cfg_attr(not(feature = "http"), allow(dead_code))]

use std::io;

use thiserror::Error;

use crate::units::{Scale, format};

/// Why a URL could not be fetched.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Failure {
    /// The server answered that it does not give it.
    #[error("{status}{}", after_colon(line))]
    Status {
        /// `401 Unauthorized`.
        status: String,
        /// The first line of the body, where it has one.
        line: String,
        /// The number.
        code: u16,
    },
    /// It was sent on too often.
    #[error("redirect loop: sent on {times} times, at last to {last}")]
    Redirects {
        /// How often it was followed.
        times: usize,
        /// Where it was to go then.
        last: String,
    },
    /// It was sent from `https` to `http`.
    #[error("redirect to {to} refused: it leads from https to http, where everybody can read along")]
    Downgrade {
        /// Where it was to go.
        to: String,
    },
    /// It was sent to something that is no URL of `http` or `https`.
    #[error("redirect to {to:?} cannot be followed")]
    Target {
        /// Where it was to go.
        to: String,
    },
    /// It took too long.
    #[error("{what} within {seconds} s")]
    TimedOut {
        /// What did not come.
        what: &'static str,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The body is longer than it may be.
    #[error("the answer is longer than {}", format(*limit as i64, "bytes", Scale::Auto))]
    TooLong {
        /// The most bytes.
        limit: u64,
    },
    /// The connection ended before the body did.
    #[error("the answer ends early, after {bytes} bytes: {cause}")]
    Truncated {
        /// How many came.
        bytes: usize,
        /// What ended it.
        cause: String,
    },
    /// No connection to the server.
    #[error("cannot connect: {cause}")]
    Unreachable {
        /// What the system said.
        cause: String,
        /// Whether the user named no scheme, and may have meant a file.
        is_bare: bool,
    },
    /// The certificates do not fit.
    #[error("no secure connection: {cause}")]
    Insecure {
        /// What is wrong with them.
        cause: String,
    },
    /// The answer is no HTTP, or what was asked is none.
    #[error("{cause}")]
    Other {
        /// What is wrong.
        cause: String,
    },
    /// Whoever asked wants it no longer.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Status { code: 401 | 403, .. } => {
                Some("give credentials: --user NAME, --bearer-env VARIABLE, --header 'NAME: VALUE' or --tls-cert FILE")
            }
            Self::Status { code: 404, .. } => {
                Some("a Go program serves profiles where it imports net/http/pprof: http://HOST:PORT/debug/pprof/heap")
            }
            Self::Redirects { .. } | Self::Downgrade { .. } | Self::Target { .. } => {
                Some("ask the server itself, without the proxy or login page before it")
            }
            Self::TimedOut { .. } => Some("give it longer with --timeout 2m"),
            Self::TooLong { .. } => Some("if that is a profile, raise the limit with --max-download"),
            Self::Unreachable { is_bare: true, .. } => {
                Some("there is no file of this name either; give a path, or HOST:PORT of a process that listens")
            }
            Self::Unreachable { .. } => Some("is the process running, and does it listen there?"),
            Self::Insecure { .. } => {
                Some("name the authority that signed with --tls-ca FILE, your own certificate with --tls-cert FILE")
            }
            _ => None,
        }
    }

    /// Whether the server says that it does not have this.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Status { code: 404 | 405 | 410 | 501, .. })
    }

    /// Whether the same question may be answered in a moment.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Status { code, .. } => matches!(code, 429 | 502 | 503 | 504),
            Self::Unreachable { .. } | Self::Truncated { .. } => true,
            _ => false,
        }
    }
}

fn after_colon(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(": {line}") }
}

/// What is said of an error of the system, in a few words.
pub(super) fn said(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
        io::ErrorKind::UnexpectedEof => "the connection was closed".to_owned(),
        _ => cause.to_string().replace("failed to lookup address information", "this host has no address"),
    }
}
