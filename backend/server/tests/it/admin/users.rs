//! Accounts.

use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, Held, Mood, PASSWORD, TestApp};

use super::{app, attributes, failed, failure, get, ids, post, script};

#[tokio::test]
async fn an_account_is_made_here_and_at_the_homeserver() {
    let (app, admin) = app().await;
    let made = post(&admin, "/users", json!({ "username": "ada", "displayname": "Ada" })).await;
    assert_eq!(made.status.as_u16(), 201);
    assert_snapshot!(format!("{:#}", made.json()), @r#"
    {
      "data": {
        "attributes": {
          "admin": false,
          "created_at": "2026-08-01T12:00:00Z",
          "deactivated_at": null,
          "legacy_guest": false,
          "locked_at": null,
          "username": "ada"
        },
        "id": "01KYYK41G0FKEQPKTCVFRR4QMK",
        "links": {
          "self": "/api/admin/v1/users/01KYYK41G0FKEQPKTCVFRR4QMK"
        },
        "type": "user"
      },
      "links": {
        "self": "/api/admin/v1/users/01KYYK41G0FKEQPKTCVFRR4QMK"
      }
    }
    "#);
    assert!(app.homeserver.user("ada").is_some(), "before the answer");
    app.run_jobs().await;
    let id = made.json()["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&admin, &format!("/users/{id}")).await.json()["data"], made.json()["data"]);
    let by_name = get(&admin, "/users/by-username/ADA").await;
    assert_eq!(by_name.json()["data"], made.json()["data"]);
    assert_eq!(by_name.json()["links"]["self"], "/api/admin/v1/users/by-username/ADA");
    let again = post(&admin, "/users", json!({ "username": "Ada" })).await;
    assert_eq!(failure(&again), failed(409, "username_taken"));
}

#[tokio::test]
async fn the_policy_on_registrations_is_asked_only_if_the_caller_says_so() {
    let app = TestApp::with(|settings| {
        settings.policy = json!({
            "admin_clients": [CONFIDENTIAL],
            "registration": { "banned_usernames": { "literals": ["root"] } },
            "emails": { "allowed_addresses": { "suffixes": ["@example.org"] } },
        });
    });
    let app = app.await;
    let admin = script(&app, "urn:mas:admin").await;
    for body in [
        json!({ "username": "root", "check_policy": true }),
        json!({ "username": "grace", "emails": ["grace@example.org", "grace@elsewhere.example"], "check_policy": true }),
    ] {
        let refused = post(&admin, "/users", body.clone()).await;
        assert_eq!(failure(&refused), failed(400, "refused_by_policy"), "{body}");
        assert!(refused.json()["errors"][1]["title"].is_string(), "it says why: {refused}");
    }
    let good = json!({ "username": "ada", "emails": ["ada@example.org"], "check_policy": true });
    post(&admin, "/users", good).await.ok();
    post(&admin, "/users", json!({ "username": "root", "emails": ["root@elsewhere.example"] })).await.ok();
    app.run_jobs().await;
}

#[tokio::test]
async fn all_of_an_account_can_be_made_in_one_call() {
    let (app, admin) = app().await;
    let body = json!({
        "username": "ada", "password": PASSWORD, "emails": ["ada@example.com", "lovelace@example.com"], "admin": true
    });
    let made = post(&admin, "/users", body).await.ok();
    assert_eq!(attributes(&made)["admin"], true);
    let id = made.json()["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(ids(&get(&admin, &format!("/user-emails?filter[user]={id}")).await).len(), 2);
    app.run_jobs().await;
    crate::pages::signed_in(&app, "ada").await;

    let taken = post(&admin, "/users", json!({ "username": "bob", "emails": ["ADA@example.com"] })).await;
    assert_eq!(failure(&taken), failed(409, "email_taken"));
    assert_eq!(get(&admin, "/users/by-username/bob").await.status.as_u16(), 404, "all or nothing");
    let weak = post(&admin, "/users", json!({ "username": "bob", "password": "1234" })).await;
    assert_eq!(failure(&weak), failed(400, "weak_password"));
}

#[tokio::test]
async fn names_are_checked_and_may_be_reserved() {
    let (app, admin) = app().await;
    for name in ["", "_ada", "Ada", "a b", "é", "@ada", &"a".repeat(300)] {
        let answer = post(&admin, "/users", json!({ "username": name })).await;
        assert_eq!(failure(&answer), failed(400, "invalid_username"), "{name}");
        assert_eq!(answer.json()["errors"][0]["source"]["pointer"], "/username");
    }
    app.homeserver.feels(Mood::Failing);
    let answer = post(&admin, "/users", json!({ "username": "ada" })).await;
    assert_eq!(failure(&answer), failed(503, "unavailable"));
    app.homeserver.feels(Mood::Well);
    assert_eq!(ids(&get(&admin, "/users").await).len(), 0, "nothing is kept");
}

/// What is made here reaches the homeserver sooner or later, and nothing is there that was not made here.
#[tokio::test]
async fn an_account_is_made_although_the_homeserver_does_not_take_it_at_once() {
    let (app, admin) = app().await;
    app.homeserver.feels(Mood::Failing);
    let body = json!({ "username": "ada", "displayname": "Ada", "skip_homeserver_check": true });
    assert_eq!(post(&admin, "/users", body).await.status.as_u16(), 201);
    app.homeserver.feels(Mood::Well);
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(app.homeserver.user("ada").unwrap().display_name.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn of_two_who_make_one_account_the_first_decides_what_it_is_called() {
    let (app, admin) = app().await;
    let named = |name: &str| json!({ "username": "ada", "displayname": name });
    app.homeserver.holds("provision_user", Held::Before);
    let (first, path) = (admin.clone(), format!("{}/users", super::BASE));
    let first = tokio::spawn(async move { first.post(&path).json(&named("First")).await });
    let asked = app.homeserver.is_called(3).await;
    assert_eq!(asked, ["is_localpart_available", "query_user", "provision_user"]);
    let second = json!({ "username": "ada", "displayname": "Second", "skip_homeserver_check": true });
    assert_eq!(failure(&post(&admin, "/users", second).await), failed(409, "username_taken"));
    app.homeserver.lets_go("provision_user");
    assert_eq!(first.await.unwrap().status.as_u16(), 201);
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("ada").unwrap().display_name.as_deref(), Some("First"));
}

#[tokio::test]
async fn bodies_are_read_strictly_and_failures_are_json() {
    let (_app, admin) = app().await;
    let path = "/api/admin/v1/users";
    for (kind, body, status, code) in [
        ("text/plain", "{}", 415, "unsupported_media_type"),
        ("application/json", "", 400, "invalid_json"),
        ("application/json", "{", 400, "invalid_json"),
        ("application/json", "{\"username\":\"a\"} x", 400, "invalid_json"),
        ("application/json", "{}", 422, "invalid_body"),
        ("application/json", "[]", 422, "invalid_body"),
        ("application/vnd.api+json; charset=utf-8", "{\"username\":1}", 422, "invalid_body"),
        ("application/json", "{\"username\":\"a\",\"skip_homeserver_check\":null}", 422, "invalid_body"),
        ("application/json", "{\"username\":\"a\\u0000\"}", 422, "invalid_body"),
    ] {
        let answer = admin.post(path).raw(kind, body).await;
        assert_eq!(failure(&answer), failed(status, code), "{kind} {body}");
    }
    let answer = admin.post(path).raw("application/json", vec![b' '; 2 * 1024 * 1024 + 1]).await;
    assert_eq!(failure(&answer), failed(413, "body_too_large"));
    let wrong = admin.post(path).raw("application/json", "{\"username\":\"a\",\"emails\":[1]}").await;
    assert_eq!(wrong.json()["errors"][0]["source"]["pointer"], "/emails/0", "{wrong}");
}

#[tokio::test]
async fn states_change_and_asking_twice_is_no_error() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    for (action, body, attribute) in [
        ("lock", Value::Null, "locked_at"),
        ("unlock", Value::Null, ""),
        ("set-admin", json!({ "admin": true }), "admin"),
        ("deactivate", Value::Null, "deactivated_at"),
        ("deactivate", json!({ "skip_erase": true }), "deactivated_at"),
        ("reactivate", Value::Null, "admin"),
    ] {
        let path = format!("/users/{user}/{action}");
        let once = post(&admin, &path, body.clone()).await.ok();
        assert_eq!(once.json()["links"]["self"], format!("/api/admin/v1{path}"));
        assert_eq!(once.json()["data"]["links"]["self"], format!("/api/admin/v1/users/{user}"));
        app.clock.advance(std::time::Duration::from_secs(1));
        let twice = post(&admin, &path, body).await.ok();
        assert_eq!(attributes(&once), attributes(&twice), "{action}");
        for state in ["locked_at", "deactivated_at"] {
            assert_eq!(attributes(&once)[state].is_string(), state == attribute, "{action} {once}");
        }
        app.run_jobs().await;
    }
    let erased: Vec<String> = app.homeserver.called();
    assert!(erased.contains(&"delete_user".to_owned()), "{erased:?}");
    let nobody = "/users/01KE34VF00M9S346Q3D25VT4F5";
    for action in ["lock", "unlock", "deactivate", "reactivate", "kill-sessions"] {
        let answer = post(&admin, &format!("{nobody}/{action}"), Value::Null).await;
        assert_eq!(failure(&answer), failed(404, "not_found"), "{action}");
    }
    let answer = post(&admin, &format!("{nobody}/set-admin"), json!({ "admin": true })).await;
    assert_eq!(failure(&answer), failed(404, "not_found"));
}

#[tokio::test]
async fn a_deactivation_without_content_type_has_no_body() {
    let (app, admin) = app().await;
    let path = format!("/api/admin/v1/users/{}/deactivate", app.user("ada").await);
    let answer = admin.post(&path).raw("application/json", "").await;
    assert_eq!(failure(&answer), failed(400, "invalid_json"));
    let answer = admin.post(&path).raw("text/plain", "{}").await;
    assert_eq!(failure(&answer), failed(415, "unsupported_media_type"));
    admin.post(&path).await.ok();
    app.run_jobs().await;
}

#[tokio::test]
async fn reactivation_asks_the_homeserver_first() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    post(&admin, &format!("/users/{user}/deactivate"), Value::Null).await.ok();
    app.run_jobs().await;
    app.homeserver.feels(Mood::Failing);
    let answer = post(&admin, &format!("/users/{user}/reactivate"), Value::Null).await;
    assert_eq!(failure(&answer), failed(503, "unavailable"));
    app.homeserver.feels(Mood::Well);
    assert!(attributes(&get(&admin, &format!("/users/{user}")).await)["deactivated_at"].is_string());
}

/// While the homeserver was busy, somebody else has changed the account: then it stays shut, there as well.
#[tokio::test]
async fn what_changes_while_the_homeserver_is_asked_counts() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    let path = format!("/users/{user}");
    app.run_jobs().await;
    post(&admin, &format!("{path}/deactivate"), json!({ "skip_erase": true })).await.ok();
    app.run_jobs().await;
    app.homeserver.calls();
    let seen = get(&admin, &path).await.header("etag").to_owned();
    app.homeserver.holds("reactivate_user", Held::Before);
    let request = admin.post(&format!("{}{path}/reactivate", super::BASE)).header("if-match", &seen);
    let reactivation = tokio::spawn(async move { request.await });
    app.homeserver.is_called(1).await;
    post(&admin, &format!("{path}/set-admin"), json!({ "admin": true })).await.ok();
    app.homeserver.lets_go("reactivate_user");
    assert_eq!(failure(&reactivation.await.unwrap()), failed(412, "precondition_failed"));
    assert!(attributes(&get(&admin, &path).await)["deactivated_at"].is_string());
    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    assert!(app.homeserver.user("ada").unwrap().deactivated);
    post(&admin, &format!("{path}/reactivate"), Value::Null).await.ok();
    app.run_jobs().await;
    assert!(!app.homeserver.user("ada").unwrap().deactivated);
}

#[tokio::test]
async fn a_password_is_set_and_sessions_end_if_asked_for() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    let user = get(&admin, "/users/by-username/ada").await.json()["data"]["id"].as_str().unwrap().to_owned();
    let path = format!("/users/{user}/set-password");
    let weak = post(&admin, &path, json!({ "password": "password" })).await;
    assert_eq!(failure(&weak), failed(400, "weak_password"));
    let set = post(&admin, &path, json!({ "password": "password", "skip_password_check": true })).await;
    assert_eq!((set.status.as_u16(), set.body.as_str()), (204, ""));
    client.refresh(&tokens).await.ok();
    let strong = "correct horse battery staple and more";
    post(&admin, &path, json!({ "password": strong, "end_sessions": true, "skip_password_check": null }))
        .await
        .ok();
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    app.run_jobs().await;
    let nobody = "/users/01KE34VF00M9S346Q3D25VT4F5/set-password";
    let answer = post(&admin, nobody, json!({ "password": strong })).await;
    assert_eq!(failure(&answer), failed(404, "not_found"));
}

