//! From inputs to what is known of the processes they are of: profiles, names of native addresses, other metrics.
//!
//! In: [`ProcessArgs`], opened inputs. Out: snapshots for a diff. Invariant: what stands beside the profiles is given for each
//! of them, in their order. Decides which files are opened, and leaves what they say to the rooms that read them.

use anyhow::Result;

use crate::load::{self, Input, Limits, Loaded};
use crate::source::{self, Binaries, Files};
use crate::symbolize::{self, Opened, Wanted};

use super::process_args::ProcessArgs;

/// What is known beside the profiles.
#[derive(Default)]
pub(super) struct Process {
    binaries: Binaries,
}

impl Process {
    /// Checks the arguments for so many profiles.
    pub fn new(args: &ProcessArgs, _profiles: usize) -> Result<Self> {
        let binaries = Binaries::new(args.bin.clone(), args.debug_dir.clone())?;
        Ok(Self { binaries })
    }

    /// Loads the profiles with all that is known.
    pub fn load(&self, inputs: Vec<Input>, limits: Limits, files: &Files) -> Result<Loaded, load::Error> {
        let mut loaded = load::load(inputs, limits)?;
        self.name(&mut loaded, files);
        Ok(loaded)
    }

    /// Names native addresses, where the user permits to open a binary.
    fn name(&self, loaded: &mut Loaded, files: &Files) {
        if self.binaries.is_empty() {
            return;
        }
        let most_bytes = source::memory().map_or(symbolize::MOST_BYTES, |memory| symbolize::MOST_BYTES.min(memory / 2));
        symbolize::symbolize(loaded, most_bytes, &mut |wanted| {
            let found = match wanted {
                Wanted::Binary { file, build_id, is_main } => self.binaries.binary(file, build_id, is_main, files),
                Wanted::DebugFile { binary, build_id, link } => self.binaries.debug_file(binary, build_id, link, files),
            };
            let opened = found.into_iter().map(|found| Opened {
                path: found.path.display().to_string(),
                content: Box::new(found.file),
                is_expected: found.is_expected,
            });
            opened.collect()
        });
    }
}
