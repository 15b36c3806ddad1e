//! Getting in.
