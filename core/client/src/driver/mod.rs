//! The one loop that awaits and performs effects; nothing else does.
//!
//! It waits for whatever comes first: a request of the facade, the store, the link, the time. It
//! hands the engine one input, then performs every effect that comes out.

mod feed;
mod life;
mod perform;
mod request;
mod sync;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use tandem_engine::{
    Answer, Engine, InboxRow, Input, LinkFault, SyncReport, ThreadRow, Ticket, Watch, WatchId,
};
use tandem_proto::{Closing, RelayToClient, Timestamp};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

pub(crate) use feed::{Rows, feed};
pub(crate) use request::{FirstOpening, Goodbyes, Reply, Request, SyncId, Wish};

use self::{feed::Feed, life::Leaving, sync::PendingSync};
use crate::{
    ClientError, ClientOptions, HomeError, Notice, SyncError, UdpCounter,
    home::PathMemory,
    link::{Link, LinkEvent},
    store::{Opener, StoreEvent, StoreWorker},
};

/// Jobs that the store may be behind before nothing more is taken off the line.
const MAX_STORE_BACKLOG: usize = 1024;

/// Link events that wait for the driver; the line's own flow control holds back the rest.
const LINK_QUEUE: usize = 64;

/// A timer is looked at this often even if it is far away: clocks step.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Whether the relay is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkPhase {
    /// Not connected and not dialling just now.
    #[default]
    Offline,
    /// Dialling, or waiting for the relay's greeting.
    Dialing,
    /// The relay has greeted.
    Live,
}

/// How the connection stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkState {
    /// Whether the relay is there.
    pub phase: LinkPhase,
    /// Why the last connection or dial ended; `None` once the relay has greeted again.
    pub last_fault: Option<LinkFault>,
}

/// One open screen.
enum Screen {
    Inbox(Feed<InboxRow>),
    Thread(Watch, Feed<ThreadRow>),
}

impl Screen {
    fn watch(&self) -> Watch {
        match self {
            Self::Inbox(_) => Watch::Inbox,
            Self::Thread(watch, _) => watch.clone(),
        }
    }
}

/// Where the store and its engine are.
enum Phase {
    /// Being opened; requests wait.
    Opening,
    /// Being opened, and its inbox can be looked at already; wishes wait.
    Early(Box<Engine>),
    /// Open.
    Open(Box<Engine>),
    /// It failed and could not be opened again. Tried anew when somebody wants something, and by
    /// itself at this time.
    Broken(Instant),
    /// Closed on request, until resumed.
    Suspended,
}

/// What the driver shares with the facade.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) state: watch::Sender<LinkState>,
    pub(crate) counter: Arc<UdpCounter>,
    pub(crate) notices: Mutex<Vec<Notice>>,
}

pub(crate) struct Driver {
    options: ClientOptions,
    path: PathMemory,
    shared: Arc<Shared>,
    /// Moves whenever something became durable.
    changes: watch::Sender<()>,
    requests: mpsc::UnboundedReceiver<Request>,
    worker: StoreWorker,
    store_events: mpsc::UnboundedReceiver<StoreEvent>,
    link_sender: mpsc::Sender<(u64, LinkEvent)>,
    link_events: mpsc::Receiver<(u64, LinkEvent)>,

    phase: Phase,
    first_opening: Option<FirstOpening>,
    resuming: Vec<Reply<Result<(), HomeError>>>,
    leaving: Option<Leaving>,
    /// Wishes that came while the store was broken; done once it is open again.
    parked: VecDeque<Wish>,
    /// Jobs that the store has not answered.
    store_backlog: usize,

    tickets: BTreeMap<Ticket, Reply<Result<Answer, ClientError>>>,
    last_ticket: u64,
    screens: BTreeMap<WatchId, Screen>,
    /// Screens that fell behind and are to be watched anew.
    behind: Vec<WatchId>,

    link: Option<Link>,
    last_session: u64,
    /// Encoded frames of this turn; they leave together.
    outgoing: Vec<u8>,
    hung_up: bool,
    goodbyes: Goodbyes,

