//! The account app's list of somebody who has a hundred thousand sign-ins: page after page, as a browser asks for them.

use std::{sync::Arc, time::Instant};

use hyper::{
    Method, StatusCode,
    header::{CONTENT_TYPE, COOKIE},
};
use kernel::{Op, Random, SystemRandom, Timestamp, id::*};
use serde_json::{Value, json};
use store::tables::{browser_sessions, sessions};

use crate::{
    Result,
    client::{Connection, head},
    report::{self, Aim, Bound},
    seed::{self, Seeds},
    server::Running,
    work::signed_in,
};

const SESSIONS: usize = 100_000;
/// One for so many apps.
const APPS_OF_A_BROWSER: usize = 50;
const PAGES: usize = 100;
/// Milliseconds.
const PAGE: f64 = 10.0;
/// 2025-01-01, from which on something is signed in every five minutes.
const BEGIN: i64 = 1_735_689_600;

pub async fn measure(running: &Running<'_>, seeds: &Seeds) -> Result<()> {
    fill(running.database(), seeds).await?;
    let mut connection = Connection::open(running.address()).await?;
    let cookies = signed_in(&mut connection, &seeds.usernames[0]).await?;
    let mut browser = Browser { connection, cookies };
    println!(
        "\n  pages of 20 of {SESSIONS} sign-ins, {PAGES} of them one after the other from the newest on"
    );
    for (field, what) in
        [("appSessions", "a page of apps, median"), ("signIns", "a page of sign-ins, median")]
    {
        let is = browser.leaf_through(field, "").await?;
        report::aim(&Aim { what, is, bound: Bound::AtMost(PAGE), unit: "ms" });
    }
    // The app also shows how many there are in all; that takes as long as there are many.
    println!(
        "  with the count of all, median {:>39.1} ms",
        browser.leaf_through("signIns", "totalCount").await?
    );
    Ok(())
}

/// The first person's sign-ins, over about a year.
async fn fill(database: &str, seeds: &Seeds) -> Result<()> {
    let began = Instant::now();
    let db = seed::open(database).await?;
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let (user, client): (UserId, ClientId) = (seeds.users[0], seeds.client.parse().map_err(|_| "no ULID")?);
    let (mut browsers, mut apps) = (Vec::new(), Vec::new());
    for at in 0..SESSIONS / APPS_OF_A_BROWSER {
        let begin = BEGIN + i64::try_from(at * APPS_OF_A_BROWSER * 300)?;
        let then = |number: usize| {
            let now = Timestamp::from_secs(begin + i64::try_from(number).unwrap_or_default() * 300);
            Op::new(now, Arc::clone(&random), "bench")
        };
        let browser = seed::browser(&then(0), user);
        apps.extend((0..APPS_OF_A_BROWSER).map(|number| {
            let app = seed::session(&then(number), user, client, browser.id);
            // Legacy clients and devices that showed a code have come through no browser of the person.
            let browser_session_id = app.browser_session_id.filter(|_| number % 2 == 0);
            sessions::Model { browser_session_id, ..app }
        }));
        browsers.push(browser);
    }
    db.write(async |tx| {
        seed::insert::<browser_sessions::Entity, _>(tx, browsers).await?;
        seed::insert::<sessions::Entity, _>(tx, apps).await
    })
    .await?;
    seed::analyze(&db).await?;
    db.close();
    println!("  filling the account took {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Somebody who is signed in.
struct Browser {
    connection: Connection,
    cookies: String,
}

impl Browser {
    /// The median of what pages took, each after the one before; in milliseconds.
    async fn leaf_through(&mut self, field: &str, more: &str) -> Result<f64> {
        let mut after = Value::Null;
        let mut times = Vec::with_capacity(PAGES);
        for _ in 0..PAGES {
            let began = Instant::now();
            let page = self.page(field, more, &after).await?;
            times.push(began.elapsed().as_secs_f64() * 1000.0);
            after = page["pageInfo"]["endCursor"].clone();
            if page["nodes"].as_array().map(Vec::len) != Some(20) {
                return Err(format!("not a page of 20: {page}").into());
            }
        }
        times.sort_by(f64::total_cmp);
        Ok(times[PAGES / 2])
    }

    async fn page(&mut self, field: &str, more: &str, after: &Value) -> Result<Value> {
        let query = format!(
            "query Q($after: String) {{ viewer {{ ... on User {{ {field}(state: ACTIVE, first: 20, after: $after) {{ {more} \
               pageInfo {{ endCursor hasNextPage }} nodes {{ __typename ... on Oauth2Session {{ id humanName deviceId scope \
               lastActiveAt lastActiveIp userAgent {{ name os }} client {{ clientName }} browserSession {{ id }} }} }} }} }} }} }}"
        );
        let asked = json!({ "query": query, "variables": { "after": after } });
        let call = head(Method::POST, "/graphql")
            .header(CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, &self.cookies)
            .body(asked.to_string().into())?;
        let answer = self.connection.expect(StatusCode::OK, call).await?;
        let answer: Value = serde_json::from_slice(answer.body())?;
        match &answer["errors"] {
            Value::Null => Ok(answer["data"]["viewer"][field].clone()),
            errors => Err(format!("the account API refuses: {errors}").into()),
        }
    }
}
