//! Links: which account at a provider is whose here. Of one account there, there is one link at most.

use kernel::{Op, Result, id::*};
use serde_json::json;
use store::{Tx, sql};

use crate::audit;

/// A link to be.
#[derive(Clone, Debug)]
pub struct NewLink {
    pub user: UserId,
    pub provider: UpstreamProviderId,
    pub subject: String,
    pub account_name: Option<String>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    Created(UpstreamLinkId),
    /// It was there, of nobody; now it is this user's.
    Attached(UpstreamLinkId),
    /// Somebody has it, maybe this very user.
    Taken,
}

pub async fn add(tx: &Tx, op: &Op, new: &NewLink) -> Result<Linked> {
    const INSERT: &str = "INSERT INTO upstream_links (id, provider_id, user_id, subject, account_name, created_at) \
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    const ATTACH: &str = "UPDATE upstream_links SET user_id = $3 \
      WHERE provider_id = $1 AND subject = $2 AND user_id IS NULL RETURNING id";
    let id: UpstreamLinkId = op.id();
    let (provider, subject) = (new.provider, new.subject.clone());
    let values = [
        id.into(),
        provider.into(),
        new.user.into(),
        subject.clone().into(),
        new.account_name.clone().into(),
        op.now.into(),
    ];
    let linked = if sql::execute(tx, INSERT, values).await? > 0 {
        Linked::Created(id)
    } else {
        match sql::one(tx, ATTACH, [provider.into(), subject.into(), new.user.into()]).await? {
            Some(row) => Linked::Attached(row.try_get("", "id")?),
            None => return Ok(Linked::Taken),
        }
    };
    note(tx, op, audit::Kind::UpstreamLinked, Some(new.user), provider).await?;
    Ok(linked)
}

/// Takes a link away. Sessions that were signed in by it go on, but their visits to the provider know it no more. False if
/// there is none.
pub async fn remove(tx: &Tx, op: &Op, id: UpstreamLinkId) -> Result<bool> {
    const DETACH: &str = "UPDATE upstream_visits SET link_id = NULL, unlinked_at = $2 WHERE link_id = $1";
    const REMOVE: &str = "DELETE FROM upstream_links WHERE id = $1 RETURNING user_id, provider_id";
    sql::execute(tx, DETACH, [id.into(), op.now.into()]).await?;
    let Some(row) = sql::one(tx, REMOVE, [id.into()]).await? else { return Ok(false) };
    let (user, provider) = (row.try_get("", "user_id")?, row.try_get("", "provider_id")?);
    note(tx, op, audit::Kind::UpstreamUnlinked, user, provider).await?;
    Ok(true)
}

async fn note(
    tx: &Tx,
    op: &Op,
    kind: audit::Kind,
    user: Option<UserId>,
    provider: UpstreamProviderId,
) -> Result<()> {
    let subject = audit::Subject { user, data: Some(json!({ "provider": provider })), ..Default::default() };
    audit::record(tx, op, kind, subject).await
}
