//! Requests as Element Admin and Ketesa (synapse-admin) make them, in their order and as they stand, and what these consoles
//! read of the answers. They are pages of an origin of their own: each request has an `origin`, what changes something is asked
//! for first (`OPTIONS`), and an answer without the right headers is none to them.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use regex::Regex;
use serde_json::{Value, json};
use testkit::{Answer, Credentials, PASSWORD, Request, TestApp};
use url::form_urlencoded;

use super::{app, post, upstream};

/// The example of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct Console<'a> {
    app: &'a TestApp,
    origin: &'static str,
    credentials: Credentials,
    /// The API's root, without the service's own origin.
    root: String,
}

impl Console<'_> {
    /// Sends it as a browser does, which lets the page see no answer without the header.
    async fn sends(&self, request: Request) -> Answer {
        let answer = request.header("origin", self.origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{answer}");
        answer
    }

    /// What browsers ask before a request with these headers.
    async fn asks_for(&self, method: &Method, path: &str, headers: &str) {
        let request = self.app.anonymous().request(Method::OPTIONS, path);
        let request = request.header("access-control-request-method", method.as_str());
        let answer = self.sends(request.header("access-control-request-headers", headers)).await.ok();
        let allowed = |name: &str, wanted: &str| {
            let list = answer.header(name).to_ascii_lowercase();
            let list: Vec<_> = list.split(',').map(str::trim).collect();
            list.contains(&"*") || wanted.split(',').all(|one| list.contains(&one))
        };
        assert!(allowed("access-control-allow-methods", &method.as_str().to_ascii_lowercase()), "{answer:?}");
        // `*` does not stand for `authorization`.
        assert!(allowed("access-control-allow-headers", headers), "{headers}: {answer:?}");
        let named = answer.header("access-control-allow-headers").contains("authorization");
        assert!(named || !headers.contains("authorization"), "{answer:?}");
    }

    async fn get(&self, path: &str) -> Answer {
        let path = format!("{}/api/admin/v1{path}", self.root);
        self.asks_for(&Method::GET, &path, "authorization").await;
        self.sends(self.app.caller(self.credentials.clone()).get(&path)).await
    }

    /// A change. Without a body there is no content type either.
    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        let path = format!("{}/api/admin/v1{path}", self.root);
        let headers = if body.is_null() { "authorization" } else { "authorization,content-type" };
        self.asks_for(&method, &path, headers).await;
        let request = self.app.caller(self.credentials.clone()).request(method, &path);
        self.sends(if body.is_null() { request } else { request.json(&body) }).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.sends(self.app.anonymous().post(path).form(fields.iter().copied())).await
    }

    /// The document that the homeserver hands on.
    async fn metadata(&self) -> Value {
        let path = "/.well-known/openid-configuration";
        self.sends(self.app.anonymous().get(path)).await.ok().json()
    }

    async fn registers(&self, document: &Value) -> Answer {
        self.asks_for(&Method::POST, "/oauth2/registration", "content-type").await;
        let request = self.app.anonymous().post("/oauth2/registration").json(document);
        self.sends(request.header("accept", "application/json")).await.ok()
    }

    /// The administrator signs in and agrees; the answer is the code.
    async fn is_let_in(&self, parameters: &[(&str, &str)], username: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let mut browser = self.app.browser();
        let page = browser.get(&format!("/authorize?{query}")).await;
        let page = browser.submit(&page, "/login", &[("username", username), ("password", PASSWORD)]).await;
        let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
        let given: BTreeMap<_, _> = answer.parameters();
        assert_eq!(given["state"], "a-state", "{answer}");
        given["code"].clone()
    }
}

/// The service, and an administrator with a password.
async fn with_administrator() -> TestApp {
    let (app, script) = app().await;
    let boss = app.user_with_password("boss", PASSWORD).await;
    post(&script, &format!("/users/{boss}/set-admin"), json!({ "admin": true })).await.ok();
    app
}

/// What runtime validation of Element Admin asks of every resource.
#[track_caller]
fn is_resource(resource: &Value) {
    let id = Regex::new("^[0123456789ABCDEFGHJKMNPQRSTVWXYZ]{26}$").unwrap();
    let instant = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$").unwrap();
    assert!(id.is_match(resource["id"].as_str().unwrap()), "{resource}");
    assert!(resource["type"].is_string() && resource["links"]["self"].is_string(), "{resource}");
    for (name, value) in resource["attributes"].as_object().unwrap() {
        if let (true, Some(at)) = (name.ends_with("_at"), value.as_str()) {
            assert!(instant.is_match(at), "{name}: {resource}");
        }
        if let (true, Some(other)) = (name.ends_with("_id") && name != "device_id", value.as_str()) {
            assert!(id.is_match(other), "{name}: {resource}");
        }
    }
}

