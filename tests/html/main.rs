//! The page as a file: what stands in it without script, its words, its size, names that mean harm.
//! What the script does with it is tested in a browser by `tests/browser`.

#[path = "../support/mod.rs"]
mod support;

mod beside;
mod goldens;
mod hostile;
mod limits;
mod page;
mod words;

use support::{Files, Profile, run};

/// Noon of a day.
pub const NOON: i64 = 1_795_176_000_000_000_000;
/// A minute in nanoseconds.
pub const MINUTE: i64 = 60_000_000_000;

/// A service in which something is new, grown, shrunk, gone and unchanged.
pub fn service(step: usize) -> Profile {
    let stacks: [(&str, [i64; 3]); 6] = [
        (
            "example.com/shop/pages.Rendered@/srv/shop/pages/cache.go:47;example.com/shop/api.page@/srv/shop/api/api.go:21",
            [1 << 20, 20 << 20, 49 << 20],
        ),
        (
            "bufio.NewReaderSize@/go/src/bufio/bufio.go:57;example.com/shop/feed.Read@/srv/shop/feed/read.go:12",
            [0, 2 << 20, 5 << 20],
        ),
        ("example.com/shop/sessions.Open@/srv/shop/sessions/open.go:30", [3 << 20, 3 << 20, 1 << 20]),
        ("example.com/shop/sessions.Close@/srv/shop/sessions/open.go:60", [1 << 20, 0, 0]),
        ("example.com/shop/config.Load@/srv/shop/config/load.go:5", [8 << 20, 8 << 20, 8 << 20]),
        ("example.com/shop/store.(*Cache[go.shape.string]).Put@/srv/shop/store/put.go:17", [0, 64 << 10, 64 << 10]),
    ];
    stacks.iter().fold(Profile::new().time(NOON + step as i64 * 5 * MINUTE), |profile, (stack, values)| {
        let (now, ever) = (values[step], values[..=step].iter().max().copied().unwrap_or_default());
        let stack = format!("{stack};main.main@/srv/shop/main.go:9");
        if ever == 0 { profile } else { profile.stack(&stack, [ever / 64, ever, now / 64, now]) }
    })
}

/// The page of these profiles.
#[track_caller]
pub fn report(profiles: &[&Profile], args: &[&str]) -> String {
    let files = Files::new();
    let names = ["old", "new", "newest"];
    let write =
        |(profile, name): (&&Profile, &str)| format!("{name}={}", files.write(&format!("{name}.pb"), profile.encode()));
    let inputs: Vec<String> = profiles.iter().zip(names).map(write).collect();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let folder = files.path("");
    let broken = folder.replace('/', "/<wbr>").replace('.', ".<wbr>");
    let page = run(&[&["report"], &inputs[..], args].concat()).done().stdout;
    page.replace(&folder, "").replace(&broken, "")
}
