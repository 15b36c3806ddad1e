//! What whoever keeps records is told: a line for each thing that happened. No names, titles or
//! words: such lines end in a system's journal, which others read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tandem_client::LinkState;
use tandem_engine::{EntryId, InboxRow, LastLine, ThreadRow, UpkeepRow};
use tandem_proto::{ThreadId, Timestamp};

use crate::{clock, error::Failure, home::Home, plain, rows::short, words};

/// Something that happened.
#[derive(Debug)]
pub(super) struct News {
    at: Timestamp,
    event: String,
    thread: Option<ThreadId>,
    /// Beside event, thread and time.
    more: Value,
    /// For people.
    pub(super) text: String,
}

impl News {
    fn new(event: &str, thread: Option<ThreadId>, more: Value, text: String) -> Self {
        Self { at: clock::now(), event: event.to_owned(), thread, more, text }
    }

    /// How the line is.
    pub(super) fn of_line(state: &LinkState) -> Option<Self> {
        let (name, text) = (words::link_name(state)?, words::link(state)?);
        Some(Self::new("line", None, json!({ "state": name }), text.to_owned()))
    }

    /// For scripts.
    pub(super) fn document(&self) -> Value {
        let thread = self.thread.map(|thread| thread.to_string());
        let mut out = json!({ "event": self.event, "thread": thread, "at": self.at.0 });
        if let (Value::Object(out), Value::Object(more)) = (&mut out, &self.more) {
            out.extend(more.clone());
        }
        out
    }

    /// For people.
    pub(super) fn line(&self) -> String {
        let thread = self.thread.map_or_else(String::new, |thread| format!("{}  ", short(thread)));
        let (day, time) = (clock::day(self.at), clock::time(self.at));
        format!("{day} {time}  {thread}{}", plain::line(&self.text))
    }
}

/// What was told of a thread so far.
#[derive(Debug, Default)]
struct Told {
    links: u64,
    last: Option<LastLine>,
    unseen: u32,
    rows: BTreeSet<EntryId>,
    given: usize,
    is_in: bool,
    unreadable: bool,
}

/// What was told so far.
#[derive(Debug, Default)]
pub(super) struct Ledger(BTreeMap<ThreadId, Told>);

impl Ledger {
    /// What is here already is no news.
    pub(super) async fn begin(home: &Home) -> Result<(Self, News), Failure> {
        let mut ledger = Self::default();
        ledger.look(home).await?;
        let threads = ledger.0.values().filter(|told| told.is_in).count();
        let count = words::count(threads as u64, "thread", "threads");
        let text = format!("Keeps the records of {count}.");
        Ok((ledger, News::new("begun", None, json!({ "threads": threads }), text)))
    }

    /// Looks at all threads and says what is new.
    pub(super) async fn look(&mut self, home: &Home) -> Result<Vec<News>, Failure> {
        let mut news = Vec::new();
        let (inbox, _) = home.inbox().await?;
        for upkeep in home.upkeep().await? {
            let Some(row) = inbox.iter().find(|row| row.thread == upkeep.thread) else { continue };
            let told = self.0.get(&upkeep.thread);
            if told.is_some_and(|told| told.is_old(row, &upkeep)) {
                continue;
            }
            let known = self.0.entry(upkeep.thread).or_default();
            news.extend(known.look(home, row, &upkeep).await?);
        }
        Ok(news)
    }
}

impl Told {
    fn is_old(&self, row: &InboxRow, upkeep: &UpkeepRow) -> bool {
        (self.links, self.is_in, self.unseen) == (upkeep.links, upkeep.is_in, row.unseen)
            && self.last == row.last
    }

    async fn look(
        &mut self,
        home: &Home,
        row: &InboxRow,
        upkeep: &UpkeepRow,
    ) -> Result<Vec<News>, Failure> {
        let thread = Some(row.thread);
        let mut news = Vec::new();
        let rows = match home.rows(row.thread).await {
            Ok((_, rows)) => rows,
            Err(Failure::Trouble(trouble)) if !self.unreadable => {
                self.unreadable = true;
                let more = json!({ "why": trouble.to_string() });
                return Ok(vec![News::new("unreadable", thread, more, trouble.to_string())]);
            }
            Err(Failure::Trouble(_)) => return Ok(news),
            Err(other) => return Err(other),
        };
        let first = self.links == 0;
        let fresh: Vec<&ThreadRow> =
            rows.iter().filter(|row| !self.rows.contains(&row.entry)).collect();
        let entries = fresh.iter().filter(|row| row.is_entry()).count();
        let (count, more) = (entries as u64, json!({ "entries": entries }));
        if first {
            let said = words::count(count, "entry was", "entries were");
            let text = format!("This home was let in. {said} said before.");
            news.push(News::new("let_in", thread, more, text));
        } else {
            if entries > 0 {
                let text = words::count(count, "entry more.", "entries more.");
                news.push(News::new("entries", thread, more, text));
            }
            news.extend(fresh.iter().filter(|row| !row.is_entry()).map(|row| roster(thread, row)));
        }
        news.extend(upkeep.given.iter().skip(self.given).filter(|_| !first).map(|given| {
            let person = given.to.as_ref().map(|to| to.person.to_string());
            let whose =
                given.to.as_ref().map_or_else(|| "a member".to_owned(), |to| words::role(to.role));
            let device = given.device.to_string();
            let text = format!("Gave a {whose}'s device its place back [{}].", short(&device));
            News::new("seat_given", thread, json!({ "device": device, "person": person }), text)
        }));
        if self.is_in && !upkeep.is_in {
            let text = "This home was taken out. It reads nothing that is said from now on.";
            news.push(News::new("out", thread, json!({}), text.to_owned()));
        }
        self.rows.extend(rows.iter().map(|row| row.entry));
        (self.links, self.is_in, self.unseen) = (upkeep.links, upkeep.is_in, row.unseen);
        (self.given, self.unreadable) = (upkeep.given.len(), false);
        self.last.clone_from(&row.last);
        Ok(news)
    }
}

/// Somebody came or went.
fn roster(thread: Option<ThreadId>, row: &ThreadRow) -> News {
    let field = |name: &str| row.fields.get(name).map(String::as_str);
    let (event, role) = (field("event").unwrap_or_default(), field("role").unwrap_or_default());
    let person = field("person").unwrap_or_default();
    let text = format!("{}: {role} [{}].", words::label(event), short(person));
    News::new(event, thread, json!({ "person": person, "role": role }), text)
}
