//! Peers that say half of something, or are not who they would have to be.

use tandem_proto::{
    ChainHash, EnvelopeHeader, EnvelopeKind, Epoch, Greeting, Push, ReceiptRequest, ThreadId, Wire,
};

use super::*;

fn envelope() -> Vec<u8> {
    EnvelopeHeader { kind: EnvelopeKind::Batch, epoch: Epoch(0), nonce: [3; 16] }.assemble(&[5; 90])
}

/// A device that says hello and founds a thread.
async fn founder(host: &Host) -> (Client, Greeting, ThreadId) {
    let mut client = Client::dial(&host.link(), 1).await;
    let greeting = client.hello().await;
    found(&mut client, host, 1).await;
    let (thread, _) = genesis(client.device(), 1);
    (client, greeting, thread)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_frame_is_waited_for_leaves_nothing_and_holds_nobody_up() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let (mut founder, _, thread) = founder(&host).await;
    let item = envelope();
    let items = vec![item.clone().try_into().unwrap()].try_into().unwrap();
    let push = ClientToRelay::Push(Push { thread, items }).to_bytes();

    // Half of it, on another connection of the same device, and then silence.
    let mut half = Client::dial(&host.link(), 1).await;
    half.hello().await;
    assert_eq!(founder.next().await, RelayToClient::Closing(Closing::Replaced));
    half.send_bytes(&push[..push.len() - 1]).await;
    let mut other = Client::dial(&host.link(), 2).await;
    other.hello().await;
    found(&mut other, &host, 2).await;

    // Half of it, and then the end.
    drop(half);

    // In pieces of one byte it is a frame like any other, and the half ones left nothing behind.
    let mut whole = Client::dial(&host.link(), 1).await;
    whole.hello().await;
    for byte in push {
        whole.send_bytes(&[byte]).await;
    }
    let RelayToClient::Receipts(batch) = whole.next().await else { panic!("no receipt") };
    let hash = ItemHash::of(&item);
    let receipts = batch.open(&host.link().key, |_| Some((thread, hash))).unwrap();
    assert_eq!(receipts[0].seq, Seq(2));
    host.stop().await;
    assert!(crate::check(dir.path(), &[hash]).unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_is_in_no_roster_reads_nothing_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let (_founder, greeting, thread) = founder(&host).await;
    let mut stranger = Client::dial(&host.link(), 2).await;
    stranger.hello().await;

    let item = envelope();
    stranger.push(thread, &item).await;
    let RelayToClient::Refused(refused) = stranger.next().await else { panic!("not refused") };
    assert_eq!((refused.item, refused.reason), (ItemHash::of(&item).short(), Refusal::NotAMember));

    let nowhere = ThreadId::new([9; 20]);
    stranger.push(nowhere, &item).await;
    let RelayToClient::Refused(refused) = stranger.next().await else { panic!("not refused") };
    assert_eq!(refused.reason, Refusal::UnknownThread);

    // Asking for the log and for its receipts comes to the same as asking for one that is nowhere.
    let seqs = vec![Seq(1)].try_into().unwrap();
    let request = ReceiptRequest { thread, seqs };
    stranger.send(&ClientToRelay::ReceiptRequest(request)).await;
    let start_of = |thread| ThreadCursor { thread, seq: Seq(0), chain: ChainHash::start(&thread) };
    let mut cursors = vec![start_of(thread), start_of(nowhere)];
    cursors.sort();
    let generation = greeting.generation;
    let cursors = cursors.try_into().unwrap();
    let cursors = Cursors { generation, cursors, first: true, last: true };
    stranger.send(&ClientToRelay::Cursors(cursors)).await;
    let mut unknown = Vec::new();
    loop {
        match stranger.next().await {
            RelayToClient::UnknownThread(thread) => unknown.push(thread),
            RelayToClient::CaughtUp => break,
            other => panic!("a stranger was told {other:?}"),
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    let mut both = [thread, nowhere];
    both.sort_unstable();
    assert_eq!(unknown, both);

    host.stop().await;
    let report = crate::check(dir.path(), &[ItemHash::of(&item)]).unwrap();
    assert_eq!((report.threads.len(), report.missing.len()), (1, 1), "nothing of it was kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_shows_no_key_is_not_greeted() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    assert!(client::shows_no_key(&host.link()).await.is_err());
    let (mut founder, ..) = founder(&host).await;
    found(&mut founder, &host, 3).await;
    host.stop().await;
}
