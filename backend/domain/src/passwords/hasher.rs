//! What the rest of the service sees of hashing: an async function each for hashing and verifying.

use std::sync::Arc;

use kernel::{Random, Result, Secret};

pub use super::pool::Limits;
use super::{Complexity, Hashed, Outcome, Password, Schemes, Verdict, pool::Pool};

/// Hashes and verifies passwords without holding up anything else. Full queues are [`kernel::Kind::Unavailable`].
pub struct Hasher {
    schemes: Arc<Schemes>,
    pool: Pool,
}

impl Hasher {
    pub fn new(schemes: Schemes, limits: Limits) -> Self {
        Self { schemes: Arc::new(schemes), pool: Pool::new(limits) }
    }

    /// Hashes a new password under the newest scheme.
    pub async fn hash(&self, password: Password, random: &dyn Random) -> Result<Hashed> {
        let (schemes, salt) = (self.schemes.clone(), random.bytes());
        self.pool.run(move |memory| schemes.hash(&password, salt, memory)).await?
    }

    /// Compares with a stored hash; `version` is the scheme that made it.
    /// Fails when that scheme is not configured or `stored` is not a hash of its kind.
    pub async fn verify(
        &self,
        version: u16,
        stored: Secret<String>,
        password: Password,
        random: &dyn Random,
    ) -> Result<Outcome> {
        let (schemes, salt) = (self.schemes.clone(), random.bytes());
        self.pool.run(move |memory| schemes.verify(version, &stored, &password, salt, memory)).await?
    }

    /// Scores a new password. On the pool since it can cost ten times a hash: 0.3 s for some of a hundred characters.
    pub async fn judge(&self, complexity: Complexity, password: Password) -> Result<Verdict> {
        self.judge_knowing(complexity, password, Vec::new()).await
    }

    /// The same, where the person's name and address are known: they are the first that others would try.
    pub async fn judge_knowing(
        &self,
        complexity: Complexity,
        password: Password,
        about: Vec<String>,
    ) -> Result<Verdict> {
        let judge = move |_: &mut _| {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            complexity.judge(&password, &about)
        };
        self.pool.run(judge).await
    }

    /// For people who do not exist or have no password: takes as long as verifying against the newest scheme, so
    /// that the answer's delay does not tell which names are taken.
    pub async fn verify_nobody(&self, password: Password, random: &dyn Random) -> Result<()> {
        self.hash(password, random).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use kernel::SystemRandom;

    use super::*;
    use crate::passwords::{Algorithm, Scheme, argon2id};

    const RANDOM: &dyn Random = &SystemRandom;

    fn scheme(version: u16, algorithm: Algorithm) -> Scheme {
        Scheme { version, algorithm, secret: None, unicode_normalization: false }
    }

    fn hasher(schemes: Vec<Scheme>) -> Hasher {
        Hasher::new(Schemes::new(schemes).unwrap(), Limits::default())
    }

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_password_moves_from_bcrypt_to_argon2id_at_its_first_use() {
        let bcrypt = scheme(1, Algorithm::Bcrypt { cost: 4 });
        let before = hasher(vec![bcrypt.clone()]).hash(password("right"), RANDOM).await.unwrap();
        let hasher = hasher(vec![bcrypt, scheme(2, Algorithm::Argon2id)]);
        let verify = async |stored: &Hashed, text| {
            hasher.verify(stored.version, stored.text.clone(), password(text), RANDOM).await.unwrap()
        };
        assert_eq!(verify(&before, "wrong").await, Outcome::Mismatch);
        let Outcome::MatchAndUpgrade(after) = verify(&before, "right").await else { panic!("no upgrade") };
        assert_eq!(after.version, 2);
        assert_eq!(verify(&after, "right").await, Outcome::Match);
        assert_eq!(verify(&after, "wrong").await, Outcome::Mismatch);
        assert_eq!(verify(&after, "").await, Outcome::Mismatch);
    }

    #[tokio::test]
    async fn equal_passwords_have_unequal_hashes() {
        let hasher = hasher(vec![scheme(1, Algorithm::Argon2id)]);
        let hash = async || hasher.hash(password("right"), RANDOM).await.unwrap();
        assert_ne!(hash().await, hash().await);
    }

    #[tokio::test]
    async fn new_passwords_are_judged_on_the_pool_too() {
        let hasher = hasher(vec![scheme(1, Algorithm::Argon2id)]);
        let verdict = hasher.judge(Complexity::new(3), password("password")).await.unwrap();
        assert!(matches!(verdict, Verdict::Weak { score: 0, .. }));
    }

    #[tokio::test]
    async fn an_unknown_version_is_an_error() {
        let hasher = hasher(vec![scheme(1, Algorithm::Argon2id)]);
        let stored = hasher.hash(password("right"), RANDOM).await.unwrap();
        let error = hasher.verify(9, stored.text, password("right"), RANDOM).await.unwrap_err();
        assert_eq!(error.kind, kernel::Kind::Internal);
    }

    /// Best of several rounds in turn, so that other load on the machine hits both alike.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_pool_hashes_about_as_fast_as_bare_threads_would() {
        const EACH: usize = 4;
        let threads = Limits::default().threads.get();
        let hasher = Arc::new(hasher(vec![scheme(1, Algorithm::Argon2id)]));
        let (mut bare, mut pooled) = (Duration::MAX, Duration::MAX);
        for _ in 0..6 {
            let start = Instant::now();
            bare_threads(threads, EACH);
            bare = bare.min(start.elapsed());

            let start = Instant::now();
            let jobs: Vec<_> = (0..threads * EACH)
                .map(|_| {
                    let hasher = hasher.clone();
                    tokio::spawn(async move { hasher.verify_nobody(password("right"), RANDOM).await })
                })
                .collect();
            for job in jobs {
                job.await.unwrap().unwrap();
            }
            pooled = pooled.min(start.elapsed());
        }
        let ratio = bare.as_secs_f64() / pooled.as_secs_f64();
        println!("pool reaches {:.1} % of bare threads ({pooled:?} against {bare:?})", ratio * 100.0);
        assert!(ratio > 0.6, "{ratio}");
    }

    fn bare_threads(threads: usize, hashes: usize) {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    #[cfg(target_os = "linux")]
                    rustix::process::setpriority_process(None, 10).unwrap();
                    let mut memory = argon2id::Memory::default();
                    for _ in 0..hashes {
                        argon2id::hash(b"right", b"", RANDOM.bytes(), &mut memory).unwrap();
                    }
                });
            }
        });
    }
}
