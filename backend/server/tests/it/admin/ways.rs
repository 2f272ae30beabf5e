//! However a list is found, along whichever index, it is the same list: page by page from both ends, and counted.

use std::time::Duration;

use serde_json::Value;
use testkit::{CONFIDENTIAL, Caller, ClientKind, PASSWORD, TestApp, engine};

use super::{BASE, failed, failure, get, ids, post, script};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// People who signed in one after the other for most of a year, used their apps for different times, and of whom some left.
async fn a_year() -> (TestApp, Caller) {
    let app = TestApp::with(|settings| {
        settings.policy = serde_json::json!({ "admin_clients": [CONFIDENTIAL] });
    })
    .await;
    for number in 0..16 {
        let name = format!("user{}", number % 6);
        if number < 6 {
            app.user_with_password(&name, PASSWORD).await;
        }
        let client = app.client(ClientKind::Public).await;
        let code = app.authorization(&client).through(&mut app.browser(), &name).await;
        client.exchange(&code).await.tokens();
        app.clock.advance(21 * DAY + Duration::from_secs(number));
    }
    for sql in [
        "UPDATE sessions SET last_active_at = created_at + 86400000000 * (created_at / 86400000000 % 50)",
        "UPDATE browser_sessions SET last_active_at = created_at + 86400000000 * (created_at / 86400000000 % 50)",
        "UPDATE sessions SET finished_at = created_at + 1 WHERE created_at / 1000000 % 3 = 0",
        "UPDATE browser_sessions SET finished_at = created_at + 1 WHERE created_at / 1000000 % 3 = 1",
        "UPDATE sessions SET last_active_at = NULL WHERE created_at / 1000000 % 7 = 0",
        "UPDATE sessions SET scope = 'email ' || scope WHERE created_at / 1000000 % 4 = 0",
    ] {
        app.database.execute(sql).await;
    }
    let admin = script(&app, "urn:mas:admin").await;
    (app, admin)
}

/// All ids of the list, walked from its beginning and from its end, three at a time; both must be the same, and counted.
pub(super) async fn walked(admin: &Caller, list: &str, filter: &str) -> Vec<String> {
    let mut walks = Vec::new();
    for (start, link) in [("page[first]=3", "next"), ("page[last]=3", "prev")] {
        let mut path = format!("{BASE}/{list}?{filter}&count=false&{start}");
        let mut met: Vec<String> = Vec::new();
        loop {
            let page = admin.get(&path).await.ok();
            let at = if link == "next" { met.len() } else { 0 };
            met.splice(at..at, ids(&page));
            match page.json()["links"][link].as_str() {
                Some(further) => path = further.to_owned(),
                None => break,
            }
        }
        walks.push(met);
    }
    assert_eq!(walks[0], walks[1], "{list}?{filter}");
    let count = get(admin, &format!("/{list}?{filter}&count=only")).await.json()["meta"]["count"].clone();
    assert_eq!(count, walks[0].len(), "{list}?{filter}");
    walks.remove(0)
}

async fn rows(admin: &Caller, list: &str) -> Vec<Value> {
    let page = get(admin, &format!("/{list}?page[first]=1000&count=false")).await.ok().json();
    page["data"].as_array().unwrap().clone()
}

/// The ids of the rows of which it is true.
fn those(rows: &[Value], is: impl Fn(&Value) -> bool) -> Vec<String> {
    let them = rows.iter().filter(|row| is(&row["attributes"]));
    them.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

fn text<'a>(attributes: &'a Value, name: &str) -> &'a str {
    attributes[name].as_str().unwrap_or_default()
}

