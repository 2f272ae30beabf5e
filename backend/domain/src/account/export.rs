//! Everything that is kept of a person, for the person (GDPR articles 15 and 20). Neither secrets nor what proves anything is
//! in it, nor what others are told in confidence: of events, what [`events`] tells.
//!
//! It is one JSON object, however much that is: it comes in pieces, each read by one statement, so that a person with very many
//! sessions takes no more memory than others.

use kernel::{Op, Result, Timestamp, id::*};
use sea_orm::{FromQueryResult, QueryResult};
use serde_json::{Value, json};
use store::{
    Db, Listing, Page, Window,
    listing::End,
    sql,
    tables::{browser_sessions, sessions, users},
};
use uuid::Uuid;

use super::events::{self, By};
use crate::audit;

/// Rows in one piece.
const SLICE: u32 = 500;

/// What is left to tell.
pub struct Export {
    db: Db,
    user: users::Model,
    at: Timestamp,
    /// The next of [`LISTS`]; none of it has been told yet if `after` is empty. `None` before the first.
    list: Option<usize>,
    after: Option<Uuid>,
}

/// Begins, and notes that it was begun.
pub async fn begin(db: &Db, op: &Op, user: users::Model) -> Result<Export> {
    let subject = audit::Subject { user: Some(user.id), ..Default::default() };
    audit::record(&db.single, op, audit::Kind::DataExported, subject).await?;
    Ok(Export { db: db.clone(), user, at: op.now, list: None, after: None })
}

impl Export {
    /// The next piece of the text. `None` at its end.
    pub async fn next(&mut self) -> Result<Option<String>> {
        let Some(at) = self.list else {
            self.list = Some(0);
            return self.head().await.map(Some);
        };
        match LISTS.get(at) {
            Some(list) => self.piece(list, at).await.map(Some),
            None if at == LISTS.len() => {
                self.list = Some(at + 1);
                Ok(Some("\n}\n".to_owned()))
            }
            None => Ok(None),
        }
    }

    async fn head(&self) -> Result<String> {
        let user = &self.user;
        let account = json!({
            "id": user.id,
            "username": user.username,
            "created_at": user.created_at.rfc3339(),
            "can_request_admin": user.can_request_admin,
            "language": user.language,
            "display_name_last_seen": user.display_name,
            "has_password": crate::users::reauthenticate::has_password(&self.db, user.id).await?,
        });
        let (at, terms) = (json!(self.at.rfc3339()), Value::from(terms(&self.db, user.id).await?));
        let other = Value::from(other_addresses(&self.db, user.id).await?);
        Ok(format!(
            "{{\n\"exported_at\": {at},\n\"account\": {account},\n\"accepted_terms\": {terms},\n\"other_addresses\": {other}"
        ))
    }

    /// A page of a list, a row per line.
    async fn piece(&mut self, list: &List, at: usize) -> Result<String> {
        let Page { rows, has_more } = self.page(list).await?;
        let mut text = if self.after.is_some() { String::new() } else { format!(",\n\"{}\": [", list.name) };
        for row in &rows {
            text.push_str(if self.after.is_some() { ",\n" } else { "\n" });
            text.push_str(&(list.tell)(row, self.user.id)?.to_string());
            self.after = Some(row.try_get("", "id")?);
        }
        if !has_more {
            text.push(']');
            (self.list, self.after) = (Some(at + 1), None);
        }
        Ok(text)
    }

    async fn page(&self, list: &List) -> Result<Page<QueryResult>> {
        let rows = (list.rows)(self.user.id);
        if !list.newest_first {
            let window = Window { after: self.after, before: None, from: End::First, size: SLICE };
            return Ok(rows.page(&self.db.read, window).await?);
        }
        let window = Window { after: None, before: self.after, from: End::Last, size: SLICE };
        let mut page = rows.page(&self.db.read, window).await?;
        page.rows.reverse();
        Ok(page)
    }
}

/// As many as the operator has had versions of them.
async fn terms(db: &Db, user: UserId) -> Result<Vec<Value>> {
    const TERMS: &str = "SELECT url, created_at FROM accepted_terms WHERE user_id = $1 ORDER BY created_at";
    let rows = sql::all(&db.read, TERMS, [user.into()]).await?;
    let tell = |row: &QueryResult| {
        Ok(json!({ "url": text(row, "url")?, "created_at": instant(row, "created_at")? }))
    };
    rows.iter().map(tell).collect()
}

/// Phone numbers and the like, as they came from Synapse: a handful at most.
async fn other_addresses(db: &Db, user: UserId) -> Result<Vec<Value>> {
    const OTHER: &str = "SELECT medium, address, created_at FROM user_third_party_ids WHERE user_id = $1 \
      ORDER BY medium, address";
    let rows = sql::all(&db.read, OTHER, [user.into()]).await?;
    let tell = |row: &QueryResult| {
        Ok(json!({
            "medium": text(row, "medium")?,
            "address": text(row, "address")?,
            "created_at": instant(row, "created_at")?,
        }))
    };
    rows.iter().map(tell).collect()
}

