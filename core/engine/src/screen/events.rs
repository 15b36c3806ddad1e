//! Who came and who went, as rows among what was said.

use std::collections::BTreeSet;

use tandem_proto::{Because, Card, DeviceKey, Hasher, PersonId, Placed, Statement, Timestamp};

use crate::{
    Author, Engine, EntryId, Event, Fields, ThreadRow,
    state::{Loaded, Thread},
    thread::placed,
};

impl Engine {
    /// The rows about a thread's membership, in the order of its links.
    pub(super) fn event_rows(&self, thread: &Thread, loaded: &Loaded) -> Vec<ThreadRow> {
        self.events(thread, loaded).into_iter().map(|(_, row)| row).collect()
    }

    /// The same, each with the device that made it so.
    pub(super) fn events(&self, thread: &Thread, loaded: &Loaded) -> Vec<(DeviceKey, ThreadRow)> {
        let (mut rows, mut newest) = (Vec::new(), None::<Timestamp>);
        // Who has been in, by device, as the chain goes on.
        let mut members: Vec<&Card> = Vec::new();
        for link in thread.roster.chain() {
            let (at, _) = placed(link.at, newest);
            let at = newest.map_or(at, |newest| newest.max(at));
            newest = Some(at);
            let author = thread.roster.card_ever(&link.author);
            let out: Vec<&Card> = link
                .statement
                .out()
                .iter()
                .filter_map(|leaver| thread.roster.card_ever(&leaver.device))
                .collect();
            members.retain(|card| !out.iter().any(|gone| gone.device == card.device));
            let events = events(link, author, &members, &out);
            members.extend(link.statement.card());
            let Some(author) = author else { continue };
            for (place, (event, person, device)) in (0u16..).zip(events) {
                let subject = thread.roster.cards_ever().find(|card| card.person == person);
                let name = |person| loaded.fold.facts().name(person, &thread.cast).to_owned();
                let mut fields = Fields::new();
                fields.insert("event".to_owned(), event.name().to_owned());
                fields.insert("person".to_owned(), person.to_string());
                fields.insert("name".to_owned(), name(&person));
                if let Some(card) = subject {
                    fields.insert("role".to_owned(), card.role.to_string());
                }
                if let Some(device) = device {
                    fields.insert("device".to_owned(), device.to_string());
                }
                let row = ThreadRow {
                    entry: id(link, place),
                    kind: ThreadRow::ROSTER.to_owned(),
                    author: Author {
                        person: author.person,
                        name: name(&author.person),
                        role: author.role,
                    },
                    mine: author.person == self.me.person,
                    at,
                    answers: None,
                    quoted: None,
                    fields,
                    delivery: None,
                    remarks: Vec::new(),
                };
                rows.push((link.author, row));
            }
        }
        rows
    }
}

/// What a link means for people: who it is about, and which device when it is one of several.
fn events(
    link: &Placed,
    author: Option<&Card>,
    members: &[&Card],
    out: &[&Card],
) -> Vec<(Event, PersonId, Option<DeviceKey>)> {
    let mut events = Vec::new();
    let is_in = |person: &PersonId| members.iter().any(|card| card.person == *person);
    match &link.statement {
        // That there is a thread is shown by its being there; a place or a key in the group is nobody's news.
        Statement::Genesis { .. } | Statement::Reseat { .. } | Statement::Renew { .. } => {}
        Statement::Admit { card, .. } if is_in(&card.person) => {
            events.push((Event::DeviceAdded, card.person, Some(card.device)));
        }
        Statement::Admit { card, .. } => events.push((Event::Came, card.person, None)),
        Statement::Readmit { card, .. } => events.push((Event::CameBack, card.person, None)),
        Statement::Refound { .. } | Statement::Remove { .. } => {
            // Also where nobody is left out: everybody's keys are other ones from here on.
            if link.statement.founds_group() {
                events.extend(author.map(|author| (Event::Refounded, author.person, None)));
            }
            let mut told = BTreeSet::new();
            for (leaver, card) in link.statement.out().iter().zip(out) {
                let event = match &leaver.because {
                    Because::Left(_) => Event::Left,
                    _ if is_in(&card.person) => Event::DeviceRemoved,
                    _ => Event::Removed,
                };
                let device = (event == Event::DeviceRemoved).then_some(card.device);
                if device.is_some() || told.insert(card.person) {
                    events.push((event, card.person, device));
                }
            }
        }
    }
    events
}

/// An id that every device gives the same event, so that a screen can tell rows apart; those of one
/// link stand in the order in which it says them.
fn id(link: &Placed, place: u16) -> EntryId {
    let hash = Hasher::new("tandem/event/2").part(link.hash.as_bytes()).finish();
    let mut id = [0; 10];
    id[..8].copy_from_slice(&hash[..8]);
    id[8..].copy_from_slice(&place.to_be_bytes());
    EntryId::new(id)
}
