//! `leakdiff inspect`: what a profile is.
