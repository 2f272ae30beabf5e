//! What a client may demand of the sign-in (OpenID Connect Core §3.1.2.1, §5.5): the steps of the OpenID Foundation's
//! Basic OP plan, and what strangers make of them.

use serde_json::{Value, json};
use testkit::{Answer, Browser, ClientKind::*, PASSWORD, TestApp, TestClient};

use super::seconds;
use crate::pages::signed_in;

/// A browser whose person has agreed to this client knowing who they are, and then a minute has passed.
async fn agreed(app: &TestApp, client: &TestClient) -> (Browser, Value) {
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(app, "alice").await;
    let claims = claims_through(app, client, &mut browser, &[]).await;
    app.clock.advance(seconds(60));
    (browser, claims)
}

fn asking(app: &TestApp, client: &TestClient, parameters: &[(&str, &str)]) -> String {
    let begin = app.authorization(client).with("scope", "openid");
    parameters.iter().fold(begin, |request, (name, value)| request.with(name, value)).path()
}

/// The claims of the ID token that comes of a request that needs no more than consent.
async fn claims_through(
    app: &TestApp,
    client: &TestClient,
    browser: &mut Browser,
    parameters: &[(&str, &str)],
) -> Value {
    let begin = app.authorization(client).with("scope", "openid");
    let request = parameters.iter().fold(begin, |request, (name, value)| request.with(name, value));
    let code = request.through(browser, "alice").await;
    claims(app, &client.exchange(&code).await.tokens().id_token.unwrap())
}

fn claims(app: &TestApp, id_token: &str) -> Value {
    app.parts().keys.verify(id_token).expect("it is signed by our key")
}

fn code_in(answer: &Answer) -> testkit::Code {
    let parameters = answer.parameters();
    let code = parameters.get("code").unwrap_or_else(|| panic!("no code: {parameters:?}"));
    testkit::Code {
        code: code.clone(),
        verifier: Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into()),
        ..testkit::Code::unknown()
    }
}

/// The code in an answer, exchanged for its ID token.
async fn claims_of(app: &TestApp, client: &TestClient, answer: &Answer) -> Value {
    claims(app, &client.exchange(&code_in(answer)).await.tokens().id_token.unwrap())
}

#[tokio::test]
async fn prompt_none_never_shows_a_page() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let silent = asking(&app, &client, &[("prompt", "none")]);
    let told = app.browser().get(&silent).await.parameters();
    assert_eq!((told["error"].as_str(), told["state"].as_str()), ("login_required", "a-state"));
    assert_eq!(told["iss"], "https://auth.example.com/");

    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    assert_eq!(browser.get(&silent).await.parameters()["error"], "consent_required");

    claims_through(&app, &client, &mut browser, &[]).await;
    let answer = browser.get(&silent).await;
    assert_eq!(claims_of(&app, &client, &answer).await["nonce"], "a-nonce");
    let fragment = asking(&app, &client, &[("prompt", "none"), ("response_mode", "fragment")]);
    assert!(browser.get(&fragment).await.header("location").contains("#state=a-state&code="));
}

#[tokio::test]
async fn prompt_none_is_refused_for_who_was_stopped() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    let silent = asking(&app, &client, &[("prompt", "none")]);
    for (stop, undo) in [
        ("UPDATE users SET locked_at = 1", "UPDATE users SET locked_at = NULL"),
        ("UPDATE users SET deactivated_at = 1", "UPDATE users SET deactivated_at = NULL"),
        ("UPDATE browser_sessions SET finished_at = 1", "UPDATE browser_sessions SET finished_at = NULL"),
    ] {
        app.database.execute(stop).await;
        assert_eq!(browser.get(&silent).await.parameters()["error"], "login_required", "{stop}");
        app.database.execute(undo).await;
    }
    assert!(browser.get(&silent).await.parameters().contains_key("code"));
}

/// A device that appears without a word could read everything.
#[tokio::test]
async fn a_matrix_device_is_never_let_in_silently() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    app.authorization(&client).through(&mut browser, "alice").await;
    let told = browser.get(&app.authorization(&client).with("prompt", "none").path()).await.parameters();
    assert_eq!(told["error"], "consent_required");
    for scope in ["urn:matrix:client:api:*", "openid urn:mas:graphql:*"] {
        let told = browser.get(&asking(&app, &client, &[("prompt", "none"), ("scope", scope)])).await;
        assert_eq!(told.parameters()["error"], "consent_required", "{scope}");
    }
}

