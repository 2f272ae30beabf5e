//! Whether what a filter names exists: only asked when nothing was found, since a session of somebody proves that there
//! is somebody.

use std::collections::{BTreeSet, HashSet};

use kernel::{Result, id::*};
use sea_orm::Value;
use store::{ConnectionTrait, Listing, Window, listing::End};
use uuid::Uuid;

/// So many are looked for by one statement.
const SLICE: u32 = 500;

/// Something that a filter may name by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    User(UserId),
    Client(ClientId),
    BrowserSession(BrowserSessionId),
    Provider(UpstreamProviderId),
}

impl Named {
    /// What it is, for a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Client(_) => "OAuth 2.0 client",
            Self::BrowserSession(_) => "user session",
            Self::Provider(_) => "upstream OAuth 2.0 provider",
        }
    }

    pub fn id(self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Client(id) => id.to_string(),
            Self::BrowserSession(id) => id.to_string(),
            Self::Provider(id) => id.to_string(),
        }
    }

    fn uuid(self) -> Uuid {
        match self {
            Self::User(id) => id.0,
            Self::Client(id) => id.0,
            Self::BrowserSession(id) => id.0,
            Self::Provider(id) => id.0,
        }
    }

    const fn table(self) -> &'static str {
        match self {
            Self::User(_) => "users",
            Self::Client(_) => "oauth_clients",
            Self::BrowserSession(_) => "browser_sessions",
            Self::Provider(_) => "upstream_providers",
        }
    }
}

/// The first of them that does not exist. One statement for all of a kind, up to a few hundred.
pub async fn first_missing(db: &impl ConnectionTrait, named: &[Named]) -> Result<Option<Named>> {
    let mut known = HashSet::new();
    for table in named.iter().map(|one| one.table()).collect::<BTreeSet<_>>() {
        let ids: Vec<Value> =
            named.iter().filter(|one| one.table() == table).map(|one| one.uuid().into()).collect();
        for ids in ids.chunks(SLICE as usize) {
            let mut those = Listing::of("id", table, "id");
            those.any_of("id IN ({})", ids.to_vec());
            let all = Window { after: None, before: None, from: End::First, size: SLICE };
            for row in those.page(db, all).await?.rows {
                known.insert((table, row.try_get::<Uuid>("", "id")?));
            }
        }
    }
    Ok(named.iter().copied().find(|one| !known.contains(&(one.table(), one.uuid()))))
}
