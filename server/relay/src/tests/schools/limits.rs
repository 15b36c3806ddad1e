use super::*;

fn quota<const N: usize>(limits: [(Limit, u64); N]) -> Quota {
    limits.into()
}

#[test]
fn a_school_has_as_many_devices_threads_and_bytes_as_it_may() {
    let mut rig = only_schools();
    let limits = quota([(Limit::Devices, 1), (Limit::Threads, 2), (Limit::Bytes, 2_000)]);
    let pass = rig.add_limited("Elm Street", limits);
    let (anna, ben) = (Device::new(1), Device::new(2));
    let conn = rig.connect_passing(&anna, &pass);
    let full = rig.connect_passing(&ben, &pass);
    assert_eq!(enrolments(&rig.take(full)), [Enrolment::Full]);
    assert_eq!(rig.founds(full, &ben, 1), [Refusal::NotAdmitted]);
    let (thread, _) = anna.found(1);
    assert_eq!(rig.founds(conn, &anna, 1), []);
    assert_eq!(rig.founds(conn, &anna, 2), []);
    assert_eq!(rig.founds(conn, &anna, 3), [Refusal::OverQuota]);
    rig.push(conn, thread, &[sealed_of(0, 1, 1_700)]);
    assert_eq!(refusals(&rig.take(conn))[0].1, Refusal::OverQuota, "over the school's bytes");
    rig.push(conn, thread, &[sealed_of(0, 2, 500)]);
    assert_eq!(refusals(&rig.take(conn)), []);
    // More is given, and then there is room.
    let changes = [(Limit::Bytes, Some(5_000)), (Limit::Threads, None)].into();
    let asked = rig.ask(AdminRequest::LimitSchool { school: "Elm Street".into(), changes });
    let Ok(AdminReply::School(row)) = asked else { panic!("{asked:?}") };
    assert_eq!(row.limits[&Limit::Bytes], 5_000);
    assert_eq!(row.limits[&Limit::Threads], Config::default().max_threads_per_school);
    assert_eq!(row.own, [Limit::Devices, Limit::Bytes].into());
    assert_eq!(rig.founds(conn, &anna, 3), []);
    rig.push(conn, thread, &[sealed_of(0, 1, 1_700)]);
    assert_eq!(refusals(&rig.take(conn)), []);
}

#[test]
fn a_schools_own_limits_of_threads_and_devices_hold_for_it_alone() {
    let mut rig = Rig::new();
    let limits = [(Limit::ItemsPerThread, 2), (Limit::ThreadsFoundedPerDay, 1)];
    let pass = rig.add_limited("Elm Street", quota(limits));
    let (anna, other) = (Device::new(1), Device::new(2));
    for (device, conn, held) in
        [(&anna, rig.connect_passing(&anna, &pass), true), (&other, rig.connect(&other), false)]
    {
        let expected: &[Refusal] = if held { &[Refusal::OverQuota] } else { &[] };
        let (thread, _) = device.found(1);
        assert_eq!(rig.founds(conn, device, 1), []);
        assert_eq!(rig.founds(conn, device, 2), expected);
        rig.push(conn, thread, &[envelope(1), envelope(2)]);
        let refused: Vec<_> = refusals(&rig.take(conn)).into_iter().map(|(_, r)| r).collect();
        assert_eq!(refused, expected);
    }
}

#[test]
fn what_a_device_uploads_in_a_day_is_limited_also_over_a_restart_and_the_next_day_is_new() {
    let config = Config { max_bytes_per_day: 1_000, ..Config::default() };
    let mut rig = Rig::with(config.clone());
    let anna = Device::new(1);
    let (thread, _) = anna.found(1);
    let conn = rig.connect(&anna);
    assert_eq!(rig.founds(conn, &anna, 1), []);
    rig.push(conn, thread, &[sealed_of(0, 1, 500)]);
    assert_eq!(refusals(&rig.take(conn)), []);
    let mut rig = Rig::restored(config, 2, rig.journal.clone());
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[sealed_of(0, 2, 500)]);
    assert_eq!(refusals(&rig.take(conn))[0].1, Refusal::OverQuota);
    rig.now = rig.now.plus_ms(24 * 3600 * 1000);
    rig.push(conn, thread, &[sealed_of(0, 2, 500)]);
    assert_eq!(refusals(&rig.take(conn)), []);
}
