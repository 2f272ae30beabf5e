//! Signing out, and names.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::{
        browser_sessions,
        rename::{self, SessionName},
        sessions::{self, Session},
    },
    audit::Subject,
    sessions::end::{self, Reason},
    users::{self, browser},
};
use edge::session::signed_out;
use kernel::{Op, id::*};
use serde_json::{Value, json};
use store::Tx;

use super::{administered::Change, password::end_others};
use crate::{
    app_session::{CompatSession, Oauth2Session},
    asking::Asking,
    browser_session::BrowserSession,
    fault::{ErrorCode, Fault},
    node_id,
    shared::SignInCounts,
    user::User,
};

#[derive(InputObject)]
pub struct EndOAuth2SessionInput {
    oauth2_session_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum EndOAuth2SessionStatus {
    Ended,
    NotFound,
}

#[derive(SimpleObject)]
pub struct EndOAuth2SessionPayload {
    status: EndOAuth2SessionStatus,
    oauth2_session: Option<Oauth2Session>,
}

#[derive(InputObject)]
pub struct EndCompatSessionInput {
    compat_session_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum EndCompatSessionStatus {
    Ended,
    NotFound,
}

#[derive(SimpleObject)]
pub struct EndCompatSessionPayload {
    status: EndCompatSessionStatus,
    compat_session: Option<CompatSession>,
}

#[derive(InputObject)]
pub struct EndBrowserSessionInput {
    browser_session_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum EndBrowserSessionStatus {
    Ended,
    NotFound,
}

#[derive(SimpleObject)]
pub struct EndBrowserSessionPayload {
    status: EndBrowserSessionStatus,
    browser_session: Option<BrowserSession>,
}

#[derive(InputObject)]
pub struct SetOAuth2SessionNameInput {
    oauth2_session_id: ID,
    human_name: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SetOAuth2SessionNameStatus {
    Updated,
    NotFound,
}

#[derive(SimpleObject)]
pub struct SetOAuth2SessionNamePayload {
    status: SetOAuth2SessionNameStatus,
    oauth2_session: Option<Oauth2Session>,
}

#[derive(InputObject)]
pub struct SetCompatSessionNameInput {
    compat_session_id: ID,
    human_name: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SetCompatSessionNameStatus {
    Updated,
    NotFound,
}

#[derive(SimpleObject)]
pub struct SetCompatSessionNamePayload {
    status: SetCompatSessionNameStatus,
    oauth2_session: Option<CompatSession>,
}

#[derive(InputObject)]
pub struct EndOtherSessionsInput {
    /// Also spares the apps that were signed in through this browser.
    #[graphql(default = true)]
    keep_apps_of_this_browser: bool,
}

#[derive(SimpleObject)]
pub struct EndOtherSessionsPayload {
    ended: SignInCounts,
    user: User,
}

#[derive(Default)]
pub struct Sessions;

#[Object]
impl Sessions {
    async fn end_oauth2_session(
        &self,
        ctx: &Context<'_>,
        input: EndOAuth2SessionInput,
    ) -> Result<EndOAuth2SessionPayload> {
        let id = node_id::parse(node_id::OAUTH2_SESSION, &input.oauth2_session_id)?;
        Ok(match end(ctx, &OAUTH, id).await? {
            None => {
                EndOAuth2SessionPayload { status: EndOAuth2SessionStatus::NotFound, oauth2_session: None }
            }
            Some(session) => EndOAuth2SessionPayload {
                status: EndOAuth2SessionStatus::Ended,
                oauth2_session: Some(Oauth2Session(session)),
            },
        })
    }

    async fn end_compat_session(
        &self,
        ctx: &Context<'_>,
        input: EndCompatSessionInput,
    ) -> Result<EndCompatSessionPayload> {
        let id = node_id::parse(node_id::COMPAT_SESSION, &input.compat_session_id)?;
        Ok(match end(ctx, &COMPAT, id).await? {
            None => {
                EndCompatSessionPayload { status: EndCompatSessionStatus::NotFound, compat_session: None }
            }
            Some(session) => EndCompatSessionPayload {
                status: EndCompatSessionStatus::Ended,
                compat_session: Some(CompatSession(session)),
            },
        })
    }

    /// Apps that were signed in through it stay.
    async fn end_browser_session(
        &self,
        ctx: &Context<'_>,
        input: EndBrowserSessionInput,
    ) -> Result<EndBrowserSessionPayload> {
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        asking.must_be_somebody()?;
        let id: BrowserSessionId = node_id::parse(node_id::BROWSER_SESSION, &input.browser_session_id)?;
        let found = browser_sessions::get(&app.db, id).await?;
        let Some(mut session) = found.filter(|session| asking.may(session.user_id)) else {
            let status = EndBrowserSessionStatus::NotFound;
            return Ok(EndBrowserSessionPayload { status, browser_session: None });
        };
        let end = async |tx: &Tx| {
            let is_ended = browser::end(tx, op, id, reason(asking, session.user_id)).await?;
            let Some(change) = asking.administers("endBrowserSession").filter(|_| is_ended) else {
                return Ok(());
            };
            let subject =
                Subject { user: Some(session.user_id), browser_session: Some(id), ..Default::default() };
            let path = format!("user-sessions/{id}");
            change.of_session(tx, op, (subject, &path), ended(op)).await
        };
        app.db.write(end).await?;
        session.finished_at.get_or_insert(op.now);
        if asking.browser().is_some_and(|current| current.id == id) {
            asking.set_cookie(signed_out(app, op));
        }
        Ok(EndBrowserSessionPayload {
            status: EndBrowserSessionStatus::Ended,
            browser_session: Some(BrowserSession(session)),
        })
    }