#[tokio::test]
async fn prompt_login_asks_for_the_password_and_tells_when_it_was_given() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, before) = agreed(&app, &client).await;
    let page = browser.get(&asking(&app, &client, &[("prompt", "login")])).await;
    assert!(page.has_form("/reauthenticate"), "{page}");
    app.clock.advance(seconds(5));
    let answer = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
    let after = claims_of(&app, &client, &answer).await;
    assert_eq!(after["auth_time"].as_i64().unwrap(), before["auth_time"].as_i64().unwrap() + 65);
    assert_eq!((&after["sub"], &after["amr"]), (&before["sub"], &json!(["pwd"])));
}

#[tokio::test]
async fn who_signs_in_for_the_request_is_not_asked_twice() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    for demand in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0"), ("max_age", "1")] {
        let mut browser = app.browser();
        let page = browser.get(&asking(&app, &client, &[demand, ("prompt", "consent login")])).await;
        app.clock.advance(seconds(30));
        let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
        app.clock.advance(seconds(30));
        let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
        assert!(answer.parameters().contains_key("code"), "{demand:?}");
    }
}

/// The Basic OP plan's max_age=1 and max_age=10000.
#[tokio::test]
async fn max_age_asks_only_who_signed_in_too_long_ago() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, before) = agreed(&app, &client).await;
    for (max_age, asks) in [("10000", false), ("60", false), ("59", true), ("1", true), ("0", true)] {
        let page = browser.get(&asking(&app, &client, &[("max_age", max_age)])).await;
        assert_eq!(page.has_form("/reauthenticate"), asks, "{max_age}");
        let silent = browser.get(&asking(&app, &client, &[("max_age", max_age), ("prompt", "none")])).await;
        let error = silent.parameters().get("error").cloned();
        assert_eq!(error.as_deref(), asks.then_some("login_required"), "{max_age}");
    }
    let kept = claims_through(&app, &client, &mut browser, &[("max_age", "10000")]).await;
    assert_eq!(kept["auth_time"], before["auth_time"]);
    let page = browser.get(&asking(&app, &client, &[("max_age", "1")])).await;
    let answer = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
    let fresh = claims_of(&app, &client, &answer).await;
    assert_eq!(fresh["auth_time"], app.now().as_secs());
}

/// A request stays open for a day; what was proven for it does not stay proven for as long.
#[tokio::test]
async fn a_browser_left_alone_on_the_question_has_to_prove_again_who_is_there() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    for demand in [("prompt", "login consent"), ("max_age", "0")] {
        let consent = if demand.0 == "prompt" { "login consent" } else { "consent" };
        let page = browser.get(&asking(&app, &client, &[demand, ("prompt", consent)])).await;
        let page = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
        app.clock.advance(seconds(600));
        assert!(browser.get(&crate::pages::consent_path(&page)).await.body.contains("value=\"allow\""));
        app.clock.advance(seconds(1));
        let late = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
        assert!(late.has_form("/reauthenticate"), "{demand:?}: {late}");
        let page = browser.submit(&late, "/reauthenticate", &[("password", PASSWORD)]).await;
        let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
        assert_eq!(claims_of(&app, &client, &answer).await["auth_time"], app.now().as_secs(), "{demand:?}");
        app.clock.advance(seconds(1));
    }
}

/// The sign-in was young enough for the request, and the request has been lying about since.
#[tokio::test]
async fn a_sign_in_that_grows_too_old_before_the_answer_is_not_enough() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    let page = browser.get(&asking(&app, &client, &[("max_age", "3600"), ("prompt", "consent")])).await;
    app.clock.advance(seconds(3600 - 60 + 600));
    assert!(browser.get(&crate::pages::consent_path(&page)).await.body.contains("value=\"allow\""));
    app.clock.advance(seconds(1));
    let late = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert!(late.has_form("/reauthenticate"), "{late}");
}

