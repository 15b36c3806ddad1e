//! A thread is begun.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{
    ItemHash, RosterLink, Seq, Statement, ThreadId, ThreadKind, limits::MAX_NAME_BYTES,
};

use crate::{
    Answer, Engine, Trouble,
    engine::random,
    record::{Deed, KeysRecord, RosterRecord, ThreadRecord},
    session::Phase,
    state::{Loaded, Thread},
    thread::ThreadDoc,
    view::InboxRow,
};

impl Engine {
    pub(crate) fn found_thread(
        &mut self,
        title: &str,
        kind: ThreadKind,
    ) -> Result<Answer, Trouble> {
        self.check_becoming()?;
        let title = title.trim();
        if title.is_empty() {
            return Err(Trouble::NotAllowed("a thread needs a title: whom is it about?"));
        }
        if title.len() > MAX_NAME_BYTES {
            return Err(Trouble::TooLong { bytes: title.len(), max: MAX_NAME_BYTES });
        }
        let founder = self.card(self.me.role);
        let nonce = random(&mut self.rng);
        let statement = Statement::Genesis { kind, nonce, founder };
        let genesis = RosterLink::found(&self.me.identity, self.now, statement).to_item();
        let id = ThreadId::of_genesis(&genesis);
        let hash = ItemHash::of(&genesis);
        self.begin_thread(id, KeysRecord::default(), vec![genesis], ThreadDoc::begin())?;
        self.found_group(&id, &hash).map_err(|e| Trouble::Damaged(e.to_string()))?;
        if self.session.phase == Phase::Live {
            self.push_links(&id);
        }
        let (title, name) = (title.to_owned(), self.me.name.clone());
        self.act(&id, Deed::Begin { title, name })?;
        self.name_thread(&id);
        Ok(Answer::Founded(id))
    }

    /// Puts a new thread beside the others.
    pub(crate) fn begin_thread(
        &mut self,
        id: ThreadId,
        keys: KeysRecord,
        links: Vec<Vec<u8>>,
        doc: ThreadDoc,
    ) -> Result<(), Trouble> {
        let record = ThreadRecord {
            unmet_links: links.iter().map(|link| ItemHash::of(link)).collect(),
            seq: Seq(0),
            chain: tandem_proto::ChainHash::start(&id),
            acks: 0,
            unmet: Vec::new(),
            unmet_all: false,
            era: 0,
            except: Vec::new(),
            unreceipted: Vec::new(),
            others: Seq(0),
            acked: None,
            first_change: 0,
            next_change: 0,
            next_item: 0,
            folded_by: None,
            other_log: BTreeSet::new(),
            heads: BTreeMap::new(),
            said: Seq(0),
            quiet: None,
        };
        let links = RosterRecord { links, receipts: Vec::new() };
        let mut thread = Thread::new(id, record, links, keys, InboxRow::blank(id))
            .map_err(|e| Trouble::Damaged(e.to_string()))?;
        thread.loaded = Some(Loaded::begin(doc));
        // What goes in from here on goes in as it counts.
        thread.record.folded_by = thread.cast.last_words();
        self.threads.insert(id, thread);
        self.in_memory.insert(id);
        self.keep_thread(&id);
        self.keep_roster(&id);
        self.keep_keys(&id);
        self.touched.insert(id);
        Ok(())
    }
}
