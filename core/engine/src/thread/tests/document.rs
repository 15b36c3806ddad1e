//! Changes in and out: what is refused, what is kept, what a damaged file does.

use std::collections::BTreeSet;

use automerge::{
    ExpandedChange, ObjType, ROOT,
    legacy::{Key, ObjectId, Op, OpId, OpType},
    transaction::{CommitOptions, Transactable},
};
use proptest::prelude::*;

use super::*;

const FIRST_HASH: &str = "c55350f3f209a7c56fd5d07b8cae1a1e93bb59c2332253998392f6379c130bf2";

#[test]
fn every_document_begins_with_the_same_frozen_change() {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(&[0; 20][..]));
    for map in ["people", "entries", "seen"] {
        doc.put_object(ROOT, map, ObjType::Map).unwrap();
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    let made = doc.get_last_local_change().unwrap();
    assert_eq!(made.raw_bytes(), schema::FIRST_CHANGE);
    assert_eq!(schema::first_change().hash().to_string(), FIRST_HASH);
    assert_eq!(ThreadDoc::begin().heads(), [made.hash()]);
    assert!(ThreadDoc::begin().changes().is_empty());
}

fn some_thread() -> Device {
    let mut teacher = Device::new(TEACHER);
    teacher.edit(NOW, &[Edit::Title("Lea".into())]);
    teacher.post("message", &[("text", "Good morning")]);
    let mut mother = Device::new(MOTHER);
    mother.hear_from(&mut teacher);
    mother.post("concern", &[("what", "She sleeps badly")]);
    teacher.post("message", &[("text", "Meanwhile")]);
    teacher.hear_from(&mut mother);
    teacher
}

#[test]
fn saving_and_loading_keeps_heads_changes_and_rows() {
    let mut device = some_thread();
    let save = device.doc.save();
    let more = [
        device.edit(NOW, &[Edit::Title("Lea M.".into())]),
        device.edit(NOW, &[Edit::Name { person: person(TEACHER), name: "Ms Abel".into() }]),
    ];
    let mut parts = vec![save];
    parts.extend(more.iter().map(|change| change.raw_bytes().to_vec()));
    let mut loaded = ThreadDoc::load(&parts).unwrap();
    assert_eq!(loaded.heads(), device.doc.heads());
    let hashes =
        |doc: &mut ThreadDoc| doc.changes().iter().map(Change::hash).collect::<BTreeSet<_>>();
    assert_eq!(hashes(&mut loaded), hashes(&mut device.doc));
    let mut again = Fold::default();
    for change in loaded.changes() {
        again.take(&change, loaded.newest_before(&change));
    }
    assert_eq!(again, device.fold);
    assert_eq!(again.facts().title(&Known::all()), "Lea M.");
}

#[test]
fn a_change_out_of_a_gap_is_damage_when_loaded_and_waits_when_taken() {
    let mut device = some_thread();
    let save = device.doc.save();
    let skipped = device.edit(NOW, &[Edit::Title("1".into())]);
    let change = device.edit(NOW, &[Edit::Title("2".into())]);
    let parts = [save.clone(), change.raw_bytes().to_vec()];
    assert!(matches!(ThreadDoc::load(&parts), Err(DocError::Damaged(_))));

    let mut doc = ThreadDoc::load(&[save]).unwrap();
    assert_eq!(doc.take(vec![change.clone()]), Ok(vec![]));
    let taken = doc.take(vec![change.clone(), skipped.clone()]).unwrap();
    assert_eq!(taken, [skipped, change.clone()], "in causal order");
    assert_eq!(doc.take(vec![change]), Ok(vec![]), "once more changes nothing");
}

#[test]
fn a_document_that_does_not_begin_as_ours_is_damaged() {
    assert!(ThreadDoc::load(&[]).is_err());
    let mut other = AutoCommit::new().with_actor(actor(1));
    other.put(ROOT, "title", "x").unwrap();
    assert!(matches!(ThreadDoc::load(&[other.save()]), Err(DocError::Damaged(_))));
}

