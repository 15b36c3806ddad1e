//! Getting in: invites and admissions on one side, joins on the other.

mod invites;
mod joining;
mod links;
mod mail;
mod requests;
mod welcomes;

pub(crate) use mail::Letterbox;

#[cfg(test)]
mod tests;
