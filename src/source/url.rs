//! The URL of a profile in a running process.
//!
//! In: what the user named: `http://host:6060/debug/pprof/heap`, or less. Out: a [`Url`] with everything that was left out.
//! Invariant: it is never shown with the credentials in it. Nothing is looked up or fetched.

// A build that fetches nothing has no use for the rest.
#![cfg_attr(not(feature = "http"), allow(dead_code))]

use std::fmt;

/// Where Go serves the profiles of a process.
const PROFILES: &str = "/debug/pprof";
/// Where Go serves its published variables, `runtime.MemStats` among them.
const VARIABLES: &str = "/debug/vars";
/// The profile that is meant where none is named.
pub const HEAP: &str = "heap";
/// The profile of all goroutines.
pub const GOROUTINES: &str = "goroutine";
/// The parameter of a heap profile that asks for a garbage collection before.
const COLLECT: &str = "gc";

/// A URL of `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    is_tls: bool,
    /// `name:password`, as it was written.
    credentials: Option<String>,
    /// Name or address; that of version 6 in brackets.
    host: String,
    port: Option<u16>,
    /// Begins with a slash where it is not empty.
    path: String,
    query: Option<String>,
}

impl Url {
    /// The URL that a text stands for: with its scheme, or as `host:port`, with a path or without; `None` where it can only
    /// be the name of a file.
    pub fn named(text: &str) -> Option<Self> {
        match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Self::parse(false, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Self::parse(true, rest),
            Some(_) => None,
            None => Self::parse(false, text).filter(|url| url.port.is_some() || text.contains("/debug/pprof/")),
        }
    }

    fn parse(is_tls: bool, rest: &str) -> Option<Self> {
        let rest = rest.split('#').next().unwrap_or(rest);
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query.to_owned())));
        let (credentials, place) =
            authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user.to_owned()), place));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port.parse().ok()?)),
            _ => (place, None),
        };
        let is_address = host.starts_with('[') && host.ends_with(']');
        let is_part = |c: char| c.is_alphanumeric() || "-._".contains(c) || (is_address && "[]:%".contains(c));
        if host.is_empty() || host.starts_with('.') || !host.chars().all(is_part) {
            return None;
        }
        Some(Self { is_tls, credentials, host: host.to_owned(), port, path: path.to_owned(), query })
    }

    /// The profile of this name, where the URL names none; that of the heap after a garbage collection, if wanted.
    #[must_use]
    pub fn profile(mut self, name: &str, collects: bool) -> Self {
        let path = self.path.trim_end_matches('/');
        if path.is_empty() || path.ends_with(PROFILES) {
            let folder = if path.is_empty() { PROFILES } else { path };
            self.path = format!("{folder}/{name}");
        }
        let is_heap = self.path.ends_with(&format!("{PROFILES}/{HEAP}"));
        // Of a difference over some seconds the collection is left out anyway.
        let is_asked = self.parameter(COLLECT).is_some() || self.parameter("seconds").is_some();
        if collects && is_heap && !is_asked {
            let query = self.query.take().filter(|query| !query.is_empty());
            let query = query.map_or(String::new(), |query| format!("{query}&"));
            self.query = Some(format!("{query}{COLLECT}=1"));
        }
        self
    }

    /// The heap, where the URL names no other profile; after a garbage collection, if wanted.
    #[must_use]
    pub fn heap(self, collects: bool) -> Self {
        self.profile(HEAP, collects)
    }

    /// Another profile of the process whose heap this is; `None` where the path does not tell where it is.
    pub fn beside(&self, name: &str) -> Option<Self> {
        let folder = self.path.strip_suffix(&format!("/{HEAP}")).filter(|folder| folder.ends_with(PROFILES))?;
        Some(Self { path: format!("{folder}/{name}"), query: None, ..self.clone() })
    }

    /// The published variables of the process whose heap this is; `None` where the path does not tell where they are.
    pub fn variables(&self) -> Option<Self> {
        let above = self.path.strip_suffix(&format!("{PROFILES}/{HEAP}"))?;
        Some(Self { path: format!("{above}{VARIABLES}"), query: None, ..self.clone() })
    }

    /// What a redirect leads to; `None` where that is no URL of `http` or `https`.
    pub(super) fn join(&self, target: &str) -> Option<Self> {
        if target.contains("://") {
            return Self::named(target);
        }
        if let Some(rest) = target.strip_prefix("//") {
            return Self::parse(self.is_tls, rest);
        }
        let target = target.split('#').next().unwrap_or(target);
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query.to_owned())));
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = match path {
            "" => self.path.clone(),
            path if path.starts_with('/') => path.to_owned(),
            path => format!("{folder}/{path}"),
        };
        Some(Self { credentials: None, path, query, ..self.clone() })
    }

    /// Whether what is sent cannot be read on its way.
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Whether the same server answers: the same host and port.
    pub(super) fn is_same_server(&self, other: &Self) -> bool {
        self.host.eq_ignore_ascii_case(&other.host) && self.port_number() == other.port_number()
    }

    /// Whether it is this machine, which no proxy reaches.
    pub(super) fn is_here(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        self.host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
    }

    fn port_number(&self) -> u16 {
        self.port.unwrap_or(if self.is_tls { 443 } else { 80 })
    }

    /// How many seconds the server will take before it answers, where the URL says so.
    pub(super) fn seconds(&self) -> Option<u64> {
        self.parameter("seconds")?.parse().ok()
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.query.as_deref().unwrap_or("").split('&');
        parameters
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Name and password in the URL.
    pub(super) fn credentials(&self) -> Option<(String, String)> {
        let text = self.credentials.as_ref()?;
        let (name, password) = text.split_once(':').unwrap_or((text, ""));
        Some((unescaped(name), unescaped(password)))
    }

    /// What a folder for it may be called: host and port, with what of the path is not usual.
    pub fn folder_name(&self) -> String {
        let path = self.path.strip_suffix(&format!("{PROFILES}/{HEAP}")).unwrap_or(&self.path);
        let port = self.port.map_or(String::new(), |port| format!("-{port}"));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let name: String = format!("{}{port}{path}", self.host.trim_matches(['[', ']']));
        name.chars().map(|c| if is_plain(c) { c } else { '-' }).collect()
    }
}

