//! Signatures of what the program keeps itself, and what nothing is known of.

pub(super) mod buffer_not_reset;
pub(super) mod cgo_copies;
pub(super) mod defer_in_loop;
pub(super) mod file_not_closed;
pub(super) mod growing_container;
pub(super) mod list_queue;
pub(super) mod pool_not_put_back;
pub(super) mod retained_input;
pub(super) mod retained_objects;
pub(super) mod sync_map;
pub(super) mod unknown;