/// The code tells of the sign-in that was there when the person agreed, whatever comes between.
#[tokio::test]
async fn auth_time_is_that_of_the_consent() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, before) = agreed(&app, &client).await;
    let answer = browser.get(&asking(&app, &client, &[])).await;
    let page = browser.get(&asking(&app, &client, &[("prompt", "login")])).await;
    browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
    assert_eq!(claims_of(&app, &client, &answer).await["auth_time"], before["auth_time"]);
}

/// MAS#5151 let any password pass such a gate for months; and the gate can also be walked around.
#[tokio::test]
async fn nobody_gets_past_the_demand_without_the_password() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    app.user_with_password("bob", "another password that nobody guesses").await;
    let page = browser.get(&asking(&app, &client, &[("prompt", "login consent")])).await;
    for action in ["allow", "choose", ""] {
        let answer = browser.submit(&page, "/consent/", &[("action", action)]).await;
        assert!(answer.has_form("/reauthenticate"), "{action}: {answer}");
    }
    let consent = crate::pages::consent_path(&page);
    assert!(browser.get(&consent).await.has_form("/reauthenticate"));
    for wrong in ["", " ", "wrong", "another password that nobody guesses", &PASSWORD[1..], "\u{e9}"] {
        let again =
            browser.submit(&page, "/reauthenticate", &[("password", wrong), ("username", "bob")]).await;
        assert!(again.has_form("/reauthenticate") && !again.has_form("/consent/allow"), "{wrong}: {again}");
        assert!(browser.get(&consent).await.has_form("/reauthenticate"), "{wrong}");
    }
    let foreign = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD), ("csrf", "x")]).await;
    assert!(foreign.has_form("/reauthenticate"), "{foreign}");
    let page = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
    assert!(page.body.contains("value=\"allow\""), "{page}");
}

#[tokio::test]
async fn an_id_token_names_who_must_answer_also_when_it_has_expired() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    let tokens = {
        let code = app.authorization(&client).with("scope", "openid").through(&mut browser, "alice").await;
        client.exchange(&code).await.tokens()
    };
    let hint = tokens.id_token.unwrap();
    app.clock.advance(seconds(7200));
    let silent = [("prompt", "none"), ("id_token_hint", hint.as_str())];
    assert!(browser.get(&asking(&app, &client, &silent)).await.parameters().contains_key("code"));

    app.user_with_password("bob", PASSWORD).await;
    let mut other = signed_in(&app, "bob").await;
    let told = other.get(&asking(&app, &client, &silent)).await.parameters();
    assert_eq!(told["error"], "consent_required", "who has not agreed is not told of");
    let page = other.get(&asking(&app, &client, &[])).await;
    other.submit(&page, "/consent/", &[("action", "allow")]).await;
    let told = other.get(&asking(&app, &client, &silent)).await.parameters();
    assert_eq!(told["error"], "login_required");
    let page = other.get(&asking(&app, &client, &silent[1..])).await;
    assert!(page.body.contains("Another account is needed"), "{page}");
    for action in ["allow", "choose"] {
        let refused = other.submit(&page, "/consent/", &[("action", action)]).await;
        assert!(refused.body.contains("Another account is needed"), "{action}: {refused}");
    }
    let page = other.submit(&page, "/logout", &[]).await;
    let page = other.submit(&page, "/login", &[("username", "bob"), ("password", PASSWORD)]).await;
    assert!(page.body.contains("Another account is needed"), "signing in as the same again: {page}");
    let page = other.submit(&page, "/logout", &[]).await;
    let answer = other.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(claims_of(&app, &client, &answer).await["sub"], claims(&app, &hint)["sub"]);
}

#[tokio::test]
async fn the_wrong_person_can_refuse_and_the_app_is_told() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    let sub = json!({ "id_token": { "sub": { "value": "01K2F2DKG0M9S346Q3D25VT4F5" } } }).to_string();
    let page = browser.get(&asking(&app, &client, &[("claims", &sub)])).await;
    let answer = browser.submit(&page, "/consent/", &[("action", "cancel")]).await;
    assert_eq!(answer.parameters()["error"], "access_denied");
}

