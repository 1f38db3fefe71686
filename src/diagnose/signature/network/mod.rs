//! Signatures of connections, bodies and handlers.

pub(super) mod grpc_client_per_call;
pub(super) mod grpc_stream_not_ended;
pub(super) mod hijacked_connections;
pub(super) mod http2_body_not_closed;
pub(super) mod http_body_not_closed;
pub(super) mod http_client_per_request;
pub(super) mod http_handler_blocked;
pub(super) mod http_idle_connections;
pub(super) mod http_request_kept;
pub(super) mod http_server_connections;
pub(super) mod net_conn_not_closed;
pub(super) mod tls_config_rebuilt;
