//! Whose words count, and what rows say of the others.

use automerge::{ObjType, ReadDoc, transaction::Transactable};

use super::*;
use crate::Trouble;

/// A thread of the teacher's with a step for the home, known to all.
fn school_trip() -> ([Device; 4], EntryId) {
    let mut devices = [TEACHER, MOTHER, FATHER, SPECIALIST].map(Device::new);
    devices[0].edit(NOW, &[Edit::Title("Trip".into())]);
    let step = devices[0].post("step", &[("text", "Sign the form"), ("owner", "home")]);
    let changes = devices[0].doc.changes();
    for device in &mut devices[1..] {
        device.hear(changes.clone());
    }
    (devices, step)
}

#[test]
fn an_entry_shows_its_authors_words_whoever_writes_over_them() {
    let ([mut teacher, mut mother, ..], _) = school_trip();
    let entry = mother.post("message", &[("text", "He was ill")]);
    teacher.hear_from(&mut mother);
    let map = map_of(&teacher, entry);
    teacher.raw(|doc| doc.put(&map, "f.text", "He was lazy").unwrap());
    teacher.raw(|doc| doc.delete(&map, "at").unwrap());
    teacher.raw(|doc| doc.delete(entries_map(), entry.to_string()).unwrap());
    mother.hear_from(&mut teacher);
    let row = mother.row(entry);
    assert_eq!(row.fields["text"], "He was ill");
    assert_eq!(row.author.person, person(MOTHER));
    let by_teacher =
        |field: &str| Remark::EditByOther { field: field.into(), person: person(TEACHER) };
    assert_eq!(row.remarks, [by_teacher("entry"), by_teacher("at"), by_teacher("text")]);
}

#[test]
fn an_author_may_edit_from_any_own_device_and_the_row_says_edited() {
    let ([mut teacher, mut mother, ..], _) = school_trip();
    let entry = mother.post("message", &[("text", "Tuesday")]);
    assert_eq!(mother.row(entry).remarks, []);
    let mut tablet = Device::new(TABLET);
    tablet.hear_from(&mut mother);
    let map = map_of(&tablet, entry);
    tablet.raw(|doc| doc.put(&map, "f.text", "Wednesday").unwrap());
    teacher.hear_from(&mut tablet);
    let row = teacher.row(entry);
    assert_eq!(row.fields["text"], "Wednesday");
    assert_eq!(row.remarks, [Remark::Edited]);
}

#[test]
fn nobody_takes_an_entrys_place_by_using_its_id() {
    let ([mut teacher, mut mother, ..], _) = school_trip();
    // Without having seen it, and so with lower numbers in automerge's order.
    let entry = entry_id(&prefix(MOTHER), [MOTHER, 1, 0, 0, 0, 0]);
    teacher.raw(|doc| {
        let map = doc.put_object(entries_map(), entry.to_string(), ObjType::Map).unwrap();
        doc.put(&map, "k", "message").unwrap();
        doc.put(&map, "f.text", "never mind").unwrap();
    });
    mother.post("message", &[("text", "before")]);
    teacher.hear_from(&mut mother);
    let row = teacher.row(entry);
    assert_eq!((row.author.person, row.fields["text"].as_str()), (person(MOTHER), "before"));
    let by_teacher = Remark::EditByOther { field: "entry".into(), person: person(TEACHER) };
    assert_eq!(row.remarks, [by_teacher]);
}

#[test]
fn a_step_is_moved_by_the_side_that_owns_it_and_only_forward() {
    let ([mut teacher, mut mother, mut father, mut specialist], step) = school_trip();
    let to = |state| [Edit::Move { entry: step, state }];
    assert_eq!(teacher.row(step).fields["state"], "open");
    specialist.edit(NOW, &to(StepState::Done));
    mother.edit(NOW, &to(StepState::Doing));
    father.edit(NOW, &to(StepState::Dropped));
    teacher.hear_from(&mut mother);
    assert_eq!(teacher.row(step).fields["state"], "doing");
    for other in [&mut father, &mut specialist] {
        teacher.hear_from(other);
    }
    assert_eq!(teacher.row(step).fields["state"], "dropped");
    assert_eq!(teacher.row(step).remarks, [Remark::MoveByOther(person(SPECIALIST))]);
    // Back again by one who may: not a step's way.
    mother.hear_from(&mut teacher);
    mother.edit(NOW, &to(StepState::Open));
    assert_eq!(mother.row(step).fields["state"], "dropped");
    // The same state that a stranger wrote, now by an owner.
    mother.edit(NOW, &to(StepState::Done));
    assert_eq!(mother.row(step).fields["state"], "done");
}

