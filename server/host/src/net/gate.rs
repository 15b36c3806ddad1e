//! Who is let in while how many are here.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tandem_proto::TransportKey;
use tokio::time::Instant;

use crate::config::Limits;

/// Dials are counted within this time, and then anew.
const WINDOW: Duration = Duration::from_secs(60);

/// Counts connections, handshakes and dials.
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
    dials: Option<Dials>,
}

/// Connections begun since some time: by addresses that were proven, so that nobody uses up
/// another's, and by devices.
#[derive(Debug)]
struct Dials {
    since: Instant,
    by_address: BTreeMap<IpAddr, u32>,
    by_device: BTreeMap<TransportKey, u32>,
}

impl Counts {
    fn dials(&mut self, now: Instant) -> &mut Dials {
        let current = self.dials.take().filter(|dials| now.duration_since(dials.since) < WINDOW);
        self.dials.insert(current.unwrap_or_else(|| Dials {
            since: now,
            by_address: BTreeMap::new(),
            by_device: BTreeMap::new(),
        }))
    }
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
    /// Whether its address was counted as having dialled.
    counted: bool,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, counts: Mutex::default() })
    }

    /// Decides on a newcomer from `address`, which it has proven or not.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr, proven: bool) -> Admission {
        self.admit_at(Instant::now(), address, proven)
    }

    fn admit_at(self: &Arc<Self>, now: Instant, address: IpAddr, proven: bool) -> Admission {
        let address = network(address);
        let mut counts = self.lock();
        let Limits { connections, connections_per_address, handshakes, .. } = self.limits;
        if counts.open >= connections || counts.handshaking >= handshakes.saturating_mul(4) {
            return Admission::Refuse;
        }
        if counts.handshaking >= handshakes && !proven {
            return Admission::Prove;
        }
        let dialled = counts.dials(now).by_address.get(&address).copied().unwrap_or(0);
        if dialled >= self.limits.dials_per_address {
            return if proven { Admission::Refuse } else { Admission::Prove };
        }
        let here = counts.by_address.entry(address).or_default();
        if *here >= connections_per_address {
            return Admission::Refuse;
        }
        *here += 1;
        if proven {
            *counts.dials(now).by_address.entry(address).or_default() += 1;
        }
        counts.open += 1;
        counts.handshaking += 1;
        Admission::Admit(Seat { gate: self.clone(), address, handshaking: true, counted: proven })
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Nothing between two changes of the counts can panic.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The handshake has succeeded: it has proven the address, too.
    pub(super) fn established(&mut self) {
        self.established_at(Instant::now());
    }

    fn established_at(&mut self, now: Instant) {
        self.shaken();
        if !std::mem::replace(&mut self.counted, true) {
            let mut counts = self.gate.lock();
            *counts.dials(now).by_address.entry(self.address).or_default() += 1;
        }
    }

    /// A device showed itself.
    ///
    /// # Errors
    /// How long it must wait, when it has dialled too often.
    pub(super) fn take(&self, device: TransportKey) -> Result<(), Duration> {
        self.take_at(Instant::now(), device)
    }

    fn take_at(&self, now: Instant, device: TransportKey) -> Result<(), Duration> {
        let mut counts = self.gate.lock();
        let dials = counts.dials(now);
        let left = WINDOW.saturating_sub(now.duration_since(dials.since));
        let dialled = dials.by_device.entry(device).or_default();
        if *dialled >= self.gate.limits.dials_per_device {
            return Err(left);
        }
        *dialled += 1;
        Ok(())
    }

    fn shaken(&mut self) {
        if std::mem::take(&mut self.handshaking) {
            self.gate.lock().handshaking -= 1;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.shaken();
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
    fn an_address_that_dials_again_and_again_is_refused_until_the_minute_is_over() {
        let limits = Limits { dials_per_address: 3, ..Limits::default() };
        let (gate, start) = (Gate::new(limits), Instant::now());
        for n in 0..3 {
            // Proven before or by the handshake; each hangs up at once.
            seat(gate.admit_at(start, from(1), n == 0)).established_at(start);
        }
        assert!(matches!(gate.admit_at(start, from(1), false), Admission::Prove));
        assert!(matches!(gate.admit_at(start, from(1), true), Admission::Refuse));
        seat(gate.admit_at(start, from(2), true));
        let later = start + WINDOW - Duration::from_millis(1);
        assert!(matches!(gate.admit_at(later, from(1), true), Admission::Refuse));
        seat(gate.admit_at(start + WINDOW, from(1), true));
    }

    #[test]
    fn who_only_claims_an_address_uses_up_nothing_of_it() {
        let limits = Limits { dials_per_address: 3, ..Limits::default() };
        let (gate, start) = (Gate::new(limits), Instant::now());
        for _ in 0..100 {
            drop(seat(gate.admit_at(start, from(1), false)));
        }
        seat(gate.admit_at(start, from(1), true));
    }

    #[test]
    fn a_device_that_dials_again_and_again_must_wait_for_the_rest_of_the_minute() {
        let limits = Limits { dials_per_device: 3, ..Limits::default() };
        let (gate, start) = (Gate::new(limits), Instant::now());
        let device = TransportKey::new([1; 32]);
        let dial = |at, device| seat(gate.admit_at(at, from(1), true)).take_at(at, device);
        for _ in 0..3 {
            assert_eq!(dial(start, device), Ok(()));
        }
        let later = start + Duration::from_secs(20);
        assert_eq!(dial(later, device), Err(Duration::from_secs(40)));
        assert_eq!(dial(later, TransportKey::new([2; 32])), Ok(()));
        assert_eq!(dial(start + WINDOW, device), Ok(()));
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
