//! kill -9 at random moments: a relay process and three devices that write, sync and read while
//! every one of them is killed again and again and started over the same folders.
//!
//! `TANDEM_SEED` says which run (a new one each time otherwise; it is printed), `TANDEM_SECONDS`
//! how long it goes on (15). One seed makes the same choices; when the kills fall is the machine's.
//!
//! What must hold, whatever was killed when:
//! * an entry that `post` answered is never lost, and every device shows the same rows in the end
//! * a receipt that was printed verifies, and the relay's journal holds what it names: looked at
//!   after each kill of the relay, and in the end
//! * an entry that is shown as sent has such a receipt; one that is shown as on somebody's phone is
//!   there in that person's rows from then on; a state never falls back

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::Value;
use support::{Address, Phone, Ran, Relay, check, dice::Dice};

/// What was said by programs so far. All of it must stay so.
#[derive(Default)]
struct Said {
    /// Entries that `post` answered, with their texts.
    kept: BTreeMap<String, String>,
    /// Receipts that were printed, by envelope.
    receipts: BTreeMap<String, Value>,
    /// Who was said to have which entry.
    held: BTreeSet<(String, String)>,
    /// The furthest state that each own entry was shown in.
    states: BTreeMap<String, u8>,
}

struct Chaos {
    seed: u64,
    thread: String,
    said: Mutex<Said>,
    over: AtomicBool,
    device_kills: AtomicU32,
    relay_kills: AtomicU32,
    syncs: AtomicU32,
}

fn rank(state: &str) -> u8 {
    match state {
        "on_this_phone" => 0,
        "on_relay" => 1,
        "on_their_phone" => 2,
        "seen" => 3,
        other => panic!("an honest entry is {other}"),
    }
}

