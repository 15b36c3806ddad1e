//! Real processes: a relay, and the homes of people who run one command after another.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]
#![allow(dead_code, reason = "each test file uses its part of this")]

pub(crate) mod dice;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde_json::Value;
use tandem_proto::{RelayKey, RelayLink, SecretKey};

/// No command of these tests takes this long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// `tandem`, with nothing of this machine's environment that it would heed.
pub(crate) fn tandem() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command
        .env("LC_ALL", "C")
        .env_remove("TANDEM_HOME")
        .env_remove("TANDEM_VAULT")
        .env_remove("RUST_LOG")
        .stdin(Stdio::null());
    command
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output as the one JSON document that it must be.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: no document in {self:?}"))
    }

    /// The kind of the error in the document.
    pub(crate) fn kind(&self) -> String {
        self.json()["error"]["kind"]
            .as_str()
            .unwrap_or_else(|| panic!("no error in {self:?}"))
            .into()
    }

    /// The document of a command that went well.
    pub(crate) fn well(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        self.json()
    }
}

/// Runs a command to its end.
pub(crate) fn ran(mut command: Command) -> Ran {
    let what = format!("{command:?}");
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(command.output()));
    let output = told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("hangs: {what}")).unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A person with one device.
pub(crate) struct Phone {
    pub(crate) home: PathBuf,
}

impl Phone {
    /// Makes a home under `place`.
    pub(crate) fn new(place: &Path, name: &str, role: &str, relay: &str) -> Self {
        let phone = Self { home: place.join(name.replace(' ', "-")) };
        phone.json(&["init", "--name", name, "--role", role, "--relay", relay]).well();
        phone
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = tandem();
        command.arg("--home").arg(&self.home).args(words);
        command
    }

    /// For people.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words))
    }

    /// For scripts.
    pub(crate) fn json(&self, words: &[&str]) -> Ran {
        let mut command = self.command(words);
        command.arg("--json");
        ran(command)
    }

    /// Syncs; must get through.
    pub(crate) fn sync(&self) -> Value {
        self.json(&["sync", "--once", "--timeout", "20s"]).well()
    }

    /// Says a message and gives the entry's id.
    pub(crate) fn says(&self, thread: &str, text: &str) -> String {
        let said = self.json(&["post", thread, "--kind", "message", "--text", text]).well();
        assert_eq!(said["state"], "on_this_phone", "an entry is kept before anything else");
        said["entry"].as_str().unwrap().to_owned()
    }

    pub(crate) fn entries(&self, thread: &str) -> Vec<Value> {
        self.json(&["read", thread]).well()["entries"].as_array().unwrap().clone()
    }

    /// The texts of a thread, in the order of its rows.
    pub(crate) fn texts(&self, thread: &str) -> Vec<String> {
        let text = |row: &Value| row["fields"]["text"].as_str().unwrap_or_default().to_owned();
        self.entries(thread).iter().map(text).collect()
    }

    /// The state of an own entry.
    pub(crate) fn state(&self, thread: &str, entry: &str) -> String {
        let rows = self.entries(thread);
        let row = rows.iter().find(|row| row["entry"] == entry).expect("the entry is there");
        row["state"].as_str().unwrap_or("null").to_owned()
    }

    pub(crate) fn receipts(&self, thread: &str) -> Vec<Value> {
        self.json(&["receipts", thread]).well()["receipts"].as_array().unwrap().clone()
    }

    pub(crate) fn waiting(&self) -> Vec<Value> {
        self.json(&["outbox"]).well()["waiting"].as_array().unwrap().clone()
    }
}

/// The link of a relay that nobody runs.
pub(crate) fn nobody() -> String {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string().parse().unwrap();
    let key = RelayKey::new(SecretKey::from_seed([7; 32]).public());
    RelayLink { address, key }.to_string()
}

/// A relay process.
pub(crate) struct Relay {
    child: Child,
    pub(crate) data: PathBuf,
    pub(crate) link: String,
    pub(crate) listen: String,
}

