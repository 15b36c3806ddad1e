//! Links whose step of the group does not do what they say.

use tandem_proto::{
    Card, DeviceKey, Handshake, InviteId, PersonId, Role, RosterLink, SecretKey, Statement,
    ThreadId, TransportKey,
};

use crate::{
    Engine,
    engine::random,
    keys::group::{Change, GroupKeys, Identity, Mls},
};

/// A link that says it lets in a stranger, and how its step of the group differs from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FalseLink {
    /// It has none: a stranger's bytes stand there.
    Noise,
    /// It lets in somebody else.
    LetsInAnother,
    /// It takes a member out as well.
    TakesOut(DeviceKey),
    /// It lets in nobody.
    LetsInNobody,
}

impl Engine {
    /// Makes such a link, as a member that holds a real seat.
    pub fn forge_link(&mut self, id: &ThreadId, how: FalseLink, role: Role) -> Option<Vec<u8>> {
        let seed = random(&mut self.rng);
        let [stranger, spy] =
            [random(&mut self.rng), random(&mut self.rng)].map(SecretKey::from_seed);
        let person = PersonId::new(random(&mut self.rng));
        let roster = &self.threads.get(id)?.roster;
        let head = roster.head();
        let state = self.group_after(id, &head)?;
        let of = |key: &SecretKey| {
            Mls.package(&seed, &Identity { person, key }).ok().map(|package| package.public)
        };
        let (named, another) = (of(&stranger)?, of(&spy)?);
        let change = |add: &[&[u8]], remove: &[DeviceKey]| {
            let made = Mls.change(&seed, &self.identity(), &state, &Change { add, remove }).ok()?;
            let commit = made.commit.try_into().ok()?;
            let welcome = made.welcome.unwrap_or_default().try_into().ok()?;
            Some(Handshake { commit, welcome })
        };
        let handshake = match how {
            FalseLink::Noise => {
                Handshake { commit: vec![1; 200].try_into().ok()?, ..Handshake::default() }
            }
            FalseLink::LetsInAnother => change(&[&another], &[])?,
            FalseLink::TakesOut(member) => change(&[&named], &[member])?,
            FalseLink::LetsInNobody => change(&[], &[])?,
        };
        let card = Card {
            person,
            role,
            device: DeviceKey::new(stranger.public()),
            transport: TransportKey::new(random(&mut self.rng)),
        };
        let statement = Statement::Admit { card, invite: InviteId::new(random(&mut self.rng)) };
        Some(RosterLink::sign(&self.me.identity, head, self.now, statement, handshake).to_item())
    }
}
