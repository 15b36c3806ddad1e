//! Canaries: 1,000 random words in names, titles and entries, and the secrets of links of every kind
//! beside them, through a long scenario on real processes with kill -9 in between: phones that are added
//! and lost, people who are taken out, records, a school. None of it is in the relay's files, memory,
//! logs or metrics, in any datagram, or in a home beside its root key; in a home there is no id of a
//! thread, a person or a device either. Then a word is planted in each of these places, and the same
//! search finds it.
//!
//! `TANDEM_SEED` says which run (a new one each time otherwise; it is printed).
//! `cargo xtask canaries [--seed S]`

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod plant;
mod scenario;
mod search;
#[path = "../support/mod.rs"]
mod support;
mod tap;

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write as _},
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use scenario::Scenario;
use search::{Found, Needles};
use support::{Address, Phone, Relay, copy, dice::Dice};
use tandem_proto::{DeviceKey, PersonId, RelayLink, TandemLink, ThreadId};
use tap::Tap;

const WORDS: usize = 1000;

/// A word that nobody has ever said.
fn word(dice: &mut Dice) -> String {
    (0..14).map(|_| char::from(b'a' + u8::try_from(dice.below(26)).unwrap())).collect()
}

/// Words that have not been said yet, and all of them.
struct Words {
    left: Vec<String>,
    all: Vec<String>,
}

impl Words {
    fn new(dice: &mut Dice) -> Self {
        let mut all = BTreeSet::new();
        while all.len() < WORDS {
            all.insert(word(dice));
        }
        let all: Vec<_> = all.into_iter().collect();
        Self { left: all.clone(), all }
    }

    fn some(&mut self, count: usize) -> String {
        let from = self.left.len().saturating_sub(count);
        self.left.split_off(from).join(" ")
    }
}

/// The relay with its tap, and everywhere it may have left something.
struct Place {
    folder: PathBuf,
    tap: Tap,
    config: PathBuf,
    metrics: SocketAddr,
}

impl Place {
    fn new(folder: &Path) -> Self {
        let tap = Tap::new();
        let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = folder.join("relay.toml");
        let text = format!(
            "public = \"{}\"\nmetrics = \"{metrics}\"\n[log]\nfilter = \"debug\"\n",
            tap.address()
        );
        fs::write(&config, text).unwrap();
        Self { folder: folder.to_owned(), tap, config, metrics }
    }

    fn relay(&self, before: Option<&Address>) -> Relay {
        let listen = before.map_or("127.0.0.1:0", |before| &before.listen);
        Relay::start_with(&self.data(), listen, &["--config", self.config.to_str().unwrap()])
    }

    fn data(&self) -> PathBuf {
        self.folder.join("relay")
    }

    fn told(&self) -> String {
        let mut stream = TcpStream::connect(self.metrics).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(said.contains("tandem_appends_total"), "{said}");
        said
    }
}

fn dice() -> Dice {
    let given = std::env::var("TANDEM_SEED").ok().map(|seed| seed.parse().expect("a number"));
    let seed = given.unwrap_or_else(|| {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).unwrap();
        u64::from(u32::from_le_bytes(bytes))
    });
    println!("seed {seed}: TANDEM_SEED={seed} makes the same words and choices");
    Dice(seed)
}

/// One who runs a command and is killed in the middle of it.
fn killed(phone: &Phone, words: &[&str], dice: &mut Dice) {
    let mut command = phone.command(words);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(dice.below(400)));
    // It may be over already.
    let _ = child.kill();
    child.wait().unwrap();
}

/// What must be nowhere: words, and what lets somebody or a phone in.
fn needles(words: &Words, scenario: &Scenario) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = words.all.iter().map(|word| word.clone().into_bytes()).collect();
    for link in &scenario.links {
        all.push(match link.parse().unwrap() {
            TandemLink::Join(invite) => invite.secret.as_bytes().to_vec(),
            TandemLink::Device(offer) => offer.secret.as_bytes().to_vec(),
            other => panic!("{other:?}"),
        });
        all.push(link.rsplit('/').next().unwrap().as_bytes().to_vec());
    }
    all
}

/// What makes a device a school's: the relay is shown it, and keeps its hash.
fn passes(scenario: &Scenario) -> Vec<Vec<u8>> {
    let of = |link: &String| {
        assert!(matches!(link.parse(), Ok(TandemLink::School(_))), "{link}");
        let token = link.rsplit('/').next().unwrap();
        // Sixteen bytes, like a person's id and written like one.
        [token.parse::<PersonId>().unwrap().as_bytes().to_vec(), token.as_bytes().to_vec()]
    };
    scenario.passes.iter().flat_map(of).collect()
}

/// What must not be in a home: also which relay, threads, people and devices it is about.
fn whereabouts(scenario: &Scenario, relay: &RelayLink) -> Vec<Vec<u8>> {
    let mut all = vec![
        relay.address.as_str().as_bytes().to_vec(),
        relay.to_string().into_bytes(),
        relay.key.as_bytes().to_vec(),
    ];
    let ids: BTreeSet<&String> = scenario.ids.iter().collect();
    for id in ids {
        all.push(id.clone().into_bytes());
        all.push(if let Ok(thread) = id.parse::<ThreadId>() {
            thread.as_bytes().to_vec()
        } else if let Ok(person) = id.parse::<PersonId>() {
            person.as_bytes().to_vec()
        } else {
            id.parse::<DeviceKey>().unwrap().as_bytes().to_vec()
        });
    }
    all
}

fn none(place: &str, needles: &Needles, found: &Found) {
    println!("  {place}: {} looked for in {} bytes", needles.len(), found.bytes);
    assert!(found.bytes > 0, "nothing to look at in {place}");
    assert!(found.needles.is_empty(), "in {place}: {:?}", found.needles);
}

