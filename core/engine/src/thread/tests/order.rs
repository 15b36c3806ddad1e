//! Whatever is written, by whomever: all devices come to the same, in whichever order it arrives.

use automerge::{ObjType, ROOT, ScalarValue, transaction::Transactable};
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Act {
    Post {
        kind: u8,
        owner: bool,
        ahead: bool,
    },
    Move {
        entry: u8,
        state: u8,
    },
    Seen,
    Name(u8),
    Title(u8),
    Hear {
        from: u8,
    },
    /// Writes any value under any key of any entry.
    Overwrite {
        entry: u8,
        key: u8,
        value: u8,
    },
    TakeOut {
        entry: u8,
        key: Option<u8>,
    },
    /// Puts something else under an entry's id.
    Replace {
        entry: u8,
        with: u8,
    },
    /// Begins an entry of any shape under an id of another device.
    Invent {
        id: u8,
        key: u8,
        value: u8,
    },
    /// Writes over the thread's own maps.
    Root {
        key: u8,
        value: u8,
    },
    MarkForOthers {
        person: u8,
        entry: u8,
    },
}

fn acts() -> impl Strategy<Value = Vec<(u8, Act)>> {
    let small = || 0u8..8;
    let act = prop_oneof![
        4 => (small(), any::<bool>(), any::<bool>())
            .prop_map(|(kind, owner, ahead)| Act::Post { kind, owner, ahead }),
        4 => (small(), 0u8..4).prop_map(|(entry, state)| Act::Move { entry, state }),
        1 => Just(Act::Seen),
        1 => small().prop_map(Act::Name),
        1 => small().prop_map(Act::Title),
        6 => (0u8..4).prop_map(|from| Act::Hear { from }),
        3 => (small(), small(), small())
            .prop_map(|(entry, key, value)| Act::Overwrite { entry, key, value }),
        2 => (small(), proptest::option::of(small()))
            .prop_map(|(entry, key)| Act::TakeOut { entry, key }),
        2 => (small(), small()).prop_map(|(entry, with)| Act::Replace { entry, with }),
        2 => (small(), small(), small())
            .prop_map(|(id, key, value)| Act::Invent { id, key, value }),
        1 => (small(), small()).prop_map(|(key, value)| Act::Root { key, value }),
        1 => (small(), small())
            .prop_map(|(person, entry)| Act::MarkForOthers { person, entry }),
    ];
    proptest::collection::vec((0u8..4, act), 1..40)
}

fn key(n: u8) -> &'static str {
    ["k", "at", "re", "state", "f.text", "f.owner", "f.later", "zz"][usize::from(n % 8)]
}

fn value(n: u8) -> ScalarValue {
    match n % 8 {
        0 => "done".into(),
        1 => "words of another".into(),
        2 => ScalarValue::Int(-5),
        3 => ScalarValue::Int(9_000_000_000_000_000),
        4 => ScalarValue::Boolean(true),
        5 => ScalarValue::Bytes(vec![1, 2, 3]),
        6 => ScalarValue::counter(3),
        _ => "home".into(),
    }
}

fn nth(device: &Device, n: u8) -> Option<EntryId> {
    let all: Vec<_> = device.fold.entries().map(|(entry, _)| *entry).collect();
    (!all.is_empty()).then(|| all[usize::from(n) % all.len()])
}

