//! The school's records: let in by a guardian, kept by a process of their own, given out in a file.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::Value;
use support::{Phone, Relay, copy, nobody, teacher_and_parent};

/// No event of these tests takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn file(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// `tandem archive run --json`.
struct Keeper {
    child: Child,
    lines: Receiver<String>,
}

impl Keeper {
    fn start(phone: &Phone) -> Self {
        let mut command = phone.command(&["archive", "run", "--json"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            while let Some(Ok(line)) = out.next() {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// The next event of this name; what comes before is passed over.
    fn event(&self, name: &str) -> Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {name}"));
            let line = line.strip_prefix(['[', ',']).unwrap_or_else(|| panic!("{line}"));
            let event: Value = serde_json::from_str(line).unwrap();
            if event["event"] == name {
                return event;
            }
        }
    }

    /// SIGTERM: it closes its array and ends well.
    fn stop(mut self) {
        let pid = self.child.id();
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status();
        assert!(asked.unwrap().success());
        let mut last = String::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            last = line;
        }
        assert_eq!(last, "]", "the array is closed");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_home_for_records_is_told_apart_and_says_nothing() {
    let place = tempfile::tempdir().unwrap();
    let records = Phone::new(place.path(), "School records", "archive", &nobody());
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    let ran = records.json(&["thread", "new", "Maya"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "reads_only"), "{}", ran.err);
    let ran = teacher.json(&["archive", "run"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "no_records"));
    assert!(ran.err.contains("--role archive"), "it says what to do: {}", ran.err);

    teacher.json(&["thread", "new", "Maya"]).well();
    let ran = teacher.json(&["invite", "Maya", "--role", "archive"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "not_allowed"));
    assert!(ran.err.contains("ask a guardian"), "{}", ran.err);
    let link = teacher.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    let parent = Phone::new(place.path(), "Ana", "guardian", &nobody());
    parent.json(&["thread", "new", "Leo"]).well();
    let made = parent.run(&["invite", "Leo", "--role", "archive"]);
    assert!(made.out.contains("the school's records into Leo"), "{}", made.out);
    let said = made.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Can read everything said in this thread"), "{said}");
    assert!(said.contains("also what was said before it came"), "{said}");
    assert!(parent.run(&["invite", "--list"]).out.contains("For the school's records."));
    let ran = records.json(&["join", text(&link)]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "wrong_role"));
}

#[test]
fn records_that_a_guardian_let_in_are_listed_kept_and_given_out() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    teacher.says("Maya", "Before anybody kept records.");
    teacher.sync();
    let records = Phone::new(place.path(), "School records", "archive", &relay.link);
    let wrong = parent.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    let ran = records.json(&["join", text(&wrong)]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "wrong_role"), "{}", ran.err);
    let link = parent.json(&["invite", "Maya", "--role", "archive"]).well()["link"].clone();
    let ran = teacher.json(&["join", text(&link)]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "wrong_role"), "{}", ran.err);
    records.json(&["join", text(&link)]).well();

    let keeper = Keeper::start(&records);
    assert_eq!(keeper.event("begun")["threads"], 0);
    assert_eq!(keeper.event("line")["state"], "in_touch");
    parent.sync();
    let came = keeper.event("let_in");
    assert_eq!(keys(&came), ["at", "entries", "event", "thread"]);
    assert_eq!((&came["thread"], &came["entries"]), (&thread.as_str().into(), &1.into()));
    teacher.sync();
    let said = teacher.says("Maya", "They keep records now.");
    teacher.sync();
    assert_eq!(keeper.event("entries")["entries"], 1);
    // They have it, and it is on nobody's phone.
    teacher.sync();
    assert_eq!(teacher.state("Maya", &said), "on_relay");

    // The parent's phone is put back to before it let in somebody: nobody else is there to give it
    // its place back.
    let before = place.path().join("before");
    copy(&parent.home, &before);
    let aunt = Phone::new(place.path(), "Aunt", "guardian", &relay.link);
    let link = parent.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    aunt.json(&["join", text(&link)]).well();
    for phone in [&aunt, &parent, &aunt] {
        phone.sync();
    }
    let event = keeper.event("came");
    assert_eq!(keys(&event), ["at", "event", "person", "role", "thread"], "no names");
    fs::remove_dir_all(&parent.home).unwrap();
    copy(&before, &parent.home);
    parent.says("Maya", "My phone was put back.");
    parent.sync();
    let given = keeper.event("seat_given");
    assert_eq!(keys(&given), ["at", "device", "event", "person", "thread"]);
    parent.sync();
    assert_eq!(keeper.event("entries")["entries"], 1, "it is heard again");
    let ran = records.json(&["threads"]);
    assert_eq!((ran.code, ran.kind().as_str()), (4, "home_in_use"));
    keeper.stop();

    for phone in [&teacher, &parent, &records] {
        phone.sync();
        let shown = phone.run(&["members", "Maya"]).out;
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("School records (school records)"), "{shown}");
        assert!(shown.contains("Can read everything said in this thread, also what"), "{shown}");
    }
    let listed = "School records can read everything said here.";
    for words in [&["threads"][..], &["read", "Maya"]] {
        assert!(teacher.run(words).out.contains(listed), "{words:?}");
    }
    let shown = teacher.run(&["read", "Maya"]).out;
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("let School records in, to keep the school's records."), "{shown}");
    assert_eq!(records.run(&["read", "Maya"]).code, 0, "they read, and mark nothing");
    let ran = records.json(&["post", "Maya", "--kind", "message", "--text", "Hello"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "reads_only"));
    copies(place.path(), &records, &thread);

    // A teacher does not take them out, the parent does.
    let ran = teacher.json(&["remove", "Maya", "School records"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "not_allowed"));
    let keeper = Keeper::start(&records);
    assert_eq!(keeper.event("begun")["threads"], 1);
    parent.json(&["remove", "Maya", "School records"]).well();
    parent.sync();
    assert_eq!(keeper.event("removed")["role"], "archive");
    assert_eq!(keeper.event("out")["thread"], thread.as_str());
    keeper.stop();
    drop(relay);
}

