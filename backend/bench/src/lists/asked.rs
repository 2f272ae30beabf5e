//! What is asked for.

use kernel::{Timestamp, id::first_ulid};
use serde_json::Value;

use super::{
    Console,
    fill::{BEGIN, END},
};
use crate::Result;

/// A list, a filter of it, and a cursor in the middle.
pub struct Asked {
    pub list: &'static str,
    pub filter: String,
    pub middle: String,
}

const BY_TEXT: [&str; 3] = ["sort=username", "sort=-username", "sort=email"];

const DAY: i64 = 24 * 3600 * 1_000_000;

/// Every list with every single filter. Where it matters how much a filter leaves, there is much, and there is little.
pub async fn all(console: &mut Console) -> Result<Vec<Asked>> {
    let client = id(console, "/oauth2-sessions?count=false&page[first]=1", "client_id").await?;
    let user = id(console, "/users?count=false&page[first]=1", "id").await?;
    let session = console.ask("/oauth2-sessions?count=false&page[last]=1&filter[client-kind]=static").await?;
    let session = &session["data"][0]["attributes"];
    let [browser, configured] = ["user_session_id", "client_id"].map(|name| text(&session[name]));
    let provider = id(console, "/upstream-oauth-providers?count=false&page[first]=1", "id").await?;
    let rare_provider = id(console, "/upstream-oauth-providers?count=false&page[last]=2", "id").await?;

    let mut all = Vec::new();
    let mut add = |list: &'static str, filters: &[String]| {
        let middle = first_ulid(u64::try_from((BEGIN + END) / 2 / 1000).unwrap_or_default());
        all.extend(filters.iter().map(|filter| Asked {
            list,
            filter: filter.clone(),
            // Of a list of names or addresses, in hexadecimal: "k".
            middle: if BY_TEXT.contains(&filter.as_str()) {
                format!("{middle}.6b")
            } else {
                middle.to_string()
            },
        }));
    };
    add(
        "users",
        &of(&[
            "",
            "filter[admin]=true",
            "filter[admin]=false",
            "filter[legacy-guest]=true",
            "filter[legacy-guest]=false",
            "filter[status]=active",
            "filter[status]=locked",
            "filter[status]=deactivated",
            "filter[has-active-oauth2-session]=true",
            "filter[has-active-oauth2-session]=false",
            "filter[has-active-compat-session]=true",
            "filter[has-active-compat-session]=false",
        ]),
    );
    add("users", &[&client, &configured].map(|client| format!("filter[active-oauth2-client]={client}")));
    add(
        "users",
        &[
            "a",
            "q",
            "zz",
            "an",
            "kow",
            "kowalski",
            "lia77",
            "jones",
            "gmail.com",
            "host12",
            "lindqvist",
            "999999",
            "xyzzy",
        ]
        .map(|needle| format!("filter[search]={needle}")),
    );
    add("users", &of(&["sort=-created_at", "sort=username", "sort=-username"]));
    add(
        "user-emails",
        &[
            "".into(),
            format!("filter[user]={user}"),
            "filter[email]=lia77@posteo.de".into(),
            "sort=email".into(),
        ],
    );
    add(
        "oauth2-sessions",
        &[
            "".into(),
            format!("filter[user]={user}"),
            format!("filter[user-session]={browser}"),
            format!("filter[client]={client}"),
            format!("filter[client]={configured}"),
            format!("filter[client]={client}&filter[client]={configured}"),
            "filter[client-kind]=static".into(),
            "filter[client-kind]=dynamic".into(),
            "filter[scope]=openid".into(),
            "filter[scope]=urn:mas:admin".into(),
            "filter[scope]=urn:synapse:admin:*".into(),
            "filter[scope]=nobody:has:this".into(),
            "filter[scope]=urn:matrix:client:device:DEV700".into(),
            "sort=-created_at".into(),
        ],
    );
    add(
        "compat-sessions",
        &["".into(), format!("filter[user]={user}"), format!("filter[user-session]={browser}")],
    );
    add("user-sessions", &["".into(), format!("filter[user]={user}")]);
    for list in ["oauth2-sessions", "compat-sessions", "user-sessions"] {
        add(list, &of(&["filter[status]=active", "filter[status]=finished"]));
        for what in ["created", "last-active"] {
            for (side, at) in [
                ("before", BEGIN + 60 * DAY),
                ("before", (BEGIN + END) / 2),
                ("before", END - DAY),
                ("after", BEGIN + 60 * DAY),
                ("after", END - 365 * DAY),
                ("after", END - 5 * 60 * 1_000_000),
            ] {
                add(list, &[format!("filter[{what}-{side}]={}", Timestamp(at))]);
            }
        }
    }
    let later = |days: i64| Timestamp(END + days * DAY);
    add(
        "personal-sessions",
        &[
            "".into(),
            format!("filter[owner_user]={user}"),
            format!("filter[actor_user]={user}"),
            format!("filter[owner_client]={client}"),
            "filter[scope]=urn:synapse:admin:*".into(),
            "filter[status]=active".into(),
            "filter[status]=revoked".into(),
            "filter[expires]=true".into(),
            "filter[expires]=false".into(),
            format!("filter[expires_before]={}", later(0)),
            format!("filter[expires_after]={}", later(300)),
        ],
    );
    add(
        "user-registration-tokens",
        &of(&[
            "",
            "filter[used]=true",
            "filter[used]=false",
            "filter[revoked]=true",
            "filter[revoked]=false",
            "filter[expired]=true",
            "filter[expired]=false",
            "filter[valid]=true",
            "filter[valid]=false",
        ]),
    );
    add(
        "upstream-oauth-links",
        &[
            "".into(),
            format!("filter[user]={user}"),
            format!("filter[provider]={provider}"),
            format!("filter[provider]={rare_provider}"),
            "filter[subject]=sub-770".into(),
            "filter[human-account-name]=mia".into(),
            "filter[human-account-name]=7777".into(),
            "filter[human-account-name]=xyzzy".into(),
        ],
    );
    add(
        "oauth2-clients",
        &of(&[
            "",
            "filter[client-kind]=static",
            "filter[client-kind]=dynamic",
            "filter[client-name]=Element",
            "filter[client-uri]=app77.",
            "filter[grant-type]=client_credentials",
            "filter[has-active-sessions]=true",
            "filter[has-active-sessions]=false",
        ]),
    );
    Ok(all)
}

fn of(filters: &[&str]) -> Vec<String> {
    filters.iter().map(ToString::to_string).collect()
}

/// The id of the first one in the list, or one that it names.
async fn id(console: &mut Console, path: &str, name: &str) -> Result<String> {
    let page = console.ask(path).await?;
    let first = &page["data"][0];
    Ok(text(if name == "id" { &first["id"] } else { &first["attributes"][name] }))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
