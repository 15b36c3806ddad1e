//! What connections do between the two ends: open, carry, break, and be noticed to be broken.

use tandem_engine::{Input, LinkFault};
use tandem_proto::{ClientToRelay, Decoded, RelayToClient, TransportKey};
use tandem_relay::{ConnId, Input as RelayInput};

use crate::{
    event::Event,
    link::{Connection, End},
    world::World,
};

impl World {
    pub(crate) fn relay_meets(&mut self, connection: u64) {
        let boot = self.hub.boot;
        let Some(key) = self.hub.callers.get(&connection).copied() else { return };
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if there.boot != boot || there.broken || self.hub.relay.is_none() {
            return;
        }
        there.relay_end = End::Open;
        self.active();
        self.feed_relay(RelayInput::Connected(ConnId(connection), key));
    }

    pub(crate) fn link_up(&mut self, connection: u64) {
        let Some(there) = self.connections.get_mut(&connection) else { return };
        let (index, opening) = (there.device, there.opening);
        if there.broken || there.relay_end != End::Open || there.device_end != End::Opening {
            // It broke during the handshake: the dial fails when the end notices.
            return;
        }
        let device = &self.devices[index];
        if device.opening != opening || device.connection != Some(connection) {
            return;
        }
        there.device_end = End::Open;
        self.stats.connections += 1;
        let name = device.name.clone();
        self.note(|| format!("{name} is connected (c{connection})"));
        self.active();
        self.feed(index, Input::LinkUp);
    }

    pub(crate) fn frame_to_relay(&mut self, connection: u64, number: u64, bytes: &[u8]) {
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if !there.up.arrives(number) || there.relay_end != End::Open {
            return;
        }
        self.active();
        self.stats.frames += 1;
        self.trace.bytes(bytes);
        let Some(there) = self.connections.get_mut(&connection) else { return };
        there.up.reader.feed(bytes);
        loop {
            let Some(there) = self.connections.get_mut(&connection) else { return };
            match there.up.reader.next_frame::<ClientToRelay>() {
                Ok(Some(Decoded::Frame(frame))) => self.relay_hears(connection, frame),
                Ok(None) => return,
                other => self.violation(&format!("a device sent what is no frame: {other:?}")),
            }
        }
    }

    pub(crate) fn frame_to_device(&mut self, connection: u64, number: u64, bytes: &[u8]) {
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if !there.down.arrives(number) || there.device_end != End::Open || there.rogue {
            return;
        }
        let (index, opening) = (there.device, there.opening);
        let device = &self.devices[index];
        if device.opening != opening || device.connection != Some(connection) {
            return;
        }
        self.active();
        self.stats.frames += 1;
        self.trace.bytes(bytes);
        let Some(there) = self.connections.get_mut(&connection) else { return };
        there.down.reader.feed(bytes);
        loop {
            let Some(there) = self.connections.get_mut(&connection) else { return };
            match there.down.reader.next_frame::<RelayToClient>() {
                Ok(Some(Decoded::Frame(frame))) => {
                    if self.devices[index].connection != Some(connection) {
                        return;
                    }
                    if let RelayToClient::Greeting(greeting) = &frame {
                        self.devices[index].greeted = Some(greeting.generation);
                    }
                    let name = self.devices[index].name.clone();
                    for frame in self.told(index, frame) {
                        self.note(|| format!("{name} <- {}", crate::words::said(&frame)));
                        self.feed(index, Input::Frame(frame));
                    }
                }
                Ok(None) => return,
                other => self.violation(&format!("the relay sent what is no frame: {other:?}")),
            }
        }
    }

    /// The line goes dead: some of what is in flight still arrives, nothing sent later does, and
    /// the two ends learn of it at different times.
    pub(crate) fn break_connection(&mut self, connection: u64) {
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if there.broken {
            return;
        }
        there.broken = true;
        let kept_up = self.chance.range(0..there.up.in_flight() + 1);
        let kept_down = self.chance.range(0..there.down.in_flight() + 1);
        there.up.cut(kept_up);
        there.down.cut(kept_down);
        let index = there.device;
        self.stats.breaks += 1;
        let notices = self.devices[index].weather.relay_notices_ms;
        let device_after = self.chance.range(1..3000);
        let relay_after = self.chance.range(1..notices.max(2));
        self.queue.after(device_after, Event::DeviceNotices { connection, closed: false });
        self.queue.after(relay_after, Event::RelayNotices { connection });
    }

    pub(crate) fn device_notices(&mut self, connection: u64, closed: bool) {
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if there.device_end == End::Gone {
            return;
        }
        let was_open = there.device_end == End::Open;
        there.device_end = End::Gone;
        let (index, opening) = (there.device, there.opening);
        if closed && !there.broken {
            self.queue.after(1, Event::RelayNotices { connection });
        }
        let device = &mut self.devices[index];
        if device.opening != opening || device.connection != Some(connection) {
            return;
        }
        device.connection = None;
        device.greeted = None;
        let name = device.name.clone();
        self.note(|| format!("{name} has lost c{connection}"));
        self.active();
        let fault = if closed && was_open {
            LinkFault::Closed("the relay closed the connection".to_owned())
        } else {
            LinkFault::Unreachable
        };
        self.feed(index, Input::LinkDown(fault));
    }

    pub(crate) fn relay_notices(&mut self, connection: u64) {
        let boot = self.hub.boot;
        let Some(there) = self.connections.get_mut(&connection) else { return };
        let was = there.relay_end;
        there.relay_end = End::Gone;
        let forget = there.device_end == End::Gone;
        let same = there.boot == boot;
        if was == End::Open && same {
            self.active();
            self.feed_relay(RelayInput::Disconnected(ConnId(connection)));
        }
        if forget {
            self.connections.remove(&connection);
            self.hub.callers.remove(&connection);
        }
    }

    /// Someone with a member's transport key, but not its engine, says this to the relay.
    pub(crate) fn rogue_says(&mut self, index: usize, frames: &[ClientToRelay]) {
        let Some((_, key)) = self.devices[index].transport else { return };
        self.connection += 1;
        let connection = self.connection;
        let key = TransportKey::new(*key.as_bytes());
        let mut there = Connection::new(
            index,
            self.devices[index].opening,
            self.hub.boot,
            self.hub.incarnation,
        );
        there.rogue = true;
        there.device_end = End::Gone;
        self.connections.insert(connection, there);
        self.hub.callers.insert(connection, key);
        self.relay_meets(connection);
        for frame in frames {
            self.relay_hears(connection, frame.clone());
        }
        self.queue.after(2000, Event::RelayNotices { connection });
    }
}
