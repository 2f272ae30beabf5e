//! The order of events for one engine.

use std::{path::PathBuf, time::Duration};

use sea_orm::ConnectionTrait;

use crate::{
    Result, account, bare,
    client::Connection,
    lists,
    load::{Measured, measure},
    pace::pace,
    queue,
    report::{self, Aim, Bound, percentile},
    seed::{self, Seeds},
    server::{Home, Running},
    work::{Exchange, Refresh, Repeat, SignIn, share},
};

/// Few: they share the cores with what they measure.
const CONNECTIONS: usize = 8;
const SIGN_INS_AT_ONCE: usize = 50;
/// Introspections per second, for their latency while people sign in.
const STEADY_RATE: u32 = 200;

pub struct Plan {
    pub server: PathBuf,
    pub postgres: Option<String>,
    pub each: Duration,
    pub idle: Duration,
    pub only: Vec<String>,
}

impl Plan {
    fn wants(&self, load: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|one| one == load)
    }
}

pub async fn run(plan: &Plan) -> Result<()> {
    let (engine, database) = match &plan.postgres {
        None => ("SQLite", None),
        Some(superuser) => ("PostgreSQL", Some(create_database(superuser).await?)),
    };
    let of_lists = plan.only == ["lists"];
    let home = Home::new(&plan.server, database, of_lists)?;
    if of_lists {
        return lists::run(engine, &home).await;
    }
    let (running, _) = home.start().await?;
    let mut connection = Connection::open(running.address()).await?;
    let client = seed::register_client(&mut connection).await?;
    let seeds = seed::fill(&home.database, client).await?;

    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let about = format!(
        "{CONNECTIONS} connections on loopback from one thread, which shares the {} cores with the server; load \
         average before: {}",
        std::thread::available_parallelism().map_or(1, usize::from),
        load.split(' ').next().unwrap_or_default(),
    );
    report::heading(engine, &about);
    loads(plan, &running, &seeds).await?;
    if plan.wants("queue") {
        queue::measure(&running, plan.idle.min(Duration::from_secs(25))).await?;
    }
    if plan.wants("account") {
        account::measure(&running, &seeds).await?;
    }
    if plan.wants("crowd") {
        println!();
        crowd(plan, &running, &seeds).await?;
    }
    if plan.wants("bare") {
        against_bare_loop(plan, &running, &seeds).await?;
    }
    if !plan.only.is_empty() {
        return running.stop();
    }
    let under_load = running.process().peak()?;
    running.stop()?;
    starts(plan, &home).await?;
    let what = "peak resident memory under all this load";
    // 100 MB.
    report::aim(&Aim { what, is: under_load, bound: Bound::AtMost(95.0), unit: "MiB" });
    Ok(())
}

/// A database of its own on the server where we are superuser.
async fn create_database(superuser: &str) -> Result<String> {
    let name = format!("latchkey_bench_{}", std::process::id());
    let target = store::Target::postgres(superuser.parse()?);
    let clock = std::sync::Arc::new(kernel::SystemClock);
    let db =
        store::Db::connect(&target, store::PoolSize::default(), clock).await.map_err(|e| e.to_string())?;
    db.single.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    let mut address: url::Url = superuser.parse()?;
    address.set_path(&name);
    Ok(address.into())
}

async fn loads(plan: &Plan, running: &Running<'_>, seeds: &Seeds) -> Result<()> {
    let (server, address) = (running.process(), running.address());
    let mut done: Vec<(&str, Measured)> = Vec::new();
    let each_connection = 0..CONNECTIONS;
    let refresh = |at| Refresh {
        client: seeds.client.clone(),
        tokens: share(&seeds.refresh[..64 * CONNECTIONS], at, CONNECTIONS),
        next: 0,
    };
    let exchange =
        |at| Exchange { client: seeds.client.clone(), codes: share(&seeds.codes, at, CONNECTIONS) };
    // Refreshing comes last of the two, because it makes new access tokens.
    if plan.wants("floor") {
        let works = each_connection.clone().map(|at| Repeat::floor(&share(&seeds.users, at, CONNECTIONS)));
        done.push(("floor", measure(server, address, works.collect(), plan.each).await?));
        report::load("floor", &done[done.len() - 1].1);
    }
    if plan.wants("introspect") {
        let measured = measure(server, address, introspection(seeds), plan.each).await?;
        report::load("introspection", &measured);
        done.push(("introspect", measured));
    }
    if plan.wants("refresh") {
        let works = each_connection.clone().map(refresh);
        let measured = measure(server, address, works.collect(), plan.each).await?;
        report::load("refresh", &measured);
        done.push(("refresh", measured));
    }
    if plan.wants("code") {
        let works = each_connection.clone().map(exchange);
        let measured = measure(server, address, works.collect(), plan.each).await?;
        report::load("code exchange", &measured);
    }
    if plan.wants("sign-in") {
        let measured =
            measure(server, address, sign_ins(running, seeds, CONNECTIONS).await?, plan.each).await?;
        report::load("password sign-in", &measured);
    }
    aims(&done);
    Ok(())
}

