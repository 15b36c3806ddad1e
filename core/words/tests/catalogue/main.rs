//! Whatever can be said has words in every language, which take in what is put in and nothing else.

#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod everything;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use tandem_catalogue::{Catalogue, Language, Words, places};
use tandem_engine::{Delivery, Fields, InboxRow, LastLine, ThreadRow, Waiting, WaitingRow};
use tandem_proto::{Role, ThreadId};
use tandem_words::{ArgValue, Line, Mark, TROUBLES, Voice};

use crate::{everything::everything, rows::*};

fn catalogues() -> BTreeMap<Language, Catalogue> {
    Language::ALL.into_iter().map(|of| (of, Catalogue::of(of).unwrap())).collect()
}

#[test]
fn whatever_is_said_has_words_that_take_in_just_what_is_put_in() {
    let catalogues = catalogues();
    for (what, phrase) in everything() {
        for (language, catalogue) in &catalogues {
            let key = &phrase.key;
            let Some(words) = catalogue.get(key) else {
                panic!("{key} has no words in {language:?}, for {what}")
            };
            let given: BTreeSet<&str> = phrase.args.iter().map(|arg| arg.name.as_str()).collect();
            assert_eq!(given.len(), phrase.args.len(), "something is put in twice: {phrase:?}");
            for form in words.forms() {
                let taken: BTreeSet<&str> = places(form).collect();
                assert_eq!(taken, given, "{key} in {language:?}, for {what}");
            }
            let counted = phrase
                .args
                .iter()
                .any(|arg| arg.name == "n" && matches!(arg.value, ArgValue::Count { .. }));
            assert_eq!(matches!(words, Words::Plural(_)), counted, "{key}: a plural form by {{n}}");
            for arg in &phrase.args {
                if let ArgValue::Word { key } = &arg.value {
                    assert!(catalogue.get(key).is_some(), "{key} has no words, for {what}");
                }
            }
        }
    }
}

#[test]
fn a_sentence_ends_and_neither_blames_nor_shouts_nor_names_the_engine() {
    const NOT_SAID: [&str; 14] = [
        "!",
        "¡",
        "failed",
        "delivered",
        "error",
        "sync",
        "relay",
        "server",
        "crdt",
        "epoch",
        "peer",
        "fallo",
        "servidor",
        "sincroniz",
    ];
    let labels =
        ["kind", "field", "hint", "owner", "step", "role", "day", "someone", "remedy", "waiting"];
    for (language, catalogue) in catalogues() {
        for (key, words) in catalogue.iter() {
            let section = key.split('.').next().unwrap_or_default();
            // About and privacy explain the words of the engine, that is what they are for; and at a terminal
            // one types them.
            if ["about", "terminal"].contains(&section) {
                continue;
            }
            for form in words.forms() {
                for word in NOT_SAID {
                    assert!(
                        !form.to_lowercase().contains(word),
                        "{word:?} in {key} of {language:?}"
                    );
                }
            }
        }
        let voice = Voice::new(catalogue);
        for (what, phrase) in everything() {
            let section = phrase.key.split('.').next().unwrap_or_default();
            if labels.contains(&section) || phrase.key == "about.school_none" {
                continue;
            }
            let said = voice.say(&phrase, &Noon);
            assert!(said.ends_with(['.', '?']), "{said:?} in {language:?}, for {what}");
        }
    }
}

#[test]
fn the_two_languages_have_the_same_keys_with_the_same_places() {
    let catalogues = catalogues();
    let shape = |catalogue: &Catalogue| -> BTreeMap<String, (bool, BTreeSet<String>)> {
        let all = catalogue.iter().map(|(key, words)| {
            let taken = words.forms().flat_map(places).map(str::to_owned).collect();
            (key.to_owned(), (matches!(words, Words::Plural(_)), taken))
        });
        all.collect()
    };
    let english = shape(&catalogues[&Language::English]);
    assert_eq!(english, shape(&catalogues[&Language::Spanish]));
}

#[test]
fn a_sentence_names_people_counts_things_and_looks_at_nothing_that_was_put_in() {
    let [english, spanish] = Language::ALL.map(|of| Voice::new(Catalogue::of(of).unwrap()));
    let said = |people: &[u8]| {
        let people = people.iter().map(|id| person(*id)).collect();
        let stands = tandem_words::delivery(&Delivery::OnTheirPhone { people }, false);
        english.say_all(&stands.sentences, &Noon)
    };
    assert_eq!(said(&[1]), "On Ms Rivera's phone.");
    assert_eq!(said(&[1, 2]), "On the phones of Ms Rivera and Ana.");
    assert_eq!(said(&[1, 2, 9]), "On the phones of Ms Rivera, Ana and someone.");
    assert_eq!(said(&[3]), "On {at}'s phone.", "a name is not a place to put something in");
    let row = |waiting| InboxRow {
        waiting,
        as_of: Some(NOON),
        role: Some(Role::Teacher),
        ..InboxRow::blank(ThreadId::new([1; 20]))
    };
    let line = |rows: &[InboxRow], line, in_: &Voice| {
        in_.say_all(&tandem_words::home_line(rows, &[], line), &Noon)
    };
    assert_eq!(line(&[row(0)], Line::Live, &english), "Everything as of 12:00.");
    assert_eq!(line(&[row(1)], Line::Live, &english), "As of 12:00. 1 thing waits here.");
    assert_eq!(
        line(&[row(1), row(2)], Line::NoSignal, &english),
        "As of 12:00. No signal now. 3 things wait here."
    );
    assert_eq!(
        line(&[row(3)], Line::NoSignal, &spanish),
        "Al día: 12:00. Ahora sin señal. 3 cosas esperan aquí."
    );
    assert_eq!(line(&[], Line::Idle, &english), "", "nothing can be fresh where nothing is");
    let out = InboxRow { role: None, ..row(0) };
    assert_eq!(line(&[out], Line::Live, &english), "", "nor where nothing comes any more");
}

