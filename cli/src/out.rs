//! What a command leaves on standard output: one JSON document or some lines, never both.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::{error::Failure, plain};

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Done {
    /// For scripts; see `docs/cli-json.md`. `None` when the command has written its own.
    pub(crate) document: Option<Value>,
    /// For people.
    pub(crate) text: String,
    /// The exit code.
    pub(crate) exit: u8,
}

impl Done {
    /// All is well.
    pub(crate) fn new(document: Value, text: impl Into<String>) -> Self {
        Self { document: Some(document), text: text.into(), exit: 0 }
    }

    /// The command wrote what it had to say as it went.
    pub(crate) const fn silent() -> Self {
        Self { document: None, text: String::new(), exit: 0 }
    }

    /// With another exit code.
    pub(crate) fn exit(self, exit: u8) -> Self {
        Self { exit, ..self }
    }
}

/// Prints what a command came to.
pub(crate) fn done(done: &Done, json: bool) -> Result<(), Failure> {
    match (&done.document, json) {
        (Some(document), true) => line(&document.to_string()),
        (_, false) if !done.text.is_empty() => line(done.text.trim_end()),
        _ => Ok(()),
    }
}

/// Prints one line (or block of lines) on standard output, flushed.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NobodyReads,
        _ => Failure::Io(error),
    })
}

/// Standard output that grows while a command goes on: lines, or one JSON array with an element a
/// line.
#[derive(Debug)]
pub(crate) struct Page {
    /// Whether it is for scripts.
    pub(crate) json: bool,
    begun: bool,
}

impl Page {
    /// Nothing yet.
    pub(crate) const fn new(json: bool) -> Self {
        Self { json, begun: false }
    }

    /// One more element of the array.
    pub(crate) fn add(&mut self, element: &Value) -> Result<(), Failure> {
        let lead = if self.begun { "," } else { "[" };
        self.begun = true;
        line(&format!("{lead}{element}"))
    }

    /// Closes the array.
    pub(crate) fn end(&self) -> Result<(), Failure> {
        match (self.json, self.begun) {
            (true, true) => line("]"),
            (true, false) => line("[]"),
            (false, _) => Ok(()),
        }
    }
}

/// Prints why a command came to nothing: a sentence on standard error and, for scripts, a document.
pub(crate) fn failure(failure: &Failure, json: bool) {
    aside(&failure.to_string());
    if json {
        error_document(failure.kind(), &failure.to_string());
    }
}

/// Tells people something beside what the command is for, on standard error.
pub(crate) fn aside(text: &str) {
    // Nothing is left to do when standard error is closed too. A sentence may quote somebody.
    let _ = writeln!(io::stderr().lock(), "tandem: {}", plain::lines(text));
}

/// Prints the one document of a command that came to nothing.
pub(crate) fn error_document(kind: &str, message: &str) {
    // The exit code says the same when nobody reads.
    let _ = line(&error_value(kind, message).to_string());
}

/// The shape of an error.
pub(crate) fn error_value(kind: &str, message: &str) -> Value {
    json!({ "error": { "kind": kind, "message": message } })
}
