//! The store of phones: sled by the recipe, with a short journal before it.
//!
//! A commit is one append and one `fdatasync`; what it says is kept in memory beside it. When the
//! journal has grown, or nobody wants anything for a while, all of that goes on to sled, piece by
//! piece, and the journal is begun anew: a **checkpoint**. So a commit is one write and one sync
//! instead of several one after the other, records that are written again and again reach sled once,
//! and sled's file has a witness: a store that is older than its journal is not taken for the newest
//! (`docs/adr/0011`).

mod journal;
mod resident;
mod words;

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use tandem_engine::{Batch, Key, Write};

pub(crate) use self::journal::Mark;
use self::journal::{Found, Journal};
use super::{Record, Salvaged, SledStore, Store, StoreError};
use crate::files::guarded;

/// Bytes of the journal at which a checkpoint is due, and at which it is worth one when nobody
/// wants anything.
const DUE: u64 = 2 << 20;
const WORTH: u64 = 64 << 10;

/// A commit of so many bytes goes to sled at once.
const LARGE: usize = 1 << 20;

/// Bytes that go to sled in one piece of a checkpoint: whoever comes meanwhile waits for one piece,
/// not for all.
const PIECE: usize = 128 << 10;

/// What is said of a sled that lost its last checkpoints.
const OLDER: &str = "it is older than its journal";

/// What the journal holds.
type Overlay = BTreeMap<Vec<u8>, Slot>;

/// What the journal says of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slot {
    /// `None`: it was removed.
    value: Option<Vec<u8>>,
    /// sled has it like this already.
    in_sled: bool,
}

impl Slot {
    const fn new(value: Option<Vec<u8>>) -> Self {
        Self { value, in_sled: false }
    }
}

/// A store in a folder of its own.
#[derive(Debug)]
pub struct PhoneStore {
    dir: PathBuf,
    sled: SledStore,
    mark: RefCell<Mark>,
    journal: RefCell<Journal>,
    overlay: RefCell<Overlay>,
    closed: OnceCell<String>,
}

