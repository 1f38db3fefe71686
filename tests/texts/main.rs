//! Profiles in text form say what their twins in binary form say, and what the tools of their allocators say.

#[path = "../support/mod.rs"]
mod support;

mod dumps;
mod envelopes;
mod java;
mod loaded;
mod native;
mod twins;
