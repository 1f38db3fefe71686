//! A running process, seen through the profiles that it serves.
//!
//! In: the URL of its heap. Out: what can be taken of it at a moment. Invariant: each is fetched once a moment; of the published
//! variables nothing but `runtime.MemStats` is kept, as others may be secret.

use serde_json::Value;

use super::clock::Stop;
use super::http::Client;
use super::{Error, GOROUTINES, Taken, Url};

/// A running process.
#[derive(Clone)]
pub struct Process {
    client: Client,
    heap: Url,
}

impl Process {
    /// The process that a URL names.
    pub fn new(url: Url, client: &Client) -> Self {
        Self { heap: url.heap(client.options().collects), client: client.clone() }
    }

    /// The URL of its heap.
    pub fn heap(&self) -> &Url {
        &self.heap
    }

    /// The URL of what can be taken of it, where the URL of its heap tells it.
    pub fn url(&self, taken: Taken) -> Option<Url> {
        match taken {
            Taken::Heap => Some(self.heap.clone()),
            Taken::Goroutines => self.heap.beside(GOROUTINES),
            Taken::MemStats => self.heap.variables(),
        }
    }

    /// Takes it; `None` where it is not known where it is. A process that `may_be_starting` is given more time.
    ///
    /// # Errors
    /// Those of [`Client::get_unless`], and variables without `memstats`.
    pub fn take(&self, taken: Taken, may_be_starting: bool, stop: &Stop) -> Option<Result<Vec<u8>, Error>> {
        let url = self.url(taken)?;
        let answer = self.client.get_unless(stop, &url, may_be_starting);
        Some(match taken {
            Taken::Heap | Taken::Goroutines => answer,
            Taken::MemStats => answer.and_then(|bytes| mem_stats(&bytes).ok_or_else(|| none(&url))),
        })
    }
}

/// Of the published variables those of memory, as they stand there: `{"memstats": {...}}`.
fn mem_stats(variables: &[u8]) -> Option<Vec<u8>> {
    let mut variables: Value = serde_json::from_slice(variables).ok()?;
    let stats = variables.get_mut("memstats").filter(|stats| stats.is_object())?.take();
    serde_json::to_vec(&serde_json::json!({ "memstats": stats })).ok()
}

fn none(url: &Url) -> Error {
    Error::NoMemStats { url: url.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_variables_only_those_of_memory_are_kept() {
        let kept = mem_stats(br#"{"cmdline": ["app", "-password=x"], "memstats": {"Alloc": 18446744073709551615}}"#);
        assert_eq!(kept.as_deref(), Some(br#"{"memstats":{"Alloc":18446744073709551615}}"#.as_slice()));
        for other in ["", "[]", "{}", r#"{"memstats": 1}"#, "<html>"] {
            assert_eq!(mem_stats(other.as_bytes()), None, "{other}");
        }
    }
}
