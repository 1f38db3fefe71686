//! Fetching over HTTP.
//!
//! In: a [`Url`] and [`Options`]. Out: the bytes of the answer, or one [`Failure`].
//! Invariant: time, bytes, redirects and retries are bounded; what proves who the user is goes to the server that was named
//! and to no other; nothing that was asked for with TLS is asked for without.
//! The only user of ureq and of the certificates of the system. Knows nothing of what is fetched.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::http::{HeaderName, HeaderValue, Response};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Timeout};

use super::clock::{GLANCE, Stop};
use super::failure::{Failure, said};
use super::{Error, Files, LONGEST_TEXT, Url};

/// How URLs are fetched.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Headers that are sent to the server that was named.
    pub headers: Vec<(String, String)>,
    /// Name and password.
    pub user: Option<(String, String)>,
    /// What is sent as a bearer token.
    pub token: Option<String>,
    /// Certificates of authorities that are trusted beside those of the system.
    pub authorities: Option<PathBuf>,
    /// The user's own certificate.
    pub certificate: Option<PathBuf>,
    /// Its key, where it does not lie in the same file.
    pub key: Option<PathBuf>,
    /// Whether the certificate of the server is not checked.
    pub is_insecure: bool,
    /// Whether a heap is asked for after a garbage collection.
    pub collects: bool,
    /// How long an answer may take, with all retries and redirects.
    pub timeout: Duration,
    /// How often it is tried again.
    pub retries: u32,
    /// The most bytes of an answer.
    pub most_bytes: u64,
}

impl Default for Options {
    /// 25 s, two retries, 1 GiB.
    fn default() -> Self {
        Self {
            headers: Vec::new(),
            user: None,
            token: None,
            authorities: None,
            certificate: None,
            key: None,
            is_insecure: false,
            collects: true,
            timeout: Duration::from_secs(25),
            retries: 2,
            most_bytes: 1 << 30,
        }
    }
}

/// Redirects that are followed: as many as Go and curl's users are used to.
const MOST_REDIRECTS: usize = 10;
/// Bytes of an answer that says why there is none.
const LONGEST_REASON: u64 = 64 << 10;
/// Characters of its first line.
const LONGEST_LINE: usize = 200;
/// How long to wait before the first retry; before each one more twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause between two of them.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Fetches URLs.
#[derive(Clone)]
pub struct Client {
    options: Arc<Options>,
    /// What proves who the user is.
    proof: Arc<[(HeaderName, HeaderValue)]>,
    /// For the server that was named.
    known: Agent,
    /// For those that it sends to.
    strange: Agent,
}

impl Client {
    /// Reads the certificates, and checks the headers.
    ///
    /// # Errors
    /// The first of them that is none.
    pub fn new(options: Options, files: &Files) -> Result<Self, Error> {
        let roots = roots(options.authorities.as_deref(), files)?;
        let own = own_certificate(&options, files)?;
        let agent = |own: Option<ClientCert>| {
            let tls = TlsConfig::builder().root_certs(roots.clone()).client_cert(own);
            let config = Agent::config_builder()
                .tls_config(tls.disable_verification(options.is_insecure).build())
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .accept("*/*")
                .accept_encoding("identity")
                .user_agent(concat!("leakdiff/", env!("CARGO_PKG_VERSION")));
            config.build().new_agent()
        };
        let (known, strange) = (agent(own), agent(None));
        Ok(Self { proof: proof(&options)?.into(), options: Arc::new(options), known, strange })
    }

    /// How it fetches.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The bytes of an answer.
    ///
    /// # Errors
    /// Why there is none.
    pub fn get(&self, url: &Url) -> Result<Vec<u8>, Error> {
        self.get_within(url, self.options.retries, &Stop::default())
    }

