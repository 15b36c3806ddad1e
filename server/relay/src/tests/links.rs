use tandem_proto::{
    ClientToRelay, ItemHash, Receipt, Refusal, RelayToClient, SecretKey, Seq, ThreadId,
};

use super::rig::*;

fn reasons(rig: &mut Rig, conn: crate::ConnId) -> Vec<Refusal> {
    refusals(&rig.take(conn)).into_iter().map(|(_, reason)| reason).collect()
}

#[test]
fn of_two_links_with_one_predecessor_the_first_wins_and_the_second_is_stale() {
    let mut rig = Rig::new();
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, std::slice::from_ref(&genesis));
    rig.take(conn);
    let first = anna.admit(&ben, &genesis);
    let second = anna.admit(&cleo, &genesis);
    rig.push(conn, thread, std::slice::from_ref(&first));
    rig.push(conn, thread, std::slice::from_ref(&second));
    let frames = rig.take(conn);
    assert_eq!(receipt_seqs(&frames, thread, &[first]), [2]);
    assert_eq!(refusals(&frames), [(ItemHash::of(&second).short(), Refusal::StaleLink)]);
    assert_eq!(rig.head(thread), Seq(2));
    assert!(!rig.relay.threads[&thread].roster().knows(&ItemHash::of(&second)));
}

#[test]
fn a_run_that_makes_a_longer_chain_is_accepted_whole() {
    let mut rig = Rig::new();
    let (anna, ben, cleo, dora) = (Device::new(1), Device::new(2), Device::new(3), Device::new(4));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[genesis.clone(), anna.admit(&ben, &genesis)]);
    let one = anna.admit(&cleo, &genesis);
    let two = cleo.admit(&dora, &one);
    let other = rig.connect(&dora);
    rig.push(other, thread, &[genesis.clone(), one.clone(), two.clone()]);
    let pushed = [genesis, one, two];
    assert_eq!(receipt_seqs(&rig.take(other), thread, &pushed), [1, 3, 4]);
    let members = rig.relay.threads[&thread].roster();
    assert!(members.by_transport(&dora.transport()).is_some());
    assert!(members.by_transport(&ben.transport()).is_none());
    let lost = rig.connect(&ben);
    rig.push(lost, thread, &[envelope(1)]);
    assert_eq!(reasons(&mut rig, lost), [Refusal::NotAMember]);
}

#[test]
fn links_beside_the_winning_chain_are_refused_and_leave_no_trace() {
    let mut rig = Rig::new();
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let winner = anna.admit(&ben, &genesis);
    let loser = anna.admit(&cleo, &genesis);
    rig.push(conn, thread, &[genesis, winner, loser.clone(), sealed(1, 1)]);
    let frames = rig.take(conn);
    assert_eq!(refusals(&frames), [(ItemHash::of(&loser).short(), Refusal::StaleLink)]);
    assert_eq!(rig.head(thread), Seq(3));
    assert!(!rig.relay.threads[&thread].roster().knows(&ItemHash::of(&loser)));
}

#[test]
fn invalid_links_are_malformed_and_ones_without_predecessor_are_stale() {
    let mut rig = Rig::new();
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, std::slice::from_ref(&genesis));
    rig.take(conn);
    let by_stranger = cleo.admit(&ben, &genesis);
    rig.push(conn, thread, &[by_stranger]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::Malformed]);
    let mut forged = anna.admit(&ben, &genesis);
    *forged.last_mut().unwrap() ^= 1;
    rig.push(conn, thread, &[forged]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::Malformed]);
    let orphan = anna.admit(&ben, b"something else");
    rig.push(conn, thread, &[orphan]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::StaleLink]);
    let (_, other_genesis) = anna.found(1);
    rig.push(conn, thread, &[other_genesis]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::Malformed]);
    assert_eq!(rig.head(thread), Seq(1));
}

