#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    DeviceKey, DeviceLink, InviteSecret, PersonId, Role, SecretKey, ThreadId, TransportKey,
    invite_id, limits::OFFER_LIFETIME_MS, offer_box, uptake_box,
};

use super::letters::{DeviceOffer, Uptake};
use crate::{
    Answer, Effect, Engine, Input, Intent, OfferState, Ticket, Trouble, UptakeState,
    join::{JoinError, Reply, one_time_public},
    keys::group::{ANYBODYS, GroupKeys as _, Identity, Mls},
    scene::{self, NOW},
    session::Phase,
};

/// What an engine answers.
fn means(engine: &mut Engine, intent: Intent) -> Result<Answer, Trouble> {
    let said = scene::feed(engine, NOW, Input::Intent(Ticket(9), intent));
    let answer = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, answer) => Some(answer),
        _ => None,
    });
    answer.unwrap()
}

fn offers(engine: &mut Engine) -> DeviceLink {
    match means(engine, Intent::OfferDevice) {
        Ok(Answer::Offered(row)) => row.link,
        other => panic!("{other:?}"),
    }
}

fn state(engine: &Engine) -> OfferState {
    engine.offer_rows().0.unwrap().state
}

/// What a device with this key would leave as its offer.
fn offer_of(key: &SecretKey, packages_of: &SecretKey) -> DeviceOffer {
    let nobody = Identity { person: ANYBODYS, key: packages_of };
    let package = Mls.package(&[3; 32], &nobody).unwrap().public;
    DeviceOffer {
        device: DeviceKey::new(key.public()),
        transport: TransportKey::new([5; 32]),
        one_time: one_time_public(&[6; 32]),
        made: NOW,
        packages: vec![package.try_into().unwrap()].try_into().unwrap(),
    }
}

#[test]
fn only_the_device_that_the_link_names_is_found_in_the_offers_box() {
    let [tablet, thief] = [1, 2].map(|n| SecretKey::from_seed([n; 32]));
    let secret = InviteSecret::new([4; 16]);
    let device = DeviceKey::new(tablet.public());
    let link = DeviceLink { relay: scene::relay(), device, secret: secret.clone() };
    let true_one = offer_of(&tablet, &tablet);
    let letter = true_one.seal(&tablet, &secret).unwrap();
    assert_eq!(DeviceOffer::open(&link, &letter), Ok(true_one.clone()));
    let forged = [
        ("the thief's device", offer_of(&thief, &thief).seal(&thief, &secret)),
        ("signed by the thief", true_one.seal(&thief, &secret)),
        (
            "the thief's device, in the tablet's words",
            offer_of(&thief, &thief).seal(&tablet, &secret),
        ),
        ("packages of the thief", offer_of(&tablet, &thief).seal(&tablet, &secret)),
        ("of another offer", true_one.seal(&tablet, &InviteSecret::new([9; 16]))),
    ];
    for (what, letter) in forged {
        let opened = DeviceOffer::open(&link, &letter.unwrap());
        assert_eq!(opened, Err(JoinError::Forged), "{what}");
    }
    let mut bare = true_one;
    bare.packages = Vec::new().try_into().unwrap();
    let bare = bare.seal(&tablet, &secret).unwrap();
    assert_eq!(DeviceOffer::open(&link, &bare), Err(JoinError::Forged), "without a package");
    for len in 0..letter.len() {
        assert!(DeviceOffer::open(&link, &letter[..len]).is_err());
    }
    let mut newer = letter;
    newer[0] = 9;
    assert_eq!(DeviceOffer::open(&link, &newer), Err(JoinError::Newer(9)));
}

#[test]
fn an_offer_is_the_same_until_it_expires_and_a_home_with_threads_makes_none() {
    let mut tablet = scene::engine("Tablet", Role::Guardian);
    let link = offers(&mut tablet);
    assert_eq!(offers(&mut tablet), link);
    tablet.now = NOW.plus_ms(OFFER_LIFETIME_MS + 1);
    assert_eq!(state(&tablet), OfferState::Expired);
    let mut phone = scene::engine("Ana", Role::Guardian);
    scene::found(&mut phone);
    assert!(matches!(means(&mut phone, Intent::OfferDevice), Err(Trouble::NotAllowed(_))));
}

/// An answer to a tablet's offer by a device with this key, signed by another.
fn uptake(tablet: &Engine, by: u8, signer: u8) -> Vec<u8> {
    let offer = tablet.offer.as_ref().unwrap();
    let one_time = one_time_public(&offer.one_time);
    let [by, signer] = [by, signer].map(|n| SecretKey::from_seed([n; 32]));
    let uptake = Uptake {
        by: DeviceKey::new(by.public()),
        person: PersonId::new([by.public()[0]; 16]),
        name: "Ana".to_owned().try_into().unwrap(),
        role: Role::Guardian,
        threads: vec![(ThreadId::new([1; 20]), 0), (ThreadId::new([2; 20]), 99)]
            .try_into()
            .unwrap(),
    };
    let signed = uptake.sign(&signer, &offer.secret, &one_time).unwrap();
    Reply::Uptake(signed).seal(&one_time, [7; 32]).unwrap()
}

