//! The command line itself: help, shapes, exit codes, what is said when something is wrong. No
//! relay runs here: all of this works without signal.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::Value;
use support::{Phone, nobody, ran, tandem};
use tandem_proto::{DeviceKey, SecretKey};

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// The words under `Commands:` of a help text.
fn listed(help: &str) -> Vec<String> {
    let after = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = after.take_while(|line| !line.is_empty());
    let words = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    // Lines that go on further to the right begin with nothing, and every list ends with `help`.
    words.filter(|word| !word.is_empty() && *word != "help").map(str::to_owned).collect()
}

fn help_of(words: &[String]) -> String {
    let mut command = tandem();
    command.args(words).arg("--help");
    let help = ran(command);
    assert_eq!(help.code, 0, "{words:?}");
    help.out
}

#[test]
fn help_lists_every_command_and_each_has_an_example() {
    let all = listed(&help_of(&[]));
    let expected = [
        "demo",
        "bench",
        "relay",
        "init",
        "school",
        "thread",
        "threads",
        "read",
        "outbox",
        "invite",
        "join",
        "members",
        "verify",
        "remove",
        "leave",
        "forget",
        "retention",
        "refound",
        "device",
        "readmit",
        "post",
        "step",
        "sync",
        "watch",
        "receipts",
        "archive",
        "doctor",
    ];
    assert_eq!(all, expected);
    let mut open: Vec<Vec<String>> = all.into_iter().map(|name| vec![name]).collect();
    let mut leaves = 0;
    while let Some(words) = open.pop() {
        let help = help_of(&words);
        let under = listed(&help);
        if under.is_empty() {
            leaves += 1;
            assert!(help.contains("\nExample"), "{words:?}: {help}");
        }
        open.extend(under.into_iter().map(|name| [&words[..], &[name]].concat()));
    }
    assert!(leaves > 35, "also the words of words: {leaves}");
}

#[test]
fn words_that_are_no_command_end_with_two_and_one_document() {
    for words in [&["dance"][..], &["read"], &["sync"], &["post", "x", "--field", "novalue"], &[]] {
        let mut command = tandem();
        command.args(words).arg("--json");
        let ran = ran(command);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert_eq!(ran.kind(), "usage");
        assert!(!ran.err.is_empty(), "and says it on standard error");
    }
}

#[test]
fn home_and_json_are_taken_before_and_after_any_command() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ana", "guardian", &nobody());
    let home = phone.home.to_str().unwrap();
    for words in [
        &["--home", home, "--json", "threads"][..],
        &["threads", "--home", home, "--json"],
        &["--json", "threads", "--home", home],
    ] {
        let mut command = tandem();
        command.args(words);
        assert_eq!(keys(&ran(command).well()), ["joining", "knocking", "threads"]);
    }
    let mut command = tandem();
    command.env("TANDEM_HOME", home).args(["threads", "--json"]);
    ran(command).well();
    let nested = phone.json(&["thread", "new", "Maya"]).well();
    assert_eq!(keys(&nested), ["thread"]);
}

#[test]
fn a_folder_without_a_home_and_a_home_made_twice_say_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone { home: place.path().join("none") };
    let ran = phone.json(&["threads"]);
    assert_eq!((ran.code, ran.kind().as_str()), (5, "no_home"));
    assert!(ran.err.contains("tandem init"), "{}", ran.err);
    assert!(!phone.home.exists(), "looking for a home makes none");

    let made = Phone::new(place.path(), "Ana", "guardian", &nobody());
    let again = made.json(&["init", "--name", "A", "--role", "guardian", "--relay", &nobody()]);
    assert_eq!((again.code, again.kind().as_str()), (1, "home_exists"));
}

