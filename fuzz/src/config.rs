//! Any text as `leakdiff.toml`: what is read and written again reads as the same; an error names the file and a line.

use leakdiff::check::{Config, DEFAULT_ALPHA};

/// Reads the text.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Config::parse(text, "leakdiff.toml") {
        Ok(mut config) => {
            // What is written states the default.
            config.alpha = config.alpha.or(Some(DEFAULT_ALPHA));
            let written = config.to_toml();
            let again = Config::parse(&written, "written").unwrap_or_else(|error| panic!("{error}: {written}"));
            assert_eq!(format!("{again:?}"), format!("{config:?}"), "{written}");
            assert_eq!(again.to_toml(), written);
        }
        Err(error) => {
            assert!((1..=text.lines().count().max(1) + 1).contains(&error.line), "{error}");
            assert!(error.to_string().starts_with("leakdiff.toml:") && !error.problem.is_empty(), "{error}");
        }
    }
}
