//! Library cache has no limit
//!
//! ## What it detects
//!
//! A growing number of entries in `patrickmn/go-cache`, `hashicorp/golang-lru` or another well-known cache.
//!
//! ## Why it grows
//!
//! `go-cache` is limited only by expiry, and with `NoExpiration` or without a cleanup interval not even by that. An
//! LRU cache limits the number of entries, not their bytes: a high limit, or one cache per tenant, does not help.
//!
//! ## Evidence
//!
//! - Heap: `go-cache.(*cache).Set`, `simplelru.(*LRU[...]).Add` and `internal.(*LruList[...]).insertValue`; keys and
//!   values grow in step where they are allocated.
//!
//! ## What looks alike
//!
//! - *A cache that fills up* stops at its limit. Take a third snapshot later.
//! - *A map of the program*: `growing-container` or `retained-objects`.
//!
//! ## Fix
//!
//! Set an expiry, and a size limit that counts bytes.
//!
//! ```go
//! pages := expirable.NewLRU[string, *Page](10_000, nil, time.Hour)
//! c := cache.New(5*time.Minute, 10*time.Minute) // second: cleanup
//! ```
//!
//! ## How to confirm
//!
//! Export `ItemCount` or `Len` of the cache, and compare it with the limit.

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
    fix: "set an expiry, and a size limit that counts bytes",
    confidence: Confidence::Medium,
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
