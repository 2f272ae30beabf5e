//! Whether what a filter names exists: only asked when nothing was found, since a session of somebody proves that there
//! is somebody.

use kernel::{Result, id::*};
use store::{ConnectionTrait, Listing};

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

    async fn exists(self, db: &impl ConnectionTrait) -> Result<bool> {
        let of = |from| Listing::of("1 AS found", from, "id");
        Ok(match self {
            Self::User(id) => of("users").get(db, id).await?,
            Self::Client(id) => of("oauth_clients").get(db, id).await?,
            Self::BrowserSession(id) => of("browser_sessions").get(db, id).await?,
            Self::Provider(id) => of("upstream_providers").get(db, id).await?,
        }
        .is_some())
    }
}

/// The first of them that does not exist.
pub async fn first_missing(db: &impl ConnectionTrait, named: &[Named]) -> Result<Option<Named>> {
    for one in named {
        if !one.exists(db).await? {
            return Ok(Some(*one));
        }
    }
    Ok(None)
}
