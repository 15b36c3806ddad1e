//! What tests of whole engines begin with: a home in memory, and a store that keeps at once.
#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Card, DeviceKey, InviteId, PersonId, RelayKey, RelayLink, Role, SecretKey, Statement, ThreadId,
    Timestamp, TransportKey,
};

use crate::{
    Answer, Effect, Engine, Input, Intent, Profile, Ticket, Write, create,
    keys::group::{GroupKeys as _, Identity, Mls},
    record::Cargo,
    state::Cast,
};

/// A moment of a school year.
pub(crate) const NOW: Timestamp = Timestamp(1_760_000_000_000);

/// The key of the relay that these homes have.
pub(crate) fn relay_key() -> SecretKey {
    SecretKey::from_seed([9; 32])
}

/// The relay of these homes.
pub(crate) fn relay() -> RelayLink {
    let address = "127.0.0.1:7443".parse().unwrap();
    RelayLink { address, key: RelayKey::new(relay_key().public()) }
}

/// An engine over a new home.
pub(crate) fn engine(name: &str, role: Role) -> Engine {
    engine_of(1, name, role)
}

/// An engine over a new home with keys of its own.
pub(crate) fn engine_of(seed: u8, name: &str, role: Role) -> Engine {
    let profile = Profile { name: name.into(), role, relay: relay() };
    let batch = create(NOW, [seed; 32], &profile).unwrap();
    let resident = batch.writes().iter().map(|write| match write {
        Write::Put(key, value) => (key.clone(), value.clone()),
        Write::Delete(_) => panic!("a new home deletes nothing"),
    });
    Engine::open(NOW, [2; 32], resident.collect()).unwrap()
}

/// Hands the engine an input and says what it wants done; whatever it writes is durable at once.
pub(crate) fn feed(engine: &mut Engine, now: Timestamp, input: Input) -> Vec<Effect> {
    let mut said = Vec::new();
    engine.handle(now, input);
    while let Some(effect) = engine.poll_effect() {
        match effect {
            Effect::Persist(id, _) => engine.handle(now, Input::Persisted(id)),
            other => said.push(other),
        }
    }
    said
}

/// Founds a thread.
pub(crate) fn found(engine: &mut Engine) -> ThreadId {
    let intent = Intent::FoundThread { title: "Maya".into() };
    let said = feed(engine, NOW, Input::Intent(Ticket(1), intent));
    let founded = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, Ok(Answer::Founded(thread))) => Some(thread),
        _ => None,
    });
    founded.unwrap()
}

/// The thread has a guardian's device in it that is no engine of ours: this is its key.
pub(crate) fn let_in_a_parent(engine: &mut Engine, thread: ThreadId) -> SecretKey {
    let (parent, person) = (SecretKey::from_seed([7; 32]), PersonId::new([7; 16]));
    let card = Card {
        person,
        role: Role::Guardian,
        device: DeviceKey::new(parent.public()),
        transport: TransportKey::new([8; 32]),
    };
    let identity = Identity { person, key: &parent };
    let package = Mls.package(&[7; 32], &identity).unwrap();
    let statement = Statement::Admit { card, invite: InviteId::new([0; 16]) };
    engine.make_link(&thread, statement, Some(&package.public));
    // As if the log had shown it.
    let state = engine.threads.get_mut(&thread).unwrap();
    let (number, link) = state
        .outbox
        .iter()
        .find_map(|(number, item)| match &item.cargo {
            Cargo::Link { item } => Some((*number, item.clone())),
            _ => None,
        })
        .unwrap();
    state.outbox.remove(&number);
    state.roster.insert(&link).unwrap();
    state.links.links.push(link);
    state.cast = Cast::of(&state.roster);
    parent
}