#[test]
fn a_thread_is_founded_by_its_own_genesis_and_by_one_who_is_in_it() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let (thread, genesis) = anna.found(0);
    let (other, _) = anna.found(1);
    let admit = anna.admit(&ben, &genesis);
    let stranger = rig.connect(&Device::new(3));
    rig.push(stranger, thread, &[genesis.clone(), admit.clone()]);
    assert_eq!(reasons(&mut rig, stranger), [Refusal::NotAMember; 2]);
    let conn = rig.connect(&ben);
    rig.push(conn, thread, std::slice::from_ref(&admit));
    assert_eq!(reasons(&mut rig, conn), [Refusal::UnknownThread]);
    rig.push(conn, other, std::slice::from_ref(&genesis));
    assert_eq!(reasons(&mut rig, conn), [Refusal::Malformed]);
    assert!(rig.relay.threads.is_empty());
    // A member that is not the founder brings a lost thread back.
    rig.push(conn, thread, &[genesis, admit]);
    assert_eq!(reasons(&mut rig, conn), []);
    assert_eq!(rig.head(thread), Seq(2));
}

#[test]
fn a_newcomer_is_served_from_the_link_that_lets_it_in() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let (thread, genesis) = anna.found(0);
    let a = rig.connect(&anna);
    rig.push(a, thread, &[genesis.clone(), envelope(1)]);
    let b = rig.connect(&ben);
    rig.push(a, thread, &[anna.admit(&ben, &genesis)]);
    assert_eq!(delivered_seqs(&rig.take(b), thread), [] as [u64; 0]);
    rig.cursors(b, &[rig.cursor(thread, 0)]);
    assert_eq!(delivered_seqs(&rig.take(b), thread), [1, 2, 3]);
}

#[test]
fn who_is_let_in_after_naming_a_thread_is_sent_it_on_the_same_connection() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let (thread, genesis) = anna.found(0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.cursors(b, &[rig.cursor(thread, 0)]);
    rig.push(a, thread, std::slice::from_ref(&genesis));
    assert_eq!(delivered_seqs(&rig.take(b), thread), [] as [u64; 0]);
    rig.push(a, thread, &[anna.admit(&ben, &genesis)]);
    rig.push(a, thread, &[sealed(1, 1)]);
    assert_eq!(delivered_seqs(&rig.take(b), thread), [1, 2, 3]);
}

#[test]
fn who_falls_out_by_a_longer_chain_is_told_on_the_open_connection() {
    let mut rig = Rig::new();
    let (anna, ben, cleo, dora) = (Device::new(1), Device::new(2), Device::new(3), Device::new(4));
    let (thread, genesis) = anna.found(0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.push(a, thread, &[genesis.clone(), anna.admit(&ben, &genesis)]);
    rig.cursors(b, &[rig.cursor(thread, 0)]);
    let is_told = |frames: &[RelayToClient]| frames.contains(&RelayToClient::UnknownThread(thread));
    assert!(!is_told(&rig.take(b)));
    let first = anna.admit(&cleo, &genesis);
    let second = anna.admit(&dora, &first);
    rig.push(a, thread, &[first, second]);
    assert!(is_told(&rig.take(b)), "ben is in no more, and nobody took him out");
    assert!(!is_told(&rig.take(a)));
}

#[test]
fn whoever_was_taken_out_is_served_up_to_the_link_that_says_so_and_takes_part_no_more() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let (thread, genesis) = anna.found(0);
    let (conn, out) = (rig.connect(&anna), rig.connect(&ben));
    let admit = anna.admit(&ben, &genesis);
    rig.push(conn, thread, &[genesis, admit.clone()]);
    let served = |rig: &Rig| rig.relay.threads[&thread].served(&ben.transport());
    assert_eq!(served(&rig), Some(Seq(2)));
    rig.push(conn, thread, &[anna.remove(&ben, &admit)]);
    rig.push(conn, thread, &[sealed(2, 1)]);
    assert_eq!(rig.head(thread), Seq(4));
    assert_eq!(served(&rig), Some(Seq(3)));
    assert_eq!(rig.relay.threads[&thread].served(&Device::new(9).transport()), None);
    rig.take(out);
    rig.push(out, thread, &[sealed(2, 2)]);
    assert_eq!(reasons(&mut rig, out), [Refusal::NotAMember]);
}

