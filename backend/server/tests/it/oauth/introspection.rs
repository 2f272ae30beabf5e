//! `POST /oauth2/introspect` (RFC 7662), as Synapse and resource servers call it.

use insta::assert_snapshot;
use kernel::{
    Handle, Presented, Timestamp, Token, TokenKind,
    id::{ClientId, SessionId, UserId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;
use store::tables::{sessions, token_pairs};
use testkit::{Answer, ClientKind::*, Credentials, PASSWORD, TestApp};

use super::{refused, seconds};
use crate::compat;

/// Everything that differs from `token` by one cut or one flipped bit, as far as it can travel in a form.
pub fn mutilations(token: &str) -> Vec<String> {
    let cuts = (1..token.len()).flat_map(|at| [token[..at].to_owned(), token[at..].to_owned()]);
    let flips = (0..token.len() * 8).map(|bit| {
        let mut bytes = token.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let longer = [format!("{token}0"), format!("0{token}"), format!(" {token}"), format!("{token} ")];
    cuts.chain(flips).chain(longer).chain([token.to_lowercase(), token.to_uppercase()]).collect()
}

async fn introspect(app: &TestApp, token: &str) -> Answer {
    app.synapse().post("/oauth2/introspect").form([("token", token)]).await
}

fn assert_locked(answer: &Answer) {
    assert_eq!(answer.to_string(), r#"200 {"active":false,"locked":true}"#);
}

fn assert_inactive(answer: &Answer, why: &str) {
    assert_eq!(answer.to_string(), r#"200 {"active":false}"#, "{why}");
}

#[tokio::test]
async fn it_tells_whose_token_it_is_and_for_what() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    app.clock.advance(seconds(13));
    assert_snapshot!(introspect(&app, &tokens.access_token).await, @r#"200 {"active":true,"scope":"openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001 urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:DEV1CE0001","client_id":"01KYYK41G043HF8SDSM5N9WY3E","username":"alice","token_type":"access_token","exp":1785585900,"expires_in":287,"iat":1785585600,"nbf":1785585600,"sub":"01KYYK41G0G8P3SARPS4X17165","jti":"01KYYK41G08SVXMMJF9ZR57CS2"}"#);
    assert_snapshot!(introspect(&app, &tokens.refresh_token).await, @r#"200 {"active":true,"scope":"openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001 urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:DEV1CE0001","client_id":"01KYYK41G043HF8SDSM5N9WY3E","username":"alice","token_type":"refresh_token","iat":1785585600,"nbf":1785585600,"sub":"01KYYK41G0G8P3SARPS4X17165","jti":"01KYYK41G0MQT8YF3VM7CTXQNZ"}"#);
}

#[tokio::test]
async fn oauth_sessions_name_their_device_in_the_scope_whatever_the_header_says() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    let plain = introspect(&app, &tokens.access_token).await;
    let request = app.synapse().post("/oauth2/introspect").form([("token", tokens.access_token.as_str())]);
    let answer = request.header("x-mas-supports-device-id", "1").await;
    assert_eq!(answer.to_string(), plain.to_string());
    let scope = answer.json()["scope"].as_str().unwrap().to_owned();
    for device in
        ["urn:matrix:client:device:DEV1CE0001", "urn:matrix:org.matrix.msc2967.client:device:DEV1CE0001"]
    {
        assert!(scope.split(' ').any(|token| token == device), "{scope}");
    }
}

/// A session of a kind that has no endpoint yet, and its access token.
async fn session_of(
    app: &TestApp,
    kind: TokenKind,
    expires_at: Option<Timestamp>,
    session: sessions::ActiveModel,
) -> String {
    let (op, db) = (app.op(), &app.parts().db.single);
    let (id, handle): (SessionId, _) = (op.id(), Handle::new(op.random()));
    let token = Token::mint(kind, handle, op.random());
    let row = sessions::ActiveModel {
        id: Set(id),
        is_synapse_admin: Set(false),
        created_at: Set(op.now),
        ..session
    };
    row.insert(db).await.unwrap();
    let row = token_pairs::ActiveModel {
        id: Set(op.id()),
        session_id: Set(id),
        handle: Set(Some(handle.to_string())),
        created_at: Set(op.now),
        access_id: Set(op.id()),
        access_hash: Set(token.hash().to_vec()),
        access_expires_at: Set(expires_at),
        ..Default::default()
    };
    row.insert(db).await.unwrap();
    token.expose().to_owned()
}

/// The access token of a new person who logged in through the legacy API.
pub async fn legacy_session(app: &TestApp, username: &str, device: &str) -> String {
    app.user_with_password(username, PASSWORD).await;
    compat::log_in(app, compat::with(compat::by_password(username), json!({ "device_id": device })))
        .await
        .access_token
}

#[tokio::test]
async fn legacy_sessions_name_their_device_in_the_scope_unless_the_caller_reads_device_id() {
    let app = TestApp::new().await;
    let token = legacy_session(&app, "alice", "DEV1CE0001").await;
    let ask = async |header: &str| {
        let request = app.synapse().post("/oauth2/introspect").form([("token", token.as_str())]);
        request.header("x-mas-supports-device-id", header).await
    };
    assert_snapshot!(ask("1").await, @r#"200 {"active":true,"scope":"urn:matrix:client:api:* urn:matrix:org.matrix.msc2967.client:api:*","client_id":"legacy","username":"alice","token_type":"access_token","iat":1785585600,"nbf":1785585600,"sub":"01KYYK41G0RG3ES0ACEAMBH2ZR","device_id":"DEV1CE0001"}"#);
    assert_snapshot!(introspect(&app, &token).await, @r#"200 {"active":true,"scope":"urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001 urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:DEV1CE0001","client_id":"legacy","username":"alice","token_type":"access_token","iat":1785585600,"nbf":1785585600,"sub":"01KYYK41G0RG3ES0ACEAMBH2ZR","device_id":"DEV1CE0001"}"#);
    assert_eq!(ask("true").await.body, introspect(&app, &token).await.body, "only 1 counts");
}

#[tokio::test]
async fn a_device_that_no_scope_can_name_is_told_only_to_who_reads_device_id() {
    let app = TestApp::new().await;
    let token = legacy_session(&app, "alice", "My \"device\"").await;
    assert_inactive(&introspect(&app, &token).await, "the caller could not know the device");
    let request = app.synapse().post("/oauth2/introspect").form([("token", token.as_str())]);
    let answer = request.header("x-mas-supports-device-id", "1").await;
    assert_eq!(answer.json()["device_id"], "My \"device\"");
}

#[tokio::test]
async fn legacy_tokens_that_expire_and_those_that_refresh_them() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let body = json!({ "device_id": "DEV1CE0001", "refresh_token": true });
    let session = compat::log_in(&app, compat::with(compat::by_password("alice"), body)).await;
    app.clock.advance(seconds(13));
    let access = introspect(&app, &session.access_token).await.json();
    assert_eq!((&access["exp"], &access["expires_in"]), (&json!(1_785_585_900), &json!(287)));
    assert_eq!((&access["token_type"], &access["jti"]), (&json!("access_token"), &json!(null)));
    let refresh = introspect(&app, session.refresh_token.as_ref().unwrap()).await.json();
    let mut names: Vec<_> = refresh.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected =
        ["active", "client_id", "device_id", "iat", "nbf", "scope", "sub", "token_type", "username"];
    assert_eq!(names, expected, "{refresh}");
    assert_eq!((&refresh["token_type"], &refresh["client_id"]), (&json!("refresh_token"), &json!("legacy")));
    for name in ["scope", "sub", "username", "device_id"] {
        assert_eq!(refresh[name], access[name]);
    }
    assert!(!access["scope"].as_str().unwrap().contains("admin"));
    app.database.execute("UPDATE sessions SET is_synapse_admin = TRUE").await;
    let admin = introspect(&app, &session.access_token).await.json();
    assert!(admin["scope"].as_str().unwrap().ends_with(" urn:synapse:admin:*"), "{admin}");
}

/// A personal session, good for an hour. An owner may be a person or a client.
pub async fn personal_session(app: &TestApp, actor: UserId, owner: Result<UserId, ClientId>) -> String {
    let session = sessions::ActiveModel {
        kind: Set("personal".into()),
        user_id: Set(Some(actor)),
        owner_user_id: Set(owner.ok()),
        client_id: Set(owner.err()),
        scope: Set("openid urn:matrix:client:api:* urn:matrix:client:device:AABBCCDDEE".into()),
        device_id: Set(Some("AABBCCDDEE".into())),
        human_name: Set(Some("a script".into())),
        ..Default::default()
    };
    let expires_at = app.now() + seconds(3600);
    session_of(app, TokenKind::PersonalAccess, Some(expires_at), session).await
}

#[tokio::test]
async fn personal_tokens_act_for_their_actor() {
    let app = TestApp::new().await;
    let (alice, bot) = (app.user("alice").await, app.user("bot").await);
    let by_user = personal_session(&app, bot, Ok(alice)).await;
    assert_snapshot!(introspect(&app, &by_user).await, @r#"200 {"active":true,"scope":"openid urn:matrix:client:api:* urn:matrix:client:device:AABBCCDDEE urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:AABBCCDDEE","username":"bot","token_type":"access_token","exp":1785589200,"expires_in":3600,"iat":1785585600,"nbf":1785585600,"sub":"01KYYK41G0G8P3SARPS4X17165"}"#);
    let by_client = personal_session(&app, bot, Err(testkit::CONFIDENTIAL.parse().unwrap())).await;
    let answer = introspect(&app, &by_client).await.json();
    assert_eq!((&answer["client_id"], &answer["username"]), (&testkit::CONFIDENTIAL.into(), &"bot".into()));
    let userinfo = app.caller(Credentials::Bearer(by_user.clone())).get("/oauth2/userinfo").await;
    assert_eq!(userinfo.status.as_u16(), 401, "userinfo is for OAuth sessions");
    let mistaken = app.synapse().post("/oauth2/introspect");
    let mistaken = mistaken.form([("token", &*by_user), ("token_type_hint", "refresh_token")]).await;
    assert_inactive(&mistaken, "the hint disagrees");
    app.clock.advance(seconds(3600));
    assert_inactive(&introspect(&app, &by_user).await, "good until, not at, its expiry");
}

#[tokio::test]
async fn a_personal_token_needs_an_owner_and_an_actor_in_good_standing() {
    let app = TestApp::new().await;
    let (alice, bot) = (app.user("alice").await, app.user("bot").await);
    let token = personal_session(&app, bot, Ok(alice)).await;
    for name in ["alice", "bot"] {
        for state in ["locked_at", "deactivated_at"] {
            app.database.execute(&format!("UPDATE users SET {state} = 1 WHERE username = '{name}'")).await;
            let answer = introspect(&app, &token).await;
            match (name, state) {
                ("bot", "locked_at") => assert_locked(&answer),
                _ => assert_inactive(&answer, &format!("{name} {state}")),
            }
            app.database.execute(&format!("UPDATE users SET {state} = NULL")).await;
            assert_eq!(introspect(&app, &token).await.json()["active"], true);
        }
    }
}

/// A lock is to be undone: who knows that need not take the person's devices away.
#[tokio::test]
async fn the_homeserver_alone_is_told_that_somebody_is_locked() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    // A statement's first use costs more.
    for token in [&first.access_token, &first.refresh_token] {
        introspect(&app, token).await.ok();
    }
    let tokens = client.refresh(&first).await.tokens();
    app.database.execute("UPDATE users SET locked_at = 1").await;
    for token in [&tokens.access_token, &tokens.refresh_token] {
        let (answer, cost) = app.cost(introspect(&app, token)).await;
        assert_locked(&answer);
        assert_eq!(cost, 1);
    }
    let answer = app.configured(Basic).introspect(&tokens.access_token).await;
    assert_inactive(&answer, "a resource server is not told");
    assert_eq!(
        app.database.texts("SELECT 'used' FROM token_pairs WHERE access_used_at IS NOT NULL").await,
        [""; 0],
        "that it was shown is no use of it"
    );

    app.clock.advance(seconds(301));
    assert_inactive(&introspect(&app, &tokens.access_token).await, "it has expired");
    app.database.execute("UPDATE sessions SET finished_at = 1").await;
    assert_inactive(&introspect(&app, &tokens.refresh_token).await, "unlocking would not help");
}

#[tokio::test]
async fn only_the_homeserver_and_confidential_clients_may_ask() {
    let app = TestApp::new().await;
    let (public, tokens) = app.signed_in("alice").await;
    let token = tokens.access_token.as_str();
    let ask = async |credentials| {
        let request = app.caller(credentials).post("/oauth2/introspect").form([("token", token)]);
        request.await
    };
    for secret in ["", "wrong", "the homeserver's secre", "the homeserver's secret!", token] {
        let answer = ask(Credentials::Bearer(secret.into())).await;
        assert!(matches!(answer.status.as_u16(), 400 | 401), "{secret}: {answer}");
    }
    let wrong = ask(Credentials::Bearer("wrong".into())).await;
    assert_eq!(wrong.refusal(), refused(401, "access_denied"));
    assert!(wrong.header("www-authenticate").starts_with("Bearer "), "{wrong:?}");
    assert!(wrong.header("www-authenticate").contains("error=\"invalid_token\""), "{wrong:?}");
    assert_eq!(ask(Credentials::None).await.refusal(), refused(400, "invalid_request"));
    let anybody = public.introspect(token).await;
    assert_eq!(anybody.refusal(), refused(401, "access_denied"));
    assert!(anybody.header("www-authenticate").starts_with("Basic "), "{anybody:?}");
    assert_eq!(app.configured(Public).introspect(token).await.refusal(), refused(401, "access_denied"));
    assert_eq!(app.configured(Basic).introspect(token).await.json()["active"], true);
    for kind in [Basic, Post] {
        let client = app.client(kind).await;
        client.introspect(token).await.ok();
        let wrong = app.client_as(kind, &client.id, "wrong");
        assert_eq!(wrong.introspect(token).await.refusal(), refused(401, "invalid_client"));
    }
    // A secret sent in another way than the registered one is no proof.
    let post = app.client_as(Post, testkit::CONFIDENTIAL, testkit::SECRET);
    assert_eq!(post.introspect(token).await.refusal(), refused(401, "invalid_client"));
}

/// Anybody may register a client: that must not make them somebody who learns whose token it is that they found.
#[tokio::test]
async fn a_client_that_registered_itself_learns_of_its_own_tokens_only() {
    let app = TestApp::new().await;
    let (curious, client) = (app.client(Basic).await, app.client(Post).await);
    let tokens = app.signed_in_to(&client, "alice").await;
    let bob = app.user("bob").await;
    let legacy = legacy_session(&app, "carol", "DEV1CE0002").await;
    let personal = personal_session(&app, bob, Ok(bob)).await;
    for token in [&tokens.access_token, &tokens.refresh_token, &legacy, &personal] {
        assert_inactive(&curious.introspect(token).await, token);
        assert_eq!(app.configured(Basic).introspect(token).await.json()["active"], true);
    }
    for token in [&tokens.access_token, &tokens.refresh_token] {
        assert_eq!(client.introspect(token).await.json()["username"], "alice");
    }
}

#[tokio::test]
async fn an_operator_may_keep_a_configured_client_to_its_own_tokens() {
    let metadata = serde_json::json!({
        "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["client_credentials"],
    });
    let metadata = domain::oauth::registration::parse(metadata.to_string().as_bytes()).unwrap();
    let id = "0000000000000000000000WN7S";
    let client = domain::oauth::clients::StaticClient {
        id: id.parse().unwrap(),
        skip_consent: false,
        is_resource_server: false,
        auth_method: metadata.auth_method().clone(),
        secret: Some(kernel::Secret::new("a secret".to_owned())),
        metadata,
    };
    let app = TestApp::with(|settings| settings.clients.push(client)).await;
    let (_, tokens) = app.signed_in("alice").await;
    let client = app.client_as(Basic, id, "a secret");
    assert_inactive(&client.introspect(&tokens.access_token).await, "another client's");
    let own = client.token([("grant_type", "client_credentials")]).await.ok().json();
    assert_eq!(client.introspect(own["access_token"].as_str().unwrap()).await.json()["active"], true);
}

#[tokio::test]
async fn a_mutilated_token_is_inactive_and_the_database_is_not_asked() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    for token in [&tokens.access_token, &tokens.refresh_token] {
        for mutilated in mutilations(token) {
            let (answer, cost) = app.cost(introspect(&app, &mutilated)).await;
            if mutilated.is_empty() {
                continue;
            }
            assert_inactive(&answer, &mutilated);
            assert_eq!(cost, 0, "{mutilated}");
        }
    }
    for kind in ["mct", "mcr", "mpt"] {
        let foreign = tokens.access_token.replacen("mat", kind, 1);
        assert_inactive(&introspect(&app, &foreign).await, &foreign);
    }
    assert_eq!(introspect(&app, &tokens.access_token).await.json()["active"], true);
}

#[tokio::test]
async fn a_well_formed_token_that_was_never_issued_is_inactive() {
    let app = TestApp::new().await;
    let op = app.op();
    let handle = Handle::new(op.random());
    for kind in TokenKind::ALL {
        let token = Token::mint(kind, handle, op.random());
        assert_inactive(&introspect(&app, token.expose()).await, token.expose());
    }
    for imported in ["syt_YWxpY2U_abc_123456", "syr_YWxpY2U_abc_123456", "MDAxN2xvY2F0aW9uIGV4YW1wbGUKMDA"] {
        assert_inactive(&introspect(&app, imported).await, imported);
    }
}

#[tokio::test]
async fn the_handle_of_a_token_without_its_secret_is_worth_nothing() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let Some(Presented::Native { kind, handle, .. }) = Token::parse(&tokens.access_token) else {
        panic!("an access token is one of ours");
    };
    let op = app.op();
    let forged = Token::mint(kind, handle, op.random());
    assert_inactive(&introspect(&app, forged.expose()).await, "same handle, other secret");
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn a_hint_that_disagrees_makes_it_inactive() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    let (access, refresh) = (tokens.access_token.as_str(), tokens.refresh_token.as_str());
    for (token, hint, active) in [
        (access, "access_token", true),
        (access, "refresh_token", false),
        (access, "id_token", false),
        (refresh, "refresh_token", true),
        (refresh, "access_token", false),
        (refresh, "nonsense", false),
    ] {
        let form = [("token", token), ("token_type_hint", hint)];
        let answer = app.synapse().post("/oauth2/introspect").form(form).await;
        assert_eq!(answer.json()["active"], active, "{hint} for {token}");
    }
}

#[tokio::test]
async fn an_expired_access_token_is_inactive() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    app.clock.advance(seconds(300));
    assert_eq!(introspect(&app, &tokens.access_token).await.json()["expires_in"], 0);
    app.clock.advance(seconds(1));
    assert_inactive(&introspect(&app, &tokens.access_token).await, "expired");
    assert_eq!(introspect(&app, &tokens.refresh_token).await.json()["active"], true);
}

#[tokio::test]
async fn answers_are_not_to_be_stored() {
    let app = TestApp::new().await;
    let answer = introspect(&app, "nonsense").await;
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
}