#[test]
fn an_owner_moves_a_step_that_somebody_tried_to_take_out() {
    let ([mut teacher, mut mother, ..], step) = school_trip();
    teacher.raw(|doc| doc.put(entries_map(), step.to_string(), "gone").unwrap());
    mother.hear_from(&mut teacher);
    mother.edit(NOW, &[Edit::Move { entry: step, state: StepState::Done }]);
    assert_eq!(mother.row(step).fields["state"], "done");
}

#[test]
fn who_may_move_a_step_is_checked_before_too() {
    let ([teacher, mut mother, ..], step) = school_trip();
    let who = Known::all();
    let check = |device: &Device, entry, state| {
        check_move(device.fold.entry(&entry).unwrap(), &who, state, &card(device.n))
    };
    assert!(matches!(check(&teacher, step, StepState::Done), Err(Trouble::NotAllowed(_))));
    assert_eq!(check(&mother, step, StepState::Doing), Ok(()));
    assert!(matches!(check(&mother, step, StepState::Open), Err(Trouble::NotAllowed(_))));
    let message = mother.post("message", &[("text", "hello")]);
    assert!(matches!(check(&mother, message, StepState::Done), Err(Trouble::NotAllowed(_))));
}

#[test]
fn an_entry_without_what_its_kind_needs_is_named_as_incomplete() {
    let mut teacher = Device::new(TEACHER);
    let mut mother = Device::new(MOTHER);
    let missing = |device: &Device, entry| {
        let remarks = device.row(entry).remarks.into_iter();
        remarks
            .map(|remark| match remark {
                Remark::Incomplete(name) => name,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    let entry = teacher.post("message", &[("text", "  ")]);
    assert_eq!(missing(&teacher, entry), ["text"]);
    let entry = teacher.post("concern", &[("what", "Late every day")]);
    assert_eq!(missing(&teacher, entry), ["way_forward"]);
    let entry = mother.post("concern", &[("what", "He cries at night")]);
    assert_eq!(missing(&mother, entry), [""; 0]);
    let entry = teacher.post("step", &[]);
    assert_eq!(missing(&teacher, entry), ["text", "owner"]);
}

#[test]
fn nothing_that_the_schools_records_write_is_shown_but_their_name() {
    let mut mother = Device::new(MOTHER);
    let said = mother.post("message", &[("text", "Hello")]);
    let step = mother.post("step", &[("text", "Read"), ("owner", "home")]);
    let mut archive = Device::new(ARCHIVE);
    archive.hear_from(&mut mother);
    let own = archive.post("message", &[("text", "I keep records")]);
    let (records, tablet) = (person(ARCHIVE), DeviceKey::new([TABLET; 32]));
    archive.edit(
        NOW,
        &[
            Edit::Name { person: records, name: "Lincoln School records".into() },
            Edit::Title("Theirs".into()),
            Edit::Seen { person: records, entries: vec![said, step], at: NOW },
            Edit::Verified { person: person(MOTHER), devices: vec![tablet], at: NOW },
            Edit::Move { entry: step, state: StepState::Done },
        ],
    );
    let map = archive.fold.entry(&said).unwrap().map().unwrap().0.to_owned();
    archive.raw(|doc| doc.put(schema::object(&map), "f.text", "Not hers").unwrap());
    let before = mother.rows();
    mother.hear_from(&mut archive);
    assert_eq!(mother.rows(), before, "no entry, no move, no edit, and no remark about one");
    assert!(mother.rows().iter().all(|row| row.entry != own));
    let (facts, who) = (mother.fold.facts(), Known::all());
    assert_eq!(facts.title(&who), "");
    assert_eq!(facts.name(&records, &who), "Lincoln School records");
    assert_eq!(facts.verified_by(&person(MOTHER), &tablet, &who), []);
    let marks = mother.fold.entry(&said).unwrap().seen_by(&who);
    assert_eq!(marks, [], "nobody is told that the records have seen it");
    assert_eq!(unseen(&mother.fold, &who, person(FATHER)), [said, step]);
}

#[test]
fn an_entry_of_nothing_is_a_row_that_says_so() {
    let mut teacher = Device::new(TEACHER);
    let entry = teacher.next_id();
    teacher
        .raw(|doc| drop(doc.put_object(entries_map(), entry.to_string(), ObjType::Map).unwrap()));
    let row = teacher.row(entry);
    assert_eq!(row.kind, "");
    assert_eq!(row.remarks, [Remark::NewerVersionNeeded, Remark::Incomplete("at".into())]);
}

#[test]
fn unknown_kinds_and_fields_are_shown_as_far_as_they_can_be() {
    let mut teacher = Device::new(TEACHER);
    let goal = teacher.post("goal", &[("aim", "read aloud")]);
    let message = teacher.post("message", &[("text", "hi"), ("mood", "sunny")]);
    let step = teacher.post("step", &[("text", "t"), ("owner", "school"), ("due", "soon")]);
    let mut doc = ThreadDoc::load(&[teacher.doc.save()]).unwrap();
    let mut mother = Device::new(MOTHER);
    mother.hear(doc.changes());
    assert_eq!(mother.row(goal).kind, "goal");
    assert_eq!(mother.row(goal).fields["aim"], "read aloud");
    assert_eq!(headline("goal", &mother.row(goal).fields), "read aloud");
    assert_eq!(mother.row(message).fields["mood"], "sunny");
    assert!(!mother.row(step).fields.contains_key("due"));
    for entry in [goal, message, step] {
        assert_eq!(mother.row(entry).remarks, [Remark::NewerVersionNeeded]);
    }
}

#[test]
fn titles_and_names_count_only_by_those_they_belong_to() {
    let ([mut teacher, mut mother, ..], _) = school_trip();
    let who = Known::all();
    mother.edit(NOW, &[Edit::Title("Hers".into())]);
    mother.edit(NOW, &[Edit::Name { person: person(TEACHER), name: "Nobody".into() }]);
    mother.edit(NOW, &[Edit::Name { person: person(MOTHER), name: "Ana".into() }]);
    teacher.hear_from(&mut mother);
    assert_eq!(teacher.fold.facts().title(&who), "Trip");
    assert_eq!(teacher.fold.facts().name(&person(TEACHER), &who), "");
    assert_eq!(teacher.fold.facts().name(&person(MOTHER), &who), "Ana");
    teacher.edit(NOW, &[Edit::Name { person: person(TEACHER), name: "Nobody".into() }]);
    assert_eq!(teacher.fold.facts().name(&person(TEACHER), &who), "Nobody");
}

#[test]
fn a_mark_counts_by_the_persons_own_devices() {
    let ([mut teacher, mut mother, mut father, _], step) = school_trip();
    let who = Known::all();
    let at = NOW.plus_ms(5);
    let mark = |n| [Edit::Seen { person: person(n), entries: vec![step], at }];
    assert_eq!(unseen(&mother.fold, &who, person(MOTHER)), [step]);
    father.edit(NOW, &mark(MOTHER));
    mother.hear_from(&mut father);
    assert_eq!(unseen(&mother.fold, &who, person(MOTHER)), [step], "the father can't see for her");
    mother.edit(NOW, &mark(MOTHER));
    assert_eq!(unseen(&mother.fold, &who, person(MOTHER)), []);
    teacher.edit(NOW, &mark(TEACHER));
    teacher.hear_from(&mut mother);
    assert_eq!(teacher.fold.entry(&step).unwrap().seen_by(&who), [(person(MOTHER), at)]);
    assert_eq!(unseen(&teacher.fold, &who, person(TEACHER)), []);
}

#[test]
fn a_clock_ten_years_ahead_does_not_push_the_threads_end() {
    let ([mut teacher, mut mother, ..], _) = school_trip();
    let ahead = mother.post_at(NOW.plus_ms(3650 * DAY), "message", &[("text", "from 2035")]);
    teacher.hear_from(&mut mother);
    let answer = teacher.post_at(NOW.plus_ms(2 * DAY), "message", &[("text", "today")]);
    let order: Vec<_> = teacher.rows().iter().map(|row| row.entry).collect();
    assert_eq!(order[1..], [ahead, answer]);
    assert_eq!(teacher.row(ahead).remarks, [Remark::ClockAhead]);
    assert!(teacher.row(ahead).at < NOW.plus_ms(DAY));
    assert_eq!(teacher.row(answer).at, NOW.plus_ms(2 * DAY));
    assert_eq!(teacher.fold.newest(), NOW.plus_ms(2 * DAY));
    mother.hear_from(&mut teacher);
    assert_eq!(mother.row(ahead), ThreadRow { mine: true, ..teacher.row(ahead) });
}

#[test]
fn rows_wait_for_the_authors_card_and_are_then_the_same() {
    let ([mut teacher, mut mother, ..], step) = school_trip();
    mother.post("message", &[("text", "early")]);
    teacher.hear_from(&mut mother);
    let early = rows(&teacher.fold, &Known::some(&[TEACHER]), person(TEACHER), &|_| None);
    assert_eq!(early.iter().map(|row| row.entry).collect::<Vec<_>>(), [step]);
    assert_eq!(teacher.rows().len(), 2);
}

#[test]
fn a_row_that_came_late_says_when() {
    let ([teacher, ..], step) = school_trip();
    let late = rows(&teacher.fold, &Known::all(), person(TEACHER), &|entry| {
        (*entry == step).then_some(NOW)
    });
    assert_eq!(late[0].remarks, [Remark::ArrivedLate(NOW)]);
    assert!(late[0].mine);
}

#[test]
fn an_intent_is_told_what_is_missing_or_wrong() {
    let compose =
        |kind: &str, fields: &[(&str, &str)], role| compose(kind, &fields_of(fields), role);
    let (teacher, guardian) = (Role::Teacher, Role::Guardian);
    assert_eq!(compose("message", &[("text", "hi")], teacher), Ok(fields_of(&[("text", "hi")])));
    assert_eq!(compose("poem", &[], teacher), Err(Trouble::UnknownKind("poem".into())));
    let missing = |result| match result {
        Err(Trouble::MissingField { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(compose("message", &[], teacher)), "text");
    assert_eq!(missing(compose("concern", &[("text", "w")], teacher)), "way_forward");
    assert_eq!(
        compose("concern", &[("text", "w"), ("effect", " ")], guardian),
        Ok(fields_of(&[("what", "w")]))
    );
    assert_eq!(missing(compose("step", &[("text", "t")], teacher)), "owner");
    let bad = |result| match result {
        Err(Trouble::BadField { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(bad(compose("message", &[("text", "a"), ("what", "b")], teacher)), "what");
    assert_eq!(bad(compose("concern", &[("text", "a"), ("what", "b")], guardian)), "text");
    let step =
        |owner, due| compose("step", &[("text", "t"), ("owner", owner), ("due", due)], guardian);
    assert_eq!(bad(step("me", "2026-01-01")), "owner");
    assert_eq!(bad(step("home", "tomorrow")), "due");
    assert!(step("home", "2026-01-01").is_ok());
    assert_eq!(compose("message", &[("text", "a")], Role::Archive), Err(Trouble::ReadsOnly));
    let long = "a".repeat(64 << 10);
    assert!(compose("message", &[("text", &long)], teacher).is_ok());
    assert!(matches!(
        compose("message", &[("text", &(long.clone() + "a"))], teacher),
        Err(Trouble::TooLong { .. })
    ));
    let all = [("what", long.as_str()), ("context", &long), ("effect", "one more")];
    assert!(matches!(compose("concern", &all, guardian), Err(Trouble::TooLong { .. })));
}

#[test]
fn all_that_keeps_words_from_being_said_is_told_at_once_and_by_field() {
    let flaws = |kind: &str, fields: &[(&str, &str)], role| {
        let found = flaws(kind, &fields_of(fields), role).into_iter();
        found.map(|flaw| (flaw.field, flaw.trouble.name())).collect::<Vec<_>>()
    };
    let of = |field: &str, code| (Some(field.to_owned()), code);
    assert_eq!(flaws("message", &[("text", "hi")], Role::Teacher), []);
    assert_eq!(
        flaws("step", &[("text", " "), ("owner", "me")], Role::Teacher),
        [of("owner", "bad_field"), of("text", "missing_field")]
    );
    let long = "a".repeat((64 << 10) + 1);
    assert_eq!(
        flaws(
            "concern",
            &[("what", &long), ("effect", &long[1..]), ("context", "c")],
            Role::Guardian
        ),
        [of("what", "too_long"), (None, "too_long")]
    );
    assert_eq!(flaws("message", &[("text", "a")], Role::Archive), [(None, "reads_only")]);
    assert_eq!(flaws("poem", &[], Role::Teacher), [(None, "unknown_kind")]);
}

#[test]
fn a_change_tells_what_it_touched_and_what_it_began() {
    let mut mother = Device::new(MOTHER);
    let ghost = EntryId::new([7; 10]);
    let mark = Edit::Seen { person: person(MOTHER), entries: vec![ghost], at: NOW };
    let mut take = |edit: Edit| {
        let change = mother.doc.edit(actor(MOTHER), NOW, &[edit]).unwrap();
        mother.fold.take(&change, None)
    };
    let touched = take(mark);
    assert_eq!((touched.entries, touched.begun), ([ghost].into(), [].into()));
    let post = Edit::Post {
        entry: ghost,
        kind: "message".into(),
        at: NOW,
        answers: None,
        fields: fields_of(&[("text", "here after all")]),
    };
    let touched = take(post);
    assert_eq!((touched.entries, touched.begun), ([ghost].into(), [ghost].into()));
    let touched = take(Edit::Title("t".into()));
    assert!(touched.entries.is_empty() && touched.thread);
}

#[test]
fn whoever_is_verified_is_so_by_somebody_elses_word_about_that_very_device() {
    let ([mut teacher, mut mother, mut father, _], _) = school_trip();
    let (phone, tablet) = (card(MOTHER).device, card(TABLET).device);
    let word = |at| Edit::Verified { person: person(MOTHER), devices: vec![phone], at };
    let said = |device: &Device, key| {
        device.fold.facts().verified_by(&person(MOTHER), &key, &Known::all())
    };
    mother.edit(NOW, &[word(NOW)]);
    let mut own_tablet = Device::new(TABLET);
    own_tablet.hear_from(&mut mother);
    own_tablet.edit(NOW, &[word(NOW)]);
    assert_eq!(said(&own_tablet, phone), [], "nobody vouches for themselves, on whichever device");
    father.edit(NOW, &[word(NOW.plus_ms(5))]);
    teacher.edit(NOW, &[word(NOW.plus_ms(9))]);
    for other in [&mut father, &mut own_tablet] {
        teacher.hear_from(other);
    }
    let by = [(NOW.plus_ms(5), person(FATHER)), (NOW.plus_ms(9), person(TEACHER))];
    assert_eq!(said(&teacher, phone), by);
    assert_eq!(said(&teacher, tablet), [], "another device of hers is another matter");
}

#[test]
fn a_word_of_verification_is_not_taken_away_by_another_member() {
    let ([mut teacher, mut mother, mut father, _], _) = school_trip();
    let phone = card(MOTHER).device;
    let word = Edit::Verified { person: person(MOTHER), devices: vec![phone], at: NOW };
    let made = father.edit(NOW, &[word]);
    mother.hear(vec![made.clone()]);
    let key = format!("v.{phone}");
    let people = schema::object(&schema::PEOPLE_MAP);
    mother.raw(|doc| {
        let (_, map) = doc.get(&people, person(MOTHER).to_string()).unwrap().unwrap();
        doc.delete(&map, key.as_str()).unwrap();
    });
    teacher.hear_from(&mut mother);
    let by = teacher.fold.facts().verified_by(&person(MOTHER), &phone, &Known::all());
    assert_eq!(by, [(NOW, person(FATHER))]);
}