#[test]
fn a_device_with_new_keys_is_served_by_them_and_by_the_ones_before_until_it_renews_again() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let (renewed, again) = (anna.renewed(), Device::new(2).renewed());
    let (thread, genesis) = anna.found(0);
    let served = |rig: &Rig, device: &Device| {
        rig.relay.threads[&thread].served(&device.transport()).is_some()
    };
    let conn = rig.connect(&anna);
    let link = anna.renew(thread, &renewed, &genesis);
    rig.push(conn, thread, &[genesis, link.clone()]);
    assert!(served(&rig, &anna) && served(&rig, &renewed));
    let other = rig.connect(&renewed);
    rig.push(other, thread, &[anna.renew(thread, &again, &link), sealed(2, 1)]);
    assert_eq!(rig.head(thread), Seq(4));
    assert!(served(&rig, &renewed) && served(&rig, &again));
    assert!(!served(&rig, &anna), "whoever has the first key has it for nothing");
    rig.take(conn);
    rig.push(conn, thread, &[sealed(2, 2)]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::NotAMember]);
}

#[test]
fn a_relay_that_lost_a_renewal_is_shown_it_by_the_new_key() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let renewed = anna.renewed();
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, std::slice::from_ref(&genesis));
    let other = rig.connect(&renewed);
    rig.push(other, thread, &[envelope(1)]);
    assert_eq!(reasons(&mut rig, other), [Refusal::NotAMember]);
    let link = anna.renew(thread, &renewed, &genesis);
    rig.push(other, thread, &[genesis, link, sealed(1, 1)]);
    assert_eq!(rig.head(thread), Seq(3));
}

#[test]
fn a_removal_from_an_old_place_undoes_nothing_when_its_author_pushes_it() {
    let mut rig = Rig::new();
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let first = anna.admit(&ben, &genesis);
    let second = ben.admit(&cleo, &first);
    rig.push(conn, thread, &[genesis, first.clone(), second]);
    rig.take(conn);
    let old = anna.remove(&ben, &first);
    rig.push(conn, thread, std::slice::from_ref(&old));
    let frames = rig.take(conn);
    assert_eq!(refusals(&frames), [(ItemHash::of(&old).short(), Refusal::StaleLink)]);
    let roster = rig.relay.threads[&thread].roster();
    assert!(roster.by_transport(&cleo.transport()).is_some() && !roster.knows(&ItemHash::of(&old)));
}

/// A relay that lost the removal of ben, who has let cleo in since; anna shows the receipt with the
/// removal if it is hers to show.
fn shown_with(receipt: impl FnOnce(Receipt) -> Option<Receipt>) -> (Vec<Refusal>, bool) {
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let (thread, genesis) = anna.found(0);
    let admit = anna.admit(&ben, &genesis);
    let removal = anna.remove(&ben, &admit);
    let mut had = Rig::new();
    let conn = had.connect(&anna);
    had.push(conn, thread, &[genesis.clone(), admit.clone()]);
    had.take(conn);
    had.push(conn, thread, std::slice::from_ref(&removal));
    let receipts = receipts(&had.take(conn), thread, std::slice::from_ref(&removal));

    let mut rig = Rig::new();
    let conn = rig.connect(&anna);
    let since = ben.admit(&cleo, &admit);
    rig.push(conn, thread, &[genesis, admit, since]);
    rig.take(conn);
    if let Some(receipt) = receipts.into_iter().next().and_then(receipt) {
        rig.frame(conn, ClientToRelay::Receipt(receipt));
    }
    rig.push(conn, thread, std::slice::from_ref(&removal));
    let refused = reasons(&mut rig, conn);
    let roster = rig.relay.threads[&thread].roster();
    (refused, roster.by_transport(&ben.transport()).is_some())
}

