//! How many round trips to the database the operations take, everything included.

use serde_json::Value;
use testkit::CONFIDENTIAL;

use super::{BASE, app, get, post};

#[tokio::test]
async fn a_list_takes_one_and_one_more_to_count_besides_the_token() {
    let (app, admin) = app().await;
    app.signed_in("ada").await;
    let user = get(&admin, "/users").await.json()["data"][0]["id"].as_str().unwrap().to_owned();
    for list in [
        "/users?".to_owned(),
        "/users?filter[status]=active&filter[search]=a&".to_owned(),
        format!("/user-sessions?filter[user]={user}&"),
        format!("/oauth2-sessions?filter[user]={user}&"),
        format!("/oauth2-sessions?filter[client]={CONFIDENTIAL}&"),
        "/oauth2-clients?".to_owned(),
        "/compat-sessions?".to_owned(),
        "/personal-sessions?".to_owned(),
        "/user-emails?".to_owned(),
        "/user-registration-tokens?".to_owned(),
        "/upstream-oauth-links?".to_owned(),
        "/upstream-oauth-providers?".to_owned(),
        "/audit-events?".to_owned(),
        "/bulk-operations?".to_owned(),
    ] {
        for (count, expected) in [("false", 2), ("only", 2), ("true", 3)] {
            let path = format!("{BASE}{list}count={count}");
            admin.get(&path).await.ok();
            let (answer, cost) = app.cost(admin.get(&path)).await;
            answer.ok();
            assert_eq!(cost, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn looking_at_one_thing_takes_two() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    for path in [format!("{BASE}/users/{user}"), format!("{BASE}/users/by-username/ada")] {
        admin.get(&path).await.ok();
        let (answer, cost) = app.cost(admin.get(&path)).await;
        answer.ok();
        assert_eq!(cost, 2, "{path}: the token and the row");
    }
    let (answer, cost) = app.cost(admin.get(&format!("{BASE}/version"))).await;
    answer.ok();
    assert_eq!(cost, 1);
    post(&admin, &format!("/users/{user}/lock"), Value::Null).await.ok();
    app.run_jobs().await;
}

/// Filters name as many things as an address has room for.
#[tokio::test]
async fn whether_all_that_is_named_exists_takes_one_more() {
    let (app, admin) = app().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(app.client(testkit::ClientKind::Basic).await.id);
    }
    let filter: String = clients.iter().map(|client| format!("filter[client]={client}&")).collect();
    let path = format!("{BASE}/oauth2-sessions?{filter}count=false");
    admin.get(&path).await.ok();
    let (answer, cost) = app.cost(admin.get(&path)).await;
    answer.ok();
    assert_eq!(cost, 3, "the token, the list, and the clients");
    let unknown = format!("{path}&filter[client]=01KE34VF00M9S346Q3D25VT4F5");
    assert_eq!(super::failure(&admin.get(&unknown).await), super::failed(404, "not_found"));
}