    /// As [`Client::get`], as long as nobody says that it is to stop. A server that `may_be_starting` is asked again for as
    /// long as there is time.
    ///
    /// # Errors
    /// As there; [`Failure::Interrupted`] as soon as it is to stop, whatever the server does.
    pub fn get_unless(&self, stop: &Stop, url: &Url, may_be_starting: bool) -> Result<Vec<u8>, Error> {
        let retries = if may_be_starting { u32::MAX } else { self.options.retries };
        let (sender, answers) = mpsc::channel();
        let (client, asked, told) = (self.clone(), url.clone(), stop.clone());
        // A connection cannot be told to stop: it is left to itself, and ends with the process.
        thread::spawn(move || sender.send(client.get_within(&asked, retries, &told)));
        loop {
            match answers.recv_timeout(GLANCE) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Timeout) if !stop.is_set() => {}
                Err(_) => return Err(failed(url, Duration::ZERO, Failure::Interrupted)),
            }
        }
    }

    fn get_within(&self, url: &Url, retries: u32, stop: &Stop) -> Result<Vec<u8>, Error> {
        let timeout = self.options.timeout + Duration::from_secs(url.seconds().unwrap_or(0));
        let deadline = Instant::now() + timeout;
        let (mut pause, mut tried) = (FIRST_PAUSE, 0);
        loop {
            let failure = match self.follow(url, deadline) {
                Ok(bytes) => return Ok(bytes),
                Err(failure) => failure,
            };
            let next = Instant::now() + pause;
            if tried == retries || next >= deadline || !failure.is_passing() {
                return Err(failed(url, timeout, failure));
            }
            if !stop.wait_until(next, |_| ()) {
                return Err(failed(url, timeout, Failure::Interrupted));
            }
            tried += 1;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Asks, and asks where the answer leads.
    fn follow(&self, named: &Url, deadline: Instant) -> Result<Vec<u8>, Failure> {
        let mut url = named.clone();
        for _ in 0..=MOST_REDIRECTS {
            let mut response = self.ask(&url, url.is_same_server(named), deadline)?;
            if !response.status().is_redirection() {
                return self.body(&mut response);
            }
            let Some(target) = response.headers().get("location") else { return self.body(&mut response) };
            let target = String::from_utf8_lossy(target.as_bytes()).into_owned();
            let next = url.join(&target).ok_or(Failure::Target { to: target })?;
            if url.is_tls() && !next.is_tls() {
                return Err(Failure::Downgrade { to: next.to_string() });
            }
            url = next;
        }
        Err(Failure::Redirects { times: MOST_REDIRECTS, last: url.to_string() })
    }

    fn ask(&self, url: &Url, is_known: bool, deadline: Instant) -> Result<Response<Body>, Failure> {
        let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let agent = if is_known { &self.known } else { &self.strange };
        let mut request = agent.get(url.to_string()).config().timeout_global(Some(left));
        if url.is_here() {
            request = request.proxy(None);
        }
        let mut request = request.build();
        if is_known {
            for (name, value) in self.proof.iter() {
                request = request.header(name, value);
            }
            let is_said = self.proof.iter().any(|(name, _)| name == "authorization");
            if let Some((name, password)) = url.credentials().filter(|_| !is_said) {
                request = request.header("authorization", basic(&name, &password));
            }
        }
        request.call().map_err(failure)
    }

    /// The body of an answer that is one.
    fn body(&self, response: &mut Response<Body>) -> Result<Vec<u8>, Failure> {
        let status = response.status();
        let is_answer = status.is_success();
        let limit = if is_answer { self.options.most_bytes } else { LONGEST_REASON };
        let mut bytes = Vec::new();
        let body = response.body_mut().with_config().limit(u64::MAX).reader();
        let ended = body.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        if !is_answer {
            let reason = status.canonical_reason().map_or(String::new(), |reason| format!(" {reason}"));
            let status = format!("{}{reason}", status.as_u16());
            return Err(Failure::Status { status, line: first_line(&bytes), code: response.status().as_u16() });
        }
        if bytes.len() as u64 > limit {
            return Err(Failure::TooLong { limit });
        }
        match ended {
            Ok(_) => Ok(bytes),
            Err(cause) => Err(match failure(ureq::Error::from(cause)) {
                Failure::TimedOut { .. } => Failure::TimedOut { what: "the answer did not end", seconds: 0 },
                Failure::Unreachable { cause, .. } | Failure::Other { cause } => {
                    Failure::Truncated { bytes: bytes.len(), cause }
                }
                other => other,
            }),
        }
    }
}

/// The error for a URL that was waited for so long.
fn failed(url: &Url, timeout: Duration, failure: Failure) -> Error {
    let failure = match failure {
        Failure::TimedOut { what, .. } => Failure::TimedOut { what, seconds: timeout.as_secs() },
        other => other,
    };
    Error::Fetch { url: url.to_string(), failure: Box::new(failure) }
}

/// What an error of ureq means.
fn failure(error: ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
            Failure::TimedOut { what: "no connection", seconds: 0 }
        }
        ureq::Error::Timeout(_) => Failure::TimedOut { what: "no answer", seconds: 0 },
        ureq::Error::HostNotFound => unreachable_because("no host of this name"),
        ureq::Error::ConnectionFailed => unreachable_because("the host does not answer"),
        ureq::Error::ConnectProxyFailed(cause) => unreachable_because(&format!("the proxy refuses: {cause}")),
        ureq::Error::Tls(cause) => Failure::Insecure { cause: cause.to_owned() },
        ureq::Error::Rustls(cause) => Failure::Insecure { cause: cause.to_string() },
        ureq::Error::Io(cause) => of_system(&cause),
        other => Failure::Other { cause: other.to_string() },
    }
}

