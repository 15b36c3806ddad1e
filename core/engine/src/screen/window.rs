//! How much of a thread a screen shows: the newest rows, and earlier ones as it asks for them.

use tandem_proto::Timestamp;

use crate::{Effect, Engine, EntryId, ThreadRow, ViewDiff, Watch, WatchId};

/// From which row on a screen shows a thread. That row stays the first while others come behind it, so that
/// nothing goes away under whoever reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// None: from the start, also what arrives late.
    first: Option<(Timestamp, EntryId)>,
}

impl Window {
    /// So many of the newest rows.
    pub(crate) fn newest(rows: &[ThreadRow], count: usize) -> Self {
        Self::from(rows, rows.len().saturating_sub(count.max(1)))
    }

    fn from(rows: &[ThreadRow], start: usize) -> Self {
        let first = rows.get(start).filter(|_| start > 0);
        Self { first: first.map(|row| (row.at, row.entry)) }
    }

    /// So many rows more.
    fn grown(self, rows: &[ThreadRow], by: usize) -> Self {
        Self::from(rows, self.before(rows).saturating_sub(by))
    }

    /// How many rows stand before it.
    pub(crate) fn before(&self, rows: &[ThreadRow]) -> usize {
        self.first.map_or(0, |first| rows.partition_point(|row| (row.at, row.entry) < first))
    }

    /// The rows that are shown.
    pub(crate) fn of<'a>(&self, rows: &'a [ThreadRow]) -> &'a [ThreadRow] {
        rows.get(self.before(rows)..).unwrap_or_default()
    }
}

impl Engine {
    /// Shows a screen what it opens with.
    pub(super) fn open_window(&mut self, watch: WatchId, rows: &[ThreadRow]) {
        let window = match self.watches.get(&watch) {
            Some(Watch::Newest(_, count, before)) => {
                let newest = Window::newest(rows, *count);
                // Nobody who has read further back is thrown to the end again.
                before.filter(|w| w.before(rows) <= newest.before(rows)).unwrap_or(newest)
            }
            _ => return self.out.say(Effect::ThreadView(watch, ViewDiff::Reset(rows.to_vec()))),
        };
        self.show_window(watch, window, rows);
    }

    fn show_window(&mut self, watch: WatchId, window: Window, rows: &[ThreadRow]) {
        self.windows.insert(watch, window);
        // First, so that whoever gets the rows knows already what stands before them.
        self.out.say(Effect::Window(watch, window, window.before(rows)));
        self.out.say(Effect::ThreadView(watch, ViewDiff::Reset(window.of(rows).to_vec())));
    }

    /// A screen wants so many rows more, before the first that it shows.
    pub(crate) fn show_earlier(&mut self, watch: WatchId, by: usize) {
        let Some(Watch::Newest(thread, count, _)) = self.watches.get_mut(&watch) else { return };
        // Where it is not shown yet, it begins with so many more.
        *count = count.saturating_add(by);
        let thread = *thread;
        let Some(window) = self.windows.get(&watch).copied() else { return };
        let Some(rows) = self.shown(&thread).and_then(Option::take) else { return };
        let grown = window.grown(&rows, by);
        if grown != window {
            self.show_window(watch, grown, &rows);
        }
        if let Some(shown) = self.shown(&thread) {
            *shown = Some(rows);
        }
    }

