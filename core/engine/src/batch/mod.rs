//! Batches: signed runs of changes.
