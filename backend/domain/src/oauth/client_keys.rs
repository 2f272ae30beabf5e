//! The public keys of clients that publish them (`jwks_uri`), kept in memory.
//!
//! One set per address. It is fetched when it is first needed, when it has grown old, and when it has no key that fits:
//! then the client may have new ones. However many assertions come with made-up keys, an address is asked at most
//! every [`ASK_AGAIN_AFTER`], by one request at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as Shared, PoisonError},
    time::Duration,
};

use kernel::{
    Timestamp,
    jose::{Jws, PublicKeys, Verdict},
};
use tokio::sync::Mutex;
use url::Url;

use crate::outbound::{Fetched, Outbound, Refused};

/// What the answer's `max-age` may be; without one, the least.
const SHORTEST_LIFE: Duration = Duration::from_secs(300);
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Between two requests to one address, whether or not the first was answered.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(30);
const LONGEST_SET: usize = 64 * 1024;
const ACCEPT: &str = "application/jwk-set+json, application/json";
/// Addresses remembered; the one that was asked longest ago makes room.
const MOST_SETS: usize = 1000;

/// The sets of clients of the configuration, and those of clients that registered themselves, of which anybody can make as many
/// as to use up all that there is room for.
#[derive(Debug, Default)]
pub(super) struct ClientKeys {
    configured: Sets,
    registered: Sets,
}

/// Each behind a lock of its own, so that waiting for one address holds up no other.
#[derive(Debug, Default)]
struct Sets(Shared<HashMap<Url, Slot>>);

/// Where the keys of a client are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address<'a> {
    pub uri: &'a Url,
    /// The client is one of the configuration.
    pub is_configured: bool,
}

#[derive(Debug)]
struct Slot {
    entry: Arc<Mutex<Entry>>,
    touched: Timestamp,
}

#[derive(Debug, Default)]
struct Entry {
    /// The newest set; it stays while the address cannot be reached, but not for longer than [`LONGEST_LIFE`].
    keys: Option<(PublicKeys, Timestamp)>,
    fresh_until: Option<Timestamp>,
    asked_at: Option<Timestamp>,
    /// Why the last request brought nothing.
    refused: Option<String>,
}

impl ClientKeys {
    /// What the keys there say about the assertion; the error is a sentence for the client's developer.
    pub async fn judge(
        &self,
        outbound: &Outbound,
        now: Timestamp,
        at: Address<'_>,
        jws: &Jws<'_>,
    ) -> Result<Verdict, String> {
        let entry = if at.is_configured { &self.configured } else { &self.registered }.entry(now, at.uri);
        let mut entry = entry.lock().await;
        if entry.fresh_until.is_none_or(|until| until <= now) {
            entry.fetch(outbound, now, at).await;
        }
        let verdict = entry.judge(now, jws);
        if verdict != Some(Verdict::NoSuchKey) || !entry.fetch(outbound, now, at).await {
            return verdict.ok_or_else(|| entry.refusal());
        }
        entry.judge(now, jws).ok_or_else(|| entry.refusal())
    }
}

impl Sets {
    fn entry(&self, now: Timestamp, uri: &Url) -> Arc<Mutex<Entry>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !slots.contains_key(uri) && slots.len() >= MOST_SETS {
            let oldest = slots.iter().min_by_key(|(_, slot)| slot.touched).map(|(uri, _)| uri.clone());
            oldest.and_then(|uri| slots.remove(&uri));
        }
        let slot = slots.entry(uri.clone()).or_insert_with(|| Slot { entry: Arc::default(), touched: now });
        slot.touched = now;
        Arc::clone(&slot.entry)
    }
}

impl Entry {
    fn judge(&self, now: Timestamp, jws: &Jws<'_>) -> Option<Verdict> {
        let (keys, fetched_at) = self.keys.as_ref()?;
        (now.since(*fetched_at) <= LONGEST_LIFE).then(|| keys.judge(jws))
    }

    fn refusal(&self) -> String {
        self.refused.clone().unwrap_or_else(|| "could not be fetched lately".into())
    }

    /// Asks the address, unless it was asked just now. Whether it was.
    async fn fetch(&mut self, outbound: &Outbound, now: Timestamp, at: Address<'_>) -> bool {
        if self.asked_at.is_some_and(|asked_at| now.since(asked_at) < ASK_AGAIN_AFTER) {
            return false;
        }
        let asked_before = self.asked_at.replace(now);
        let Address { uri, is_configured } = at;
        let fetched = match is_configured {
            true => outbound.get_for_operator(uri, ACCEPT, LONGEST_SET).await,
            false => outbound.get(uri, ACCEPT, LONGEST_SET).await,
        };
        if matches!(fetched, Err(Refused::Busy)) {
            self.asked_at = asked_before;
        }
        match fetched.map_err(|refused| refused.to_string()).and_then(|fetched| read(&fetched)) {
            Ok((keys, life)) => {
                self.keys = Some((keys, now));
                self.fresh_until = Some(now + life);
                self.refused = None;
            }
            Err(refused) => {
                // Not the whole address, which may hold a password.
                let host = uri.host_str().unwrap_or_default();
                tracing::info!(host, refused, "the keys of a client cannot be had");
                self.refused = Some(refused);
            }
        }
        true
    }
}

fn read(fetched: &Fetched) -> Result<(PublicKeys, Duration), String> {
    let set = serde_json::from_slice(&fetched.body).map_err(|_| "is not JSON".to_owned())?;
    let keys = PublicKeys::read(&set);
    if keys.is_empty() {
        return Err("is not a JWK set with a key that can be used".into());
    }
    Ok((keys, fetched.max_age.unwrap_or_default().clamp(SHORTEST_LIFE, LONGEST_LIFE)))
}