#[tokio::test]
async fn all_sessions_of_somebody_end_at_once() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    let user = get(&admin, "/users/by-username/ada").await.json()["data"]["id"].as_str().unwrap().to_owned();
    let killed = post(&admin, &format!("/users/{user}/kill-sessions"), Value::Null).await.ok();
    assert_eq!(killed.json(), json!({ "user_sessions": 1, "oauth2_sessions": 1, "compat_sessions": 0 }));
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    app.run_jobs().await;
    assert_eq!(app.homeserver.called(), ["delete_device"]);
}

#[tokio::test]
async fn people_are_found_by_what_is_known_of_them() {
    let (app, admin) = app().await;
    let (client, _) = app.signed_in("ada_1").await;
    app.clock.advance(std::time::Duration::from_millis(1));
    let locked = app.user("bob").await;
    post(&admin, &format!("/users/{locked}/lock"), Value::Null).await.ok();
    post(&admin, &format!("/users/{locked}/set-admin"), json!({ "admin": true })).await.ok();
    app.run_jobs().await;
    let names = async |query: &str| -> Vec<String> {
        let page = get(&admin, &format!("/users?{query}")).await.ok().json();
        let rows = page["data"].as_array().unwrap();
        assert_eq!(page["meta"]["count"], rows.len());
        rows.iter().map(|row| row["attributes"]["username"].as_str().unwrap().to_owned()).collect()
    };
    let (ada, bob, both, none) = (vec!["ada_1"], vec!["bob"], vec!["ada_1", "bob"], Vec::<&str>::new());
    for (query, expected) in [
        ("", &both),
        ("filter[admin]=true", &bob),
        ("filter[admin]=false", &ada),
        ("filter[legacy-guest]=true", &none),
        ("filter[legacy-guest]=false", &both),
        ("filter[search]=ADA", &ada),
        ("filter[search]=_", &ada),
        ("filter[search]=%25", &none),
        ("filter[search]=o", &bob),
        ("filter[status]=active", &ada),
        ("filter[status]=locked", &bob),
        ("filter[status]=deactivated", &none),
        ("filter[has-active-oauth2-session]=true", &ada),
        ("filter[has-active-oauth2-session]=false", &bob),
        ("filter[has-active-compat-session]=true", &none),
        ("filter[has-active-compat-session]=false&filter[admin]=true", &bob),
    ] {
        assert_eq!(&names(query).await, expected, "{query}");
    }
    let by_client = format!("filter[active-oauth2-client]={}", client.id);
    assert_eq!(names(&by_client).await, ada);
    let by_either = format!("{by_client}&filter[active-oauth2-client]={}", testkit::CONFIDENTIAL);
    assert_eq!(names(&by_either).await, ada);
}

#[tokio::test]
async fn a_change_can_be_bound_to_what_was_seen() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    let seen = get(&admin, &format!("/users/{user}")).await.header("etag").to_owned();
    let change = |action: &str, etag: &str| {
        admin.post(&format!("/api/admin/v1/users/{user}/{action}")).header("if-match", etag)
    };
    let locked = change("lock", &seen).await.ok();
    assert_ne!(locked.header("etag"), seen);
    for action in ["unlock", "lock", "deactivate", "reactivate", "kill-sessions"] {
        assert_eq!(failure(&change(action, &seen).await), failed(412, "precondition_failed"), "{action}");
    }
    let attributes = attributes(&get(&admin, &format!("/users/{user}")).await);
    assert!(
        attributes["locked_at"].is_string() && attributes["deactivated_at"].is_null(),
        "nothing was done"
    );
    change("unlock", &format!("\"other\", {}", locked.header("etag"))).await.ok();
    change("lock", "*").await.ok();
    app.run_jobs().await;
}
