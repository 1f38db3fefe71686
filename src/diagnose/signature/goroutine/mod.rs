//! Signatures of what goroutines wait for, and what waits for them.

pub(super) mod exec_not_waited;
pub(super) mod goroutine_cgo;
pub(super) mod goroutine_chan_range;
pub(super) mod goroutine_chan_receive;
pub(super) mod goroutine_chan_send;
pub(super) mod goroutine_cond;
pub(super) mod goroutine_leak;
pub(super) mod goroutine_mutex;
pub(super) mod goroutine_network_read;
pub(super) mod goroutine_select;
pub(super) mod goroutine_select_empty;
pub(super) mod goroutine_sleep;
pub(super) mod goroutine_waitgroup;
pub(super) mod io_pipe_abandoned;
pub(super) mod logrus_writer;
pub(super) mod os_threads;
pub(super) mod signal_notify;
