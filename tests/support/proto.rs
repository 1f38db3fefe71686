//! The Rust types that `build.rs` generates from `proto/profile.proto`, for tests that write profiles.

pub mod perftools {
    #![allow(missing_docs, unused_qualifications, clippy::all)]

    include!(concat!(env!("OUT_DIR"), "/perftools.profiles.rs"));
}