#[test]
fn each_way_of_stopping_says_what_a_person_can_do() {
    for state in deliveries() {
        let stands = tandem_words::delivery(&state, false);
        let stuck = matches!(state, Delivery::Stuck { .. });
        assert_eq!(stuck, !stands.remedies.is_empty(), "{state:?}");
    }
}

#[test]
fn whoever_left_is_named_to_everybody_also_to_who_let_them_go() {
    let english = Voice::new(Catalogue::of(Language::English).unwrap());
    for mine in [false, true] {
        let left = person(2).to_string();
        let fields = [("event", "left"), ("person", &*left), ("name", "Ana"), ("role", "guardian")];
        let row = ThreadRow { mine, ..entry(ThreadRow::ROSTER, &fields) };
        let said = tandem_words::event(&row).unwrap();
        assert_eq!(english.say(&said, &Noon), "Ana left the thread.");
    }
}

#[test]
fn what_is_no_words_of_anybodys_is_not_to_be_copied() {
    for state in deliveries() {
        let row = WaitingRow {
            thread: ThreadId::new([1; 20]),
            entry: None,
            what: Waiting::Members,
            delivery: state,
        };
        let stands = tandem_words::waiting(&row).stands;
        assert!(stands.sentences.iter().all(|said| !said.key.starts_with("advice.")));
        assert!(!stands.remedies.contains(&tandem_words::Remedy::CopyText));
    }
}

#[test]
fn every_trouble_that_has_words_can_be_told() {
    for catalogue in catalogues().values() {
        let words = catalogue.iter().filter_map(|(key, _)| key.strip_prefix("error."));
        let words: BTreeSet<&str> = words.collect();
        assert_eq!(words, TROUBLES.into_iter().collect());
    }
}

#[test]
fn below_a_threads_last_words_stands_what_needs_somebody_and_what_is_only_to_be_known() {
    let row = InboxRow {
        people: vec![author(1, "Ms Rivera", Role::Teacher), author(2, "Ana", Role::Archive)],
        role: Some(Role::Guardian),
        waiting: 2,
        stuck: 1,
        unverified: vec![person(1)],
        other_log: vec![person(1)],
        last: Some(LastLine {
            delivery: Some(Delivery::OnThisPhone),
            ..inboxes().into_iter().find_map(|row| row.last).unwrap()
        }),
        ..InboxRow::blank(ThreadId::new([1; 20]))
    };
    let words = tandem_words::inbox(&row, Line::Live);
    let asides: Vec<_> =
        words.asides.iter().map(|aside| (&*aside.said.key, aside.mark, aside.needs_you)).collect();
    assert_eq!(
        asides,
        [
            ("fresh.waits", Some(Mark::Phone), false),
            ("fresh.stuck", Some(Mark::Stopped), true),
            ("inbox_row.other_log", None, true),
            ("inbox_row.unverified", None, false),
            ("inbox_row.records", None, false),
        ]
    );
    assert_eq!(
        words.last.map(|last| last.mark),
        Some(Mark::Phone),
        "own words say how far they got"
    );
    let theirs = InboxRow { last: None, ..row };
    assert_eq!(tandem_words::inbox(&theirs, Line::Live).last, None);
}

#[test]
fn a_draft_is_told_all_that_keeps_it_from_being_sent_and_then_can_be() {
    let flaws = |fields: &[(&str, &str)]| {
        let fields: Fields =
            fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        tandem_words::draft(Role::Teacher, "step", &fields)
    };
    let told: Vec<_> = flaws(&[("owner", "me")])
        .into_iter()
        .map(|flaw| (flaw.field.unwrap_or_default(), flaw.missing, flaw.said.key))
        .collect();
    assert_eq!(
        told,
        [
            ("owner".to_owned(), false, "error.bad_field".to_owned()),
            ("text".to_owned(), true, "error.missing_field".to_owned()),
        ]
    );
    assert_eq!(flaws(&[("text", "Read together"), ("owner", "home")]), []);
}
