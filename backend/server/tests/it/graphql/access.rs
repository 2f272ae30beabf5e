//! Who may see what. What somebody may not see is null, as what is not there.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{admin, app_of, call, person, tick, token, try_call, with_tokens};

/// What alice has, by the field that finds it.
async fn belongings(app: &TestApp) -> Vec<(&'static str, String)> {
    let (user, mut browser) = person(app, "alice").await;
    app_of(app, &mut browser, "DEV1CE0001").await;
    let op = app.op();
    let id = user.trim_start_matches("user:").parse().unwrap();
    app.parts()
        .db
        .write(async |tx| domain::users::emails::add(tx, &op, id, "alice@example.com").await)
        .await
        .unwrap();
    app.run_jobs().await;
    let query = "{ viewer { ... on User { id emails(first: 1) { nodes { id } } oauth2Sessions(first: 1) { nodes { id } } } } \
                 viewerSession { ... on BrowserSession { id } } }";
    let data = browser.ask(query, json!({})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    vec![
        ("user", user),
        ("userEmail", text(&data["viewer"]["emails"]["nodes"][0]["id"])),
        ("oauth2Session", text(&data["viewer"]["oauth2Sessions"]["nodes"][0]["id"])),
        ("browserSession", text(&data["viewerSession"]["id"])),
    ]
}

#[tokio::test]
async fn people_see_what_is_theirs_and_administrators_everything() {
    let app = with_tokens().await;
    let belongings = belongings(&app).await;
    let (_, mut bob) = person(&app, "bob").await;
    let (alice, admin) = (token(&app, "alice", "openid urn:mas:graphql:*").await, admin(&app).await);
    for (field, id) in &belongings {
        for query in [
            format!("query Q($id: ID!) {{ it: {field}(id: $id) {{ id }} }}"),
            "query Q($id: ID!) { it: node(id: $id) { id } }".to_owned(),
        ] {
            let variables = json!({ "id": id });
            assert_eq!(
                app.anonymous().graphql(&query, variables.clone()).await.data()["it"],
                Value::Null,
                "{query}"
            );
            assert_eq!(bob.ask(&query, variables.clone()).await["it"], Value::Null, "{query}");
            assert_eq!(alice.graphql(&query, variables.clone()).await.data()["it"]["id"], **id, "{query}");
            assert_eq!(admin.graphql(&query, variables).await.data()["it"]["id"], **id, "{query}");
        }
    }
    let by_name = "{ it: userByUsername(username: \"ALICE\") { username } }";
    assert_eq!(bob.ask(by_name, json!({})).await["it"], Value::Null);
    assert_eq!(admin.graphql(by_name, json!({})).await.data()["it"]["username"], "alice");
    let by_device = "query Q($id: ID!) { it: session(userId: $id, deviceId: \"DEV1CE0001\") { __typename } }";
    let variables = json!({ "id": belongings[0].1 });
    assert_eq!(bob.ask(by_device, variables.clone()).await["it"], Value::Null);
    assert_eq!(admin.graphql(by_device, variables).await.data()["it"]["__typename"], "Oauth2Session");
}

#[tokio::test]
async fn all_users_are_for_administrators() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    tick(&app);
    let (_, mut alice) = person(&app, "alice").await;
    let query = "{ users(first: 10) { totalCount nodes { username } } }";
    assert_eq!(alice.graphql(query, json!({})).await.fault(), ("FORBIDDEN".into(), "Unauthorized".into()));
    let stranger = app.anonymous().graphql(query, json!({})).await;
    assert_eq!(stranger.fault(), ("UNAUTHENTICATED".into(), "Unauthorized".into()));
    let users = admin.graphql(query, json!({})).await.data();
    assert_eq!(
        users["users"],
        json!({ "totalCount": 2, "nodes": [{ "username": "admin" }, { "username": "alice" }] })
    );
    let narrowed = "{ users(first: 10, canRequestAdmin: true, state: ACTIVE) { nodes { username } } }";
    let narrowed = admin.graphql(narrowed, json!({})).await.data();
    assert_eq!(narrowed["users"]["nodes"], json!([{ "username": "admin" }]));
}

