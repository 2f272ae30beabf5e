//! Accounts elsewhere that a person has linked, and the providers that there are.

use std::collections::HashMap;

use kernel::{Result, Timestamp, id::*};
use sea_orm::QueryResult;
use serde_json::Value;
use store::{Db, Listing, Page, Window, listing::End};

#[derive(Clone, Debug)]
pub struct Link {
    pub id: UpstreamLinkId,
    pub provider: UpstreamProviderId,
    pub user: Option<UserId>,
    pub subject: String,
    pub account_name: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct Provider {
    pub id: UpstreamProviderId,
    /// As configured.
    pub document: Value,
    pub created_at: Timestamp,
}

fn links_of(user: Option<UserId>) -> Listing {
    let columns = "id, provider_id, user_id, subject, account_name, created_at";
    let mut listing = Listing::of(columns, "upstream_links", "id");
    if let Some(user) = user {
        listing.only("user_id = ?", [user.into()]);
    }
    listing
}

fn read_link(row: &QueryResult) -> Result<Link> {
    Ok(Link {
        id: row.try_get("", "id")?,
        provider: row.try_get("", "provider_id")?,
        user: row.try_get("", "user_id")?,
        subject: row.try_get("", "subject")?,
        account_name: row.try_get("", "account_name")?,
        created_at: row.try_get("", "created_at")?,
    })
}

pub async fn links(db: &Db, user: UserId, window: Window) -> Result<Page<Link>> {
    links_of(Some(user)).page(&db.read, window).await?.try_map(|row| read_link(&row))
}

pub async fn count_links(db: &Db, user: UserId) -> Result<u64> {
    Ok(links_of(Some(user)).count(&db.read).await?)
}

pub async fn link(db: &Db, id: UpstreamLinkId) -> Result<Option<Link>> {
    links_of(None).get(&db.read, id).await?.map(|row| read_link(&row)).transpose()
}

/// Those by which people can sign in.
fn enabled() -> Listing {
    let mut listing = Listing::of("id, document, created_at", "upstream_providers", "id");
    listing.only("disabled_at IS NULL", []);
    listing
}

fn read_provider(row: &QueryResult) -> Result<Provider> {
    Ok(Provider {
        id: row.try_get("", "id")?,
        document: row.try_get("", "document")?,
        created_at: row.try_get("", "created_at")?,
    })
}

pub async fn providers(db: &Db, window: Window) -> Result<Page<Provider>> {
    enabled().page(&db.read, window).await?.try_map(|row| read_provider(&row))
}

pub async fn count_providers(db: &Db) -> Result<u64> {
    Ok(enabled().count(&db.read).await?)
}

/// Those of them that there are, disabled or not, in one statement.
pub async fn providers_by_ids(
    db: &Db,
    ids: &[UpstreamProviderId],
) -> Result<HashMap<UpstreamProviderId, Provider>> {
    let mut listing = Listing::of("id, document, created_at", "upstream_providers", "id");
    listing.any_of("id IN ({})", ids.iter().map(|id| sea_orm::Value::from(*id)).collect());
    let size = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let all = Window { after: None, before: None, from: End::First, size };
    let found = listing.page(&db.read, all).await?.try_map(|row| read_provider(&row))?;
    Ok(found.rows.into_iter().map(|provider| (provider.id, provider)).collect())
}

pub async fn provider(db: &Db, id: UpstreamProviderId) -> Result<Option<Provider>> {
    enabled().get(&db.read, id).await?.map(|row| read_provider(&row)).transpose()
}
