//! Mangled names as people read them: C++ (Itanium), and Rust in both of its manglings.
//!
//! In: a name as the linker knows it. Out: the name in its language, with or without the hash of a build.
//! Invariant: total on any input; what grows beyond all measure stays mangled.
//! Knows nothing of Go and of profiles.

use std::fmt::{self, Write};

/// Longest name that is read, and longest that is made of one: a few bytes can stand for gigabytes.
const LONGEST: usize = 64 << 10;

/// The name that a mangled one stands for; `None` when it is not mangled. `with_hash` keeps what tells two instances of
/// one generic function apart in Rust's older mangling, and changes with every build.
///
/// ```
/// use leakdiff::model::name::demangle;
/// let older = "_ZN3app5Store3put17h0123456789abcdefE";
/// assert_eq!(demangle(older, false).as_deref(), Some("app::Store::put"));
/// assert_eq!(demangle(older, true).as_deref(), Some("app::Store::put::h0123456789abcdef"));
/// assert_eq!(demangle("_ZN5store5Cache3putEi", false).as_deref(), Some("store::Cache::put(int)"));
/// assert_eq!(demangle("_RNvCsaBc_3app4main", false).as_deref(), Some("app::main"));
/// assert_eq!(demangle("main.main", false), None);
/// ```
pub fn demangle(name: &str, with_hash: bool) -> Option<String> {
    let is_mangled = ["_Z", "__Z", "_R", "__R"].iter().any(|prefix| name.starts_with(prefix));
    if !is_mangled || name.len() > LONGEST {
        return None;
    }
    let mut text = Bounded(String::new());
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        let written = if with_hash { write!(text, "{rust}") } else { write!(text, "{rust:#}") };
        return written.is_ok().then_some(text.0);
    }
    let cpp = cpp_demangle::Symbol::new(name).ok()?;
    cpp.structured_demangle(&mut text, &cpp_demangle::DemangleOptions::default()).ok()?;
    Some(text.0).filter(|text| !text.is_empty())
}

/// A text that refuses to grow without end.
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_manglings() {
        for (mangled, expected) in [
            ("_Znwm", "operator new(unsigned long)"),
            ("_ZN12_GLOBAL__N_14loadEv", "(anonymous namespace)::load()"),
            ("_ZN5alloc3vec16Vec$LT$T$C$A$GT$4push17h0123456789abcdefE", "alloc::vec::Vec<T,A>::push"),
            ("_RNvMs_NtCs1234_5alloc3vecINtB4_3VecyE4push", "<alloc::vec::Vec<u64>>::push"),
            ("__ZN5store5Cache3putEi", "store::Cache::put(int)"),
        ] {
            assert_eq!(demangle(mangled, false).as_deref(), Some(expected), "{mangled}");
        }
    }

    #[test]
    fn what_is_no_mangled_name_stays() {
        for name in ["", "_Z", "_ZN99999999999999999999", "_R", "_Rfoo", "_Zfoo", "Rust", "ZN3app4mainE", "_start"] {
            assert_eq!(demangle(name, false), None, "{name}");
        }
    }

    #[test]
    fn a_short_name_for_a_very_long_one_stays_mangled() {
        // Each template argument stands for two of the one before it.
        let mut name = String::from("_Z1fI1AI1BIiES1_E");
        for level in 0..40 {
            let _ = write!(name, "1C{level}IS{level}_S{level}_E");
        }
        let length = demangle(&name, false).map_or(0, |text| text.len());
        assert!(length <= LONGEST);
    }
}
