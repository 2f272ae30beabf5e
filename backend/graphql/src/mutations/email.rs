//! E-mail addresses: adding by a code, removing.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account,
    limits::{Place, Prover},
    mail,
    policy::input,
    users::{
        email_authentications::{self, Completion, Purpose},
        emails::{self, Added},
    },
};
use kernel::{Error, Op, id::*, name::normalise, token};

use super::{
    administered::{Change, Email},
    proof::{self, Asked},
};
use crate::{
    asking::Asking,
    email::{UserEmail, UserEmailAuthentication},
    fault::{ErrorCode, Fault},
    node_id,
    user::User,
};

#[derive(InputObject)]
pub struct StartEmailAuthenticationInput {
    email: String,
    /// Asked for when the account has a password.
    password: Option<String>,
    /// Of the mail.
    #[graphql(default = "en")]
    language: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum StartEmailAuthenticationStatus {
    Started,
    InvalidEmailAddress,
    RateLimited,
    Denied,
    InUse,
    IncorrectPassword,
}

#[derive(SimpleObject)]
pub struct StartEmailAuthenticationPayload {
    status: StartEmailAuthenticationStatus,
    authentication: Option<UserEmailAuthentication>,
    /// Why, if DENIED.
    violations: Option<Vec<String>>,
}

impl From<StartEmailAuthenticationStatus> for StartEmailAuthenticationPayload {
    fn from(status: StartEmailAuthenticationStatus) -> Self {
        Self { status, authentication: None, violations: None }
    }
}

#[derive(InputObject)]
pub struct ResendEmailAuthenticationCodeInput {
    id: ID,
    #[graphql(default = "en")]
    language: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ResendEmailAuthenticationCodeStatus {
    Resent,
    Completed,
    RateLimited,
}

#[derive(SimpleObject)]
pub struct ResendEmailAuthenticationCodePayload {
    status: ResendEmailAuthenticationCodeStatus,
}

#[derive(InputObject)]
pub struct CompleteEmailAuthenticationInput {
    id: ID,
    code: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CompleteEmailAuthenticationStatus {
    Completed,
    InvalidCode,
    CodeExpired,
    InUse,
    RateLimited,
}

#[derive(SimpleObject)]
pub struct CompleteEmailAuthenticationPayload {
    status: CompleteEmailAuthenticationStatus,
}

#[derive(InputObject)]
pub struct RemoveEmailInput {
    user_email_id: ID,
    password: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum RemoveEmailStatus {
    Removed,
    NotFound,
    IncorrectPassword,
}

#[derive(SimpleObject)]
pub struct RemoveEmailPayload {
    status: RemoveEmailStatus,
    email: Option<UserEmail>,
    user: Option<User>,
}

#[derive(InputObject)]
pub struct AddEmailInput {
    email: String,
    user_id: ID,
    /// Ignored.
    skip_verification: Option<bool>,
    skip_policy_check: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AddEmailStatus {
    Added,
    Exists,
    Invalid,
    Denied,
}

#[derive(SimpleObject)]
pub struct AddEmailPayload {
    status: AddEmailStatus,
    email: Option<UserEmail>,
    user: Option<User>,
    violations: Option<Vec<String>>,
}

impl From<AddEmailStatus> for AddEmailPayload {
    fn from(status: AddEmailStatus) -> Self {
        Self { status, email: None, user: None, violations: None }
    }
}

#[derive(InputObject)]
pub struct SetPrimaryEmailInput {
    user_email_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SetPrimaryEmailStatus {
    Set,
    NotFound,
    Unverified,
}

#[derive(SimpleObject)]
pub struct SetPrimaryEmailPayload {
    status: SetPrimaryEmailStatus,
    user: Option<User>,
}

#[derive(Default)]
pub struct Emails;

#[Object]
impl Emails {
    /// Sends a code to an address that is to be added. From a browser session only.
    async fn start_email_authentication(
        &self,
        ctx: &Context<'_>,
        input: StartEmailAuthenticationInput,
    ) -> Result<StartEmailAuthenticationPayload> {
        use StartEmailAuthenticationStatus as Status;
        let asking = Asking::of(ctx);
        let (app, op, browser) = (&asking.app, &asking.op, asking.must_be_browser()?);
        must_be_changeable(asking)?;
        let language = language(&input.language)?;
        let email = input.email.trim();
        if !mail::is_address(email) {
            return Ok(Status::InvalidEmailAddress.into());
        }
        let limits = &app.limits.email_authentication;
        let address = token::hash(&normalise(email));
        if limits.per_ip.charge(op.now, Place::of(op.address)).is_err()
            || limits.per_address.charge(op.now, address).is_err()
        {
            return Ok(Status::RateLimited.into());
        }
        if domain::users::has_email(&app.db.read, browser.user, email).await? {
            return Ok(Status::InUse.into());
        }
        let violations = denied(asking, email);
        if !violations.is_empty() {
            return Ok(StartEmailAuthenticationPayload {
                status: Status::Denied,
                authentication: None,
                violations: Some(violations),
            });
        }
        if proof::ask(ctx, browser.user, input.password.as_deref()).await? == Asked::Incorrect {
            return Ok(Status::IncorrectPassword.into());
        }
        let start = async |tx: &_| {
            email_authentications::start(tx, op, Purpose::Account(browser.id), email, language).await
        };
        let started = app.db.write(start).await?;
        Ok(StartEmailAuthenticationPayload {
            status: Status::Started,
            authentication: Some(UserEmailAuthentication(started)),
            violations: None,
        })
    }

