//! Display names are the homeserver's. Wherever this service sees one, searches find it from then on.

use domain::jobs::{self, Job};
use kernel::id::UserId;
use serde_json::{Value, json};
use store::Engine;
use testkit::{Browser, CONFIDENTIAL, Caller, ClientKind, PASSWORD, TestApp, engine};

use super::{app, get, post, script, ways::walked};
use crate::pages::signed_in;

/// As apps do it: without telling this service.
async fn renamed(app: &TestApp, username: &str, name: Option<&str>) {
    app.parts().homeserver.set_display_name(username, name).await.unwrap();
    app.homeserver.calls();
}

/// The usernames of those who are found, page by page from both ends.
pub(super) async fn found(admin: &Caller, needle: &str) -> Vec<String> {
    let needle: String = url::form_urlencoded::byte_serialize(needle.as_bytes()).collect();
    let mut names = Vec::new();
    for id in walked(admin, "users", &format!("filter[search]={needle}")).await {
        let user = get(admin, &format!("/users/{id}")).await.ok().json();
        names.push(user["data"]["attributes"]["username"].as_str().unwrap().to_owned());
    }
    names
}

const NOBODY: [&str; 0] = [];

async fn registered(admin: &Caller, username: &str, name: &str) -> UserId {
    let made = post(admin, "/users", json!({ "username": username, "displayname": name })).await.ok().json();
    made["data"]["id"].as_str().unwrap().parse().unwrap()
}

async fn home(browser: &mut Browser) -> Value {
    browser.ask("{ viewer { ... on User { matrix { displayName } } } }", json!({})).await
}

#[tokio::test]
async fn a_name_that_the_account_comes_with_is_found_at_once() {
    let (app, admin) = app().await;
    registered(&admin, "ada", "Countess Lovelace").await;
    assert_eq!(found(&admin, "lovelace").await, ["ada"]);
    assert_eq!(found(&admin, "s lo").await, ["ada"]);
    app.run_jobs().await;
    assert_eq!(found(&admin, "lovelace").await, ["ada"]);
    let locking = json!({ "operation": "lockUser", "filter": { "search": "LOVELACE" }, "dry_run": true });
    assert_eq!(post(&admin, "/bulk-operations", locking).await.json(), json!({ "total": 1 }));
}

#[tokio::test]
async fn a_job_that_tells_a_name_or_learns_of_one_keeps_it() {
    let (app, admin) = app().await;
    let op = app.op();
    for (username, chosen) in [("ada", None), ("bob", Some("Sir Robert"))] {
        let user = app.user(username).await;
        renamed(&app, username, chosen).await;
        let job = Job::ProvisionUser { user, display_name: Some(format!("Told of {username}")) };
        app.parts().db.write(async |tx| jobs::enqueue(tx, &op, &job).await).await.unwrap();
    }
    app.run_jobs().await;
    assert_eq!(found(&admin, "told of").await, ["ada"], "the name that bob has chosen stays");
    assert_eq!(found(&admin, "robert").await, ["bob"]);
}

#[tokio::test]
async fn the_names_of_people_who_are_there_already_are_learned_when_all_are_told_of() {
    let (app, admin) = app().await;
    app.user("bob").await;
    renamed(&app, "bob", Some("Sir Robert")).await;
    let op = app.op();
    assert_eq!(found(&admin, "robert").await, NOBODY);
    domain::users::provision_next(&app.parts().db, &op, None).await.unwrap();
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(found(&admin, "robert").await, ["bob"]);
}