/// The resource of a success.
#[track_caller]
fn single(answer: &Answer) -> Value {
    assert!(answer.status.is_success(), "{answer}");
    assert_eq!(answer.header("content-type"), "application/json");
    let mut body = answer.json();
    is_resource(&body["data"]);
    assert!(body["links"]["self"].is_string(), "{answer}");
    body["data"].take()
}

/// The resources of a page.
#[track_caller]
fn rows(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    let body = answer.json();
    let rows = body["data"].as_array().unwrap_or_else(|| panic!("no page: {answer}")).clone();
    rows.iter().for_each(is_resource);
    assert!(rows.iter().all(|row| row["meta"]["page"]["cursor"].is_string()), "{answer}");
    rows
}

fn id(resource: &Value) -> &str {
    resource["id"].as_str().unwrap()
}

const ELEMENT: &str = "https://admin.example.org";

async fn element_signs_in(app: &TestApp) -> (Console<'_>, Value, String) {
    let mut console =
        Console { app, origin: ELEMENT, credentials: Credentials::None, root: "unknown".into() };
    let metadata = console.metadata().await;
    for name in
        ["issuer", "authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"]
    {
        assert!(metadata[name].is_string(), "{name}: {metadata}");
    }
    let graphql = "org.matrix.matrix-authentication-service.graphql_endpoint";
    let root = metadata[graphql].as_str().unwrap().strip_suffix("/graphql").unwrap().to_owned();
    console.root = root.strip_prefix("https://auth.example.com").unwrap().to_owned();
    let document = json!({
        "application_type": "web",
        "client_name": "Element Admin",
        "client_uri": "https://admin.example.org/",
        "redirect_uris": ["https://admin.example.org/callback"],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
    });
    let client = console.registers(&document).await.json()["client_id"].as_str().unwrap().to_owned();
    assert_eq!(console.registers(&document).await.json()["client_id"], client, "at each view of the page");

    let scope = "urn:matrix:org.matrix.msc2967.client:api:* urn:mas:admin urn:synapse:admin:*";
    let redirect_uri = "https://admin.example.org/callback";
    let parameters = [
        ("response_type", "code"),
        ("client_id", &client),
        ("redirect_uri", redirect_uri),
        ("scope", scope),
        ("state", "a-state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = console.is_let_in(&parameters, "boss").await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("client_id", &client),
        ("redirect_uri", redirect_uri),
    ];
    let tokens = console.form("/oauth2/token", &fields).await.ok().json();
    console.holds(&tokens);
    (console, tokens, client)
}

impl Console<'_> {
    #[track_caller]
    fn holds(&mut self, tokens: &Value) {
        assert!(tokens["refresh_token"].is_string() && tokens["expires_in"].is_u64(), "{tokens}");
        self.credentials = Credentials::Bearer(tokens["access_token"].as_str().unwrap().into());
    }
}

#[tokio::test]
async fn element_admin_signs_in_stays_and_signs_out() {
    let app = with_administrator().await;
    let (mut console, tokens, client) = element_signs_in(&app).await;
    let site = console.get("/site-config").await.ok().json();
    assert_eq!(site["server_name"], "example.com");
    let version = console.get("/version").await.ok().json();
    assert!(Regex::new(r"^v\d+\.\d+\.\d+").unwrap().is_match(version["version"].as_str().unwrap()));

    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", &client)];
    let tokens = console.form("/oauth2/token", &fields).await.ok().json();
    console.holds(&tokens);
    console.get("/users?page[first]=200&count=false").await.ok();

    // The homeserver takes the token for one that may do all of this, without a device.
    let token = tokens["access_token"].as_str().unwrap();
    let seen = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json();
    assert_eq!((&seen["active"], &seen["username"]), (&json!(true), &json!("boss")));
    let scope = seen["scope"].as_str().unwrap();
    for wanted in ["urn:matrix:org.matrix.msc2967.client:api:*", "urn:synapse:admin:*", "urn:mas:admin"] {
        assert!(scope.split(' ').any(|one| one == wanted), "{wanted}: {scope}");
    }

    let fields = [("token", token), ("client_id", client.as_str()), ("token_type_hint", "access_token")];
    console.form("/oauth2/revoke", &fields).await.ok();
    let gone = console.get("/users?page[first]=200&count=false").await;
    assert_eq!((gone.status.as_u16(), gone.json()["errors"][0]["title"].is_string()), (401, true));
}