    /// Sends a new code; older ones stop working.
    async fn resend_email_authentication_code(
        &self,
        ctx: &Context<'_>,
        input: ResendEmailAuthenticationCodeInput,
    ) -> Result<ResendEmailAuthenticationCodePayload> {
        use ResendEmailAuthenticationCodeStatus as Status;
        let asking = Asking::of(ctx);
        let (app, op, browser) = (&asking.app, &asking.op, asking.must_be_browser()?);
        must_be_changeable(asking)?;
        let language = language(&input.language)?;
        let id = node_id::parse(node_id::USER_EMAIL_AUTHENTICATION, &input.id)?;
        let answer = |status| Ok(ResendEmailAuthenticationCodePayload { status });
        let Some(found) = email_authentications::get(&app.db, id).await? else {
            return answer(Status::Completed);
        };
        if found.browser_session != Some(browser.id) {
            return Err(asking.unauthorized().into());
        }
        if found.completed_at.is_some() {
            return answer(Status::Completed);
        }
        if app.limits.email_authentication.mails.charge(op.now, Prover::Account(id)).is_err() {
            return answer(Status::RateLimited);
        }
        app.db.write(async |tx| email_authentications::send_code(tx, op, id, language).await).await?;
        answer(Status::Resent)
    }

    /// Adds the address, given its code.
    async fn complete_email_authentication(
        &self,
        ctx: &Context<'_>,
        input: CompleteEmailAuthenticationInput,
    ) -> Result<CompleteEmailAuthenticationPayload> {
        use CompleteEmailAuthenticationStatus as Status;
        let asking = Asking::of(ctx);
        let (app, op, browser) = (&asking.app, &asking.op, asking.must_be_browser()?);
        must_be_changeable(asking)?;
        let id = node_id::parse(node_id::USER_EMAIL_AUTHENTICATION, &input.id)?;
        let answer = |status| Ok(CompleteEmailAuthenticationPayload { status });
        let found = email_authentications::get(&app.db, id).await?;
        let Some(found) = found.filter(|found| found.browser_session == Some(browser.id)) else {
            return answer(Status::InvalidCode);
        };
        if found.completed_at.is_some() {
            return Err(completed_already().into());
        }
        if app.limits.email_authentication.attempts.charge(op.now, Prover::Account(id)).is_err() {
            return answer(Status::RateLimited);
        }
        let whose = (&found, browser.user);
        let complete =
            async |tx: &_| email_authentications::complete(tx, &app.vault, op, whose, &input.code).await;
        let completion = app.db.write(complete).await?;
        match completion {
            Completion::Completed => answer(Status::Completed),
            Completion::WrongCode => answer(Status::InvalidCode),
            Completion::Expired => answer(Status::CodeExpired),
            Completion::InUse => answer(Status::InUse),
            Completion::Settled => Err(completed_already().into()),
        }
    }

