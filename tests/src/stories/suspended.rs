//! A device that whoever runs the relay does not let in.

use tandem_relay::Standing;

use super::loss::three;

pub(super) fn a_device_that_is_suspended_is_not_served_and_loses_nothing(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.stand(parent, Standing::Suspended);
    world.run_for(5_000);
    let said = world.post(teacher, thread);
    let waits = world.post(parent, thread);
    world.run_for(60_000);
    world.expect(world.shows_entry(other, thread, said), "others are served");
    world.expect(!world.shows_entry(parent, thread, said), "a suspended device is not");
    world.expect(!world.shows_entry(teacher, thread, waits), "nor is it heard");
    let state = world.state(parent, thread, waits);
    world.expect(state == "on_this_phone", &format!("and its words wait, not {state}"));
    world.stand(parent, Standing::Active);
    world.break_link(parent);
    world.offline(parent);
    world.run_for(5_000);
    world.online(parent);
    world.run_for(60_000);
    world.expect(world.shows_entry(parent, thread, said), "resumed, it has all that it missed");
    world.expect(world.shows_entry(teacher, thread, waits), "and is heard");
    world.end();
}
