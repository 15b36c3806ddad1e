use std::os::unix::fs::PermissionsExt as _;

use tandem_proto::{Enrolment, SchoolAnswer, SchoolPass, TransportKey, Whom};

use super::*;
use crate::{
    AdminFailure, AdminReply, AdminRequest, Admission, Quota, Standing, admin::socket_of, ask_admin,
};

async fn asked(data: &Path, request: AdminRequest) -> Result<AdminReply, AdminFailure> {
    let data = data.to_owned();
    tokio::task::spawn_blocking(move || ask_admin(&data, request)).await.unwrap()
}

async fn add(data: &Path, name: &str) -> SchoolPass {
    let add = AdminRequest::AddSchool { name: name.into(), quota: Quota::new() };
    match asked(data, add).await.unwrap() {
        AdminReply::Linked(_, pass) => pass,
        other => panic!("{other:?}"),
    }
}

fn transport(client: &Client) -> String {
    TransportKey::new(client.device().public()).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_is_added_while_the_relay_runs_and_a_device_suspended_while_it_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.admission = Admission::Schools;
    config.metrics = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let host = Host::start(config.clone()).await.unwrap();
    assert_eq!(crate::relay_link(dir.path()), Some(host.link()));
    let mode = fs::metadata(socket_of(dir.path())).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let pass = add(dir.path(), "Elm Street").await;

    let mut guest = Client::dial(&host.link(), 1).await;
    guest.hello().await;
    let (thread, item) = genesis(guest.device(), 1);
    guest.push(thread, &item).await;
    let RelayToClient::Refused(refused) = guest.next().await else { panic!("not refused") };
    assert_eq!(refused.reason, Refusal::NotAdmitted);
    // The frame of the pass comes before the hello.
    let mut client = Client::dial(&host.link(), 2).await;
    client.send(&ClientToRelay::School(pass.clone())).await;
    client.hello().await;
    let answer = SchoolAnswer { school: pass.school, enrolment: Enrolment::Enrolled };
    assert_eq!(client.next().await, RelayToClient::School(answer));
    found(&mut client, &host, 1).await;

    let device = transport(&client);
    host.stop().await;
    assert!(!socket_of(dir.path()).exists());
    let suspend = AdminRequest::SetDevice(device[..8].to_owned(), Standing::Suspended);
    asked(dir.path(), suspend).await.unwrap();
    let host = Host::start(config).await.unwrap();
    let mut client = Client::dial(&host.link(), 2).await;
    client.send_hello().await;
    let why = RelayToClient::Closing(Closing::Suspended(Whom::Device));
    assert_eq!(client.next().await, why);
    asked(dir.path(), AdminRequest::SetDevice(device, Standing::Active)).await.unwrap();
    let mut client = Client::dial(&host.link(), 2).await;
    client.hello().await;
    assert_eq!(found(&mut client, &host, 1).await.seq, Seq(1), "its receipt again");
    // One that is connected is sent away.
    asked(dir.path(), AdminRequest::SetSchool("Elm Street".into(), Standing::Suspended))
        .await
        .unwrap();
    assert_eq!(client.next().await, RelayToClient::Closing(Closing::Suspended(Whom::School)));
    let mut stream = tokio::net::TcpStream::connect(host.metrics().unwrap()).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    for reason in ["device_suspended", "school_suspended"] {
        let line = format!("tandem_not_served_total{{reason=\"{reason}\"}} 1\n");
        assert!(text.contains(&line), "{text}");
    }
    host.stop().await;
    let audit = crate::audit(dir.path()).unwrap();
    assert_eq!((audit.acts.len(), audit.fault), (4, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_gets_no_answer_and_harms_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    for bytes in [&b""[..], b"\x01", b"\x01\xff\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = tokio::net::UnixStream::connect(socket_of(dir.path())).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer, [1], "the version alone");
    }
    add(dir.path(), "Elm Street").await;
    let error = asked(dir.path(), AdminRequest::SetSchool("Oak".into(), Standing::Removed)).await;
    assert!(error.unwrap_err().to_string().contains("no school \"Oak\""));
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_without_a_relay_is_told_apart_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("none");
    let error = asked(&data, AdminRequest::Schools).await.unwrap_err();
    assert!(matches!(error, AdminFailure::NoRelay(_)), "{error}");
    assert!(!data.exists());
    let host = start(&data).await;
    assert!(socket_of(&data).exists());
    host.stop().await;
    // A socket that a killed relay left is nobody's.
    drop(std::os::unix::net::UnixListener::bind(socket_of(&data)).unwrap());
    assert!(socket_of(&data).exists());
    assert_eq!(asked(&data, AdminRequest::Schools).await.unwrap(), AdminReply::Schools(vec![]));
    start(&data).await.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_nothing_is_done_and_whoever_asks_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Small::default());
    let host = Host::start_with(config(dir.path()), Clock::system(), disk.clone()).await.unwrap();
    add(dir.path(), "Elm Street").await;
    disk.full.store(true, Ordering::Relaxed);
    let request = AdminRequest::SetSchool("Elm Street".into(), Standing::Suspended);
    let error = asked(dir.path(), request.clone()).await.unwrap_err();
    assert!(matches!(error, AdminFailure::Refused(crate::AdminError::Unavailable)), "{error}");
    disk.full.store(false, Ordering::Relaxed);
    let mut tries = 0;
    while asked(dir.path(), request.clone()).await.is_err() {
        tries += 1;
        assert!(tries < 100, "the store comes back");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    host.stop().await;
    let audit = crate::audit(dir.path()).unwrap();
    assert_eq!((audit.acts.len(), audit.fault), (2, None), "once");
}
