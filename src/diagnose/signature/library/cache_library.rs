//! A cache of a library has no limit
//!
//! ## What it detects
//!
//! Entries of `patrickmn/go-cache`, `hashicorp/golang-lru` and other well-known caches that become more.
//!
//! ## Why it grows
//!
//! `go-cache` has no limit but age, and with `NoExpiration`, or without the interval of its janitor, not even that.
//! An LRU cache has a limit on the number of its entries, not on their bytes: too high a limit, or a cache for each
//! tenant, is as good as none.
//!
//! ## Evidence
//!
//! - Heap: `go-cache.(*cache).Set`, `simplelru.(*LRU[...]).Add` and `internal.(*LruList[...]).insertValue`; keys
//!   and values grow in step where they are made.
//!
//! ## What looks alike
//!
//! - *A cache that fills up* stops at its limit. Take a third snapshot later.
//! - *A map of the program*: `growing-container` or `retained-objects`.
//!
//! ## Fix
//!
//! Give entries an age and the cache a limit that fits its bytes.
//!
//! ```go
//! pages := expirable.NewLRU[string, *Page](10_000, nil, time.Hour)
//! c := cache.New(5*time.Minute, 10*time.Minute) // the second: the janitor
//! ```
//!
//! ## How to confirm
//!
//! Publish `ItemCount` or `Len` of the cache, and compare with its limit.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("cache-library", include_str!("cache_library.rs")),
    heap: Frames {
        any: &[
            "github.com/patrickmn/go-cache.(*cache).Set",
            "github.com/patrickmn/go-cache.(*cache).SetDefault",
            "github.com/patrickmn/go-cache.(*cache).Add",
            "github.com/patrickmn/go-cache.(*cache).set",
            "github.com/hashicorp/golang-lru/simplelru.(*LRU).Add",
            "github.com/hashicorp/golang-lru/v2/simplelru.(*LRU[...]).Add",
            "github.com/hashicorp/golang-lru/v2/expirable.(*LRU[...]).Add",
            "github.com/hashicorp/golang-lru/v2/internal.(*LruList[...]).insertValue",
            "github.com/golang/groupcache/lru.(*Cache).Add",
            "github.com/jellydator/ttlcache/v3.(*Cache[...]).Set",
        ],
        ..Frames::NONE
    },
    is_holder: true,
    fix: "give entries a TTL and the cache a limit in bytes",
    confidence: Confidence::Medium,
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
