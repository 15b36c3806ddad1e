//! Images: what a disk may hold when the power goes at a moment.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::FileExt as _,
    path::Path,
};

use crate::{
    Dice, Recording,
    log::{DirId, FileId, Node, Op},
};

/// What may have happened to what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// None of it arrived.
    Lost,
    /// All of it arrived.
    Kept,
    /// All up to a point arrived, and that point may be inside a write.
    Prefix(usize),
    /// Of each so many bytes, some arrived: this many in a hundred.
    Pieces { bytes: usize, percent: u64 },
}

/// What a disk may hold.
#[derive(Debug)]
pub struct Image {
    names: Vec<BTreeMap<OsString, Node>>,
    /// What is done to each file, in order.
    files: BTreeMap<FileId, Vec<Step>>,
    fate: Fate,
}

#[derive(Debug)]
enum Step {
    Put(u64, Vec<u8>),
    Len(u64),
}

impl Recording {
    /// An image of the disk if the power goes at `cut`.
    #[must_use]
    pub fn image(&self, cut: usize, dice: &mut Dice) -> Image {
        let ops = &self.ops[..cut];
        let fate = match dice.below(10) {
            0 => Fate::Lost,
            1 => Fate::Kept,
            2..5 => Fate::Prefix(dice.below(ops.len() + 1)),
            5..8 => Fate::Pieces { bytes: 4096, percent: [10, 50, 90][dice.below(3)] },
            _ => Fate::Pieces { bytes: 512, percent: [10, 50, 90][dice.below(3)] },
        };
        Image { names: names(ops, fate, dice), files: contents(ops, fate, dice), fate }
    }
}

/// The folders' names: all that were synced, and of the others a first part of each folder's.
fn names(ops: &[Op], fate: Fate, dice: &mut Dice) -> Vec<BTreeMap<OsString, Node>> {
    let mut synced: BTreeMap<DirId, usize> = BTreeMap::new();
    let mut count = 1;
    for op in ops {
        match op {
            Op::SyncDir { dir, upto } => drop(synced.insert(*dir, *upto)),
            Op::Name { node: Node::Dir(dir), .. } => count = count.max(dir + 1),
            _ => {}
        }
    }
    let upto: Vec<usize> = (0..count)
        .map(|dir| {
            let synced = synced.get(&dir).copied().unwrap_or(0);
            let more = match fate {
                Fate::Lost => 0,
                Fate::Kept => ops.len(),
                Fate::Prefix(end) => end,
                Fate::Pieces { .. } => synced + dice.below(ops.len() - synced + 1),
            };
            synced.max(more)
        })
        .collect();
    let mut names = vec![BTreeMap::new(); count];
    for (n, op) in ops.iter().enumerate() {
        match op {
            Op::Name { dir, name, node } if n < upto[*dir] => {
                names[*dir].insert(name.clone(), *node);
            }
            Op::Forget { dir, name } if n < upto[*dir] => drop(names[*dir].remove(name)),
            Op::Move { from, to } if n < upto[from.0].max(upto[to.0]) => {
                if let Some(node) = names[from.0].remove(&from.1) {
                    names[to.0].insert(to.1.clone(), node);
                }
            }
            _ => {}
        }
    }
    names
}

/// The files' bytes: all that were synced, and of the others what their fate leaves.
fn contents(ops: &[Op], fate: Fate, dice: &mut Dice) -> BTreeMap<FileId, Vec<Step>> {
    let mut synced: BTreeMap<FileId, usize> = BTreeMap::new();
    for op in ops {
        if let Op::Sync { file, upto } = op {
            synced.insert(*file, *upto);
        }
    }
    let mut files: BTreeMap<FileId, Vec<Step>> = BTreeMap::new();
    for (n, op) in ops.iter().enumerate() {
        let (file, whole) = match op {
            Op::Write { file, at, bytes } => (*file, Some((*at, bytes))),
            Op::Truncate { file, .. } => (*file, None),
            _ => continue,
        };
        let is_synced = synced.get(&file).is_some_and(|upto| n < *upto);
        let steps = files.entry(file).or_default();
        match (op, fate) {
            (Op::Truncate { len, .. }, fate) => {
                let arrives = match fate {
                    Fate::Lost => false,
                    Fate::Kept => true,
                    Fate::Prefix(end) => n < end,
                    Fate::Pieces { percent, .. } => dice.percent(percent),
                };
                if is_synced || arrives {
                    steps.push(Step::Len(*len));
                }
            }
            (_, fate) => {
                let Some((at, bytes)) = whole else { continue };
                if is_synced {
                    steps.push(Step::Put(at, bytes.clone()));
                } else {
                    some_of(steps, n, at, bytes, fate, dice);
                }
            }
        }
    }
    files
}

/// What arrived of a write that was not synced.
fn some_of(steps: &mut Vec<Step>, n: usize, at: u64, bytes: &[u8], fate: Fate, dice: &mut Dice) {
    match fate {
        Fate::Lost => {}
        Fate::Kept => steps.push(Step::Put(at, bytes.to_vec())),
        Fate::Prefix(end) if n < end => steps.push(Step::Put(at, bytes.to_vec())),
        Fate::Prefix(end) if n == end => {
            // Torn at the end of a sector.
            let sectors = bytes.len().div_ceil(512);
            let len = (dice.below(sectors + 1) * 512).min(bytes.len());
            steps.push(Step::Put(at, bytes[..len].to_vec()));
        }
        Fate::Prefix(_) => {}
        Fate::Pieces { bytes: piece, percent } => {
            let (mut at, mut rest) = (at, bytes);
            while !rest.is_empty() {
                // Pieces are the disk's, not the write's.
                let into = usize::try_from(at % piece as u64).unwrap_or(0);
                let (first, more) = rest.split_at(rest.len().min(piece - into));
                if dice.percent(percent) {
                    steps.push(Step::Put(at, first.to_vec()));
                }
                at += first.len() as u64;
                rest = more;
            }
        }
    }
}

impl Image {
    /// Writes the image into an empty folder, which stands for the recorded one.
    ///
    /// # Errors
    /// When the file system says no.
    pub fn write_to(&self, root: &Path) -> io::Result<()> {
        self.write_dir(0, root)
    }

    fn write_dir(&self, dir: DirId, path: &Path) -> io::Result<()> {
        for (name, node) in &self.names[dir] {
            let path = path.join(name);
            match node {
                Node::Dir(dir) => {
                    fs::create_dir(&path)?;
                    self.write_dir(*dir, &path)?;
                }
                Node::File(file) => {
                    let out = File::create(&path)?;
                    for step in self.files.get(file).into_iter().flatten() {
                        match step {
                            Step::Put(at, bytes) => out.write_all_at(bytes, *at)?,
                            Step::Len(len) => out.set_len(*len)?,
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What happened to what was not synced, for a test that says what went wrong.
    #[must_use]
    pub fn fate(&self) -> String {
        format!("{:?}", self.fate)
    }
}
