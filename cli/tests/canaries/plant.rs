//! A word where none should be, put there as a fault of ours would: without it, a search that finds
//! nothing proves nothing.

use std::{net::SocketAddr, path::Path, time::Duration};

use quinn::Endpoint;
use tandem_client::{PhoneStore, Store};
use tandem_engine::{Batch, Key, Write};
use tandem_proto::{
    ClientToRelay, Decoded, FrameReader, Hello, Letter, MailPut, MailboxId, PROTOCOL, RelayLink,
    RelayToClient, SecretKey, Wire, cursor_digest, cursor_root,
};
use tandem_quic::Pin;

/// Leaves a letter that nobody sealed in a mailbox of the relay.
pub(crate) fn letter(relay: &RelayLink, word: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
        let key = SecretKey::from_seed([0xca; 32]);
        let config = tandem_quic::client(Some(&key), &Pin::new(relay.key), Duration::ZERO).unwrap();
        let address: SocketAddr = relay.address.as_str().parse().unwrap();
        let dialled = endpoint.connect_with(config, address, tandem_quic::SERVER_NAME).unwrap();
        let connection = dialled.await.unwrap();
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        let digest = cursor_digest(&cursor_root([]), 0);
        let hello = Hello { version: PROTOCOL, generation: None, digest };
        let letter = Letter::try_from(format!("dear {word}").into_bytes()).unwrap();
        let put = MailPut { mailbox: MailboxId::new([0xca; 16]), letter };
        send.write_all(&ClientToRelay::Hello(hello).to_bytes()).await.unwrap();
        send.write_all(&ClientToRelay::MailPut(put).to_bytes()).await.unwrap();
        let mut frames = FrameReader::new();
        loop {
            while let Some(frame) = frames.next_frame().unwrap() {
                if matches!(frame, Decoded::Frame(RelayToClient::MailStored(_))) {
                    return;
                }
            }
            let chunk = recv.read_chunk(1 << 16, true).await.unwrap().expect("the relay answers");
            frames.feed(&chunk.bytes);
        }
    });
}

/// Writes a record that nobody sealed into a home's files. It can't be opened any more.
pub(crate) fn record(home: &Path, word: &str) {
    let store = PhoneStore::open(&home.join("store")).unwrap();
    let mut batch = Batch::new();
    batch.push(Write::Put(Key::new(vec![18; 33]), word.as_bytes().to_vec()));
    store.commit(&batch).unwrap();
}
