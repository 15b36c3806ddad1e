//! One process at a time.

use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    process, thread,
    time::{Duration, Instant},
};

use super::{HomeError, files};
use crate::files::private_file;

pub(super) const LOCK: &str = "lock";

/// How long to wait for ourselves: a store that was just dropped is let go on another thread.
const OWN: Duration = Duration::from_millis(500);

/// Takes the home until the handle is dropped. The file stays; only its lock counts.
pub(super) fn take(home: &Path) -> Result<File, HomeError> {
    let since = Instant::now();
    let mut lock = private_file(&home.join(LOCK)).map_err(|error| files(home, &error))?;
    loop {
        match lock.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(files(home, &error)),
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let _ = lock.rewind().and_then(|()| lock.read_to_string(&mut text));
                let pid = text.trim().parse().ok();
                if pid != Some(process::id()) || since.elapsed() > OWN {
                    return Err(HomeError::Held { home: home.into(), pid });
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
    // Only for the next one's message: what can't be written is left out.
    let _ = lock
        .rewind()
        .and_then(|()| lock.set_len(0))
        .and_then(|()| lock.write_all(process::id().to_string().as_bytes()));
    Ok(lock)
}
