//! The other places where secrets go in and out: the legacy login API, devices that show a code, the account API, mail, and the
//! admin API. Each goes well and wrong, and gives what it saw to the [`Run`].

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, Browser, Caller, Credentials, DEVICE_CODE, Mail, Mailbox};

use super::secrets::{PASSWORD, Run, WRONG};

pub const NEW_PASSWORD: &str = "canary-Passw0rd/that-is-new";
pub const BOBS_PASSWORD: &str = "canary-Passw0rd/of-bob";
pub const DORAS_PASSWORD: &str = "canary-Passw0rd/of-dora";
const REGISTRATION_TOKEN: &str = "canary-registration-token";
/// A client of the configuration.
pub const SCRIPT: &str = "00000000000000000000SCR1PT";
pub const SCRIPTS_SECRET: &str = "canary-secret-of-the-script";

/// Logs in by password, refreshes, repeats a token that is spent, and logs out; and logs in through the browser.
pub async fn legacy(run: &mut Run, anonymous: &Caller, browser: &mut Browser) {
    let post = async |endpoint: &str, body: Value| {
        anonymous.post(&format!("/_matrix/client/v3/{endpoint}")).json(&body).await
    };
    let by_password = |user: &str, password: &str| {
        let identifier = json!({ "type": "m.id.user", "user": user });
        json!({ "type": "m.login.password", "identifier": identifier, "password": password, "refresh_token": true })
    };
    for (user, password) in [("alice", WRONG), (WRONG, "x")] {
        let refused = post("login", by_password(user, password)).await;
        assert_eq!(refused.status.as_u16(), 403, "{refused}");
        run.page(refused);
    }
    run.page(post("login", json!({ "type": "m.login.password", "password": [PASSWORD] })).await);
    let first = post("login", by_password("alice", PASSWORD)).await.ok();
    let first = run.legacy_tokens(&first);
    let second = post("refresh", json!({ "refresh_token": first.1 })).await.ok();
    let second = run.legacy_tokens(&second);
    let third = post("refresh", json!({ "refresh_token": second.1 })).await.ok();
    let third = run.legacy_tokens(&third);
    run.page(post("refresh", json!({ "refresh_token": third.0 })).await);
    run.page(anonymous.get(&format!("/_matrix/client/v3/login?access_token={}", third.0)).await);
    anonymous.with(Credentials::Bearer(third.0)).post("/_matrix/client/v3/logout").await.ok();

    let to = "redirectUrl=https%3A%2F%2Fchat.example.org%2F";
    let answer = anonymous.get(&format!("/_matrix/client/v3/login/sso/redirect?{to}")).await;
    let page = url::Url::parse(answer.header("location")).unwrap();
    let page = browser.get(page.path()).await.ok();
    let answer = browser.submit(&page, "/complete-compat-sso/", &[]).await;
    run.page(page);
    let token = answer.parameters()["loginToken"].clone();
    run.secret("a login token", &token);
    let by_token = json!({ "type": "m.login.token", "token": token, "refresh_token": true });
    let login = post("login", by_token.clone()).await.ok();
    run.legacy_tokens(&login);
    run.page(post("login", by_token).await);
}

/// A device shows a code and is let in.
pub async fn device(run: &mut Run, anonymous: &Caller, browser: &mut Browser) {
    let document = json!({
        "client_name": "Shower", "client_uri": "https://shower.example.org/", "response_types": [],
        "grant_types": [DEVICE_CODE, "refresh_token"], "token_endpoint_auth_method": "none",
        "id_token_signed_response_alg": "ES256",
    });
    let client = anonymous.post("/oauth2/registration").json(&document).await.ok().json();
    let id = client["client_id"].as_str().unwrap().to_owned();
    let client = anonymous.with(Credentials::Public { id });
    let codes = client.post("/oauth2/device").form([("scope", "openid")]).await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    run.secret("the device code", &text("device_code"));
    let code = text("device_code");
    let poll = async || {
        client.post("/oauth2/token").form([("grant_type", DEVICE_CODE), ("device_code", &code)]).await
    };
    run.page(poll().await);
    let page = browser.get("/link").await;
    let page = browser.submit(&page, "/link", &[("code", &text("user_code"))]).await;
    browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await.ok();
    let tokens = poll().await.tokens();
    run.tokens(&tokens);
    run.page(poll().await);
}

