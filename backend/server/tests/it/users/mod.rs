//! Accounts change their state, whoever asks, and everything that hangs on them follows.

mod deactivation;
mod emails;
mod erasure;
mod lock;
mod reactivation;
mod sign_in;

use domain::users::{self, Settled};
use kernel::{
    Handle, Result, Token, TokenKind,
    id::{SessionId, UserId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use store::tables::{sessions, token_pairs};
use testkit::TestApp;

async fn lock(app: &TestApp, user: UserId) -> Settled {
    let op = app.op();
    app.parts().db.write(async |tx| users::lock(tx, &op, user).await).await.unwrap()
}

async fn unlock(app: &TestApp, user: UserId) -> Settled {
    let op = app.op();
    app.parts().db.write(async |tx| users::unlock(tx, &op, user).await).await.unwrap()
}

async fn deactivate(app: &TestApp, user: UserId, erase: bool) -> Settled {
    let op = app.op();
    app.parts().db.write(async |tx| users::deactivate(tx, &op, user, erase).await).await.unwrap()
}

async fn reactivate(app: &TestApp, user: UserId) -> Result<Settled> {
    let parts = app.parts();
    users::reactivate(&parts.db, &parts.homeserver, &app.op(), user).await
}

async fn named(app: &TestApp, username: &str) -> UserId {
    users::by_username(&app.parts().db.read, username).await.unwrap().unwrap().id
}

/// A session of a kind that has no endpoint, and its token.
struct Special<'a> {
    kind: TokenKind,
    user: UserId,
    owner: Option<UserId>,
    device: &'a str,
}

impl Special<'_> {
    async fn start(self, app: &TestApp) -> String {
        let (op, db) = (app.op(), &app.parts().db.single);
        let (session, handle): (SessionId, _) = (op.id(), Handle::new(op.random()));
        let token = Token::mint(self.kind, handle, op.random());
        let is_personal = self.kind == TokenKind::PersonalAccess;
        let row = sessions::ActiveModel {
            id: Set(session),
            kind: Set(if is_personal { "personal" } else { "compat" }.into()),
            user_id: Set(Some(self.user)),
            owner_user_id: Set(self.owner),
            scope: Set(if is_personal { "urn:matrix:client:api:*" } else { "" }.into()),
            device_id: Set(Some(self.device.into())),
            is_synapse_admin: Set(false),
            created_at: Set(op.now),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
        let row = token_pairs::ActiveModel {
            id: Set(op.id()),
            session_id: Set(session),
            handle: Set(Some(handle.to_string())),
            created_at: Set(op.now),
            access_id: Set(op.id()),
            access_hash: Set(token.hash().to_vec()),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
        token.expose().to_owned()
    }
}

/// A personal session that acts as `user` on behalf of `owner`.
async fn personal(app: &TestApp, user: UserId, owner: UserId, device: &str) -> String {
    Special { kind: TokenKind::PersonalAccess, user, owner: Some(owner), device }.start(app).await
}

async fn legacy(app: &TestApp, user: UserId, device: &str) -> String {
    Special { kind: TokenKind::CompatAccess, user, owner: None, device }.start(app).await
}
