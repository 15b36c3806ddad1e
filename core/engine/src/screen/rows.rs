//! A thread's rows with their states, and the receipts behind them.

use std::collections::BTreeMap;

use tandem_proto::PersonId;

use crate::{
    Author, Delivery, Engine, EntryId, Quote, ReceiptRow, SeenBy, ThreadRow,
    erased::delivery_once_erased,
    record::Deed,
    state::{Loaded, Thread},
    thread::Projection,
};

impl Engine {
    /// A thread's rows, finished.
    pub(super) fn rows(&self, thread: &Thread) -> Vec<ThreadRow> {
        let Some(loaded) = &thread.loaded else { return Vec::new() };
        let mut rows = self.projected(thread, loaded, |thread| thread.rows());
        for row in rows.iter_mut().filter(|row| row.mine) {
            row.delivery = Some(self.delivery(thread, loaded, &row.entry));
        }
        let mut stuck = stuck(thread);
        for row in &mut rows {
            if let Some((_, delivery)) = stuck.remove(&row.entry)
                && !row.delivery.as_ref().is_some_and(has_reached_somebody)
            {
                row.delivery = Some(delivery);
            }
        }
        if !stuck.is_empty() {
            rows.extend(
                stuck.into_values().filter_map(|(deed, d)| self.stuck_row(thread, deed, d)),
            );
        }
        rows.extend(self.event_rows(thread, loaded));
        // What was taken out of the document stands where it was said.
        rows.sort_by_key(|row| (row.at, row.entry));
        rows
    }

    /// The last of these rows, without making the others.
    pub(super) fn last_row(&self, thread: &Thread, loaded: &Loaded) -> Option<ThreadRow> {
        let mut stuck = stuck(thread);
        let last = self.projected(thread, loaded, |thread| thread.last_row()).map(|mut row| {
            let stuck = stuck.remove(&row.entry).map(|(_, delivery)| delivery);
            if row.mine {
                let delivery = self.delivery(thread, loaded, &row.entry);
                let stuck = stuck.filter(|_| !has_reached_somebody(&delivery));
                row.delivery = Some(stuck.unwrap_or(delivery));
            }
            row
        });
        let here = |entry: &EntryId| loaded.fold.entry(entry).is_some();
        stuck
            .into_iter()
            .filter(|(entry, _)| !here(entry))
            .filter_map(|(_, (deed, delivery))| self.stuck_row(thread, deed, delivery))
            .chain(last)
            .max_by_key(|row| (row.at, row.entry))
    }

    /// An entry as what answers it quotes it, if it is here.
    pub(super) fn quote(&self, thread: &Thread, entry: &EntryId) -> Option<Quote> {
        let loaded = thread.loaded.as_ref()?;
        self.projected(thread, loaded, |thread| thread.quote(entry))
    }

    fn projected<T>(
        &self,
        thread: &Thread,
        loaded: &Loaded,
        project: impl FnOnce(&Projection<'_>) -> T,
    ) -> T {
        let arrived = |entry: &EntryId| loaded.arrived.get(entry).filter(|a| a.late).map(|a| a.at);
        let (fold, who, me) = (&loaded.fold, &thread.cast, self.me.person);
        project(&Projection { fold, who, me, arrived: &arrived })
    }

    /// An own entry's state, each step of it by a fact.
    fn delivery(&self, thread: &Thread, loaded: &Loaded, entry: &EntryId) -> Delivery {
        let seen: Vec<_> = loaded
            .fold
            .entry(entry)
            .map(|record| record.seen_by(&thread.cast))
            .unwrap_or_default()
            .into_iter()
            .filter(|(person, _)| *person != self.me.person)
            .map(|(person, at)| SeenBy { person, at })
            .collect();
        if !seen.is_empty() {
            return Delivery::Seen { by: seen };
        }
        if let Some(phones) = loaded.phones.get(entry) {
            let mut people: Vec<PersonId> = phones
                .iter()
                .filter_map(|device| thread.roster.card_ever(device))
                // That the school's records have it says nothing of anybody who is to read it.
                .filter(|card| card.role.takes_part())
                .map(|card| card.person)
                .collect();
            people.sort_unstable();
            people.dedup();
            if !people.is_empty() {
                return Delivery::OnTheirPhone { people };
            }
        }
        if thread.is_erased() {
            return delivery_once_erased(Delivery::OnThisPhone);
        }
        let generation = self.session.generation();
        let sent = loaded.sent.get(entry).filter(|sent| sent.era == thread.record.era);
        match sent.and_then(|sent| sent.receipt.as_ref()) {
            Some(receipt) if Some(receipt.generation) == generation => {
                Delivery::OnRelay { at: receipt.time }
            }
            _ => Delivery::OnThisPhone,
        }
    }

    /// Something that was refused and is outside the document.
    fn stuck_row(&self, thread: &Thread, deed: &Deed, delivery: Delivery) -> Option<ThreadRow> {
        let Deed::Post { entry, kind, at, answers, fields } = deed else { return None };
        let quoted = answers.and_then(|entry| self.quote(thread, &entry));
        let role = thread.roster.card_ever(&self.me.device).map_or(self.me.role, |c| c.role);
        Some(ThreadRow {
            entry: *entry,
            kind: kind.clone(),
            author: Author { person: self.me.person, name: self.me.name.clone(), role },
            mine: true,
            at: *at,
            answers: *answers,
            quoted,
            fields: fields.clone(),
            delivery: Some(delivery),
            remarks: Vec::new(),
        })
    }

    pub(super) fn receipt_rows(&self, thread: &Thread) -> Vec<ReceiptRow> {
        let Some(loaded) = &thread.loaded else { return Vec::new() };
        let mut rows: Vec<ReceiptRow> = loaded
            .sent
            .iter()
            .filter(|(_, sent)| sent.era == thread.record.era)
            .filter_map(|(entry, sent)| {
                let receipt = sent.receipt.as_ref()?;
                Some(ReceiptRow {
                    entry: *entry,
                    envelope: receipt.item,
                    generation: receipt.generation,
                    seq: receipt.seq,
                    time: receipt.time,
                    verified: receipt.thread == thread.id
                        && receipt.verify(&self.me.relay.key).is_ok(),
                })
            })
            .collect();
        rows.sort_by_key(|row| row.seq);
        rows
    }
}

/// Whether somebody else has it: then that a copy of it can't go to the relay again, which has lost it
/// since, takes nothing back.
const fn has_reached_somebody(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::OnTheirPhone { .. } | Delivery::Seen { .. } | Delivery::Heard)
}

/// Own entries that do not leave, in or out of the document.
fn stuck(thread: &Thread) -> BTreeMap<EntryId, (&Deed, Delivery)> {
    let stuck = thread.outbox.values().filter_map(|item| item.stuck());
    stuck
        .filter_map(|(deed, reason, next_try)| {
            let delivery = Delivery::Stuck { reason: reason.clone(), next_try };
            Some((deed.creates()?, (deed, delivery)))
        })
        .collect()
}