fn take_uptake(tablet: &mut Engine, letter: &[u8]) {
    let offer = tablet.offer.as_ref().unwrap();
    let mailbox = uptake_box(&offer.secret, &one_time_public(&offer.one_time));
    tablet.take_uptake(mailbox, letter);
}

#[test]
fn the_first_true_answer_to_an_offer_counts_and_binds_nobody_before_a_welcome() {
    let mut tablet = scene::engine("Tablet", Role::Teacher);
    offers(&mut tablet);
    let (born, letters) = (tablet.person(), [(1, 2), (3, 3), (4, 4)]);
    let letters = letters.map(|(by, signer)| uptake(&tablet, by, signer));
    take_uptake(&mut tablet, &letters[0]);
    assert_eq!(state(&tablet), OfferState::Open, "not signed by whom it names");
    take_uptake(&mut tablet, &letters[1]);
    let taken = OfferState::TakenUp { name: "Ana".into(), waiting: 2 };
    assert_eq!(state(&tablet), taken);
    let first = tablet.offer.clone().unwrap().taken;
    take_uptake(&mut tablet, &letters[2]);
    assert_eq!(tablet.offer.as_ref().unwrap().taken, first, "a later one is late");
    assert_eq!(tablet.person(), born, "words alone make it nobody's");
    let found = Intent::FoundThread { title: "Maya".into() };
    let own = means(&mut tablet, found);
    assert!(matches!(own, Err(Trouble::NotAllowed(_))), "and it waits for the welcome");
    let invite =
        invite_id(&tablet.offer.as_ref().unwrap().secret.for_thread(&ThreadId::new([1; 20])));
    assert_eq!(
        tablet.joins[&invite].package.public,
        tablet.offer.as_ref().unwrap().packages[0].public
    );
}

#[test]
fn a_home_that_went_its_own_way_meanwhile_becomes_nobodys_device() {
    let mut tablet = scene::engine("Tablet", Role::Guardian);
    offers(&mut tablet);
    scene::found(&mut tablet);
    let letter = uptake(&tablet, 3, 3);
    take_uptake(&mut tablet, &letter);
    assert!(matches!(state(&tablet), OfferState::Refused(_)));
    assert!(tablet.joins.is_empty());
}

#[test]
fn an_offer_is_taken_up_by_whoever_may_and_once() {
    let mut tablet = scene::engine_of(21, "Tablet", Role::Guardian);
    let link = offers(&mut tablet);
    let add = Intent::AddDevice { link: link.clone() };
    let mut alone = scene::engine("Ana", Role::Guardian);
    assert!(matches!(means(&mut alone, add.clone()), Err(Trouble::NotAllowed(_))), "no thread");
    let mut teacher = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut teacher);
    scene::let_in_a_parent(&mut teacher, thread);
    teacher.follow(&thread);
    let readmit = |person| Intent::Readmit { person, link: link.clone() };
    let stranger = means(&mut teacher, readmit(PersonId::new([99; 16])));
    assert_eq!(stranger, Err(Trouble::UnknownPerson));
    let own = teacher.person();
    assert!(matches!(means(&mut teacher, readmit(own)), Err(Trouble::NotAllowed(_))), "herself");
    let of_itself = means(&mut tablet, add);
    assert!(matches!(of_itself, Err(Trouble::NotAllowed(_))), "its own link");
    let parent = PersonId::new([7; 16]);
    for _ in 0..2 {
        let Ok(Answer::TakingUp(row)) = means(&mut teacher, readmit(parent)) else { panic!() };
        assert_eq!((row.state, row.mine, row.person), (UptakeState::Waiting, false, parent));
    }
    let id = invite_id(&link.secret);
    let letter = tablet.offer.as_ref().unwrap().letter.clone();
    for _ in 0..2 {
        teacher.take_offer(&id, &letter);
    }
    assert_eq!(teacher.offer_rows().1[0].state, UptakeState::LettingIn { threads: 1, arrived: 0 });
    let ahead = teacher.roster_ahead(&thread).unwrap();
    assert_eq!(
        ahead.len(),
        2,
        "before the log is read nobody says how far the lost one's words count"
    );
    teacher.session.phase = Phase::Live;
    teacher.session.uploaded = true;
    teacher.admit_again();
    let ahead = teacher.roster_ahead(&thread).unwrap();
    assert!(ahead.members().contains_key(&tablet.device()), "by one link");
    assert_eq!(ahead.len(), 3);
    assert!(
        ahead.is_out(&DeviceKey::new(SecretKey::from_seed([7; 32]).public())),
        "the old is out"
    );
    assert_ne!(offer_box(&link.secret), uptake_box(&link.secret, &[0; 32]));
}
