//! One row of each kind that there is something to say of.

use tandem_engine::{
    Author, Delivery, DeviceRow, EntryId, ErasedRow, Event, HomeSchool, InboxRow, Kept, KeptThread,
    KeyRow, LastLine, MemberRow, Misdeed, Remark, RetentionRow, SeenBy, StuckReason, ThreadRow,
    WaitsFor,
};
use tandem_proto::{
    DeviceKey, DeviceLink, Enrolment, ErasedBecause, InviteLink, InviteSecret, PersonId, RelayKey,
    RelayLink, Role, SchoolId, SchoolLink, SchoolPass, SchoolToken, TandemLink, ThreadId,
    Timestamp, TransportKey,
};
use tandem_words::Place;

pub(crate) const NOON: Timestamp = Timestamp(12 * 3_600_000);

pub(crate) struct Noon;

impl Place for Noon {
    fn person(&self, person: &PersonId) -> Option<String> {
        match person.as_bytes()[0] {
            1 => Some("Ms Rivera".to_owned()),
            2 => Some("Ana".to_owned()),
            3 => Some("{at}".to_owned()),
            _ => None,
        }
    }

    fn moment(&self, at: Timestamp) -> String {
        format!("{:02}:00", at.0 / 3_600_000)
    }

    fn plain(&self, text: &str) -> String {
        text.to_owned()
    }
}

pub(crate) fn person(id: u8) -> PersonId {
    PersonId::new([id; 16])
}

pub(crate) fn author(id: u8, name: &str, role: Role) -> Author {
    Author { person: person(id), name: name.to_owned(), role }
}

pub(crate) fn device() -> DeviceKey {
    DeviceKey::new([7; 32])
}

pub(crate) fn links() -> Vec<TandemLink> {
    let relay = RelayLink {
        address: "relay.school.example:7443".parse().unwrap(),
        key: RelayKey::new([1; 32]),
    };
    let secret = InviteSecret::new([3; 16]);
    let join = |role| {
        let (relay, thread) = (relay.clone(), ThreadId::new([2; 20]));
        TandemLink::Join(InviteLink { relay, thread, role, secret: secret.clone() })
    };
    let pass = SchoolPass { school: SchoolId::new([8; 16]), token: SchoolToken::new([9; 16]) };
    let mut links: Vec<TandemLink> = Role::ALL.into_iter().map(join).collect();
    links.push(TandemLink::School(SchoolLink { relay: relay.clone(), pass }));
    let device = DeviceLink { relay: relay.clone(), device: device(), secret };
    links.push(TandemLink::Device(device));
    links.push(TandemLink::Relay(relay));
    links
}

pub(crate) fn device_link() -> DeviceLink {
    let device = links().into_iter().find_map(|link| match link {
        TandemLink::Device(link) => Some(link),
        _ => None,
    });
    device.unwrap()
}

pub(crate) fn deliveries() -> Vec<Delivery> {
    let stuck = |reason| Delivery::Stuck { reason, next_try: Some(NOON) };
    vec![
        Delivery::Draft,
        Delivery::Held { until: NOON },
        Delivery::OnThisPhone,
        Delivery::OnRelay { at: NOON },
        Delivery::OnTheirPhone { people: vec![person(1)] },
        Delivery::OnTheirPhone { people: vec![person(1), person(2), person(9)] },
        Delivery::Seen { by: vec![SeenBy { person: person(1), at: NOON }] },
        Delivery::Heard,
        stuck(StuckReason::NotAMember),
        stuck(StuckReason::OverQuota),
        stuck(StuckReason::Malformed),
        stuck(StuckReason::Refused),
        stuck(StuckReason::Broken),
        stuck(StuckReason::Removed),
        stuck(StuckReason::NotAdmitted),
        stuck(StuckReason::SchoolSuspended),
        stuck(StuckReason::Erased),
        stuck(StuckReason::NewerVersionNeeded),
    ]
}

pub(crate) fn entry(kind: &str, fields: &[(&str, &str)]) -> ThreadRow {
    ThreadRow {
        entry: EntryId::new([1; 10]),
        kind: kind.to_owned(),
        author: author(1, "Ms Rivera", Role::Teacher),
        mine: false,
        at: NOON,
        answers: None,
        quoted: None,
        fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        delivery: None,
        remarks: vec![
            Remark::NewerVersionNeeded,
            Remark::ArrivedLate(NOON),
            Remark::Edited,
            Remark::Incomplete("way_forward".to_owned()),
            Remark::Incomplete("not_ours".to_owned()),
            Remark::EditByOther { field: "what".to_owned(), person: person(2) },
            Remark::MoveByOther(person(2)),
            Remark::ClockAhead,
        ],
    }
}

