//! Lists of the admin API over a data set of the size of matrix.org: a page of a hundred at the beginning, in the middle and
//! at the end, with every single filter, and the exact count.

mod asked;
mod fill;

use std::time::Instant;

use hyper::{StatusCode, header::AUTHORIZATION};
use serde_json::Value;

use self::{asked::Asked, fill::Size};
use crate::{
    Result,
    client::{Connection, get, post},
    server::{ADMIN, Home},
};

/// Milliseconds.
const PAGE: f64 = 20.0;
const COUNT: f64 = 500.0;
const TIMES: usize = 7;

pub async fn run(engine: &str, home: &Home) -> Result<()> {
    // Without a worker, because clean-up would remove what ended long ago.
    let (running, _) = home.start_with(&["--no-worker"]).await?;
    println!("\n{engine}: lists");
    let size = fill::fill(&home.database).await?;
    let mut console = Console::open(&running).await?;
    console.about(size);
    let asked = asked::all(&mut console).await?;
    let mut missed = 0;
    for one in &asked {
        missed += usize::from(!console.measure(one).await?);
    }
    println!("\n  {} of {} within their aims\n", asked.len() - missed, asked.len());
    running.stop()
}

/// Somebody who looks through the lists.
struct Console {
    connection: Connection,
    authorization: String,
}

impl Console {
    async fn open(running: &crate::server::Running<'_>) -> Result<Self> {
        let mut connection = Connection::open(running.address()).await?;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "client_credentials"),
                ("scope", "urn:mas:admin"),
                ("client_id", ADMIN.0),
                ("client_secret", ADMIN.1),
            ])
            .finish();
        let answer = connection.expect(StatusCode::OK, post("/oauth2/token", form, |head| head)).await?;
        let answer: Value = serde_json::from_slice(answer.body())?;
        let token = answer["access_token"].as_str().ok_or("no access token")?;
        Ok(Self { connection, authorization: format!("Bearer {token}") })
    }

    fn about(&self, size: Size) {
        println!(
            "\n  milliseconds, median of {TIMES} requests; {} accounts, {} sessions; a page is to take at most {PAGE}, a count {COUNT}",
            size.users, size.sessions
        );
        println!("  {:<20} {:<42} {:>7} {:>7} {:>7} {:>8}", "", "", "first", "middle", "last", "count");
    }

    async fn ask(&mut self, path: &str) -> Result<Value> {
        let mut call = get(&format!("/api/admin/v1{path}"));
        call.headers_mut().insert(AUTHORIZATION, self.authorization.parse()?);
        let answer = self.connection.expect(StatusCode::OK, call).await?;
        Ok(serde_json::from_slice(answer.body())?)
    }

    /// Whether all of it was as fast as it is to be.
    async fn measure(&mut self, asked: &Asked) -> Result<bool> {
        let Asked { list, filter, middle } = asked;
        let path = |rest: &str| format!("/{list}?{filter}{}{rest}", if filter.is_empty() { "" } else { "&" });
        let first = self.time(&path("count=false&page[first]=100")).await?;
        let middle = self.time(&path(&format!("count=false&page[first]=100&page[after]={middle}"))).await?;
        let last = self.time(&path("count=false&page[last]=100")).await?;
        let count = self.time(&path("count=only")).await?;
        let holds = [first, middle, last].into_iter().all(|page| page <= PAGE) && count <= COUNT;
        let mut shown = filter.clone();
        shown.truncate(42);
        println!(
            "  {list:<20} {shown:<42} {first:>7.1} {middle:>7.1} {last:>7.1} {count:>8.1}{}",
            if holds { "" } else { "   MISSED" }
        );
        Ok(holds)
    }

    /// The median, after two that warm up.
    async fn time(&mut self, path: &str) -> Result<f64> {
        let mut times = Vec::with_capacity(TIMES);
        for turn in 0..TIMES + 2 {
            let began = Instant::now();
            self.ask(path).await?;
            if turn >= 2 {
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
        }
        times.sort_by(f64::total_cmp);
        Ok(times[TIMES / 2])
    }
}