impl PhoneStore {
    /// Makes a store in a folder that has none.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Busy`] when there is one already.
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        let sled = SledStore::create(dir)?;
        Self::begin(dir, sled)
    }

    /// Opens the store in a folder.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] also when sled's file and the journal are not of one
    /// moment, or the journal is broken in the middle.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let sled = SledStore::open(dir)?;
        let (mark, found) = match (sled.mark()?, journal::read(dir)?) {
            (Some(mark), Some(found)) => (mark, found),
            (Some(_), None) => return Err(StoreError::Damaged("its journal is missing".into())),
            (None, Some(_)) => return Err(StoreError::Damaged(OLDER.into())),
            // From before there were journals.
            (None, None) => return Self::begin(dir, sled),
        };
        let (journal, overlay) = match Fits::of(&found, mark)? {
            Fits::Follows if found.beyond_damage > 0 => {
                return Err(StoreError::Damaged("its journal is broken in the middle".into()));
            }
            Fits::Follows => (Journal::resume(dir, &found)?, replay(&found)?),
            // The journal was not begun anew after the checkpoint that took all of it.
            Fits::WasTaken => (Journal::begin(dir, mark)?, Overlay::new()),
        };
        Ok(Self::of(dir, sled, mark, journal, overlay))
    }

    /// The resident records of the store in a folder without opening it: what was durable when they
    /// were written, with all that its journal says. `None` when that can't be said in a moment.
    ///
    /// Only for looking at: whether sled is sound nobody knows yet.
    pub(crate) fn preview(dir: &Path) -> Option<Vec<Record>> {
        let read = || {
            let Some(found) = journal::read(dir)?.filter(|found| found.beyond_damage == 0) else {
                return Ok(None);
            };
            let Some(batch) = resident::read(dir, found.mark) else { return Ok(None) };
            let mut overlay = Overlay::new();
            apply(&mut overlay, &batch);
            overlay.extend(replay(&found)?);
            let records = overlay.into_iter().filter_map(|(key, slot)| {
                let key = Key::new(key);
                slot.value.filter(|_| key.is_resident()).map(|value| (key, value))
            });
            Ok(Some(records.collect()))
        };
        guarded(read).ok()?
    }

    /// Writes down what a preview shows, after a checkpoint or when there was none to show.
    pub(crate) fn keep_preview(&self) {
        let mark = *self.mark.borrow();
        let kept = self.sled.resident_within(resident::MOST);
        let kept = kept.and_then(|records| resident::write(&self.dir, mark, records));
        if let Err(error) = kept {
            // The next opening waits for sled.
            tracing::debug!(%error, "what an opening reads was not written down");
        }
    }

    fn begin(dir: &Path, sled: SledStore) -> Result<Self, StoreError> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| StoreError::Disk(error.to_string()))?;
        let mark = Mark { id, number: 0 };
        let journal = Journal::begin(dir, mark)?;
        sled.write_all(BTreeMap::new(), Some(mark))?;
        Ok(Self::of(dir, sled, mark, journal, Overlay::new()))
    }

    fn of(dir: &Path, sled: SledStore, mark: Mark, journal: Journal, overlay: Overlay) -> Self {
        Self {
            dir: dir.to_path_buf(),
            sled,
            mark: RefCell::new(mark),
            journal: RefCell::new(journal),
            overlay: RefCell::new(overlay),
            closed: OnceCell::new(),
        }
    }

    /// Every record of a damaged store that can still be read, and how many can't. Writes to the
    /// folder: give it a copy. Of the journal what follows sled's own state counts, up to the first
    /// damage: what comes after it builds on what is not there.
    pub(crate) fn salvage(dir: &Path) -> Result<Salvaged, StoreError> {
        let (kept, mut lost, mark) = SledStore::salvage(dir)?;
        let mut records: BTreeMap<Key, Vec<u8>> = kept.into_iter().collect();
        match (journal::read(dir), mark) {
            (Ok(Some(found)), mark) => {
                // Before the first checkpoint sled has nothing that the journal builds on.
                let mark = mark.unwrap_or(Mark { id: found.mark.id, number: 0 });
                match Fits::of(&found, mark) {
                    Ok(Fits::Follows) => {
                        lost += found.beyond_damage;
                        for (key, slot) in replay(&found)? {
                            let key = Key::new(key);
                            match slot.value {
                                Some(value) => drop(records.insert(key, value)),
                                None => drop(records.remove(&key)),
                            }
                        }
                    }
                    Ok(Fits::WasTaken) => {}
                    Err(_) => lost += found.commits.len().max(1),
                }
            }
            (Ok(None) | Err(_), Some(_)) => lost += 1,
            (_, None) => {}
        }
        Ok((records.into_iter().collect(), lost))
    }

    /// Brings everything to sled and begins the journal anew.
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        while self.bring_piece()? {}
        Ok(())
    }

    /// Brings a piece to sled, and begins the journal anew when sled has all of it; says whether
    /// there is more. Until then the journal is replayed over what sled has, which changes nothing.
    pub(super) fn bring_piece(&self) -> Result<bool, StoreError> {
        let mut overlay = self.overlay.borrow_mut();
        let (mut piece, mut bytes, mut more) = (Vec::new(), 0, false);
        for (key, slot) in overlay.iter_mut().filter(|(_, slot)| !slot.in_sled) {
            if bytes >= PIECE {
                more = true;
                break;
            }
            bytes += key.len() + slot.value.as_ref().map_or(0, Vec::len);
            piece.push((key, slot));
        }
        let next = self.mark.borrow().next();
        let writes = piece.iter().map(|(key, slot)| (key.as_slice(), slot.value.as_deref()));
        self.sled.write_all(writes.collect(), (!more).then_some(next))?;
        if more {
            piece.into_iter().for_each(|(_, slot)| slot.in_sled = true);
        } else {
            overlay.clear();
            self.begin_run(next)?;
        }
        Ok(more)
    }

    /// sled has everything under a new number.
    fn begin_run(&self, mark: Mark) -> Result<(), StoreError> {
        self.journal.borrow_mut().restart(mark)?;
        self.mark.replace(mark);
        self.keep_preview();
        Ok(())
    }

    fn take(&self, batch: &Batch) -> Result<(), StoreError> {
        let payload = words::encode(batch);
        if payload.len() > LARGE {
            if self.journal.borrow().len() > 0 {
                self.checkpoint()?;
            }
            // A checkpoint of its own: a number stands for one state of sled only.
            let next = self.mark.borrow().next();
            self.sled.write_all(last_of(batch), Some(next))?;
            return self.begin_run(next);
        }
        self.journal.borrow_mut().append(&payload)?;
        apply(&mut self.overlay.borrow_mut(), batch);
        Ok(())
    }

    /// Refuses what comes after a failure, until the store is opened again.
    fn unless_closed<T>(
        &self,
        run: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(why) = self.closed.get() {
            return Err(StoreError::Closed(why.clone()));
        }
        guarded(run).inspect_err(|error| {
            // The first reason stands.
            let _ = self.closed.set(error.to_string());
        })
    }
}

