//! Who is who: links that are over, people who were met, and codes that are compared.

use std::collections::BTreeSet;

use tandem_engine::{Engine, JoinState, NotLetIn, Trouble};
use tandem_proto::{PersonId, Role, limits::INVITE_LIFETIME_MS};

use super::loss::three;
use crate::World;

/// Who a device's person is.
fn person(world: &World, device: usize) -> PersonId {
    let engine = world.devices[device].engine.as_ref();
    engine.map(Engine::person).unwrap_or_else(|| world.violation("its device is closed"))
}

/// What whoever asked is told.
fn told(world: &mut World, device: usize) -> Option<NotLetIn> {
    let joins = world.joins(device);
    joins.into_iter().find_map(|join| match (join.knocking, join.state) {
        (None, JoinState::Refused(why)) => Some(why),
        _ => None,
    })
}

/// Two newcomers ask, one with a link that was revoked, one with a link that has expired by the
/// inviter's clock; both are told so, the inviter is shown who asked, and another link lets them in.
pub(super) fn a_link_that_expired_or_was_revoked_says_so_and_another_lets_in(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let [revoked, expired] = [(); 2].map(|()| world.invite(teacher, thread, Role::Guardian));
    world.run_for(5_000);
    world.revoke(teacher, &revoked);
    let newcomers = ["Ana", "Sam"].map(|name| world.device(name, Role::Guardian));
    for (newcomer, link, why) in [
        (newcomers[0], &revoked, NotLetIn::LinkRevoked),
        (newcomers[1], &expired, NotLetIn::LinkExpired),
    ] {
        if why == NotLetIn::LinkExpired {
            let ms = i64::try_from(INVITE_LIFETIME_MS).unwrap_or(i64::MAX);
            world.clock_off(teacher, ms + 60_000);
        }
        world.join(newcomer, link);
        world.online(newcomer);
        world.run_for(20_000);
        world.expect(!world.is_in(newcomer, thread), "nobody comes in by it");
        let said = told(&mut world, newcomer);
        world.expect(said == Some(why), &format!("it is told {why:?}: {said:?}"));
    }
    let knocking: Vec<String> =
        world.joins(teacher).into_iter().filter_map(|join| join.knocking).collect();
    world.expect(knocking.len() == 2, "the inviter is shown who asked");
    for newcomer in newcomers {
        let link = world.invite(teacher, thread, Role::Guardian);
        world.join(newcomer, &link);
        world.run_for(20_000);
        let said = told(&mut world, newcomer);
        world.expect(said.is_none(), "the old one is forgotten");
        world.expect(world.is_in(newcomer, thread), "another link lets them in");
    }
    world.end();
}

/// Of two newcomers one came by a link and one by a code that was shown in person: everybody sees who
/// is verified, and by whom; the newcomer from the first moment on.
pub(super) fn whoever_was_met_in_person_is_verified_for_everybody(name: &'static str) {
    let (mut world, [teacher, parent, _], thread) = three(name);
    let grandma = world.device("Grandma", Role::Guardian);
    let link = world.invite_by(parent, thread, Role::Guardian, true);
    world.join(grandma, &link);
    // The two are never online together.
    world.offline(parent);
    for here in [grandma, parent] {
        world.online(here);
        world.run_for(20_000);
        world.offline(here);
    }
    world.online(grandma);
    world.run_for(20_000);
    world.expect(world.is_in(grandma, thread), "she is in");
    let by = person(&world, parent);
    for device in [grandma, teacher] {
        let row = world.member_row(device, thread, grandma);
        world.expect(row.verified, "everybody sees that she was met");
        let vouched = row.vouched_by.map(|by| by.person);
        world.expect(vouched == Some(by), "and by whom");
        let row = world.member_row(device, thread, parent);
        world.expect(!row.verified, "whoever came by a link stays marked");
    }
    world.end();
}

/// Two compare their codes without signal: a wrong one is told and nothing noted, the right one is
/// seen by all after the next sync.
pub(super) fn two_who_compare_codes_are_verified_and_a_wrong_code_is_told(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    for device in [teacher, parent] {
        world.offline(device);
    }
    let (ana, rivera) = (person(&world, parent), person(&world, teacher));
    let shown = world.code(teacher, thread, ana);
    let theirs = world.code(parent, thread, rivera);
    world.expect(shown == theirs, "both phones show the same code");
    let of_another = world.code(other, thread, ana);
    let wrong = world.verify(teacher, thread, ana, &of_another);
    world.expect(wrong == Err(Trouble::WrongCode), "a code of somebody else is not theirs");
    // All three pairs: whichever side of a code were left out, two of them would be equal.
    let third = person(&world, other);
    let codes = [shown.clone(), world.code(teacher, thread, third), of_another];
    let distinct: BTreeSet<&String> = codes.iter().collect();
    world.expect(distinct.len() == codes.len(), "every two people have a code of their own");
    let row = world.member_row(teacher, thread, parent);
    world.expect(!row.verified, "and nothing is noted");
    for (by, whom) in [(teacher, ana), (parent, rivera)] {
        let noted = world.verify(by, thread, whom, &shown);
        world.expect(noted.is_ok(), "the right one is");
    }
    let row = world.member_row(teacher, thread, parent);
    world.expect(row.verified, "at once, without signal");
    let row = world.member_row(other, thread, parent);
    world.expect(!row.verified, "others don't know yet");
    for device in [teacher, parent] {
        world.online(device);
    }
    world.run_for(20_000);
    for device in [teacher, parent] {
        let row = world.member_row(other, thread, device);
        world.expect(row.verified, "after a sync everybody does");
    }
    let row = world.member_row(teacher, thread, other);
    world.expect(!row.verified, "nobody else is verified by it");
    world.end();
}
