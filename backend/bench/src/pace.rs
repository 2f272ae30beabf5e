//! Open-loop load: requests at a steady rate, whether or not the server keeps up.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep_until};

use crate::{
    Result,
    client::Connection,
    load::{Latencies, Work, latencies, micros},
};

/// `rate` requests per second in all, for `time`. A request that is late because its connection still waits for the
/// one before counts from when it should have been sent, so that a stall is not hidden (coordinated omission).
pub async fn pace<W: Work>(
    address: SocketAddr,
    works: Vec<W>,
    rate: u32,
    time: Duration,
) -> Result<Latencies> {
    let connections = u32::try_from(works.len())?;
    let start = Instant::now() + Duration::from_millis(10);
    let mut running = JoinSet::new();
    for (at, mut work) in (0_u32..).zip(works) {
        let mut connection = Connection::open(address).await?;
        running.spawn_local(async move {
            let mut seen = latencies();
            for turn in 0_u32.. {
                let due = start + Duration::from_secs(1) * (turn * connections + at) / rate;
                if due >= start + time {
                    break;
                }
                let in_time = Instant::now() <= due;
                sleep_until(due.into()).await;
                // The timer's own coarseness is not the server's.
                let from = if in_time { Instant::now() } else { due };
                work.once(&mut connection).await.map_err(|error| error.to_string())?;
                seen.record(micros(from.elapsed())).map_err(|error| error.to_string())?;
            }
            Ok::<_, String>(seen)
        });
    }
    let mut all = latencies();
    while let Some(done) = running.join_next().await {
        all.add(&done??)?;
    }
    Ok(all)
}
