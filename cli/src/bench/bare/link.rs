//! A connection to the bare relay.

use std::{net::SocketAddr, time::Duration};

use quinn::{Connection, Endpoint, RecvStream, SendStream};
use tandem_proto::RelayKey;

use super::{Cutter, Kind, frame};
use crate::{
    bench::quic::{self, broken},
    error::Failure,
};

/// Where and how to dial.
#[derive(Debug, Clone, Copy)]
pub(in crate::bench) struct Wire {
    pub(in crate::bench) address: SocketAddr,
    pub(in crate::bench) relay: RelayKey,
    /// As a phone remembers it from last time.
    pub(in crate::bench) round_trip: Duration,
}

/// A connection to the bare relay.
#[derive(Debug)]
pub(in crate::bench) struct Link {
    connection: Connection,
    send: SendStream,
    recv: RecvStream,
    cutter: Cutter,
}

impl Link {
    pub(in crate::bench) async fn dial(endpoint: &Endpoint, wire: &Wire) -> Result<Self, Failure> {
        let Wire { address, relay, round_trip } = *wire;
        let connection = quic::dial(endpoint, address, relay, None, round_trip).await?;
        let (send, recv) = connection.open_bi().await.map_err(broken)?;
        Ok(Self { connection, send, recv, cutter: Cutter::default() })
    }

    /// Appends items, one frame each, in one write.
    pub(in crate::bench) async fn append(&mut self, items: &[Vec<u8>]) -> Result<(), Failure> {
        let frames: Vec<Vec<u8>> = items.iter().map(|item| frame(Kind::Append, item)).collect();
        self.send.write_all(&frames.concat()).await.map_err(broken)
    }

    /// Waits until at least one item is durable; how many are, that were not before.
    pub(in crate::bench) async fn done(&mut self) -> Result<usize, Failure> {
        self.expect(Kind::Done).await
    }

    /// Waits until so many items are durable.
    pub(in crate::bench) async fn all_done(&mut self, mut left: usize) -> Result<(), Failure> {
        while left > 0 {
            left = left.saturating_sub(self.done().await?);
        }
        Ok(())
    }

    /// Asks something of so many bytes and waits for as long an answer.
    pub(in crate::bench) async fn ask(&mut self, bytes: usize) -> Result<(), Failure> {
        self.send.write_all(&frame(Kind::Ask, &vec![7; bytes])).await.map_err(broken)?;
        self.expect(Kind::Answer).await.map(|_| ())
    }

    /// Follows what others append.
    pub(in crate::bench) async fn follow(&mut self) -> Result<(), Failure> {
        self.send.write_all(&frame(Kind::Follow, b"")).await.map_err(broken)?;
        self.expect(Kind::Answer).await.map(|_| ())
    }

    /// Waits for something that another appended.
    pub(in crate::bench) async fn news(&mut self) -> Result<usize, Failure> {
        self.expect(Kind::News).await
    }

    /// Hangs up; bytes in datagrams, sent and received.
    pub(in crate::bench) fn hang_up(self) -> (u64, u64) {
        self.connection.close(0u32.into(), b"bye");
        self.bytes()
    }

    pub(in crate::bench) fn bytes(&self) -> (u64, u64) {
        let stats = self.connection.stats();
        (stats.udp_tx.bytes, stats.udp_rx.bytes)
    }

    /// Waits for at least one frame of a kind; how many of it were there.
    async fn expect(&mut self, wanted: Kind) -> Result<usize, Failure> {
        loop {
            let mut count = 0;
            while let Some((kind, _)) = self.cutter.next() {
                count += usize::from(kind == wanted);
            }
            if count > 0 {
                return Ok(count);
            }
            let chunk = self.recv.read_chunk(64 << 10, true).await.map_err(broken)?;
            let chunk = chunk.ok_or_else(|| broken("the bare relay ended the stream"))?;
            self.cutter.feed(&chunk.bytes);
        }
    }
}
