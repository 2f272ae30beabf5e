//! Rows of flows that came to no end, put into the database directly: not all of these flows have their pages yet.

use kernel::{
    Op,
    id::{JobId as RowId, UserId},
};
use sea_orm::Value;
use store::{Db, sql};
use testkit::TestApp;

/// All whose rows go in the end.
pub const TABLES: [&str; 16] = [
    "authorization_grants",
    "browser_sessions",
    "changes",
    "client_assertions",
    "device_grants",
    "email_authentications",
    "email_codes",
    "oauth_clients",
    "policy_data",
    "recovery_sessions",
    "registrations",
    "sessions",
    "sign_ins",
    "token_pairs",
    "upstream_links",
    "upstream_visits",
];

async fn insert(db: &Db, statement: &'static str, values: Vec<Value>) {
    sql::execute(&db.single, statement, values).await.unwrap();
}

fn hash() -> Value {
    vec![0_u8; 32].into()
}

fn row(op: &Op) -> RowId {
    op.id()
}

/// One of each, made now; two registrations, one of them finished; of policies thirteen.
pub async fn seed(app: &TestApp) {
    let (db, op) = (&app.parts().db, app.op());
    let now: Value = op.now.into();
    let (registration, proof, provider, link) = (row(&op), row(&op), row(&op), row(&op));
    insert(db, REGISTRATION, vec![registration.into(), now.clone(), None::<i64>.into()]).await;
    insert(db, REGISTRATION, vec![row(&op).into(), now.clone(), now.clone()]).await;
    insert(db, PROOF, vec![proof.into(), registration.into(), now.clone()]).await;
    insert(db, PROOF, vec![row(&op).into(), None::<RowId>.into(), now.clone()]).await;
    insert(db, CODE, vec![row(&op).into(), proof.into(), now.clone(), hash()]).await;
    insert(db, RECOVERY, vec![row(&op).into(), now.clone()]).await;
    insert(db, SIGN_IN, vec![row(&op).into(), now.clone(), hash()]).await;
    insert(db, PROVIDER, vec![provider.into(), now.clone()]).await;
    insert(db, LINK, vec![link.into(), provider.into(), "idle".into(), now.clone()]).await;
    visit(app, provider, link).await;
    for _ in 0..13 {
        insert(db, POLICY, vec![row(&op).into(), now.clone()]).await;
    }
}

/// Somebody comes from the provider, now.
async fn visit(app: &TestApp, provider: RowId, link: RowId) {
    let op = app.op();
    let state = op.alphanumeric(32).into_bytes();
    let values = vec![row(&op).into(), provider.into(), link.into(), state.into(), op.now.into()];
    insert(&app.parts().db, VISIT, values).await;
}

/// The link's person comes again, now.
pub async fn visit_again(app: &TestApp) {
    let link =
        sql::one(&app.parts().db.read, "SELECT id, provider_id FROM upstream_links", []).await.unwrap();
    let link = link.unwrap();
    visit(app, link.try_get("", "provider_id").unwrap(), link.try_get("", "id").unwrap()).await;
}

/// The link's person has an account, and a browser session that came from the visit.
pub async fn own(app: &TestApp, user: UserId) {
    let (db, op) = (&app.parts().db, app.op());
    let browser = crate::faults::seeds::browser_session(db, &op, user).await;
    insert(db, "UPDATE upstream_links SET user_id = $1", vec![user.into()]).await;
    insert(db, "UPDATE upstream_visits SET browser_session_id = $1", vec![browser.into()]).await;
}

const REGISTRATION: &str = "INSERT INTO registrations (id, username, document, created_at, completed_at) \
  VALUES ($1, 'dora', '{}', $2, $3)";
const PROOF: &str = "INSERT INTO email_authentications (id, registration_id, email, created_at) \
  VALUES ($1, $2, 'dora@example.com', $3)";
const CODE: &str = "INSERT INTO email_codes (id, email_authentication_id, code_hash, created_at, expires_at) \
  VALUES ($1, $2, $4, $3, $3)";
const RECOVERY: &str =
    "INSERT INTO recovery_sessions (id, email, locale, created_at) VALUES ($1, 'dora@example.com', 'en', $2)";
const SIGN_IN: &str = "INSERT INTO sign_ins (id, secret_hash, amr, created_at, expires_at) \
  VALUES ($1, $3, 'pwd', $2, $2)";
const PROVIDER: &str =
    "INSERT INTO upstream_providers (id, position, document, created_at) VALUES ($1, 1, '{}', $2)";
const LINK: &str =
    "INSERT INTO upstream_links (id, provider_id, subject, created_at) VALUES ($1, $2, $3, $4)";
const VISIT: &str = "INSERT INTO upstream_visits (id, provider_id, link_id, state_hash, document, created_at) \
  VALUES ($1, $2, $3, $4, '{}', $5)";
const POLICY: &str = "INSERT INTO policy_data (id, data, created_at) VALUES ($1, '{}', $2)";