/// What the records give out: a file for all, one for a thread, one for each in a folder.
fn copies(place: &Path, records: &Phone, thread: &str) {
    let (all, one, folder) = (place.join("all.json"), place.join("one.json"), place.join("copies"));
    fs::create_dir(&folder).unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let export = |words: &[&str]| records.json(&[&["archive", "export"], words].concat());
    let done = export(&["--out", &path(&all)]).well();
    assert_eq!(keys(&done), ["as_of", "entries", "files", "threads"]);
    assert_eq!((&done["threads"], &done["entries"]), (&1.into(), &3.into()));
    export(&["--thread", "Maya", "--out", &path(&one)]).well();
    export(&["--out", &path(&folder)]).well();
    let single = folder.join(format!("{thread}.json"));
    for written in [&all, &one, &single] {
        let written = file(written);
        assert_eq!(keys(&written), ["format", "threads", "version", "written"]);
        assert_eq!(
            (&written["format"], &written["version"]),
            (&"tandem-records".into(), &1.into())
        );
        let maya = &written["threads"][0];
        assert_eq!(
            keys(maya),
            ["as_of", "entries", "events", "kept_out", "members", "thread", "title", "written_by"]
        );
        assert_eq!(
            (&maya["title"], &maya["written_by"]["role"]),
            (&"Maya".into(), &"archive".into())
        );
        let entries = maya["entries"].as_array().unwrap();
        let texts: Vec<_> = entries.iter().map(|entry| text(&entry["text"])).collect();
        assert_eq!(
            texts,
            ["Before anybody kept records.", "They keep records now.", "My phone was put back."]
        );
        let first = &entries[0];
        assert_eq!(
            keys(first),
            ["answers", "at", "author", "entry", "fields", "kind", "remarks", "state", "text"]
        );
        assert_eq!(keys(&first["author"]), ["device", "name", "person", "role"]);
        assert_eq!(first["author"]["name"], "Ms Rivera");
        let member = &maya["members"][0];
        assert_eq!(first["author"]["device"], member["devices"][0]["device"], "hers");
        let events: Vec<_> = maya["events"].as_array().unwrap().iter().collect();
        assert_eq!(keys(events[0]), ["at", "by", "device", "event", "name", "person", "role"]);
        assert!(
            events.iter().any(|event| event["role"] == "archive" && event["by"]["name"] == "Ana")
        );
        let kept_out = &maya["kept_out"];
        assert_eq!(keys(kept_out), ["after_removal", "by_records", "unread"]);
        assert!(["after_removal", "by_records", "unread"].iter().all(|why| kept_out[*why] == 0));
    }
    // What is there stays, unless it is to go.
    fs::write(&one, "mine").unwrap();
    let ran = export(&["--out", &path(&one)]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "file_exists"));
    assert_eq!(fs::read_to_string(&one).unwrap(), "mine");
    let ran = export(&["--out", &path(&folder)]);
    assert_eq!(ran.kind(), "file_exists", "in a folder, too");
    export(&["--out", &path(&one), "--force"]).well();
    assert_eq!(file(&one)["format"], "tandem-records");
    let nowhere = export(&["--out", &path(&place.join("none/there.json"))]);
    assert_eq!((nowhere.code, nowhere.kind().as_str()), (1, "io"));
    let unknown = export(&["--thread", "Nobody", "--out", &path(&place.join("x.json"))]);
    assert_eq!(unknown.kind(), "unknown_thread");
}