/// Another password, and an address that is proven by a mail.
pub async fn account(run: &mut Run, browser: &mut Browser, mailbox: &Mailbox) {
    let user = browser.ask("{ viewer { ... on User { id } } }", json!({})).await["viewer"]["id"].take();
    let set = "mutation($input: SetPasswordInput!) { setPassword(input: $input) { status } }";
    for (current, new) in [(WRONG, NEW_PASSWORD), (PASSWORD, "password"), (PASSWORD, NEW_PASSWORD)] {
        let input = json!({ "userId": user, "currentPassword": current, "newPassword": new });
        run.page(browser.graphql(set, json!({ "input": input })).await);
    }
    let malformed =
        format!("mutation {{ setPassword(input: {{ newPassword: \"{NEW_PASSWORD}\" }}) {{ status }} }}");
    run.page(browser.graphql(&malformed, json!({})).await);
    assert!(run.pages.iter().any(|page| page.body.contains("\"ALLOWED\"")), "the password was changed");

    let start = "mutation($input: StartEmailAuthenticationInput!) { startEmailAuthentication(input: $input) { status } }";
    for password in [WRONG, NEW_PASSWORD] {
        let input = json!({ "email": "alice@example.com", "password": password });
        run.page(browser.graphql(start, json!({ "input": input })).await);
    }
    let mail = arrived(mailbox).await;
    run.code = mail.subject.strip_prefix("Your code is ").expect("a code").to_owned();
    run.mails.push(mail);
}

/// The mail that a worker is about to send.
async fn arrived(mailbox: &Mailbox) -> Mail {
    let waiting = async {
        loop {
            if let Some(mail) = mailbox.take().pop() {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("a mail arrives")
}

/// A script sets somebody's password and makes tokens.
pub async fn administration(run: &mut Run, anonymous: &Caller) {
    let script = anonymous.with(Credentials::Basic { id: SCRIPT.into(), secret: SCRIPTS_SECRET.into() });
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    let body = script.post("/oauth2/token").form(form).await.ok().json();
    let token = body["access_token"].as_str().unwrap().to_owned();
    run.secret("the script's token", &token);
    let admin = anonymous.with(Credentials::Bearer(token));
    let post = async |path: &str, body: Value| admin.post(&format!("/api/admin/v1/{path}")).json(&body).await;
    let id_in = |answer: &Answer| answer.json()["data"]["id"].as_str().unwrap().to_owned();
    let bob = id_in(&post("users", json!({ "username": "bob" })).await.ok());
    let set = format!("users/{bob}/set-password");
    run.page(post(&set, json!({ "password": { "text": BOBS_PASSWORD } })).await);
    run.page(post(&set, json!({ "password": BOBS_PASSWORD })).await.ok());
    let wanted = json!({
        "actor_user_id": bob, "human_name": "a script", "scope": "urn:matrix:client:api:*", "expires_in": 3600,
    });
    let made = post("personal-sessions", wanted).await.ok();
    let token = made.json()["data"]["attributes"]["access_token"].as_str().unwrap().to_owned();
    run.secret("a personal token", &token);
    run.secret("a personal token's secret", &token[14..34]);
    let path = format!("personal-sessions/{}/regenerate", id_in(&made));
    let again = post(&path, json!({ "expires_in": 3600 })).await.ok().json();
    run.secret("a personal token", again["data"]["attributes"]["access_token"].as_str().unwrap());
    run.secret("a registration token", REGISTRATION_TOKEN);
    post("user-registration-tokens", json!({ "token": REGISTRATION_TOKEN })).await.ok();
}

/// Somebody registers, and somebody else gives up halfway.
pub async fn registration(run: &mut Run, anonymous: &Caller) {
    for (username, finishes) in [("dora", true), ("ella", false)] {
        let mut browser = Browser::new(anonymous.clone());
        let form = browser.get("/register").await.ok();
        let send = [("username", username), ("password", DORAS_PASSWORD)];
        let refused =
            browser.submit(&form, "/register/", &[&send[..], &[("password_confirm", WRONG)]].concat()).await;
        run.page(refused.ok());
        let page = browser
            .submit(&form, "/register/", &[&send[..], &[("password_confirm", DORAS_PASSWORD)]].concat())
            .await;
        run.secret("the registration's cookie", &browser.cookies["user-registration-sessions"]);
        browser.submit(&page, "/register/steps/", &[("token", WRONG)]).await.ok();
        let page = browser.submit(&page, "/register/steps/", &[("token", REGISTRATION_TOKEN)]).await.ok();
        if finishes {
            let last = browser.submit(&page, "/register/steps/", &[("action", "skip")]).await.ok();
            assert!(last.has_form("/logout"), "{last}");
            run.secret("the session's cookie", &browser.cookies["session"]);
            run.page(last);
        }
        run.page(page);
    }
}
