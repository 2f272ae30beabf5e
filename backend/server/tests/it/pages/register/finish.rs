//! The account at the end.

use futures_util::future::join_all;
use testkit::{Mood, PASSWORD};

use super::{
    STEPS, begin, count, is_signed_in, mailed, open, open_with, open_without_email, says, skip_name,
    steps_in, through, usernames,
};

#[tokio::test]
async fn somebody_registers_proves_an_address_and_is_signed_in() {
    let app = open_with(|settings| settings.tos_uri = Some("https://example.org/terms".into())).await;
    let mut browser = app.browser();
    let page = browser.get("/").await.ok();
    let page = browser.get(&page.link("Create an account")).await.ok();
    assert_eq!(browser.redirects, ["/register/password"]);
    let page = super::send(&mut browser, &page, "dora", &[("accept_terms", "on")]).await;
    says(&page, 200, "dora@example.org");
    assert_eq!(usernames(&app).await, [""; 0], "nobody has the name yet");
    let code = mailed(&app).await;
    let page = browser.submit(&page, STEPS, &[("code", &code)]).await;
    says(&page, 200, "@dora:example.com");
    let fields = [("action", "set"), ("display_name", " Dora the Explorer ")];
    let page = browser.submit(&page, STEPS, &fields).await;
    is_signed_in(&page);
    assert!(page.body.contains("@dora:example.com"), "{page}");

    assert_eq!(app.run_jobs().await, ["provision-user"]);
    let user = app.homeserver.user("dora").unwrap();
    assert_eq!(user.emails, ["dora@example.org"]);
    assert_eq!(user.display_name.as_deref(), Some("Dora the Explorer"));
    let texts = async |sql: &str| app.database.texts(sql).await;
    assert_eq!(texts("SELECT kind FROM audit_events ORDER BY kind").await, ["signed_in", "user_registered"]);
    assert_eq!(texts("SELECT url FROM accepted_terms").await, ["https://example.org/terms"]);
    assert_eq!(texts("SELECT amr FROM browser_sessions").await, ["pwd"]);
    let document = texts("SELECT CAST(document AS text) FROM registrations").await;
    assert!(
        !document[0].contains("hash") && !document[0].contains("$2"),
        "the password is gone: {document:?}"
    );
    assert_eq!(browser.cookies["user-registration-sessions"], "", "nothing is left to go on with");

    let mut other = app.browser();
    let page = other.get("/login").await;
    let page =
        other.submit(&page, "/login", &[("username", "Dora@example.org"), ("password", PASSWORD)]).await;
    is_signed_in(&page);
}

#[tokio::test]
async fn a_name_and_a_password_are_enough_where_no_more_is_asked_for() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    assert!(!page.body.contains("name=\"email\""), "{page}");
    let page = begin(&mut browser, "dora").await;
    is_signed_in(&skip_name(&mut browser, &page).await);
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(app.homeserver.user("dora").unwrap().display_name.as_deref(), Some("dora"));
    assert_eq!(count(&app, "user_emails").await, 0, "an address that was sent all the same is nobody's");
}

#[tokio::test]
async fn a_display_name_is_there_and_not_too_long() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let long = "é".repeat(128);
    for name in ["", "  ", &long] {
        let again = browser.submit(&page, STEPS, &[("action", "set"), ("display_name", name)]).await;
        says(&again, 200, "Enter a name, not too long a one");
    }
    let longest = "é".repeat(127);
    is_signed_in(&browser.submit(&page, STEPS, &[("display_name", &longest)]).await);
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("dora").unwrap().display_name, Some(longest));
}

#[tokio::test]
async fn fifty_presses_of_the_last_button_make_one_account() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let presses = (0..50).map(|_| {
        let mut browser = browser.clone();
        let page = &page;
        async move { skip_name(&mut browser, page).await }
    });
    for page in join_all(presses).await {
        assert!(page.status.is_success(), "{page}");
    }
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(usernames(&app).await, ["dora"]);
    assert_eq!((count(&app, "browser_sessions").await, count(&app, "authenticators").await), (1, 1));
}

#[tokio::test]
async fn of_many_who_want_one_name_one_gets_it() {
    let app = open_without_email().await;
    let mut begun = Vec::new();
    for _ in 0..10 {
        let mut browser = app.browser();
        let page = begin(&mut browser, "dora").await;
        begun.push((browser, page));
    }
    let ends =
        begun.into_iter().map(|(mut browser, page)| async move { skip_name(&mut browser, &page).await });
    let pages = join_all(ends).await;
    let (welcome, late): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.has_form("/logout"));
    assert_eq!((welcome.len(), late.len()), (1, 9));
    for page in late {
        says(page, 409, "Somebody was faster");
        assert!(page.link("Start over").starts_with("/register"), "{page}");
    }
    assert_eq!(usernames(&app).await, ["dora"]);
    assert_eq!((count(&app, "browser_sessions").await, count(&app, "authenticators").await), (1, 1));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_name_that_the_homeserver_has_given_away_meanwhile_is_taken() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    app.homeserver.is_there("dora");
    says(&skip_name(&mut browser, &page).await, 409, "Somebody was faster");
    assert_eq!(usernames(&app).await, [""; 0]);
}

