//! E-mail addresses, proven by codes that arrive by mail.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Browser, Mail, PASSWORD, TestApp};

use super::{admin, call, person, try_call, with_tokens};
use crate::pages::signed_in;

const START: &str = "startEmailAuthentication";
const STARTED: &str = "status violations authentication { id email completedAt }";

/// Begins, and has the mail sent; the answer is the verification's id and the code.
async fn start(app: &TestApp, browser: &mut Browser, email: &str) -> (String, String) {
    let started = call(browser, START, json!({ "email": email, "password": PASSWORD }), STARTED).await;
    assert_eq!(started["status"], "STARTED", "{started}");
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    (started["authentication"]["id"].as_str().unwrap().to_owned(), code(&app.mailbox.only()))
}

/// The code in a mail, as somebody copies it.
fn code(mail: &Mail) -> String {
    let code = mail.subject.strip_prefix("Your code is ").unwrap_or_else(|| panic!("{mail:#?}"));
    assert_eq!(code.len(), 7);
    code.to_owned()
}

async fn complete(browser: &mut Browser, id: &str, code: &str) -> Value {
    let input = json!({ "id": id, "code": code });
    call(browser, "completeEmailAuthentication", input, "status").await["status"].take()
}

async fn emails(browser: &mut Browser) -> Vec<String> {
    let data =
        browser.ask("{ viewer { ... on User { emails(first: 100) { nodes { email } } } } }", json!({})).await;
    let nodes = data["viewer"]["emails"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["email"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_address_is_added_by_the_code_that_was_sent_to_it() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let started =
        call(&mut browser, START, json!({ "email": " Alice@Example.com ", "password": PASSWORD }), STARTED)
            .await;
    assert_eq!(started["authentication"]["email"], "Alice@Example.com");
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    let mail = app.mailbox.only();
    let code = code(&mail);
    assert_eq!(mail.to, ["Alice@Example.com"]);
    assert_eq!((&*mail.from, &*mail.reply_to), ("accounts@example.com", "help@example.com"));
    assert!(mail.text.contains(&code) && mail.html.contains(&code), "{mail:#?}");
    assert!(mail.text.contains("example.com") && mail.html.contains("example.com"), "{mail:#?}");
    for header in ["Message-ID: <", "Date: ", "Auto-Submitted: auto-generated", "MIME-Version: 1.0"] {
        assert!(mail.headers.contains(header), "{header}: {}", mail.headers);
    }
    let id = started["authentication"]["id"].as_str().unwrap();
    assert_eq!(complete(&mut browser, id, &code).await, "COMPLETED");
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(app.homeserver.user("alice").unwrap().emails, ["Alice@Example.com"]);
    assert_eq!(emails(&mut browser).await, ["Alice@Example.com"]);
    let query = "query Q($id: ID!) { userEmailAuthentication(id: $id) { completedAt } }";
    let read = browser.ask(query, json!({ "id": id })).await;
    assert!(read["userEmailAuthentication"]["completedAt"].is_string());
    let again = json!({ "id": id, "code": code });
    let again = try_call(&mut browser, "completeEmailAuthentication", again, "status").await;
    assert_eq!(again.fault().0, "CONFLICT");
}

#[tokio::test]
async fn codes_are_not_in_the_database() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (_, code) = start(&app, &mut browser, "alice@example.com").await;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    for statement in [
        "SELECT CAST(payload AS text) FROM jobs",
        "SELECT CAST(data AS text) FROM audit_events WHERE data IS NOT NULL",
    ] {
        for text in app.database.texts(statement).await {
            assert!(!text.contains(&digits), "{text}");
        }
    }
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    app.clock.advance(Duration::from_secs(5 * 60 + 1));
    assert_eq!(complete(&mut browser, &id, &code).await, "CODE_EXPIRED");
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    app.clock.advance(Duration::from_secs(5 * 60));
    assert_eq!(complete(&mut browser, &id, &code).await, "COMPLETED");
    app.run_jobs().await;
}

/// It lives for a week, and so does the button that sends another code.
#[tokio::test]
async fn a_code_is_sent_again_also_hours_later() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, _) = start(&app, &mut browser, "alice@example.com").await;
    app.clock.advance(Duration::from_secs(2 * 3600));
    let resent = call(&mut browser, "resendEmailAuthenticationCode", json!({ "id": id }), "status").await;
    assert_eq!(resent["status"], "RESENT");
    app.run_jobs().await;
    assert_eq!(complete(&mut browser, &id, &code(&app.mailbox.only())).await, "COMPLETED");
    app.run_jobs().await;
}