#[tokio::test]
async fn by_last_activity() {
    let (_app, admin) = a_year().await;
    for list in ["oauth2-sessions", "user-sessions"] {
        let rows = rows(&admin, list).await;
        // Instants of which the text orders as they do, since all have the same form.
        let instants =
            ["2026-07-01T00:00:00Z", "2026-09-10T00:00:00Z", "2026-09-11T12:00:00Z", "2027-04-01T00:00:00Z"];
        let is = |row: &Value, after: &str, before: &str| {
            let at = text(row, "last_active_at");
            !at.is_empty() && at > after && (before.is_empty() || at < before)
        };
        for (number, one) in instants.iter().enumerate() {
            let after = walked(&admin, list, &format!("filter[last-active-after]={one}")).await;
            assert_eq!(after, those(&rows, |row| is(row, one, "")), "{list} after {one}");
            let before = walked(&admin, list, &format!("filter[last-active-before]={one}")).await;
            assert_eq!(before, those(&rows, |row| is(row, "", one)), "{list} before {one}");
            for other in &instants[..=number] {
                let filter = format!("filter[last-active-after]={other}&filter[last-active-before]={one}");
                assert_eq!(
                    walked(&admin, list, &filter).await,
                    those(&rows, |row| is(row, other, one)),
                    "{filter}"
                );
            }
        }
        let nothing =
            format!("filter[last-active-after]={}&filter[last-active-before]={}", instants[3], instants[0]);
        assert!(walked(&admin, list, &nothing).await.is_empty());
        let both = format!("filter[last-active-after]={}&filter[status]=finished", instants[0]);
        let expected = those(&rows, |row| is(row, instants[0], "") && !row["finished_at"].is_null());
        assert!(!expected.is_empty());
        assert_eq!(walked(&admin, list, &both).await, expected);
    }
}

#[tokio::test]
async fn by_scope_and_client() {
    let (_app, admin) = a_year().await;
    let rows = rows(&admin, "oauth2-sessions").await;
    let has = |row: &Value, token: &str| text(row, "scope").split(' ').any(|one| one == token);
    for tokens in
        [&["email"][..], &["openid"], &["email", "openid"], &["urn:mas:admin"], &["nobody:has:this"]]
    {
        let filter: Vec<_> = tokens.iter().map(|token| format!("filter[scope]={token}")).collect();
        let expected = those(&rows, |row| tokens.iter().all(|token| has(row, token)));
        assert_eq!(walked(&admin, "oauth2-sessions", &filter.join("&")).await, expected, "{tokens:?}");
    }
    let device = text(&rows[3]["attributes"], "scope").split(' ').next_back().unwrap().to_owned();
    let filter = format!("filter[scope]={device}&filter[scope]=openid");
    let expected = those(&rows, |row| has(row, &device));
    assert!(expected.contains(&rows[3]["id"].as_str().unwrap().to_owned()));
    assert_eq!(walked(&admin, "oauth2-sessions", &filter).await, expected);

    let dynamic = text(&rows[3]["attributes"], "client_id");
    let of = |row: &Value, client: &str| text(row, "client_id") == client;
    let both = format!("filter[client]={dynamic}&filter[client]={CONFIDENTIAL}&filter[scope]=openid");
    let expected = those(&rows, |row| has(row, "openid") && (of(row, dynamic) || of(row, CONFIDENTIAL)));
    assert_eq!(walked(&admin, "oauth2-sessions", &both).await, expected);
    for (kind, is_static) in [("static", true), ("dynamic", false)] {
        let filter = format!("filter[client-kind]={kind}&filter[status]=active");
        let expected = those(&rows, |row| of(row, CONFIDENTIAL) == is_static && row["finished_at"].is_null());
        assert!(!expected.is_empty());
        assert_eq!(walked(&admin, "oauth2-sessions", &filter).await, expected, "{kind}");
    }
}

#[tokio::test]
async fn by_who_is_signed_in() {
    let (app, admin) = a_year().await;
    app.user("idle").await;
    let sessions = rows(&admin, "oauth2-sessions").await;
    let users = rows(&admin, "users").await;
    let is_signed_in = |id: &str, client: &str| {
        sessions.iter().map(|row| &row["attributes"]).any(|row| {
            text(row, "user_id") == id
                && row["finished_at"].is_null()
                && (client.is_empty() || text(row, "client_id") == client)
        })
    };
    let those = |wanted: bool, client: &str| -> Vec<String> {
        let ids = users.iter().map(|row| row["id"].as_str().unwrap());
        ids.filter(|id| is_signed_in(id, client) == wanted).map(str::to_owned).collect()
    };
    for more in ["", "&filter[status]=active", "&filter[search]=e"] {
        for wanted in [true, false] {
            let filter = format!("filter[has-active-oauth2-session]={wanted}{more}");
            assert_eq!(walked(&admin, "users", &filter).await, those(wanted, ""), "{filter}");
        }
        let client = text(&sessions[2]["attributes"], "client_id");
        let filter = format!(
            "filter[active-oauth2-client]={client}&filter[active-oauth2-client]={CONFIDENTIAL}{more}"
        );
        assert_eq!(walked(&admin, "users", &filter).await, those(true, client), "{filter}");
    }
    assert!(walked(&admin, "users", "filter[has-active-compat-session]=true").await.is_empty());
    assert_eq!(walked(&admin, "users", "filter[has-active-compat-session]=false").await.len(), users.len());
}

