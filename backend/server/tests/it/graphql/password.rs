//! Passwords, and the proof that somebody knows one.

use serde_json::{Value, json};
use testkit::{Browser, PASSWORD, TestApp};

use super::{admin, app_of, call, person, try_call, with_tokens};
use crate::pages::signed_in;

const NEW: &str = "entirely new and rather strong";

async fn set(browser: &mut Browser, user: &str, current: Option<&str>, new: &str) -> Value {
    let input = json!({ "userId": user, "currentPassword": current, "newPassword": new });
    call(browser, "setPassword", input, "status").await["status"].take()
}

/// Whether this password signs somebody in.
async fn signs_in(app: &TestApp, password: &str) -> bool {
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", password)]).await;
    page.has_form("/logout")
}

#[tokio::test]
async fn a_password_is_replaced_by_who_knows_it() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    for (current, new, status) in [
        (Some(PASSWORD), "", "INVALID_NEW_PASSWORD"),
        (Some(PASSWORD), "password", "INVALID_NEW_PASSWORD"),
        (Some("wrong"), "password", "INVALID_NEW_PASSWORD"),
        (Some("wrong"), NEW, "WRONG_PASSWORD"),
        (Some(""), NEW, "WRONG_PASSWORD"),
    ] {
        assert_eq!(set(&mut browser, &user, current, new).await, status, "{current:?} {new}");
    }
    let long = "x".repeat(5000);
    assert_eq!(set(&mut browser, &user, Some(PASSWORD), &long).await, "INVALID_NEW_PASSWORD");
    assert_eq!(set(&mut browser, &user, Some(&long), NEW).await, "WRONG_PASSWORD");
    let input = json!({ "userId": user, "newPassword": NEW });
    assert_eq!(try_call(&mut browser, "setPassword", input, "status").await.fault().0, "BAD_INPUT");
    assert!(signs_in(&app, PASSWORD).await, "nothing has changed so far");
    assert_eq!(set(&mut browser, &user, Some(PASSWORD), NEW).await, "ALLOWED");
    assert!(signs_in(&app, NEW).await);
    assert!(!signs_in(&app, PASSWORD).await);
    let who = browser.ask("{ viewer { ... on User { hasPassword } } }", json!({})).await;
    assert_eq!(who["viewer"]["hasPassword"], true, "sessions stay");
}

#[tokio::test]
async fn others_are_signed_out_with_the_change_if_asked_for() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    let mut other = signed_in(&app, "alice").await;
    app_of(&app, &mut other, "OTHER00001").await;
    let input =
        json!({ "userId": user, "currentPassword": PASSWORD, "newPassword": NEW, "endOtherSessions": true });
    let changed =
        call(&mut browser, "setPassword", input, "status ended { browserSessions appSessions }").await;
    assert_eq!(changed, json!({ "status": "ALLOWED", "ended": { "browserSessions": 1, "appSessions": 1 } }));
    app.run_jobs().await;
    assert_eq!(other.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"], "Anonymous");
    assert_eq!(browser.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"], "User");
}

#[tokio::test]
async fn operators_decide_whether_passwords_change() {
    let app = TestApp::with(|settings| settings.site.password_change_allowed = false).await;
    let (user, mut browser) = person(&app, "alice").await;
    assert_eq!(set(&mut browser, &user, Some(PASSWORD), NEW).await, "PASSWORD_CHANGES_DISABLED");
}

#[tokio::test]
async fn administrators_set_passwords_also_first_ones() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let user = format!("user:{}", app.user("alice").await);
    let query = super::mutation("setPassword", "status");
    let set = async |user: &str, new: &str| {
        let answer = admin.graphql(&query, json!({ "input": { "userId": user, "newPassword": new } })).await;
        answer.data()["setPassword"]["status"].take()
    };
    assert_eq!(set("user:01K2C31V80V37E3S3E28JT97KB", NEW).await, "NOT_FOUND");
    assert_eq!(set(&user, "password").await, "INVALID_NEW_PASSWORD");
    assert!(!signs_in(&app, NEW).await);
    assert_eq!(set(&user, NEW).await, "ALLOWED");
    assert!(signs_in(&app, NEW).await);
}

#[tokio::test]
async fn who_has_no_password_cannot_set_a_first_one() {
    let app = with_tokens().await;
    let caller = super::token(&app, "alice", "openid urn:mas:graphql:*").await;
    app.database.execute("DELETE FROM authenticators").await;
    let id =
        caller.graphql("{ viewer { ... on User { id hasPassword } } }", json!({})).await.data()["viewer"]
            .take();
    assert_eq!(id["hasPassword"], false);
    let input = json!({ "input": { "userId": id["id"], "currentPassword": "x", "newPassword": NEW } });
    let answer = caller.graphql(&super::mutation("setPassword", "status"), input).await.data();
    assert_eq!(answer["setPassword"]["status"], "NO_CURRENT_PASSWORD");
}