#[tokio::test]
async fn element_admin_looks_through_everything() {
    let app = with_administrator().await;
    let (console, ..) = element_signs_in(&app).await;
    for name in ["ada", "bob", "eve"] {
        app.user(name).await;
    }
    // Onwards, by the cursor of the last row for as long as there is a link.
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = console.get(&format!("/users?count=false&page[first]=2{after}")).await;
        let found = rows(&page);
        seen.extend(found.iter().map(|row| row["attributes"]["username"].as_str().unwrap().to_owned()));
        if page.json()["links"]["next"].is_null() {
            break;
        }
        after = format!("&page[after]={}", found.last().unwrap()["meta"]["page"]["cursor"].as_str().unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, ["ada", "bob", "boss", "eve"]);
    // The newest first: pages from the end, which the console turns around.
    let last = console.get("/users?count=false&page[last]=3").await;
    let cursor = rows(&last)[0]["meta"]["page"]["cursor"].as_str().unwrap().to_owned();
    assert!(last.json()["links"]["prev"].is_string());
    let before = console.get(&format!("/users?count=false&page[last]=3&page[before]={cursor}")).await;
    assert_eq!((rows(&before).len(), before.json()["links"]["prev"].is_null()), (1, true));
    let count = console.get("/users?count=only").await.ok().json();
    assert_eq!((&count["meta"]["count"], count.get("data")), (&json!(4), None));

    let client = rows(&console.get("/oauth2-clients?count=false&page[first]=200").await);
    let client = client.iter().find(|client| client["attributes"]["client_name"] == "Element Admin").unwrap();
    let client = id(client).to_owned();
    for (list, filters) in [
        (
            "/users",
            vec![
                "filter[admin]=true".to_owned(),
                "filter[legacy-guest]=false".into(),
                "filter[status]=active".into(),
                "filter[search]=ad".into(),
                format!("filter[active-oauth2-client]={client}"),
                format!("filter[active-oauth2-client]={client}&filter[active-oauth2-client]={client}"),
                "filter[has-active-compat-session]=false".into(),
            ],
        ),
        (
            "/oauth2-clients",
            vec![
                "filter[client-kind]=dynamic".into(),
                "filter[client-name]=element".into(),
                "filter[client-uri]=example".into(),
                "filter[grant-type]=refresh_token".into(),
                "filter[has-active-sessions]=true".into(),
            ],
        ),
        (
            "/oauth2-sessions",
            vec![
                format!("filter[client]={client}&filter[client]={client}"),
                "filter[scope]=urn:mas:admin&filter[scope]=urn:synapse:admin:*".into(),
                "filter[status]=active".into(),
                "filter[client-kind]=dynamic".into(),
                "filter[created-after]=2026-01-01T00:00:00Z".into(),
            ],
        ),
        ("/compat-sessions", vec!["filter[status]=active".into()]),
        ("/personal-sessions", vec!["filter[status]=active".into(), "filter[expires]=false".into()]),
        (
            "/user-registration-tokens",
            vec![
                "filter[used]=false".into(),
                "filter[revoked]=false".into(),
                "filter[expired]=false".into(),
                "filter[valid]=true".into(),
            ],
        ),
    ] {
        for filter in filters {
            for page in ["count=false&page[first]=200", "count=false&page[last]=200"] {
                rows(&console.get(&format!("{list}?{filter}&{page}")).await);
            }
            let count = console.get(&format!("{list}?{filter}&count=only")).await.ok().json();
            assert!(count["meta"]["count"].is_u64(), "{list}?{filter}: {count}");
        }
    }
    rows(&console.get("/upstream-oauth-providers?page[first]=1000&count=false").await);
    single(&console.get(&format!("/oauth2-clients/{client}")).await);
    let nobody = console.get("/users/01KE34VF00M9S346Q3D25VT4F5").await;
    assert_eq!((nobody.status.as_u16(), nobody.json()["errors"][0]["title"].is_string()), (404, true));
}