/// Who waits for a mail that cannot be sent does not wait for ever.
#[tokio::test]
async fn a_code_that_could_not_be_sent_for_an_hour_is_not_sent_any_more() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let input = json!({ "email": "alice@example.com", "password": PASSWORD });
    call(&mut browser, START, input, STARTED).await;
    app.clock.advance(Duration::from_secs(3601));
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    assert!(app.mailbox.take().is_empty());
}

#[tokio::test]
async fn nothing_is_sent_where_addresses_may_not_be_changed() {
    let mut app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, _) = start(&app, &mut browser, "alice@example.com").await;
    app.restart(|settings| settings.site.email_change_allowed = false).await;
    let mut later = signed_in(&app, "alice").await;
    later.cookies = browser.cookies.clone();
    let resent = try_call(&mut later, "resendEmailAuthenticationCode", json!({ "id": id }), "status").await;
    assert_eq!(resent.fault().0, "DISABLED");
}

#[tokio::test]
async fn only_the_newest_code_works_and_only_for_its_own() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, old) = start(&app, &mut browser, "alice@example.com").await;
    let resent = call(&mut browser, "resendEmailAuthenticationCode", json!({ "id": id }), "status").await;
    assert_eq!(resent["status"], "RESENT");
    app.run_jobs().await;
    let new = code(&app.mailbox.only());
    let (other, others) = start(&app, &mut browser, "other@example.com").await;
    for wrong in [&*old, &*others, "", "000 000 0", "abcdef"] {
        assert_eq!(complete(&mut browser, &id, wrong).await, "INVALID_CODE", "{wrong}");
    }
    assert_eq!(complete(&mut browser, &id, &new.replace(' ', "")).await, "COMPLETED");
    let resent = call(&mut browser, "resendEmailAuthenticationCode", json!({ "id": id }), "status").await;
    assert_eq!(resent["status"], "COMPLETED");
    assert_eq!(complete(&mut browser, &other, &others).await, "COMPLETED");
    app.run_jobs().await;
}

#[tokio::test]
async fn another_browser_cannot_finish_it() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    let mut same_person = signed_in(&app, "alice").await;
    let (_, mut bob) = person(&app, "bob").await;
    for browser in [&mut same_person, &mut bob] {
        assert_eq!(complete(browser, &id, &code).await, "INVALID_CODE");
        let query = "query Q($id: ID!) { userEmailAuthentication(id: $id) { email } }";
        assert_eq!(browser.ask(query, json!({ "id": id })).await["userEmailAuthentication"], Value::Null);
        let refused = try_call(browser, "resendEmailAuthenticationCode", json!({ "id": id }), "status").await;
        assert_eq!(refused.fault(), ("FORBIDDEN".into(), "Unauthorized".into()));
    }
    assert_eq!(complete(&mut browser, &id, &code).await, "COMPLETED");
    app.run_jobs().await;
}

#[tokio::test]
async fn of_parallel_tries_one_adds_the_address() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (mut browser, id, code) = (browser.clone(), id.clone(), code.clone());
            tokio::spawn(async move {
                let input = json!({ "id": id, "code": code });
                try_call(&mut browser, "completeEmailAuthentication", input, "status").await
            })
        })
        .collect();
    let mut completed = 0;
    for one in tries {
        let answer = one.await.unwrap();
        completed += usize::from(answer.body.contains("\"COMPLETED\""));
        assert!(
            answer.body.contains("COMPLETED")
                || answer.body.contains("CONFLICT")
                || answer.body.contains("INVALID_CODE"),
            "{answer}"
        );
    }
    assert_eq!(completed, 1);
    assert_eq!(emails(&mut browser).await, ["alice@example.com"]);
    app.run_jobs().await;
}

