//! A session that has ended, whichever way, leaves no token behind (authentik's CVE-2025-29928), also not after a restart
//! (Keycloak's CVE-2026-9802).

use std::time::Duration;

use domain::{
    jobs::{Inactivity, Job},
    oauth::clients,
    policy::SessionLimit,
    sessions::{end::Reason, end_all::Which},
    users,
};
use kernel::id::{SessionId, UserId};
use serde_json::json;
use testkit::{
    Answer, Browser, CONFIDENTIAL, ClientKind::*, Code, Credentials, Mood, PASSWORD, TestApp, TestClient,
    Tokens,
};

use super::{is_active, signed_in};
use crate::{compat, jobs::enqueue, oauth::refused};

const DEVICE: &str = "DEV1CE0001";

/// In the order of [`Reason`], as far as there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    RevokeAccess,
    RevokeRefresh,
    RevokePredecessor,
    ReplayRefreshToken,
    ReplayCode,
    PruneClient,
    DisableClient,
    StopUsingIt,
    SignOutAtTheClient,
    KillSessions,
    Deactivate,
    FinishAsAdmin,
    FinishAsOwner,
    LogOut,
    LogOutPredecessor,
    LogOutEverywhere,
    SignInWithTheDevice,
    BeEvicted,
}

use Way::*;

const OF_OAUTH: [Way; 14] = [
    RevokeAccess,
    RevokeRefresh,
    RevokePredecessor,
    ReplayRefreshToken,
    ReplayCode,
    PruneClient,
    DisableClient,
    StopUsingIt,
    SignOutAtTheClient,
    KillSessions,
    Deactivate,
    FinishAsAdmin,
    FinishAsOwner,
    SignInWithTheDevice,
];

const OF_LEGACY: [Way; 11] = [
    LogOut,
    LogOutPredecessor,
    LogOutEverywhere,
    ReplayRefreshToken,
    StopUsingIt,
    KillSessions,
    Deactivate,
    FinishAsAdmin,
    FinishAsOwner,
    SignInWithTheDevice,
    BeEvicted,
];

impl Way {
    /// What the homeserver is told by. All that somebody or some client has goes in slices, and whom it deactivates, it removes
    /// with all devices itself.
    const fn jobs(self) -> &'static [&'static str] {
        match self {
            PruneClient | KillSessions => &["delete-devices"],
            DisableClient => &["end-client-sessions", "delete-devices"],
            Deactivate => &["deactivate-user"],
            SignInWithTheDevice => &[],
            _ => &["delete-device"],
        }
    }

    /// The person's devices in the end.
    const fn devices(self) -> usize {
        matches!(self, SignInWithTheDevice | BeEvicted) as usize
    }
}

async fn app() -> TestApp {
    TestApp::with(|settings| {
        settings.policy = json!({ "admin_clients": [CONFIDENTIAL] });
        let ttl = Duration::from_secs(86_400);
        settings.upkeep.inactivity = Some(Inactivity { ttl, oauth: true, compat: true, browser: false });
        settings.session_limit = Some(SessionLimit {
            soft_limit: 1,
            hard_limit: 1,
            max_session_threshold: None,
            dangerous_hard_limit_eviction: true,
        });
    })
    .await
}

/// A session with two generations of tokens, and how it began.
struct Session {
    alice: UserId,
    id: SessionId,
    browser: Browser,
    first: Tokens,
    second: Tokens,
    began: Began,
}

enum Began {
    Oauth { client: TestClient, code: Code },
    Legacy,
}

impl Session {
    async fn by_oauth(app: &TestApp, way: Way) -> Self {
        let alice = app.user_with_password("alice", PASSWORD).await;
        // Only of the configuration are clients taken, and those that registered themselves are not for ever.
        let client = if way == PruneClient { app.configured(Basic) } else { app.client(Basic).await };
        let mut browser = signed_in(app, "alice").await;
        let code = app.authorization(&client).through(&mut browser, "alice").await;
        let first = client.exchange(&code).await.tokens();
        let second = client.refresh(&first).await.tokens();
        let began = Began::Oauth { client, code };
        Self::started(app, alice, browser, (first, second), began).await
    }