/// An account at a provider, without a name that people know.
async fn link_is_added_and_removed(console: &Console<'_>, user: &str) {
    let list = format!("/upstream-oauth-links?filter[user]={user}&page[first]=10&count=false");
    assert!(rows(&console.get(&list).await).is_empty());
    let provider =
        rows(&console.get("/upstream-oauth-providers?page[first]=1000&count=false").await).remove(0);
    let link = json!({ "user_id": user, "provider_id": id(&provider), "subject": "248289761001" });
    let link = single(&console.post("/upstream-oauth-links", link).await);
    assert_eq!(rows(&console.get(&list).await).len(), 1);
    let link = format!("/upstream-oauth-links/{}", id(&link));
    assert_eq!(console.send(Method::DELETE, &link, Value::Null).await.status.as_u16(), 204);
    assert!(rows(&console.get(&list).await).is_empty());
}

#[tokio::test]
async fn element_admin_changes_what_it_can() {
    let app = with_administrator().await;
    upstream::provider(&app).await;
    let (console, ..) = element_signs_in(&app).await;
    let user = single(&console.post("/users", json!({ "username": "grace" })).await);
    let user = format!("/users/{}", id(&user));
    let id_of_user = user.trim_start_matches("/users/").to_owned();
    for (action, body) in [
        ("lock", Value::Null),
        ("unlock", Value::Null),
        ("set-admin", json!({ "admin": true })),
        ("deactivate", Value::Null),
        ("reactivate", Value::Null),
    ] {
        single(&console.post(&format!("{user}/{action}"), body).await);
        app.run_jobs().await;
    }
    let password = json!({ "password": "1234", "skip_password_check": true });
    assert_eq!(console.post(&format!("{user}/set-password"), password).await.status.as_u16(), 204);
    single(&console.get(&user).await);

    let email = json!({ "user_id": id_of_user, "email": "grace@example.org" });
    let email = single(&console.post("/user-emails", email).await);
    let list = format!("/user-emails?filter[user]={id_of_user}&page[first]=10&count=false");
    assert_eq!(rows(&console.get(&list).await).len(), 1);
    let gone = console.send(Method::DELETE, &format!("/user-emails/{}", id(&email)), Value::Null).await;
    assert_eq!(gone.status.as_u16(), 204);
    link_is_added_and_removed(&console, &id_of_user).await;

    let token = single(&console.post("/user-registration-tokens", json!({ "usage_limit": 5 })).await);
    let token = format!("/user-registration-tokens/{}", id(&token));
    let cleared = console.send(Method::PUT, &token, json!({ "usage_limit": null, "expires_at": null })).await;
    assert!(single(&cleared)["attributes"]["usage_limit"].is_null());
    for action in ["revoke", "unrevoke"] {
        single(&console.post(&format!("{token}/{action}"), Value::Null).await);
    }

    let scope = "urn:synapse:admin:* urn:matrix:client:api:* urn:matrix:client:device:R4ND0M urn:mas:admin";
    let body =
        json!({ "actor_user_id": id_of_user, "human_name": "a bot", "scope": scope, "expires_in": 3600 });
    let session = single(&console.post("/personal-sessions", body).await);
    assert!(session["attributes"]["access_token"].is_string());
    let session = format!("/personal-sessions/{}", id(&session));
    let renewed = single(&console.post(&format!("{session}/regenerate"), json!({})).await);
    assert!(renewed["attributes"]["access_token"].is_string());
    single(&console.post(&format!("{session}/revoke"), Value::Null).await);

    app.signed_in("ada").await;
    crate::compat::log_in(&app, crate::compat::by_password("ada")).await;
    let ada = rows(&console.get("/users?filter[search]=ada&page[first]=200&count=false").await).remove(0);
    for list in ["/oauth2-sessions", "/compat-sessions"] {
        let open =
            format!("{list}?filter[user]={}&filter[status]=active&page[last]=200&count=false", id(&ada));
        let open = single(&console.get(&format!("{list}/{}", id(&rows(&console.get(&open).await)[0]))).await);
        let finished = console.post(&format!("{list}/{}/finish", id(&open)), Value::Null).await;
        assert!(single(&finished)["attributes"]["finished_at"].is_string());
    }
    app.run_jobs().await;
}

const KETESA: &str = "https://ketesa.example.org";

