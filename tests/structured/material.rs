//! The real profiles that cases start from.
//!
//! In: the fixtures. Out: for a case one to three files, each changed or as it was. Invariant: the order of the material
//! is that of the paths, so that a case is the same on every machine.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::random::Random;
use crate::support::Files;

/// Profiles of one kind that belong together: of one process or one case, oldest first.
type Family = Vec<PathBuf>;

/// Larger files take longer than they show more.
const LARGEST: u64 = 40 << 10;

/// The families of one kind.
pub struct Material(Vec<Family>);

impl Material {
    /// Profiles in pprof's format.
    pub fn profiles() -> Self {
        Self::of(|name| name.ends_with(".pb.gz"))
    }

    /// Heap profiles in the text forms of Go, the JVM and C allocators.
    pub fn texts() -> Self {
        let ends = [".debug1.txt", ".heap", ".symbolized", ".heapz", ".http"];
        Self::of(move |name| !name.starts_with("goroutine") && ends.iter().any(|end| name.ends_with(end)))
    }

    /// Goroutine profiles in every form.
    pub fn goroutines() -> Self {
        let ends = [".debug1.txt", ".debug2.txt", ".pb.gz"];
        Self::of(move |name| name.starts_with("goroutine") && ends.iter().any(|end| name.ends_with(end)))
    }

    fn of(is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut families: BTreeMap<(PathBuf, String), Family> = BTreeMap::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry")) {
                let name = entry.file_name().to_string_lossy().into_owned();
                let metadata = entry.metadata().expect("metadata");
                if metadata.is_dir() {
                    folders.push(entry.path());
                } else if metadata.len() <= LARGEST && is_wanted(&name) {
                    let kind = name.chars().take_while(char::is_ascii_alphabetic).collect();
                    families.entry((folder.clone(), kind)).or_default().push(entry.path());
                }
            }
        }
        assert!(families.len() >= 4, "only {} families", families.len());
        families.values_mut().for_each(|family| family.sort());
        Self(families.into_values().collect())
    }

    /// One to three files of a family; the first is always changed, the others half the time.
    pub fn some(
        &self,
        random: &mut Random,
        files: &Files,
        change: impl Fn(&mut Random, Vec<u8>) -> Vec<u8>,
    ) -> Vec<String> {
        let family = &self.0[random.below(self.0.len())];
        let count = 1 + random.below(3);
        let take = |at: usize| {
            let path = &family[random.below(family.len())];
            let mut bytes = std::fs::read(path).expect("a fixture");
            if at == 0 || random.one_in(2) {
                bytes = change(random, inflated(bytes));
            }
            files.write(&format!("{at}.profile"), bytes)
        };
        (0..count).map(take).collect()
    }
}

/// The bytes, decompressed where they are a whole gzip stream.
fn inflated(bytes: Vec<u8>) -> Vec<u8> {
    let mut inflated = Vec::new();
    match GzDecoder::new(&bytes[..]).read_to_end(&mut inflated) {
        Ok(_) => inflated,
        Err(_) => bytes,
    }
}

/// Puts the inputs of a case aside; says where.
pub fn keep(files: &Files, case: u64) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("structured-{case}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    for entry in std::fs::read_dir(files.path("")).expect("the files of the case").flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), folder.join(entry.file_name())).expect("a copy");
        }
    }
    folder.display().to_string()
}
