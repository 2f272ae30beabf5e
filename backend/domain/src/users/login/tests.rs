use std::{num::NonZeroU32, sync::Arc};

use kernel::{Clock, SystemClock, SystemRandom};
use store::{PoolSize, Target, migrate};

use super::*;
use crate::{
    passwords::{Algorithm, Limits, Scheme, Schemes},
    users::{
        Quota,
        register::{NewUser, Registration, create},
    },
};

#[test]
fn matrix_ids_of_this_server_are_names() {
    for (typed, name) in [
        ("alice", "alice"),
        (" alice ", "alice"),
        ("@alice:example.com", "alice"),
        ("@alice:EXAMPLE.com", "alice"),
        ("@alice:elsewhere.org", "@alice:elsewhere.org"),
        ("@alice", "@alice"),
        ("alice@example.com", "alice@example.com"),
    ] {
        assert_eq!(localpart(typed, "example.com"), name, "{typed}");
    }
}

/// A database with alice in it, whose password "right" is hashed under a scheme that is not the newest.
struct House {
    db: Db,
    hasher: Hasher,
    limiter: Limiter,
    op: Op,
    alice: UserId,
    _directory: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let target =
            Target::sqlite(&format!("sqlite://{}?mode=rwc", directory.path().join("db").display())).unwrap();
        migrate(&target).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let db = Db::connect(&target, PoolSize::default(), Arc::clone(&clock)).await.unwrap();
        let op = Op::new(clock.now(), Arc::new(SystemRandom), "test");
        let bcrypt = |version| Scheme {
            version,
            algorithm: Algorithm::Bcrypt { cost: 4 },
            secret: None,
            unicode_normalization: false,
        };
        let hasher = |versions: &[u16]| {
            let schemes = versions.iter().map(|version| bcrypt(*version)).collect();
            Hasher::new(Schemes::new(schemes).unwrap(), Limits::default())
        };
        let password = hasher(&[1]).hash(Password::parse("right").unwrap(), op.random()).await.unwrap();
        let new = NewUser { username: "alice".into(), password: Some(password), ..Default::default() };
        let Ok(Registration::Created(alice)) = db.write(async |tx| create(tx, &op, &new).await).await else {
            panic!("no alice")
        };
        let quota = Quota { burst: NonZeroU32::new(100).unwrap(), per_second: 1.0 };
        let limiter = Limiter::new(quota, quota, clock);
        Self { db, hasher: hasher(&[1, 2]), limiter, op, alice, _directory: directory }
    }

    async fn login(&self, name: &str, password: &str) -> Login {
        let parts = Parts {
            db: &self.db,
            hasher: &self.hasher,
            limiter: &self.limiter,
            server_name: "example.com",
            with_email: true,
        };
        login(parts, &self.op, name, password).await.unwrap()
    }

    async fn stored(&self) -> Hashed {
        let rows = sql::all(&self.db.read, BY_NAME, ["alice".into()]).await.unwrap();
        Candidate::read(&rows[0]).unwrap().with_password().unwrap().1
    }

    async fn failures(&self) -> usize {
        const FAILED: &str = "SELECT id FROM audit_events WHERE kind = 'sign_in_failed'";
        sql::all(&self.db.read, FAILED, []).await.unwrap().len()
    }
}

#[tokio::test]
async fn the_right_password_lets_in_and_moves_to_the_newest_scheme() {
    let house = House::new().await;
    assert_eq!(house.stored().await.version, 1);
    for _ in 0..2 {
        assert!(matches!(house.login("@alice:example.com", "right").await, Login::Welcome { .. }));
        assert_eq!(house.stored().await.version, 2);
    }
    assert_eq!(house.failures().await, 0);
}

#[tokio::test]
async fn an_unknown_name_leaves_the_same_trace_as_a_wrong_password() {
    let house = House::new().await;
    for (at, name) in ["alice", "nobody", "nobody@example.com"].into_iter().enumerate() {
        assert!(matches!(house.login(name, "wrong").await, Login::WrongCredentials));
        assert_eq!(house.failures().await, at + 1, "{name}");
    }
}

#[tokio::test]
async fn a_password_that_was_changed_during_the_sign_in_neither_opens_nor_comes_back() {
    let house = House::new().await;
    let before = house.stored().await;
    let hash =
        async |text| house.hasher.hash(Password::parse(text).unwrap(), house.op.random()).await.unwrap();
    let (upgraded, changed) = (hash("right").await, hash("new").await);
    let used = house.db.write(async |tx| {
        replace_password(tx, &house.op, house.alice, &changed).await?;
        use_password(tx, &house.op, house.alice, &before, &upgraded).await
    });
    assert!(!used.await.unwrap());
    assert_eq!(house.stored().await, changed);
    assert!(matches!(house.login("alice", "right").await, Login::WrongCredentials));
    assert!(matches!(house.login("alice", "new").await, Login::Welcome { .. }));
}
