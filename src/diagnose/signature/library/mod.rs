//! Signatures of what libraries keep for the program.

pub(super) mod cache_library;
pub(super) mod error_chain;
pub(super) mod gzip_writer_per_request;
pub(super) mod json_kept;
pub(super) mod logrus_fields;
pub(super) mod otel_attributes;
pub(super) mod prometheus_labels;
pub(super) mod reflect_types;
pub(super) mod regexp_compiled;
pub(super) mod slog_with;
pub(super) mod template_parsed;
pub(super) mod zap_with;