    async fn by_legacy_login(app: &TestApp) -> Self {
        let alice = app.user_with_password("alice", PASSWORD).await;
        let browser = signed_in(app, "alice").await;
        let body = json!({ "device_id": DEVICE, "refresh_token": true });
        let login = compat::attempt(app, compat::with(compat::by_password("alice"), body)).await.ok();
        let first = legacy_tokens(&login);
        let second = legacy_tokens(&compat::refresh(app, &first.refresh_token).await.ok());
        Self::started(app, alice, browser, (first, second), Began::Legacy).await
    }

    async fn started(
        app: &TestApp,
        alice: UserId,
        browser: Browser,
        (first, second): (Tokens, Tokens),
        began: Began,
    ) -> Self {
        app.homeserver.calls();
        let id = compat::active_sessions(app).await[0];
        let session = Self { alice, id, browser, first, second, began };
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

    async fn end(&mut self, app: &TestApp, way: Way) {
        let wait = |seconds| app.clock.advance(Duration::from_secs(seconds));
        match way {
            RevokeAccess => self.revoke(&self.second.access_token).await,
            RevokeRefresh => self.revoke(&self.second.refresh_token).await,
            RevokePredecessor => self.revoke(&self.first.refresh_token).await,
            ReplayRefreshToken => {
                wait(11);
                self.cannot_refresh(app, &self.first, "replay").await;
            }
            ReplayCode => {
                wait(21);
                self.cannot_exchange("replay").await;
            }
            PruneClient => {
                let (op, parts) = (app.op(), app.parts());
                assert_eq!(clients::prune(&parts.db, &op, &[]).await.unwrap(), 2);
            }
            DisableClient => {
                administer(app, &format!("oauth2-clients/{}/disable", self.client().id)).await;
            }
            StopUsingIt => {
                app.write_activity().await;
                wait(86_401);
                enqueue(app, &[Job::ExpireInactive]).await;
                app.run_jobs().await;
                wait(60);
            }
            SignOutAtTheClient => {
                let hint = self.first.id_token.as_deref().unwrap();
                let page = self.browser.get(&format!("/oauth2/end_session?id_token_hint={hint}")).await;
                assert!(page.body.contains("You are signed out"), "{page}");
            }
            KillSessions => {
                let (op, db) = (app.op(), &app.parts().db);
                users::end_sessions(db, &op, self.alice, Which::Apps, Reason::Killed).await.unwrap();
            }
            Deactivate => {
                let op = app.op();
                let done =
                    app.parts().db.write(async |tx| users::deactivate(tx, &op, self.alice, false).await);
                done.await.unwrap();
            }
            FinishAsAdmin => {
                let kind = if self.is_legacy() { "compat-sessions" } else { "oauth2-sessions" };
                administer(app, &format!("{kind}/{}/finish", self.id)).await;
            }
            FinishAsOwner => self.finish_as_owner().await,
            LogOut => drop(compat::log_out(app, &self.second.access_token).await.ok()),
            LogOutPredecessor => drop(compat::log_out(app, &self.first.access_token).await.ok()),
            LogOutEverywhere => {
                let caller = compat::bearer(app, &self.second.access_token);
                let flag = json!({ "io.element.only_compat_is_fine": true });
                caller.post("/_matrix/client/v3/logout/all").json(&flag).await.ok();
            }
            SignInWithTheDevice => {
                let same = json!({ "device_id": DEVICE });
                compat::log_in(app, compat::with(compat::by_password("alice"), same)).await;
            }
            BeEvicted => drop(compat::log_in(app, compat::by_password("alice")).await),
        }
    }

    async fn revoke(&self, token: &str) {
        self.client().revoke(token).await.ok();
    }

    async fn finish_as_owner(&mut self) {
        let (kind, name) = if self.is_legacy() { ("compat", "Compat") } else { ("oauth2", "OAuth2") };
        let (field, mutation) = (format!("{kind}SessionId"), format!("end{}Session", capital(kind)));
        let query = format!(
            "mutation End($input: End{name}SessionInput!) {{ {mutation}(input: $input) {{ status }} }}"
        );
        let input = json!({ "input": { field: format!("{kind}_session:{}", self.id) } });
        let ended = self.browser.ask(&query, input).await;
        assert_eq!(ended[&mutation]["status"], "ENDED", "{ended}");
    }

    const fn is_legacy(&self) -> bool {
        matches!(self.began, Began::Legacy)
    }

    fn client(&self) -> &TestClient {
        let Began::Oauth { client, .. } = &self.began else { panic!("it has no client") };
        client
    }

    async fn cannot_refresh(&self, app: &TestApp, tokens: &Tokens, why: &str) {
        match &self.began {
            Began::Oauth { client, .. } => {
                is_refused(&client.refresh(tokens).await, why);
            }
            Began::Legacy => {
                let answer = compat::refresh(app, &tokens.refresh_token).await;
                assert_eq!(compat::problem(&answer), refused(401, "M_UNKNOWN_TOKEN"), "{why}");
            }
        }
    }

    async fn cannot_exchange(&self, why: &str) {
        if let Began::Oauth { client, code } = &self.began {
            is_refused(&client.exchange(code).await, why);
        }
    }

    async fn is_gone(&self, app: &TestApp, why: &str) {
        for token in self.tokens() {
            assert!(!is_active(app, token).await, "{why}: {token}");
            let bearer = app.caller(Credentials::Bearer(token.to_owned()));
            assert_eq!(bearer.get("/oauth2/userinfo").await.status.as_u16(), 401, "{why}: {token}");
            let all = bearer.post("/_matrix/client/v3/logout/all");
            let answer = all.json(&json!({ "io.element.only_compat_is_fine": true })).await;
            assert_eq!(compat::problem(&answer), refused(401, "M_UNKNOWN_TOKEN"), "{why}: {token}");
        }
        for tokens in [&self.first, &self.second] {
            self.cannot_refresh(app, tokens, why).await;
        }
        self.cannot_exchange(why).await;
    }
}

/// A client that is disabled, or was taken away, is nobody.
#[track_caller]
fn is_refused(answer: &Answer, why: &str) {
    let expected = [refused(400, "invalid_grant"), refused(401, "invalid_client")];
    let is_about_the_client = why.starts_with("DisableClient");
    assert_eq!(answer.refusal(), expected[usize::from(is_about_the_client)], "{why}");
}

fn legacy_tokens(answer: &Answer) -> Tokens {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Tokens {
        access_token: text("access_token"),
        refresh_token: text("refresh_token"),
        token_type: String::new(),
        expires_in: 0,
        scope: None,
        id_token: None,
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// Has an administrator's script do that.
async fn administer(app: &TestApp, path: &str) {
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    let body = app.configured(Basic).token(form).await.ok().json();
    let script = app.caller(Credentials::Bearer(body["access_token"].as_str().unwrap().into()));
    script.post(&format!("/api/admin/v1/{path}")).await.ok();
}

/// Ends the session and looks, twice: before and after a restart.
async fn is_gone_for_good(mut app: TestApp, mut session: Session, way: Way) {
    session.end(&app, way).await;
    session.is_gone(&app, &format!("{way:?}")).await;
    app.restart(|_| {}).await;
    session.is_gone(&app, &format!("{way:?}, after a restart")).await;
    assert_eq!(app.run_jobs().await, way.jobs(), "{way:?}");
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), way.devices(), "{way:?}");
}

#[tokio::test]
async fn every_token_is_dead_at_once_and_stays_so_after_a_restart() {
    for way in OF_OAUTH {
        let app = app().await;
        let session = Session::by_oauth(&app, way).await;
        is_gone_for_good(app, session, way).await;
    }
}

#[tokio::test]
async fn every_legacy_token_is_dead_at_once_and_stays_so_after_a_restart() {
    for way in OF_LEGACY {
        let app = app().await;
        let session = Session::by_legacy_login(&app).await;
        is_gone_for_good(app, session, way).await;
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
        app.run_jobs().await;
    }
}
