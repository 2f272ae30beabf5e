//! Accounts at other providers.

use insta::assert_snapshot;
use serde_json::json;
use testkit::{TestApp, engine};

use super::{BASE, app, attributes, failed, failure, get, ids, post};

pub const PROVIDER: &str = "01KGZV5B001HYGCPWPQ5E6EYCN";

/// Nothing of the service makes providers yet.
pub async fn provider(app: &TestApp) {
    let ulid: kernel::id::UpstreamProviderId = PROVIDER.parse().unwrap();
    let hex = ulid.0.simple().to_string();
    let id = match engine() {
        store::Engine::Sqlite => format!("x'{hex}'"),
        store::Engine::Postgres => format!("'{hex}'::uuid"),
    };
    let document =
        r#"{"issuer":"https://idp.example","human_name":"Example IdP","registration_token_required":true}"#;
    app.database
        .execute(&format!(
            "INSERT INTO upstream_providers (id, position, document, created_at) VALUES ({id}, 0, '{document}', 0)"
        ))
        .await;
}

#[tokio::test]
async fn an_account_elsewhere_is_linked_and_unlinked() {
    let (app, admin) = app().await;
    provider(&app).await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let body = |user: kernel::id::UserId| json!({ "user_id": user, "provider_id": PROVIDER, "subject": "248289", "human_account_name": "Ada" });
    let made = post(&admin, "/upstream-oauth-links", body(ada)).await;
    assert_snapshot!(made, @r#"201 {"data":{"type":"upstream-oauth-link","id":"01KYYK41G0FS0T2GSKPJHM2F1W","attributes":{"created_at":"2026-08-01T12:00:00Z","provider_id":"01KGZV5B001HYGCPWPQ5E6EYCN","subject":"248289","user_id":"01KYYK41G0FKEQPKTCVFRR4QMK","human_account_name":"Ada"},"links":{"self":"/api/admin/v1/upstream-oauth-links/01KYYK41G0FS0T2GSKPJHM2F1W"}},"links":{"self":"/api/admin/v1/upstream-oauth-links/01KYYK41G0FS0T2GSKPJHM2F1W"}}"#);
    for user in [ada, bob] {
        let taken = post(&admin, "/upstream-oauth-links", body(user)).await;
        assert_eq!(failure(&taken), failed(409, "upstream_account_linked"));
    }
    let path = format!("/upstream-oauth-links/{}", made.json()["data"]["id"].as_str().unwrap());
    for (query, count) in [
        (format!("filter[user]={ada}"), 1),
        (format!("filter[user]={bob}"), 0),
        (format!("filter[provider]={PROVIDER}"), 1),
        ("filter[subject]=248289".into(), 1),
        ("filter[subject]=24828".into(), 0),
        ("filter[human-account-name]=aD".into(), 1),
    ] {
        let page = get(&admin, &format!("/upstream-oauth-links?{query}")).await;
        assert_eq!(ids(&page).len(), count, "{query}");
    }
    app.database.execute("UPDATE upstream_links SET user_id = NULL").await;
    let attached = post(&admin, "/upstream-oauth-links", body(bob)).await;
    assert_eq!(attached.status.as_u16(), 200, "it was there, of nobody");
    assert_eq!(attributes(&attached)["user_id"], bob.to_string());
    let delete = || admin.request(http::Method::DELETE, &format!("{BASE}{path}"));
    assert_eq!(delete().await.status.as_u16(), 204);
    assert_eq!(failure(&delete().await), failed(404, "not_found"));
    let nobody = json!({ "user_id": ada, "provider_id": "01KE34VF00M9S346Q3D25VT4F5", "subject": "x" });
    assert_eq!(failure(&post(&admin, "/upstream-oauth-links", nobody).await), failed(404, "not_found"));
}

/// Wherever in the list it is, and whatever is typed. So many that a page does not look through all of them.
#[tokio::test]
async fn names_elsewhere_are_found_by_any_part_of_them() {
    const MANY: u32 = 10_300;
    let (app, admin) = app().await;
    provider(&app).await;
    let id = match engine() {
        store::Engine::Sqlite => "unhex(printf('%032x', n))",
        store::Engine::Postgres => "lpad(to_hex(n), 32, '0')::uuid",
    };
    app.database
        .execute(&format!(
            "INSERT INTO upstream_links (id, provider_id, subject, account_name, created_at) \
             WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY}) \
             SELECT {id}, (SELECT p.id FROM upstream_providers p), 'sub' || n, \
             CASE WHEN n % 2 = 0 THEN 'crowd' || n END, 1 FROM numbers"
        ))
        .await;
    let rename = async |subject: u32, name: &str| {
        let sql = format!("UPDATE upstream_links SET account_name = {name} WHERE subject = 'sub{subject}'");
        app.database.execute(&sql).await;
    };
    let found = async |needle: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("filter[human-account-name]", needle)
            .append_pair("page[first]", "3")
            .finish();
        let page = get(&admin, &format!("/upstream-oauth-links?{query}")).await.json();
        let subjects = page["data"].as_array().unwrap().iter();
        let subjects: Vec<_> = subjects.map(|link| link["attributes"]["subject"].as_str().unwrap()).collect();
        format!("{} of {}", subjects.join(" "), page["meta"]["count"])
    };
    rename(10_201, "'Ze\"b%_'").await;
    rename(10_250, "'ZEBU'").await;
    for needle in ["ze\"b%_", "Ze\"", "\"b%", "e\"", "%_", "\"", "_"] {
        assert_eq!(found(needle).await, "sub10201 of 1", "{needle}");
    }
    for (needle, expected) in [
        ("zebu", "sub10250 of 1"),
        ("bu", "sub10250 of 1"),
        ("z", "sub10201 sub10250 of 2"),
        ("crowd102", "sub102 sub1020 sub1022 of 55"),
        ("crowd10250", " of 0"),
        ("zebus", " of 0"),
        ("x", " of 0"),
    ] {
        assert_eq!(found(needle).await, expected, "{needle}");
    }

    rename(10_250, "NULL").await;
    app.database.execute("DELETE FROM upstream_links WHERE subject = 'sub10201'").await;
    for needle in ["zebu", "ze", "z", "\"b%"] {
        assert_eq!(found(needle).await, " of 0", "{needle}");
    }
    rename(10_250, "'zebra'").await;
    assert_eq!(found("bra").await, "sub10250 of 1");
}

#[tokio::test]
async fn providers_are_shown() {
    let (app, admin) = app().await;
    provider(&app).await;
    assert_snapshot!(get(&admin, &format!("/upstream-oauth-providers/{PROVIDER}")).await, @r#"200 {"data":{"type":"upstream-oauth-provider","id":"01KGZV5B001HYGCPWPQ5E6EYCN","attributes":{"issuer":"https://idp.example","human_name":"Example IdP","brand_name":null,"created_at":"1970-01-01T00:00:00Z","disabled_at":null,"registration_token_required":true},"links":{"self":"/api/admin/v1/upstream-oauth-providers/01KGZV5B001HYGCPWPQ5E6EYCN"}},"links":{"self":"/api/admin/v1/upstream-oauth-providers/01KGZV5B001HYGCPWPQ5E6EYCN"}}"#);
    assert_eq!(ids(&get(&admin, "/upstream-oauth-providers?filter[enabled]=true").await), [PROVIDER]);
    assert_eq!(ids(&get(&admin, "/upstream-oauth-providers?filter[enabled]=false").await).len(), 0);
}
