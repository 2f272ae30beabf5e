//! What breaks in the night: processes are killed, the database restarts, the homeserver is away. Whatever was
//! acknowledged is there afterwards, and what was queued happens exactly as if nothing had failed.
//!
//! Randomness is seeded; a test that fails prints its seed, and `LATCHKEY_TEST_SEED` brings it back.
//! `LATCHKEY_TEST_FAULTS=10` makes ten times as many faults.

mod cluster;
pub mod cut_off;
mod database;
mod homeserver;
mod kills;
mod load;
mod restarts;
pub mod seeds;
mod unanswered;
mod world;

use std::time::Duration;

use kernel::{Random, SystemRandom};
use testkit::SeededRandom;

/// How many faults a test makes that makes `usually` many.
fn faults(usually: usize) -> usize {
    let times = std::env::var("LATCHKEY_TEST_FAULTS").map_or(1, |text| text.parse().expect("a number"));
    usually * times
}

/// Of the run, printed for whoever has to see it again.
fn random() -> SeededRandom {
    let seed = std::env::var("LATCHKEY_TEST_SEED").map_or_else(
        |_| {
            let mut bytes = [0; 8];
            SystemRandom.fill(&mut bytes);
            u64::from_le_bytes(bytes)
        },
        |text| text.parse().expect("a number"),
    );
    println!("LATCHKEY_TEST_SEED={seed}");
    SeededRandom::new(seed)
}

/// Between these, in milliseconds.
fn moment(random: &dyn Random, least: u64, most: u64) -> Duration {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    Duration::from_millis(least + u64::from_le_bytes(bytes) % (most - least))
}

/// Waits for something that is about to be so, a quarter of a minute at most.
#[track_caller]
fn eventually(what: &str) -> impl FnMut() {
    let (what, deadline) = (what.to_owned(), std::time::Instant::now() + Duration::from_secs(15));
    move || {
        assert!(std::time::Instant::now() < deadline, "{what} has not come to pass");
    }
}