#[test]
fn a_folder_that_is_someone_elses_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone { home: place.path().to_owned() };
    std::fs::write(place.path().join("letter.txt"), "dear").unwrap();
    let ran = phone.json(&["threads"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    let made = phone.json(&["init", "--name", "A", "--role", "guardian", "--relay", &nobody()]);
    assert_ne!(made.code, 0, "{made:?}");
    let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn what_is_no_link_says_so() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ana", "guardian", &nobody());
    for link in ["https://example.org", "tandem://join/half", "", &nobody()] {
        let ran = phone.json(&["join", link]);
        assert_eq!((ran.code, ran.kind().as_str()), (1, "bad_link"), "{link}");
    }
    let other = Phone { home: place.path().join("other") };
    let ran = other.json(&["init", "--name", "A", "--role", "lead", "--relay", "not a link"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "bad_link"));
}

#[test]
fn an_entry_posted_without_a_relay_is_on_this_phone_and_waits() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    let thread = phone.json(&["thread", "new", "Maya"]).well()["thread"].clone();
    let thread = thread.as_str().unwrap();
    let entry = phone.says("Maya", "Reading went well today.");
    let rows = phone.json(&["read", &thread[..4]]).well();
    assert_eq!(
        keys(&rows),
        ["entries", "erased", "events", "kept", "newer_version_needed", "thread", "title"]
    );
    let row = &rows["entries"][0];
    assert_eq!(row["entry"], entry.as_str());
    assert_eq!(row["kind"], "message");
    assert_eq!(row["author"], "Ms Rivera");
    assert_eq!(row["fields"]["text"], "Reading went well today.");
    assert_eq!(row["state"], "on_this_phone");
    let waiting = phone.waiting();
    let row = waiting.iter().find(|row| row["entry"] == entry.as_str()).expect("it waits");
    assert_eq!(keys(row), ["entry", "next_try", "reason", "state", "thread", "what"]);
    assert_eq!((&row["state"], &row["what"]), (&"on_this_phone".into(), &"entry".into()));
    assert!(phone.receipts("Maya").is_empty(), "nobody has signed anything");
    let shown = phone.run(&["read", "Maya"]);
    assert!(shown.out.contains("On this phone. Leaves when there is signal."), "{}", shown.out);
}

#[test]
fn text_comes_from_a_flag_a_file_or_standard_input() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    let file = place.path().join("letter.txt");
    std::fs::write(&file, "from a file\n").unwrap();
    phone.json(&["post", "Maya", "--kind", "message", "--file", file.to_str().unwrap()]).well();
    let mut command = phone.command(&["post", "Maya", "--kind", "message", "-", "--json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"from a pipe\n").unwrap();
    assert!(child.wait().unwrap().success());
    phone.says("Maya", "from a flag");
    assert_eq!(phone.texts("Maya"), ["from a file", "from a pipe", "from a flag"]);

    let none = phone.json(&["post", "Maya", "--kind", "message"]);
    assert_eq!((none.code, none.kind().as_str()), (2, "usage"));
    let gone = phone.json(&["post", "Maya", "--kind", "message", "--file", "no-such-file"]);
    assert_eq!((gone.code, gone.kind().as_str()), (1, "io"));
}

#[test]
fn a_kind_says_which_field_it_needs() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    let concern = phone.json(&["post", "Maya", "--kind", "concern", "--text", "Late three times."]);
    assert_eq!((concern.code, concern.kind().as_str()), (1, "missing_field"));
    let unknown = phone.json(&["post", "Maya", "--kind", "poem", "--text", "Roses"]);
    assert_eq!((unknown.code, unknown.kind().as_str()), (1, "unknown_kind"));
    assert!(phone.entries("Maya").is_empty(), "nothing half said stays");
}

#[test]
fn a_thread_or_entry_that_is_not_there_says_so() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    for words in [
        &["read", "Maya"][..],
        &["post", "Maya", "--text", "x"],
        &["invite", "Maya", "--role", "lead"],
        &["receipts", "Maya"],
        &["members", "Maya"],
        &["verify", "Maya", "Ana"],
        &["invite", "--list", "Maya"],
        &["remove", "Maya", "Ana"],
        &["leave", "Maya"],
        &["refound", "Maya", "--without", "Ana"],
        &["forget", "Maya", "--yes"],
        &["watch", "Maya"],
        &["step", "Maya", "abcd", "--state", "done"],
    ] {
        let ran = phone.json(words);
        assert_eq!((ran.code, ran.kind().as_str()), (1, "unknown_thread"), "{words:?}");
    }
    phone.json(&["thread", "new", "Maya"]).well();
    let ran = phone.json(&["step", "Maya", "abcd", "--state", "done"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "unknown_entry"));
}