#[tokio::test]
async fn by_part_of_a_name_or_address() {
    let (app, admin) = super::app().await;
    let mut people = Vec::new();
    for name in ["ada", "adalbert", "bob_b", "bob-c", "zoë", "ad.a"] {
        people.push(app.user(name).await.to_string());
        app.clock.advance(Duration::from_secs(1));
    }
    let mut addresses = Vec::new();
    for (user, email) in
        [(0, "Lovelace@example.org"), (0, "countess@analytical.example"), (2, "bob@example.org")]
    {
        let body = serde_json::json!({ "user_id": people[user], "email": email });
        let added = post(&admin, "/user-emails", body).await.ok().json();
        addresses.push(added["data"]["id"].as_str().unwrap().to_owned());
    }
    app.run_jobs().await;
    let found = async |needle: &str| -> Vec<usize> {
        let needle: String = url::form_urlencoded::byte_serialize(needle.as_bytes()).collect();
        let ids = walked(&admin, "users", &format!("filter[search]={needle}")).await;
        ids.iter().map(|id| people.iter().position(|one| one == id).unwrap()).collect()
    };
    for (needle, expected) in [
        ("a", &[0, 1, 5][..]),
        ("AD", &[0, 1, 5]),
        ("ada", &[0, 1]),
        ("adal", &[1]),
        ("dalber", &[1]),
        ("ë", &[4]),
        ("ZOË", &[4]),
        ("_", &[2]),
        ("%", &[]),
        ("b_b", &[2]),
        // Of a domain only with the @: see `a_name_is_found_although_everybody_has_an_address_with_it`.
        ("example.org", &[]),
        ("@example.org", &[0, 2]),
        ("e@EXAMPLE", &[0]),
        ("lovelace@", &[0]),
        ("countess", &[0]),
        ("@analytical", &[0]),
        // Where the name ends and an address begins.
        ("alov", &[]),
        ("nobody", &[]),
    ] {
        assert_eq!(found(needle).await, expected, "{needle}");
    }
    let delete = admin.request(http::Method::DELETE, &format!("{BASE}/user-emails/{}", addresses[1])).await;
    assert_eq!(delete.status.as_u16(), 204);
    assert_eq!((found("@analytical").await, found("countess").await), (vec![], vec![]));
    assert_eq!(found("lovelace").await, [0]);
    app.database.execute("UPDATE users SET username_norm = 'grace' WHERE username = 'ada'").await;
    assert_eq!((found("grace").await, found("ada").await), (vec![0], vec![1]));
    app.database.execute("DELETE FROM users WHERE username = 'ada'").await;
    assert!(walked(&admin, "users", "filter[search]=lovelace").await.is_empty());
    app.run_jobs().await;
}