fn play(devices: &mut [Device], at: usize, act: &Act, step: u64) {
    if let Act::Hear { from } = act {
        let changes = devices[usize::from(*from)].doc.changes();
        return devices[at].hear(changes);
    }
    let device = &mut devices[at];
    let now = NOW.plus_ms(step * DAY);
    let entry = |n: &u8| nth(device, *n);
    match act {
        Act::Post { kind, owner, ahead } => {
            let kind = ["message", "concern", "step", "step", "goal"][usize::from(kind % 5)];
            let owner = if *owner { "home" } else { "school" };
            let now = if *ahead { now.plus_ms(4000 * DAY) } else { now };
            device.post_at(now, kind, &[("text", "words"), ("what", "it"), ("owner", owner)]);
        }
        Act::Move { entry: n, state } => {
            use StepState::{Doing, Done, Dropped, Open};
            let state = [Open, Doing, Dropped, Done][usize::from(*state)];
            if let Some(entry) = entry(n).filter(|e| device.fold.entry(e).unwrap().map().is_some())
            {
                device.edit(now, &[Edit::Move { entry, state }]);
            }
        }
        Act::Seen => {
            let me = person(device.n);
            let entries = unseen(&device.fold, &Known::all(), me);
            if !entries.is_empty() {
                device.edit(now, &[Edit::Seen { person: me, entries, at: now }]);
            }
        }
        Act::Name(n) => {
            device.edit(now, &[Edit::Name { person: person(device.n), name: format!("n{n}") }]);
        }
        Act::Title(n) => {
            device.edit(now, &[Edit::Title(format!("t{n}"))]);
        }
        Act::Overwrite { entry: n, key: k, value: v } => {
            if let Some(entry) = entry(n).filter(|e| device.fold.entry(e).unwrap().map().is_some())
            {
                let map = map_of(device, entry);
                device.raw(|doc| doc.put(map, key(*k), value(*v)).unwrap());
            }
        }
        Act::TakeOut { entry: n, key: k } => {
            let Some(entry) = entry(n) else { return };
            let map = device.fold.entry(&entry).unwrap().map().map(|_| map_of(device, entry));
            device.raw(|doc| match (k, map) {
                (Some(k), Some(map)) => doc.delete(map, key(*k)).unwrap(),
                _ => doc.delete(entries_map(), entry.to_string()).unwrap(),
            });
        }
        Act::Replace { entry: n, with } => {
            let Some(entry) = entry(n) else { return };
            device.raw(|doc| {
                let at = entry.to_string();
                match with % 4 {
                    0 => doc.put(entries_map(), at, value(*with)).unwrap(),
                    1 => {
                        let map = doc.put_object(entries_map(), at, ObjType::Map).unwrap();
                        doc.put(&map, "k", "message").unwrap();
                        doc.put(&map, "f.text", "mine now").unwrap();
                    }
                    2 => drop(doc.put_object(entries_map(), at, ObjType::List).unwrap()),
                    _ => drop(doc.put_object(entries_map(), at, ObjType::Text).unwrap()),
                }
            });
        }
        Act::Invent { id, key: k, value: v } => {
            // Under another device's next id, and under ids that are bound to nobody.
            let entry = match id % 2 {
                0 => entry_id(&prefix(TEACHER), [TEACHER, id / 2 + 1, 0, 0, 0, 0]),
                _ => EntryId::new([*id; 10]),
            };
            device.raw(|doc| {
                let map = doc.put_object(entries_map(), entry.to_string(), ObjType::Map).unwrap();
                doc.put(&map, key(*k), value(*v)).unwrap();
                let inner = doc.put_object(&map, "f.deep", ObjType::Map).unwrap();
                doc.put(&inner, "f.text", "deep").unwrap();
            });
        }
        Act::Root { key: k, value: v } => {
            let key = ["title", "people", "entries", "seen", "new"][usize::from(k % 5)];
            device.raw(|doc| doc.put(ROOT, key, value(*v)).unwrap());
        }
        Act::MarkForOthers { person: p, entry: n } => {
            let entry = entry(n).unwrap_or(EntryId::new([9; 10]));
            let edit = Edit::Seen { person: person(*p % 4 + 1), entries: vec![entry], at: now };
            device.edit(now, &[edit]);
        }
        Act::Hear { .. } => {}
    }
}

fn shuffled(changes: &[Change], seed: u64) -> Vec<Change> {
    let mut order: Vec<_> = changes.to_vec();
    let mut state = seed | 1;
    for i in (1..order.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        order.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn all_orders_of_the_same_changes_come_to_the_same_fold_and_rows(
        acts in acts(),
        seeds in proptest::array::uniform3(any::<u64>()),
    ) {
        let mut devices = [TEACHER, MOTHER, FATHER, SPECIALIST].map(Device::new);
        for (step, (at, act)) in acts.iter().enumerate() {
            play(&mut devices, usize::from(*at), act, step as u64);
        }
        let mut all: Vec<Change> = Vec::new();
        for device in &mut devices {
            all.extend(device.doc.changes());
        }
        for device in &mut devices {
            device.hear(all.clone());
        }
        let [first, others @ ..] = &mut devices;
        for other in others {
            prop_assert_eq!(first.doc.heads(), other.doc.heads());
            prop_assert_eq!(&first.fold, &other.fold, "as it went along");
        }
        for seed in seeds {
            // One by one and in small lots, what can't be taken yet offered again.
            let mut device = Device::new(FATHER);
            let mut waiting = shuffled(&all, seed);
            let lot = usize::try_from(seed % 5).unwrap() + 1;
            while !waiting.is_empty() {
                for lot in waiting.chunks(lot) {
                    device.hear(lot.to_vec());
                }
                waiting.retain(|change| !device.doc.holds(&change.hash()));
            }
            prop_assert_eq!(&first.fold, &device.fold, "in order {}", seed);
            prop_assert_eq!(device.rows(), rows(&first.fold, &Known::all(), person(FATHER), &|_| None));
        }
        // What is stored comes back, and a document of the changes alone says the same.
        let stored: Vec<u8> = postcard::to_allocvec(first.fold.facts()).unwrap();
        let entries: Vec<(EntryId, Vec<u8>)> = first
            .fold
            .entries()
            .map(|(id, record)| (*id, postcard::to_allocvec(record).unwrap()))
            .collect();
        let back = Fold::from_parts(
            postcard::from_bytes(&stored).unwrap(),
            entries.iter().map(|(id, bytes)| (*id, postcard::from_bytes(bytes).unwrap())),
        );
        prop_assert_eq!(&first.fold, &back);
        let mut loaded = ThreadDoc::load(&[first.doc.save()]).unwrap();
        prop_assert_eq!(loaded.heads(), first.doc.heads());
        let mut again = Fold::default();
        for change in loaded.changes() {
            again.take(&change, loaded.newest_before(&change));
        }
        prop_assert_eq!(&first.fold, &again);
    }
}
