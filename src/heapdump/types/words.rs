//! Names of types in few words.
//!
//! In: names as Go's debug information and descriptors have them. Out: the same without directories of import paths; what they
//! are, where it is a part of the runtime's. Pure text.

/// A name without the directories of its import paths: `map[string]*store.Item`.
pub(in crate::heapdump) fn short(name: &str) -> String {
    let is_path = |character: char| character.is_alphanumeric() || "_./~-%".contains(character);
    let mut words = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let end = if is_path(first) {
            rest.find(|character| !is_path(character)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        words.push_str(word.rsplit('/').next().unwrap_or(word));
        rest = after;
    }
    words
}

/// What maps, channels, `sync.Map` and lists are built of, as these types are called. Source: `cmd/link/internal/ld/dwarf.go`,
/// `cmd/compile/internal/reflectdata`, Go 1.22 to 1.27.
const PARTS: &[&str] = &[
    "internal/sync.",
    "sync.readOnly",
    "sync.entry",
    "container/list.Element",
    "map<",
    "table<",
    "*table<",
    "group<",
    "groupReference<",
    "slot<",
    "hash<",
    "bucket<",
    "hchan<",
    "sudog<",
    "waitq<",
    "map.group[",
    "map.bucket[",
    "noalg.map.",
    "internal/runtime/maps.",
    "runtime.hmap",
    "runtime.hchan",
];

/// Whether a type is a part of a map, a channel, a `sync.Map`, a list.
pub(super) fn is_part(name: &str) -> bool {
    PARTS.iter().any(|part| name.starts_with(part))
}

/// What leads from a part of a map to what the user put into it: the rest of a path of fields behind the key or the element.
/// `None` where it leads to another part.
pub(super) fn behind_part(path: &str) -> Option<&str> {
    [".elem", ".key", ".values", ".keys", ".value", ".Value"].iter().find_map(|field| {
        let (_, rest) = path.split_once(field)?;
        (rest.is_empty() || rest.starts_with('.')).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_directories() {
        let cases = [
            ("map[string]*example.com/shop/store.Item", "map[string]*store.Item"),
            ("[]example.com/a/b.T", "[]b.T"),
            ("example.com/x.Store[go.shape.string,example.com/y/z.V]", "x.Store[go.shape.string,z.V]"),
            ("func(net/http.ResponseWriter, *net/http.Request)", "func(http.ResponseWriter, *http.Request)"),
            ("int", "int"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(short(name), expected);
        }
    }

    #[test]
    fn what_lies_behind_parts_of_maps() {
        assert_eq!(behind_part(".slots.elem"), Some(""));
        assert_eq!(behind_part(".slots.elem.name"), Some(".name"));
        assert_eq!(behind_part(".values"), Some(""));
        assert_eq!(behind_part(".groups.data"), None);
        assert!(is_part("table<string,int>") && !is_part("main.table"));
    }
}
