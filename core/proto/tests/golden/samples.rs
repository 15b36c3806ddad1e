//! One value of each frame and item, from fixed keys and ids.

use tandem_proto::*;

#[allow(dead_code, reason = "of the two test files one uses it")]
pub(crate) const FOUNDED: &str = "vdc7fylr4clchgtua4gbvl5mgsavuw6n";

const THREAD: ThreadId = ThreadId::new([0x11; 20]);
const GENERATION: Generation = Generation::new([0x22; 16]);
const HASH: Hash16 = Hash16::new([0x33; 16]);
const MAILBOX: MailboxId = MailboxId::new([0x66; 16]);
const SCHOOL: SchoolId = SchoolId::new([0xbb; 16]);
const TIME: Timestamp = Timestamp(1_760_000_000_000);

fn relay_secret() -> SecretKey {
    SecretKey::from_seed([1; 32])
}

fn device_secret(n: u8) -> SecretKey {
    SecretKey::from_seed([n; 32])
}

fn transport(n: u8) -> TransportKey {
    TransportKey::new(device_secret(n).public())
}

pub(crate) fn relay_key() -> RelayKey {
    RelayKey::new(relay_secret().public())
}

fn item(bytes: &[u8]) -> Item {
    bytes.to_vec().try_into().unwrap()
}

fn cursor(n: u8) -> ThreadCursor {
    ThreadCursor { thread: ThreadId::new([n; 20]), seq: Seq(300), chain: [0x44; 32].into() }
}

fn signed(root: [u8; 32]) -> SignedCursors {
    SignedCursors::sign(&relay_secret(), &transport(3), GENERATION, TIME, root)
}

fn acknowledgement() -> Acknowledgement {
    let except = vec![HASH].try_into().unwrap();
    let chain = [0x44; 32].into();
    Acknowledgement::sign(&device_secret(2), THREAD, GENERATION, Seq(300), chain, except)
}

fn leaves() -> Vec<ReceiptLeaf> {
    (1..=3)
        .map(|n| ReceiptLeaf { thread: THREAD, seq: Seq(n), item: ItemHash::of(&n.to_le_bytes()) })
        .collect()
}

fn batch() -> ReceiptBatch {
    sign_receipts(&relay_secret(), GENERATION, TIME, &leaves(), &[2, 1]).remove(0)
}

fn tombstone(because: ErasedBecause, words: &str) -> Tombstone {
    let words = words.to_owned().try_into().unwrap();
    Tombstone::sign(&relay_secret(), THREAD, TIME, because, words)
}

pub(crate) fn receipt() -> Receipt {
    let leaves = leaves();
    let sent = |short: &Hash16| {
        let leaf = leaves.iter().find(|leaf| leaf.item.short() == *short)?;
        Some((leaf.thread, leaf.item))
    };
    batch().open(&relay_key(), sent).unwrap().remove(1)
}

pub(crate) fn client() -> Vec<(&'static str, ClientToRelay)> {
    use ClientToRelay as C;

    let set = [cursor(0x10), cursor(0x11)];
    let root = cursor_root(&set);
    vec![
        (
            "Hello",
            C::Hello(Hello { version: PROTOCOL, generation: Some(GENERATION), digest: HASH }),
        ),
        (
            "Hello on first contact",
            C::Hello(Hello { version: PROTOCOL, generation: None, digest: HASH }),
        ),
        (
            "Push",
            C::Push(Push {
                thread: THREAD,
                items: vec![item(&[0xaa, 0xbb, 0xcc]), item(&[0xdd])].try_into().unwrap(),
            }),
        ),
        (
            "Cursors",
            C::Cursors(Cursors {
                generation: GENERATION,
                cursors: vec![cursor(0x11)].try_into().unwrap(),
                first: true,
                last: false,
            }),
        ),
        (
            "Evidence",
            C::Evidence(Evidence { proof: CursorProof::of(&signed(root), &set, &THREAD).unwrap() }),
        ),
        (
            "Claim",
            C::Claim(Claim {
                generation: GENERATION,
                moved: vec![ClaimedCursor { thread: THREAD, seq: Seq(300), acks: 2 }]
                    .try_into()
                    .unwrap(),
                root: Some([0x55; 32]),
            }),
        ),
        ("Acknowledge", C::Acknowledge(acknowledgement())),
        (
            "MailPut",
            C::MailPut(MailPut { mailbox: MAILBOX, letter: vec![0x77, 0x88].try_into().unwrap() }),
        ),
        ("MailWatch", C::MailWatch(MailWatch { mailboxes: vec![MAILBOX].try_into().unwrap() })),
        ("MailDrop", C::MailDrop(MailDrop { mailbox: MAILBOX, letter: HASH })),
        (
            "ReceiptRequest",
            C::ReceiptRequest(ReceiptRequest {
                thread: THREAD,
                seqs: vec![Seq(1), Seq(300)].try_into().unwrap(),
            }),
        ),
        ("School", C::School(SchoolPass { school: SCHOOL, token: SchoolToken::new([0xcc; 16]) })),
        ("Erased", C::Erased(tombstone(ErasedBecause::Operator, "asked for"))),
        ("Receipt", C::Receipt(receipt())),
    ]
}

