//! The memory of a process as Linux tells it in text: `smaps_rollup`, `smaps` and `status` of `/proc/PID`, `memory.stat` and
//! `memory.current` of a control group, of both versions.
//!
//! In: such a text. Out: [`Resident`], or `None` where it is another. Invariant: bytes; which text it is, its words tell.
//! Source: proc(5), and `Documentation/admin-guide/cgroup-v2.rst` of the kernel.

use crate::model::Resident;

/// Reads the text.
pub fn resident(text: &str) -> Option<Resident> {
    of_maps(text).or_else(|| of_status(text)).or_else(|| of_group(text)).or_else(|| {
        let total = text.trim().parse().ok()?;
        Some(Resident { total, anonymous: None, file: None })
    })
}

/// The values of lines `Name:  12 kB`, added up.
fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let value = |line: &str| {
        let rest = line.strip_prefix(name)?.strip_prefix(':')?.trim();
        rest.strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
    };
    text.lines().filter_map(value).reduce(u64::saturating_add)
}

/// Of each map, or of all together.
fn of_maps(text: &str) -> Option<Resident> {
    let total = kibibytes(text, "Rss")?;
    let anonymous = kibibytes(text, "Anonymous").map(|anonymous| anonymous.min(total));
    Some(Resident { total, anonymous, file: anonymous.map(|anonymous| total.saturating_sub(anonymous)) })
}

fn of_status(text: &str) -> Option<Resident> {
    let total = kibibytes(text, "VmRSS")?;
    let part = |name: &str| kibibytes(text, name).map(|part| part.min(total));
    Some(Resident { total, anonymous: part("RssAnon"), file: part("RssFile") })
}

/// Lines of `name bytes`. Version 1 has sums of all groups below under names of their own.
fn of_group(text: &str) -> Option<Resident> {
    let value = |name: &str| {
        let of_line = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse::<u64>().ok();
        text.lines().find_map(of_line)
    };
    let pair = |anonymous: &str, file: &str| Some((value(anonymous)?, value(file)?));
    let (anonymous, file) =
        pair("anon", "file").or_else(|| pair("total_rss", "total_cache")).or_else(|| pair("rss", "cache"))?;
    let kernel = value("kernel").unwrap_or(0);
    let total = anonymous.saturating_add(file).saturating_add(kernel);
    Some(Resident { total, anonymous: Some(anonymous), file: Some(file) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(total: u64, anonymous: Option<u64>, file: Option<u64>) -> Option<Resident> {
        Some(Resident { total, anonymous, file })
    }

    #[test]
    fn each_text_is_known_by_its_words() {
        let rollup = "55d0-7ffe ---p 00000000 00:00 0   [rollup]\nRss:     2048 kB\nPss: 9 kB\nAnonymous:   1024 kB\n";
        assert_eq!(resident(rollup), of(2 << 20, Some(1 << 20), Some(1 << 20)));
        let maps = "1-2 r-xp\nRss: 4 kB\nAnonymous: 0 kB\n2-3 rw-p\nRss: 8 kB\nAnonymous: 8 kB\n";
        assert_eq!(resident(maps), of(12 << 10, Some(8 << 10), Some(4 << 10)));
        let status = "Name:\tapp\nVmRSS:\t 12 kB\nRssAnon:\t 8 kB\nRssFile:\t 4 kB\n";
        assert_eq!(resident(status), of(12 << 10, Some(8 << 10), Some(4 << 10)));
        assert_eq!(resident("anon 100\nfile 50\nkernel 7\nanon_thp 0\n"), of(157, Some(100), Some(50)));
        assert_eq!(resident("cache 1\nrss 2\ntotal_cache 50\ntotal_rss 100\n"), of(150, Some(100), Some(50)));
        assert_eq!(resident("4096\n"), of(4096, None, None));
        for other in ["", "Rss: much kB\n", "VmRSS 12 kB", "heap profile: 1: 2 [3: 4] @ heap/1\n", "-1"] {
            assert_eq!(resident(other), None, "{other:?}");
        }
    }
}
