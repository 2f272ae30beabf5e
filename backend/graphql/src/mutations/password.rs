//! Passwords.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::others,
    passwords::Complexity,
    sessions::end_all::Spared,
    users::{
        self,
        change_password::{self, Changed, Wish},
    },
};
use kernel::id::UserId;

use super::proof;
use crate::{
    asking::{Asking, Requester},
    fault::{ErrorCode, Fault},
    loads::PasswordOf,
    node_id,
    scalars::Url,
    shared::SignInCounts,
};

#[derive(InputObject)]
pub struct SetPasswordInput {
    user_id: ID,
    current_password: Option<String>,
    new_password: String,
    /// Also ends every other session of the account, as `endOtherSessions` does. Latchkey.
    #[graphql(default = false)]
    end_other_sessions: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SetPasswordStatus {
    Allowed,
    NotFound,
    NoCurrentPassword,
    WrongPassword,
    InvalidNewPassword,
    NotAllowed,
    PasswordChangesDisabled,
    NoSuchRecoveryTicket,
    RecoveryTicketAlreadyUsed,
    ExpiredRecoveryTicket,
    AccountLocked,
}

#[derive(SimpleObject)]
pub struct SetPasswordPayload {
    status: SetPasswordStatus,
    /// What was ended, if that was asked for. Latchkey.
    ended: Option<SignInCounts>,
}

impl From<SetPasswordStatus> for SetPasswordPayload {
    fn from(status: SetPasswordStatus) -> Self {
        Self { status, ended: None }
    }
}

#[derive(InputObject)]
pub struct SetPasswordByRecoveryInput {
    ticket: String,
    new_password: String,
}

#[derive(InputObject)]
pub struct ResendRecoveryEmailInput {
    ticket: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ResendRecoveryEmailStatus {
    Sent,
    NoSuchRecoveryTicket,
    RateLimited,
}

#[derive(SimpleObject)]
pub struct ResendRecoveryEmailPayload {
    status: ResendRecoveryEmailStatus,
    progress_url: Option<Url>,
}

#[derive(Default)]
pub struct Passwords;

#[Object]
impl Passwords {
    async fn set_password(&self, ctx: &Context<'_>, input: SetPasswordInput) -> Result<SetPasswordPayload> {
        use SetPasswordStatus as Status;
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        let user: UserId = node_id::parse(node_id::USER, &input.user_id)?;
        asking.must_own(user)?;
        if input.new_password.is_empty() {
            return Ok(Status::InvalidNewPassword.into());
        }
        let Some(parts) = proof::parts(app) else { return Ok(Status::PasswordChangesDisabled.into()) };
        if !asking.is_admin() && !app.site_config.password_change_allowed {
            return Ok(Status::PasswordChangesDisabled.into());
        }
        let complexity = Complexity::new(app.site_config.minimum_password_complexity);
        let Some(owner) = users::by_id(&app.db.read, user).await? else { return Ok(Status::NotFound.into()) };
        let changed = if let Some(session) = asking.admin_session() {
            let new = (&*input.new_password, complexity);
            change_password::by_administrator(parts, op, (user, session), new).await?
        } else {
            if !asking.loads.load_one(PasswordOf(user)).await?.unwrap_or_default() {
                return Ok(Status::NoCurrentPassword.into());
            }
            let Some(current) = &input.current_password else {
                return Err(Fault::new(ErrorCode::BadInput, "currentPassword is missing").into());
            };
            let wish = Wish { current, new: &input.new_password, complexity };
            change_password::by_current(parts, op, (user, &owner.username), wish).await?
        };
        match changed {
            Changed::Done => {}
            Changed::Weak => return Ok(Status::InvalidNewPassword.into()),
            Changed::Wrong => return Ok(Status::WrongPassword.into()),
            Changed::NoPassword => return Ok(Status::NoCurrentPassword.into()),
            Changed::Throttled(wait) => return Err(Fault::throttled(wait).into()),
        }
        let ended = match input.end_other_sessions {
            true => Some(end_others(asking, user, false, "setPassword").await?),
            false => None,
        };
        Ok(SetPasswordPayload { status: Status::Allowed, ended })
    }

    /// For people who are not signed in and hold a ticket.
    async fn set_password_by_recovery(
        &self,
        ctx: &Context<'_>,
        input: SetPasswordByRecoveryInput,
    ) -> Result<SetPasswordPayload> {
        must_be_anonymous(Asking::of(ctx))?;
        // There is no recovery yet, so whatever the ticket and the password are, nothing can be replaced.
        let SetPasswordByRecoveryInput { ticket: _, new_password: _ } = input;
        Ok(SetPasswordStatus::PasswordChangesDisabled.into())
    }

    /// Sends a new link to where the given one went.
    async fn resend_recovery_email(&self, input: ResendRecoveryEmailInput) -> ResendRecoveryEmailPayload {
        // There is no recovery yet, so nobody can have been sent one.
        let ResendRecoveryEmailInput { ticket: _ } = input;
        ResendRecoveryEmailPayload {
            status: ResendRecoveryEmailStatus::NoSuchRecoveryTicket,
            progress_url: None,
        }
    }
}

fn must_be_anonymous(asking: &Asking) -> Result<(), Fault> {
    match asking.requester {
        Requester::Anonymous => Ok(()),
        Requester::Browser(_) | Requester::App(_) => Err(asking.unauthorized()),
    }
}

/// Ends everything of an account but what asks, as a part of that mutation; on request also not the apps that were signed in through
/// this browser.
pub async fn end_others(
    asking: &Asking,
    user: UserId,
    keep_apps: bool,
    operation: &'static str,
) -> Result<SignInCounts> {
    let browser = asking.browser().filter(|browser| browser.user == user).map(|browser| browser.id);
    let session = match &asking.requester {
        Requester::App(bearer) => Some(bearer.session),
        Requester::Browser(_) | Requester::Anonymous => None,
    };
    let spared = Spared { browser, session, apps_of: browser.filter(|_| keep_apps) };
    let change = asking.administers(operation).map(|change| change.written_down(user));
    let ended = others::end(&asking.app.db, &asking.op, user, spared, change).await?;
    Ok(SignInCounts::new(ended.browser, ended.oauth + ended.compat))
}
