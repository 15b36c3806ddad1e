//! The bare relay itself.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use quinn::{Incoming, SendStream};
use serde_json::json;
use tandem_proto::{RelayKey, RelayLink, SecretKey};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Cutter, Kind, frame};
use crate::{bench::quic, error::Failure, out};

/// What is written with one sync at most.
const GROUP_BYTES: usize = 4 << 20;

/// What a connection asks of the one that writes.
enum Job {
    Append(u64, Vec<u8>, UnboundedSender<Vec<u8>>),
    Follow(u64, UnboundedSender<Vec<u8>>),
    Gone(u64),
}

/// Serves until the process is ended.
pub(in crate::bench) async fn serve(data: &Path) -> Result<(), Failure> {
    fs::create_dir_all(data)?;
    let key = SecretKey::from_seed([0xba; 32]);
    let endpoint = quic::listen(&key)?;
    let listen = endpoint.local_addr()?;
    let file = File::options().create(true).append(true).open(data.join("log"))?;
    let (jobs, queue) = channel();
    thread::spawn(move || {
        if let Err(error) = write(file, &queue) {
            eprintln!("tandem: the bare relay's log failed: {error}");
            std::process::exit(1);
        }
    });
    let relay =
        RelayLink { address: listen.to_string().parse()?, key: RelayKey::new(key.public()) };
    out::line(&json!({ "link": relay.to_string(), "listen": listen.to_string() }).to_string())?;
    let mut last = 0;
    while let Some(incoming) = endpoint.accept().await {
        last += 1;
        let (number, jobs) = (last, jobs.clone());
        tokio::spawn(async move {
            // Who hung up is served no more; that is all there is to say.
            let _ = converse(incoming, number, &jobs).await;
            let _ = jobs.send(Job::Gone(number));
        });
    }
    Ok(())
}

async fn converse(incoming: Incoming, number: u64, jobs: &Sender<Job>) -> Result<(), Failure> {
    let connection = incoming.await.map_err(quic::broken)?;
    let (send, mut recv) = connection.accept_bi().await.map_err(quic::broken)?;
    let (out, queue) = unbounded_channel();
    let writer = tokio::spawn(speak(send, queue));
    let mut cutter = Cutter::default();
    while let Ok(Some(chunk)) = recv.read_chunk(64 << 10, true).await {
        cutter.feed(&chunk.bytes);
        while let Some((kind, body)) = cutter.next() {
            // The writer outlives every connection.
            let _ = match kind {
                Kind::Append => jobs.send(Job::Append(number, body.to_vec(), out.clone())),
                Kind::Follow => {
                    let _ = out.send(frame(Kind::Answer, b""));
                    jobs.send(Job::Follow(number, out.clone()))
                }
                Kind::Ask => {
                    let _ = out.send(frame(Kind::Answer, body));
                    Ok(())
                }
                Kind::Done | Kind::Answer | Kind::News => Ok(()),
            };
        }
    }
    writer.abort();
    Ok(())
}

async fn speak(mut send: SendStream, mut queue: UnboundedReceiver<Vec<u8>>) {
    while let Some(mut bytes) = queue.recv().await {
        while let Ok(more) = queue.try_recv() {
            bytes.extend_from_slice(&more);
        }
        if send.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// One write and one sync for all that waits, then the answers, then the news.
fn write(mut file: File, queue: &Receiver<Job>) -> io::Result<()> {
    let mut followers: BTreeMap<u64, UnboundedSender<Vec<u8>>> = BTreeMap::new();
    while let Ok(first) = queue.recv() {
        let (mut group, mut bytes) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Append(from, body, out) => {
                    bytes.extend_from_slice(&body);
                    group.push((from, body, out));
                }
                Job::Follow(from, out) => drop(followers.insert(from, out)),
                Job::Gone(from) => drop(followers.remove(&from)),
            }
            next = if bytes.len() < GROUP_BYTES { queue.try_recv().ok() } else { None };
        }
        if group.is_empty() {
            continue;
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
        for (from, body, out) in group {
            // A connection that is gone has its words in the log all the same.
            let _ = out.send(frame(Kind::Done, b""));
            for (_, follower) in followers.iter().filter(|(follower, _)| **follower != from) {
                let _ = follower.send(frame(Kind::News, &body));
            }
        }
    }
    Ok(())
}
