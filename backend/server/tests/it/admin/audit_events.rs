//! The trail that administrators leave.

use serde_json::json;
use testkit::CONFIDENTIAL;

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
    let user = app.user("ada").await;
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
