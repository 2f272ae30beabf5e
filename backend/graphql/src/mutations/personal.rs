//! Personal access tokens.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::personal,
    sessions::end::{self, Reason},
};
use kernel::id::SessionId;

use crate::{asking::Asking, fault::Fault, node_id, personal_session::PersonalSession};

#[derive(InputObject)]
pub struct CreatePersonalSessionInput {
    /// 1 to 100 characters.
    human_name: String,
    /// Parted by spaces; each one of `siteConfig.personalTokens.scopes`.
    scope: String,
    /// The token's life in seconds, at least 60; none: for ever.
    expires_in: Option<i32>,
    password: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CreatePersonalSessionStatus {
    Created,
    IncorrectPassword,
    InvalidName,
    InvalidScope,
    InvalidExpiry,
}

#[derive(SimpleObject)]
pub struct CreatePersonalSessionPayload {
    status: CreatePersonalSessionStatus,
    personal_session: Option<PersonalSession>,
    /// The token: this is the only time that it is told.
    access_token: Option<String>,
}

#[derive(InputObject)]
pub struct RevokePersonalSessionInput {
    personal_session_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum RevokePersonalSessionStatus {
    Revoked,
    NotFound,
}

#[derive(SimpleObject)]
pub struct RevokePersonalSessionPayload {
    status: RevokePersonalSessionStatus,
    personal_session: Option<PersonalSession>,
}

#[derive(Default)]
pub struct PersonalSessions;

#[Object]
impl PersonalSessions {
    /// Makes a personal access token. From a browser session only. Latchkey.
    async fn create_personal_session(
        &self,
        ctx: &Context<'_>,
        input: CreatePersonalSessionInput,
    ) -> Result<CreatePersonalSessionPayload> {
        Asking::of(ctx).must_be_browser()?;
        // `siteConfig.personalTokens` says so as well.
        let CreatePersonalSessionInput { human_name: _, scope: _, expires_in: _, password: _ } = input;
        Err(Fault::disabled("making personal access tokens").into())
    }

    /// Ends a token at once; revoking again changes nothing. Latchkey.
    async fn revoke_personal_session(
        &self,
        ctx: &Context<'_>,
        input: RevokePersonalSessionInput,
    ) -> Result<RevokePersonalSessionPayload> {
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        let id: SessionId = node_id::parse(node_id::PERSONAL_SESSION, &input.personal_session_id)?;
        let Some(user) = asking.user() else { return Err(asking.unauthorized().into()) };
        if personal::get(&app.db, user, id, op.now).await?.is_none() {
            let status = RevokePersonalSessionStatus::NotFound;
            return Ok(RevokePersonalSessionPayload { status, personal_session: None });
        }
        app.db.write(async |tx| end::end(tx, op, id, Reason::ByOwner).await).await?;
        let session = personal::get(&app.db, user, id, op.now).await?;
        Ok(RevokePersonalSessionPayload {
            status: RevokePersonalSessionStatus::Revoked,
            personal_session: session.map(|session| PersonalSession::new(session, op.now)),
        })
    }
}