#[test]
fn two_changes_of_one_device_with_one_number_are_refused_and_nothing_is_taken() {
    let mut honest = Device::new(MOTHER);
    let mut copy = honest.clone();
    honest.post("message", &[("text", "one")]);
    copy.entries = 9;
    copy.post("message", &[("text", "other")]);
    let mut third = Device::new(TEACHER);
    let own = third.post("message", &[("text", "mine")]);
    third.hear_from(&mut honest);
    let before = third.doc.heads();
    let mut lot = copy.doc.changes();
    lot.extend(Device::new(FATHER).raw(|doc| doc.put(ROOT, "x", 1).unwrap()));
    assert_eq!(third.doc.take(lot.clone()), Err(DocError::Equivocation { seq: 1 }));
    lot.reverse();
    assert_eq!(third.doc.take(lot.clone()), Err(DocError::Equivocation { seq: 1 }));
    assert_eq!(third.doc.heads(), before);
    assert!(!lot.iter().any(|change| third.doc.holds(&change.hash())));
    // The document goes on as if nothing had happened.
    third.post("message", &[("text", "and more")]);
    assert_eq!(third.row(own).fields["text"], "mine");
    let mut fresh = Device::new(SPECIALIST);
    fresh.hear_from(&mut third);
    assert_eq!(fresh.fold, third.fold);
}

type Forge = Box<dyn FnOnce(&mut ExpandedChange)>;

fn forged(change: &Change, forge: impl FnOnce(&mut ExpandedChange)) -> Change {
    let mut expanded = change.decode();
    forge(&mut expanded);
    Change::from(expanded)
}

#[test]
fn a_change_that_does_not_descend_from_its_authors_previous_is_refused() {
    let mut mother = Device::new(MOTHER);
    mother.post("message", &[("text", "one")]);
    mother.post("message", &[("text", "two")]);
    let [one, two] = mother.doc.changes().try_into().unwrap();
    let first = schema::first_change();
    let astray = forged(&two, |change| {
        change.deps = vec![first.hash()];
        change.start_op = one.start_op();
    });
    let ahead = forged(&two, |change| change.seq = 3);
    let mut other = Device::new(TEACHER);
    assert_eq!(other.doc.take(vec![one, astray.clone()]), Err(DocError::NotDescending));
    assert_eq!(other.doc.take(vec![astray]), Err(DocError::NotDescending));
    other.hear(mother.doc.changes()[..1].to_vec());
    assert_eq!(other.doc.take(vec![ahead]), Err(DocError::NotDescending));
    assert_eq!(other.doc.heads(), [mother.doc.changes()[0].hash()]);
}

#[test]
fn changes_that_would_make_automerge_stumble_are_refused() {
    let mut father = Device::new(FATHER);
    father.post("message", &[("text", "one")]);
    let change = father.doc.changes().remove(0);
    let nowhere = OpId::new(3, &actor(SPECIALIST));
    let forgeries: [(&str, Forge); 7] = [
        (
            "a map that nobody made",
            Box::new({
                let nowhere = nowhere.clone();
                move |c| c.operations[1].obj = ObjectId::Id(nowhere)
            }),
        ),
        (
            "a predecessor that nobody wrote",
            Box::new({
                let nowhere = nowhere.clone();
                move |c| c.operations[1].pred = vec![nowhere].into()
            }),
        ),
        (
            "a predecessor at another key",
            Box::new(|c| {
                c.operations[1].pred = vec![OpId::new(1, &ActorId::from(&[0; 20][..]))].into();
            }),
        ),
        (
            "a value as a map",
            Box::new(|c| {
                let put = OpId::new(c.start_op.get() + 1, &c.actor_id);
                c.operations[2].obj = ObjectId::Id(put);
            }),
        ),
        (
            "an element of a list in a map",
            Box::new(move |c| {
                c.operations[1].key = Key::Seq(automerge::legacy::ElementId::Id(nowhere));
            }),
        ),
        (
            "numbers from far ahead",
            Box::new(|c| {
                c.start_op = u64::from(u32::MAX).try_into().unwrap();
            }),
        ),
        (
            "a huge key",
            Box::new(|c| {
                c.operations.push(Op {
                    action: OpType::Put("x".into()),
                    obj: ObjectId::Root,
                    key: Key::Map("k".repeat(5000).into()),
                    pred: vec![].into(),
                    insert: false,
                });
            }),
        ),
    ];
    for (name, forge) in forgeries {
        let change = forged(&change, forge);
        let mut device = some_thread();
        let before = device.doc.heads();
        let taken = device.doc.take(vec![change]);
        assert!(
            matches!(taken, Err(DocError::Unsound(_) | DocError::Refused(_))),
            "{name}: {taken:?}"
        );
        assert_eq!(device.doc.heads(), before, "{name}");
        device.post("message", &[("text", "goes on")]);
        assert!(ThreadDoc::load(&[device.doc.save()]).is_ok(), "{name}");
    }
}

