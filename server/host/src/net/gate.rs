//! Who is let in while how many are here.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::config::Limits;

/// Counts connections and handshakes.
#[derive(Debug)]
pub(super) struct Gate {
    limits: Limits,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    open: usize,
    handshaking: usize,
    by_address: BTreeMap<IpAddr, usize>,
}

/// What to do with a newcomer.
#[derive(Debug)]
pub(super) enum Admission {
    /// Begin the handshake.
    Admit(Seat),
    /// Let it prove its address first.
    Prove,
    /// There is no room.
    Refuse,
}

/// A newcomer's place, given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    gate: Arc<Gate>,
    address: IpAddr,
    handshaking: bool,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, counts: Mutex::default() })
    }

    /// Decides on a newcomer from `address`, which it has proven or not.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr, proven: bool) -> Admission {
        let address = network(address);
        let mut counts = self.lock();
        let Limits { connections, connections_per_address, handshakes, .. } = self.limits;
        if counts.open >= connections || counts.handshaking >= handshakes.saturating_mul(4) {
            return Admission::Refuse;
        }
        if counts.handshaking >= handshakes && !proven {
            return Admission::Prove;
        }
        let here = counts.by_address.entry(address).or_default();
        if *here >= connections_per_address {
            return Admission::Refuse;
        }
        *here += 1;
        counts.open += 1;
        counts.handshaking += 1;
        Admission::Admit(Seat { gate: self.clone(), address, handshaking: true })
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Nothing between two changes of the counts can panic.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The handshake is over.
    pub(super) fn established(&mut self) {
        if std::mem::take(&mut self.handshaking) {
            self.gate.lock().handshaking -= 1;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.established();
        let mut counts = self.gate.lock();
        counts.open -= 1;
        if let Some(here) = counts.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

/// What counts as one address: an IPv4 address, or the /64 that one subscriber has of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from(u128::from(v6) >> 64 << 64)),
        },
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Arc<Gate> {
        Gate::new(Limits {
            connections: 6,
            connections_per_address: 3,
            handshakes: 1,
            ..Limits::default()
        })
    }

    fn from(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn seat(admission: Admission) -> Seat {
        match admission {
            Admission::Admit(seat) => seat,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn under_a_flood_newcomers_prove_their_address_and_then_there_is_no_room() {
        let gate = gate();
        let mut seats = vec![seat(gate.admit(from(1), false))];
        assert!(matches!(gate.admit(from(2), false), Admission::Prove));
        seats.extend((2..5).map(|n| seat(gate.admit(from(n), true))));
        assert!(matches!(gate.admit(from(5), true), Admission::Refuse));
        seats.iter_mut().for_each(Seat::established);
        seats.push(seat(gate.admit(from(5), false)));
        seats.push(seat(gate.admit(from(6), true)));
        assert!(matches!(gate.admit(from(7), true), Admission::Refuse), "six in all");
    }

    #[test]
    fn one_address_can_not_take_every_place_and_a_freed_place_is_free() {
        let gate = gate();
        let mut seats: Vec<_> = (0..3)
            .map(|_| {
                let mut seat = seat(gate.admit(from(1), false));
                seat.established();
                seat
            })
            .collect();
        assert!(matches!(gate.admit(from(1), true), Admission::Refuse));
        drop(seat(gate.admit(from(2), true)));
        seats.pop();
        drop(seat(gate.admit(from(1), true)));
    }

    #[test]
    fn one_subscriber_of_ipv6_is_one_address() {
        let a: IpAddr = [0x2001, 0xdb8, 0, 7, 1, 2, 3, 4].into();
        let b: IpAddr = [0x2001, 0xdb8, 0, 7, 9, 9, 9, 9].into();
        assert_eq!(network(a), network(b));
        let mapped: IpAddr = [0, 0, 0, 0, 0, 0xffff, 0x0a00, 0x0001].into();
        assert_eq!(network(mapped), from(1));
    }
}
