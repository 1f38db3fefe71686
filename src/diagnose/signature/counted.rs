//! What is counted instead of bytes.
//!
//! In: nothing. Out: the nouns of all signatures. Invariant: a noun is told from another by its name here, never by its words.

/// A thing that leaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// A certificate.
    Certificate,
    /// A command.
    Command,
    /// A compressor.
    Compressor,
    /// A connection.
    Connection,
    /// A context.
    Context,
    /// An element.
    Element,
    /// An entry.
    Entry,
    /// An error.
    Error,
    /// An expression.
    Expression,
    /// A file.
    File,
    /// A function.
    Function,
    /// A goroutine.
    Goroutine,
    /// A handle.
    Handle,
    /// A logger.
    Logger,
    /// An object.
    Object,
    /// A pipe.
    Pipe,
    /// A registration.
    Registration,
    /// A request.
    Request,
    /// A result.
    Result,
    /// A statement.
    Statement,
    /// A stream.
    Stream,
    /// A thread.
    Thread,
    /// A ticker.
    Ticker,
    /// A timer.
    Timer,
    /// A transaction.
    Transaction,
    /// An unread chunk of 16 KiB.
    UnreadChunk,
    /// A value.
    Value,
    /// A waiting query.
    WaitingQuery,
    /// A writer.
    Writer,
}

impl Counted {
    /// What so many of them are called.
    pub fn word(self, count: i64) -> &'static str {
        let (one, many) = match self {
            Self::Certificate => ("certificate", "certificates"),
            Self::Command => ("command", "commands"),
            Self::Compressor => ("compressor", "compressors"),
            Self::Connection => ("connection", "connections"),
            Self::Context => ("context", "contexts"),
            Self::Element => ("element", "elements"),
            Self::Entry => ("entry", "entries"),
            Self::Error => ("error", "errors"),
            Self::Expression => ("expression", "expressions"),
            Self::File => ("file", "files"),
            Self::Function => ("function", "functions"),
            Self::Goroutine => ("goroutine", "goroutines"),
            Self::Handle => ("handle", "handles"),
            Self::Logger => ("logger", "loggers"),
            Self::Object => ("object", "objects"),
            Self::Pipe => ("pipe", "pipes"),
            Self::Registration => ("registration", "registrations"),
            Self::Request => ("request", "requests"),
            Self::Result => ("result", "results"),
            Self::Statement => ("statement", "statements"),
            Self::Stream => ("stream", "streams"),
            Self::Thread => ("thread", "threads"),
            Self::Ticker => ("ticker", "tickers"),
            Self::Timer => ("timer", "timers"),
            Self::Transaction => ("transaction", "transactions"),
            Self::UnreadChunk => ("unread chunk of 16 KiB", "unread chunks of 16 KiB"),
            Self::Value => ("value", "values"),
            Self::WaitingQuery => ("waiting query", "waiting queries"),
            Self::Writer => ("writer", "writers"),
        };
        if count == 1 { one } else { many }
    }
}
