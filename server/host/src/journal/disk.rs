//! The journal's way to its files: where a test fills the disk or breaks it.

use std::{fmt, fs::File, io, os::unix::fs::FileExt as _};

/// Writes and syncs of the journal.
pub(crate) trait Disk: fmt::Debug + Send + Sync {
    /// Writes all bytes at an offset.
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes what was written durable.
    fn sync(&self, file: &File) -> io::Result<()>;
}

/// The files as they are.
#[derive(Debug)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }
}
