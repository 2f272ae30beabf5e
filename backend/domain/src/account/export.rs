//! Everything that is kept of a person, for the person (GDPR articles 15 and 20). Neither secrets nor what proves anything is
//! in it.

use kernel::{Op, Result, id::*};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use store::{
    Db, sql,
    tables::{audit_events, browser_sessions, consents, sessions, user_emails, users},
};

use crate::audit;

/// The newest events that are told; more are kept for a while, but nobody reads them.
const MOST_EVENTS: u64 = 10_000;

/// Reads it all, and notes that it was read.
pub async fn export(db: &Db, op: &Op, user: &users::Model) -> Result<Value> {
    let subject = audit::Subject { user: Some(user.id), ..Default::default() };
    audit::record(&db.single, op, audit::Kind::DataExported, subject).await?;
    let id = user.id;
    Ok(json!({
        "exported_at": op.now.rfc3339(),
        "account": {
            "id": id,
            "username": user.username,
            "created_at": user.created_at.rfc3339(),
            "can_request_admin": user.can_request_admin,
            "language": user.language,
            "has_password": crate::users::reauthenticate::has_password(db, id).await?,
        },
        "email_addresses": emails(db, id).await?,
        "accepted_terms": rows(db, TERMS, id, &["url", "created_at"]).await?,
        "linked_accounts": rows(db, LINKS, id, &["subject", "account_name", "created_at"]).await?,
        "browsers": browsers(db, id).await?,
        "apps": apps(db, id).await?,
        "remembered_consents": consents(db, id).await?,
        "events": events(db, id).await?,
    }))
}

const TERMS: &str = "SELECT url, created_at FROM accepted_terms WHERE user_id = $1 ORDER BY created_at";
const LINKS: &str =
    "SELECT subject, account_name, created_at FROM upstream_links WHERE user_id = $1 ORDER BY id";

/// Rows of texts, the last column of which is an instant.
async fn rows(db: &Db, statement: &'static str, user: UserId, columns: &[&str]) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for row in sql::all(&db.read, statement, [user.into()]).await? {
        let mut one = serde_json::Map::new();
        for column in columns {
            let value = match column.ends_with("_at") {
                true => json!(row.try_get::<kernel::Timestamp>("", column)?.rfc3339()),
                false => json!(row.try_get::<Option<String>>("", column)?),
            };
            one.insert((*column).to_owned(), value);
        }
        all.push(Value::Object(one));
    }
    Ok(all)
}

async fn emails(db: &Db, user: UserId) -> Result<Vec<Value>> {
    let found = user_emails::Entity::find().filter(user_emails::Column::UserId.eq(user));
    let found = found.order_by_asc(user_emails::Column::Id).all(&db.read).await?;
    Ok(found
        .iter()
        .map(|email| json!({ "email": email.email, "created_at": email.created_at.rfc3339() }))
        .collect())
}

async fn browsers(db: &Db, user: UserId) -> Result<Vec<Value>> {
    let found = browser_sessions::Entity::find().filter(browser_sessions::Column::UserId.eq(user));
    let found = found.order_by_asc(browser_sessions::Column::Id).all(&db.read).await?;
    let tell = |session: &browser_sessions::Model| {
        json!({
            "id": session.id,
            "created_at": session.created_at.rfc3339(),
            "ended_at": session.finished_at.map(kernel::Timestamp::rfc3339),
            "user_agent": session.user_agent,
            "last_active_at": session.last_active_at.map(kernel::Timestamp::rfc3339),
            "last_active_ip": session.last_active_ip,
        })
    };
    Ok(found.iter().map(tell).collect())
}

async fn apps(db: &Db, user: UserId) -> Result<Vec<Value>> {
    let whose =
        Condition::any().add(sessions::Column::UserId.eq(user)).add(sessions::Column::OwnerUserId.eq(user));
    let found = sessions::Entity::find().filter(whose);
    let found = found.order_by_asc(sessions::Column::Id).all(&db.read).await?;
    let tell = |session: &sessions::Model| {
        json!({
            "id": session.id,
            "kind": session.kind,
            "client_id": session.client_id,
            "scope": session.scope,
            "device_id": session.device_id,
            "name": session.human_name,
            "created_at": session.created_at.rfc3339(),
            "ended_at": session.finished_at.map(kernel::Timestamp::rfc3339),
            "user_agent": session.user_agent,
            "last_active_at": session.last_active_at.map(kernel::Timestamp::rfc3339),
            "last_active_ip": session.last_active_ip,
        })
    };
    Ok(found.iter().map(tell).collect())
}

async fn consents(db: &Db, user: UserId) -> Result<Vec<Value>> {
    let found = consents::Entity::find().filter(consents::Column::UserId.eq(user)).all(&db.read).await?;
    let tell = |consent: &consents::Model| {
        json!({
            "client_id": consent.client_id,
            "scope": consent.scope,
            "granted_at": consent.granted_at.rfc3339(),
        })
    };
    Ok(found.iter().map(tell).collect())
}

async fn events(db: &Db, user: UserId) -> Result<Vec<Value>> {
    let found = audit_events::Entity::find().filter(audit_events::Column::UserId.eq(user));
    let found = found.order_by_desc(audit_events::Column::Id).limit(MOST_EVENTS).all(&db.read).await?;
    let own = audit::actor(kernel::Actor::User(user));
    let tell = |event: &audit_events::Model| {
        // Where from somebody else acted on the account is not this person's.
        let by_others = event.actor != own && event.actor != audit::actor(kernel::Actor::Anonymous);
        json!({
            "kind": event.kind,
            "created_at": event.created_at.rfc3339(),
            "ip": event.address.as_ref().filter(|_| !by_others),
            "user_agent": event.user_agent.as_ref().filter(|_| !by_others),
            "client_id": event.client_id,
            "data": event.data,
        })
    };
    Ok(found.iter().map(tell).collect())
}