    async fn set_oauth2_session_name(
        &self,
        ctx: &Context<'_>,
        input: SetOAuth2SessionNameInput,
    ) -> Result<SetOAuth2SessionNamePayload> {
        let id = node_id::parse(node_id::OAUTH2_SESSION, &input.oauth2_session_id)?;
        Ok(match set_name(ctx, &OAUTH, id, &input.human_name).await? {
            None => SetOAuth2SessionNamePayload {
                status: SetOAuth2SessionNameStatus::NotFound,
                oauth2_session: None,
            },
            Some(session) => SetOAuth2SessionNamePayload {
                status: SetOAuth2SessionNameStatus::Updated,
                oauth2_session: Some(Oauth2Session(session)),
            },
        })
    }

    async fn set_compat_session_name(
        &self,
        ctx: &Context<'_>,
        input: SetCompatSessionNameInput,
    ) -> Result<SetCompatSessionNamePayload> {
        let id = node_id::parse(node_id::COMPAT_SESSION, &input.compat_session_id)?;
        Ok(match set_name(ctx, &COMPAT, id, &input.human_name).await? {
            None => SetCompatSessionNamePayload {
                status: SetCompatSessionNameStatus::NotFound,
                oauth2_session: None,
            },
            Some(session) => SetCompatSessionNamePayload {
                status: SetCompatSessionNameStatus::Updated,
                oauth2_session: Some(CompatSession(session)),
            },
        })
    }

    /// Ends every active session of the viewer but the browser session that asks. Latchkey.
    async fn end_other_sessions(
        &self,
        ctx: &Context<'_>,
        input: EndOtherSessionsInput,
    ) -> Result<EndOtherSessionsPayload> {
        let asking = Asking::of(ctx);
        let Some(user) = asking.user() else { return Err(asking.unauthorized().into()) };
        let ended = end_others(asking, user, input.keep_apps_of_this_browser, "endOtherSessions").await?;
        Ok(EndOtherSessionsPayload { ended, user: User::load(ctx, user).await? })
    }
}

fn reason(asking: &Asking, owner: UserId) -> Reason {
    if asking.user() == Some(owner) { Reason::ByOwner } else { Reason::ByAdmin }
}

/// Sessions that the same is done to.
struct Sort {
    kind: &'static str,
    /// In the admin API.
    path: &'static str,
    end: &'static str,
    rename: &'static str,
}

const OAUTH: Sort =
    Sort { kind: "oauth", path: "oauth2-sessions", end: "endOauth2Session", rename: "setOauth2SessionName" };
const COMPAT: Sort =
    Sort { kind: "compat", path: "compat-sessions", end: "endCompatSession", rename: "setCompatSessionName" };

impl Sort {
    /// Writes down what an administrator did to one.
    async fn note(
        &self,
        tx: &Tx,
        op: &Op,
        (session, change): (&Session, Option<Change>),
        states: (Value, Value),
    ) -> kernel::Result<()> {
        let Some(change) = change else { return Ok(()) };
        let (user, client) = (session.user_id, session.client_id);
        let subject = Subject { user, client, session: Some(session.id), ..Default::default() };
        change.of_session(tx, op, (subject, &format!("{}/{}", self.path, session.id)), states).await
    }
}

/// Before, and after.
fn ended(op: &Op) -> (Value, Value) {
    (json!({ "finished_at": null }), json!({ "finished_at": op.now.rfc3339() }))
}

/// A session of that sort that the requester may change.
async fn find(asking: &Asking, sort: &Sort, id: SessionId) -> Result<Option<(Session, UserId)>> {
    asking.must_be_somebody()?;
    let found = sessions::get(&asking.app.db, id).await?.filter(|session| session.kind == sort.kind);
    let Some(session) = found else { return Ok(None) };
    match session.user_id {
        Some(user) if asking.may(user) => Ok(Some((session, user))),
        None if asking.is_admin() => Err(Fault::new(ErrorCode::BadInput, "this session has no user").into()),
        _ => Ok(None),
    }
}

async fn end(ctx: &Context<'_>, sort: &Sort, id: SessionId) -> Result<Option<Session>> {
    let asking = Asking::of(ctx);
    let op = &asking.op;
    let Some((mut session, user)) = find(asking, sort, id).await? else { return Ok(None) };
    let end = async |tx: &Tx| {
        if !end::end(tx, op, id, reason(asking, user)).await? {
            return Ok(false);
        }
        let change = asking.administers(sort.end);
        sort.note(tx, op, (&session, change), ended(op)).await?;
        Ok::<_, kernel::Error>(true)
    };
    if !asking.app.db.write(end).await? {
        return Err(Fault::new(ErrorCode::Conflict, "this session has ended already").into());
    }
    session.finished_at = Some(op.now);
    Ok(Some(session))
}

async fn set_name(ctx: &Context<'_>, sort: &Sort, id: SessionId, name: &str) -> Result<Option<Session>> {
    let asking = Asking::of(ctx);
    let (app, op) = (&asking.app, &asking.op);
    let Some((session, user)) = find(asking, sort, id).await? else { return Ok(None) };
    let name = SessionName::parse(name)?;
    let user = users::state::find(&app.db.read, user).await?;
    let told = rename::tell(&app.homeserver, (&session, &user), &name).await;
    told.map_err(|error| Fault::homeserver(&error))?;
    let rename = async |tx: &Tx| {
        let before = rename::rename(tx, op, &session, &name).await?;
        let states = (json!({ "human_name": before }), json!({ "human_name": name.as_str() }));
        sort.note(tx, op, (&session, asking.administers(sort.rename)), states).await
    };
    app.db.write(rename).await?;
    Ok(sessions::get(&app.db, session.id).await?)
}