    /// What `set_online` said, and what the engine was told.
    wanted_online: bool,
    told_online: bool,
    syncs: Vec<PendingSync>,
    /// The last time named by the engine that was ticked without a timer.
    ticked: Option<Timestamp>,
    /// The last `Settled`, as long as nothing was sent since.
    settled: Option<SyncReport>,
}

impl Driver {
    /// A driver that opens its store first.
    pub(crate) fn new(
        opener: Opener,
        path: PathMemory,
        options: ClientOptions,
        shared: Arc<Shared>,
        changes: watch::Sender<()>,
        requests: mpsc::UnboundedReceiver<Request>,
        first_opening: FirstOpening,
    ) -> Result<Self, HomeError> {
        let (worker, store_events) = StoreWorker::start(opener)?;
        let (link_sender, link_events) = mpsc::channel(LINK_QUEUE);
        worker.open();
        Ok(Self {
            options,
            path,
            shared,
            changes,
            requests,
            worker,
            store_events,
            link_sender,
            link_events,
            phase: Phase::Opening,
            first_opening: Some(first_opening),
            resuming: Vec::new(),
            leaving: None,
            parked: VecDeque::new(),
            store_backlog: 0,
            tickets: BTreeMap::new(),
            last_ticket: 0,
            screens: BTreeMap::new(),
            behind: Vec::new(),
            link: None,
            last_session: 0,
            outgoing: Vec::new(),
            hung_up: false,
            goodbyes: Vec::new(),
            wanted_online: false,
            told_online: false,
            syncs: Vec::new(),
            ticked: None,
            settled: None,
        })
    }

    /// Runs until the client is closed or dropped.
    pub(crate) async fn run(mut self) {
        let mut open = true;
        while open {
            let takes_requests = self.leaving.is_none() && !matches!(self.phase, Phase::Opening);
            let takes_link = self.store_backlog < MAX_STORE_BACKLOG;
            let wake = self.next_wake();
            open = tokio::select! {
                event = self.store_events.recv() => match event {
                    Some(event) => self.on_store(event),
                    // The store's thread panicked; nothing can be kept any more.
                    None => false,
                },
                request = self.requests.recv(), if takes_requests => {
                    match request {
                        Some(request) => self.on_request(request),
                        None => self.leave(None, true),
                    }
                    true
                }
                Some((session, event)) = self.link_events.recv(), if takes_link => {
                    self.on_link(session, event);
                    true
                }
                () = sleep_until(wake) => {
                    self.on_wake();
                    true
                }
            };
            self.close_if_leaving();
        }
    }

    /// Hands the engine an input and performs what comes out.
    fn feed(&mut self, input: Input) {
        let now = self.options.clock.now();
        if let Phase::Open(engine) | Phase::Early(engine) = &mut self.phase {
            engine.handle(now, input);
            self.perform_all();
        }
    }

    fn on_request(&mut self, request: Request) {
        match request {
            Request::Wish(wish) => self.on_wish(wish),
            Request::WatchInbox(id, feed) => self.watch(id, Screen::Inbox(feed)),
            Request::WatchThread(id, watch, feed) => self.watch(id, Screen::Thread(watch, feed)),
            Request::Earlier(id, rows) => {
                // Kept for when it is shown anew.
                if let Some(Screen::Thread(Watch::Newest(_, shown, _), _)) =
                    self.screens.get_mut(&id)
                {
                    *shown = shown.saturating_add(rows);
                }
                self.feed(Input::Earlier(id, rows));
            }
            Request::Unwatch(id) => {
                self.screens.remove(&id);
                self.feed(Input::Unwatch(id));
            }
            Request::GiveUpSync(id) => self.give_up_sync(id),
            Request::SetOnline(online) => {
                self.wanted_online = online;
                self.update_online();
            }
            Request::NetworkChanged => self.network_changed(),
            Request::Suspend(reply) => self.leave(Some(reply), false),
            Request::Close(reply) => self.leave(Some(reply), true),
            Request::Resume(reply) => match self.phase {
                Phase::Open(_) | Phase::Opening => drop(reply.send(Ok(()))),
                Phase::Early(_) => self.resuming.push(reply),
                Phase::Suspended | Phase::Broken(_) => {
                    self.resuming.push(reply);
                    self.reopen();
                }
            },
        }
    }

