//! Groups of devices, and what they refuse.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cost;
mod epochs;
mod forks;
mod fuzz;
mod hostile;
pub(super) mod inside;
mod packages;
mod refused;
mod seeded;

use tandem_proto::{DeviceKey, PersonId, SecretKey, ThreadId, derive_key};

use super::{
    Change, Changed, Expected, GroupError, GroupKeys as _, GroupState, Identity, Joining, Member,
    Mls, Package,
};

const THREAD: ThreadId = ThreadId::new([9; 20]);

/// One device, by number, with one package that serves all its joins.
struct Device {
    number: u8,
    person: PersonId,
    key: SecretKey,
    package: Package,
}

impl Device {
    fn new(number: u8) -> Self {
        let (person, key) = (PersonId::new([number; 16]), SecretKey::from_seed([number; 32]));
        let seed = derive_key("tandem/test/package", &[&[number]]);
        let package = Mls.package(&seed, &Identity { person, key: &key }).unwrap();
        Self { number, person, key, package }
    }

    fn me(&self) -> Identity<'_> {
        Identity { person: self.person, key: &self.key }
    }

    fn member(&self) -> Member {
        self.me().member()
    }

    fn device(&self) -> DeviceKey {
        self.member().device
    }

    /// Another seed for each device and purpose.
    fn seed(&self, purpose: &str) -> [u8; 32] {
        derive_key("tandem/test/seed", &[&[self.number], purpose.as_bytes()])
    }

    fn found(&self) -> GroupState {
        Mls.found(&self.seed("found"), &self.me(), &THREAD).unwrap()
    }

    fn try_change(
        &self,
        state: &GroupState,
        add: &[&Self],
        remove: &[&Self],
    ) -> Result<Changed, GroupError> {
        let add: Vec<&[u8]> = add.iter().map(|device| &device.package.public[..]).collect();
        let remove: Vec<DeviceKey> = remove.iter().map(|device| device.device()).collect();
        let change = Change { add: &add, remove: &remove };
        Mls.change(&self.seed("change"), &self.me(), state, &change)
    }

    fn change(&self, state: &GroupState, add: &[&Self], remove: &[&Self]) -> Changed {
        self.try_change(state, add, remove).unwrap()
    }

    fn try_join(
        &self,
        welcome: &[u8],
        author: &Self,
        all: &[&Self],
    ) -> Result<GroupState, GroupError> {
        let members: Vec<Member> = all.iter().map(|device| device.member()).collect();
        let joining = Joining { thread: &THREAD, author: author.device(), members: &members };
        Mls.join(&self.me(), &self.package.secret, welcome, &joining)
    }

    fn join(&self, changed: &Changed, author: &Self, all: &[&Self]) -> GroupState {
        self.try_join(changed.welcome.as_deref().unwrap(), author, all).unwrap()
    }
}

fn process(
    state: &GroupState,
    commit: &[u8],
    author: &Device,
    add: &[&Device],
    remove: &[&Device],
) -> Result<GroupState, GroupError> {
    let add: Vec<Member> = add.iter().map(|device| device.member()).collect();
    let remove: Vec<DeviceKey> = remove.iter().map(|device| device.device()).collect();
    let expected = Expected { author: author.device(), add: &add, remove: &remove };
    Mls.process(state, commit, &expected)
}

fn secret(state: &GroupState) -> [u8; 32] {
    *Mls.secret(state).unwrap()
}

fn sorted(devices: &[&Device]) -> Vec<Member> {
    let mut members: Vec<Member> = devices.iter().map(|device| device.member()).collect();
    members.sort();
    members
}

/// A and B in one group: their devices and states.
fn pair() -> (Device, Device, GroupState, GroupState) {
    let (a, b) = (Device::new(1), Device::new(2));
    let changed = a.change(&a.found(), &[&b], &[]);
    let at_b = b.join(&changed, &a, &[&a, &b]);
    (a, b, changed.state, at_b)
}
