//! The log of what was done to the files of one folder.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// A file of the recorded folder, whatever its name is by now.
pub(crate) type FileId = usize;

/// A folder of it; the recorded one is 0.
pub(crate) type DirId = usize;

/// Device and inode.
pub(crate) type Inode = (u64, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    File(FileId),
    Dir(DirId),
}

/// One thing that was done.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// A folder has a name, or another one than before, for this.
    Name {
        dir: DirId,
        name: OsString,
        node: Node,
    },
    /// A name is gone.
    Forget {
        dir: DirId,
        name: OsString,
    },
    /// A name was moved, at once.
    Move {
        from: (DirId, OsString),
        to: (DirId, OsString),
    },
    Write {
        file: FileId,
        at: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        file: FileId,
        len: u64,
    },
    /// What was noted of the file before `upto` is durable.
    Sync {
        file: FileId,
        upto: usize,
    },
    /// The same for a folder's names.
    SyncDir {
        dir: DirId,
        upto: usize,
    },
    /// What the test says: from here on this much was promised.
    Mark(u64),
}

/// What was recorded so far, and the folder as it is.
#[derive(Debug)]
pub(crate) struct Log {
    root: PathBuf,
    pub(crate) ops: Vec<Op>,
    files: BTreeMap<Inode, FileId>,
    dirs: BTreeMap<Inode, DirId>,
    tree: Vec<BTreeMap<OsString, Node>>,
    count: usize,
}

static LOG: Mutex<Option<Log>> = Mutex::new(None);
static LISTENING: AtomicBool = AtomicBool::new(false);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Whether anything is being recorded.
pub(crate) fn is_listening() -> bool {
    LISTENING.load(Ordering::Acquire)
}

/// The log, while something is being recorded.
pub(crate) fn listening() -> Option<MutexGuard<'static, Option<Log>>> {
    is_listening().then(|| LOG.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Says what was promised while something is recorded.
#[derive(Debug)]
pub struct Recorder(());

impl Recorder {
    /// From here on a power cut must not take what this number stands for.
    pub fn mark(&self, promised: u64) {
        if let Some(log) = listening().as_mut().and_then(|log| log.as_mut()) {
            log.ops.push(Op::Mark(promised));
        }
    }
}

/// What a store did to its files.
#[derive(Debug)]
pub struct Recording {
    pub(crate) ops: Vec<Op>,
}

impl Recording {
    /// How many things were done; a cut may fall before, between or after them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether nothing was done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// What was promised last when the power went at `cut`.
    #[must_use]
    pub fn promised(&self, cut: usize) -> Option<u64> {
        self.ops[..cut].iter().rev().find_map(|op| match op {
            Op::Mark(promised) => Some(*promised),
            _ => None,
        })
    }

    /// A moment to cut the power at: half of them right after a promise.
    pub fn moment(&self, dice: &mut crate::Dice) -> usize {
        let marks: Vec<usize> = (0..self.ops.len())
            .filter(|n| matches!(self.ops[*n], Op::Mark(_)))
            .map(|n| n + 1)
            .collect();
        if dice.percent(50) && !marks.is_empty() {
            marks[dice.below(marks.len())]
        } else {
            dice.below(self.ops.len() + 1)
        }
    }
}

/// Runs something over an empty folder and notes what it does to files under it. One recording of
/// a process at a time; others wait.
///
/// # Panics
/// When the folder is not empty, or nothing is noted at all.
pub fn record<T>(root: &Path, run: impl FnOnce(&Recorder) -> T) -> (T, Recording) {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut inside = fs::read_dir(root).expect("a folder to record");
    assert!(inside.next().is_none(), "only an empty folder can be recorded");
    crate::calls::hold();
    let meta = fs::metadata(root).expect("a folder to record");
    let log = Log {
        root: root.to_owned(),
        ops: Vec::new(),
        files: BTreeMap::new(),
        dirs: BTreeMap::from([((meta.dev(), meta.ino()), 0)]),
        tree: vec![BTreeMap::new()],
        count: 0,
    };
    *LOG.lock().unwrap_or_else(PoisonError::into_inner) = Some(log);
    LISTENING.store(true, Ordering::Release);
    let _end = End;
    let probe = root.join("probe");
    fs::write(&probe, b"heard").expect("a folder that can be written to");
    fs::remove_file(&probe).expect("what was written goes");
    let heard = listening().and_then(|mut log| log.as_mut().map(|log| log.forget_probe()));
    assert_eq!(heard, Some(3), "the calls of this program are not heard");
    let out = run(&Recorder(()));
    LISTENING.store(false, Ordering::Release);
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).take();
    let ops = log.map(|log| log.ops).unwrap_or_default();
    (out, Recording { ops })
}

