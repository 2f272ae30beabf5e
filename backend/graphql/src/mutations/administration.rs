//! What administrators do, by bearer tokens with `urn:mas:admin`. The REST admin API is the better way.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::sessions,
    homeserver::Availability,
    oauth::grants::direct::{self, NewGrant, Refused},
    personal::Shown,
    users::{
        self, Settled,
        register::{self, NewUser, Registration},
    },
};
use kernel::{Error, Kind, Op, Scope, id::*};
use store::{Tx, tables::users::Model as Account};

use super::administered::Change;
use crate::{
    app_session::Oauth2Session,
    asking::{Asking, Requester},
    fault::{ErrorCode, Fault},
    node_id,
    user::User,
};

#[derive(InputObject)]
pub struct AddUserInput {
    username: String,
    skip_homeserver_check: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AddUserStatus {
    Added,
    Exists,
    Reserved,
    Invalid,
}

#[derive(SimpleObject)]
pub struct AddUserPayload {
    status: AddUserStatus,
    user: Option<User>,
}

#[derive(InputObject)]
pub struct LockUserInput {
    user_id: ID,
    /// Also deactivates and erases it.
    deactivate: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum LockUserStatus {
    Locked,
    NotFound,
}

#[derive(SimpleObject)]
pub struct LockUserPayload {
    status: LockUserStatus,
    user: Option<User>,
}

#[derive(InputObject)]
pub struct UnlockUserInput {
    user_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum UnlockUserStatus {
    Unlocked,
    NotFound,
}

#[derive(SimpleObject)]
pub struct UnlockUserPayload {
    status: UnlockUserStatus,
    user: Option<User>,
}

#[derive(InputObject)]
pub struct SetCanRequestAdminInput {
    user_id: ID,
    can_request_admin: bool,
}

#[derive(SimpleObject)]
pub struct SetCanRequestAdminPayload {
    user: Option<User>,
}

#[derive(InputObject)]
pub struct CreateOAuth2SessionInput {
    scope: String,
    user_id: ID,
    /// A token without end, and none to refresh it.
    permanent: Option<bool>,
    /// Allow administrative scopes although the policy does not let the user administer. Latchkey.
    skip_actor_check: Option<bool>,
}

#[derive(SimpleObject)]
pub struct CreateOAuth2SessionPayload {
    access_token: String,
    refresh_token: Option<String>,
    oauth2_session: Oauth2Session,
}

/// The account, which an administrator may change by this mutation.
async fn find(ctx: &Context<'_>, id: &ID, operation: &'static str) -> Result<Option<(Account, Change)>> {
    let asking = Asking::of(ctx);
    let change = Change { operation, by: asking.must_be_admin()? };
    let id: UserId = node_id::parse(node_id::USER, id)?;
    Ok(users::by_id(&asking.app.db.read, id).await?.map(|user| (user, change)))
}

/// Carries out a change of an account, and writes it down.
async fn change(
    asking: &Asking,
    id: UserId,
    change: Change,
    work: impl AsyncFnOnce(&Tx, &Op) -> kernel::Result<Settled>,
) -> Result<User> {
    let op = &asking.op;
    let changed = asking.app.db.write(async |tx| {
        let before = users::hold(tx, id).await?;
        let after = work(tx, op).await?.user;
        change.of_user(tx, op, before.as_ref(), &after).await?;
        Ok::<_, Error>(after)
    });
    Ok(changed.await?.into())
}

#[derive(Default)]
pub struct Administration;

#[Object]
impl Administration {
    /// For administrators.
    async fn add_user(&self, ctx: &Context<'_>, input: AddUserInput) -> Result<AddUserPayload> {
        use AddUserStatus as Status;
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        let change = Change { operation: "addUser", by: asking.must_be_admin()? };
        let username = &input.username;
        if let Some(user) = users::by_username(&app.db.read, username).await? {
            return Ok(AddUserPayload { status: Status::Exists, user: Some(user.into()) });
        }
        if !is_username(username) {
            return Ok(AddUserPayload { status: Status::Invalid, user: None });
        }
        if !input.skip_homeserver_check.unwrap_or_default() {
            let availability = app.homeserver.availability(username).await;
            if availability.map_err(|error| Fault::homeserver(&error))? == Availability::Unavailable {
                return Ok(AddUserPayload { status: Status::Reserved, user: None });
            }
        }
        let new = NewUser { username: username.clone(), ..NewUser::default() };
        let created = app.db.write(async |tx| match register::create(tx, op, &new).await? {
            Registration::Created(id) => {
                change.of_user(tx, op, None, &users::state::find(tx, id).await?).await?;
                Ok::<_, Error>(id)
            }
            Registration::UsernameTaken | Registration::EmailTaken(_) => {
                Err(Error::new(Kind::Conflict, "somebody else has taken this name just now"))
            }
        });
        let id = created.await?;
        Ok(AddUserPayload { status: Status::Added, user: Some(User::load(ctx, id).await?) })
    }