/// One member of the object.
struct List {
    name: &'static str,
    /// Each row has a column `id`, by which they are in order.
    rows: fn(UserId) -> Listing,
    newest_first: bool,
    tell: fn(&QueryResult, UserId) -> Result<Value>,
}

const LISTS: [List; 7] = [
    List { name: "email_addresses", rows: emails, newest_first: false, tell: email },
    List { name: "pending_email_addresses", rows: pending_emails, newest_first: false, tell: email },
    List { name: "linked_accounts", rows: links, newest_first: false, tell: link },
    List { name: "browsers", rows: browsers, newest_first: false, tell: browser },
    List { name: "apps", rows: apps, newest_first: false, tell: app },
    List { name: "remembered_consents", rows: consents, newest_first: false, tell: consent },
    List { name: "events", rows: told, newest_first: true, tell: event },
];

fn of(user: UserId, columns: &'static str, table: &'static str, id: &'static str) -> Listing {
    let mut listing = Listing::of(columns, table, id);
    listing.only("user_id = ?", [user.into()]);
    listing
}

fn emails(user: UserId) -> Listing {
    of(user, "id, email, created_at", "user_emails", "id")
}

fn email(row: &QueryResult, _: UserId) -> Result<Value> {
    Ok(json!({ "email": text(row, "email")?, "created_at": instant(row, "created_at")? }))
}

/// To which a code was sent that nobody has typed.
fn pending_emails(user: UserId) -> Listing {
    let mut listing = Listing::of("id, email, created_at", "email_authentications", "id");
    listing.only(
        "completed_at IS NULL AND browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = ?)",
        [user.into()],
    );
    listing
}

fn links(user: UserId) -> Listing {
    of(user, "id, subject, account_name, created_at", "upstream_links", "id")
}

fn link(row: &QueryResult, _: UserId) -> Result<Value> {
    Ok(json!({
        "subject": text(row, "subject")?,
        "account_name": text(row, "account_name")?,
        "created_at": instant(row, "created_at")?,
    }))
}

fn browsers(user: UserId) -> Listing {
    of(user, "*", "browser_sessions", "id")
}

fn browser(row: &QueryResult, _: UserId) -> Result<Value> {
    let session = browser_sessions::Model::from_query_result(row, "")?;
    Ok(json!({
        "id": session.id,
        "created_at": session.created_at.rfc3339(),
        "ended_at": session.finished_at.map(Timestamp::rfc3339),
        "user_agent": session.user_agent,
        "last_active_at": session.last_active_at.map(Timestamp::rfc3339),
        "last_active_ip": session.last_active_ip,
    }))
}

fn apps(user: UserId) -> Listing {
    let mut listing = Listing::of("*", "sessions", "id");
    listing.only("(user_id = ? OR owner_user_id = ?)", [user.into(), user.into()]);
    listing
}

fn app(row: &QueryResult, user: UserId) -> Result<Value> {
    let session = sessions::Model::from_query_result(row, "")?;
    // Where a program is that somebody else lets act as this person is not the person's business.
    let is_lent = session.kind == "personal" || session.owner_user_id.is_some();
    let is_others = is_lent && session.owner_user_id != Some(user);
    Ok(json!({
        "id": session.id,
        "kind": session.kind,
        "client_id": session.client_id,
        "scope": session.scope,
        "device_id": session.device_id,
        "name": session.human_name,
        "created_at": session.created_at.rfc3339(),
        "ended_at": session.finished_at.map(Timestamp::rfc3339),
        "user_agent": session.user_agent.filter(|_| !is_others),
        "last_active_at": session.last_active_at.map(Timestamp::rfc3339),
        "last_active_ip": session.last_active_ip.filter(|_| !is_others),
    }))
}

fn consents(user: UserId) -> Listing {
    of(user, "client_id AS id, scope, granted_at", "consents", "client_id")
}

fn consent(row: &QueryResult, _: UserId) -> Result<Value> {
    let client: ClientId = row.try_get("", "id")?;
    Ok(json!({
        "client_id": client,
        "scope": text(row, "scope")?,
        "granted_at": instant(row, "granted_at")?,
    }))
}

fn told(user: UserId) -> Listing {
    let told: Vec<_> = events::TOLD.iter().map(|kind| kind.name()).collect();
    events::of(user, Some(&told))
}

fn event(row: &QueryResult, user: UserId) -> Result<Value> {
    let event = events::Event::from_query_result(row, "")?;
    let by = By::of(&event, user);
    let detail = events::detail(&event);
    Ok(json!({
        "kind": event.kind,
        "created_at": event.created_at.rfc3339(),
        "detail": detail,
        "client_id": event.client_id,
        "by_administrator": by == By::Administrator,
        "ip": event.address.as_ref().filter(|_| by.may_be_located()),
        "user_agent": event.user_agent.as_ref().filter(|_| by.may_be_located()),
    }))
}

fn text(row: &QueryResult, column: &str) -> Result<Option<String>> {
    Ok(row.try_get("", column)?)
}

fn instant(row: &QueryResult, column: &str) -> Result<String> {
    Ok(row.try_get::<Timestamp>("", column)?.rfc3339())
}