    fn on_wish(&mut self, wish: Wish) {
        match (&self.phase, wish) {
            (Phase::Opening | Phase::Early(_) | Phase::Broken(_), wish) => {
                self.parked.push_back(wish);
                self.reopen();
            }
            (Phase::Suspended, Wish::Perform(_, reply) | Wish::Ask(_, reply)) => {
                drop(reply.send(Err(ClientError::Suspended)));
            }
            (Phase::Suspended, Wish::Sync(_, _, reply)) => {
                drop(reply.send(Err(SyncError::NotOpen)));
            }
            (Phase::Open(_), Wish::Perform(intent, reply)) => {
                let ticket = self.ticket(reply);
                self.feed(Input::Intent(ticket, intent));
            }
            (Phase::Open(_), Wish::Ask(query, reply)) => {
                let ticket = self.ticket(reply);
                self.feed(Input::Query(ticket, query));
            }
            (Phase::Open(_), Wish::Sync(id, patience, reply)) => {
                self.start_sync(id, patience, reply);
            }
        }
    }

    fn ticket(&mut self, reply: Reply<Result<Answer, ClientError>>) -> Ticket {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        self.tickets.insert(ticket, reply);
        ticket
    }

    fn watch(&mut self, id: WatchId, screen: Screen) {
        let watch = screen.watch();
        let early = matches!(self.phase, Phase::Early(_));
        self.screens.insert(id, screen);
        if !early || matches!(watch, Watch::Inbox) {
            self.feed(Input::Watch(id, watch));
        }
    }

    fn on_link(&mut self, session: u64, event: LinkEvent) {
        // A link that was hung up may still have something to say.
        if self.link.as_ref().is_none_or(|link| link.session != session) {
            return;
        }
        match event {
            LinkEvent::Up => self.feed(Input::LinkUp),
            LinkEvent::Frames(frames) => {
                for frame in frames {
                    let away = match &frame {
                        RelayToClient::Greeting(_) => {
                            self.greeted();
                            None
                        }
                        RelayToClient::Closing(
                            why @ (Closing::Suspended(_) | Closing::Removed(_)),
                        ) => Some(why.clone()),
                        _ => None,
                    };
                    self.feed(Input::Frame(frame));
                    if let Some(why) = away {
                        self.turned_away(why);
                    }
                }
            }
            LinkEvent::Down(fault) => {
                self.link = None;
                self.lost(fault);
            }
        }
    }

    fn network_changed(&mut self) {
        if let Some(link) = &self.link {
            link.rebind();
        } else if self.told_online {
            // Cuts a backoff short: the new network may reach what the old one did not.
            self.feed(Input::Online(true));
        }
    }

    /// When to look at timers next.
    fn next_wake(&self) -> Instant {
        let now = Instant::now();
        let mut wake = now + LONGEST_SLEEP;
        match &self.phase {
            Phase::Open(engine) => {
                if let Some(at) = engine.poll_timeout() {
                    // At least a millisecond: the two clocks don't tick together.
                    let left = at.since_ms(self.options.clock.now()).max(1);
                    wake = wake.min(now + Duration::from_millis(left).min(LONGEST_SLEEP));
                }
            }
            Phase::Broken(again) => wake = wake.min(*again),
            Phase::Opening | Phase::Early(_) | Phase::Suspended => {}
        }
        self.syncs.iter().fold(wake, |wake, sync| wake.min(sync.deadline))
    }

    fn on_wake(&mut self) {
        self.end_late_syncs();
        match &self.phase {
            Phase::Open(engine)
                if engine.poll_timeout().is_some_and(|at| at <= self.options.clock.now()) =>
            {
                self.feed(Input::Tick);
            }
            Phase::Broken(again) if *again <= Instant::now() => self.reopen(),
            _ => {}
        }
    }
}
