//! Signatures of what goroutines wait for, and what waits for them.

pub(super) mod exec_not_waited;
mod goroutine_cgo;
mod goroutine_chan_range;
mod goroutine_chan_receive;
mod goroutine_chan_send;
mod goroutine_cond;
pub(super) mod goroutine_leak;
mod goroutine_mutex;
mod goroutine_network_read;
mod goroutine_select;
mod goroutine_select_empty;
mod goroutine_sleep;
mod goroutine_waitgroup;
pub(super) mod io_pipe_abandoned;
pub(super) mod logrus_writer;
pub(super) mod os_threads;
pub(super) mod signal_notify;
pub(super) mod states;
