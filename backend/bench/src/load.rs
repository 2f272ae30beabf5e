//! Closed-loop load: some connections, each of which asks again as soon as it has its answer.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::{Result, client::Connection, process::Process};

/// What one connection does over and over.
pub trait Work: 'static {
    /// One request and its answer; `false` when there is nothing left to do.
    async fn once(&mut self, connection: &mut Connection) -> Result<bool>;
}

/// Latencies in microseconds, to three digits.
pub type Latencies = Histogram<u32>;

pub fn latencies() -> Latencies {
    Histogram::new(3).expect("between one and five digits")
}

pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

pub struct Measured {
    pub requests: u64,
    pub elapsed: Duration,
    pub latencies: Latencies,
    /// Processor time of the server, meanwhile.
    pub cpu: Duration,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "some millions")]
        let requests = self.requests as f64;
        requests / self.elapsed.as_secs_f64()
    }

    /// Processor seconds of the server per thousand requests.
    pub fn cost(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "some millions")]
        let thousands = self.requests as f64 / 1000.0;
        self.cpu.as_secs_f64() / thousands
    }
}

/// Warms up for a tenth of the time, then measures.
pub async fn measure<W: Work>(
    server: Process,
    address: SocketAddr,
    works: Vec<W>,
    each: Duration,
) -> Result<Measured> {
    let mut pairs = Vec::new();
    for work in works {
        pairs.push((work, Connection::open(address).await?));
    }
    let (pairs, _) = drive(pairs, each / 10).await?;
    let (cpu, began) = (server.cpu()?, Instant::now());
    let (_, latencies) = drive(pairs, each).await?;
    let elapsed = began.elapsed();
    let cpu = server.cpu()?.saturating_sub(cpu);
    Ok(Measured { requests: latencies.len(), elapsed, latencies, cpu })
}

type Pairs<W> = Vec<(W, Connection)>;

async fn drive<W: Work>(pairs: Pairs<W>, time: Duration) -> Result<(Pairs<W>, Latencies)> {
    let end = Instant::now() + time;
    let mut running = JoinSet::new();
    for (mut work, mut connection) in pairs {
        running.spawn_local(async move {
            let mut seen = latencies();
            let outcome = repeat(&mut work, &mut connection, end, &mut seen).await;
            // An error as text, because a boxed one cannot leave the task.
            outcome.map(|()| (work, connection, seen)).map_err(|error| error.to_string())
        });
    }
    let (mut pairs, mut all) = (Vec::new(), latencies());
    while let Some(done) = running.join_next().await {
        let (work, connection, seen) = done??;
        all.add(&seen)?;
        pairs.push((work, connection));
    }
    Ok((pairs, all))
}

async fn repeat<W: Work>(
    work: &mut W,
    connection: &mut Connection,
    end: Instant,
    seen: &mut Latencies,
) -> Result<()> {
    loop {
        let began = Instant::now();
        if began >= end || !work.once(connection).await? {
            return Ok(());
        }
        seen.record(micros(began.elapsed()))?;
    }
}