fn unreachable_because(cause: &str) -> Failure {
    Failure::Unreachable { cause: cause.to_owned(), is_bare: false }
}

fn of_system(cause: &std::io::Error) -> Failure {
    // What is wrong with a certificate travels inside of an error of the system.
    let inner = cause.get_ref().map(ToString::to_string);
    match inner {
        Some(inner) if cause.kind() == std::io::ErrorKind::InvalidData => Failure::Insecure { cause: inner },
        _ if cause.kind() == std::io::ErrorKind::TimedOut => Failure::TimedOut { what: "no answer", seconds: 0 },
        _ => unreachable_because(&said(cause)),
    }
}

/// The first line of a text that is not empty, as far as it is of use.
fn first_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(LONGEST_LINE).collect()
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}")))
}

/// The headers that say who the user is, and all others that the user wants sent.
fn proof(options: &Options) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
    let basic = options.user.as_ref().map(|(name, password)| basic(name, password));
    let bearer = options.token.as_ref().map(|token| format!("Bearer {}", token.trim()));
    let said = basic.or(bearer).map(|value| ("authorization".to_owned(), value));
    let checked = |(name, value): &(String, String)| {
        let wrong = || Error::Header { name: name.clone() };
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        Ok((header, value))
    };
    options.headers.iter().chain(&said).map(checked).collect()
}

/// The authorities of the system and those that the user names; the ones that browsers trust where the system has none.
fn roots(named: Option<&Path>, files: &Files) -> Result<RootCerts, Error> {
    let own = named.map(|path| certificates(path, files)).transpose()?.unwrap_or_default();
    let system = rustls_native_certs::load_native_certs().certs;
    let system = system.iter().map(|certificate| Certificate::from_der(certificate).to_owned());
    let all: Vec<Certificate<'static>> = own.into_iter().chain(system).collect();
    Ok(if all.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&all) })
}

fn own_certificate(options: &Options, files: &Files) -> Result<Option<ClientCert>, Error> {
    let Some(path) = &options.certificate else { return Ok(None) };
    let chain = certificates(path, files)?;
    let key = options.key.as_ref().unwrap_or(path);
    let missing = || Error::Pem { input: key.display().to_string(), what: "private key" };
    let key = PrivateKey::from_pem(text(key, files)?.as_bytes()).map_err(|_| missing())?;
    Ok(Some(ClientCert::new_with_certs(&chain, key)))
}

/// The certificates of a file in PEM.
fn certificates(path: &Path, files: &Files) -> Result<Vec<Certificate<'static>>, Error> {
    let text = text(path, files)?;
    let items = parse_pem(text.as_bytes()).filter_map(Result::ok);
    let found: Vec<_> = items
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(Error::Pem { input: path.display().to_string(), what: "certificate" });
    }
    Ok(found)
}

fn text(path: &Path, files: &Files) -> Result<String, Error> {
    let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
    let text = files.text(path, LONGEST_TEXT)?;
    text.ok_or_else(|| Error::Unreadable { input: path.display().to_string(), cause: missing() })
}