#[tokio::test]
async fn what_everybody_may_see() {
    let app = TestApp::new().await;
    let client = app.client(testkit::ClientKind::Public).await;
    let query = format!(
        "{{ siteConfig {{ id serverName serviceName passwordLoginEnabled minimumPasswordComplexity languages \
           personalTokens {{ scopes }} retention {{ inactiveAddresses endedSessions eventAddresses failedSignIns }} }} \
           oauth2Client(id: \"oauth2_client:{}\") {{ clientId clientName clientUri redirectUris applicationType logo }} \
           upstreamOauth2Providers(first: 5) {{ totalCount }} userRecoveryTicket(ticket: \"x\") {{ id }} \
           viewerSession {{ __typename }} }}",
        client.id
    );
    let data = app.anonymous().graphql(&query, json!({})).await.data();
    assert_eq!(
        data,
        json!({
            "siteConfig": {
                "id": "site_config", "serverName": "example.com", "serviceName": "example.com",
                "passwordLoginEnabled": true, "minimumPasswordComplexity": 3, "languages": ["ar", "de", "en", "es", "fr"],
                "personalTokens": { "scopes": [] },
                "retention": {
                    "inactiveAddresses": 30, "endedSessions": 30, "eventAddresses": 30, "failedSignIns": 90,
                },
            },
            "oauth2Client": {
                "clientId": client.id, "clientName": "App", "clientUri": "https://app.example.org/",
                "redirectUris": ["https://app.example.org/callback"], "applicationType": null, "logo": null,
            },
            "upstreamOauth2Providers": { "totalCount": 0 },
            "userRecoveryTicket": null,
            "viewerSession": { "__typename": "Anonymous" },
        })
    );
}

#[tokio::test]
async fn a_client_by_itself_is_nobody_with_a_session() {
    let app = with_tokens().await;
    let client = app.configured(testkit::ClientKind::Basic);
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:graphql:*")];
    let answer = client.token(form).await.ok().json();
    let caller = app.caller(testkit::Credentials::Bearer(answer["access_token"].as_str().unwrap().into()));
    let query = "{ viewer { __typename } viewerSession { ... on Oauth2Session { client { clientName } user { id } } } }";
    let data = caller.graphql(query, json!({})).await.data();
    assert_eq!(
        data,
        json!({
            "viewer": { "__typename": "Anonymous" },
            "viewerSession": { "client": { "clientName": "Configured" }, "user": null },
        })
    );
    let refused =
        caller.graphql("mutation { addUser(input: { username: \"x\" }) { status } }", json!({})).await;
    assert_eq!(refused.fault(), ("FORBIDDEN".into(), "Unauthorized".into()));
}

#[tokio::test]
async fn ids_are_of_one_kind() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    let ulid = user.trim_start_matches("user:").to_owned();
    for id in [
        "",
        "user",
        "user:",
        "user:x",
        "thing:01K2C31V80V37E3S3E28JT97KB",
        "captcha_config",
        "user:01K2C31V80V37E3S3E28JT97KBX",
    ] {
        let answer = browser.graphql("query Q($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(answer.fault(), ("INVALID_ID".into(), "invalid id".into()), "{id}");
    }
    let other_kind = browser
        .graphql(
            "query Q($id: ID!) { user(id: $id) { id } }",
            json!({ "id": format!("browser_session:{ulid}") }),
        )
        .await;
    assert_eq!(other_kind.fault().0, "INVALID_ID");
    let lower = json!({ "id": format!("user:{}", ulid.to_lowercase()) });
    assert_eq!(browser.ask("query Q($id: ID!) { node(id: $id) { id } }", lower).await["node"]["id"], *user);
    for prefix in ["user_recovery_ticket", "authentication", "compat_sso_login", "security_event"] {
        let id = json!({ "id": format!("{prefix}:{ulid}") });
        assert_eq!(
            browser.ask("query Q($id: ID!) { node(id: $id) { id } }", id).await["node"],
            Value::Null,
            "{prefix}"
        );
    }
}

