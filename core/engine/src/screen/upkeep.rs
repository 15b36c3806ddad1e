//! How threads are kept up, by whoever watches over many of them and reads none.

use tandem_proto::{DeviceKey, PersonId, Placed, Statement};

use crate::{Author, Engine, GivenSeat, UpkeepRow, state::Thread};

impl Engine {
    /// Every thread's upkeep. Made of what is in memory anyhow.
    pub(super) fn upkeep_rows(&self) -> Vec<UpkeepRow> {
        self.threads.values().map(|thread| self.upkeep_row(thread)).collect()
    }

    fn upkeep_row(&self, thread: &Thread) -> UpkeepRow {
        let roster = &thread.roster;
        let given = |link: &Placed| {
            let Statement::Reseat { request } = &link.statement else { return None };
            let own = link.author == self.me.device;
            own.then(|| self.given_seat(thread, &request.device, link))
        };
        UpkeepRow {
            thread: thread.id,
            title: thread.inbox.title.clone(),
            is_in: roster.members().contains_key(&self.me.device),
            links: u64::try_from(roster.len()).unwrap_or(u64::MAX),
            given: roster.chain().filter_map(given).collect(),
        }
    }

    fn given_seat(&self, thread: &Thread, device: &DeviceKey, link: &Placed) -> GivenSeat {
        let card = thread.roster.card_ever(device);
        let known =
            |person: PersonId| thread.inbox.people.iter().find(|who| who.person == person).cloned();
        let to = card.map(|card| {
            let unnamed = Author { person: card.person, name: String::new(), role: card.role };
            known(card.person).unwrap_or(unnamed)
        });
        GivenSeat { device: *device, to, at: link.at }
    }
}
