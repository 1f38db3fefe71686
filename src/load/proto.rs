//! The Rust types that `build.rs` generates from `proto/profile.proto`: the schema of the small tables.
//! `Profile` and `Sample` are not built when loading; whoever writes profiles uses them.

#![allow(missing_docs, dead_code, unused_qualifications, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/perftools.profiles.rs"));
