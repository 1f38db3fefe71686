//! Signatures of handles, rows, transactions and pools of connections.

pub(super) mod redis_client_per_request;
pub(super) mod sql_open_per_request;
pub(super) mod sql_pool_exhausted;
pub(super) mod sql_rows_not_closed;
pub(super) mod sql_stmt_not_closed;
pub(super) mod sql_tx_not_ended;
