//! What is stored: keys, and versioned values.

mod key;

pub use key::{Batch, Key, Write};
