//! Who is let in, and in which form.

use http::Method;
use serde_json::json;
use testkit::{Credentials, TestApp};

use super::{person, token, with_tokens};

const VIEWER: &str = "{ viewer { __typename } }";
const ANONYMOUS: &str = r#"{"data":{"viewer":{"__typename":"Anonymous"}}}"#;

#[tokio::test]
async fn strangers_are_anonymous_by_get_and_by_post() {
    let app = TestApp::new().await;
    let by_post = app.anonymous().graphql(VIEWER, json!({})).await;
    assert_eq!((by_post.status.as_u16(), &*by_post.body), (200, ANONYMOUS));
    assert_eq!(by_post.header("cache-control"), "no-store");
    let by_get = app.anonymous().get("/graphql?query=%7Bviewer%7B__typename%7D%7D").await;
    assert_eq!((by_get.status.as_u16(), &*by_get.body), (200, ANONYMOUS));
    let named = "/graphql?query=query%20A%7BsiteConfig%7Bid%7D%7Dquery%20B(%24id%3AID!)%7Bnode(id%3A%24id)%7Bid%7D%7D\
                 &operation_name=B&variables=%7B%22id%22%3A%22anonymous%22%7D";
    let named = app.anonymous().get(named).await;
    assert_eq!(named.data(), json!({ "node": { "id": "anonymous" } }));
}

#[tokio::test]
async fn mutations_come_by_post_only() {
    let app = TestApp::new().await;
    let query = "mutation%7BsetLanguage(input%3A%7B%7D)%7Bstatus%7D%7D";
    let refused = app.anonymous().get(&format!("/graphql?query={query}")).await;
    assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, "POST"));
    assert_eq!(refused.fault().0, "BAD_INPUT");
    // Nor beside a query, whichever is named.
    let beside = format!(
        "/graphql?query=query%20Q%7BsiteConfig%7Bid%7D%7D{}&operation_name=Q",
        query.replace("mutation", "mutation%20M")
    );
    assert_eq!(app.anonymous().get(&beside).await.status, 405);
}

#[tokio::test]
async fn other_sites_cannot_act_for_somebody() {
    let app = TestApp::new().await;
    let (_, browser) = person(&app, "alice").await;
    let cookies: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cookie = cookies.join("; ");
    let body = json!({ "query": VIEWER });
    let sent = |name: &str, value: &str| {
        app.anonymous().post("/graphql").header("cookie", &cookie).header(name, value).json(&body)
    };
    for (name, value, status) in [
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("origin", "https://auth.example.com", 200),
        ("origin", "https://auth.example.com.evil.example", 403),
        ("origin", "null", 403),
        ("x-nothing", "x", 200),
    ] {
        let answer = sent(name, value).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        if status == 403 {
            assert_eq!(answer.fault().0, "FORBIDDEN");
        }
    }
    let ours = sent("sec-fetch-site", "same-origin").await;
    assert_eq!(ours.data(), json!({ "viewer": { "__typename": "User" } }), "the cookie is good");

    // What would have been done, had it come from us.
    let query = super::mutation("setLanguage", "status");
    let change = json!({ "query": query, "variables": { "input": { "language": "fr" } } });
    let send = |site: &str| {
        let request = app.anonymous().post("/graphql").header("cookie", &cookie);
        request.header("sec-fetch-site", site).json(&change)
    };
    let language = "SELECT COALESCE(language, 'none') FROM users";
    for site in ["cross-site", "same-site"] {
        assert_eq!(send(site).await.status, 403, "{site}");
    }
    assert_eq!(app.database.texts(language).await, ["none"]);
    send("same-origin").await.data();
    assert_eq!(app.database.texts(language).await, ["fr"]);
}

/// Each of them would be a statement, whoever asks.
#[tokio::test]
async fn strangers_have_nothing_looked_for() {
    let app = TestApp::new().await;
    let (id, _) = person(&app, "alice").await;
    let ulid = id.trim_start_matches("user:");
    let before = app.parts().db.round_trips();
    for query in [
        "{ found: userByUsername(username: \"alice\") { id } }".to_owned(),
        format!("{{ found: userEmail(id: \"user_email:{ulid}\") {{ id }} }}"),
        format!("{{ found: browserSession(id: \"browser_session:{ulid}\") {{ id }} }}"),
        format!("{{ found: oauth2Session(id: \"oauth2_session:{ulid}\") {{ id }} }}"),
        format!("{{ found: compatSession(id: \"compat_session:{ulid}\") {{ id }} }}"),
        format!("{{ found: upstreamOauth2Link(id: \"upstream_oauth2_link:{ulid}\") {{ id }} }}"),
        format!("{{ found: node(id: \"user_email:{ulid}\") {{ id }} }}"),
        format!("{{ found: user(id: \"{id}\") {{ id }} }}"),
    ] {
        let answer = app.anonymous().graphql(&query, json!({})).await;
        assert_eq!(answer.data(), json!({ "found": null }), "{query}");
    }
    assert_eq!(app.parts().db.round_trips(), before);
    // What strangers have to look for, since a link is all that they hold, they cannot look for at length.
    let many = |count: usize| {
        let all: String = (0..count)
            .map(|number| format!("a{number}: userRecoveryTicket(ticket: \"x\") {{ id }} "))
            .collect();
        format!("{{ {all} }}")
    };
    app.anonymous().graphql(&many(20), json!({})).await.data();
    assert_eq!(app.anonymous().graphql(&many(40), json!({})).await.fault().0, "TOO_COMPLEX");
}