#[tokio::test]
async fn a_hint_that_is_not_ours_is_refused() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, mut forged) = agreed(&app, &client).await;
    let good = {
        let code = app.authorization(&client).with("scope", "openid").through(&mut browser, "alice").await;
        client.exchange(&code).await.tokens().id_token.unwrap()
    };
    forged["iss"] = "https://evil.example/".into();
    let elsewhere = app.parts().keys.sign(app.now(), kernel::jose::Algorithm::Rs256, &forged).unwrap();
    let (head, signature) = good.rsplit_once('.').unwrap();
    let unsigned = format!("{}.{}.", "eyJhbGciOiJub25lIn0", head.split_once('.').unwrap().1);
    for hint in ["x", "..", &good[1..], &format!("{head}.{}", &signature[4..]), &unsigned, &elsewhere] {
        let told = browser.get(&asking(&app, &client, &[("id_token_hint", hint)])).await.parameters();
        assert_eq!(told["error"], "invalid_request", "{hint}");
    }
}

#[tokio::test]
async fn a_login_hint_is_typed_for_who_signs_in_and_asks_who_is_somebody_else() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let page = app.browser().get(&asking(&app, &client, &[("login_hint", "mxid:@bob:example.com")])).await;
    assert!(page.has_form("/login") && page.body.contains("value=\"bob\""), "{page}");

    let (mut browser, _) = agreed(&app, &client).await;
    for (hint, asks) in [
        ("mxid:@alice:example.com", false),
        ("mxid:@ALICE:example.com", false),
        ("mxid:@bob:elsewhere.example", false),
        ("nonsense", false),
        ("mxid:@bob:example.com", true),
        ("bob@example.org", true),
    ] {
        let page = browser.get(&asking(&app, &client, &[("login_hint", hint)])).await;
        assert_eq!(page.body.contains("Is this the right account?"), asks, "{hint}: {page}");
        let silent = browser.get(&asking(&app, &client, &[("login_hint", hint), ("prompt", "none")])).await;
        let error = silent.parameters().get("error").cloned();
        assert_eq!(error.as_deref(), asks.then_some("account_selection_required"), "{hint}");
    }
    let page = browser.get(&asking(&app, &client, &[("login_hint", "mxid:@bob:example.com")])).await;
    assert!(page.body.contains("expects") && page.body.contains("bob"), "{page}");
    let answer = browser.submit(&page, "/consent/", &[("action", "choose")]).await;
    assert!(answer.parameters().contains_key("code"), "{answer}");
}

#[tokio::test]
async fn an_address_of_ones_own_is_no_hint_at_somebody_else() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    app.database
        .execute(
            "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
             SELECT id, id, 'Alice@Example.org', 'alice@example.org', 0 FROM users",
        )
        .await;
    let page = browser.get(&asking(&app, &client, &[("login_hint", "alice@EXAMPLE.org")])).await;
    assert!(page.parameters().contains_key("code"), "{page}");
}

#[tokio::test]
async fn select_account_asks_once_which_account_it_is() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    app.user_with_password("bob", PASSWORD).await;
    let request = asking(&app, &client, &[("prompt", "select_account")]);
    let page = browser.get(&request).await;
    assert!(page.body.contains("Is this the right account?") && page.has_form("/logout"), "{page}");
    let refused = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert!(refused.body.contains("Is this the right account?"), "it has to be answered: {refused}");
    let answer = browser.submit(&page, "/consent/", &[("action", "choose")]).await;
    assert!(answer.parameters().contains_key("code"), "{answer}");

    let page = browser.get(&request).await;
    let page = browser.submit(&page, "/logout", &[]).await;
    assert!(page.has_form("/login"), "{page}");
    let page = browser.submit(&page, "/login", &[("username", "bob"), ("password", PASSWORD)]).await;
    assert!(page.body.contains("value=\"allow\"") && page.body.contains("@bob:example.com"), "{page}");

    let silent = [("prompt", "none select_account")];
    assert_eq!(browser.get(&asking(&app, &client, &silent)).await.parameters()["error"], "invalid_request");
}

#[tokio::test]
async fn a_choice_that_was_made_in_another_browser_counts_for_nothing() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    let page = browser.get(&asking(&app, &client, &[("prompt", "select_account consent")])).await;
    let consent = browser.submit(&page, "/consent/", &[("action", "choose")]).await;
    assert!(consent.body.contains("value=\"allow\""), "{consent}");
    let mut older = signed_in(&app, "alice").await;
    app.database.execute("UPDATE browser_sessions SET auth_time = 1").await;
    let page = older.get(&crate::pages::consent_path(&consent)).await;
    assert!(page.body.contains("Is this the right account?"), "{page}");
}

