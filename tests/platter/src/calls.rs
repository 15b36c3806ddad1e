//! The libc calls that change files, each made as a system call and noted.
//!
//! A call is noted after it was made and before it returns: whoever goes on because it returned
//! finds it in the log. A sync vouches for what was noted before it began.
#![allow(unsafe_code, reason = "libc's calls can't be stood in for without it")]
#![allow(clippy::missing_safety_doc, reason = "each is what libc's manual page says")]

use std::{
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt as _,
    path::Path,
};

use libc::{mode_t, off64_t, size_t, ssize_t};

use crate::log::{Inode, Log, is_listening, listening};

/// Keeps these in every program that records, whatever its linker thinks of them.
pub(crate) fn hold() {
    let calls: [*const (); 11] = [
        open as *const (),
        open64 as *const (),
        mkdir as *const (),
        rename as *const (),
        unlink as *const (),
        write as *const (),
        pwrite64 as *const (),
        ftruncate64 as *const (),
        fsync as *const (),
        fdatasync as *const (),
        sync_file_range as *const (),
    ];
    std::hint::black_box(calls);
}

fn note(what: impl FnOnce(&mut Log)) {
    if let Some(log) = listening().as_mut().and_then(|log| log.as_mut()) {
        what(log);
    }
}

/// What is noted before a sync begins.
fn noted() -> Option<usize> {
    listening()?.as_ref().map(|log| log.ops.len())
}

fn inode_of(file: c_int) -> Option<Inode> {
    // SAFETY: all zeros are a stat; it is read only when the call has filled it in.
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is ours for the call.
    let got = unsafe { libc::fstat64(file, &raw mut stat) };
    (got == 0).then_some((stat.st_dev, stat.st_ino))
}

/// # Safety
/// `path` is a C string, as libc asks for.
unsafe fn path_of<'a>(path: *const c_char) -> &'a Path {
    // SAFETY: as above.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()))
}

/// # Safety
/// As libc's `open64`.
unsafe fn open_and_note(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments, for the call that they were meant for.
    let file = unsafe { libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags, mode) };
    let file = c_int::try_from(file).unwrap_or(-1);
    if file >= 0 && flags & libc::O_ACCMODE != libc::O_RDONLY && is_listening() {
        // SAFETY: the call above took it for a C string.
        let path = unsafe { path_of(path) };
        if let Some(inode) = inode_of(file) {
            note(|log| log.opened(path, inode, flags & libc::O_TRUNC != 0));
        }
    }
    file
}

/// The mode is there, or not looked at: a variadic argument travels as a named one does.
#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: passed on.
    unsafe { open_and_note(path, flags | libc::O_LARGEFILE, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: passed on.
    unsafe { open_and_note(path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: passed on.
    let made = unsafe { libc::syscall(libc::SYS_mkdirat, libc::AT_FDCWD, path, mode) };
    if made == 0 && is_listening() {
        // SAFETY: the call above took it for a C string.
        let path = unsafe { path_of(path) };
        let meta = std::fs::metadata(path).ok();
        if let Some(meta) = meta {
            use std::os::unix::fs::MetadataExt as _;
            note(|log| log.made_dir(path, (meta.dev(), meta.ino())));
        }
    }
    c_int::try_from(made).unwrap_or(-1)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    let here = libc::AT_FDCWD;
    // SAFETY: passed on.
    let moved = unsafe { libc::syscall(libc::SYS_renameat2, here, from, here, to, 0) };
    if moved == 0 {
        // SAFETY: the call above took them for C strings.
        let (from, to) = unsafe { (path_of(from), path_of(to)) };
        note(|log| log.moved(from, to));
    }
    c_int::try_from(moved).unwrap_or(-1)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: passed on.
    let gone = unsafe { libc::syscall(libc::SYS_unlinkat, libc::AT_FDCWD, path, 0) };
    if gone == 0 {
        // SAFETY: the call above took it for a C string.
        let path = unsafe { path_of(path) };
        note(|log| log.unlinked(path));
    }
    c_int::try_from(gone).unwrap_or(-1)
}

/// # Safety
/// `written` bytes of `bytes` were just read by the kernel.
unsafe fn wrote(file: c_int, bytes: *const c_void, written: i64, at: u64) {
    let Ok(len) = usize::try_from(written) else { return };
    if let (true, Some(inode)) = (len > 0, inode_of(file)) {
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), len) };
        note(|log| log.wrote(inode, at, bytes));
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: c_int, bytes: *const c_void, len: size_t) -> ssize_t {
    // SAFETY: passed on.
    let written = unsafe { libc::syscall(libc::SYS_write, file, bytes, len) };
    if is_listening() && written > 0 {
        // SAFETY: asks where the file stands, which is behind what was just written.
        let at = unsafe { libc::syscall(libc::SYS_lseek, file, 0, libc::SEEK_CUR) };
        if let Ok(at) = u64::try_from(at - written) {
            // SAFETY: just written.
            unsafe { wrote(file, bytes, written, at) };
        }
    }
    ssize_t::try_from(written).unwrap_or(-1)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(
    file: c_int,
    bytes: *const c_void,
    len: size_t,
    at: off64_t,
) -> ssize_t {
    // SAFETY: passed on.
    let written = unsafe { libc::syscall(libc::SYS_pwrite64, file, bytes, len, at) };
    if let (true, true, Ok(at)) = (is_listening(), written > 0, u64::try_from(at)) {
        // SAFETY: just written.
        unsafe { wrote(file, bytes, written, at) };
    }
    ssize_t::try_from(written).unwrap_or(-1)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(file: c_int, len: off64_t) -> c_int {
    // SAFETY: passed on.
    let cut = unsafe { libc::syscall(libc::SYS_ftruncate, file, len) };
    if let (0, Ok(len)) = (cut, u64::try_from(len))
        && is_listening()
        && let Some(inode) = inode_of(file)
    {
        note(|log| log.truncated(inode, len));
    }
    c_int::try_from(cut).unwrap_or(-1)
}

/// # Safety
/// As libc's `fsync`.
unsafe fn sync_and_note(call: i64, file: c_int) -> c_int {
    let upto = noted();
    // SAFETY: passed on.
    let synced = unsafe { libc::syscall(call, file) };
    if let (0, Some(upto), Some(inode)) = (synced, upto, inode_of(file)) {
        note(|log| log.synced(inode, upto));
    }
    c_int::try_from(synced).unwrap_or(-1)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: passed on.
    unsafe { sync_and_note(libc::SYS_fsync, file) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: passed on.
    unsafe { sync_and_note(libc::SYS_fdatasync, file) }
}

/// Starts to write something back and says nothing about when it is there.
#[unsafe(no_mangle)]
unsafe extern "C" fn sync_file_range(
    file: c_int,
    at: off64_t,
    len: off64_t,
    flags: libc::c_uint,
) -> c_int {
    // SAFETY: passed on.
    let begun = unsafe { libc::syscall(libc::SYS_sync_file_range, file, at, len, flags) };
    c_int::try_from(begun).unwrap_or(-1)
}
