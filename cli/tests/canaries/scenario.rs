//! What people do while it is looked for: let each other in by links, say things, lose a phone, take
//! each other out, forget.

use std::path::{Path, PathBuf};

use crate::{
    Words,
    support::{Phone, dice::Dice, ran, tandem},
};

/// What was said, by whom, through which links.
pub(crate) struct Scenario {
    place: PathBuf,
    relay: String,
    /// The teacher, then a parent for each thread.
    pub(crate) phones: Vec<Phone>,
    /// Phones that are not the first of who takes part: a tablet, a lost one, records, who is out.
    pub(crate) others: Vec<Phone>,
    pub(crate) titles: Vec<String>,
    /// Into threads, and of phones that want to be let in: no relay is shown what is secret in them.
    pub(crate) links: Vec<String>,
    /// Of schools: their relay is shown what is secret in them.
    pub(crate) passes: Vec<String>,
    /// Threads and people, as they are shown.
    pub(crate) ids: Vec<String>,
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Scenario {
    /// A teacher and three families.
    pub(crate) fn meet(place: &Path, relay: &str, words: &mut Words) -> Self {
        let mut scenario = Self {
            place: place.to_owned(),
            relay: relay.to_owned(),
            phones: Vec::new(),
            others: Vec::new(),
            titles: Vec::new(),
            links: Vec::new(),
            passes: Vec::new(),
            ids: Vec::new(),
        };
        let teacher = scenario.person("home-0", "teacher", words);
        scenario.phones.push(teacher);
        for n in 1..=3 {
            let title = words.some(2);
            let made = scenario.phones[0].json(&["thread", "new", &title]).well();
            scenario.ids.push(text(&made["thread"]));
            let parent = scenario.person(&format!("home-{n}"), "guardian", words);
            scenario.titles.push(title);
            let link = scenario.invite(0, n - 1, "guardian");
            parent.json(&["join", &link]).well();
            parent.sync();
            scenario.phones.push(parent);
        }
        // One that nobody uses.
        scenario.invite(0, 0, "guardian");
        scenario.phones[0].sync();
        scenario.phones[1..].iter().for_each(|parent| drop(parent.sync()));
        scenario.learn_ids(0, 0);
        scenario
    }

    fn person(&self, home: &str, role: &str, words: &mut Words) -> Phone {
        let phone = Phone { home: self.place.join(home) };
        let name = words.some(2);
        phone.json(&["init", "--name", &name, "--role", role, "--relay", &self.relay]).well();
        phone
    }

    fn invite(&mut self, phone: usize, thread: usize, role: &str) -> String {
        let words = ["invite", &self.titles[thread], "--role", role];
        let link = text(&self.phones[phone].json(&words).well()["link"]);
        self.links.push(link.clone());
        link
    }

    fn offer(&mut self, phone: &Phone) -> String {
        let link = text(&phone.json(&["device", "offer"]).well()["link"]);
        self.links.push(link.clone());
        link
    }

    /// Who is in a thread, by person and device.
    fn learn_ids(&mut self, phone: usize, thread: usize) {
        let members = self.phones[phone].json(&["members", &self.titles[thread]]).well();
        for row in members["members"].as_array().unwrap() {
            self.ids.push(text(&row["person"]));
            let devices = row["devices"].as_array().unwrap().iter();
            self.ids.extend(devices.map(|device| text(&device["device"])));
        }
    }

    /// A second phone of the first parent.
    pub(crate) fn second_device(&mut self, words: &mut Words) {
        let tablet = self.person("tablet", "guardian", words);
        let link = self.offer(&tablet);
        self.phones[1].json(&["device", "add", &link]).well();
        for _ in 0..2 {
            tablet.sync();
            self.phones[1].sync();
        }
        assert!(!tablet.entries(&self.titles[0]).is_empty(), "the tablet has the thread");
        self.others.push(tablet);
        // An offer that nobody takes up.
        let unused = self.person("unused", "guardian", words);
        self.offer(&unused);
        unused.sync();
        self.others.push(unused);
    }

    /// The third parent loses their phone and is let in again by the teacher.
    pub(crate) fn lost_phone(&mut self, words: &mut Words) {
        self.sync();
        let phone = self.person("again", "guardian", words);
        let link = self.offer(&phone);
        let members = self.phones[0].json(&["members", &self.titles[2]]).well();
        let rows = members["members"].as_array().unwrap().clone();
        let lost = rows.iter().find(|row| row["mine"] == false).unwrap();
        self.phones[0].json(&["readmit", &text(&lost["person"]), &link]).well();
        for _ in 0..2 {
            phone.sync();
            self.phones[0].sync();
        }
        assert!(!phone.entries(&self.titles[2]).is_empty(), "history is back");
        let lost = std::mem::replace(&mut self.phones[3], phone);
        lost.sync();
        self.others.push(lost);
    }

    /// A specialist comes into the second thread, is taken out, and forgets it.
    pub(crate) fn taken_out(&mut self, words: &mut Words) {
        let specialist = self.person("specialist", "specialist", words);
        let link = self.invite(0, 1, "specialist");
        specialist.json(&["join", &link]).well();
        for _ in 0..2 {
            specialist.sync();
            self.phones[0].sync();
        }
        let title = self.titles[1].clone();
        specialist.json(&["post", &title, "--text", &words.some(8)]).well();
        specialist.sync();
        self.phones[0].sync();
        let members = specialist.json(&["members", &title]).well();
        let rows = members["members"].as_array().unwrap();
        let own = rows.iter().find(|row| row["mine"] == true).unwrap();
        self.ids.push(text(&own["person"]));
        self.phones[0].json(&["remove", &title, &text(&own["person"])]).well();
        self.phones[0].sync();
        specialist.sync();
        specialist.json(&["forget", &title, "--yes"]).well();
        let left = specialist.json(&["threads"]).well();
        assert_eq!(left["threads"].as_array().unwrap().len(), 0);
        self.others.push(specialist);
    }

    /// The school's records are let into the first thread; the teacher's home becomes a school's.
    pub(crate) fn school(&mut self, data: &Path, words: &mut Words) {
        let records = self.person("records", "archive", words);
        let link = self.invite(1, 0, "archive");
        records.json(&["join", &link]).well();
        for _ in 0..2 {
            records.sync();
            self.phones[1].sync();
        }
        assert!(!records.entries(&self.titles[0]).is_empty(), "with what was said before");
        self.others.push(records);
        for name in ["Elm Street", "Oak Hill"] {
            let mut command = tandem();
            command.args(["relay", "admin", "--json", "--data"]).arg(data);
            command.args(["school", "add", name]);
            self.passes.push(text(&ran(command).well()["link"]));
        }
        // The other is shown to nobody.
        self.phones[0].json(&["school", "join", &self.passes[0]]).well();
        self.phones[0].sync();
        let doctor = self.phones[0].json(&["doctor"]).well();
        assert_eq!(doctor["school"]["state"], "enrolled");
    }

    /// Somebody says something.
    pub(crate) fn say(&self, n: usize, words: &mut Words, dice: &mut Dice) {
        let thread = n % self.titles.len();
        let phone = if dice.below(3) == 0 { &self.phones[0] } else { &self.phones[thread + 1] };
        let title = &self.titles[thread];
        let concern = n % 4 == 3 && words.left.len() > 18;
        let text = words.some(14);
        let more = format!("way_forward={}", if concern { words.some(4) } else { String::new() });
        let mut post = vec!["post", title, "--text", &text];
        if concern {
            post.extend(["--kind", "concern", "--field", &more]);
        }
        phone.json(&post).well();
    }

    pub(crate) fn sync(&self) {
        // The teacher twice: once to send, once to fetch what came meanwhile.
        self.phones.iter().chain(&self.phones[..1]).for_each(|phone| drop(phone.sync()));
    }

    /// Everybody's home.
    pub(crate) fn homes(&self) -> impl Iterator<Item = &Phone> {
        self.phones.iter().chain(&self.others)
    }
}
