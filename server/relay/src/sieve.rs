//! What a rebuilt store keeps of an old one's records.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{Hash16, MailboxId, ThreadId};

use crate::{Act, AuditRecord, Record};

/// Tells the records of a store that are to be kept from those that are to go: what belongs to a
/// thread that was erased, and letters that were dealt with or expired.
///
/// [`Sieve::look`] at every record first, in order; then ask [`Sieve::keeps`] of every record, in
/// the same order. A core restored from what is kept is the same as from all of them.
#[derive(Debug, Clone, Default)]
pub struct Sieve {
    erased: BTreeSet<ThreadId>,
    /// Threads that records are about.
    threads: BTreeSet<ThreadId>,
    /// How often a letter was dropped.
    dropped: BTreeMap<(MailboxId, Hash16), u32>,
}

impl Sieve {
    /// Nothing was looked at yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of a record.
    pub fn look(&mut self, record: &Record) {
        if let Some(thread) = record.thread() {
            self.threads.insert(*thread);
        }
        match record {
            Record::Erased(stone)
            | Record::Audited(AuditRecord { act: Act::ThreadErased(stone), .. }) => {
                self.erased.insert(stone.thread);
            }
            Record::LetterDropped { mailbox, letter } => {
                *self.dropped.entry((*mailbox, *letter)).or_default() += 1;
            }
            _ => {}
        }
    }

    /// Whether there is a record of a thread that was erased.
    #[must_use]
    pub fn is_due(&self) -> bool {
        !self.erased.is_disjoint(&self.threads)
    }

    /// Whether a record is to be kept; each is asked for once.
    pub fn keeps(&mut self, record: &Record) -> bool {
        match record {
            Record::Letter { mailbox, letter, .. } => {
                let key = (*mailbox, crate::mail::letter_hash(letter));
                // Each drop ends one stay of a letter in its mailbox.
                match self.dropped.get_mut(&key).filter(|left| **left > 0) {
                    Some(left) => {
                        *left -= 1;
                        false
                    }
                    None => true,
                }
            }
            Record::LetterDropped { .. } => false,
            other => other.thread().is_none_or(|thread| !self.erased.contains(thread)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

    use tandem_proto::{
        ErasedBecause, Generation, ItemHash, SecretKey, Seq, Timestamp, Tombstone, TransportKey,
    };

    use super::*;

    const BY: TransportKey = TransportKey::new([1; 32]);

    fn append(thread: u8) -> Record {
        let thread = ThreadId::new([thread; 20]);
        Record::Append {
            thread,
            seq: Seq(1),
            time: Timestamp(1),
            item: vec![thread.as_bytes()[0]],
            by: BY,
        }
    }

    fn letter(n: u8) -> Record {
        Record::Letter {
            mailbox: MailboxId::new([9; 16]),
            time: Timestamp(1),
            by: BY,
            letter: vec![n],
        }
    }

    fn dropped(n: u8) -> Record {
        let letter = ItemHash::of(&[n]).short();
        Record::LetterDropped { mailbox: MailboxId::new([9; 16]), letter }
    }

    fn sifted(records: &[Record]) -> (bool, Vec<Record>) {
        let mut sieve = Sieve::new();
        records.iter().for_each(|record| sieve.look(record));
        let due = sieve.is_due();
        (due, records.iter().filter(|record| sieve.keeps(record)).cloned().collect())
    }

    #[test]
    fn what_was_erased_goes_wherever_it_stands_and_the_rest_stays_in_order() {
        let key = SecretKey::from_seed([1; 32]);
        let (gone, at) = (ThreadId::new([2; 20]), Timestamp(3));
        let stone = Tombstone::sign(
            &key,
            gone,
            at,
            ErasedBecause::Operator,
            String::new().try_into().unwrap(),
        );
        let generation = Record::Generation(Generation::new([1; 16]));
        let cursor = Record::Cursor { device: BY, thread: gone, seq: Seq(1), acks: 0 };
        let erased = Record::Erased(stone);
        let records = [
            generation.clone(),
            append(1),
            append(2),
            cursor,
            erased.clone(),
            append(2),
            append(3),
        ];
        let kept = vec![generation, append(1), erased, append(3)];
        assert_eq!(sifted(&records), (true, kept.clone()));
        assert_eq!(sifted(&kept), (false, kept), "and a second time there is nothing to do");
    }

    #[test]
    fn letters_that_were_dealt_with_go_and_one_that_came_again_stays() {
        let records = [letter(1), letter(2), dropped(1), letter(1), dropped(1), letter(1)];
        assert_eq!(sifted(&records), (false, vec![letter(2), letter(1)]));
    }
}