fn aims(done: &[(&str, Measured)]) {
    let find = |name| done.iter().find(|(one, _)| *one == name).map(|(_, measured)| measured);
    println!();
    if let (Some(floor), Some(introspection)) = (find("floor"), find("introspect")) {
        let is = introspection.per_second() / floor.per_second() * 100.0;
        let what = "throughput of introspection, of the floor's";
        report::aim(&Aim { what, is, bound: Bound::AtLeast(70.0), unit: "%" });
    }
    for (name, what, most) in [
        ("introspect", "the server's CPU seconds per 1,000 introspections", 0.105),
        ("refresh", "the server's CPU seconds per 1,000 refreshes", 0.27),
    ] {
        if let Some(measured) = find(name) {
            report::aim(&Aim { what, is: measured.cost(), bound: Bound::AtMost(most), unit: "s" });
        }
    }
}

/// Tokens that no refresh touches.
fn introspection(seeds: &Seeds) -> Vec<Repeat> {
    let tokens = &seeds.access[64 * CONNECTIONS..];
    (0..CONNECTIONS).map(|at| Repeat::introspect(&share(tokens, at, CONNECTIONS))).collect()
}

async fn sign_ins(running: &Running<'_>, seeds: &Seeds, at_once: usize) -> Result<Vec<SignIn>> {
    let mut works = Vec::new();
    for at in 0..at_once {
        let mut connection = Connection::open(running.address()).await?;
        works.push(SignIn::open_form(&mut connection, share(&seeds.usernames, at, at_once)).await?);
    }
    Ok(works)
}

/// Other people's requests while many sign in.
async fn crowd(plan: &Plan, running: &Running<'_>, seeds: &Seeds) -> Result<()> {
    let (server, address) = (running.process(), running.address());
    let quiet = pace(address, introspection(seeds), STEADY_RATE, plan.each).await?;
    let crowd = sign_ins(running, seeds, SIGN_INS_AT_ONCE).await?;
    // Somewhat longer than the other, so that there is a crowd from its beginning to its end.
    let time = plan.each + Duration::from_secs(1);
    let crowd = tokio::task::spawn_local(async move {
        measure(server, address, crowd, time).await.map_err(|error| error.to_string())
    });
    tokio::time::sleep(plan.each / 10).await;
    let busy = pace(address, introspection(seeds), STEADY_RATE, plan.each).await?;
    let crowd = crowd.await??;
    let (quiet, busy) = (percentile(&quiet, 99.0), percentile(&busy, 99.0));
    println!(
        "  p99 of introspection at {STEADY_RATE} per second: {quiet:.2} ms; while {SIGN_INS_AT_ONCE} people at once \
         sign in ({:.0} per second): {busy:.2} ms",
        crowd.per_second()
    );
    let what = "the latter as a multiple of the former";
    report::aim(&Aim { what, is: busy / quiet, bound: Bound::AtMost(3.0), unit: "" });
    Ok(())
}

/// In turns, so that whatever else the machine does hits both alike.
async fn against_bare_loop(plan: &Plan, running: &Running<'_>, seeds: &Seeds) -> Result<()> {
    const ROUNDS: u32 = 10;
    let (mut bare, mut served) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        bare += bare::hashes_per_second(plan.each / 4) / f64::from(ROUNDS);
        let works = sign_ins(running, seeds, CONNECTIONS).await?;
        let measured = measure(running.process(), running.address(), works, plan.each / 4).await?;
        served += measured.per_second() / f64::from(ROUNDS);
    }
    println!("  password sign-ins per second: {served:.1}; bare Argon2 on the same cores: {bare:.1}");
    let what = "the former in percent of the latter";
    report::aim(&Aim { what, is: served / bare * 100.0, bound: Bound::AtLeast(95.0), unit: "%" });
    Ok(())
}

/// Cold starts on the database that is there now, and the memory of a server that nobody has asked anything.
async fn starts(plan: &Plan, home: &Home) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..7 {
        let (running, time) = home.start().await?;
        times.push(time);
        running.stop()?;
    }
    times.sort();
    let is = times[times.len() / 2].as_secs_f64() * 1000.0;
    let what = "cold start to the first healthy answer, median of seven";
    report::aim(&Aim { what, is, bound: Bound::AtMost(100.0), unit: "ms" });
    let (running, _) = home.start().await?;
    tokio::time::sleep(plan.idle).await;
    let what = format!("resident memory {} seconds after the start", plan.idle.as_secs());
    let is = running.process().resident()?;
    report::aim(&Aim { what: &what, is, bound: Bound::AtMost(30.0), unit: "MiB" });
    running.stop()
}
