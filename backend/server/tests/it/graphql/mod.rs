//! What the account API promises to the account app, and to programs with an operator's leave.

mod access;
mod account;
mod administration;
mod app;
mod budgets;
mod email;
mod endpoint;
mod events;
mod given;
mod paging;
mod password;
mod schema;
mod sessions;
mod tokens;

use serde_json::{Value, json};
use testkit::{Answer, Browser, Caller, ClientKind, Credentials, PASSWORD, TestApp, TestClient, Tokens};

use crate::pages::signed_in;

/// A person with a password, signed in in a browser.
async fn person(app: &TestApp, username: &str) -> (String, Browser) {
    let id = app.user_with_password(username, PASSWORD).await;
    tick(app);
    let browser = signed_in(app, username).await;
    tick(app);
    (format!("user:{id}"), browser)
}

/// An app of that browser.
async fn app_of(app: &TestApp, browser: &mut Browser, device: &str) -> (TestClient, Tokens) {
    let client = app.client(ClientKind::Public).await;
    let scope = format!("openid urn:matrix:client:api:* urn:matrix:client:device:{device}");
    tick(app);
    let code = app.authorization(&client).with("scope", &scope).through(browser, "").await;
    tick(app);
    let tokens = client.exchange(&code).await.tokens();
    tick(app);
    app.homeserver.calls();
    (client, tokens)
}

/// What happens in one millisecond has no order.
fn tick(app: &TestApp) {
    app.clock.advance(std::time::Duration::from_secs(1));
}

/// A token of somebody, with this scope.
async fn token(app: &TestApp, username: &str, scope: &str) -> Caller {
    let user = match app.database.texts("SELECT username FROM users").await.contains(&username.to_owned()) {
        true => domain::users::by_username(&app.parts().db.read, username).await.unwrap().unwrap().id,
        false => app.user_with_password(username, PASSWORD).await,
    };
    let op = app.op();
    app.parts().db.write(async |tx| domain::users::set_admin(tx, &op, user, true).await).await.unwrap();
    let client = app.client(ClientKind::Public).await;
    let code = app.authorization(&client).with("scope", scope).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    app.homeserver.calls();
    app.caller(Credentials::Bearer(tokens.access_token))
}

/// An administrator's token.
async fn admin(app: &TestApp) -> Caller {
    token(app, "admin", "openid urn:mas:graphql:* urn:mas:admin").await
}

async fn with_tokens() -> TestApp {
    TestApp::with(|settings| settings.graphql_by_token = true).await
}

/// Calls a mutation with this input; its payload is the answer.
async fn call(browser: &mut Browser, name: &str, input: Value, fields: &str) -> Value {
    let answer = try_call(browser, name, input, fields).await;
    answer.data()[name].take()
}

async fn try_call(browser: &mut Browser, name: &str, input: Value, fields: &str) -> Answer {
    browser.graphql(&mutation(name, fields), json!({ "input": input })).await
}

fn mutation(name: &str, fields: &str) -> String {
    let mut kind = name[..1].to_uppercase() + &name[1..];
    for (written, of_input) in [
        ("CreateOauth2Session", "CreateOAuth2Session"),
        ("EndOauth2Session", "EndOAuth2Session"),
        ("SetOauth2SessionName", "SetOAuth2SessionName"),
    ] {
        if kind == written {
            kind = of_input.into();
        }
    }
    format!("mutation Call($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} }} }}")
}