#[tokio::test]
async fn a_class_of_sign_in_is_told_if_it_was_asked_for_and_met() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, unasked) = agreed(&app, &client).await;
    assert_eq!(unasked.get("acr"), None);
    let password = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    let asked = [("acr_values", format!("urn:better {password}"))];
    let asked: Vec<_> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(claims_through(&app, &client, &mut browser, &asked).await["acr"], password);
    let unknown = claims_through(&app, &client, &mut browser, &[("acr_values", "1 2")]).await;
    assert_eq!(unknown.get("acr"), None, "it is voluntary");

    let wish = |essential: bool, class: &str| {
        json!({ "id_token": { "acr": { "essential": essential, "values": [class] } } }).to_string()
    };
    for (essential, class) in [(true, password), (false, password), (false, "urn:better")] {
        let claims =
            claims_through(&app, &client, &mut browser, &[("claims", &wish(essential, class))]).await;
        let expected = (class == password).then_some(password);
        assert_eq!(claims.get("acr").and_then(Value::as_str), expected, "{essential} {class}");
    }
    for prompt in ["none", "consent"] {
        let wish = wish(true, "urn:better");
        let answer = browser.get(&asking(&app, &client, &[("claims", &wish), ("prompt", prompt)])).await;
        assert_eq!(answer.parameters()["error"], "unmet_authentication_requirements", "{prompt}");
    }
}

#[tokio::test]
async fn claims_asked_for_by_name_are_told_once_the_person_has_agreed() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, before) = agreed(&app, &client).await;
    let asked = |wishes: Value| asking(&app, &client, &[("claims", &wishes.to_string())]);
    let wishes = json!({
        "userinfo": { "preferred_username": { "essential": true }, "unheard_of": null },
        "id_token": { "auth_time": { "essential": true }, "unheard_of": { "value": 1 } },
    });
    let page = browser.get(&asked(wishes)).await.ok();
    assert!(page.body.contains("Allow"), "more is asked for than was agreed to: {page}");
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let tokens = client.exchange(&code_in(&answer)).await.tokens();
    assert_eq!(tokens.scope.as_deref(), Some("openid profile"));
    assert_eq!(client.userinfo(&tokens).await.ok().json()["preferred_username"], "alice");
    let told = claims(&app, &tokens.id_token.unwrap());
    assert_eq!((&told["auth_time"], told.get("unheard_of")), (&before["auth_time"], None));
}

/// Scopes give claims to userinfo (§5.4); the ID token, which travels further, has what was asked for there.
#[tokio::test]
async fn the_id_token_tells_of_the_person_only_what_was_asked_for_there() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = agreed(&app, &client).await;
    app.database
        .execute(
            "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
             SELECT id, id, 'alice@example.org', 'alice@example.org', 0 FROM users",
        )
        .await;
    let name = Some("Alice Liddell");
    let chosen = domain::homeserver::Provisioning { display_name: name, ..Default::default() };
    app.parts().homeserver.provision_user("alice", &chosen).await.unwrap();
    let all = ["email", "email_verified", "preferred_username", "name"];
    let mut told = async |wishes: Value| {
        let wishes = wishes.to_string();
        let parameters = [("scope", "openid email profile"), ("claims", wishes.as_str())];
        claims_through(&app, &client, &mut browser, &parameters).await
    };
    for wishes in [json!({}), json!({ "userinfo": { "email": null, "name": null } })] {
        let told = told(wishes).await;
        assert!(all.iter().all(|claim| told.get(claim).is_none()), "{told}");
    }
    let some = told(json!({ "id_token": { "email": null, "name": { "essential": true } } })).await;
    assert_eq!((&some["email"], &some["name"]), (&json!("alice@example.org"), &json!("Alice Liddell")));
    assert!(some.get("email_verified").is_none() && some.get("preferred_username").is_none(), "{some}");
    let wish: Value = all.iter().map(|claim| ((*claim).to_owned(), Value::Null)).collect();
    let everything = told(json!({ "id_token": wish })).await;
    assert!(all.iter().all(|claim| everything.get(claim).is_some()), "{everything}");
}

