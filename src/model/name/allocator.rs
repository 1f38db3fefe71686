//! Functions that allocate on behalf of others, and what profilers of allocators add below them: rows by which nothing
//! would be said, and which are never accountable.
//!
//! In: the name of a function as its toolchain spells it, mangled or not, and its file. Out: whether it is one of these.
//! Invariant: pure text, total on any input. What Go's names look like is none of these.
//!
//! The names are those of glibc, jemalloc 5 (also as tikv-jemalloc-sys prefixes it), gperftools, Google's tcmalloc,
//! mimalloc, libstdc++, libc++ and Rust's `alloc` at the time of writing; those of google/pprof's `allocRxStr` are among
//! them.

use super::demangle;
use super::native::{last, qualified, root};

/// Functions of C, without the prefix that an allocator may have been built with.
const C: &[&str] = &[
    "malloc",
    "calloc",
    "realloc",
    "reallocarray",
    "memalign",
    "posix_memalign",
    "aligned_alloc",
    "valloc",
    "pvalloc",
    "free",
    "cfree",
    "mallocx",
    "rallocx",
    "xallocx",
    "sdallocx",
    // What functions without a name of their own are taken for in a stripped jemalloc.
    "malloc_usable_size",
    "_int_malloc",
    "_int_realloc",
    "_int_memalign",
    // Between these and the profiler in jemalloc, and in gperftools.
    "ialloc",
    "large_malloc",
    "large_palloc",
    "do_rallocx",
    "do_realloc_nonnull_zero",
    "cpp_alloc",
    "do_malloc",
    "do_malloc_pages",
    "do_malloc_no_errno",
    "do_memalign",
    "DoSampledAllocation",
    "RecordAlloc",
    "NewHook",
    // Of jemalloc's operator new.
    "newImpl",
    "fallback_impl",
    "fallbackNewImpl",
    "handleOOM",
    "__builtin_new",
    "__builtin_vec_new",
    "__builtin_delete",
    "__builtin_vec_delete",
];

/// What C allocators are built with in front of those names.
const C_PREFIXES: &[&str] = &["__GI___libc_", "__libc_", "__posix_", "__"];

/// Beginnings of names in C that are an allocator's or its profiler's alone.
const C_FAMILIES: &[&str] = &[
    "je_",
    "_rjem_",
    "prof_backtrace",
    "prof_alloc_prep",
    "prof_malloc_sample",
    "prof_sample_",
    "prof_tctx_",
    "prof_lookup",
    "prof_unwind_",
    "imalloc",
    "irallocx_prof",
    "ixallocx_prof",
    "iallocztm",
    "arena_malloc",
    "arena_palloc",
    "tcache_alloc_",
    "tc_malloc",
    "tc_calloc",
    "tc_realloc",
    "tc_memalign",
    "tc_posix_memalign",
    "tc_aligned_alloc",
    "tc_valloc",
    "tc_pvalloc",
    "tc_new",
    "tc_delete",
    "tc_free",
    "tc_cfree",
    "TCMallocInternal",
    "mi_malloc",
    "mi_calloc",
    "mi_zalloc",
    "mi_realloc",
    "mi_aligned_alloc",
    "mi_heap_",
    "_mi_",
    "malloc_zone_",
    "_malloc_zone_",
    "__rust_alloc",
    "__rust_realloc",
    "__rdl_",
    "__rg_",
];

/// Namespaces and crates that are an allocator.
const ROOTS: &[&str] =
    &["tcmalloc", "snmalloc", "MallocHook", "BaseArena", "HeapProfileTable", "tikv_jemallocator", "jemallocator"];
/// Classes of the standard library of C++ whose methods may allocate for it.
const STANDARD_ROOTS: &[&str] = &["std", "__gnu_cxx"];
/// What those methods are called.
const STANDARD: &[&str] = &["allocate", "_M_allocate", "_S_allocate", "_M_create", "_S_create", "__libcpp_allocate"];
/// Sources of allocators that are called nothing else.
const FILES: &[&str] = &[
    "jemalloc.c",
    "jemalloc_cpp.cpp",
    "jemalloc_internal_inlines_c.h",
    "prof_sys.c",
    "prof_inlines.h",
    "prof_inlines_a.h",
    "prof_inlines_b.h",
    "tcmalloc.cc",
    "heap-profiler.cc",
    "heap-profile-table.cc",
];
/// The same of parts of their paths; where debug information is kept short, inlined functions of Rust have no path in
/// their names.
const FOLDERS: &[&str] = &[
    "/jemalloc/src/",
    "/jemalloc/include/",
    "/tikv-jemallocator-",
    "/jemallocator-",
    "/mimalloc-",
    "/library/alloc/src/alloc.rs",
];

