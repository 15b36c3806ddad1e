use super::*;
use crate::still::Still;

#[tokio::test]
async fn who_says_nothing_for_ten_seconds_is_sent_away_and_who_spoke_is_not() {
    let still = Still::stand();
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let mut spoke = Client::dial(&host.link(), 1).await;
    spoke.hello().await;
    // One never opens its stream, the other stops in the middle of a frame's length.
    let silent = Client::dial(&host.link(), 2).await;
    let mut halting = Client::dial(&host.link(), 3).await;
    halting.send_bytes(&[40, 0]).await;
    // What was sent before has arrived when this is answered.
    Client::dial(&host.link(), 4).await.hello().await;

    still.advance(Duration::from_millis(9_900)).await;
    Client::dial(&host.link(), 4).await.hello().await;
    assert!(silent.is_open() && halting.is_open(), "they have their time");
    still.advance(Duration::from_millis(200)).await;
    assert_eq!(silent.closed().await, 2);
    assert_eq!(halting.closed().await, 2);
    assert!(spoke.is_open());
    found(&mut spoke, &host, 1).await;
    drop(still);
    host.stop().await;
}

#[tokio::test]
async fn a_device_that_dials_again_and_again_is_told_to_wait_and_others_are_served() {
    let still = Still::stand();
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.limits.dials_per_device = 3;
    let host = Host::start(config).await.unwrap();
    for _ in 0..3 {
        Client::dial(&host.link(), 1).await.hello().await;
    }
    still.advance(Duration::from_secs(20)).await;
    for _ in 0..10 {
        let mut again = Client::dial(&host.link(), 1).await;
        again.send_hello().await;
        assert_eq!(again.next().await, RelayToClient::Closing(Closing::Busy(40_000)));
    }
    Client::dial(&host.link(), 2).await.hello().await;
    still.advance(Duration::from_secs(40)).await;
    Client::dial(&host.link(), 1).await.hello().await;
    drop(still);
    host.stop().await;
}

#[tokio::test]
async fn an_address_that_dials_again_and_again_is_refused_until_the_minute_is_over() {
    let still = Still::stand();
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.limits.dials_per_address = 3;
    let host = Host::start(config).await.unwrap();
    for n in 0..3 {
        Client::dial(&host.link(), n).await.hello().await;
    }
    for n in 0..10 {
        let refused = Client::try_dial(&host.link(), n).await.err().unwrap();
        assert!(matches!(refused, quinn::ConnectionError::ConnectionClosed(_)), "{refused}");
    }
    still.advance(Duration::from_secs(60)).await;
    Client::dial(&host.link(), 9).await.hello().await;
    drop(still);
    host.stop().await;
}
