//! `/metrics` and `/health` on a loopback port: as much HTTP as a scraper needs.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use crate::metrics::Metrics;

/// A scraper's request is some hundred bytes.
const MAX_REQUEST: usize = 4096;
const MAX_CLIENTS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the relay can store things.
#[derive(Debug, Clone, Default)]
pub(crate) struct Health(Arc<AtomicBool>);

impl Health {
    /// Says whether the store works.
    pub(crate) fn set(&self, well: bool) {
        self.0.store(well, Ordering::Relaxed);
    }

    fn well(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Answers until it is aborted.
pub(crate) async fn serve(listener: TcpListener, metrics: Metrics, health: Health) {
    let clients = Arc::new(Semaphore::new(MAX_CLIENTS));
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the admin port can't accept");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        // Over its few clients the port just closes: scrapers come again.
        let Ok(permit) = clients.clone().try_acquire_owned() else { continue };
        let (metrics, health) = (metrics.clone(), health.clone());
        tokio::spawn(async move {
            // A client that breaks off is its own affair.
            let _ = timeout(PATIENCE, answer(stream, &metrics, &health)).await;
            drop(permit);
        });
    }
}

async fn answer(mut stream: TcpStream, metrics: &Metrics, health: &Health) -> io::Result<()> {
    let mut request = Vec::new();
    let mut piece = [0; 512];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let n = stream.read(&mut piece).await?;
        if n == 0 || request.len() + n > MAX_REQUEST {
            break;
        }
        request.extend_from_slice(&piece[..n]);
    }
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let (status, body) = match line {
        b"GET /metrics HTTP/1.1" | b"GET /metrics HTTP/1.0" => ("200 OK", metrics.render()),
        b"GET /health HTTP/1.1" | b"GET /health HTTP/1.0" if health.well() => {
            ("200 OK", "ok\n".to_owned())
        }
        b"GET /health HTTP/1.1" | b"GET /health HTTP/1.0" => {
            ("503 Service Unavailable", "the store can't be written\n".to_owned())
        }
        _ => ("404 Not Found", "/metrics or /health\n".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; version=0.0.4\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
