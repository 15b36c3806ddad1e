//! The folder that everything is in.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::error::Failure;

/// Stores are closed in the background when a story is broken off; until then files may appear.
const CLEARING: [u64; 5] = [0, 100, 300, 600, 1_000];

/// A folder of this demo alone.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    keep: bool,
}

impl Place {
    /// Makes the folder to keep, or a temporary one.
    pub(super) fn new(keep: Option<PathBuf>) -> Result<Self, Failure> {
        let kept = keep.is_some();
        let folder = keep.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("tandem-demo-{}", std::process::id()))
        });
        fs::create_dir(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Failure::Usage(format!(
                "{} exists already; name a folder that does not",
                folder.display()
            )),
            _ => Failure::File { path: folder.clone(), why: error.to_string() },
        })?;
        Ok(Self { folder, keep: kept })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes it, unless it is to be kept.
    pub(super) async fn clear(&self) {
        if self.keep {
            return;
        }
        for wait in CLEARING {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            if fs::remove_dir_all(&self.folder).is_ok() || !self.folder.exists() {
                return;
            }
        }
        eprintln!("tandem: {} could not be removed", self.folder.display());
    }
}
