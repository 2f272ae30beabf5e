//! Pages, filters, counts and links: the same for all lists.

use std::time::Duration;

use insta::assert_snapshot;
use testkit::{CONFIDENTIAL, TestApp};

use super::{BASE, app, failed, failure, get, ids};

async fn with_people(names: &[&str]) -> (TestApp, testkit::Caller, Vec<String>) {
    let (app, admin) = app().await;
    let mut people = Vec::new();
    for name in names {
        people.push(app.user(name).await.to_string());
        app.clock.advance(Duration::from_secs(1));
    }
    (app, admin, people)
}

#[tokio::test]
async fn a_page_has_shape_and_links_as_consoles_know_them() {
    let (_app, admin, _) = with_people(&["ada", "bob", "carol"]).await;
    let page = get(&admin, "/users?page%5Bfirst%5D=1&filter[status]=active").await;
    assert_snapshot!(format!("{:#}", page.json()), @r#"
    {
      "data": [
        {
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
          "meta": {
            "page": {
              "cursor": "01KYYK41G0FKEQPKTCVFRR4QMK"
            }
          },
          "type": "user"
        }
      ],
      "links": {
        "first": "/api/admin/v1/users?filter[status]=active&page[first]=1",
        "last": "/api/admin/v1/users?filter[status]=active&page[last]=1",
        "next": "/api/admin/v1/users?filter[status]=active&page[after]=01KYYK41G0FKEQPKTCVFRR4QMK&page[first]=1",
        "self": "/api/admin/v1/users?filter[status]=active&page[first]=1"
      },
      "meta": {
        "count": 3
      }
    }
    "#);
    let only = get(&admin, "/users?count=only&page[first]=1&filter%5Badmin%5D=false").await;
    assert_snapshot!(only.body, @r#"{"meta":{"count":3},"links":{"self":"/api/admin/v1/users?filter[admin]=false&count=only"}}"#);
    let uncounted = get(&admin, "/users?count=false&page[last]=1").await.json();
    assert!(uncounted["meta"].is_null());
    assert_eq!(uncounted["links"]["self"], "/api/admin/v1/users?count=false&page[last]=1");
}

#[tokio::test]
async fn going_through_in_either_direction_meets_everybody_once() {
    let (_app, admin, people) = with_people(&["a", "b", "c", "d", "e"]).await;
    for (start, link, in_order) in [("page[first]=2", "next", true), ("page[last]=2", "prev", false)] {
        let mut path = format!("{BASE}/users?{start}");
        let mut met: Vec<String> = Vec::new();
        let mut behind: Option<Vec<String>> = None;
        loop {
            let page = admin.get(&path).await.ok();
            let ids = ids(&page);
            assert!(ids.is_sorted(), "ascending, also from the end");
            if in_order {
                met.extend(ids.clone());
            } else {
                met.splice(0..0, ids.clone());
            }
            let links = page.json()["links"].clone();
            let back = links[if in_order { "prev" } else { "next" }].as_str();
            assert_eq!(back.is_some(), behind.is_some(), "{path}: behind the first page is nothing");
            if let Some(back) = back {
                assert_eq!(super::ids(&admin.get(back).await.ok()), behind.unwrap(), "{path}");
            }
            behind = Some(ids);
            match links[link].as_str() {
                Some(next) => path = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(met, people, "{start}");
    }
}

#[tokio::test]
async fn cursors_can_be_combined_and_need_not_exist() {
    let (_app, admin, people) = with_people(&["a", "b", "c", "d"]).await;
    let [a, b, c, d] = [&people[0], &people[1], &people[2], &people[3]];
    for (query, expected) in [
        (format!("page[after]={a}&page[before]={d}"), vec![b, c]),
        (format!("page[after]={}", a.to_lowercase()), vec![b, c, d]),
        (format!("page[last]=1&page[before]={c}"), vec![b]),
        (format!("page[last]=9&page[after]={b}"), vec![c, d]),
        ("page[before]=00000000000000000000000000".into(), vec![]),
        ("page[after]=7ZZZZZZZZZZZZZZZZZZZZZZZZZ".into(), vec![]),
        ("page[first]=10000&page[after]=".into(), vec![a, b, c, d]),
    ] {
        let page = get(&admin, &format!("/users?{query}")).await;
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(page.json()["meta"]["count"], 4, "the count ignores cursors");
    }
}

/// As in MAS: consoles send what they know from elsewhere.
#[tokio::test]
async fn parameters_that_nobody_knows_are_passed_over() {
    let (_app, admin, people) = with_people(&["a", "b"]).await;
    for list in ["users", "jobs", "audit-events", "bulk-operations"] {
        let page = get(&admin, &format!("/{list}?colour=blue&filter[can_request_admin]=true&page[size]=x"))
            .await
            .ok();
        let this = page.json()["links"]["self"].clone();
        assert_eq!(this, format!("{BASE}/{list}?page[first]=10"), "and are not in links");
    }
    let user = &people[0];
    get(&admin, &format!("/users/{user}?colour=blue")).await.ok();
    assert_eq!(ids(&get(&admin, "/users?filter[can_request_admin]=true").await), people);
}

#[tokio::test]
async fn without_a_size_there_are_ten() {
    let names: Vec<String> = (0..11).map(|number| format!("user{number}")).collect();
    let (_app, admin, people) = with_people(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let page = get(&admin, "/users").await;
    assert_eq!(ids(&page), people[..10]);
    let expected = format!("{BASE}/users?page[after]={}&page[first]=10", people[9]);
    assert_eq!(page.json()["links"]["next"], expected);
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let (_app, admin, _) = with_people(&[]).await;
    for (query, code, parameter) in [
        ("page[first]=0", "invalid_pagination", "page[first]"),
        ("page[first]=-1", "invalid_pagination", "page[first]"),
        ("page[last]=x", "invalid_pagination", "page[last]"),
        ("page[first]=10001", "invalid_pagination", "page[first]"),
        ("page[first]=1&page[last]=1", "invalid_pagination", "page[last]"),
        ("page[after]=nonsense", "invalid_pagination", "page[after]"),
        ("page[first]=1&page[first]=2", "invalid_pagination", "page[first]"),
        ("count=yes", "invalid_pagination", "count"),
        ("filter[admin]=True", "invalid_filter", "filter[admin]"),
        ("filter[status]=Active", "invalid_filter", "filter[status]"),
        ("filter[status]=active&filter[status]=locked", "invalid_filter", "filter[status]"),
        ("filter[active-oauth2-client]=", "invalid_filter", "filter[active-oauth2-client]"),
    ] {
        let answer = get(&admin, &format!("/users?{query}")).await;
        assert_eq!(failure(&answer), failed(400, code), "{query}: {answer}");
        assert_eq!(answer.json()["errors"][0]["source"]["parameter"], parameter, "{query}");
    }
    for query in [
        "filter[status]=",
        "filter[can_request_admin]=maybe",
        "nonsense=1&nonsense=2",
        "&&=",
        "page[cursor]=1",
    ] {
        get(&admin, &format!("/users?{query}")).await.ok();
    }
}

#[tokio::test]
async fn a_filter_that_names_what_is_not_there_is_no_empty_page() {
    let (app, admin, people) = with_people(&["ada"]).await;
    let nobody = "01KE34VF00M9S346Q3D25VT4F5";
    for path in [
        format!("/user-emails?filter[user]={nobody}"),
        format!("/user-sessions?filter[user]={nobody}&count=only"),
        format!("/compat-sessions?filter[user]={nobody}&count=false"),
        format!("/compat-sessions?filter[user-session]={nobody}"),
        format!("/oauth2-sessions?filter[client]={nobody}"),
        format!("/oauth2-sessions?filter[client]={CONFIDENTIAL}&filter[client]={nobody}"),
        format!("/oauth2-sessions?filter[user-session]={nobody}"),
        format!("/personal-sessions?filter[owner_client]={nobody}"),
        format!("/personal-sessions?filter[actor_user]={nobody}"),
        format!("/upstream-oauth-links?filter[provider]={nobody}"),
        format!("/users?filter[active-oauth2-client]={nobody}"),
    ] {
        assert_eq!(failure(&get(&admin, &path).await), failed(404, "not_found"), "{path}");
    }
    let none = get(&admin, &format!("/user-emails?filter[user]={}", people[0])).await;
    assert_eq!(ids(&none).len(), 0);
    drop(app);
}

/// What was created within a millisecond is neither before nor after that millisecond.
#[tokio::test]
async fn times_are_compared_strictly() {
    let (app, admin) = app().await;
    let sessions = get(&admin, "/oauth2-sessions").await;
    let created = sessions.json()["data"][0]["attributes"]["created_at"].as_str().unwrap().to_owned();
    let count = async |filter: &str| {
        let filter = filter.replace("NOW", &created);
        get(&admin, &format!("/oauth2-sessions?count=only&{filter}")).await.json()["meta"]["count"].clone()
    };
    assert_eq!(count("filter[created-before]=NOW").await, 0);
    assert_eq!(count("filter[created-after]=NOW").await, 0);
    assert_eq!(count("filter[created-before]=2100-01-01T00:00:00%2B01:00").await, 1);
    assert_eq!(count("filter[created-after]=2000-01-01%2000:00:00Z&filter[status]=active").await, 1);
    assert_eq!(count("filter[last-active-before]=2100-01-01T00:00:00Z").await, 0, "never active");
    app.write_activity().await;
    assert_eq!(count("filter[last-active-before]=2100-01-01T00:00:00Z").await, 1);
    for wrong in ["2026-01-01", "1767225600", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00"] {
        let answer = get(&admin, &format!("/oauth2-sessions?filter[created-after]={wrong}")).await;
        assert_eq!(failure(&answer), failed(400, "invalid_filter"), "{wrong}");
    }
}

#[tokio::test]
async fn links_survive_whatever_is_searched_for() {
    let (_app, admin, _) = with_people(&["ada"]).await;
    let answer = get(&admin, "/users?filter[search]=a%26b%20%25%23%2Bc").await;
    let this = answer.json()["links"]["self"].as_str().unwrap().to_owned();
    assert_eq!(this, "/api/admin/v1/users?filter[search]=a%26b%20%25%23%2Bc&page[first]=10");
}