#[tokio::test]
async fn no_text_holds_nul() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    app.homeserver.calls();
    for (query, variables) in [
        (r#"{ userByUsername(username: "\u0000") { id } }"#, json!({})),
        ("{ viewer { __typename } } # \0", json!({})),
        ("query Q($name: String!) { userByUsername(username: $name) { id } }", json!({ "name": "a\0" })),
    ] {
        let answer = app.anonymous().graphql(query, variables).await;
        assert_eq!((answer.status.as_u16(), answer.fault().0), (400, "BAD_INPUT".into()), "{query}");
    }
    let input = json!({ "userId": user, "displayName": "a\0" });
    let refused = super::try_call(&mut browser, "setDisplayName", input, "status").await;
    assert_eq!((refused.status.as_u16(), refused.fault().0), (400, "BAD_INPUT".into()));
    assert!(app.homeserver.called().is_empty(), "nothing is half done");
}

#[tokio::test]
async fn however_often_a_name_is_asked_for_the_homeserver_is_asked_once() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let asking = |count: usize| {
        let all: String = (0..count).map(|number| format!("a{number}: matrix {{ mxid }} ")).collect();
        format!("{{ viewer {{ ... on User {{ {all} }} }} }}")
    };
    app.homeserver.calls();
    let answer = browser.ask(&asking(10), json!({})).await;
    assert_eq!(answer["viewer"]["a9"]["mxid"], "@alice:example.com");
    assert_eq!(app.homeserver.called(), ["query_user"]);
    assert_eq!(browser.graphql(&asking(20), json!({})).await.fault().0, "TOO_COMPLEX");
    assert!(app.homeserver.called().is_empty());
}

/// Whose stack would not hold a chain as long as a body lets it be.
#[tokio::test]
async fn long_chains_and_deep_nests_are_refused() {
    let app = TestApp::new().await;
    let mut chain = "{...f0}".to_owned();
    for link in 0..2_000 {
        chain.push_str(&format!("fragment f{link:x} on Query{{...f{:x}}}", link + 1));
    }
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(15_000), close.repeat(15_000));
    for query in [
        chain,
        deep("{a", "}"),
        "{a".repeat(30_000),
        format!("{{a(b:{})}}", deep("[", "]")),
        format!("{{a(b:{})}}", "[".repeat(60_000)),
        format!("{{a(b:{})}}", "{c:".repeat(20_000)),
        format!("query($a:{}){{b}}", deep("[", "]")),
        format!("{{{}", "...{".repeat(15_000)),
    ] {
        let answer = app.anonymous().graphql(&query, json!({})).await;
        let start: String = query.chars().take(20).collect();
        assert!(["TOO_COMPLEX", "BAD_INPUT"].contains(&answer.fault().0.as_str()), "{start}: {answer}");
    }
}

#[tokio::test]
async fn bodies_are_json_of_one_request() {
    let app = TestApp::new().await;
    let body = json!({ "query": VIEWER }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let answer = app.anonymous().post("/graphql").raw(kind, body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.fault().0), (415, "BAD_INPUT".into()), "{kind}");
    }
    let spaced = app.anonymous().post("/graphql").raw("Application/JSON; charset=utf-8", body.clone()).await;
    assert_eq!(spaced.body, ANONYMOUS);
    for body in [
        format!("[{body}]"),
        "{".into(),
        "null".into(),
        r#"{"query":1}"#.into(),
        r#"{"query":"{viewer{__typename}}","variables":[]}"#.into(),
    ] {
        let answer = app.anonymous().post("/graphql").raw("application/json", body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.fault().0), (400, "BAD_INPUT".into()), "{body}");
    }
    let long = json!({ "query": format!("{{ viewer {{ __typename }} }} #{}", "x".repeat(70_000)) });
    assert_eq!(app.anonymous().post("/graphql").json(&long).await.status, 413);
    let nonsense = app.anonymous().graphql("{ nothing }", json!({})).await;
    assert_eq!((nonsense.status.as_u16(), nonsense.fault().0), (200, "BAD_INPUT".into()));
    assert_eq!(app.anonymous().graphql("{ viewer", json!({})).await.fault().0, "BAD_INPUT");
}

