//! What can happen, and to whom it happens.

use tandem_engine::Key;
use tandem_proto::ThreadId;
use tandem_relay::ReadId;

use crate::{people::Deed, trouble::Trouble, world::World};

/// Something that is going to happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// A person does something.
    Deed(Deed),
    /// Something goes wrong, or is put right.
    Trouble(Trouble),
    /// The oldest commit of a device comes to its end.
    DeviceCommit {
        device: usize,
        opening: u64,
    },
    /// What a device wanted to read was read.
    DeviceLoaded {
        device: usize,
        opening: u64,
        thread: ThreadId,
        records: Vec<(Key, Vec<u8>)>,
    },
    DeviceTick {
        device: usize,
        opening: u64,
        tick: u64,
    },
    DeviceOpens {
        device: usize,
    },
    /// A dial that comes to nothing.
    DialFails {
        device: usize,
        opening: u64,
        dial: u64,
    },
    /// The handshake reached the relay, then the device.
    RelayMeets {
        connection: u64,
    },
    LinkUp {
        connection: u64,
    },
    ToRelay {
        connection: u64,
        number: u64,
        bytes: Vec<u8>,
    },
    ToDevice {
        connection: u64,
        number: u64,
        bytes: Vec<u8>,
    },
    /// The line takes the next frame that the relay queued.
    Drain {
        connection: u64,
    },
    /// An end learns that its connection is gone.
    DeviceNotices {
        connection: u64,
        closed: bool,
    },
    HungUp {
        device: usize,
        opening: u64,
    },
    RelayNotices {
        connection: u64,
    },
    JournalCommit {
        boot: u64,
    },
    RelayRead {
        boot: u64,
        id: ReadId,
        items: Vec<Vec<u8>>,
    },
    RelayTick {
        boot: u64,
        tick: u64,
    },
    RelayStarts,
}

impl World {
    pub(crate) fn happen(&mut self, event: Event) {
        match event {
            Event::Deed(deed) => self.deed(deed),
            Event::Trouble(trouble) => self.trouble(trouble),
            Event::DeviceCommit { device, opening } => self.device_commit(device, opening),
            Event::DeviceLoaded { device, opening, thread, records } => {
                self.device_loaded(device, opening, thread, records);
            }
            Event::DeviceTick { device, opening, tick } => self.device_tick(device, opening, tick),
            Event::DeviceOpens { device } => self.open_device(device),
            Event::DialFails { device, opening, dial } => self.dial_fails(device, opening, dial),
            Event::RelayMeets { connection } => self.relay_meets(connection),
            Event::LinkUp { connection } => self.link_up(connection),
            Event::ToRelay { connection, number, bytes } => {
                self.frame_to_relay(connection, number, &bytes);
            }
            Event::ToDevice { connection, number, bytes } => {
                self.frame_to_device(connection, number, &bytes);
            }
            Event::Drain { connection } => self.drain(connection),
            Event::DeviceNotices { connection, closed } => self.device_notices(connection, closed),
            Event::HungUp { device, opening } => self.hung_up(device, opening),
            Event::RelayNotices { connection } => self.relay_notices(connection),
            Event::JournalCommit { boot } => self.journal_commit(boot),
            Event::RelayRead { boot, id, items } => self.relay_read(boot, id, items),
            Event::RelayTick { boot, tick } => self.relay_tick(boot, tick),
            Event::RelayStarts => self.start_relay(),
        }
    }
}