#[test]
fn two_threads_of_one_title_have_to_be_told_apart() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    let second = phone.json(&["thread", "new", "Maya"]).well();
    let ran = phone.json(&["read", "Maya"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "ambiguous"));
    phone.says(second["thread"].as_str().unwrap(), "Here.");
}

#[test]
fn a_sync_that_reaches_nobody_ends_with_three_in_time_and_in_the_usual_shape() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    phone.says("Maya", "Reading went well today.");
    let begun = Instant::now();
    let ran = phone.json(&["sync", "--once", "--timeout", "2s"]);
    assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
    assert!(ran.err.contains("calling the relay at 127.0.0.1:"), "not silent: {}", ran.err);
    assert_eq!(ran.code, 3, "{ran:?}");
    let document = ran.json();
    assert_eq!(keys(&document), ["error", "received", "relay", "sent", "waiting"]);
    assert!(document["waiting"].as_u64().unwrap() >= 1);
    assert_ne!(document["relay"], "reached");
}

#[test]
fn the_doctor_shows_public_keys_and_cursors_also_without_a_relay() {
    let place = tempfile::tempdir().unwrap();
    let relay = nobody();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &relay);
    let thread = phone.json(&["thread", "new", "Maya"]).well()["thread"].clone();
    let entry = phone.says("Maya", "Reading went well today.");
    let doctor = phone.json(&["doctor"]).well();
    assert_eq!(
        keys(&doctor),
        [
            "cursors", "home", "joining", "keys", "knocking", "relay", "school", "store",
            "threads", "waiting"
        ]
    );
    assert!(doctor["school"].is_null(), "this home is of no school");
    assert_eq!(doctor["store"]["ok"], true);
    assert_eq!(keys(&doctor["relay"]), ["generation", "link", "state"]);
    assert_ne!(doctor["relay"]["state"], "reached");
    assert_eq!(doctor["relay"]["link"], relay.as_str());
    assert!(doctor["relay"]["generation"].is_null(), "the relay has never greeted");
    let shown = ["device", "relay", "renewed", "renewing", "transport"];
    assert_eq!(keys(&doctor["keys"]), shown);
    assert!(doctor["keys"]["renewing"].is_null());
    let key = |name: &str| doctor["keys"][name].as_str().unwrap().parse::<DeviceKey>().unwrap();
    assert_eq!(key("relay").as_bytes(), &SecretKey::from_seed([7; 32]).public());
    assert_ne!(key("device"), key("transport"));
    let cursor = &doctor["cursors"][0];
    assert_eq!(keys(cursor), ["chain", "seq", "signed", "signed_at", "thread"]);
    assert_eq!((&cursor["thread"], &cursor["seq"]), (&thread, &0.into()));
    assert_eq!((&cursor["signed"], &cursor["signed_at"]), (&false.into(), &Value::Null));
    let waits = doctor["waiting"].as_array().unwrap();
    assert!(waits.iter().any(|row| row["entry"] == entry.as_str()), "{waits:?}");

    let shown = phone.run(&["doctor"]);
    for said in ["signs what this device says", "is shown to the relay", "On this phone."] {
        assert!(shown.out.contains(said), "{said}: {}", shown.out);
    }
    assert!(shown.out.contains("Nothing of its log was read yet"), "{}", shown.out);
    assert!(shown.out.contains(doctor["keys"]["device"].as_str().unwrap()), "{}", shown.out);
}

#[test]
fn a_second_command_on_an_open_home_says_which_process_holds_it() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ana", "guardian", &nobody());
    let mut watch = phone.command(&["watch", "--json"]);
    let mut watch = watch.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    let mut lines = BufReader::new(watch.stdout.take().unwrap());
    lines.read_line(&mut first).unwrap();
    assert_eq!(first.trim(), r#"[{"reset":[]}"#);

    let second = phone.json(&["threads"]);
    assert_eq!((second.code, second.kind().as_str()), (4, "home_in_use"));
    assert!(second.err.contains(&watch.id().to_string()), "{}", second.err);

    let interrupt = format!("kill -INT {}", watch.id());
    std::process::Command::new("sh").args(["-c", &interrupt]).status().unwrap();
    assert!(watch.wait().unwrap().success());
    let mut rest = String::new();
    lines.read_line(&mut rest).unwrap();
    assert_eq!(rest.trim(), "]", "the array is closed: one document");
    phone.json(&["threads"]).well();
}

