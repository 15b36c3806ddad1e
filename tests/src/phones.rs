//! What a story does with the devices of one person.

use tandem_engine::{Answer, Intent, OfferRow, Query, Trouble, UptakeRow};
use tandem_proto::{DeviceLink, PersonId, ThreadId, TransportKey};

use crate::{device::Asked, world::World};

impl World {
    /// Offers a new device; the link that it shows, or why it does not.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_offer(&mut self, device: usize) -> Result<OfferRow, Trouble> {
        let ticket = self.mean(device, Asked::People, Intent::OfferDevice);
        self.await_answer(device, ticket).map(|answer| match answer {
            Answer::Offered(row) => row,
            other => self.violation(&format!("offering came to {other:?}")),
        })
    }

    /// Offers a new device.
    pub fn offer(&mut self, device: usize) -> DeviceLink {
        match self.try_offer(device) {
            Ok(row) => row.link,
            Err(trouble) => self.violation(&format!("offering came to {trouble}")),
        }
    }

    /// Renews a device's keys. A device that crashes meanwhile does not answer.
    pub fn renew_keys(&mut self, device: usize) {
        let ticket = self.mean(device, Asked::People, Intent::RenewKeys);
        self.note(|| format!("P{device} renews its keys ({ticket:?})"));
    }

    /// The key by which a device showed itself to the relay last; `None` before it was opened.
    #[must_use]
    pub fn line(&self, device: usize) -> Option<TransportKey> {
        self.devices[device].transport.as_ref().map(|(_, line)| *line)
    }

    /// From here on a new device is expected to speak as whoever another device belongs to.
    pub fn becomes(&mut self, new: usize, of: usize) {
        let profile = self.devices[of].profile.clone();
        self.devices[new].profile = profile;
    }

    /// Lets in another device of the same person.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn add_device(&mut self, by: usize, link: &DeviceLink) -> Result<UptakeRow, Trouble> {
        self.take_up(by, Intent::AddDevice { link: link.clone() })
    }

    /// Lets a person in again on a new device.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn readmit(
        &mut self,
        by: usize,
        person: PersonId,
        link: &DeviceLink,
    ) -> Result<UptakeRow, Trouble> {
        self.take_up(by, Intent::Readmit { person, link: link.clone() })
    }

    fn take_up(&mut self, by: usize, intent: Intent) -> Result<UptakeRow, Trouble> {
        let ticket = self.mean(by, Asked::People, intent);
        self.await_answer(by, ticket).map(|answer| match answer {
            Answer::TakingUp(row) => row,
            other => self.violation(&format!("taking up an offer came to {other:?}")),
        })
    }

    /// A device's own offer, and those that it takes up.
    pub fn offers(&mut self, device: usize) -> (Option<OfferRow>, Vec<UptakeRow>) {
        let ticket = self.ask(device, Asked::People, Query::Offers);
        match self.await_answer(device, ticket) {
            Ok(Answer::Offers(offer, uptakes)) => (offer, uptakes),
            other => self.violation(&format!("the offers came to {other:?}")),
        }
    }

    /// The desk of a device's person.
    #[must_use]
    pub fn desk(&self, device: usize) -> Option<ThreadId> {
        let desk = self.devices[device].view.inbox.iter().find(|row| row.desk);
        desk.map(|row| row.thread)
    }
}