async fn ketesa_signs_in(app: &TestApp) -> Console<'_> {
    let mut console = Console { app, origin: KETESA, credentials: Credentials::None, root: String::new() };
    let document = json!({
        "client_name": "Ketesa",
        "client_uri": "https://ketesa.example.org/below",
        "logo_uri": "https://ketesa.example.org/below/images/logo.webp",
        "redirect_uris": ["https://ketesa.example.org/below/auth-callback/"],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
        "application_type": "web",
        "id_token_signed_response_alg": "RS256",
    });
    let registered = console.registers(&document).await.json();
    assert_eq!(registered["redirect_uris"], document["redirect_uris"]);
    let client = registered["client_id"].as_str().unwrap().to_owned();
    let metadata = console.metadata().await;
    let issuer = metadata["issuer"].as_str().unwrap();
    assert!(issuer.starts_with("https://"));
    let root = metadata["token_endpoint"].as_str().unwrap().strip_suffix("/oauth2/token").unwrap();
    console.root = root.strip_prefix("https://auth.example.com").unwrap().to_owned();

    let scope = "openid urn:matrix:org.matrix.msc2967.client:api:* \
                 urn:matrix:org.matrix.msc2967.client:device:KETESA0001 urn:synapse:admin:* urn:mas:admin";
    let redirect_uri = "https://ketesa.example.org/below/auth-callback/";
    let parameters = [
        ("client_id", client.as_str()),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "a-state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = console.is_let_in(&parameters, "boss").await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", redirect_uri),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("client_id", &client),
    ];
    let tokens = console.form("/oauth2/token", &fields).await.ok().json();
    let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert!(claims["sub"].is_string(), "{claims}");
    console.holds(&tokens);

    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", &client)];
    let request = app.anonymous().post("/oauth2/token").form(fields).header("accept", "application/json");
    let tokens = console.sends(request).await.ok().json();
    console.holds(&tokens);
    // That this is there makes it more than a console for Synapse.
    console.get("/site-config").await.ok();
    console
}