#[test]
fn an_invite_is_a_link_for_scripts_and_a_square_for_people() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    let document = phone.json(&["invite", "Maya", "--role", "guardian"]).well();
    assert_eq!(keys(&document), ["in_person", "invite", "link", "until"]);
    assert!(document["link"].as_str().unwrap().starts_with("tandem://join/"));
    let shown = phone.run(&["invite", "Maya", "--role", "guardian"]);
    assert!(shown.out.contains("tandem://join/") && shown.out.contains('█'), "{}", shown.out);
}

#[test]
fn a_relays_log_filter_that_can_not_be_read_says_which_key_it_is() {
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("relay.toml");
    std::fs::write(&config, "[log]\nfilter = \"warn,tandem_server=loud\"\n").unwrap();
    let mut command = tandem();
    command.args(["relay", "run", "--json", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(place.path().join("relay")).arg("--config").arg(&config);
    let ran = ran(command);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "bad_config"));
    assert!(ran.err.contains("log.filter"), "{}", ran.err);
}

#[test]
fn what_waits_is_counted_alike_by_sync_threads_and_outbox() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    assert!(phone.run(&["outbox"]).out.contains("Nothing waits."));
    phone.json(&["thread", "new", "Maya"]).well();
    let named = phone.run(&["outbox"]).out;
    assert!(named.contains("No entry waits"), "{named}");
    assert!(named.contains("Maya: Your name, or the title. On this phone."), "{named}");

    let words = ["post", "Maya", "--kind", "step", "--text", "Cards", "--field", "owner=school"];
    let step = phone.json(&words).well()["entry"].as_str().unwrap().to_owned();
    phone.json(&["step", "Maya", &step, "--state", "doing"]).well();

    let rows = phone.waiting();
    let of_step = rows.iter().filter(|row| row["entry"] == step.as_str()).count();
    assert_eq!(of_step, 2, "the entry and its move: {rows:?}");
    let shown = phone.run(&["outbox"]).out;
    assert!(shown.starts_with("1 entry waits to leave."), "{shown}");
    assert!(shown.contains(&format!("Maya: Entry [{}]. On this phone.", &step[..8])), "{shown}");
    assert!(
        shown.contains(&format!("Maya: The move of [{}] to \"Begun\". On this", &step[..8])),
        "{shown}"
    );
    assert_eq!(phone.json(&["threads"]).well()["threads"][0]["waiting"], 1);
    let synced = phone.json(&["sync", "--once", "--timeout", "100ms"]);
    assert_eq!(synced.json()["waiting"], 1);
}

#[test]
fn a_join_that_waits_is_told_where_entries_are() {
    let place = tempfile::tempdir().unwrap();
    let relay = nobody();
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay);
    teacher.json(&["thread", "new", "Maya"]).well();
    let link = teacher.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    parent.json(&["join", link.as_str().unwrap()]).well();
    assert!(parent.waiting().is_empty(), "a join is no entry");
    let shown = parent.run(&["outbox"]).out;
    assert!(shown.contains("1 thread waits for you to be let in."), "{shown}");
    let synced = parent.json(&["sync", "--once", "--timeout", "100ms"]);
    assert_eq!(synced.json()["waiting"], 1);
}

#[test]
fn the_terminal_speaks_the_locales_language_and_scripts_see_no_difference() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    phone.says("Maya", "Hola");
    let spanish = |words: &[&str]| {
        let mut command = phone.command(words);
        command.env("LC_ALL", "es_ES.UTF-8");
        ran(command)
    };
    let shown = spanish(&["read", "Maya"]).out;
    assert!(shown.contains("En este teléfono. Saldrá cuando haya señal."), "{shown}");
    assert!(spanish(&["outbox"]).out.starts_with("1 entrada espera para salir."));
    let (other, plain) = (spanish(&["outbox", "--json"]), phone.run(&["outbox", "--json"]));
    assert_eq!(other.out, plain.out);
}
