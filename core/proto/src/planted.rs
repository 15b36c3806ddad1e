//! Deliberate faults, for the tests that prove the tests.
//!
//! Each is a single condition in product code that a build with the feature `planted` can switch
//! on by name, and that `cargo xtask bugs` expects the suite to catch. Without the feature
//! [`is`] is a constant `false` and nothing of this is left in the program.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A fault that can be planted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name on the command line and in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

faults! {
    /// The relay sends a receipt before the journal is synced.
    ReceiptBeforeSync = "receipt-before-sync",
    /// The relay fans out an append before it is durable.
    FanOutBeforeAppend = "fan-out-before-append",
    /// The relay appends an item that it already holds again.
    SkipDedupe = "skip-dedupe",
    /// The device commits its cursor before the change that it stands for.
    CursorBeforeChange = "cursor-before-change",
    /// Rule 1: a receipt empties the outbox, though no signed cursor covers it.
    TrustReceipt = "rule-1-trust-receipt",
    /// Rule 2: an off-chain cursor without a signature draws a new generation.
    UnsignedEvidence = "rule-2-unsigned-evidence",
    /// Rule 3: a cursor signed in another generation draws a new one.
    OldEvidence = "rule-3-old-evidence",
    /// Rule 4: a reopened store goes on with its old incarnation.
    ReuseIncarnation = "rule-4-reuse-incarnation",
    /// Rule 5: what the log of a generation lacks is uploaded once, not at every catch-up.
    CarryOnce = "rule-5-carry-once",
    /// Rule 6: what another member's `except` names is not carried again.
    IgnoreExcept = "rule-6-ignore-except",
    /// Rule 7: an own change met in a carried envelope does not count.
    IgnoreCarriedOwn = "rule-7-ignore-carried-own",
    /// Rule 8: acknowledgements are not sent again in a new generation.
    AckOnce = "rule-8-ack-once",
    /// A refused envelope is acknowledged as if it had been taken in.
    AckRefused = "ack-refused",
    /// A step's state is taken from a member who does not own it.
    StateByNonOwner = "state-by-non-owner",
    /// The nonce is a counter that starts again with the process.
    NonceFromCounter = "nonce-from-counter",
    /// A row is shown before its change is durable.
    SpeakBeforePersist = "speak-before-persist",
    /// An acknowledgement by the author's own person counts as `OnTheirPhone`.
    OwnAckCounts = "own-ack-counts",
    /// A lagging peer's missed deliveries are not read again.
    DropOnLag = "drop-on-lag",
    /// A second request with one invite is admitted too.
    AdmitTwice = "admit-twice",
    /// The relay takes envelopes of whatever epoch.
    EpochNotChecked = "epoch-not-checked",
    /// The device goes on sealing under the first epoch's secret.
    SealUnderFirstEpoch = "seal-under-first-epoch",
    /// A welcome does not say what was in the log before the newcomer had a key.
    WelcomeWithoutItems = "welcome-without-items",
    /// Nobody gives a seat to a device that asks for one.
    IgnoreSeatRequests = "ignore-seat-requests",
    /// What was refused for its epoch is not sealed again.
    NotSealedAgain = "not-sealed-again",
    /// A removal counts only on the chain that it stands on.
    ForgetRemovals = "forget-removals",
    /// The relay goes on serving a device that was taken out.
    ServeRemoved = "serve-removed",
    /// What a device wrote after it was taken out is shown.
    ShowAfterRemoval = "show-after-removal",
    /// A farewell is answered by nobody.
    IgnoreFarewells = "ignore-farewells",
    /// The relay takes back what it has erased.
    ErasedComesBack = "erased-comes-back",
    /// A device does not tell a relay that lost it of the relay's own tombstone.
    TombstoneNotShown = "tombstone-not-shown",
    /// A device believes a tombstone that its relay did not sign.
    BelieveAnyTombstone = "believe-any-tombstone",
    /// The school's records are let in by whoever is in, not by guardians alone.
    AnybodysArchive = "anybodys-archive",
    /// What whoever keeps the school's records writes is shown.
    HearArchive = "hear-archive",
    /// Who is out and asks again with the link that let them in is given a welcome.
    WelcomeWhoIsOut = "welcome-who-is-out",
    /// A link's commit is merged, whatever it does.
    PolicySkipped = "policy-skipped",
    /// A batch's signature is not checked.
    SignatureSkipped = "signature-skipped",
    /// A batch's signature does not say in which thread the words were said.
    ThreadNotSigned = "thread-not-signed",
    /// A link lets somebody in after its time.
    ExpiredInviteHonoured = "expired-invite-honoured",
    /// A new phone's offer is taken up after its time.
    ExpiredOfferTaken = "expired-offer-taken",
    /// The code that two people compare has the keys of one of them.
    CodeOfOneSide = "code-of-one-side",
    /// The relay does not count what a thread has.
    QuotaNotCounted = "quota-not-counted",
    /// The relay serves a device that is suspended.
    SuspendedServed = "suspended-served",
    /// What came late does not say so.
    LateNotTold = "late-not-told",
    /// What words say of the log that their author was shown is compared with nothing.
    HeadsIgnored = "heads-ignored",
    /// A value at rest is not bound to its place.
    PlaceNotBound = "place-not-bound",
    /// Who is taken out keeps their seat in the group, and nobody minds.
    SeatStays = "seat-stays",
    /// A removal that the relay has lost is pushed again without its receipt.
    ReceiptNotShown = "receipt-not-shown",
    /// A device believes its clock, however far it has jumped, when it forgets what nothing is new in.
    ClockBelieved = "clock-believed",
}

#[cfg(feature = "planted")]
mod switch {
    use std::sync::atomic::{AtomicU8, Ordering};

    static PLANTED: AtomicU8 = AtomicU8::new(u8::MAX);

    /// Plants one fault in this process, or none.
    pub fn plant(fault: Option<super::Fault>) {
        PLANTED.store(fault.map_or(u8::MAX, |f| f as u8), Ordering::Relaxed);
    }

    /// Whether this fault is planted.
    #[must_use]
    pub fn is(fault: super::Fault) -> bool {
        PLANTED.load(Ordering::Relaxed) == fault as u8
    }
}

#[cfg(feature = "planted")]
pub use switch::{is, plant};

/// Whether this fault is planted: never, in a build without the feature.
#[cfg(not(feature = "planted"))]
#[must_use]
pub const fn is(_fault: Fault) -> bool {
    false
}
