//! A process dies while the homeserver has its request and has not answered.

use std::{sync::Arc, time::Duration};

use domain::jobs::{self, Job};
use testkit::{FakeHomeserver, Mood};

use super::{
    eventually, seeds,
    world::{ENDINGS, World},
};
use crate::cli::database::Database;

fn world() -> World {
    World::new(Database::empty())
}

/// Waits until the homeserver has got a request of this name.
fn asked(homeserver: &FakeHomeserver, call: &str) {
    let mut soon = eventually(call);
    while !homeserver.called().iter().any(|name| name == call) {
        soon();
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn devices_whose_removal_is_cut_off_are_removed() {
    let mut world = world();
    let (homeserver, ended) = (Arc::clone(&world.homeserver), world.endings());
    world.under_load(|server| {
        homeserver.feels(Mood::Hanging);
        asked(&homeserver, "delete_device");
        let mut soon = eventually("the last answer");
        while ended() < ENDINGS {
            soon();
            std::thread::sleep(Duration::from_millis(5));
        }
        server.kill();
    });
    homeserver.feels(Mood::Well);
    world.server.start();
    world.verify();
    assert_eq!(world.settle(), ENDINGS);
}

#[test]
fn a_user_whose_provisioning_is_cut_off_is_provisioned() {
    let mut world = world();
    let job = Job::ProvisionUser { user: world.user, display_name: Some("Alice".into()) };
    world.homeserver.calls();
    world.homeserver.feels(Mood::Hanging);
    let op = seeds::op();
    world.database.with(async |db| db.write(async |tx| jobs::enqueue(tx, &op, &job).await).await.unwrap());
    asked(&world.homeserver, "provision_user");
    world.server.kill();
    world.homeserver.feels(Mood::Well);
    assert_eq!(world.homeserver.user("alice").unwrap().display_name, None);
    world.server.start();
    world.verify();
    assert_eq!(world.settle(), 0);
    assert_eq!(world.homeserver.user("alice").unwrap().display_name.as_deref(), Some("Alice"));
}
