//! The flame graph as a file: goldens, widths that add up, colours and words, names that mean harm.
//! What the script does with it is tested in a browser by `tests/browser`.

#[path = "../support/mod.rs"]
mod support;

mod classic;
mod goldens;
mod hostile;
mod options;
mod picture;
mod widths;

use support::Profile;

/// Noon of a day.
pub const NOON: i64 = 1_795_176_000_000_000_000;

/// Before and after of a service in which something is new, gone, grown, shrunk and unchanged, and one leak is a
/// thousand times the others.
pub fn before_and_after() -> [Profile; 2] {
    let profile = |values: [i64; 7], time| {
        let stacks = [
            "pages.Rendered@/srv/shop/pages/cache.go:47;api.page@/srv/shop/api/handlers.go:21",
            "bufio.NewReaderSize@/go/src/bufio/bufio.go:57;net/http.(*Transport).dialConn@/go/src/net/http/transport.go:1",
            "sessions.Open@/srv/shop/sessions/open.go:30;api.login@/srv/shop/api/handlers.go:40",
            "sessions.Close@/srv/shop/sessions/open.go:60;api.login@/srv/shop/api/handlers.go:44",
            "config.Load@/srv/shop/config/load.go:5",
            "tiny.Leak@/srv/shop/tiny/leak.go:8",
            "store.(*Cache[go.shape.string]).Put@/srv/shop/store/put.go:17",
        ]
        .map(|stack| format!("{stack};main.main@/srv/shop/main.go:9"));
        let add = |profile: Profile, (stack, value): (&String, i64)| match value {
            0 => profile,
            value => profile.stack(stack, [value / 64, value, value / 64, value]).bytes(64),
        };
        stacks.iter().zip(values).fold(Profile::new().time(time), add)
    };
    [
        profile([1 << 20, 0, 3 << 20, 1 << 20, 8 << 20, 4 << 10, 2 << 20], NOON),
        profile([49 << 20, 5 << 20, 1 << 20, 0, 8 << 20, 40 << 10, 2 << 20], NOON + 600_000_000_000),
    ]
}

/// The picture that `leakdiff flame` draws of two profiles.
#[track_caller]
pub fn flame(profiles: [&Profile; 2], args: &[&str]) -> String {
    let files = support::Files::new();
    let [old, new] = [("old", 0), ("new", 1)].map(|(label, at)| {
        let path = files.write(&format!("{label}.pb"), profiles[at].encode());
        format!("{label}={path}")
    });
    support::run(&[&["flame", old.as_str(), new.as_str()], args].concat()).done().stdout
}
