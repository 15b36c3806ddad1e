//! Who is in a thread: which devices hold its keys, who vouches for them, and how two people find
//! out that they see each other's (ADR 0017).

mod code;
mod members;
mod verify;

pub(crate) use members::unverified;

#[cfg(test)]
mod tests;
