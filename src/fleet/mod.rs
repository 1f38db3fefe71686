//! Many hosts: which functions leak, on how many of them, since which build.
//!
//! In: the profiles of hosts, one host after the other. Out: a [`Ranking`]. Invariant: a host is compared with itself alone;
//! over hosts only growth and its variance add up, so that what no host can prove alone shows over all.
//! Knows nothing of files and of text for people.

mod host;
mod labels;
mod rank;

pub use host::{Growth, Host, Segment, Subject};
pub use labels::{Labels, Malformed, Pattern, by_folder};
pub use rank::{BY_CHANCE, Ranked, Ranking, Row, SURE_OF_HOST};