fn planted(place: &str, word: &str, found: &Found) {
    assert!(found.needles.iter().any(|found| found == word), "not found in {place}");
    println!("  {place}: a planted word is found");
}

#[cfg(target_os = "linux")]
fn in_memory(needles: &Needles, relay: &Relay) {
    none("the relay's memory", needles, &needles.in_process(relay.pid()));
}

#[test]
#[ignore = "takes a minute; `cargo xtask canaries` runs it"]
fn no_word_and_no_link_is_found_where_it_should_not_be_and_a_planted_one_is() {
    let begun = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let mut dice = dice();
    let mut words = Words::new(&mut dice);
    let place = Place::new(folder.path());
    let mut relay = place.relay(None);
    place.tap.leads_to(relay.listen.parse().unwrap());
    let link = relay.link.clone();
    let Ok(TandemLink::Relay(relay_link)) = link.parse() else { panic!("{link}") };
    assert_eq!(relay_link.address.as_str(), place.tap.address().to_string());
    let mut scenario = Scenario::meet(folder.path(), &link, &mut words);
    let mut everywhere = Needles::new(needles(&words, &scenario));

    let mut n = 0;
    while !words.left.is_empty() {
        scenario.say(n, &mut words, &mut dice);
        n += 1;
        match n {
            10 => scenario.second_device(&mut words),
            20 => scenario.taken_out(&mut words),
            30 => scenario.lost_phone(&mut words),
            40 => scenario.school(&place.data(), &mut words),
            _ => {}
        }
        if n % 10 == 0 {
            everywhere = Needles::new(needles(&words, &scenario));
        }
        if n % 9 == 0 {
            let phone = &scenario.phones[usize::try_from(dice.below(4)).unwrap()];
            killed(phone, &["sync", "--once"], &mut dice);
            scenario.sync();
        }
        if n % 18 == 0 {
            #[cfg(target_os = "linux")]
            in_memory(&everywhere, &relay);
            let address = relay.kill();
            relay = place.relay(Some(&address));
        }
    }
    (0..2).for_each(|_| scenario.sync());
    println!("{n} entries, said and read after {:.0?}", begun.elapsed());
    arrived(&scenario, &words);
    assert_eq!(scenario.passes.len(), 2, "everything came to pass");

    // The relay, while it runs and when it was killed. Of schools' passes it is shown one and makes
    // both, so they are not looked for in its memory.
    #[cfg(target_os = "linux")]
    in_memory(&everywhere, &relay);
    let everywhere = Needles::new([needles(&words, &scenario), passes(&scenario)].concat());
    let told = place.told();
    none("the relay's metrics", &everywhere, &everywhere.in_bytes(told.as_bytes()));
    let datagrams = place.tap.kept().join(&0);
    none("the datagrams", &everywhere, &everywhere.in_bytes(&datagrams));
    let planted_word = word(&mut dice);
    let plant = Needles::new(vec![planted_word.clone().into_bytes()]);
    plant::letter(&relay_link, &planted_word);
    #[cfg(target_os = "linux")]
    planted("the relay's memory", &planted_word, &plant.in_process(relay.pid()));
    planted("metrics", &planted_word, &plant.in_bytes(format!("{told}{planted_word}").as_bytes()));
    let stray = UdpSocket::bind("127.0.0.1:0").unwrap();
    stray.send_to(format!("stray {planted_word}").as_bytes(), place.tap.address()).unwrap();
    let seen = |found: &Found| found.needles.contains(&planted_word);
    let mut found = Found::default();
    for _ in 0..100 {
        found = plant.in_bytes(&place.tap.kept().join(&0));
        if seen(&found) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    planted("the datagrams", &planted_word, &found);
    relay.kill();
    none("the relay's files", &everywhere, &everywhere.in_folder(&place.data(), None));
    planted("the relay's files", &planted_word, &plant.in_folder(&place.data(), None));
    let log = support::logged(&place.data());
    assert!(log.contains("DEBUG"), "the relay says all that it ever says");
    none("the relay's log", &everywhere, &everywhere.in_bytes(log.as_bytes()));
    planted("the log", &planted_word, &plant.in_bytes(format!("{log}{planted_word}").as_bytes()));

    // The homes, without their keys.
    let at_rest = Needles::new(
        [needles(&words, &scenario), passes(&scenario), whereabouts(&scenario, &relay_link)]
            .concat(),
    );
    for phone in scenario.homes() {
        let name = phone.home.file_name().unwrap().display();
        none(&format!("{name}"), &at_rest, &at_rest.in_folder(&phone.home, Some("key")));
    }
    let stolen = folder.path().join("stolen");
    copy(&scenario.phones[1].home, &stolen);
    plant::record(&stolen, &planted_word);
    planted("a home", &planted_word, &plant.in_folder(&stolen, Some("key")));
    fs::write(stolen.join("relay"), &link).unwrap();
    let found = at_rest.in_folder(&stolen, Some("key"));
    assert!(found.needles.contains(&link), "a link in a home is found: {:?}", found.needles);
    println!("all of it after {:.0?}", begun.elapsed());
}

/// The words did travel: what was looked for had every chance to be left somewhere.
fn arrived(scenario: &Scenario, words: &Words) {
    let mut read = BTreeSet::new();
    for (phone, title) in scenario.phones[1..].iter().zip(&scenario.titles) {
        let mine = phone.json(&["read", title]).well().to_string();
        let theirs = scenario.phones[0].json(&["read", title]).well().to_string();
        let both = |word: &&String| mine.contains(word.as_str()) && theirs.contains(word.as_str());
        read.extend(words.all.iter().filter(both));
    }
    println!("{} of {WORDS} words are read at both ends", read.len());
    assert!(read.len() > WORDS * 9 / 10);
}