/// Each way to see it, one after the other, with another name each time.
#[tokio::test]
async fn wherever_a_name_is_seen_it_is_found_and_the_former_one_no_more() {
    let app = TestApp::with(|settings| settings.policy = json!({ "admin_clients": [CONFIDENTIAL] })).await;
    let admin = script(&app, "urn:mas:admin").await;
    let user = app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    let (client, device) =
        (app.client(ClientKind::Public).await, app.device_client(ClientKind::Public).await);
    let profile =
        |claims: &str| app.authorization(&client).with("scope", "openid profile").with("claims", claims);
    let code = profile("{}").through(&mut browser, "alice").await;
    let tokens = client.exchange(&code).await.tokens();
    let with_name = profile(r#"{"id_token":{"name":null}}"#).through(&mut browser, "alice").await;

    let mut former = "alice in".to_owned();
    for way in ["home", "consent", "device", "legacy", "userinfo", "id token", "rename"] {
        let name = format!("{way} of Wonderland");
        if way != "rename" {
            renamed(&app, "alice", Some(&name)).await;
        }
        assert_eq!(found(&admin, &name).await, NOBODY, "{way}");
        match way {
            "home" => {
                assert_eq!(home(&mut browser).await["viewer"]["matrix"]["displayName"], name);
            }
            "consent" => {
                let page = browser.get(&app.authorization(&client).with("prompt", "consent").path()).await;
                assert!(page.has_form("/consent/") && page.body.contains(&name), "{page}");
            }
            "device" => {
                let codes = device.ask_for_codes("openid").await.ok().json();
                let code = codes["user_code"].as_str().unwrap();
                let page = app.asked_for_device(&mut browser, "alice", code).await;
                assert!(page.body.contains(&name), "{page}");
            }
            "legacy" => {
                let path = "/_matrix/client/v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fchat.example.org";
                let page = url::Url::parse(browser.get(path).await.header("location")).unwrap();
                let page = browser.get(page.path()).await;
                assert!(page.has_form("/complete-compat-sso/") && page.body.contains(&name), "{page}");
            }
            "userinfo" => assert_eq!(client.userinfo(&tokens).await.ok().json()["name"], name),
            "id token" => drop(client.exchange(&with_name).await.ok()),
            _ => {
                let input = json!({ "userId": format!("user:{user}"), "displayName": name });
                let call = "mutation Call($input: SetDisplayNameInput!) { setDisplayName(input: $input) { status } }";
                browser.ask(call, json!({ "input": input })).await;
            }
        }
        assert_eq!(found(&admin, &name).await, ["alice"], "{way}");
        assert_eq!(found(&admin, &former).await, NOBODY, "{way}");
        former = name;
    }
    renamed(&app, "alice", None).await;
    home(&mut browser).await;
    assert_eq!(found(&admin, "wonderland").await, NOBODY);
    assert_eq!(found(&admin, "alic").await, ["alice"], "the username stays");
    app.run_jobs().await;
}

#[tokio::test]
async fn a_name_that_is_known_costs_nothing() {
    let (app, _) = app().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(ClientKind::Public).await;
    let code = app.authorization(&client).with("scope", "openid profile");
    let code = code.through(&mut app.browser(), "alice").await;
    let tokens = client.exchange(&code).await.tokens();
    client.userinfo(&tokens).await.ok();
    for (name, cost) in [(Some("Alice"), 2), (Some("Alice"), 1), (Some("Alice L."), 2), (None, 2), (None, 1)]
    {
        renamed(&app, "alice", name).await;
        // The service's own count: which connection has prepared what is chance.
        let before = app.parts().db.round_trips();
        let answer = client.userinfo(&tokens).await.ok();
        let taken = app.parts().db.round_trips() - before;
        assert_eq!((answer.json().get("name").cloned(), taken), (name.map(Value::from), cost), "{name:?}");
    }
}

#[tokio::test]
async fn a_name_that_cannot_be_kept_is_shown_all_the_same() {
    let (app, admin) = app().await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    app.database
        .execute(match engine() {
            Engine::Sqlite => {
                "CREATE TRIGGER refused BEFORE UPDATE OF display_name ON users BEGIN SELECT RAISE(ABORT, 'no'); END"
            }
            Engine::Postgres => "ALTER TABLE users ADD CONSTRAINT refused CHECK (display_name IS NULL)",
        })
        .await;
    renamed(&app, "alice", Some("Alice Liddell")).await;
    assert_eq!(home(&mut browser).await["viewer"]["matrix"]["displayName"], "Alice Liddell");
    assert_eq!(found(&admin, "liddell").await, NOBODY);
}

#[tokio::test]
async fn a_name_goes_with_the_account_and_does_not_come_back_by_itself() {
    let (app, admin) = app().await;
    for (number, body) in [Value::Null, json!({ "skip_erase": true })].into_iter().enumerate() {
        let (username, name) = (format!("ada{number}"), format!("Lovelace {number}"));
        let user = registered(&admin, &username, &name).await;
        app.run_jobs().await;
        assert_eq!(found(&admin, &name).await, [username.as_str()]);
        let path = format!("/users/{user}");
        post(&admin, &format!("{path}/deactivate"), body).await.ok();
        assert_eq!(found(&admin, &name).await, NOBODY);
        // What still had to be told about them, and whoever has just heard of their name.
        let late = domain::users::display_name::keep(&app.parts().db, user, None, Some(&name));
        late.await;
        app.run_jobs().await;
        assert_eq!(found(&admin, &name).await, NOBODY);
        post(&admin, &format!("{path}/reactivate"), Value::Null).await.ok();
        app.run_jobs().await;
        assert_eq!(found(&admin, &name).await, NOBODY);
        assert_eq!(found(&admin, &username).await, [username.as_str()]);
    }
}

#[tokio::test]
async fn letters_of_any_script_and_case_and_signs_are_themselves() {
    let (app, admin) = app().await;
    for (username, name) in [
        ("a", "änne Müller"),
        ("b", "ANÍBAL ΣΟΦΌΣ"),
        ("c", "100% sure_thing \\o/"),
        ("d", "Дмитрий 王小明 \u{1f98a}"),
        ("e", "Home @lone"),
        ("f", "f.fine@example.org"),
        ("g", "Two\nlines"),
        ("h", " "),
        ("i", "Οδυσσέας"),
        ("j", "Cafe\u{301} Straße"),
    ] {
        registered(&admin, username, name).await;
        app.clock.advance(std::time::Duration::from_secs(1));
    }
    for (needle, expected) in [
        ("ÄNNE", &["a"][..]),
        ("änne m", &["a"]),
        ("nne", &["a"]),
        ("aníbal", &["b"]),
        ("%", &["c"]),
        ("e_t", &["c"]),
        ("e%t", &[]),
        ("\\o", &["c"]),
        ("дМИТ", &["d"]),
        ("小", &["d"]),
        // A sigma at the end of what is typed is one in the middle of the name.
        ("οδυσ", &["i"]),
        ("ΟΔΥΣ", &["i"]),
        ("ΟΔΥΣΣ", &["i"]),
        ("οδυσς", &["i"]),
        ("ΑΣ", &["i"]),
        ("CAFÉ", &["j"]),
        ("cafe\u{301} STRASSE", &["j"]),
        ("\u{1f98a}", &["d"]),
        // What follows an @ counts if there is one in what is looked for: as with addresses, which some have for a name.
        ("home", &["e"]),
        ("lone", &[]),
        ("e @LONE", &["e"]),
        ("f.fine", &["f"]),
        ("example", &[]),
        ("@example", &["f"]),
        ("two lines", &["g"]),
        // Where the username ends and the name begins.
        ("aänne", &[]),
    ] {
        assert_eq!(found(&admin, needle).await, expected, "{needle}");
    }
    let nameless = "SELECT username FROM users WHERE display_name IS NULL";
    assert_eq!(app.database.texts(nameless).await, ["h"]);
    app.run_jobs().await;
}

#[tokio::test]
async fn names_and_addresses_are_found_together_whichever_changed_last() {
    let (app, admin) = app().await;
    let ada = registered(&admin, "ada", "Countess").await.to_string();
    let added =
        post(&admin, "/user-emails", json!({ "user_id": ada, "email": "lovelace@example.org" })).await;
    let address = added.ok().json()["data"]["id"].as_str().unwrap().to_owned();
    let all = async |expected: [bool; 4]| {
        for (needle, there) in ["ada", "countess", "lovelace", "@example"].into_iter().zip(expected) {
            assert_eq!(found(&admin, needle).await.len(), usize::from(there), "{needle}");
        }
    };
    all([true, true, true, true]).await;
    app.database.execute("UPDATE users SET display_name = 'C', display_name_norm = 'c'").await;
    all([true, false, true, true]).await;
    app.database.execute("UPDATE users SET display_name = 'Countess', display_name_norm = 'countess'").await;
    app.database.execute("UPDATE user_emails SET email_norm = 'lovelace@other.example'").await;
    all([true, true, true, false]).await;
    app.database.execute("UPDATE users SET username_norm = 'grace'").await;
    all([false, true, true, false]).await;
    let path = format!("{}/user-emails/{address}", super::BASE);
    admin.request(http::Method::DELETE, &path).await.ok();
    all([false, true, false, false]).await;
    app.run_jobs().await;
}