/// `name=value`, percent-encoded as this console does it.
fn encoded(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

#[tokio::test]
async fn ketesa_looks_through_everything() {
    let app = with_administrator().await;
    let console = ketesa_signs_in(&app).await;
    for name in ["ada", "adam", "bob"] {
        app.user(name).await;
    }
    // It goes on from the link, and has the total from the count.
    let first = encoded(&[("page[first]", "2"), ("count", "true")]);
    assert!(first.starts_with("page%5Bfirst%5D=2"));
    let page = console.get(&format!("/users?{first}")).await;
    assert_eq!((rows(&page).len(), &page.json()["meta"]["count"]), (2, &json!(4)));
    let next = page.json()["links"]["next"].as_str().unwrap().to_owned();
    let query = next.split_once('?').unwrap().1;
    let after = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page[after]").unwrap();
    let more = encoded(&[("page[first]", "2"), ("count", "true"), ("page[after]", &after.1)]);
    let page = console.get(&format!("/users?{more}")).await;
    assert_eq!((rows(&page).len(), page.json()["links"]["next"].is_null()), (2, true));

    // One request per row of Synapse's list, all at once.
    let queries: Vec<_> = ["ada", "adam", "bob", "boss"]
        .iter()
        .cycle()
        .take(50)
        .map(|name| {
            let query = encoded(&[("filter[search]", name), ("page[first]", "50"), ("count", "true")]);
            (*name, format!("/users?{query}"))
        })
        .collect();
    let asked = futures_util::future::join_all(queries.iter().map(|(_, path)| console.get(path)));
    for ((name, _), answer) in queries.iter().zip(asked.await) {
        let found = rows(&answer);
        assert!(found.iter().any(|row| row["attributes"]["username"] == **name), "{name}: {answer}");
    }

    let boss = encoded(&[("filter[search]", "boss"), ("page[first]", "10"), ("count", "true")]);
    let boss = rows(&console.get(&format!("/users?{boss}")).await).remove(0);
    let usual = [("page[first]", "10"), ("count", "true")];
    for (list, filter) in [
        ("/users", ("filter[status]", "active")),
        ("/users", ("filter[admin]", "true")),
        ("/user-emails", ("filter[user]", id(&boss))),
        ("/user-emails", ("filter[email]", "boss@example.org")),
        ("/compat-sessions", ("filter[user]", id(&boss))),
        ("/oauth2-sessions", ("filter[status]", "active")),
        ("/oauth2-sessions", ("filter[user]", id(&boss))),
        ("/user-sessions", ("filter[user]", id(&boss))),
        ("/user-sessions", ("filter[status]", "finished")),
        // Which nobody knows.
        ("/personal-sessions", ("filter[user]", id(&boss))),
        ("/personal-sessions", ("filter[status]", "revoked")),
        ("/upstream-oauth-links", ("filter[user]", id(&boss))),
        ("/upstream-oauth-providers", ("filter[enabled]", "true")),
        ("/user-registration-tokens", ("filter[valid]", "true")),
    ] {
        let query = encoded(&[&usual[..], &[filter]].concat());
        let page = console.get(&format!("{list}?{query}")).await;
        rows(&page);
        assert!(page.json()["meta"]["count"].is_u64(), "{list}?{query}: {page}");
    }
    let refused = console.sends(app.caller(Credentials::Bearer("mat_x".into())).get("/api/admin/v1/users"));
    let refused = refused.await;
    assert_eq!(refused.status.as_u16(), 401);
    assert!(refused.json()["errors"][0]["title"].is_string(), "it reads the body of every 401");
}

#[tokio::test]
async fn ketesa_changes_what_it_can() {
    let app = with_administrator().await;
    upstream::provider(&app).await;
    let console = ketesa_signs_in(&app).await;
    let user = single(&console.post("/users", json!({ "username": "grace" })).await);
    let path = format!("/users/{}", id(&user));
    for (action, body) in [
        ("lock", Value::Null),
        ("unlock", Value::Null),
        ("deactivate", Value::Null),
        ("reactivate", Value::Null),
        ("set-admin", json!({ "admin": true })),
    ] {
        single(&console.post(&format!("{path}/{action}"), body).await);
        single(&console.get(&path).await);
        app.run_jobs().await;
    }
    let password = json!({ "password": PASSWORD });
    assert_eq!(console.post(&format!("{path}/set-password"), password).await.status.as_u16(), 204);
    let weak = console.post(&format!("{path}/set-password"), json!({ "password": "1" })).await;
    assert_eq!((weak.status.as_u16(), weak.json()["errors"][0]["title"].is_string()), (400, true));

    let email = json!({ "user_id": id(&user), "email": "grace@example.org" });
    let email = single(&console.post("/user-emails", email).await);
    let gone = console.send(Method::DELETE, &format!("/user-emails/{}", id(&email)), Value::Null).await;
    assert_eq!(gone.status.as_u16(), 204);

    link_is_added_and_removed(&console, id(&user)).await;

    let body =
        json!({ "actor_user_id": id(&user), "scope": "urn:matrix:client:api:*", "human_name": "a bot" });
    let session = single(&console.post("/personal-sessions", body).await);
    let session = format!("/personal-sessions/{}", id(&session));
    let renewed = console.post(&format!("{session}/regenerate"), Value::Null).await;
    assert_eq!(renewed.status.as_u16(), 201, "without a body, which MAS refuses: {renewed}");
    single(&renewed);
    single(&console.post(&format!("{session}/revoke"), Value::Null).await);

    let token = single(&console.post("/user-registration-tokens", json!({ "token": "sesame" })).await);
    let token = format!("/user-registration-tokens/{}", id(&token));
    single(&console.send(Method::PUT, &token, json!({ "usage_limit": 3 })).await);
    for action in ["revoke", "unrevoke"] {
        single(&console.post(&format!("{token}/{action}"), Value::Null).await);
    }

    let none = console.get("/policy-data/latest").await;
    assert_eq!(none.status.as_u16(), 404);
    let data = json!({ "data": { "admin_users": ["grace"] } });
    single(&console.post("/policy-data", data).await);
    single(&console.get("/policy-data/latest").await);

    app.signed_in("ada").await;
    crate::compat::log_in(&app, crate::compat::by_password("ada")).await;
    let ada = encoded(&[("filter[search]", "ada"), ("page[first]", "10"), ("count", "true")]);
    let ada = rows(&console.get(&format!("/users?{ada}")).await).remove(0);
    for list in ["/oauth2-sessions", "/compat-sessions", "/user-sessions"] {
        let query = encoded(&[("filter[user]", id(&ada)), ("filter[status]", "active"), ("count", "true")]);
        let open = rows(&console.get(&format!("{list}?{query}")).await);
        let finished = console.post(&format!("{list}/{}/finish", id(&open[0])), Value::Null).await;
        assert!(single(&finished)["attributes"]["finished_at"].is_string());
    }
    app.run_jobs().await;
}