/// Binaries that hold an allocator and nothing else, by the beginning of their names.
const BINARIES: &[&str] = &["libjemalloc", "libtcmalloc", "libmimalloc", "libsnmalloc"];

/// Whether the binary that lies at a path is an allocator.
pub fn is_allocator_binary(path: &str) -> bool {
    let base = path.rsplit('/').next().unwrap_or(path);
    BINARIES.iter().any(|binary| base.starts_with(binary))
}

/// Whether a function of this name and file allocates on behalf of others.
///
/// ```
/// use leakdiff::model::name::is_allocator;
/// assert!(is_allocator("je_prof_backtrace", "") && is_allocator("operator new[](unsigned long)", ""));
/// assert!(is_allocator("_Znwm", "") && is_allocator("__rustc::__rust_alloc", ""));
/// assert!(!is_allocator("runtime.mallocgc", "") && !is_allocator("arena::allocate", ""));
/// ```
pub fn is_allocator(name: &str, file: &str) -> bool {
    if file.ends_with(".go") || name.is_empty() {
        return false;
    }
    is_named(name) || file.rsplit(['/', '\\']).next().is_some_and(|base| FILES.contains(&base)) || {
        FOLDERS.iter().any(|folder| file.contains(folder))
    }
}

fn is_named(name: &str) -> bool {
    demangle(name, false).map_or_else(|| is_spelled(name), |name| is_spelled(&name))
}

/// The same of a name that is not mangled.
fn is_spelled(name: &str) -> bool {
    let name = name.trim_start_matches('.').trim_start_matches("::");
    let name = name.strip_prefix("void* ").unwrap_or(name);
    match name {
        _ if name.starts_with("operator new") || name.starts_with("operator delete") => true,
        _ if name.contains("::") => is_qualified(name),
        _ => is_of_c(name),
    }
}

/// `malloc`, `__libc_malloc`, `imalloc_body.constprop.0`, `malloc@plt`, `newImpl<false>(unsigned long)`.
fn is_of_c(name: &str) -> bool {
    let stem = name.split(['.', '@', '(', '<', ' ']).next().unwrap_or(name);
    // A dot of another language, as in `malloc.New`, is no end.
    if name[stem.len()..].strip_prefix('.').is_some_and(|suffix| !is_clone(suffix)) {
        return false;
    }
    let is_bare = |stem: &str| C.contains(&stem);
    let is_prefixed = || C_PREFIXES.iter().any(|prefix| stem.strip_prefix(prefix).is_some_and(is_bare));
    is_bare(stem) || is_prefixed() || C_FAMILIES.iter().any(|family| stem.starts_with(family))
}

/// What compilers append to the name of a part or a copy of a function.
fn is_clone(suffix: &str) -> bool {
    ["constprop", "isra", "part", "cold", "llvm", "lto_priv", "localalias"].iter().any(|it| suffix.starts_with(it))
}