#[tokio::test]
async fn claims_that_nobody_has_heard_of_harm_nobody() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, before) = agreed(&app, &client).await;
    let claims = json!({ "userinfo": { "x": null }, "id_token": { "auth_time": null, "y": { "value": 1 } } });
    let told = claims_through(&app, &client, &mut browser, &[("claims", &claims.to_string())]).await;
    assert_eq!((&told["auth_time"], told.get("y")), (&before["auth_time"], None));
}

#[tokio::test]
async fn a_subject_that_is_asked_for_by_value_has_to_be_who_answers() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, before) = agreed(&app, &client).await;
    let wish = |sub: Value| json!({ "id_token": { "sub": sub } }).to_string();
    let silently = async |browser: &mut Browser, wish: &str| {
        browser.get(&asking(&app, &client, &[("claims", wish), ("prompt", "none")])).await.parameters()
    };
    let right = wish(json!({ "value": before["sub"] }));
    assert!(silently(&mut browser, &right).await.contains_key("code"));
    for (other, error) in [
        (json!({ "value": "01K2F2DKG0M9S346Q3D25VT4F5" }), "login_required"),
        (json!({ "value": "alice" }), "login_required"),
        (json!({ "values": ["a", "b"] }), "invalid_request"),
        (json!({ "value": 1 }), "invalid_request"),
    ] {
        assert_eq!(silently(&mut browser, &wish(other.clone())).await["error"], error, "{other}");
    }
}

#[tokio::test]
async fn languages_and_displays_are_taken_or_left() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    for (name, value, lang) in [
        ("ui_locales", "se", "en"),
        ("ui_locales", "fr-CA fr en-GB", "fr"),
        ("ui_locales", "not_a_tag \u{e9}", "en"),
        ("claims_locales", "se", "en"),
        ("display", "page", "en"),
        ("display", "popup", "en"),
        ("foo", "bar", "en"),
    ] {
        let page = app.browser().get(&asking(&app, &client, &[(name, value)])).await.ok();
        let shown = page.body.contains(&format!("<html lang=\"{lang}\""));
        assert!(page.has_form("/login") && shown, "{name}={value}");
    }
}

#[tokio::test]
async fn a_registered_client_may_always_want_a_fresh_sign_in() {
    let app = TestApp::new().await;
    let document = json!({
        "client_name": "App", "client_uri": "https://app.example.org/", "default_max_age": 30,
        "redirect_uris": [testkit::REDIRECT_URI], "token_endpoint_auth_method": "none",
    });
    let answer = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    assert_eq!(answer["default_max_age"], 30);
    let client = app.client_as(Public, answer["client_id"].as_str().unwrap(), "");
    let (mut browser, _) = agreed(&app, &client).await;
    assert!(browser.get(&asking(&app, &client, &[])).await.has_form("/reauthenticate"));
    let page = browser.get(&asking(&app, &client, &[("max_age", "3600")])).await;
    assert!(page.parameters().contains_key("code"), "what is asked goes before what is registered: {page}");
}

/// Otherwise any client could find out, in nobody's sight, who is signed in and since when.
#[tokio::test]
async fn without_consent_a_silent_request_learns_nothing_from_its_hints() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    app.clock.advance(seconds(60));
    let sub = json!({ "id_token": { "sub": { "value": "01K2F2DKG0M9S346Q3D25VT4F5" } } }).to_string();
    for hint in [
        ("login_hint", "mxid:@alice:example.com"),
        ("login_hint", "mxid:@bob:example.com"),
        ("max_age", "1"),
        ("max_age", "10000"),
        ("claims", &sub),
    ] {
        let answer = browser.get(&asking(&app, &client, &[("prompt", "none"), hint])).await;
        assert_eq!(answer.parameters()["error"], "consent_required", "{hint:?}");
    }
}

#[tokio::test]
async fn a_nul_character_in_the_claims_is_the_clients_mistake() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    for claims in
        [r#"{"id_token":{"acr":{"values":["\u0000"]}}}"#, r#"{"id_token":{"sub":{"value":"\u0000"}}}"#]
    {
        let answer = app.browser().get(&asking(&app, &client, &[("claims", claims)])).await;
        assert_eq!(answer.handed_over()["error"], "invalid_request", "{claims}");
    }
}
