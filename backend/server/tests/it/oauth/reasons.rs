//! People whose app was signed out ask why: the log tells.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex},
};

use serde_json::json;
use testkit::TestApp;
use tracing::subscriber::{DefaultGuard, set_default};

use super::{refused, seconds};
use crate::compat::{active_sessions, by_password, log_in, refresh, with};

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// From now on, until the guard is dropped.
    fn begin() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
        (log, set_default(subscriber.finish()))
    }

    /// And forgets it.
    fn read(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn why_a_grant_is_refused_is_in_the_log() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let session = active_sessions(&app).await[0].to_string();
    let second = client.refresh(&first).await.tokens();
    client.userinfo(&second).await.ok();
    app.clock.advance(seconds(11));
    let (log, _guard) = Log::begin();
    let told = |words: &str| {
        let text = log.read();
        let line = text.lines().find(|line| line.contains("Refused with invalid_grant"));
        let line = line.unwrap_or_else(|| panic!("nothing was said: {text}")).to_owned();
        assert!(line.contains(words) && line.contains(&client.id) && line.contains("INFO"), "{line}");
        assert!(!text.contains(&first.refresh_token), "{text}");
        line
    };
    assert_eq!(client.refresh(&first).await.refusal(), refused(400, "invalid_grant"));
    assert!(told("the session has been ended").contains(&session));
    assert_eq!(client.refresh(&second).await.refusal(), refused(400, "invalid_grant"));
    assert!(told("the session has ended: sign in again").contains(&session));

    let code = app.authorization(&client).through(&mut app.browser(), "alice").await;
    client.exchange(&code).await.ok();
    log.read();
    client.exchange(&code).await.refusal();
    told("this authorization code was used before");
    app.run_jobs().await;
}

#[tokio::test]
async fn why_a_legacy_refresh_is_refused_is_in_the_log() {
    let app = TestApp::new().await;
    app.user_with_password("alice", testkit::PASSWORD).await;
    let session = log_in(&app, with(by_password("alice"), json!({ "refresh_token": true }))).await;
    let (log, _guard) = Log::begin();
    app.database.execute("UPDATE sessions SET finished_at = 1").await;
    refresh(&app, session.refresh_token.as_ref().unwrap()).await;
    let text = log.read();
    assert!(text.contains("Refused to refresh the legacy session") && text.contains("has ended"), "{text}");
}