/// Without the credentials.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))?;
        f.write_str(&self.path)?;
        self.query.as_ref().map_or(Ok(()), |query| write!(f, "?{query}"))
    }
}

/// A text whose `%40` stand for the bytes of these numbers.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heap(text: &str) -> String {
        Url::named(text).map_or("a file".to_owned(), |url| url.heap(true).to_string())
    }

    #[test]
    fn what_is_left_out_is_the_heap_after_a_collection() {
        let whole = "http://host:6060/debug/pprof/heap?gc=1";
        for text in ["host:6060", "host:6060/", "http://host:6060", "http://host:6060/", "HTTP://host:6060/debug/pprof"]
        {
            assert_eq!(heap(text), whole, "{text}");
        }
        for text in ["host:6060/debug/pprof/", "host:6060/debug/pprof/heap", "host:6060/debug/pprof/heap?gc=1"] {
            assert_eq!(heap(text), whole, "{text}");
        }
        assert_eq!(heap("https://a.b/x/debug/pprof/heap?debug=1"), "https://a.b/x/debug/pprof/heap?debug=1&gc=1");
        assert_eq!(heap("[::1]:6060#top"), "http://[::1]:6060/debug/pprof/heap?gc=1");
        assert_eq!(heap("host/debug/pprof/heap"), "http://host/debug/pprof/heap?gc=1");
    }

    #[test]
    fn what_is_named_is_left_as_it_is() {
        for text in [
            "http://host/",
            "http://host/debug/pprof/heap?gc=0",
            "http://host/debug/pprof/heap?seconds=5",
            "http://host/debug/pprof/allocs",
            "http://host/profiles/heap",
            "http://host/heap.pb.gz?x=1",
        ]
        .into_iter()
        .skip(1)
        {
            assert_eq!(heap(text), text);
        }
        let url = Url::named("host:6060").expect("a URL").heap(false);
        assert_eq!(url.to_string(), "http://host:6060/debug/pprof/heap");
    }

    #[test]
    fn names_of_files_are_no_urls() {
        for text in ["heap.pb.gz", "a:b", "C:\\heap", "./a:1", "../debug/pprof/heap", "/a/debug/pprof/heap", "a b:6060"]
        {
            assert_eq!(heap(text), "a file", "{text}");
        }
        assert_eq!(heap("ftp://host:21/heap"), "a file");
    }

    #[test]
    fn other_profiles_of_the_process_lie_beside_its_heap() {
        let url = |text: &str| Url::named(text).expect("a URL").heap(true);
        let goroutines = |text: &str| url(text).beside("goroutine").map(|url| url.to_string());
        let variables = |text: &str| url(text).variables().map(|url| url.to_string());
        assert_eq!(goroutines("host:1").as_deref(), Some("http://host:1/debug/pprof/goroutine"));
        assert_eq!(variables("host:1/app/debug/pprof").as_deref(), Some("http://host:1/app/debug/vars"));
        assert_eq!((goroutines("host:1/heap"), variables("host:1/heap")), (None, None));
    }

    #[test]
    fn credentials_are_read_and_never_shown() {
        let url = Url::named("http://me:p%40ss%2@host:6060").expect("a URL");
        assert_eq!(url.credentials(), Some(("me".to_owned(), "p@ss%2".to_owned())));
        assert_eq!(url.to_string(), "http://host:6060");
        assert_eq!(url.join("/x").expect("a URL").credentials(), None);
    }

    #[test]
    fn redirects_lead_where_they_say() {
        let url = Url::named("https://host:1/a/b?c").expect("a URL");
        let to = |target: &str| url.join(target).map(|url| url.to_string());
        assert_eq!(to("/x?y=1").as_deref(), Some("https://host:1/x?y=1"));
        assert_eq!(to("x").as_deref(), Some("https://host:1/a/x"));
        assert_eq!(to("//other/x").as_deref(), Some("https://other/x"));
        assert_eq!(to("http://other:2/x#y").as_deref(), Some("http://other:2/x"));
        assert_eq!(to("file:///etc/passwd"), None);
    }

    #[test]
    fn the_same_server_is_the_same_host_and_port() {
        let url = |text: &str| Url::named(text).expect("a URL");
        assert!(url("http://host/a").is_same_server(&url("http://HOST:80/b")));
        assert!(!url("http://host/a").is_same_server(&url("https://host/a")));
        assert!(!url("http://host:1").is_same_server(&url("http://host:2")));
        assert!(url("[::1]:1").is_here() && url("localhost:1").is_here() && !url("host:1").is_here());
    }

    #[test]
    fn folders_have_plain_names() {
        let name = |text: &str| Url::named(text).expect("a URL").heap(true).folder_name();
        assert_eq!(name("host:6060"), "host-6060");
        assert_eq!(name("https://me:secret@a.b/x/debug/pprof/heap"), "a.b-x");
        assert_eq!(name("[::1]:6060"), "--1-6060");
    }
}