    async fn remove_email(&self, ctx: &Context<'_>, input: RemoveEmailInput) -> Result<RemoveEmailPayload> {
        use RemoveEmailStatus as Status;
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        asking.must_be_somebody()?;
        let id: EmailId = node_id::parse(node_id::USER_EMAIL, &input.user_email_id)?;
        let found = account::emails::get(&app.db, id).await?.filter(|email| asking.may(email.user_id));
        let Some(email) = found else {
            return Ok(RemoveEmailPayload { status: Status::NotFound, email: None, user: None });
        };
        if !asking.is_admin() {
            must_be_changeable(asking)?;
        }
        let owner = email.user_id;
        if proof::ask(ctx, owner, input.password.as_deref()).await? == Asked::Incorrect {
            return Ok(RemoveEmailPayload { status: Status::IncorrectPassword, email: None, user: None });
        }
        let noted = asking.administers("removeEmail");
        let remove = async |tx: &_| {
            let removed = emails::remove(tx, op, owner, id).await?;
            if let (true, Some(noted)) = (removed, noted) {
                let gone = Email { id, user: owner, address: &email.email };
                noted.of_email(tx, op, gone, false).await?;
            }
            Ok::<_, Error>(removed)
        };
        let removed = app.db.write(remove).await?;
        Ok(RemoveEmailPayload {
            status: if removed { Status::Removed } else { Status::NotFound },
            email: removed.then_some(UserEmail(email)),
            user: User::get(ctx, owner).await?,
        })
    }

    /// Adds an address without a code. For administrators.
    #[graphql(deprecation = "Use startEmailAuthentication.")]
    async fn add_email(&self, ctx: &Context<'_>, input: AddEmailInput) -> Result<AddEmailPayload> {
        use AddEmailStatus as Status;
        let asking = Asking::of(ctx);
        let noted = Change { operation: "addEmail", by: asking.must_be_admin()? };
        let _ = input.skip_verification;
        let user: UserId = node_id::parse(node_id::USER, &input.user_id)?;
        let Some(owner) = User::get(ctx, user).await? else {
            return Err(Fault::new(ErrorCode::BadInput, "there is no such user").into());
        };
        let email = input.email.trim();
        if !mail::is_address(email) {
            return Ok(Status::Invalid.into());
        }
        if !input.skip_policy_check.unwrap_or_default() {
            let violations = denied(asking, email);
            if !violations.is_empty() {
                return Ok(AddEmailPayload { violations: Some(violations), ..Status::Denied.into() });
            }
        }
        let (app, op): (_, &Op) = (&asking.app, &asking.op);
        let add = async |tx: &_| {
            let added = emails::add(tx, op, user, email).await?;
            if let Added::Added(id) = added {
                noted.of_email(tx, op, Email { id, user, address: email }, true).await?;
            }
            Ok::<_, Error>(added)
        };
        let added = app.db.write(add).await?;
        let (status, id) = match added {
            Added::Added(id) => (Status::Added, id),
            Added::Already(id) => (Status::Exists, id),
            Added::Taken => {
                return Err(Fault::new(ErrorCode::Conflict, "another account has this address").into());
            }
        };
        let email = account::emails::get(&app.db, id).await?.map(UserEmail);
        Ok(AddEmailPayload { email, user: Some(owner), ..status.into() })
    }

    /// Does nothing.
    #[graphql(deprecation = "No address is before others.")]
    async fn set_primary_email(
        &self,
        ctx: &Context<'_>,
        input: SetPrimaryEmailInput,
    ) -> Result<SetPrimaryEmailPayload> {
        let asking = Asking::of(ctx);
        let id: EmailId = node_id::parse(node_id::USER_EMAIL, &input.user_email_id)?;
        let Some(email) = account::emails::get(&asking.app.db, id).await? else {
            return Ok(SetPrimaryEmailPayload { status: SetPrimaryEmailStatus::NotFound, user: None });
        };
        asking.must_own(email.user_id)?;
        let user = User::get(ctx, email.user_id).await?;
        Ok(SetPrimaryEmailPayload { status: SetPrimaryEmailStatus::Set, user })
    }
}

fn must_be_changeable(asking: &Asking) -> Result<(), Fault> {
    if asking.app.site_config.email_change_allowed {
        return Ok(());
    }
    Err(Fault::disabled("changing e-mail addresses"))
}

fn completed_already() -> Fault {
    Fault::new(ErrorCode::Conflict, "this address has been verified already")
}

/// What the policy has against an address.
fn denied(asking: &Asking, email: &str) -> Vec<String> {
    let op = &asking.op;
    let requester = input::Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() };
    let violations = asking.app.policy.get().email(&input::Email { email, requester });
    violations.into_iter().map(|violation| violation.msg).collect()
}

/// A well-formed language tag (BCP 47), whether or not there are texts in it.
fn language(tag: &str) -> Result<&str, Fault> {
    match oxilangtag::LanguageTag::parse(tag) {
        Ok(_) if tag.len() <= 64 => Ok(tag),
        _ => Err(Fault::new(ErrorCode::BadInput, "language: not a language tag, such as `en` or `pt-BR`")),
    }
}
