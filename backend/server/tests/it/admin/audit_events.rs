//! The trail that administrators leave.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, ClientKind::Public};

use super::{app, attributes, get, ids, post};

#[tokio::test]
async fn a_change_tells_who_what_before_and_after() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    post(&admin, &format!("/users/{user}/set-admin"), json!({ "admin": true })).await.ok();
    let path = format!("/audit-events?filter[kind]=administered&filter[user]={user}");
    let page = get(&admin, &path).await;
    let event = &page.json()["data"][0];
    let told = &event["attributes"];
    assert_eq!(told["actor"], format!("oauth2-client:{CONFIDENTIAL}"));
    assert_eq!(told["ip_address"], "127.0.0.1");
    assert!(told["request_id"].as_str().unwrap().starts_with("POST-"), "{told}");
    let data = &told["data"];
    assert_eq!(data["operation"], "userSetAdmin");
    assert_eq!(data["target"], format!("/api/admin/v1/users/{user}"));
    assert_eq!((&data["before"]["admin"], &data["after"]["admin"]), (&json!(false), &json!(true)));
    let session = ids(&get(&admin, "/oauth2-sessions").await).remove(0);
    assert_eq!(data["by_session"], session);
    let one = get(&admin, &format!("/audit-events/{}", event["id"].as_str().unwrap())).await;
    assert_eq!(&attributes(&one), told);

    let mine =
        get(&admin, &format!("/audit-events?filter[actor]=oauth2-client:{CONFIDENTIAL}&count=only")).await;
    assert!(mine.json()["meta"]["count"].as_u64().unwrap() >= 2);
    let of_kind = get(&admin, "/audit-events?filter[kind]=admin_granted").await;
    assert_eq!(ids(&of_kind).len(), 1, "the domain's own event");
}

#[tokio::test]
async fn secrets_stay_out_of_it() {
    let (app, admin) = app().await;
    let user = app.administrator("ada").await;
    let made = post(
        &admin,
        "/personal-sessions",
        json!({ "actor_user_id": user, "human_name": "", "scope": "urn:mas:admin" }),
    );
    let token = attributes(&made.await)["access_token"].as_str().unwrap().to_owned();
    post(&admin, "/user-registration-tokens", json!({ "token": "sesame-sesame" })).await.ok();
    let password = "a password that nobody guesses";
    post(&admin, &format!("/users/{user}/set-password"), json!({ "password": password })).await.ok();
    let events =
        app.database.texts("SELECT COALESCE(CAST(data AS text), '') FROM audit_events").await.join("\n");
    assert!(
        events.contains("createPersonalSession") && events.contains("addUserRegistrationToken"),
        "{events}"
    );
    for secret in [token.as_str(), "sesame-sesame", password] {
        assert!(!events.contains(secret), "{events}");
    }
}

#[tokio::test]
async fn events_are_found_by_actor_target_kind_and_time_page_by_page() {
    let (app, admin) = app().await;
    let client = app.client(Public).await;
    app.signed_in_to(&client, "ada").await;
    let ada = get(&admin, "/users/by-username/ada").await.json()["data"]["id"].as_str().unwrap().to_owned();
    let session = ids(&get(&admin, &format!("/oauth2-sessions?filter[user]={ada}")).await).remove(0);
    let email = json!({ "user_id": ada, "email": "ada@example.org" });
    let email = post(&admin, "/user-emails", email).await.json()["data"]["id"].as_str().unwrap().to_owned();
    let actor = format!("filter[actor]=oauth2-client:{CONFIDENTIAL}");
    for minute in ["12:01", "12:02", "12:03", "12:04"] {
        app.clock.advance(Duration::from_secs(60));
        post(&admin, &format!("/users/{ada}/lock"), Value::Null).await.ok();
        let locked = format!("/audit-events?filter[kind]=administered&{actor}&page[last]=1");
        let locked = get(&admin, &locked).await.json()["data"][0]["attributes"]["created_at"].clone();
        assert_eq!(locked, format!("2026-08-01T{minute}:00Z"));
    }
    app.run_jobs().await;
    let between = "filter[created-after]=2026-08-01T12:01:30Z&filter[created-before]=2026-08-01T12:03:30Z";
    for (query, expected) in [
        (format!("filter[target]=/api/admin/v1/users/{ada}"), 4),
        (format!("filter[target]=/api/admin/v1/user-emails/{email}"), 1),
        (format!("filter[target]=/api/admin/v1/users/{ada}&filter[kind]=signed_in"), 0),
        (format!("filter[target]=/api/admin/v1/users/{ada}&{between}"), 2),
        (format!("{actor}&{between}"), 2),
        (format!("{actor}&filter[kind]=user_locked"), 1),
        (format!("filter[session]={session}&filter[kind]=session_started"), 1),
        (format!("filter[client]={}&filter[kind]=session_started", client.id), 1),
        ("filter[kind]=signed_in".into(), 1),
        ("filter[kind]=nonsense".into(), 0),
    ] {
        let (mut found, mut next) = (0, format!("/api/admin/v1/audit-events?{query}&page[first]=1"));
        loop {
            let page = admin.get(&next).await;
            found += ids(&page).len();
            let page = page.json();
            assert_eq!(page["meta"]["count"], expected, "{query}");
            let Some(link) = page["links"]["next"].as_str() else { break };
            next = link.to_owned();
        }
        assert_eq!(found, expected, "{query}");
        let newest = get(&admin, &format!("/audit-events?{query}&sort=-created_at&page[first]=100")).await;
        assert_eq!(ids(&newest).len(), expected, "{query}");
    }
}