    /// For administrators.
    async fn lock_user(&self, ctx: &Context<'_>, input: LockUserInput) -> Result<LockUserPayload> {
        let asking = Asking::of(ctx);
        let Some((Account { id, .. }, noted)) = find(ctx, &input.user_id, "lockUser").await? else {
            return Ok(LockUserPayload { status: LockUserStatus::NotFound, user: None });
        };
        let deactivate = input.deactivate.unwrap_or_default();
        let lock = async |tx: &Tx, op: &Op| {
            let locked = users::lock(tx, op, id).await?;
            if deactivate { users::deactivate(tx, op, id, true).await } else { Ok(locked) }
        };
        let user = change(asking, id, noted, lock).await?;
        Ok(LockUserPayload { status: LockUserStatus::Locked, user: Some(user) })
    }

    /// For administrators.
    async fn unlock_user(&self, ctx: &Context<'_>, input: UnlockUserInput) -> Result<UnlockUserPayload> {
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        let Some((Account { id, username, .. }, noted)) = find(ctx, &input.user_id, "unlockUser").await?
        else {
            return Ok(UnlockUserPayload { status: UnlockUserStatus::NotFound, user: None });
        };
        // Also if it is open here: asking again mends a homeserver that has not heard of it.
        let reopened = users::reactivate::reopen_there(&app.homeserver, &username).await;
        reopened.map_err(|error| Fault::homeserver(&error))?;
        let unlock = async |tx: &Tx| {
            let before = users::hold(tx, id).await?;
            if users::reactivate::open(tx, op, id).await?.is_none() {
                return Ok(None);
            }
            let after = users::unlock(tx, op, id).await?.user;
            noted.of_user(tx, op, before.as_ref(), &after).await?;
            Ok::<_, Error>(Some(after))
        };
        loop {
            if let Some(user) = app.db.write(unlock).await? {
                return Ok(UnlockUserPayload { status: UnlockUserStatus::Unlocked, user: Some(user.into()) });
            }
        }
    }

    /// For administrators.
    async fn set_can_request_admin(
        &self,
        ctx: &Context<'_>,
        input: SetCanRequestAdminInput,
    ) -> Result<SetCanRequestAdminPayload> {
        let asking = Asking::of(ctx);
        let found = find(ctx, &input.user_id, "setCanRequestAdmin").await?;
        let Some((Account { id, .. }, noted)) = found else {
            return Ok(SetCanRequestAdminPayload { user: None });
        };
        let set = async |tx: &Tx, op: &Op| users::set_admin(tx, op, id, input.can_request_admin).await;
        let user = change(asking, id, noted, set).await?;
        Ok(SetCanRequestAdminPayload { user: Some(user) })
    }

    /// Signs a user in to the calling client. For administrators. The session ends with who made it.
    async fn create_oauth2_session(
        &self,
        ctx: &Context<'_>,
        input: CreateOAuth2SessionInput,
    ) -> Result<CreateOAuth2SessionPayload> {
        let asking = Asking::of(ctx);
        let app = &asking.app;
        let by_session = asking.must_be_admin()?;
        let Requester::App(bearer) = &asking.requester else { return Err(asking.unauthorized().into()) };
        let invalid = |message: String| Fault::new(ErrorCode::BadInput, message);
        let scope: Scope = input.scope.parse().map_err(|error| invalid(format!("scope: {error}")))?;
        let id: UserId = node_id::parse(node_id::USER, &input.user_id)?;
        let user = users::by_id(&app.db.read, id).await?;
        let user = user.ok_or_else(|| invalid("there is no such user".to_owned()))?;
        let client = match bearer.client {
            Some(client) => asking.loads.load_one(client).await?,
            None => None,
        };
        let client = client.ok_or_else(|| invalid("this token belongs to no client".to_owned()))?;
        let parts = direct::Parts {
            db: &app.db,
            homeserver: &app.homeserver,
            policy: &app.policy,
            writer: &*app.post.writer,
            lineage: &app.lineage,
            access_token_ttl: app.lifetimes.access_token,
        };
        let new = NewGrant {
            user: &user,
            client: &client,
            scope: &scope,
            permanent: input.permanent.unwrap_or_default(),
            skip_actor_check: input.skip_actor_check.unwrap_or_default(),
            by: Shown { session: by_session, token: bearer.token },
        };
        let given = direct::start(parts, &asking.op, new).await?;
        let given = given.map_err(|refused| match refused {
            Refused::Ended => asking.unauthorized(),
            Refused::Deactivated => Fault::new(ErrorCode::Conflict, "this user is deactivated"),
            Refused::Denied(violations) => {
                invalid(violations.into_iter().map(|one| one.msg).collect::<Vec<_>>().join("; "))
            }
        })?;
        let session = sessions::get(&app.db, given.session).await?;
        let session =
            session.ok_or_else(|| Error::internal("a session that has just been started is gone"))?;
        Ok(CreateOAuth2SessionPayload {
            access_token: given.access.expose().to_owned(),
            refresh_token: given.refresh.map(|token| token.expose().to_owned()),
            oauth2_session: Oauth2Session(session),
        })
    }
}

/// 1 to 255 bytes of what Matrix allows in localparts; a leading underscore is for application services.
fn is_username(username: &str) -> bool {
    (1..=255).contains(&username.len())
        && !username.starts_with('_')
        && username
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"=_-./+".contains(&byte))
}
