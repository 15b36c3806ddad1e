//! What screens show of offers, on both sides.

use tandem_proto::{InviteId, Timestamp, limits::OFFER_LIFETIME_MS};

use crate::{
    Engine, NotLetIn, OfferRow, UptakeRow, UptakeState,
    record::{Admission, OfferRecord, UptakeRecord},
};

impl UptakeRecord {
    /// Why it came to nothing, if it did: nothing was found in the time in which an offer waits.
    pub(super) fn why_not(&self, now: Timestamp) -> Option<NotLetIn> {
        let late = self.taken.is_none() && now.since_ms(self.since) > OFFER_LIFETIME_MS;
        self.refused.or(late.then_some(NotLetIn::OfferExpired))
    }
}

impl Engine {
    /// This device's offer.
    pub(super) fn offer_row(&self, offer: &OfferRecord) -> OfferRow {
        OfferRow {
            link: self.device_link(offer),
            until: offer.made.plus_ms(OFFER_LIFETIME_MS),
            state: offer.state(self.now, self.joins_by_offer()),
        }
    }

    /// An offer that this device takes up.
    pub(super) fn uptake_row(&self, id: &InviteId, record: &UptakeRecord) -> UptakeRow {
        let (mut threads, mut arrived) = (0, 0);
        for admission in self.letting_in(id) {
            threads += 1;
            arrived += u32::from(admission == Admission::Arrived);
        }
        let state = match (record.why_not(self.now), &record.taken) {
            (Some(why), _) => UptakeState::Refused(why),
            (None, None) => UptakeState::Waiting,
            (None, Some(_)) => UptakeState::LettingIn { threads, arrived },
        };
        UptakeRow {
            device: record.link.device,
            person: record.again.unwrap_or(self.me.person),
            mine: record.again.is_none(),
            since: record.since,
            state,
        }
    }

    /// This device's offer, and those that it takes up.
    pub(crate) fn offer_rows(&self) -> (Option<OfferRow>, Vec<UptakeRow>) {
        let offer = self.offer.as_ref().map(|offer| self.offer_row(offer));
        let uptakes = self.uptakes.iter().map(|(id, record)| self.uptake_row(id, record));
        (offer, uptakes.collect())
    }
}