/// Also a test that fails stops listening.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        LISTENING.store(false, Ordering::Release);
    }
}

impl Log {
    /// Name, bytes and end of the probe: how many of them were noted.
    fn forget_probe(&mut self) -> usize {
        std::mem::take(&mut self.ops).len()
    }

    /// The folder that a path's last name stands in, and that name; `None` outside of ours.
    fn place(&self, path: &Path) -> Option<(DirId, OsString)> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let name = inside.file_name()?.to_owned();
        let mut dir = 0;
        for part in inside.parent()?.iter() {
            let Some(Node::Dir(next)) = self.tree[dir].get(part) else { return None };
            dir = *next;
        }
        Some((dir, name))
    }

    /// A file was opened, and made if it was not there.
    pub(crate) fn opened(&mut self, path: &Path, inode: Inode, truncated: bool) {
        let Some((dir, name)) = self.place(path) else { return };
        let known = self.files.get(&inode).copied();
        let file = known.unwrap_or_else(|| {
            self.count += 1;
            self.files.insert(inode, self.count);
            self.count
        });
        if self.tree[dir].get(&name) != Some(&Node::File(file)) {
            self.tree[dir].insert(name.clone(), Node::File(file));
            self.ops.push(Op::Name { dir, name, node: Node::File(file) });
        } else if truncated {
            self.ops.push(Op::Truncate { file, len: 0 });
        }
    }

    pub(crate) fn made_dir(&mut self, path: &Path, inode: Inode) {
        let Some((dir, name)) = self.place(path) else { return };
        let made = self.tree.len();
        self.tree.push(BTreeMap::new());
        self.dirs.insert(inode, made);
        self.tree[dir].insert(name.clone(), Node::Dir(made));
        self.ops.push(Op::Name { dir, name, node: Node::Dir(made) });
    }

    pub(crate) fn moved(&mut self, from: &Path, to: &Path) {
        let (Some(from), Some(to)) = (self.place(from), self.place(to)) else { return };
        let Some(node) = self.tree[from.0].remove(&from.1) else { return };
        if let Some(replaced) = self.tree[to.0].insert(to.1.clone(), node) {
            self.gone(replaced);
        }
        self.ops.push(Op::Move { from, to });
    }

    pub(crate) fn unlinked(&mut self, path: &Path) {
        let Some((dir, name)) = self.place(path) else { return };
        if let Some(node) = self.tree[dir].remove(&name) {
            self.gone(node);
            self.ops.push(Op::Forget { dir, name });
        }
    }

    /// Its inode may be another file's from now on.
    fn gone(&mut self, node: Node) {
        match node {
            Node::File(file) => self.files.retain(|_, known| *known != file),
            Node::Dir(dir) => self.dirs.retain(|_, known| *known != dir),
        }
    }

    pub(crate) fn wrote(&mut self, inode: Inode, at: u64, bytes: &[u8]) {
        if let Some(file) = self.files.get(&inode) {
            self.ops.push(Op::Write { file: *file, at, bytes: bytes.to_vec() });
        }
    }

    pub(crate) fn truncated(&mut self, inode: Inode, len: u64) {
        if let Some(file) = self.files.get(&inode) {
            self.ops.push(Op::Truncate { file: *file, len });
        }
    }

    pub(crate) fn synced(&mut self, inode: Inode, upto: usize) {
        if let Some(file) = self.files.get(&inode) {
            self.ops.push(Op::Sync { file: *file, upto });
        } else if let Some(dir) = self.dirs.get(&inode) {
            self.ops.push(Op::SyncDir { dir: *dir, upto });
        }
    }
}
