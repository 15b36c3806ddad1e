use super::*;
use crate::{AuditChain, AuditFault, AuditRecord};

/// The acts in a journal.
fn acts(rig: &Rig) -> Vec<AuditRecord> {
    let acts = rig.journal.iter().filter_map(|record| match record {
        Record::Audited(act) => Some(act.clone()),
        _ => None,
    });
    acts.collect()
}

fn fault(acts: &[AuditRecord]) -> Option<AuditFault> {
    let mut chain = AuditChain::new(public_key());
    acts.iter().for_each(|act| chain.follow(act));
    chain.fault()
}

fn some_acts() -> (Rig, Vec<AuditRecord>) {
    let mut rig = Rig::new();
    rig.add("Elm Street");
    rig.add("Oak Hill");
    rig.school("Oak Hill", Standing::Suspended);
    rig.set_device(&Device::new(9), Standing::Removed);
    let acts = acts(&rig);
    (rig, acts)
}

#[test]
fn every_act_is_in_the_log_chained_and_signed_and_a_restart_goes_on_with_it() {
    let (rig, before) = some_acts();
    let names: Vec<_> = before.iter().map(|act| act.act.name()).collect();
    assert_eq!(names, ["school_added", "school_added", "school_suspended", "device_removed"]);
    assert!(before.iter().all(|act| act.by == "a test" && act.time == rig.now));
    assert_eq!(fault(&before), None);
    let mut rig = Rig::restored(Config::default(), 3, rig.journal.clone());
    assert_eq!(rig.relay.audit().len(), 4);
    rig.school("Oak Hill", Standing::Active);
    assert_eq!(acts(&rig).len(), 5);
    assert_eq!(fault(&acts(&rig)), None);
    // Looking is no act.
    rig.rows();
    assert_eq!(acts(&rig).len(), 5);
}

#[test]
fn a_record_that_was_cut_out_moved_changed_or_signed_by_another_is_found() {
    let (_, acts) = some_acts();
    let mut cut = acts.clone();
    cut.remove(1);
    assert_eq!(fault(&cut), Some(AuditFault::Gap { expected: 2, found: 3 }));
    let mut moved = acts.clone();
    moved.swap(1, 2);
    assert!(fault(&moved).is_some());
    let mut changed = acts.clone();
    changed[2].by = "somebody else".into();
    assert_eq!(fault(&changed), Some(AuditFault::Forged(3)));
    // Renumbered, so that nothing seems to be missing.
    let mut closed = cut.clone();
    closed.iter_mut().zip(1..).for_each(|(act, number)| act.number = number);
    assert_eq!(fault(&closed), Some(AuditFault::Unchained(2)));
    let mut chain = AuditChain::new(tandem_proto::RelayKey::new([7; 32]));
    chain.follow(&acts[0]);
    assert_eq!(chain.fault(), Some(AuditFault::Forged(1)));
}

#[test]
fn acts_that_a_wiped_store_has_lost_are_brought_back_as_far_as_they_follow() {
    let (rig, kept) = some_acts();
    let now = rig.now;
    let wiped = |records: Vec<Record>| {
        crate::Relay::restore(now, Config::default(), relay_key(), [4; 32], records).unwrap()
    };
    let mut relay = wiped(Vec::new());
    assert_eq!(relay.bring_back(kept.clone()), 4);
    let Some(crate::Effect::Commit(_, records)) = relay.poll_effect() else { panic!("no commit") };
    let mut again = Rig::restored(Config::default(), 5, records);
    assert_eq!(acts(&again), kept);
    let conn = again.connect(&Device::new(9));
    assert_eq!(again.closing(conn), Some(Closing::Removed(Whom::Device)));

    let mut changed = kept.clone();
    changed[2].by.push('!');
    assert_eq!(wiped(Vec::new()).bring_back(changed), 2, "nothing beyond what was changed");
    let has_all = wiped(rig.journal.clone()).bring_back(kept);
    assert_eq!(has_all, 0, "nothing stands twice");
}