#[test]
fn a_lost_removal_is_taken_from_its_author_with_the_relays_own_receipt_alone() {
    assert_eq!(shown_with(Some), (vec![], false));
    assert_eq!(shown_with(|_| None), (vec![Refusal::StaleLink], true));
    let of_another = |receipt| Some(Receipt { item: ItemHash::of(b"another"), ..receipt });
    assert_eq!(shown_with(of_another), (vec![Refusal::StaleLink], true));
    let elsewhere = |receipt| Some(Receipt { thread: ThreadId::new([9; 20]), ..receipt });
    assert_eq!(shown_with(elsewhere), (vec![Refusal::StaleLink], true));
    let forged = |mut receipt: Receipt| {
        receipt.signature = SecretKey::from_seed([7; 32]).sign("tandem/receipts/1", &[b""]);
        Some(receipt)
    };
    assert_eq!(shown_with(forged), (vec![Refusal::StaleLink], true));
}

#[test]
fn a_removal_from_an_old_place_is_not_taken_from_its_author_under_new_keys_either() {
    let mut rig = Rig::new();
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let renewed = anna.renewed();
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let first = anna.admit(&ben, &genesis);
    let second = ben.admit(&cleo, &first);
    let third = anna.renew(thread, &renewed, &second);
    rig.push(conn, thread, &[genesis, first.clone(), second, third]);
    let other = rig.connect(&renewed);
    rig.push(other, thread, &[anna.remove(&ben, &first)]);
    assert_eq!(reasons(&mut rig, other), [Refusal::StaleLink]);
    assert!(rig.relay.threads[&thread].roster().by_transport(&cleo.transport()).is_some());
}

#[test]
fn a_removal_without_a_receipt_does_not_hold_back_another_that_has_one() {
    let (anna, ben, cleo, dora) = (Device::new(1), Device::new(2), Device::new(3), Device::new(4));
    let (thread, genesis) = anna.found(0);
    let one = anna.admit(&ben, &genesis);
    let two = anna.admit(&cleo, &one);
    let (out, also_out) = (anna.remove(&ben, &two), anna.remove(&cleo, &two));
    let mut had = Rig::new();
    let conn = had.connect(&anna);
    had.push(conn, thread, &[genesis.clone(), one.clone(), two.clone()]);
    had.take(conn);
    had.push(conn, thread, std::slice::from_ref(&out));
    let receipts = receipts(&had.take(conn), thread, std::slice::from_ref(&out));

    let mut rig = Rig::new();
    let conn = rig.connect(&anna);
    let since = ben.admit(&dora, &two);
    rig.push(conn, thread, &[genesis, one, two, since]);
    rig.take(conn);
    for receipt in receipts {
        rig.frame(conn, ClientToRelay::Receipt(receipt));
    }
    rig.push(conn, thread, &[also_out, out]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::StaleLink], "of the one");
    let roster = rig.relay.threads[&thread].roster();
    assert!(roster.by_transport(&ben.transport()).is_none());
    assert!(roster.by_transport(&cleo.transport()).is_some());
}

#[test]
fn nothing_is_taken_while_somebody_has_a_seat_who_was_taken_out_on_another_chain() {
    let mut rig = Rig::new();
    let (anna, ben, cleo) = (Device::new(1), Device::new(2), Device::new(3));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let first = anna.admit(&ben, &genesis);
    let second = anna.admit(&cleo, &first);
    rig.push(conn, thread, &[genesis, first.clone(), second]);
    // Another shows what the relay has lost.
    let other = rig.connect(&cleo);
    rig.push(other, thread, &[anna.remove(&ben, &first)]);
    rig.take(other);
    rig.take(conn);
    rig.push(conn, thread, &[sealed(2, 1)]);
    assert_eq!(reasons(&mut rig, conn), [Refusal::StaleEpoch]);
}