    /// Tells a screen how a thread's rows changed, as far as it shows them.
    pub(super) fn show_changes(&mut self, watch: WatchId, old: &[ThreadRow], new: &[ThreadRow]) {
        let (mut before, mut after) = (0, 0);
        if let Some(Watch::Newest(..)) = self.watches.get(&watch) {
            // It is about to be shown for the first time.
            let Some(window) = self.windows.get(&watch).copied() else { return };
            (before, after) = (window.before(old), window.before(new));
            if before != after {
                self.out.say(Effect::Window(watch, window, after));
            }
        }
        let old = old.get(before..).unwrap_or_default();
        let new = new.get(after..).unwrap_or_default();
        for diff in ViewDiff::between(old, new, |row| row.entry) {
            self.out.say(Effect::ThreadView(watch, diff));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

    use tandem_proto::{Role, ThreadId};

    use crate::{
        Answer, Effect, Engine, EntryId, Input, Intent, Query, Quote, ThreadRow, Ticket, ViewDiff,
        Watch, WatchId,
        scene::{self, NOW},
    };

    const SCREEN: WatchId = WatchId(1);

    /// A thread with as many entries, and a screen that shows the newest three rows.
    struct Scene {
        engine: Engine,
        thread: ThreadId,
        rows: Vec<ThreadRow>,
        earlier: usize,
    }

    impl Scene {
        fn new(entries: u64) -> Self {
            let mut engine = scene::engine("Ms Rivera", Role::Teacher);
            let thread = scene::found(&mut engine);
            let mut scene = Self { engine, thread, rows: Vec::new(), earlier: 0 };
            for n in 0..entries {
                scene.post(n, None);
            }
            scene.feed(n_minutes(entries), Input::Watch(SCREEN, Watch::Newest(thread, 3, None)));
            scene
        }

        fn post(&mut self, n: u64, answers: Option<EntryId>) -> EntryId {
            self.say(n, n.to_string(), answers)
        }

        fn say(&mut self, n: u64, text: String, answers: Option<EntryId>) -> EntryId {
            let fields = [("text".to_owned(), text)].into();
            let (thread, kind) = (self.thread, "message".to_owned());
            let intent = Intent::Post { thread, kind, fields, answers };
            let said = self.feed(n_minutes(n), Input::Intent(Ticket(n), intent));
            let said = said.into_iter().find_map(|effect| match effect {
                Effect::Answer(_, Ok(Answer::Said(entry, _))) => Some(entry),
                _ => None,
            });
            said.unwrap()
        }

        fn quote(&mut self, entry: EntryId) -> Option<Quote> {
            let query = Query::Quote(self.thread, entry);
            let said = self.feed(n_minutes(100), Input::Query(Ticket(100), query));
            let said = said.into_iter().find_map(|effect| match effect {
                Effect::Answer(Ticket(100), Ok(Answer::Quote(quote))) => Some(quote),
                _ => None,
            });
            said.unwrap()
        }

        fn earlier(&mut self, by: usize) {
            self.feed(n_minutes(100), Input::Earlier(SCREEN, by));
        }

        fn feed(&mut self, now: tandem_proto::Timestamp, input: Input) -> Vec<Effect> {
            let effects = scene::feed(&mut self.engine, now, input);
            for effect in &effects {
                match effect {
                    Effect::ThreadView(SCREEN, diff) => diff.clone().apply(&mut self.rows),
                    Effect::Window(SCREEN, _, count) => self.earlier = *count,
                    _ => {}
                }
            }
            effects
        }

        fn texts(&self) -> Vec<&str> {
            self.rows.iter().map(|row| row.fields["text"].as_str()).collect()
        }
    }

    fn n_minutes(n: u64) -> tandem_proto::Timestamp {
        NOW.plus_ms(60_000 * n)
    }

    #[test]
    fn a_screen_shows_the_newest_rows_and_earlier_ones_as_it_asks_for_them() {
        let mut scene = Scene::new(8);
        assert_eq!((scene.texts(), scene.earlier), (vec!["5", "6", "7"], 5));
        scene.earlier(3);
        assert_eq!((scene.texts(), scene.earlier), (vec!["2", "3", "4", "5", "6", "7"], 2));
        scene.earlier(3);
        assert_eq!((scene.texts().len(), scene.earlier), (8, 0), "all of it");
        let again = scene.feed(n_minutes(100), Input::Earlier(SCREEN, 3));
        assert!(again.is_empty(), "there is nothing earlier: {again:?}");
    }

    #[test]
    fn what_is_said_comes_behind_the_others_and_takes_none_away() {
        let mut scene = Scene::new(5);
        scene.post(5, None);
        assert_eq!((scene.texts(), scene.earlier), (vec!["2", "3", "4", "5"], 2));
    }

    #[test]
    fn a_row_quotes_what_it_answers_though_that_is_not_shown() {
        let mut scene = Scene::new(6);
        let first = scene.post(6, None);
        for n in 7..10 {
            scene.post(n, None);
        }
        let Scene { mut engine, thread, .. } = scene;
        let said = scene::feed(
            &mut engine,
            n_minutes(20),
            Input::Watch(WatchId(2), Watch::Newest(thread, 1, None)),
        );
        assert!(said.iter().any(|e| matches!(e, Effect::Window(WatchId(2), _, 9))), "{said:?}");
        let fields = [("text".to_owned(), "Yes".to_owned())].into();
        let kind = "message".to_owned();
        let intent = Intent::Post { thread, kind, fields, answers: Some(first) };
        let said = scene::feed(&mut engine, n_minutes(21), Input::Intent(Ticket(99), intent));
        let row = said.into_iter().find_map(|effect| match effect {
            Effect::ThreadView(WatchId(2), ViewDiff::Insert { row, .. }) => Some(row),
            _ => None,
        });
        let quoted = row.unwrap().quoted.unwrap();
        assert_eq!((quoted.author.name.as_str(), quoted.line.as_str()), ("Ms Rivera", "6"));
    }

    #[test]
    fn a_quote_is_one_short_line_of_an_entry_that_is_here() {
        let mut scene = Scene::new(1);
        let long = scene.say(2, "ü".repeat(300), None);
        let quoted = scene.quote(long).unwrap();
        assert_eq!((quoted.author.name.as_str(), quoted.line), ("Ms Rivera", "ü".repeat(200)));
        assert_eq!(scene.quote(EntryId::new([9; 10])), None, "of nothing that is here");
    }

    #[test]
    fn a_screen_that_is_opened_again_begins_where_it_began() {
        let mut scene = Scene::new(8);
        scene.earlier(1);
        let window = scene.engine.windows[&SCREEN];
        scene.feed(n_minutes(50), Input::Unwatch(SCREEN));
        for n in 51..55 {
            scene.post(n, None);
        }
        let watch = Watch::Newest(scene.thread, 3, Some(window));
        scene.feed(n_minutes(60), Input::Watch(SCREEN, watch));
        let shown = ["4", "5", "6", "7", "51", "52", "53", "54"];
        assert_eq!((scene.texts(), scene.earlier), (shown.to_vec(), 4));
    }

    #[test]
    fn what_arrives_before_the_window_is_counted_and_not_shown() {
        let mut scene = Scene::new(8);
        let before = scene.rows.clone();
        let mut all = scene.engine.shown(&scene.thread).unwrap().clone().unwrap();
        let mut late = all[1].clone();
        late.entry = EntryId::new([9; 10]);
        let old = all.clone();
        all.insert(2, late);
        scene.engine.show_changes(SCREEN, &old, &all);
        scene.feed(n_minutes(50), Input::Tick);
        assert_eq!((&scene.rows, scene.earlier), (&before, 6));
    }

    #[test]
    fn a_screen_that_is_closed_is_told_nothing_any_more() {
        let mut scene = Scene::new(5);
        scene.feed(n_minutes(50), Input::Unwatch(SCREEN));
        scene.earlier(3);
        scene.post(51, None);
        assert_eq!(scene.texts(), ["2", "3", "4"], "as it was");
        assert!(scene.engine.windows.is_empty());
    }
}