#[tokio::test]
async fn tokens_are_taken_only_where_the_operator_says_so() {
    let app = TestApp::new().await;
    let caller = token(&app, "alice", "openid urn:mas:graphql:*").await;
    let refused = caller.graphql(VIEWER, json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.fault()),
        (401, ("UNAUTHENTICATED".into(), "Invalid token".into()))
    );
    assert_eq!(caller.get("/graphql?query=%7Bviewer%7B__typename%7D%7D").await.status, 401);
}

#[tokio::test]
async fn tokens_need_their_scope_and_go_before_cookies() {
    let app = with_tokens().await;
    let caller = token(&app, "alice", "openid urn:mas:graphql:*").await;
    assert_eq!(caller.graphql(VIEWER, json!({})).await.data(), json!({ "viewer": { "__typename": "User" } }));

    let lesser = token(&app, "alice", "openid").await;
    let refused = lesser.graphql(VIEWER, json!({})).await;
    assert_eq!(refused.status, 401);
    assert!(refused.fault().1.contains("urn:mas:graphql:*"), "{refused}");

    let (_, browser) = person(&app, "bob").await;
    let cookies: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = "{ viewer { ... on User { username } } }";
    let both = caller.graphql(query, json!({})).header("cookie", &cookies.join("; ")).await;
    assert_eq!(both.data()["viewer"]["username"], "alice");
    for nonsense in ["", "mat_x", "mar_abcdefghijklmnopqrstuvwxyz0123_abcdef"] {
        let caller = app.caller(Credentials::Bearer(nonsense.into()));
        let answer = caller.graphql(VIEWER, json!({})).header("cookie", &cookies.join("; ")).await;
        assert_eq!(answer.status, 401, "a bad token is not made good by a cookie: {nonsense}");
    }
    // Any site may ask with a token, which no browser sends by itself.
    let foreign = caller.graphql(VIEWER, json!({})).header("origin", "https://tool.example").await;
    assert_eq!((foreign.status.as_u16(), foreign.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(foreign.header("access-control-allow-credentials"), "");
    let preflight = app.anonymous().request(Method::OPTIONS, "/graphql");
    let preflight = preflight
        .header("origin", "https://tool.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    assert_eq!(preflight.await.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn ended_sessions_and_stopped_accounts_are_strangers() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let op = app.op();
    let user = domain::users::by_username(&app.parts().db.read, "alice").await.unwrap().unwrap().id;
    app.parts().db.write(async |tx| domain::users::lock(tx, &op, user).await).await.unwrap();
    app.run_jobs().await;
    assert_eq!(browser.graphql(VIEWER, json!({})).await.body, ANONYMOUS);
    app.parts().db.write(async |tx| domain::users::unlock(tx, &op, user).await).await.unwrap();
    app.run_jobs().await;
    assert_eq!(browser.ask(VIEWER, json!({})).await["viewer"]["__typename"], "User");
    let page = browser.get("/logout").await;
    browser.submit(&page, "/logout", &[]).await;
    assert_eq!(browser.graphql(VIEWER, json!({})).await.body, ANONYMOUS);
}

#[tokio::test]
async fn questions_are_bounded() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let deep = "{ viewer { ... on User { browserSessions(first: 1) { nodes { user { browserSessions(first: 1) { nodes { \
                user { browserSessions(first: 1) { nodes { user { id } } } } } } } } } } } }";
    let (code, message) = browser.graphql(deep, json!({})).await.fault();
    assert_eq!(code, "TOO_COMPLEX", "{message}");
    let wide = "{ viewer { ... on User { browserSessions(first: 100) { nodes { appSessions(first: 100) { nodes { __typename } } } } } } }";
    assert_eq!(browser.graphql(wide, json!({})).await.fault().0, "TOO_COMPLEX");
    let many: String = (0..200)
        .map(|n| format!("a{n}: viewer {{ ... on User {{ emails(first: 0) {{ totalCount }} }} }} "))
        .collect();
    assert_eq!(browser.graphql(&format!("{{ {many} }}"), json!({})).await.fault().0, "TOO_COMPLEX");
    // What the tools of developers ask goes through.
    let schema = browser.ask("{ __schema { queryType { name } types { name fields { name type { name ofType { name ofType { name } } } } } } }", json!({})).await;
    assert_eq!(schema["__schema"]["queryType"]["name"], "Query");
}

#[tokio::test]
async fn failures_tell_no_causes() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app.database.execute("ALTER TABLE user_emails RENAME TO gone").await;
    let answer = browser
        .graphql("{ viewer { ... on User { emails(first: 1) { nodes { email } } } } }", json!({}))
        .await;
    let (code, message) = answer.fault();
    assert_eq!(code, "INTERNAL");
    assert!(message.starts_with("something went wrong on our side (POST-"), "{message}");
    assert!(!answer.body.contains("user_emails") && !answer.body.contains("table"), "{answer}");
}
