//! The Rust types that `build.rs` generates from `proto/profile.proto`.

#![allow(missing_docs, unused_qualifications, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/perftools.profiles.rs"));
