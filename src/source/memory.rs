//! How much memory there is for this process, as far as the system tells it in files (Linux).
//!
//! In: the files of `/proc` and of control groups, of both versions. Out: bytes, or `None` where no file says a number.
//! Invariant: the smallest of the numbers. Knows nothing of what it is needed for.

use std::fs;

/// How many bytes this process may have.
pub fn memory() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let groups = files_of_groups(&read("/proc/self/cgroup"));
    let of_groups = groups.iter().filter_map(|path| of_group(&read(path)));
    let of_process = address_space(&read("/proc/self/limits"));
    of_groups.chain(available(&read("/proc/meminfo"))).chain(of_process).min()
}

/// What can be had without swapping: `MemAvailable` of `/proc/meminfo`.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// The limit that `ulimit -v` sets: the first number of the line of `/proc/self/limits`.
fn address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The limit of a control group. What has none says `max` in version 2, and in version 1 a number no machine has.
fn of_group(limit: &str) -> Option<u64> {
    limit.trim().parse().ok()
}

/// The files with the limits of the control groups that a process is in, and of all around them, given its
/// `/proc/self/cgroup`: lines of `number:controllers:path`. In a container the path may be that of the host, which is
/// not seen there; what holds for the container then stands at the root.
fn files_of_groups(cgroup: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in cgroup.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let mut around: Vec<String> = ends.map(|end| format!("{root}{}/{name}", &path[..end])).collect();
        around.dedup();
        files.extend(around.into_iter().filter(|file| !file.contains("//")));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_the_machine_is_what_is_available() {
        let text = "MemTotal:       16318464 kB\nMemFree:          123 kB\nMemAvailable:    2048 kB\nBuffers: 1 kB\n";
        assert_eq!(available(text), Some(2 << 20));
        assert_eq!(available("MemTotal: 16318464 kB\n"), None);
        assert_eq!(available("MemAvailable: much\n"), None);
    }

    #[test]
    fn the_limit_of_a_process_is_the_soft_one() {
        let line = |soft: &str| {
            format!("Limit   Soft Limit   Hard Limit   Units\nMax address space         {soft}   unlimited   bytes\n")
        };
        assert_eq!(address_space(&line("3072000000")), Some(3_072_000_000));
        assert_eq!(address_space(&line("unlimited")), None);
        assert_eq!(address_space(""), None);
    }

    #[test]
    fn a_group_without_a_limit_says_no_number() {
        assert_eq!(of_group("536870912\n"), Some(512 << 20));
        assert_eq!(of_group("max\n"), None);
        assert_eq!(of_group(""), None);
    }

    #[test]
    fn groups_of_both_versions_and_all_around_them_count() {
        let two = files_of_groups("0::/kubepods/pod1\n");
        let expected = ["", "/kubepods", "/kubepods/pod1"].map(|path| format!("/sys/fs/cgroup{path}/memory.max"));
        assert_eq!(two, expected);
        assert_eq!(files_of_groups("0::/\n"), ["/sys/fs/cgroup/memory.max"]);
        let one = files_of_groups("5:cpu,cpuacct:/docker/ab\n4:memory:/docker/ab\n");
        let expected =
            ["", "/docker", "/docker/ab"].map(|path| format!("/sys/fs/cgroup/memory{path}/memory.limit_in_bytes"));
        assert_eq!(one, expected);
    }
}
