//! Whom a search finds: where the list is long, and whatever is typed.

use domain::users::display_name::folded;
use serde_json::Value;
use store::{Engine, sql};
use testkit::{Caller, TestApp, engine};

use super::{app, display_names::found, get};

/// So many accounts that a search does not look through all of them for a page.
const MANY: u32 = 10_300;

async fn crowd(app: &TestApp) {
    let id = match engine() {
        Engine::Sqlite => "unhex(printf('%032x', n))",
        Engine::Postgres => "lpad(to_hex(n), 32, '0')::uuid",
    };
    let insert = format!(
        "INSERT INTO users (id, username, username_norm, created_at) \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY}) \
         SELECT {id}, 'crowd' || n, 'crowd' || n, 1 FROM numbers"
    );
    app.database.execute(&insert).await;
}

async fn page(admin: &Caller, query: &str) -> Value {
    get(admin, &format!("/users?count=false&{query}")).await.ok().json()
}

async fn names(admin: &Caller, query: &str) -> Vec<String> {
    let page = page(admin, query).await;
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|row| row["attributes"]["username"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_many_have_is_found_nearby_and_what_few_have_wherever_it_is() {
    let (app, admin) = app().await;
    crowd(&app).await;
    for (number, name) in [(5, "zebu"), (10_200, "zebra"), (10_250, "zebu2")] {
        let rename = format!(
            "UPDATE users SET username = '{name}', username_norm = '{name}' WHERE username = 'crowd{number}'"
        );
        app.database.execute(&rename).await;
    }
    app.database.execute("UPDATE users SET locked_at = 1 WHERE username IN ('crowd4', 'zebra')").await;

    for (query, expected) in [
        ("filter[search]=crowd&page[first]=3", &["crowd1", "crowd2", "crowd3"][..]),
        ("filter[search]=crowd&page[last]=3", &["crowd10298", "crowd10299", "crowd10300"]),
        ("filter[search]=c&page[last]=2", &["crowd10299", "crowd10300"]),
        ("filter[search]=d10&page[first]=2", &["crowd10", "crowd100"]),
        ("filter[search]=zeb&page[first]=2", &["zebu", "zebra"]),
        ("filter[search]=zeb&page[last]=2", &["zebra", "zebu2"]),
        ("filter[search]=zeb&sort=username", &["zebra", "zebu", "zebu2"]),
        ("filter[search]=crowd&filter[status]=locked", &["crowd4"]),
        ("filter[search]=z&filter[status]=locked", &["zebra"]),
        ("filter[search]=zebu&filter[status]=locked", &[]),
    ] {
        assert_eq!(names(&admin, query).await, expected, "{query}");
    }
    // Pieces of it, from all of it to one letter; nobody else has an `a`, with which the name ends.
    for needle in ["zebra", "ebra", "zebr", "bra", "br", "ra", "a"] {
        assert_eq!(found(&admin, needle).await, ["zebra"], "{needle}");
    }
    for needle in ["zebrb", "xyzzy", "xyz", "ab", "x", "ž"] {
        assert_eq!(found(&admin, needle).await, [""; 0], "{needle}");
    }

    // The last page, of what has filled all those before it.
    let before = page(&admin, "filter[search]=crowd&page[last]=4").await;
    let cursor = before["data"][0]["id"].as_str().unwrap();
    let rest = page(&admin, &format!("filter[search]=crowd&page[after]={cursor}&page[first]=50")).await;
    assert_eq!(rest["data"].as_array().unwrap().as_slice(), &before["data"].as_array().unwrap()[1..]);
    assert!(rest["links"].get("next").is_none_or(Value::is_null), "{}", rest["links"]);
}

/// Signs that mean something to an index or in a pattern, and letters of more than one byte or of none of their own.
const NAMES: [&str; 20] = [
    "\"quoted\"",
    "a\"b\"\"c",
    "star* *star",
    "this AND NOT that",
    "names:ada OR text:ada",
    "(open",
    "^first + second",
    "-minus",
    "{near} NEAR(a b, 2)",
    "'single' ''twice''",
    "100%_of \\ [it]?",
    "semi; -- comment",
    "مرحبا بك",
    "שלום־עולם",
    "e\u{301}clair",
    "éclair",
    "王小明",
    "👩\u{200d}🚀 in space",
    "Ελλάς ΣΟΦΌΣ",
    "\u{10fffd}\u{1}\u{7f}",
];

#[tokio::test]
async fn whatever_is_typed_is_looked_for_as_it_is() {
    let (app, admin) = app().await;
    let mut texts = Vec::new();
    for (number, name) in NAMES.into_iter().enumerate() {
        let username = format!("user{number:02}");
        let user = app.user(&username).await;
        app.clock.advance(std::time::Duration::from_secs(1));
        let name = folded(name);
        let keep = "UPDATE users SET display_name = $2, display_name_norm = $2 WHERE id = $1";
        sql::execute(&app.parts().db.single, keep, [user.into(), name.clone().into()]).await.unwrap();
        texts.push((username, name));
    }
    for (_, name) in texts.clone() {
        let letters: Vec<char> = name.chars().collect();
        for size in [1, 2, 3, 5, letters.len()] {
            for part in
                [letters.windows(size).next(), letters.windows(size).next_back()].into_iter().flatten()
            {
                let needle = String::from_iter(part);
                if needle.trim() != needle {
                    continue;
                }
                let those = texts
                    .iter()
                    .filter(|(username, name)| username.contains(&needle) || name.contains(&needle));
                let expected: Vec<_> = those.map(|(username, _)| username.as_str()).collect();
                assert_eq!(found(&admin, &needle).await, expected, "{needle:?}");
            }
        }
    }
    for needle in [
        "\"",
        "\"\"\"",
        "*",
        "*\"",
        "AND",
        "NEAR(",
        "names:",
        "{names text}:x",
        "\u{300}",
        &"long".repeat(300),
    ] {
        let expected = texts.iter().filter(|(_, name)| name.contains(&folded(needle)));
        assert_eq!(found(&admin, needle).await.len(), expected.count(), "{needle:?}");
    }
    app.run_jobs().await;
}
