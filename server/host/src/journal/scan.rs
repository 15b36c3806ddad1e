//! Reads a journal from its beginning to its end, or to where it is damaged. Writes nothing.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, BufReader, Read as _},
    path::{Path, PathBuf},
};

use tandem_relay::Record;

use super::{
    Header, HeaderError, JournalError, JournalId, Mark, Position, SegmentKey, Span,
    format::{HEADER, MAX_PAYLOAD, PREFIX},
    read_header, segment_path,
};

/// One record and where it stands.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) span: Span,
    pub(crate) mark: Mark,
    pub(crate) record: Record,
}

/// Where the readable part ends.
#[derive(Debug, Clone)]
pub(crate) struct End {
    /// The journal's id; `None` when nothing of a journal could be read.
    pub(crate) journal: Option<JournalId>,
    /// Where the next record belongs.
    pub(crate) at: Position,
    /// What is wrong there; `None` when the journal just ends.
    pub(crate) damage: Option<&'static str>,
}

struct Segment {
    path: PathBuf,
    number: u32,
    len: u64,
    key: SegmentKey,
    reader: BufReader<File>,
}

/// A reading of a journal.
pub(crate) struct Scan {
    dir: PathBuf,
    waiting: VecDeque<u32>,
    segment: Option<Segment>,
    end: End,
    done: bool,
}

impl Scan {
    /// Begins to read the journal in `dir`. No folder is an empty journal.
    ///
    /// # Errors
    /// [`JournalError::Newer`] before anything else, whichever segment says so.
    pub(crate) fn open(dir: &Path) -> Result<Self, JournalError> {
        let waiting = segments(dir)?;
        for &number in &waiting {
            let path = segment_path(dir, number);
            let header = File::open(&path).and_then(|file| read_header(&file));
            if let Err(HeaderError::Newer(version)) = header.map_err(io_at(&path))? {
                return Err(JournalError::Newer { path, version });
            }
        }
        let at = Position { segment: 1, offset: 0 };
        Ok(Self {
            dir: dir.to_owned(),
            waiting: waiting.into(),
            segment: None,
            end: End { journal: None, at, damage: None },
            done: false,
        })
    }

    /// Where the readable part ends, once [`Scan::next`] has said `None`.
    pub(crate) fn end(&self) -> &End {
        &self.end
    }

    /// The next record, or `None` at the end.
    ///
    /// # Errors
    /// [`JournalError`] when the file system fails or a newer version wrote a record.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, JournalError> {
        while !self.done {
            let Some(mut segment) = self.segment.take() else {
                self.next_segment()?;
                continue;
            };
            let offset = self.end.at.offset;
            match read_record(&mut segment, offset, self.waiting.is_empty()) {
                Ok(Step::Record(mark, payload)) => {
                    let Ok((record, [])) = postcard::take_from_bytes(&payload) else {
                        return Err(JournalError::NewerRecord { path: segment.path, offset });
                    };
                    let at = Position { segment: segment.number, offset };
                    let len = PREFIX + payload.len();
                    let len = u32::try_from(len).expect("a payload is far below 4 GiB");
                    let span = Span { at, len };
                    self.end.at = span.end();
                    self.segment = Some(segment);
                    return Ok(Some(Entry { span, mark, record }));
                }
                Ok(Step::End) => {}
                Ok(Step::Damage(what)) => self.end.damage = Some(what),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    self.end.damage = Some("the file ends in a record");
                }
                Err(source) => return Err(JournalError::Io { path: segment.path, source }),
            }
            self.done = self.end.damage.is_some();
        }
        self.done = true;
        Ok(None)
    }

    fn next_segment(&mut self) -> Result<(), JournalError> {
        let Some(number) = self.waiting.pop_front() else {
            self.done = true;
            return Ok(());
        };
        let path = segment_path(&self.dir, number);
        let file = File::open(&path).map_err(io_at(&path))?;
        let len = file.metadata().map_err(io_at(&path))?.len();
        let header = read_header(&file).map_err(io_at(&path))?;
        // Headers were looked at before: a newer one can only have come since, and is no damage,
        // but neither is there anything to go on with.
        let fits = |header: &Header| match self.end.journal {
            None => number == 1 && header.segment == 1,
            Some(journal) => {
                header.journal == journal
                    && header.segment == number
                    && number == self.end.at.segment + 1
                    && header.previous_len == self.end.at.offset
            }
        };
        match header {
            Ok(header) if fits(&header) => {
                let mut reader = BufReader::with_capacity(256 << 10, file);
                let mut skipped = [0; HEADER];
                reader.read_exact(&mut skipped).map_err(io_at(&path))?;
                let key = SegmentKey::new(&header.journal, number);
                self.end.journal = Some(header.journal);
                self.end.at = Position { segment: number, offset: HEADER as u64 };
                self.segment = Some(Segment { path, number, len, key, reader });
            }
            Ok(_) => self.stop("a segment does not follow the one before"),
            Err(_) => self.stop("a segment's header is damaged"),
        }
        Ok(())
    }

    fn stop(&mut self, what: &'static str) {
        self.end.damage = Some(what);
        self.done = true;
    }
}

enum Step {
    Record(Mark, Vec<u8>),
    End,
    Damage(&'static str),
}

fn read_record(segment: &mut Segment, offset: u64, newest: bool) -> io::Result<Step> {
    let left = segment.len.saturating_sub(offset);
    if left == 0 {
        return Ok(Step::End);
    }
    let mut prefix = [0; PREFIX];
    let there = usize::try_from(left).map_or(PREFIX, |left| left.min(PREFIX));
    segment.reader.read_exact(&mut prefix[..there])?;
    if prefix == [0; PREFIX] {
        return zeros_to_the_end(&mut segment.reader, newest);
    }
    if there < PREFIX {
        return Ok(Step::Damage("the file ends in a record"));
    }
    let (len, mark) = prefix.split_at(4);
    let len = u32::from_le_bytes(len.try_into().expect("split at 4")) as usize;
    if len == 0 || len > MAX_PAYLOAD {
        return Ok(Step::Damage("a record's length can't be"));
    }
    if (PREFIX + len) as u64 > left {
        return Ok(Step::Damage("the file ends in a record"));
    }
    let mut payload = vec![0; len];
    segment.reader.read_exact(&mut payload)?;
    let mark: Mark = mark.try_into().expect("12 less 4");
    if segment.key.mark(offset, &payload) != mark {
        return Ok(Step::Damage("a record's checksum does not hold"));
    }
    Ok(Step::Record(mark, payload))
}

/// Zeros to the end are space taken ahead, in the newest segment; anything else is damage.
fn zeros_to_the_end(reader: &mut BufReader<File>, newest: bool) -> io::Result<Step> {
    if !newest {
        return Ok(Step::Damage("a segment ends before its end"));
    }
    let mut bytes = [0; 4096];
    loop {
        match reader.read(&mut bytes)? {
            0 => return Ok(Step::End),
            n if bytes[..n].iter().all(|b| *b == 0) => {}
            _ => return Ok(Step::Damage("zeros between records")),
        }
    }
}

/// The numbers of the segments in a folder, in order.
pub(super) fn segments(dir: &Path) -> Result<Vec<u32>, JournalError> {
    let listing = match fs::read_dir(dir) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_at(dir)(error)),
    };
    let mut numbers = Vec::new();
    for file in listing {
        let name = file.map_err(io_at(dir))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".log"));
        numbers.extend(number.filter(|n| n.len() == 8).and_then(|n| n.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_owned();
    move |source| JournalError::Io { path, source }
}
