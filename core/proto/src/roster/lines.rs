//! By which transport keys the devices of a roster connect.

use std::collections::BTreeMap;

use super::{Card, Roster};
use crate::{DeviceKey, TransportKey};

impl Roster {
    /// The device that connects with this transport key, if it is in.
    #[must_use]
    pub fn by_transport(&self, key: &TransportKey) -> Option<&Card> {
        let current = self.members.values().find(|card| card.transport == *key);
        current.or_else(|| self.members.get(self.lines().get(key)?))
    }

    /// The transport keys by which devices that are in connect: of each its newest, and the one before,
    /// so that nobody is shut out while their threads learn of a new one.
    #[must_use]
    pub fn lines(&self) -> BTreeMap<TransportKey, DeviceKey> {
        let (mut lines, mut count) = (BTreeMap::new(), BTreeMap::<DeviceKey, u32>::new());
        for (device, line) in self.lines_up_from(self.head) {
            let known = count.entry(device).or_default();
            if *known < 2 && self.members.contains_key(&device) {
                *known += 1;
                lines.insert(line, device);
            }
        }
        lines
    }

    /// Every transport key that any chain ever named, with its device.
    pub fn lines_ever(&self) -> impl Iterator<Item = (DeviceKey, TransportKey)> {
        self.nodes.iter().filter_map(|node| node.link.statement.line(node.link.author))
    }

    /// The transport keys that a chain names, the newest first.
    pub(super) fn lines_up_from(
        &self,
        index: usize,
    ) -> impl Iterator<Item = (DeviceKey, TransportKey)> {
        self.up_from(index).filter_map(|link| link.statement.line(link.author))
    }
}