impl Store for PhoneStore {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        match self.overlay.borrow().get(key.as_bytes()) {
            Some(slot) => Ok(slot.value.clone()),
            None => self.sled.load(key),
        }
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        let under = self.sled.scan(prefix)?;
        let overlay = self.overlay.borrow();
        let mut over = overlay
            .range(prefix.as_bytes().to_vec()..)
            .take_while(|(key, _)| key.starts_with(prefix.as_bytes()))
            .peekable();
        if over.peek().is_none() {
            return Ok(under);
        }
        let mut all: BTreeMap<Key, Vec<u8>> = under.into_iter().collect();
        for (key, slot) in over {
            let key = Key::new(key.clone());
            match &slot.value {
                Some(value) => drop(all.insert(key, value.clone())),
                None => drop(all.remove(&key)),
            }
        }
        Ok(all.into_iter().collect())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.unless_closed(|| self.take(batch))
    }

    fn tidy(&self, idle: bool) -> Result<bool, StoreError> {
        let len = self.journal.borrow().len();
        if len < DUE && !(idle && len >= WORTH) {
            return Ok(false);
        }
        self.unless_closed(|| self.bring_piece())
    }
}

/// The last write to each key.
pub(super) fn last_of(batch: &Batch) -> BTreeMap<&[u8], Option<&[u8]>> {
    let writes = batch.writes().iter().map(|write| match write {
        Write::Put(key, value) => (key.as_bytes(), Some(value.as_slice())),
        Write::Delete(key) => (key.as_bytes(), None),
    });
    writes.collect()
}

/// How a journal stands to sled's last checkpoint.
enum Fits {
    /// It follows it.
    Follows,
    /// It was taken by it.
    WasTaken,
}

impl Fits {
    fn of(found: &Found, sled: Mark) -> Result<Self, StoreError> {
        let damaged = |why: &str| Err(StoreError::Damaged(why.into()));
        if found.mark.id != sled.id {
            return damaged("its journal is another store's");
        }
        match sled.number.cmp(&found.mark.number) {
            std::cmp::Ordering::Equal => Ok(Self::Follows),
            std::cmp::Ordering::Greater if sled.number == found.mark.number + 1 => {
                Ok(Self::WasTaken)
            }
            std::cmp::Ordering::Greater => damaged("its journal is older than it"),
            std::cmp::Ordering::Less => damaged(OLDER),
        }
    }
}

fn apply(overlay: &mut Overlay, batch: &Batch) {
    for write in batch.writes() {
        match write {
            Write::Put(key, value) => {
                overlay.insert(key.as_bytes().to_vec(), Slot::new(Some(value.clone())));
            }
            Write::Delete(key) => {
                overlay.insert(key.as_bytes().to_vec(), Slot::new(None));
            }
        }
    }
}

fn replay(found: &Found) -> Result<Overlay, StoreError> {
    let mut overlay = Overlay::new();
    for commit in &found.commits {
        let batch = words::decode(commit);
        let batch = batch.ok_or_else(|| StoreError::Damaged("a commit of its journal".into()))?;
        apply(&mut overlay, &batch);
    }
    Ok(overlay)
}

#[cfg(test)]
impl PhoneStore {
    /// A preview of these, whatever the store holds.
    pub(crate) fn preview_as(&self, records: Vec<Record>) -> Result<(), StoreError> {
        resident::write(&self.dir, *self.mark.borrow(), Some(records))
    }
}

/// The journal's file, for who has to know of it.
#[cfg(test)]
pub(super) fn journal_path(dir: &Path) -> PathBuf {
    dir.join("journal")
}

#[cfg(test)]
mod tests;
