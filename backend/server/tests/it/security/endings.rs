//! A session that has ended, whichever way, leaves no token behind (authentik's CVE-2025-29928), also not after a restart
//! (Keycloak's CVE-2026-9802).

use std::time::Duration;

use domain::oauth::clients;
use testkit::{ClientKind::*, Code, Mood, TestApp, TestClient, Tokens};

use super::is_active;
use crate::oauth::refused;

#[derive(Clone, Copy, Debug)]
enum Way {
    RevokeAccess,
    RevokeRefresh,
    RevokePredecessor,
    ReplayRefreshToken,
    ReplayCode,
    PruneClient,
}

const WAYS: [Way; 6] = [
    Way::RevokeAccess,
    Way::RevokeRefresh,
    Way::RevokePredecessor,
    Way::ReplayRefreshToken,
    Way::ReplayCode,
    Way::PruneClient,
];

/// A session with two generations of tokens, and the code that it came from.
struct Session {
    client: TestClient,
    code: Code,
    first: Tokens,
    second: Tokens,
}

impl Session {
    async fn start(app: &TestApp) -> Self {
        let client = app.configured(Basic);
        let user = app.user("alice").await;
        let code = app.authorization(&client).agreed_by(user).await;
        let first = client.exchange(&code).await.tokens();
        let second = client.refresh(&first).await.tokens();
        let session = Self { client, code, first, second };
        for token in session.tokens() {
            // The first refresh token is not active any more, but still repeats its answer.
            assert!(is_active(app, token).await || token == session.first.refresh_token, "{token}");
        }
        session
    }

    fn tokens(&self) -> [&str; 4] {
        let Self { first, second, .. } = self;
        [&first.access_token, &first.refresh_token, &second.access_token, &second.refresh_token]
    }

    async fn end(&self, app: &TestApp, way: Way) {
        let wait = |seconds| app.clock.advance(Duration::from_secs(seconds));
        match way {
            Way::RevokeAccess => drop(self.client.revoke(&self.second.access_token).await.ok()),
            Way::RevokeRefresh => drop(self.client.revoke(&self.second.refresh_token).await.ok()),
            Way::RevokePredecessor => drop(self.client.revoke(&self.first.refresh_token).await.ok()),
            Way::ReplayRefreshToken => {
                wait(11);
                assert_eq!(self.client.refresh(&self.first).await.refusal(), refused(400, "invalid_grant"));
            }
            Way::ReplayCode => {
                wait(21);
                assert_eq!(self.client.exchange(&self.code).await.refusal(), refused(400, "invalid_grant"));
            }
            Way::PruneClient => {
                let (op, parts) = (app.op(), app.parts());
                assert_eq!(clients::prune(&parts.db, &op, &[]).await.unwrap(), 2);
            }
        }
    }

    async fn is_gone(&self, app: &TestApp, why: &str) {
        for token in self.tokens() {
            assert!(!is_active(app, token).await, "{why}: {token}");
        }
        for tokens in [&self.first, &self.second] {
            assert_eq!(self.client.userinfo(tokens).await.status.as_u16(), 401, "{why}");
            assert_eq!(self.client.refresh(tokens).await.refusal(), refused(400, "invalid_grant"), "{why}");
        }
        assert_eq!(self.client.exchange(&self.code).await.refusal(), refused(400, "invalid_grant"), "{why}");
    }
}

#[tokio::test]
async fn every_token_is_dead_at_once_and_stays_so_after_a_restart() {
    for way in WAYS {
        let mut app = TestApp::new().await;
        let session = Session::start(&app).await;
        session.end(&app, way).await;
        session.is_gone(&app, &format!("{way:?}")).await;
        app.restart(|_| {}).await;
        session.is_gone(&app, &format!("{way:?}, after a restart")).await;
        // All that a client has goes in slices.
        let job = if matches!(way, Way::PruneClient) { "delete-devices" } else { "delete-device" };
        assert_eq!(app.run_jobs().await, [job], "{way:?}");
        assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 0, "{way:?}");
    }
}

/// An exchange that waits for the homeserver must not bring back what has ended meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn what_ends_during_an_exchange_gives_no_tokens() {
    for ending in [
        "UPDATE browser_sessions SET finished_at = 1",
        "UPDATE users SET locked_at = 1",
        "UPDATE users SET deactivated_at = 1",
        "UPDATE oauth_clients SET disabled_at = 1",
    ] {
        let app = TestApp::new().await;
        let (user, client) = (app.user("alice").await, app.client(Public).await);
        let code = app.authorization(&client).agreed_by(user).await;
        app.homeserver.feels(Mood::Hanging);
        let exchange = tokio::spawn(async move { client.exchange(&code).await });
        while app.homeserver.called().is_empty() {
            tokio::task::yield_now().await;
        }
        app.database.execute(ending).await;
        app.homeserver.feels(Mood::Well);
        assert_eq!(exchange.await.unwrap().refusal(), refused(400, "invalid_grant"), "{ending}");
        assert!(app.database.texts("SELECT kind FROM sessions").await.is_empty(), "{ending}");
    }
}
