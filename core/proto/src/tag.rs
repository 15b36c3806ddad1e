//! Every frame's tag, in one registry. A tag is never given a second meaning.

/// Tags of the frames that a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "each names its frame in `ClientToRelay`")]
pub enum FromClient {
    Hello = 1,
    Push = 2,
    Cursors = 3,
    Evidence = 4,
    Claim = 5,
    Acknowledge = 6,
    MailPut = 7,
    MailWatch = 8,
    MailDrop = 9,
    ReceiptRequest = 10,
    School = 11,
    Erased = 12,
    Receipt = 13,
}

/// Tags of the frames that a relay sends. They start at 64, so that a frame sent the wrong way is
/// unknown instead of misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "each names its frame in `RelayToClient`")]
pub enum FromRelay {
    Greeting = 64,
    Receipts = 65,
    Refused = 66,
    Deliver = 67,
    OffChain = 68,
    UnknownThread = 69,
    CaughtUp = 70,
    CursorsSigned = 71,
    ClaimRefused = 72,
    Acknowledged = 73,
    Mail = 74,
    MailStored = 75,
    Closing = 76,
    School = 77,
    Erased = 78,
}
