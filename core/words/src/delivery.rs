//! How far an own entry got, and what can be done about it.

use tandem_engine::{Delivery, StuckReason};

use crate::Phrase;

/// The shorthand beside a state. It never stands alone: what it means is said when it is touched, and to
/// whoever can't see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Mark {
    /// A pencil's outline: a draft.
    Draft,
    /// A clock: held until a time.
    Clock,
    /// A phone's outline: on this phone.
    Phone,
    /// One tick: at the relay.
    Tick,
    /// A tick in a phone: on their phone.
    TickInPhone,
    /// An eye: seen.
    Eye,
    /// A hand to an ear: heard.
    Ear,
    /// An open circle with a bar: it does not leave.
    Stopped,
}

/// Something that a person can do about what does not go on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Remedy {
    /// Get in touch now.
    TryNow,
    /// Take the words somewhere else.
    CopyText,
    /// Ask somebody in the thread for a link.
    AskForLink,
    /// See who is in, and go on without somebody.
    ShowMembers,
    /// Install the newest version.
    UpdateApp,
    /// Ask the school.
    AskSchool,
}

/// How something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Stands {
    /// The shorthand.
    pub mark: Mark,
    /// The state, said one sentence after another.
    pub sentences: Vec<Phrase>,
    /// What a person can do, the most useful first; empty when nothing has to be done.
    pub remedies: Vec<Remedy>,
}

/// How an own entry stands; `alone` when nobody else takes part in its thread.
#[must_use]
pub fn delivery(state: &Delivery, alone: bool) -> Stands {
    let one = |mark, phrase| Stands { mark, sentences: vec![phrase], remedies: Vec::new() };
    match state {
        Delivery::Draft => one(Mark::Draft, Phrase::new("delivery.draft")),
        Delivery::Held { until } => one(Mark::Clock, Phrase::new("delivery.held").at(*until)),
        Delivery::OnThisPhone => one(Mark::Phone, Phrase::new("delivery.on_this_phone")),
        Delivery::OnRelay { .. } if alone => {
            one(Mark::Tick, Phrase::new("delivery.on_relay_alone"))
        }
        Delivery::OnRelay { .. } => one(Mark::Tick, Phrase::new("delivery.on_relay")),
        Delivery::OnTheirPhone { people } => one(
            Mark::TickInPhone,
            match people.as_slice() {
                [one] => Phrase::new("delivery.on_their_phone").person("who", *one),
                many => Phrase::new("delivery.on_their_phones").people("who", many.to_vec()),
            },
        ),
        Delivery::Seen { by } => Stands {
            mark: Mark::Eye,
            sentences: by
                .iter()
                .map(|seen| Phrase::new("delivery.seen").person("who", seen.person).at(seen.at))
                .collect(),
            remedies: Vec::new(),
        },
        Delivery::Heard => one(Mark::Ear, Phrase::new("delivery.heard")),
        Delivery::Stuck { reason, next_try } => {
            let (key, advice, remedies) = stuck(reason);
            let again = next_try.map(|at| Phrase::new("delivery.tried_again").at(at));
            let said = std::iter::once(key).chain(advice).map(Phrase::new);
            let sentences = said.chain(again).collect();
            Stands { mark: Mark::Stopped, sentences, remedies }
        }
    }
}

/// Why something does not leave, what to do with its words, and what else can be done.
fn stuck(reason: &StuckReason) -> (&'static str, Option<&'static str>, Vec<Remedy>) {
    use Remedy::{AskForLink, AskSchool, CopyText, ShowMembers, TryNow, UpdateApp};
    let (key, advice, remedies): (_, _, &[Remedy]) = match reason {
        StuckReason::NotAMember => {
            ("stuck.not_a_member", Some("advice.copy_or_link"), &[CopyText, AskForLink])
        }
        StuckReason::OverQuota => ("stuck.over_quota", None, &[TryNow, AskSchool]),
        StuckReason::Malformed => ("stuck.malformed", Some("advice.copy_anew"), &[CopyText]),
        StuckReason::Refused => ("stuck.refused", Some("advice.copy"), &[CopyText, UpdateApp]),
        StuckReason::NotAdmitted => ("stuck.not_admitted", None, &[TryNow, AskSchool]),
        StuckReason::SchoolSuspended => ("stuck.school_suspended", None, &[TryNow, AskSchool]),
        StuckReason::Erased => ("stuck.erased", Some("advice.copy"), &[CopyText]),
        StuckReason::Broken => ("stuck.broken", None, &[ShowMembers, CopyText]),
        StuckReason::NewerVersionNeeded => ("stuck.newer_version_needed", None, &[UpdateApp]),
        StuckReason::Removed => {
            ("stuck.removed", Some("advice.copy_or_ask"), &[CopyText, AskForLink])
        }
    };
    (key, advice, remedies.to_vec())
}

/// The same where there are no words of anybody's to copy.
pub(crate) fn without_words(mut stands: Stands) -> Stands {
    stands.sentences.retain(|said| !said.key.starts_with("advice."));
    stands.remedies.retain(|remedy| *remedy != Remedy::CopyText);
    stands
}
