//! `kill -9` under load, at random moments.

use super::{faults, moment, random, world::World};
use crate::cli::{Shell, database::Database};

#[test]
fn two_hundred_kills_lose_nothing_that_was_acknowledged_and_all_jobs_are_done() {
    let random = random();
    let mut world = World::new(Database::empty());
    let kills = faults(200);
    for _ in 0..kills {
        let time = moment(&random, 20, 300);
        world.under_load(|server| {
            std::thread::sleep(time);
            server.kill();
        });
        world.server.start();
        world.verify();
    }
    let (answers, ended) = (world.answers(), world.settle());
    println!("{kills} kills, {answers} answers, {ended} sessions revoked");
    assert!(answers > kills && ended > 0, "there was hardly any load");
}

/// What is only in memory is not lost by an orderly end.
#[test]
fn a_stop_writes_down_which_sessions_were_used() {
    let (shell, database) = Shell::with_config("matrix: {homeserver: example.com, kind: none}\n");
    let shell = shell.env(
        "MAS__HTTP__LISTENERS",
        r#"[{resources=[{name=health},{name=oauth}],binds=[{address="127.0.0.1:0"}]}]"#,
    );
    let mut server = shell.start("server");
    let address = server.address();
    let client = super::load::client_at(address);
    let token = database.with(async |db| {
        let op = super::seeds::op();
        let user = super::seeds::user(db, &op, "alice").await;
        super::seeds::session(db, &op, user, &client, None).await
    });
    super::load::refresh_at(address, &client, &token);
    server.signal("TERM");
    assert_eq!(server.ended().code(), Some(0));
    let used = "SELECT last_active_ip FROM sessions WHERE last_active_ip IS NOT NULL";
    assert_eq!(database.texts(used), ["127.0.0.1"]);
}
