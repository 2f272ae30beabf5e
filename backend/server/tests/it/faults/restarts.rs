//! The database restarts under load: PostgreSQL crashes and recovers while the service goes on; with SQLite, which lives in
//! the service's process, that process does.

use store::Engine;
use testkit::engine;

use super::{
    cluster::Cluster,
    eventually, faults, moment, random,
    world::{ENDINGS, World},
};
use crate::cli::database::Database;

#[test]
fn a_database_that_restarts_under_load_loses_nothing_that_was_acknowledged() {
    let random = random();
    let cluster = (engine() == Engine::Postgres).then(Cluster::start);
    let mut world = World::new(match &cluster {
        Some(cluster) => Database::at(cluster.uri()),
        None => Database::empty(),
    });
    let (restarts, ended) = (faults(4), world.endings());
    for round in 1..=restarts {
        let time = moment(&random, 20, 300);
        world.under_load(|server| {
            std::thread::sleep(time);
            match &cluster {
                Some(cluster) => cluster.crash_and_restart(),
                None => {
                    server.kill();
                    server.start();
                }
            }
            let mut soon = eventually("the last answer");
            while ended() < round * ENDINGS {
                soon();
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        });
        world.verify();
    }
    assert_eq!(world.settle(), restarts * ENDINGS, "who gets no answer asks again, and gets one in the end");
}