/// Of Rust and C++.
fn is_qualified(name: &str) -> bool {
    if name.starts_with('<') {
        return name.contains(" as core::alloc::");
    }
    let path = qualified(name);
    match root(name) {
        root if ROOTS.contains(&root) => true,
        root if STANDARD_ROOTS.contains(&root) => STANDARD.iter().any(|method| last(path).starts_with(method)),
        "alloc" => path.starts_with("alloc::alloc::"),
        root => (path.starts_with("__rustc") || root == "(anonymous namespace)") && is_of_c(last(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_allocator, is_allocator_binary};

    #[test]
    fn allocators_by_name() {
        for name in [
            "malloc",
            "calloc",
            "__libc_malloc",
            "__GI___libc_malloc",
            "malloc@plt",
            "je_malloc",
            "je_malloc_default",
            "je_prof_tctx_create",
            "prof_backtrace_impl",
            "prof_alloc_prep.isra.0",
            "imalloc_body",
            "imalloc_body.constprop.0",
            "imalloc [clone .cold]",
            "_rjem_malloc",
            "_rjem_je_prof_backtrace",
            "__rdl_alloc",
            "__rust_alloc",
            "__rust_alloc_zeroed",
            "__rustc::__rust_alloc",
            "__rustc[1234abcd]::__rdl_alloc",
            "_RNvCs1234_7___rustc12___rust_alloc",
            "alloc::alloc::exchange_malloc",
            "alloc::alloc::Global::alloc_impl",
            "<alloc::alloc::Global as core::alloc::Allocator>::allocate",
            "<tikv_jemallocator::Jemalloc as core::alloc::global::GlobalAlloc>::alloc",
            "_ZN5alloc5alloc15exchange_malloc17h0123456789abcdefE",
            "_RNvNtCs1234_5alloc5alloc15exchange_malloc",
            "operator new(unsigned long)",
            "operator new[](unsigned long, std::nothrow_t const&)",
            "operator new",
            "void* operator new(unsigned long)",
            "_Znwm",
            "_Znam",
            "_ZnwmSt11align_val_t",
            "void* newImpl<false>(unsigned long)",
            "newImpl<false>",
            "_Z7newImplILb0EEPvm",
            "tc_new_nothrow",
            "tc_malloc",
            "TCMallocInternalNewArray",
            "tcmalloc::allocate_full_malloc_oom(unsigned long)",
            "tcmalloc::tcmalloc_internal::SampleifyAllocation<tcmalloc::Policy>(tcmalloc::Policy, unsigned long)",
            "_ZN8tcmalloc24allocate_full_malloc_oomEm",
            "(anonymous namespace)::do_malloc(unsigned long)",
            "_ZN12_GLOBAL__N_19do_mallocEm",
            "std::allocator_traits::allocate",
            "std::allocator_traits<std::allocator<char> >::allocate(std::allocator<char>&, unsigned long)",
            "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::_M_create(unsigned long&)",
            "std::_Vector_base<std::function<void (int)>, std::allocator<int> >::_M_allocate(unsigned long)",
            "__gnu_cxx::new_allocator<char>::allocate(unsigned long, void const*)",
            "std::__1::allocator<char>::allocate[abi:v160006](unsigned long)",
            "_ZNSt16allocator_traitsISaIcEE8allocateERS0_m",
            "_ZN9__gnu_cxx13new_allocatorIcE8allocateEmPKv",
            "mi_malloc",
            "malloc_zone_malloc",
        ] {
            assert!(is_allocator(name, ""), "{name}");
        }
        assert!(is_allocator("unwind", "src/prof_sys.c") && is_allocator("f", "/build/jemalloc/src/arena.c"));
    }

    #[test]
    fn what_looks_alike_is_none() {
        for name in [
            "",
            "main",
            "runtime.mallocgc",
            "github.com/acme/malloc.New",
            "malloc.New",
            "malloc_stats_handler",
            "prof_report",
            "app::malloc_cache",
            "svc::Cache::allocate(int)",
            "arena::allocate",
            "Pool::create",
            "<app::Pool as app::PageAllocator>::alloc_page",
            "std::vector<int, std::allocator<int> >::push_back(int&&)",
            "_ZNSt6vectorIiSaIiEE9push_backEOi",
            "std::function<void* (unsigned long)>::operator()(unsigned long) const",
            "alloc::vec::Vec<T,A>::push",
            "alloc::raw_vec::finish_grow",
            "_ZN5alloc3vec16Vec$LT$T$C$A$GT$4push17h0123456789abcdefE",
            "_RNvMs_NtCs1234_5alloc3vecINtB4_3VecyE4push",
            "_RNvCsaBc_3app4main",
            "_ZN3svc5Cache3putEi",
            "mi_casa",
            "tc_reload",
            "new Cache",
            "operators::run",
            "(anonymous)",
            "<anonymous>",
        ] {
            assert!(!is_allocator(name, "/srv/app/cache.cc"), "{name}");
        }
        assert!(!is_allocator("example.com/app.malloc", "/srv/app/malloc.go"));
        assert!(!is_allocator("serve", "/srv/app/src/jemalloc.rs"));
        assert!(!is_allocator_binary("/usr/lib/libc.so.6") && !is_allocator_binary("/srv/jemalloc/app"));
    }

    #[test]
    fn allocators_by_binary() {
        assert!(
            is_allocator_binary("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2") && is_allocator_binary("libtcmalloc.so")
        );
    }
}
