//! The thread that reads items back: positions from the index, bytes from the journal, each
//! checked before it is believed.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
};

use tandem_proto::{Seq, ThreadId};
use tandem_relay::{ReadId, Record};
use tokio::sync::mpsc::UnboundedSender;

use super::{Index, StoreEvent};
use crate::journal::{SegmentKey, Span, read_header, segment_path};

/// Segments that are kept open.
const OPEN_SEGMENTS: usize = 16;

/// A question of the core.
#[derive(Debug)]
pub(crate) struct ReadRequest {
    /// Which core asks.
    pub(crate) core: u64,
    /// Its number for the question.
    pub(crate) id: ReadId,
    /// Whose log.
    pub(crate) thread: ThreadId,
    /// From where.
    pub(crate) first: Seq,
    /// How many items at most.
    pub(crate) count: usize,
    /// About how many bytes at most, but at least one item.
    pub(crate) bytes: usize,
}

/// The reader's thread. Dropped, it ends after what it was asked.
#[derive(Debug)]
pub(crate) struct Reader {
    requests: Option<Sender<ReadRequest>>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts the thread over the journal in `dir`.
    pub(crate) fn start(
        dir: PathBuf,
        index: Arc<Index>,
        events: UnboundedSender<StoreEvent>,
    ) -> io::Result<Self> {
        let (requests, waiting) = channel();
        let thread =
            std::thread::Builder::new().name("tandem-reader".to_owned()).spawn(move || {
                let mut files = Files { dir, open: BTreeMap::new() };
                run(&mut files, &index, &waiting, &events);
            })?;
        Ok(Self { requests: Some(requests), thread: Some(thread) })
    }

    /// Asks. The answer comes as [`StoreEvent::Items`].
    pub(crate) fn read(&self, request: ReadRequest) {
        if let Some(requests) = &self.requests {
            let _ = requests.send(request);
        }
    }

    /// Waits until the thread has ended. Blocks.
    pub(crate) fn close(mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has been told by its own message.
            let _ = thread.join();
        }
    }
}

fn run(
    files: &mut Files,
    index: &Index,
    waiting: &Receiver<ReadRequest>,
    events: &UnboundedSender<StoreEvent>,
) {
    while let Ok(request) = waiting.recv() {
        let ReadRequest { core, id, thread, first, count, bytes } = request;
        let items = match index.places(thread, first, count, bytes) {
            Ok(places) => files.items(index, thread, &places),
            Err(error) => {
                tracing::error!(%error, %thread, "the index can't be asked");
                Vec::new()
            }
        };
        if items.is_empty() {
            tracing::error!(%thread, %first, "items of a log can't be read; restart the relay");
            index.distrust();
        }
        if events.send(StoreEvent::Items { core, id, items }).is_err() {
            return;
        }
    }
}

struct Files {
    dir: PathBuf,
    open: BTreeMap<u32, (File, SegmentKey)>,
}

impl Files {
    /// The items at these places, up to the first that is not what it should be.
    fn items(&mut self, index: &Index, thread: ThreadId, places: &[(Seq, Span)]) -> Vec<Vec<u8>> {
        let mut items = Vec::with_capacity(places.len());
        for (seq, span) in places {
            match self.item(thread, *seq, *span) {
                Ok(item) => items.push(item),
                Err(error) => {
                    tracing::error!(%error, %thread, %seq, "an item of a log can't be read");
                    self.open.remove(&span.at.segment);
                    index.distrust();
                    break;
                }
            }
        }
        items
    }

    fn item(&mut self, thread: ThreadId, seq: Seq, span: Span) -> io::Result<Vec<u8>> {
        let (file, key) = self.segment(span.at.segment)?;
        let mut record = vec![0; span.len as usize];
        file.read_exact_at(&mut record, span.at.offset)?;
        let payload = key
            .open(span.at.offset, &record)
            .ok_or_else(|| io::Error::other("its checksum does not hold"))?;
        match postcard::from_bytes(payload).map_err(io::Error::other)? {
            Record::Append { thread: of, seq: at, item, .. } if of == thread && at == seq => {
                Ok(item)
            }
            _ => Err(io::Error::other("another record stands there")),
        }
    }

    fn segment(&mut self, number: u32) -> io::Result<&(File, SegmentKey)> {
        if !self.open.contains_key(&number) && self.open.len() >= OPEN_SEGMENTS {
            // Catching up reads old segments in order: the oldest is done with first.
            self.open.pop_first();
        }
        match self.open.entry(number) {
            std::collections::btree_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let file = File::open(segment_path(&self.dir, number))?;
                let header = read_header(&file)?
                    .map_err(|_| io::Error::other("the segment's header is damaged"))?;
                let key = SegmentKey::new(&header.journal, number);
                Ok(entry.insert((file, key)))
            }
        }
    }
}
