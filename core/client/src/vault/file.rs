//! A vault that is a file: the terminal's.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `tandem-k` |
//! | 4 | version, 1, little-endian |
//! | 32 | the root key |
//! | 8 | the first 8 bytes of BLAKE3 over the 44 before |
//!
//! Whoever can read the file can open the home. The checksum only tells a damaged key from another
//! one.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{RootKey, Vault, VaultError};
use crate::files::{private_file, sync_dir};

/// The file's name where nobody said another: in the home itself.
pub(crate) const KEY_FILE: &str = "key";

/// What is written before it gets its name.
pub(crate) const KEY_FILE_NEW: &str = "key.new";

const MAGIC: &[u8; 8] = b"tandem-k";
const VERSION: u32 = 1;
const CHECK: usize = 8;
const LEN: usize = 8 + 4 + 32 + CHECK;

/// A key in a file that only its owner can read.
#[derive(Debug, Clone)]
pub struct FileVault(PathBuf);

impl FileVault {
    /// A vault that is this file.
    #[must_use]
    pub const fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// The vault in a home's own folder. Who has a copy of the folder has the key with it.
    #[must_use]
    pub fn in_home(home: &Path) -> Self {
        Self(home.join(KEY_FILE))
    }

    fn folder(&self) -> &Path {
        self.0.parent().unwrap_or(&self.0)
    }

    fn failed(&self, error: &io::Error) -> VaultError {
        VaultError::Failed(format!("{}: {error}", self.0.display()))
    }

    /// Whole and synced before it gets its name, so that whenever the power goes the file is the old
    /// one or the new one.
    fn write(&self, key: &RootKey) -> io::Result<()> {
        let mut name = self.0.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = self.0.with_file_name(name);
        let mut file = private_file(&new)?;
        file.set_len(0)?;
        file.write_all(encode(key).as_slice())?;
        file.sync_all()?;
        fs::rename(&new, &self.0)?;
        sync_dir(self.folder())
    }
}

impl Vault for FileVault {
    fn load(&self) -> Result<Option<RootKey>, VaultError> {
        match fs::read(&self.0) {
            Ok(bytes) => decode(&Zeroizing::new(bytes)).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn create(&self, key: &RootKey) -> Result<(), VaultError> {
        if self.0.symlink_metadata().is_ok() {
            return Err(VaultError::Taken);
        }
        self.write(key).map_err(|error| self.failed(&error))
    }

    fn replace(&self, key: &RootKey) -> Result<(), VaultError> {
        self.write(key).map_err(|error| self.failed(&error))
    }

    fn delete(&self) -> Result<(), VaultError> {
        match fs::remove_file(&self.0).and_then(|()| sync_dir(self.folder())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }
}

fn encode(key: &RootKey) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(LEN));
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(key.as_bytes());
    let check = blake3::hash(&out);
    out.extend_from_slice(&check.as_bytes()[..CHECK]);
    out
}

fn decode(bytes: &[u8]) -> Result<RootKey, VaultError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(VaultError::Damaged)?;
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(VaultError::Damaged)?;
    let version = u32::from_le_bytes(*version);
    if version > VERSION {
        return Err(VaultError::Newer(version));
    }
    let (key, check) = rest.split_first_chunk::<32>().ok_or(VaultError::Damaged)?;
    let covered = bytes.len() - check.len();
    if check != &blake3::hash(&bytes[..covered]).as_bytes()[..CHECK] {
        return Err(VaultError::Damaged);
    }
    Ok(RootKey::new(*key))
}
