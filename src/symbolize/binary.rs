//! One binary or debug file, as far as it tells which it is.
//!
//! In: its bytes, of which only what is needed is read. Out: build id, segments, where its debug information lies.
//! Invariant: what does not fit a profile is refused with the reason.

use object::read::ReadCache;
use object::{Object, ObjectKind, ObjectSection};

use super::segments::{self, Segment};
use super::{Content, Places};

/// An executable, a library, or the debug information that was split off one.
pub(super) struct Binary {
    pub path: String,
    /// In hexadecimal digits; empty where it has none.
    pub build_id: String,
    pub segments: Vec<Segment>,
    /// The name of the file that its debug information was split off to; empty where it states none.
    pub link: String,
    /// Whether it has debug information itself.
    pub has_debug: bool,
    /// Whether it is a program of macOS, whose debug information never lies in it.
    pub is_mach: bool,
    pub content: ReadCache<Box<dyn Content>>,
}

impl Binary {
    /// Reads its headers.
    ///
    /// # Errors
    /// What it is instead, in words.
    pub fn read(path: &str, content: Box<dyn Content>) -> Result<Self, String> {
        let content = ReadCache::new(content);
        let object = object::File::parse(&content).map_err(|error| format!("it is no binary that is read: {error}"))?;
        if matches!(object.kind(), ObjectKind::Core | ObjectKind::Relocatable) {
            return Err("it is no program and no library".to_owned());
        }
        let build_id = object.build_id().ok().flatten().map(hexadecimal);
        let uuid = object.mach_uuid().ok().flatten().map(|uuid| hexadecimal(&uuid));
        let link = object.gnu_debuglink().ok().flatten();
        let has = |name: &str| object.section_by_name(name).is_some_and(|section| section.size() > 0);
        Ok(Self {
            path: path.to_owned(),
            build_id: build_id.or_else(|| uuid.clone()).unwrap_or_default(),
            segments: segments::of(&object),
            link: link.map(|(name, _)| String::from_utf8_lossy(name).into_owned()).unwrap_or_default(),
            has_debug: has(".debug_info"),
            is_mach: uuid.is_some(),
            content,
        })
    }

    /// Refuses it where it cannot be the binary with this build id and these mappings.
    ///
    /// # Errors
    /// What does not fit.
    pub fn fits(&self, build_id: &str, places: &Places) -> Result<(), String> {
        if !build_id.is_empty() && !self.build_id.is_empty() {
            return match is_same(build_id, &self.build_id) {
                true => Ok(()),
                false => Err(format!(
                    "it is of another build: its build id is {}, that of the profile {build_id}",
                    self.build_id
                )),
            };
        }
        match places.iter().all(|(mapping, _)| segments::has(&self.segments, mapping)) {
            true => Ok(()),
            false => Err("it is of another build: its parts are not as long as those that were mapped".to_owned()),
        }
    }

    /// Whether `other` can be the debug information of this binary.
    pub fn belongs_to(&self, other: &Self) -> bool {
        match self.build_id.is_empty() || other.build_id.is_empty() {
            true => self
                .segments
                .iter()
                .map(|it| (it.address, it.size))
                .eq(other.segments.iter().map(|it| (it.address, it.size))),
            false => is_same(&self.build_id, &other.build_id),
        }
    }
}

/// Whether two build ids are the same; Go writes one of its own kind, others may write capitals and dashes.
fn is_same(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.replace('-', "").to_lowercase();
    plain(a) == plain(b)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
