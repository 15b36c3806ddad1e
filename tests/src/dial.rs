//! The device's end of its connections: dialling, sending, hanging up.

use tandem_engine::{Input, LinkFault};
use tandem_proto::{ClientToRelay, Wire};

use crate::{
    event::Event,
    link::{Connection, End},
    world::World,
};

impl World {
    pub(crate) fn dial(&mut self, index: usize) {
        self.active();
        self.devices[index].dial += 1;
        self.take_key(index);
        let device = &self.devices[index];
        let (dial, opening, weather) = (device.dial, device.opening, device.weather);
        let Some((_, public)) = device.transport else { return };
        if !weather.signal
            || self.hub.relay.is_none()
            || self.chance.percent(weather.failed_dials_percent)
        {
            let takes = self.chance.range(50..2000);
            self.queue.after(takes, Event::DialFails { device: index, opening, dial });
            return;
        }
        self.connection += 1;
        let connection = self.connection;
        self.connections.insert(
            connection,
            Connection::new(index, opening, self.hub.boot, self.hub.incarnation),
        );
        self.hub.callers.insert(connection, public);
        self.devices[index].connection = Some(connection);
        let there = self.delay(index);
        let back = there + self.delay(index);
        self.queue.after(there, Event::RelayMeets { connection });
        self.queue.after(back, Event::LinkUp { connection });
    }

    pub(crate) fn delay(&mut self, index: usize) -> u64 {
        let weather = self.devices[index].weather;
        weather.latency_ms.max(1) + self.chance.range(0..weather.jitter_ms + 1)
    }

    pub(crate) fn dial_fails(&mut self, index: usize, opening: u64, dial: u64) {
        let device = &self.devices[index];
        if device.opening == opening && device.dial == dial {
            self.active();
            self.feed(index, Input::LinkDown(LinkFault::Unreachable));
        }
    }

    pub(crate) fn hang_up(&mut self, index: usize) {
        self.active();
        let device = &mut self.devices[index];
        let opening = device.opening;
        // A dial that is under way is given up as well.
        device.dial += 1;
        device.greeted = None;
        let connection = device.connection.take();
        self.queue.after(0, Event::HungUp { device: index, opening });
        let Some(connection) = connection else { return };
        if let Some(there) = self.connections.get_mut(&connection) {
            there.device_end = End::Gone;
            there.down.cut(0);
            let last = there.up.last_arrival;
            let at = last.max(self.queue.now()) + 1;
            self.queue.at(at, Event::RelayNotices { connection });
        }
    }

    pub(crate) fn hung_up(&mut self, index: usize, opening: u64) {
        if self.devices[index].opening == opening {
            self.feed(index, Input::LinkDown(LinkFault::HungUp));
        }
    }

    pub(crate) fn send_to_relay(&mut self, index: usize, frame: ClientToRelay) {
        self.active();
        let bytes = frame.to_bytes();
        let name = self.devices[index].name.clone();
        self.note(|| format!("{name} -> {}", crate::words::sent(&frame)));
        let spoken = self.oracle.device_speaks(index, &frame);
        self.insist(spoken);
        let acknowledged = self.oracle.acknowledges(&self.hub.truth, &frame);
        self.insist(acknowledged);
        match &frame {
            ClientToRelay::Evidence(_) => self.devices[index].evidence_sent = Some(frame),
            ClientToRelay::Acknowledge(ack) => self.devices[index].ack_sent = Some(ack.clone()),
            _ => {}
        }
        let up = self.devices[index].connection.filter(|connection| {
            self.connections.get(connection).is_some_and(|there| there.device_end == End::Open)
        });
        let Some(connection) = up else {
            self.violation(&format!("{name} sends on a connection that is not there"));
        };
        self.send_up(connection, bytes);
    }

    /// Puts bytes on the way to the relay.
    pub(crate) fn send_up(&mut self, connection: u64, bytes: Vec<u8>) {
        let now = self.queue.now();
        let Some(index) = self.connections.get(&connection).map(|there| there.device) else {
            return;
        };
        let delay = self.delay(index);
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if let Some((at, number)) = there.up.send(now, delay) {
            self.queue.at(at, Event::ToRelay { connection, number, bytes });
        }
    }
}