pub(crate) fn events() -> Vec<ThreadRow> {
    let mut rows = Vec::new();
    for event in Event::ALL.map(Event::name).into_iter().chain(["of_a_newer_version"]) {
        for role in ["guardian", "archive", "of_a_newer_version"] {
            for (own, mine, name, by) in [
                (false, false, "Ana", "Ms Rivera"),
                (false, true, "Ana", "Ms Rivera"),
                (true, false, "Ms Rivera", "Ms Rivera"),
                (true, true, "Ms Rivera", "Ms Rivera"),
                (false, false, "", ""),
            ] {
                let about = person(if own { 1 } else { 2 }).to_string();
                let fields = [("event", event), ("person", &about), ("name", name), ("role", role)];
                let mut row = ThreadRow { mine, ..entry(ThreadRow::ROSTER, &fields) };
                row.author.name = by.to_owned();
                rows.push(row);
            }
        }
    }
    rows
}

pub(crate) fn inboxes() -> Vec<InboxRow> {
    let blank = || InboxRow {
        people: vec![author(1, "Ms Rivera", Role::Teacher), author(2, "", Role::Archive)],
        role: Some(Role::Guardian),
        as_of: Some(NOON),
        title: "Maya".to_owned(),
        ..InboxRow::blank(ThreadId::new([1; 20]))
    };
    let erased = |because, words: &str| InboxRow {
        erased: Some(ErasedRow { at: NOON, because, words: words.to_owned() }),
        ..blank()
    };
    let kept = |waits_for| InboxRow { kept: Some(Kept { until: NOON, waits_for }), ..blank() };
    let unread = |author: Author, unseen| InboxRow {
        unseen,
        last: Some(LastLine {
            entry: EntryId::new([1; 10]),
            kind: "message".to_owned(),
            author,
            text: "words".to_owned(),
            at: NOON,
            delivery: None,
        }),
        ..blank()
    };
    vec![
        InboxRow { waiting: 2, stuck: 1, ..blank() },
        InboxRow { as_of: None, ..blank() },
        InboxRow { desk: true, unverified: vec![person(1)], other_log: vec![person(1)], ..blank() },
        InboxRow { other_log: vec![person(8)], ..blank() },
        InboxRow { role: None, ..blank() },
        InboxRow { role: Some(Role::Archive), ..blank() },
        InboxRow { newer_version_needed: true, ..blank() },
        erased(ErasedBecause::Operator, ""),
        erased(ErasedBecause::Retention, ""),
        erased(ErasedBecause::Operator, "the family asked"),
        kept(None),
        kept(Some(WaitsFor::Words)),
        kept(Some(WaitsFor::Invite)),
        kept(Some(WaitsFor::OwnDevice)),
        kept(Some(WaitsFor::Leaving)),
        unread(author(1, "Ms Rivera", Role::Teacher), 1),
        unread(author(2, "", Role::Archive), 1),
        unread(author(1, "Ms Rivera", Role::Teacher), 3),
    ]
}

pub(crate) fn members() -> Vec<MemberRow> {
    let key = |verified, seated| KeyRow { device: device(), since: NOON, verified, seated };
    let row = |verified, mine, vouched_by| MemberRow {
        author: author(1, "Ms Rivera", Role::Archive),
        mine,
        verified,
        vouched_by,
        since: NOON,
        devices: vec![key(true, true), key(false, true), key(false, false)],
        misdeeds: vec![Misdeed::StoppedThread, Misdeed::TwoWords, Misdeed::OutOfOrder],
        removable: true,
        dispensable: true,
    };
    let by = || Some(author(2, "Ana", Role::Guardian));
    vec![
        row(true, true, by()),
        row(true, false, None),
        row(false, false, by()),
        row(false, false, None),
    ]
}

/// This phone: with each answer about its school, with keys that are old and with keys that are on their way.
pub(crate) fn devices() -> Vec<DeviceRow> {
    let row = |enrolment: Option<Option<Enrolment>>, renewing| DeviceRow {
        renewed: NOON,
        renewing,
        device: device(),
        transport: TransportKey::new([6; 32]),
        generation: None,
        cursors: Vec::new(),
        school: enrolment.map(|enrolment| HomeSchool { school: SchoolId::new([8; 16]), enrolment }),
        role: Role::Teacher,
    };
    let answers =
        [None, Some(Enrolment::Enrolled), Some(Enrolment::NoSuchPass), Some(Enrolment::Full)];
    let at_school = answers.into_iter().map(|answer| row(Some(answer), None));
    at_school.chain([row(None, None), row(None, Some(0)), row(None, Some(3))]).collect()
}

/// A home that keeps everything, and one that keeps things for so long.
pub(crate) fn terms() -> [RetentionRow; 2] {
    let kept = Kept { until: NOON, waits_for: None };
    let thread = KeptThread { thread: ThreadId::new([1; 20]), title: "Mia".to_owned(), kept };
    [
        RetentionRow { days: None, threads: Vec::new() },
        RetentionRow { days: Some(30), threads: vec![thread] },
    ]
}