#[tokio::test]
async fn an_address_that_is_in_use_is_told_to_who_has_proven_it() {
    let app = open().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let op = app.op();
    let add = async |tx: &_| domain::users::emails::add(tx, &op, alice, "Dora@example.org").await;
    app.parts().db.write(add).await.unwrap();
    app.run_jobs().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    assert!(!page.body.contains("already"), "{page}");
    let code = mailed(&app).await;
    let page = browser.submit(&page, STEPS, &[("code", &code)]).await;
    says(&page, 200, "You already have an account");
    assert_eq!(page.link("Start over"), "/register");
    assert_eq!(usernames(&app).await, ["alice"]);
}

#[tokio::test]
async fn of_two_who_have_proven_one_address_one_gets_it() {
    let app = open().await;
    let mut begun = Vec::new();
    for username in ["dora", "ella"] {
        let mut browser = app.browser();
        let page = browser.get("/register").await;
        let page = super::send(&mut browser, &page, username, &[("email", "shared@example.org")]).await;
        let code = mailed(&app).await;
        let page = browser.submit(&page, STEPS, &[("code", &code)]).await;
        begun.push((browser, page));
    }
    let ends =
        begun.into_iter().map(|(mut browser, page)| async move { skip_name(&mut browser, &page).await });
    let pages = join_all(ends).await;
    assert_eq!(pages.iter().filter(|page| page.has_form("/logout")).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.body.contains("You already have an account")).count(), 1);
    assert_eq!(count(&app, "users").await, 1, "the other one left nothing behind");
    app.run_jobs().await;
}

#[tokio::test]
async fn while_the_homeserver_is_gone_nothing_is_lost() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    app.homeserver.feels(Mood::Failing);
    let page = skip_name(&mut browser, &page).await;
    says(&page, 503, "One moment, please");
    assert_eq!(usernames(&app).await, [""; 0]);
    app.homeserver.feels(Mood::Well);
    app.clock.advance(std::time::Duration::from_secs(10));
    let last = browser.redirects.last().unwrap().clone();
    is_signed_in(&browser.get(&last).await);
    app.run_jobs().await;
}

#[tokio::test]
async fn what_is_finished_leads_on_and_signs_nobody_in() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let steps = steps_in(&page);
    skip_name(&mut browser, &page).await;
    app.run_jobs().await;
    for step in ["token", "verify-email", "display-name", "finish"] {
        let mut other = app.browser();
        let page = other.get(&format!("{steps}/{step}")).await;
        assert_eq!(other.redirects, ["/"], "{step}");
        assert!(!page.has_form("/logout"), "{step}: {page}");
    }
}

/// The form and the last step: what they cost is their work, and no more of it for who is refused.
#[tokio::test]
async fn registering_takes_few_statements() {
    let app = open().await;
    through(&app, &mut app.browser(), "warm").await;
    app.run_jobs().await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let (page, begun) = app.cost(super::send(&mut browser, &page, "dora", &[])).await;
    // The name; begin, registration, verification, job, commit. Then the router and the step: each reads the registration.
    assert_eq!(begun, 6 + 2 + 1, "the form");
    let code = mailed(&app).await;
    let (page, proven) = app.cost(browser.submit(&page, STEPS, &[("code", &code)])).await;
    assert_eq!(proven, 1 + 5 + 3 + 1, "the code");
    let (page, finished) = app.cost(skip_name(&mut browser, &page)).await;
    is_signed_in(&page);
    assert_eq!(finished, 2 + 3 + 11 + 1, "the account");
    app.run_jobs().await;
}

#[tokio::test]
async fn several_may_be_under_way_in_one_browser() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let first = begin(&mut browser, "dora").await;
    let second = begin(&mut browser, "ella").await;
    is_signed_in(&skip_name(&mut browser, &first).await);
    is_signed_in(&skip_name(&mut browser, &second).await);
    assert_eq!(usernames(&app).await, ["dora", "ella"]);
    app.run_jobs().await;
}

#[tokio::test]
async fn the_homeserver_is_asked_and_told_no_more_than_needed() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    through(&app, &mut browser, "dora").await;
    assert_eq!(app.homeserver.called(), ["is_localpart_available", "is_localpart_available"]);
    app.run_jobs().await;
}
