//! Frames in few words, for traces.

use tandem_proto::{ClientToRelay, ItemKind, RelayToClient, ThreadId, item_kind};

fn short(thread: &ThreadId) -> String {
    thread.to_string()[..4].to_owned()
}

fn kinds<'a>(items: impl Iterator<Item = &'a [u8]>) -> String {
    items
        .map(|item| match item_kind(item) {
            Ok(ItemKind::RosterLink) => "link ".to_owned(),
            Ok(ItemKind::SeatRequest) => "request ".to_owned(),
            Ok(ItemKind::Farewell) => "farewell ".to_owned(),
            Ok(ItemKind::Envelope(kind, _)) => {
                let hash = tandem_proto::ItemHash::of(item).to_string();
                format!("{kind:?}:{} ", &hash[..4])
            }
            Err(_) => "junk ".to_owned(),
        })
        .collect()
}

pub(crate) fn sent(frame: &ClientToRelay) -> String {
    match frame {
        ClientToRelay::School(_) => "school".to_owned(),
        ClientToRelay::Erased(stone) => format!("tombstone of {}", short(&stone.thread)),
        ClientToRelay::Hello(hello) => {
            format!("hello {:?} {:?}", hello.generation, hello.digest)
        }
        ClientToRelay::Push(push) => {
            format!("push {} {}", short(&push.thread), kinds(push.items.iter().map(|i| &**i)))
        }
        ClientToRelay::Cursors(cursors) => {
            let list: String = cursors
                .cursors
                .iter()
                .map(|cursor| format!("{}@{} ", short(&cursor.thread), cursor.seq))
                .collect();
            format!("cursors {list}{}", if cursors.last { "." } else { "" })
        }
        ClientToRelay::Evidence(evidence) => {
            let cursor = evidence.proof.cursor;
            format!("evidence {}@{}", short(&cursor.thread), cursor.seq)
        }
        ClientToRelay::Claim(claim) => {
            let list: String = claim
                .moved
                .iter()
                .map(|cursor| format!("{}@{} ", short(&cursor.thread), cursor.seq))
                .collect();
            format!("claim {list}")
        }
        ClientToRelay::Acknowledge(ack) => {
            format!("ack {}@{} except {}", short(&ack.thread), ack.seq, ack.except.len())
        }
        ClientToRelay::MailPut(put) => format!("mail to {:?}", put.mailbox),
        ClientToRelay::MailWatch(watch) => format!("watches {} mailboxes", watch.mailboxes.len()),
        ClientToRelay::MailDrop(drop) => format!("drops mail in {:?}", drop.mailbox),
        ClientToRelay::ReceiptRequest(request) => {
            format!("asks for {} receipts in {}", request.seqs.len(), short(&request.thread))
        }
        ClientToRelay::Receipt(receipt) => {
            format!("shows a receipt of {}@{}", short(&receipt.thread), receipt.seq)
        }
    }
}

pub(crate) fn said(frame: &RelayToClient) -> String {
    match frame {
        RelayToClient::School(_) => "school".to_owned(),
        RelayToClient::Erased(stone) => format!("tombstone of {}", short(&stone.thread)),
        RelayToClient::Greeting(greeting) => {
            format!("greeting {:?} matched {}", greeting.generation, greeting.matched)
        }
        RelayToClient::Receipts(batch) => {
            let seqs: String = batch.items.iter().map(|(_, seq)| format!("@{seq} ")).collect();
            format!("receipts {seqs}")
        }
        RelayToClient::Refused(refused) => {
            format!("refuses {:?}: {}", refused.item, refused.reason)
        }
        RelayToClient::Deliver(deliver) => format!(
            "delivers {}@{} {}",
            short(&deliver.thread),
            deliver.first,
            kinds(deliver.items.iter().map(|i| &**i))
        ),
        RelayToClient::OffChain(thread) => format!("off chain {}", short(thread)),
        RelayToClient::UnknownThread(thread) => format!("unknown thread {}", short(thread)),
        RelayToClient::CaughtUp => "caught up".to_owned(),
        RelayToClient::CursorsSigned(_) => "cursors signed".to_owned(),
        RelayToClient::ClaimRefused => "claim refused".to_owned(),
        RelayToClient::Acknowledged(revision, ack) => {
            format!("ack r{revision} {}@{}", short(&ack.thread), ack.seq)
        }
        RelayToClient::Mail(mail) => format!("mail {} letters", mail.letters.len()),
        RelayToClient::MailStored(stored) => format!("mail stored {:?}", stored.mailbox),
        RelayToClient::Closing(why) => format!("closing: {why}"),
    }
}
