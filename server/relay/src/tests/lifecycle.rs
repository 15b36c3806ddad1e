use tandem_proto::{
    ClientToRelay, Closing, Hash16, Hello, MailWatch, PROTOCOL, RelayToClient, Version,
};

use super::rig::*;
use crate::Input;

fn hello(version: Version) -> ClientToRelay {
    ClientToRelay::Hello(Hello { version, generation: None, digest: Hash16::new([0; 16]) })
}

#[test]
fn a_frame_before_hello_or_a_second_hello_ends_the_connection() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let conn = rig.open(&anna);
    let mailboxes = Vec::new().try_into().unwrap();
    rig.frame(conn, ClientToRelay::MailWatch(MailWatch { mailboxes }));
    assert_eq!(rig.closing(conn), Some(Closing::Malformed));
    let conn = rig.connect(&anna);
    rig.frame(conn, hello(PROTOCOL));
    assert_eq!(rig.closing(conn), Some(Closing::Malformed));
    // What still arrives on it is nobody's.
    rig.frame(conn, hello(PROTOCOL));
    rig.handle(Input::Drained(conn, 10));
    rig.handle(Input::Disconnected(conn));
    assert_eq!(rig.take(conn), []);
}

#[test]
fn another_major_version_is_told_ours() {
    let mut rig = Rig::new();
    let conn = rig.open(&Device::new(1));
    rig.frame(conn, hello(Version { major: PROTOCOL.major + 1, minor: 0 }));
    assert_eq!(rig.closing(conn), Some(Closing::Version(PROTOCOL)));
}

#[test]
fn a_newer_minor_version_is_answered_with_the_lower_one() {
    let mut rig = Rig::new();
    let conn = rig.open(&Device::new(1));
    rig.frame(conn, hello(Version { minor: PROTOCOL.minor + 5, ..PROTOCOL }));
    let frames = rig.take(conn);
    let [RelayToClient::Greeting(greeting)] = &frames[..] else { panic!("{frames:?}") };
    assert_eq!(greeting.version, PROTOCOL);
    assert_eq!(greeting.generation, rig.relay.generation());
}

#[test]
fn a_newer_connection_of_a_device_replaces_the_older() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let first = rig.connect(&anna);
    rig.cursors(first, &[rig.cursor_at_head(thread)]);
    let second = rig.open(&anna);
    assert!(!rig.closed.contains(&first), "connecting alone replaces nothing");
    rig.frame(second, hello(PROTOCOL));
    assert_eq!(rig.closing(first), Some(Closing::Replaced));
    rig.handle(Input::Disconnected(first));
    rig.cursors(second, &[rig.cursor_at_head(thread)]);
    rig.take(second);
    rig.push(second, thread, &[envelope(1)]);
    assert_eq!(receipt_seqs(&rig.take(second), thread, &[envelope(1)]), [2]);
}

#[test]
fn nobody_is_greeted_before_a_new_store_has_its_generation() {
    let relay = crate::Relay::restore(
        tandem_proto::Timestamp(1),
        crate::Config::default(),
        relay_key(),
        [1; 32],
        [],
    );
    let mut relay = relay.unwrap();
    let Some(crate::Effect::Commit(commit, records)) = relay.poll_effect() else {
        panic!("the first effect commits the generation")
    };
    assert_eq!(records, [crate::Record::Generation(relay.generation())]);
    let conn = crate::ConnId(1);
    let now = tandem_proto::Timestamp(2);
    relay.handle(now, Input::Connected(conn, Device::new(1).transport()));
    relay.handle(now, Input::Frame(conn, hello(PROTOCOL)));
    assert_eq!(relay.poll_effect(), None);
    relay.handle(now, Input::Committed(commit));
    assert!(matches!(
        relay.poll_effect(),
        Some(crate::Effect::Send(_, RelayToClient::Greeting(_)))
    ));
}