/// Not "not found": who was signed out meanwhile must not believe that it is done.
#[tokio::test]
async fn who_is_not_signed_in_is_told_so() {
    let app = TestApp::new().await;
    let belongings = belongings(&app).await;
    let id = |field: &str| belongings.iter().find(|(name, _)| *name == field).unwrap().1.clone();
    let mut nobody = app.browser();
    for (name, input) in [
        ("removeEmail", json!({ "userEmailId": id("userEmail") })),
        ("endOauth2Session", json!({ "oauth2SessionId": id("oauth2Session") })),
        ("endBrowserSession", json!({ "browserSessionId": id("browserSession") })),
        ("setOauth2SessionName", json!({ "oauth2SessionId": id("oauth2Session"), "humanName": "mine" })),
    ] {
        assert_eq!(try_call(&mut nobody, name, input, "status").await.fault().0, "UNAUTHENTICATED", "{name}");
    }
}

#[tokio::test]
async fn nobody_changes_what_is_not_theirs() {
    let app = TestApp::new().await;
    let belongings = belongings(&app).await;
    let id = |field: &str| belongings.iter().find(|(name, _)| *name == field).unwrap().1.clone();
    let (_, mut bob) = person(&app, "bob").await;
    for (name, input) in [
        ("removeEmail", json!({ "userEmailId": id("userEmail") })),
        ("endOauth2Session", json!({ "oauth2SessionId": id("oauth2Session") })),
        ("endBrowserSession", json!({ "browserSessionId": id("browserSession") })),
        ("setOauth2SessionName", json!({ "oauth2SessionId": id("oauth2Session"), "humanName": "mine" })),
    ] {
        assert_eq!(call(&mut bob, name, input, "status").await["status"], "NOT_FOUND", "{name}");
    }
    for (name, input, fields) in [
        ("setPassword", json!({ "userId": id("user"), "newPassword": "entirely new and strong" }), "status"),
        ("setDisplayName", json!({ "userId": id("user"), "displayName": "x" }), "status"),
        ("allowUserCrossSigningReset", json!({ "userId": id("user") }), "user { id }"),
        ("setPrimaryEmail", json!({ "userEmailId": id("userEmail") }), "status"),
        ("lockUser", json!({ "userId": id("user") }), "status"),
        ("unlockUser", json!({ "userId": id("user") }), "status"),
        ("setCanRequestAdmin", json!({ "userId": id("user"), "canRequestAdmin": true }), "user { id }"),
        ("addUser", json!({ "username": "carol" }), "status"),
        ("addEmail", json!({ "userId": id("user"), "email": "x@example.com" }), "status"),
        ("createOauth2Session", json!({ "userId": id("user"), "scope": "openid" }), "accessToken"),
    ] {
        let query = super::mutation(name, fields);
        let fault = bob.graphql(&query, json!({ "input": input })).await.fault();
        assert_eq!(fault, ("FORBIDDEN".into(), "Unauthorized".into()), "{name}");
        let fault = app.anonymous().graphql(&query, json!({ "input": input })).await.fault();
        assert_eq!(fault, ("UNAUTHENTICATED".into(), "Unauthorized".into()), "{name}");
    }
    for (name, input, fields) in [
        ("startEmailAuthentication", json!({ "email": "x@example.com" }), "status"),
        ("deactivateUser", json!({ "hsErase": false }), "status"),
        ("endOtherSessions", json!({}), "user { id }"),
        ("createPersonalSession", json!({ "humanName": "x", "scope": "openid" }), "status"),
    ] {
        let fault =
            app.anonymous().graphql(&super::mutation(name, fields), json!({ "input": input })).await.fault();
        assert_eq!(fault.0, "UNAUTHENTICATED", "{name}");
    }
    assert_eq!(app.homeserver.calls(), [], "nothing has reached the homeserver");
}
