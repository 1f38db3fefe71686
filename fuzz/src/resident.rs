//! The memory of a process as the system counts it: any text.

/// Reads the text.
pub fn run(bytes: &[u8]) {
    if let Some(resident) = leakdiff::load::resident(&String::from_utf8_lossy(bytes)) {
        let parts = [resident.anonymous, resident.file];
        assert!(parts.iter().flatten().all(|part| *part <= resident.total), "{resident:?}");
    }
}
