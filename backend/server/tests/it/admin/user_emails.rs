//! E-mail addresses of accounts.

use insta::assert_snapshot;
use serde_json::json;

use super::{BASE, app, failed, failure, get, ids, post};

#[tokio::test]
async fn an_address_is_added_found_and_removed() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    let added = post(&admin, "/user-emails", json!({ "user_id": user, "email": "Ada@example.org" })).await;
    assert_snapshot!(added, @r#"201 {"data":{"type":"user-email","id":"01KYYK41G0D7RJA0Q4N3F3AZ9Q","attributes":{"created_at":"2026-08-01T12:00:00Z","user_id":"01KYYK41G0FKEQPKTCVFRR4QMK","email":"Ada@example.org"},"links":{"self":"/api/admin/v1/user-emails/01KYYK41G0D7RJA0Q4N3F3AZ9Q"}},"links":{"self":"/api/admin/v1/user-emails/01KYYK41G0D7RJA0Q4N3F3AZ9Q"}}"#);
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    let id = added.json()["data"]["id"].as_str().unwrap().to_owned();
    let path = format!("/user-emails/{id}");
    assert_eq!(get(&admin, &path).await.json(), added.json());
    assert_eq!(
        ids(&get(&admin, "/user-emails?filter[email]=ADA@EXAMPLE.ORG").await),
        std::slice::from_ref(&id)
    );
    assert_eq!(ids(&get(&admin, "/user-emails?filter[email]=example.org").await).len(), 0);
    assert_eq!(ids(&get(&admin, &format!("/user-emails?filter[user]={user}")).await), [id]);
    let delete = || admin.request(http::Method::DELETE, &format!("{BASE}{path}"));
    assert_eq!(delete().await.status.as_u16(), 204);
    assert_eq!(failure(&delete().await), failed(404, "not_found"));
    assert_eq!(app.run_jobs().await, ["provision-user"]);
}

#[tokio::test]
async fn an_address_belongs_to_one_account_and_looks_like_one() {
    let (app, admin) = app().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    post(&admin, "/user-emails", json!({ "user_id": ada, "email": "ada@example.org" })).await.ok();
    for user in [ada, bob] {
        let taken =
            post(&admin, "/user-emails", json!({ "user_id": user, "email": "ADA@example.org" })).await;
        assert_eq!(failure(&taken), failed(409, "email_taken"));
    }
    for email in ["", "ada", "@example.org", "ada@", "a b@example.org"] {
        let answer = post(&admin, "/user-emails", json!({ "user_id": ada, "email": email })).await;
        assert_eq!(failure(&answer), failed(400, "invalid_email"), "{email}");
        assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 2);
    }
    let nobody = json!({ "user_id": "01KE34VF00M9S346Q3D25VT4F5", "email": "nonsense" });
    assert_eq!(failure(&post(&admin, "/user-emails", nobody).await), failed(404, "not_found"));
    app.run_jobs().await;
}