#[test]
fn a_change_is_read_from_its_bytes_and_too_many_operations_are_not() {
    let mut mother = Device::new(MOTHER);
    let change = mother.raw(|doc| doc.put(ROOT, "x", 1).unwrap()).unwrap();
    assert_eq!(read_change(change.raw_bytes()), Ok(change.clone()));
    let many = forged(&change, |change| {
        let op = change.operations[0].clone();
        change.operations = vec![op; 16_385];
    });
    assert!(many.raw_bytes().len() < 50_000, "well within the size of an item");
    assert!(matches!(read_change(many.raw_bytes()), Err(DocError::Unsound(_))));
}

#[test]
fn what_is_taken_out_is_gone_and_what_others_need_stays() {
    let mut device = some_thread();
    let before = device.doc.heads();
    let last = device.edit(NOW, &[Edit::Title("oops".into())]);
    let later = device.edit(NOW, &[Edit::Title("on top".into())]);
    assert!(matches!(device.doc.without(&[last.hash()].into()), Err(DocError::Needed)));
    let mut rest = device.doc.without(&[last.hash(), later.hash()].into()).unwrap();
    assert_eq!(rest.heads(), before);
    assert!(!rest.holds(&last.hash()));
}

#[test]
fn edits_that_come_to_nothing_leave_no_change() {
    let mut device = Device::new(TEACHER);
    let heads = device.doc.heads();
    assert_eq!(device.doc.edit(actor(1), NOW, &[]), Err(DocError::Operations));
    let missing = Edit::Move { entry: EntryId::new([1; 10]), state: StepState::Done };
    let edits = [Edit::Title("t".into()), missing];
    assert!(matches!(device.doc.edit(actor(1), NOW, &edits), Err(DocError::UnknownEntry(_))));
    assert_eq!(device.doc.heads(), heads);
    let short = ActorId::from(&[1; 16][..]);
    assert!(device.doc.edit(short, NOW, &[Edit::Title("t".into())]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_bytes_are_an_error_and_never_a_panic(
        cut in any::<prop::sample::Index>(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 1u8..), 0..4),
        raw in any::<bool>(),
    ) {
        let mut device = some_thread();
        let mut bytes = match raw {
            true => device.doc.changes()[1].raw_bytes().to_vec(),
            false => device.doc.save(),
        };
        let whole = bytes.clone();
        match flips.is_empty() {
            true => bytes.truncate(cut.index(bytes.len())),
            false => for (at, with) in flips {
                let at = at.index(bytes.len());
                bytes[at] ^= with;
            },
        }
        prop_assume!(bytes != whole);
        prop_assert!(read_change(&bytes).is_err());
        let loaded = match raw {
            true => ThreadDoc::load(&[some_thread().doc.save(), bytes.clone()]),
            false => ThreadDoc::load(&[bytes.clone()]),
        };
        // Cut to nothing, a part is simply not there.
        prop_assert!(loaded.is_err() || (raw && bytes.is_empty()));
    }

    #[test]
    fn any_bytes_behind_a_right_header_are_read_or_refused(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        from_nothing in any::<bool>(),
    ) {
        let mut device = some_thread();
        let next = {
            let mut ahead = device.clone();
            let post = ahead.post("step", &[("text", "next"), ("owner", "school")]);
            ahead.edit(NOW, &[Edit::Move { entry: post, state: StepState::Doing }]);
            ahead.doc.changes()
        };
        let body = match from_nothing {
            true => body,
            false => {
                // A real change's body with some bytes other than they were.
                let next = &next[next.len() - 2];
                prop_assert!(next.raw_bytes()[9] >= 0x80, "a length of two bytes");
                let mut body = next.raw_bytes()[11..].to_vec();
                for (at, with) in flips {
                    let at = at.index(body.len());
                    body[at] = with;
                }
                body
            }
        };
        let mut chunk = vec![1];
        let mut len = body.len();
        while len >= 0x80 {
            chunk.push(u8::try_from(len & 0x7f).unwrap() | 0x80);
            len >>= 7;
        }
        chunk.push(u8::try_from(len).unwrap());
        chunk.extend(&body);
        let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0];
        bytes.extend(&chunk);
        // automerge does not look at the checksum when it reads one change: it tells us the right
        // one, so that these bytes get past ours too.
        let right = std::panic::catch_unwind(|| Change::try_from(&bytes[..]).ok());
        if let Ok(Some(change)) = right {
            bytes[4..8].copy_from_slice(&change.hash().0[..4]);
        }
        if let Ok(change) = read_change(&bytes) {
            let heads = device.doc.heads();
            if device.doc.take(vec![change]).is_err() {
                prop_assert_eq!(device.doc.heads(), heads);
            }
            prop_assert!(ThreadDoc::load(&[device.doc.save()]).is_ok());
        }
    }
}