pub(crate) fn relay() -> Vec<(&'static str, RelayToClient)> {
    use RelayToClient as R;

    let items = vec![item(&[0xaa, 0xbb, 0xcc]), item(&[0xdd])].try_into().unwrap();
    vec![
        (
            "Greeting",
            R::Greeting(Greeting {
                version: PROTOCOL,
                generation: GENERATION,
                time: TIME,
                matched: true,
            }),
        ),
        ("Receipts", R::Receipts(batch())),
        ("Refused", R::Refused(Refused { item: HASH, reason: Refusal::StaleEpoch })),
        ("Deliver", R::Deliver(Deliver { thread: THREAD, first: Seq(300), items })),
        ("OffChain", R::OffChain(THREAD)),
        ("UnknownThread", R::UnknownThread(THREAD)),
        ("CaughtUp", R::CaughtUp),
        ("CursorsSigned", R::CursorsSigned(signed([0x55; 32]))),
        ("ClaimRefused", R::ClaimRefused),
        ("Acknowledged", R::Acknowledged(2, acknowledgement())),
        (
            "Mail",
            R::Mail(Mail {
                mailbox: MAILBOX,
                letters: vec![vec![0x77, 0x88].try_into().unwrap()].try_into().unwrap(),
            }),
        ),
        ("MailStored", R::MailStored(MailStored { mailbox: MAILBOX, letter: HASH })),
        ("Closing", R::Closing(Closing::Busy(300))),
        ("Closing for good", R::Closing(Closing::Removed(Whom::School))),
        ("School", R::School(SchoolAnswer { school: SCHOOL, enrolment: Enrolment::NoSuchPass })),
        ("Erased", R::Erased(tombstone(ErasedBecause::Retention, ""))),
    ]
}

pub(crate) fn header() -> EnvelopeHeader {
    EnvelopeHeader { kind: EnvelopeKind::Carried, epoch: Epoch(300), nonce: [0x99; 16] }
}

fn card(n: u8, role: Role) -> Card {
    Card {
        person: PersonId::new([n; 16]),
        role,
        device: DeviceKey::new(device_secret(n).public()),
        transport: transport(n + 1),
    }
}

/// When a link was made.
const fn made(second: u64) -> Timestamp {
    Timestamp(1_790_000_000_000 + second * 1000)
}

pub(crate) fn items() -> Vec<(&'static str, Vec<u8>)> {
    let founder = card(2, Role::Teacher);
    let genesis = Statement::Genesis { kind: ThreadKind::Joint, nonce: [0x77; 16], founder };
    let genesis = RosterLink::found(&device_secret(2), made(1), genesis).to_item();
    let invite = invite_id(&InviteSecret::new([0x88; 16]));
    let admit = Statement::Admit { card: card(4, Role::Guardian), invite };
    let handshake = Handshake {
        commit: vec![0xc1, 0xc2].try_into().unwrap(),
        welcome: vec![0xd1, 0xd2, 0xd3].try_into().unwrap(),
    };
    let admit = RosterLink::sign(
        &device_secret(2),
        ItemHash::of(&genesis),
        made(2),
        admit,
        handshake.clone(),
    );
    let admit = admit.to_item();
    let package = vec![0xa1, 0xa2].try_into().unwrap();
    let request = SeatRequest::sign(&device_secret(4), &ThreadId::of_genesis(&genesis), package);
    let reseat = Statement::Reseat { request: request.clone() };
    let reseat = RosterLink::sign(
        &device_secret(2),
        ItemHash::of(&admit),
        made(3),
        reseat,
        handshake.clone(),
    );
    let previous = ItemHash::of(&reseat.to_item());
    let words = vec![LastWord { incarnation: [0xb1; 4], operation: 300 }].try_into().unwrap();
    let because = Because::Decided;
    let out = vec![Leaver { device: request.device, because, words }].try_into().unwrap();
    let refound = Statement::Refound { out };
    let refound =
        RosterLink::sign(&device_secret(2), previous, made(4), refound, Handshake::default());
    let farewell = Farewell::sign(&device_secret(4), &ThreadId::of_genesis(&genesis));
    let left = Because::Left(farewell.clone());
    let removed = Because::Removed(ItemHash::of(&refound.to_item()));
    let out = [left, removed].map(|because| Leaver {
        device: request.device,
        because,
        words: BoundedVec::default(),
    });
    let remove = Statement::Remove { out: out.to_vec().try_into().unwrap() };
    let remove = RosterLink::sign(&device_secret(2), previous, made(5), remove, handshake.clone());
    let back =
        Card { device: DeviceKey::new(device_secret(6).public()), ..card(4, Role::Guardian) };
    let readmit = Statement::Readmit { card: back, invite, out: BoundedVec::default() };
    let readmit =
        RosterLink::sign(&device_secret(2), previous, made(6), readmit, handshake.clone());
    let (device, thread) =
        (DeviceKey::new(device_secret(2).public()), ThreadId::of_genesis(&genesis));
    let renew = Statement::renew(&device_secret(7), &thread, &device);
    let renew = RosterLink::sign(&device_secret(2), previous, made(7), renew, handshake);
    vec![
        ("Envelope", header().assemble(&[0xee; 48])),
        ("Genesis", genesis),
        ("Admit", admit),
        ("Request for a seat", request.to_item()),
        ("Reseat", reseat.to_item()),
        ("Refound", refound.to_item()),
        ("Farewell", farewell.to_item()),
        ("Remove", remove.to_item()),
        ("Readmit", readmit.to_item()),
        ("Renew", renew.to_item()),
        ("Receipt", postcard::to_extend(&receipt(), Vec::new()).unwrap()),
    ]
}