impl Relay {
    /// Starts one on a free port.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_at(data, "127.0.0.1:0")
    }

    pub(crate) fn start_at(data: &Path, listen: &str) -> Self {
        Self::start_with(data, listen, &[])
    }

    /// With further words on its command line.
    pub(crate) fn start_with(data: &Path, listen: &str, words: &[&str]) -> Self {
        let mut command = tandem();
        command.args(["relay", "run", "--json", "--listen", listen, "--data"]).arg(data);
        command.args(words);
        let mut child =
            command.stdout(Stdio::piped()).stderr(log(data)).spawn().expect("a relay starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            // The first line is the link; after it there must be nothing, which `stop` checks.
            while let Some(Ok(line)) = lines.next() {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let line = told.recv_timeout(PATIENCE).expect("the relay says its link");
        let said: Value = serde_json::from_str(&line).expect("one JSON line");
        let text = |key: &str| said[key].as_str().expect("text").to_owned();
        Self { child, data: data.to_owned(), link: text("link"), listen: text("listen") }
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The same folder and address again.
    pub(crate) fn again(data: &Path, before: &Address) -> Self {
        let relay = Self::start_at(data, &before.listen);
        assert_eq!(relay.link, before.link, "the same key and address give the same link");
        relay
    }

    /// kill -9.
    pub(crate) fn kill(mut self) -> Address {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.address()
    }

    /// SIGTERM, and the end of it.
    pub(crate) fn stop(mut self) -> Address {
        let pid = self.child.id();
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status();
        assert!(asked.unwrap().success());
        let (tell, told) = mpsc::channel();
        let mut child = std::mem::replace(&mut self.child, already_over());
        thread::spawn(move || tell.send(child.wait()));
        let status = told.recv_timeout(PATIENCE).expect("it stops").unwrap();
        assert!(status.success(), "a relay that was asked to stop ends well");
        self.address()
    }

    fn address(&self) -> Address {
        Address { link: self.link.clone(), listen: self.listen.clone() }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a relay logged, over all its starts.
pub(crate) fn logged(data: &Path) -> String {
    fs::read_to_string(data.with_extension("log")).unwrap()
}

fn log(data: &Path) -> fs::File {
    fs::create_dir_all(data.parent().unwrap()).unwrap();
    let log = fs::File::options().create(true).append(true).open(data.with_extension("log"));
    log.unwrap()
}

/// Where a relay was.
pub(crate) struct Address {
    pub(crate) link: String,
    pub(crate) listen: String,
}

/// A child to leave behind where one was taken.
fn already_over() -> Child {
    Command::new("true").stdout(Stdio::null()).spawn().unwrap()
}

/// `cp -a`.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a relay's store holds, with what of these receipts it lacks. The relay must be stopped.
pub(crate) fn check(data: &Path, receipts: &[Value]) -> Value {
    let list = data.with_extension("has");
    let hashes: Vec<_> =
        receipts.iter().map(|receipt| receipt["envelope_hash"].as_str().unwrap()).collect();
    fs::write(&list, hashes.join("\n\n")).unwrap();
    let mut command = tandem();
    command.args(["relay", "check", "--json", "--data"]).arg(data).arg("--has").arg(list);
    let ran = ran(command);
    let found = ran.json();
    let well = found["missing"].as_array().unwrap().is_empty()
        && found["threads"].as_array().unwrap().iter().all(|thread| thread["ok"] == true);
    assert_eq!(ran.code, if well { 0 } else { 6 }, "{ran:?}");
    found
}

/// A teacher and a parent in one thread, who have both been in touch: teacher, parent, thread.
pub(crate) fn teacher_and_parent(place: &Path, relay: &str) -> (Phone, Phone, String) {
    let teacher = Phone::new(place, "Ms Rivera", "teacher", relay);
    let parent = Phone::new(place, "Ana", "guardian", relay);
    let thread = teacher.json(&["thread", "new", "Maya"]).well();
    let thread = thread["thread"].as_str().unwrap().to_owned();
    let invite = teacher.json(&["invite", "Maya", "--role", "guardian"]).well();
    let joining = parent.json(&["join", invite["link"].as_str().unwrap()]).well();
    assert_eq!(joining["thread"], thread.as_str());
    parent.sync();
    teacher.sync();
    parent.sync();
    (teacher, parent, thread)
}
