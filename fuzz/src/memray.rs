//! memray's CSV: records below its heading.

/// Loads the text.
pub fn run(bytes: &[u8]) {
    super::load::run(&[b"allocator,num_allocations,size,tid,thread_name,stack_trace\n", bytes].concat());
}
