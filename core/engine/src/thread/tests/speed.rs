//! What a thread of a year costs. Prints, and asserts nothing about time.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a clock beside the code that has none"
)]

use std::{hint::black_box, time::Instant};

use super::*;

#[test]
fn a_thread_of_a_thousand_entries_opens() {
    let mut devices = [Device::new(TEACHER), Device::new(MOTHER)];
    let text = "Some two hundred characters of plain words about a day at school. ".repeat(3);
    for i in 0..1000u64 {
        let device = &mut devices[usize::from(i % 2 == 0)];
        device.entries = 0;
        let entry = entry_id(&prefix(device.n), (i << 16).to_be_bytes()[..6].try_into().unwrap());
        let now = NOW.plus_ms(i * 60_000);
        let post = Edit::Post {
            entry,
            kind: "message".into(),
            at: clock(now, device.fold.newest()),
            answers: None,
            fields: fields_of(&[("text", &text)]),
        };
        let change = device.edit(now, &[post]);
        devices[usize::from(i % 2 != 0)].hear(vec![change]);
    }
    let [device, _] = &mut devices;
    let facts = postcard::to_allocvec(device.fold.facts()).unwrap();
    let stored: Vec<(EntryId, Vec<u8>)> = device
        .fold
        .entries()
        .map(|(id, record)| (*id, postcard::to_allocvec(record).unwrap()))
        .collect();
    let (save, changes) = (device.doc.save(), device.doc.changes());
    let time = |what: &str, run: &mut dyn FnMut()| {
        let mut took: Vec<_> = (0..9)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed()
            })
            .collect();
        took.sort();
        println!("{what}: {:?}", took[4]);
    };
    let who = Known::all();
    time("records to rows", &mut || {
        let fold = Fold::from_parts(
            postcard::from_bytes(&facts).unwrap(),
            stored.iter().map(|(id, bytes)| (*id, postcard::from_bytes(bytes).unwrap())),
        );
        assert_eq!(black_box(rows(&fold, &who, person(MOTHER), &|_| None)).len(), 1000);
    });
    time("load the document", &mut || {
        drop(black_box(ThreadDoc::load(std::slice::from_ref(&save)).unwrap()))
    });
    time("save the document", &mut || drop(black_box(device.doc.clone().save())));
    time("take all changes at once", &mut || {
        assert_eq!(ThreadDoc::begin().take(changes.clone()).unwrap().len(), 1000);
    });
    let last = changes.last().unwrap();
    let short = device.doc.without(&[last.hash()].into()).unwrap();
    time("take one change more (with the copy that the measurement makes)", &mut || {
        assert_eq!(short.clone().take(vec![last.clone()]).unwrap().len(), 1);
    });
    time("that copy alone", &mut || drop(black_box(short.clone())));
    time("write one change", &mut || {
        let mut doc = short.clone();
        black_box(doc.edit(actor(TEACHER), NOW, &[Edit::Title("t".into())]).unwrap());
    });
    let bytes: usize = stored.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("records {bytes} bytes, saved document {} bytes", save.len());
}