#[tokio::test]
async fn what_is_refused_before_a_mail_goes_out() {
    let app = TestApp::with(|settings| {
        settings.policy = json!({ "emails": { "banned_addresses": { "suffixes": ["@banned.example"] } } });
    })
    .await;
    let (_, mut browser) = person(&app, "alice").await;
    let status = async |browser: &mut Browser, email: &str, password: Option<&str>| {
        let input = json!({ "email": email, "password": password });
        call(browser, START, input, STARTED).await
    };
    for email in [
        "",
        "alice",
        "alice@",
        "@example.com",
        "a b@example.com",
        "a@b\nBcc: c@example.com",
        &format!("{}@example.com", "x".repeat(300)),
    ] {
        assert_eq!(
            status(&mut browser, email, Some(PASSWORD)).await["status"],
            "INVALID_EMAIL_ADDRESS",
            "{email}"
        );
    }
    let denied = status(&mut browser, "x@banned.example", Some(PASSWORD)).await;
    assert_eq!(
        denied,
        json!({ "status": "DENIED", "violations": ["email address is banned on this server"], "authentication": null })
    );
    for password in [None, Some(""), Some("wrong")] {
        assert_eq!(status(&mut browser, "alice@example.com", password).await["status"], "INCORRECT_PASSWORD");
    }
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    complete(&mut browser, &id, &code).await;
    app.run_jobs().await;
    assert_eq!(status(&mut browser, "ALICE@example.com", Some(PASSWORD)).await["status"], "IN_USE");
    for language in ["", "not a tag", "x\ny"] {
        let input = json!({ "email": "b@example.com", "password": PASSWORD, "language": language });
        assert_eq!(try_call(&mut browser, START, input, STARTED).await.fault().0, "BAD_INPUT", "{language}");
    }
    assert_eq!(app.mailbox.take(), []);
}

#[tokio::test]
async fn an_address_of_somebody_else_is_not_told_before_the_code() {
    let app = TestApp::new().await;
    let (_, mut alice) = person(&app, "alice").await;
    let (id, code) = start(&app, &mut alice, "shared@example.com").await;
    complete(&mut alice, &id, &code).await;
    app.run_jobs().await;
    let (_, mut bob) = person(&app, "bob").await;
    let (id, code) = start(&app, &mut bob, "SHARED@example.com").await;
    assert_eq!(complete(&mut bob, &id, &code).await, "IN_USE");
    assert_eq!(emails(&mut bob).await, Vec::<String>::new());
    let again = json!({ "id": id, "code": code });
    assert_eq!(
        try_call(&mut bob, "completeEmailAuthentication", again, "status").await.fault().0,
        "CONFLICT"
    );
}

#[tokio::test]
async fn mails_and_tries_are_limited() {
    let app = TestApp::with(|settings| {
        settings.mailed_codes = (2, 1.0 / 60.0);
        settings.repeated_mails = (1, 1.0 / 300.0);
        settings.typed_mail_codes = (3, 1.0 / 60.0);
    })
    .await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    for _ in 0..3 {
        assert_eq!(complete(&mut browser, &id, "000000").await, "INVALID_CODE");
    }
    assert_eq!(complete(&mut browser, &id, &code).await, "RATE_LIMITED", "the right code as well");
    for status in ["RESENT", "RATE_LIMITED"] {
        let resent = call(&mut browser, "resendEmailAuthenticationCode", json!({ "id": id }), "status").await;
        assert_eq!(resent["status"], status);
    }
    app.run_jobs().await;
    app.mailbox.only();
    start(&app, &mut browser, "bob@example.com").await;
    let input = json!({ "email": "carol@example.com", "password": PASSWORD });
    assert_eq!(call(&mut browser, START, input.clone(), STARTED).await["status"], "RATE_LIMITED");
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(call(&mut browser, START, input, STARTED).await["status"], "STARTED");
    app.run_jobs().await;
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_tried_again() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app.mailbox.answer(450);
    let input = json!({ "email": "alice@example.com", "password": PASSWORD });
    let started = call(&mut browser, START, input.clone(), STARTED).await;
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    assert_eq!(app.mailbox.take(), []);
    app.mailbox.answer(250);
    app.clock.advance(Duration::from_secs(6));
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    let code = code(&app.mailbox.only());
    let id = started["authentication"]["id"].as_str().unwrap();
    assert_eq!(complete(&mut browser, id, &code).await, "COMPLETED");
    app.run_jobs().await;

    app.mailbox.answer(550);
    call(&mut browser, START, json!({ "email": "gone@example.com", "password": PASSWORD }), STARTED).await;
    app.run_jobs().await;
    app.mailbox.answer(250);
    app.clock.advance(Duration::from_secs(3600));
    assert_eq!(app.run_jobs().await, Vec::<&str>::new(), "what is refused for good is given up");
    assert_eq!(app.mailbox.take(), []);
}