/// Ketesa asks for ten by the name of the one it wants, and then looks for that very name.
#[tokio::test]
async fn a_name_is_found_although_everybody_has_an_address_with_it() {
    let (app, admin) = super::app().await;
    for number in 0..11 {
        let body = serde_json::json!({ "username": format!("u{number}"), "emails": [format!("u{number}@example.org")] });
        post(&admin, "/users", body).await.ok();
        app.clock.advance(Duration::from_secs(1));
    }
    for name in ["example", "org"] {
        let user = app.user(name).await.to_string();
        let found = get(&admin, &format!("/users?filter[search]={name}&page[first]=10")).await;
        assert_eq!(ids(&found), [user]);
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn sorted_forwards_and_backwards() {
    let (app, admin) = super::app().await;
    let mut people: Vec<(String, String)> = Vec::new();
    for name in ["mia", "Zoe", "bob", "ada", "carl", "eve", "dora"] {
        people.push((name.to_lowercase(), app.user(&name.to_lowercase()).await.to_string()));
        app.clock.advance(Duration::from_secs(1));
    }
    let in_order = |people: &[(String, String)]| people.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>();
    let check = async |sort: &str, people: &[(String, String)]| {
        for filter in ["", "&filter[search]=a", "&filter[status]=active"] {
            let met = walked(&admin, "users", &format!("sort={sort}{filter}")).await;
            let fits = |name: &str| !filter.contains("search") || name.contains('a');
            let expected: Vec<_> = people.iter().filter(|(name, _)| fits(name)).cloned().collect();
            assert_eq!(met, in_order(&expected), "{sort}{filter}");
        }
    };
    check("created_at", &people).await;
    people.reverse();
    check("-created_at", &people).await;
    people.sort();
    check("username", &people).await;
    people.reverse();
    check("-username", &people).await;
}

/// Whoever pages through a sorted list loses nothing when the row that the page ended with goes away.
#[tokio::test]
async fn a_place_in_a_sorted_list_outlives_its_row() {
    let (app, admin) = super::app().await;
    for name in ["c", "a", "b", "d"] {
        app.user(name).await;
    }
    let page = get(&admin, "/users?sort=username&page[first]=2").await;
    let next = page.json()["links"]["next"].as_str().unwrap().to_owned();
    let cursor = page.json()["data"][1]["meta"]["page"]["cursor"].as_str().unwrap().to_owned();
    assert!(next.contains(&format!("sort=username&page[after]={cursor}&")), "{next}");
    app.database.execute("DELETE FROM users WHERE username = 'b'").await;
    let rest = admin.get(&next).await.ok().json();
    let names: Vec<_> =
        rest["data"].as_array().unwrap().iter().map(|row| text(&row["attributes"], "username")).collect();
    assert_eq!(names, ["c", "d"]);
}

#[tokio::test]
async fn nothing_else_can_be_sorted_by() {
    let (app, admin) = super::app().await;
    let user = app.user("ada").await;
    for (path, accepted) in [
        ("/users?sort=locked_at", "`created_at`, `-created_at`, `username`, `-username`"),
        ("/user-emails?sort=Email", "`created_at`, `-created_at`, `email`, `-email`"),
        ("/oauth2-sessions?sort=last_active_at", "`created_at` or `-created_at`"),
    ] {
        let answer = get(&admin, path).await;
        assert_eq!(failure(&answer), failed(400, "invalid_filter"), "{path}");
        assert_eq!(answer.json()["errors"][0]["source"]["parameter"], "sort", "{path}");
        let cause = answer.json()["errors"][1]["title"].as_str().unwrap().to_owned();
        assert!(cause.contains(accepted), "{cause}");
    }
    let answer = get(&admin, &format!("/users?sort=username&page[after]={user}")).await;
    assert_eq!(failure(&answer), failed(400, "invalid_pagination"));
    get(&admin, &format!("/users?sort=-created_at&page[after]={user}")).await.ok();
}

/// PostgreSQL updates a row in place (HOT) only if nothing changes that an index has, in whatever part of it.
#[tokio::test]
async fn no_index_has_what_a_running_session_changes() {
    if engine() != store::Engine::Postgres {
        return;
    }
    let app = TestApp::new().await;
    let indexed = app
        .database
        .texts(
            "SELECT DISTINCT c.relname || '.' || a.attname FROM pg_index x \
             JOIN pg_class c ON c.oid = x.indrelid AND c.relname IN ('sessions', 'browser_sessions') \
             JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid AND d.refobjid = c.oid \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid",
        )
        .await;
    assert!(indexed.contains(&"sessions.kind".to_owned()), "{indexed:?}");
    for column in ["last_active_at", "last_active_ip", "user_agent"] {
        assert!(!indexed.iter().any(|one| one.ends_with(&format!(".{column}"))), "{indexed:?}");
    }
}