impl Chaos {
    fn said(&self) -> MutexGuard<'_, Said> {
        // A thread that failed has said why; the others go on to their end.
        self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Runs a command, or kills it after a while; `None` when it was killed before it said a
    /// whole document.
    fn run(&self, dice: &mut Dice, mut command: Command) -> Option<Ran> {
        let kill = dice.percent(30).then(|| dice.ms(0, 80));
        command.arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let said = thread::spawn(move || {
            let (mut out, mut err) = (String::new(), String::new());
            stdout.read_to_string(&mut out).unwrap();
            stderr.read_to_string(&mut err).unwrap();
            (out, err)
        });
        let begun = Instant::now();
        let mut killed = false;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if kill.is_some_and(|after| begun.elapsed() >= after) && !killed {
                child.kill().unwrap();
                self.device_kills.fetch_add(1, Ordering::Relaxed);
                killed = true;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "hangs: {command:?}");
            thread::sleep(Duration::from_millis(1));
        };
        let (out, err) = said.join().unwrap();
        let ran = Ran { code: status.code().unwrap_or(-1), out, err };
        assert!(!ran.err.contains("panicked"), "seed {}: {command:?}: {}", self.seed, ran.err);
        let whole = serde_json::from_str::<Value>(&ran.out).is_ok();
        assert!(whole || killed, "seed {}: {command:?} said {ran:?}", self.seed);
        whole.then_some(ran)
    }

    fn post(&self, dice: &mut Dice, phone: &Phone, name: &str, number: u32) {
        let text = format!("{name} says {number}");
        let words = ["post", &self.thread, "--kind", "message", "--text", &text];
        let Some(ran) = self.run(dice, phone.command(&words)) else { return };
        // It may have been killed after it had said so; what it said counts.
        let document = ran.json();
        assert_eq!(document["state"], "on_this_phone", "seed {}: {ran:?}", self.seed);
        let entry = document["entry"].as_str().unwrap().to_owned();
        self.said().kept.insert(entry, text);
    }

    fn sync(&self, dice: &mut Dice, phone: &Phone) {
        let words = ["sync", "--once", "--timeout", "3s"];
        let Some(ran) = self.run(dice, phone.command(&words)) else { return };
        assert!(matches!(ran.code, 0 | 3 | -1), "seed {}: {ran:?}", self.seed);
        if ran.code == 0 {
            self.syncs.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Reads the thread and the receipts, and holds both against what was said before.
    fn look(&self, phone: &Phone, name: &str) {
        let (kept, held) = {
            let said = self.said();
            let ours = said.kept.iter().filter(|(_, text)| text.starts_with(name));
            let kept: Vec<String> = ours.map(|(entry, _)| entry.clone()).collect();
            let held = said.held.iter().filter(|(who, _)| who == name);
            let held: Vec<String> = held.map(|(_, entry)| entry.clone()).collect();
            (kept, held)
        };
        let rows = phone.entries(&self.thread);
        let receipts = phone.receipts(&self.thread);
        let seed = self.seed;
        let shown: BTreeSet<&str> = rows.iter().map(|row| row["entry"].as_str().unwrap()).collect();
        for entry in kept {
            assert!(shown.contains(&*entry), "seed {seed}: {name} has lost {entry}");
        }
        for entry in held {
            assert!(shown.contains(&*entry), "seed {seed}: {name} was said to have {entry}");
        }
        let mut said = self.said();
        for receipt in receipts {
            assert_eq!(receipt["verified"], true, "seed {seed}: {receipt}");
            let envelope = receipt["envelope_hash"].as_str().unwrap().to_owned();
            said.receipts.insert(envelope, receipt);
        }
        for row in rows.iter().filter(|row| !row["state"].is_null()) {
            let (entry, state) = (row["entry"].as_str().unwrap(), row["state"].as_str().unwrap());
            let before = said.states.insert(entry.to_owned(), rank(state)).unwrap_or(0);
            assert!(before <= rank(state), "seed {seed}: {entry} fell back to {state}");
            if state == "on_relay" {
                let signed = said.receipts.values().any(|receipt| receipt["entry"] == entry);
                assert!(signed, "seed {seed}: {entry} is shown as sent without a receipt");
            }
            let people = row["detail"]["people"].as_array().into_iter().flatten();
            let seers = row["detail"]["by"].as_array().into_iter().flatten();
            let names = people.chain(seers.map(|seer| &seer["name"]));
            for person in names {
                let person = person.as_str().expect("a name").to_owned();
                assert_ne!(person, name, "seed {seed}: {entry} is on its own author's phone");
                said.held.insert((person, entry.to_owned()));
            }
        }
    }

    /// One person's day.
    fn live(&self, phone: &Phone, name: &str, mut dice: Dice) {
        let mut number = 0;
        while !self.over.load(Ordering::Relaxed) {
            match dice.below(10) {
                0..4 => {
                    number += 1;
                    self.post(&mut dice, phone, name, number);
                }
                4..8 => self.sync(&mut dice, phone),
                8 => self.look(phone, name),
                // On the screen: what is there is marked as seen.
                _ => drop(phone.run(&["read", &self.thread])),
            }
        }
    }

    /// The relay holds every item that a printed receipt names. It must not be running.
    fn insist_held(&self, data: &Path) {
        let receipts: Vec<Value> = self.said().receipts.values().cloned().collect();
        let found = check(data, &receipts);
        let missing = found["missing"].as_array().unwrap();
        assert!(missing.is_empty(), "seed {}: receipts for {missing:?}", self.seed);
        for receipt in receipts {
            assert_eq!(receipt["generation"], found["generation"], "nothing was lost");
        }
    }

    /// The relay's day.
    fn serve(&self, mut relay: Relay, data: &Path, mut dice: Dice, until: Instant) -> Address {
        loop {
            thread::sleep(dice.ms(50, 1500));
            let address = relay.kill();
            self.relay_kills.fetch_add(1, Ordering::Relaxed);
            self.insist_held(data);
            if Instant::now() > until || self.over.load(Ordering::Relaxed) {
                return address;
            }
            thread::sleep(dice.ms(0, 300));
            relay = Relay::again(data, &address);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn join_in(inviter: &Phone, newcomer: &Phone, role: &str) {
    let invite = inviter.json(&["invite", "Maya", "--role", role]).well();
    newcomer.json(&["join", invite["link"].as_str().unwrap()]).well();
    newcomer.sync();
    inviter.sync();
    newcomer.sync();
}

#[test]
fn nothing_is_lost_or_falsely_shown_whoever_is_killed_whenever() {
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    let seed = number("TANDEM_SEED").unwrap_or_else(|| u64::from(now()));
    let seconds = number("TANDEM_SECONDS").unwrap_or(15);
    println!("seed {seed}; TANDEM_SEED={seed} makes the same choices again");
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let people = [("Ada", "teacher"), ("Ben", "guardian"), ("Cleo", "specialist")];
    let phones = people.map(|(name, role)| Phone::new(place.path(), name, role, &relay.link));
    let thread = phones[0].json(&["thread", "new", "Maya"]).well()["thread"].clone();
    for n in 1..3 {
        join_in(&phones[0], &phones[n], people[n].1);
    }
    let chaos = Chaos {
        seed,
        thread: thread.as_str().unwrap().to_owned(),
        said: Mutex::default(),
        over: AtomicBool::new(false),
        device_kills: AtomicU32::new(0),
        relay_kills: AtomicU32::new(0),
        syncs: AtomicU32::new(0),
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let address = thread::scope(|scope| {
        // Whoever fails ends it for all.
        struct Ends<'a>(&'a AtomicBool);
        impl Drop for Ends<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        for (n, phone) in phones.iter().enumerate() {
            let chaos = &chaos;
            scope.spawn(move || {
                let _ends = Ends(&chaos.over);
                chaos.live(phone, people[n].0, Dice(seed ^ (n as u64 + 1)));
            });
        }
        let _ends = Ends(&chaos.over);
        chaos.serve(relay, &data, Dice(seed), until)
    });

    let relay = Relay::again(&data, &address);
    for _ in 0..8 {
        phones.iter().for_each(|phone| drop(phone.sync()));
        if phones.iter().all(|phone| phone.waiting().is_empty()) {
            break;
        }
    }
    // Once more, so that everyone hears that everyone has everything.
    phones.iter().for_each(|phone| drop(phone.sync()));
    phones.iter().for_each(|phone| drop(phone.sync()));
    for (phone, (name, _)) in phones.iter().zip(people) {
        assert!(phone.waiting().is_empty(), "seed {seed}: {name} {:?}", phone.waiting());
        chaos.look(phone, name);
    }
    let rows = |phone: &Phone| -> Vec<(String, String)> {
        let row = |row: &Value| (row["entry"].to_string(), row["fields"].to_string());
        phone.entries(&chaos.thread).iter().map(row).collect()
    };
    let all = rows(&phones[0]);
    for phone in &phones[1..] {
        assert!(rows(phone) == all, "seed {seed}: devices show other rows");
    }
    let said = chaos.said();
    for (entry, text) in &said.kept {
        let shown = all.iter().any(|(id, fields)| id.contains(entry) && fields.contains(text));
        assert!(shown, "seed {seed}: {entry} ({text}) is lost");
    }
    for (entry, state) in &said.states {
        assert!(*state >= rank("on_their_phone"), "seed {seed}: {entry} got no further");
    }
    drop(said);
    relay.stop();
    chaos.insist_held(&data);
    let count = |counter: &AtomicU32| counter.load(Ordering::Relaxed);
    println!(
        "{} entries, {} receipts, {} syncs; killed: the relay {} times, devices {} times",
        all.len(),
        chaos.said().receipts.len(),
        count(&chaos.syncs),
        count(&chaos.relay_kills),
        count(&chaos.device_kills),
    );
    assert!(!all.is_empty() && count(&chaos.syncs) > 0, "seed {seed}: nothing happened");
}