#[tokio::test]
async fn an_address_is_removed_by_who_knows_the_password() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (id, code) = start(&app, &mut browser, "alice@example.com").await;
    complete(&mut browser, &id, &code).await;
    app.run_jobs().await;
    let data =
        browser.ask("{ viewer { ... on User { emails(first: 1) { nodes { id } } } } }", json!({})).await;
    let id = data["viewer"]["emails"]["nodes"][0]["id"].clone();
    let fields = "status email { email } user { username }";
    for password in [json!(null), json!("wrong")] {
        let input = json!({ "userEmailId": id, "password": password });
        assert_eq!(call(&mut browser, "removeEmail", input, fields).await["status"], "INCORRECT_PASSWORD");
    }
    assert_eq!(emails(&mut browser).await.len(), 1);
    let input = json!({ "userEmailId": id, "password": PASSWORD });
    let removed = call(&mut browser, "removeEmail", input.clone(), fields).await;
    assert_eq!(
        removed,
        json!({ "status": "REMOVED", "email": { "email": "alice@example.com" }, "user": { "username": "alice" } })
    );
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(app.homeserver.user("alice").unwrap().emails, Vec::<String>::new());
    assert_eq!(call(&mut browser, "removeEmail", input, fields).await["status"], "NOT_FOUND");
}

#[tokio::test]
async fn an_operator_may_keep_addresses_as_they_are() {
    let app = TestApp::with(|settings| {
        settings.site.email_change_allowed = false;
        settings.graphql_by_token = true;
    })
    .await;
    let (user, mut browser) = person(&app, "alice").await;
    let input = json!({ "email": "alice@example.com", "password": PASSWORD });
    assert_eq!(try_call(&mut browser, START, input, STARTED).await.fault().0, "DISABLED");
    let admin = admin(&app).await;
    let query = super::mutation("addEmail", "status email { id }");
    let add = |email: &str| json!({ "input": { "userId": user, "email": email } });
    let added = admin.graphql(&query, add("alice@example.com")).await.data();
    assert_eq!(added["addEmail"]["status"], "ADDED");
    let id = added["addEmail"]["email"]["id"].clone();
    let input = json!({ "userEmailId": id, "password": PASSWORD });
    assert_eq!(try_call(&mut browser, "removeEmail", input, "status").await.fault().0, "DISABLED");
    let primary = call(&mut browser, "setPrimaryEmail", json!({ "userEmailId": id }), "status").await;
    assert_eq!(primary["status"], "SET");
    let removed = admin
        .graphql(&super::mutation("removeEmail", "status"), json!({ "input": { "userEmailId": id } }))
        .await;
    assert_eq!(removed.data()["removeEmail"]["status"], "REMOVED");
    app.run_jobs().await;
}

#[tokio::test]
async fn administrators_add_addresses_without_a_code() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (alice, _) = person(&app, "alice").await;
    let (bob, _) = person(&app, "bob").await;
    let query = super::mutation("addEmail", "status email { email } violations");
    let add = async |user: &str, email: &str| {
        admin.graphql(&query, json!({ "input": { "userId": user, "email": email } })).await
    };
    assert_eq!(add(&alice, "x@example.com").await.data()["addEmail"]["status"], "ADDED");
    let again = add(&alice, "X@example.com").await.data();
    assert_eq!(
        again["addEmail"],
        json!({ "status": "EXISTS", "email": { "email": "x@example.com" }, "violations": null })
    );
    assert_eq!(add(&alice, "nonsense").await.data()["addEmail"]["status"], "INVALID");
    assert_eq!(add(&bob, "x@example.com").await.fault().0, "CONFLICT");
    assert_eq!(add("user:01K2C31V80V37E3S3E28JT97KB", "y@example.com").await.fault().0, "BAD_INPUT");
    app.run_jobs().await;
    assert_eq!(app.mailbox.take(), []);
}