/// Whoever has stolen a cookie does not know the password, and must not find it out here.
#[tokio::test]
async fn a_stolen_cookie_gives_no_more_guesses_than_the_sign_in_form() {
    let app = TestApp::with(|settings| settings.attempts = (10, 1.0 / 3600.0)).await;
    let (user, mut thief) = person(&app, "alice").await;
    let id = user.trim_start_matches("user:").parse().unwrap();
    let op = app.op();
    app.parts()
        .db
        .write(async |tx| domain::users::emails::add(tx, &op, id, "a@example.com").await)
        .await
        .unwrap();
    app.run_jobs().await;
    let data = thief.ask("{ viewer { ... on User { emails(first: 1) { nodes { id } } } } }", json!({})).await;
    let email = data["viewer"]["emails"]["nodes"][0]["id"].clone();
    let mut guesses = 0;
    'all: loop {
        for (name, input, wrong) in [
            (
                "setPassword",
                json!({ "userId": user, "currentPassword": "guess", "newPassword": NEW }),
                "WRONG_PASSWORD",
            ),
            ("removeEmail", json!({ "userEmailId": email, "password": "guess" }), "INCORRECT_PASSWORD"),
            (
                "startEmailAuthentication",
                json!({ "email": "thief@example.com", "password": "guess" }),
                "INCORRECT_PASSWORD",
            ),
            ("deactivateUser", json!({ "hsErase": true, "password": "guess" }), "INCORRECT_PASSWORD"),
        ] {
            let answer = try_call(&mut thief, name, input, "status").await;
            if answer.body.contains("errors") {
                assert_eq!(answer.fault().0, "RATE_LIMITED");
                assert!(
                    answer.json()["errors"][0]["extensions"]["retryAfter"].as_u64().unwrap() > 60,
                    "{answer}"
                );
                break 'all;
            }
            assert_eq!(answer.data()[name]["status"], wrong, "{name}");
            guesses += 1;
            assert!(guesses < 20, "nobody holds them up");
        }
    }
    assert_eq!(guesses, 9, "the sign-in itself was the first of ten");
    let right = json!({ "userId": user, "currentPassword": PASSWORD, "newPassword": NEW });
    let right = try_call(&mut thief, "setPassword", right, "status").await;
    assert_eq!(right.fault().0, "RATE_LIMITED", "the right one as well, from then on");
    let kinds =
        app.database.texts("SELECT kind FROM audit_events WHERE kind = 'password_proof_failed'").await;
    assert_eq!(kinds.len(), 9);
}

/// Judging a new password takes longer than verifying one, on the threads that everybody signs in with.
#[tokio::test]
async fn weak_passwords_are_not_judged_without_end() {
    let app = TestApp::with(|settings| settings.attempts = (4, 1.0 / 3600.0)).await;
    let (user, mut browser) = person(&app, "alice").await;
    let aliases = |count: usize| {
        let all: String = (0..count)
            .map(|number| format!("a{number}: setPassword(input: {{ userId: \"{user}\", currentPassword: \"x\", newPassword: \"password\" }}) {{ status }} "))
            .collect();
        format!("mutation {{ {all} }}")
    };
    assert_eq!(browser.graphql(&aliases(6), json!({})).await.fault().0, "TOO_COMPLEX");
    let answer = browser.graphql(&aliases(5), json!({})).await;
    assert!(answer.body.contains("RATE_LIMITED"), "the sign-in was the first of four: {answer}");
    let weak = answer.body.matches("INVALID_NEW_PASSWORD").count();
    assert!(weak <= 3, "{answer}");
    assert_eq!(browser.graphql(&aliases(1), json!({})).await.fault().0, "RATE_LIMITED");
}

#[tokio::test]
async fn recovery_is_not_for_who_is_signed_in_and_not_there_yet() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let input = json!({ "ticket": "x", "newPassword": NEW });
    let refused = try_call(&mut browser, "setPasswordByRecovery", input.clone(), "status").await;
    assert_eq!(refused.fault(), ("FORBIDDEN".into(), "Unauthorized".into()));
    let stranger = app
        .anonymous()
        .graphql(&super::mutation("setPasswordByRecovery", "status"), json!({ "input": input }));
    assert_eq!(stranger.await.data()["setPasswordByRecovery"]["status"], "PASSWORD_CHANGES_DISABLED");
    let resent = app
        .anonymous()
        .graphql(&super::mutation("resendRecoveryEmail", "status"), json!({ "input": { "ticket": "x" } }));
    assert_eq!(resent.await.data()["resendRecoveryEmail"]["status"], "NO_SUCH_RECOVERY_TICKET");
}
