//! The account itself.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::{
        display_name::{self, DisplayName},
        language,
    },
    audit, users,
};
use kernel::id::UserId;
use serde_json::{Value, json};
use store::Tx;

use super::proof::{self, Asked};
use crate::{asking::Asking, fault::Fault, node_id, user::User};

#[derive(InputObject)]
pub struct SetDisplayNameInput {
    user_id: ID,
    /// None removes it. At most 256 bytes, not empty.
    display_name: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SetDisplayNameStatus {
    Set,
    Invalid,
}

#[derive(SimpleObject)]
pub struct SetDisplayNamePayload {
    status: SetDisplayNameStatus,
    user: Option<User>,
}

#[derive(InputObject)]
pub struct DeactivateUserInput {
    /// Also hides the messages from whoever joins their rooms later.
    hs_erase: bool,
    password: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum DeactivateUserStatus {
    Deactivated,
    IncorrectPassword,
}

#[derive(SimpleObject)]
pub struct DeactivateUserPayload {
    status: DeactivateUserStatus,
    user: Option<User>,
}

#[derive(InputObject)]
pub struct AllowUserCrossSigningResetInput {
    user_id: ID,
}

#[derive(SimpleObject)]
pub struct AllowUserCrossSigningResetPayload {
    user: Option<User>,
}

#[derive(InputObject)]
pub struct SetLanguageInput {
    /// One of `siteConfig.languages`; none: what the browser asks for.
    language: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SetLanguageStatus {
    Set,
    UnknownLanguage,
}

#[derive(SimpleObject)]
pub struct SetLanguagePayload {
    status: SetLanguageStatus,
}

#[derive(Default)]
pub struct Accounts;

#[Object]
impl Accounts {
    async fn set_display_name(
        &self,
        ctx: &Context<'_>,
        input: SetDisplayNameInput,
    ) -> Result<SetDisplayNamePayload> {
        let asking = Asking::of(ctx);
        let app = &asking.app;
        let user: UserId = node_id::parse(node_id::USER, &input.user_id)?;
        asking.must_own(user)?;
        if !asking.is_admin() && !app.site_config.displayname_change_allowed {
            return Err(Fault::disabled("changing the display name").into());
        }
        let name = input.display_name.as_deref().map(|name| DisplayName::parse(name).ok_or(()));
        let Ok(name) = name.transpose() else {
            return Ok(SetDisplayNamePayload { status: SetDisplayNameStatus::Invalid, user: None });
        };
        let mut model = users::state::find(&app.db.read, user).await?;
        let set = display_name::set(&app.db, &app.homeserver, &model, name.as_ref()).await;
        set.map_err(|error| Fault::homeserver(&error))?;
        let name = name.as_ref();
        let note = async |tx: &Tx| {
            display_name::note(tx, &asking.op, user, name).await?;
            match asking.administers("setDisplayName") {
                Some(change) => {
                    let after = json!({ "display_name": name.map(DisplayName::as_str) });
                    change.of_theirs(tx, &asking.op, user, after).await
                }
                None => Ok(()),
            }
        };
        app.db.write(note).await?;
        model.display_name = name.map(|name| name.as_str().to_owned());
        Ok(SetDisplayNamePayload { status: SetDisplayNameStatus::Set, user: Some(model.into()) })
    }

    /// Closes the account of the viewer, for ever.
    async fn deactivate_user(
        &self,
        ctx: &Context<'_>,
        input: DeactivateUserInput,
    ) -> Result<DeactivateUserPayload> {
        let asking = Asking::of(ctx);
        let (app, op, browser) = (&asking.app, &asking.op, asking.must_be_browser()?);
        if !app.site_config.account_deactivation_allowed {
            return Err(Fault::disabled("deactivating an account").into());
        }
        if proof::ask(ctx, browser.user, input.password.as_deref()).await? == Asked::Incorrect {
            return Ok(DeactivateUserPayload { status: DeactivateUserStatus::IncorrectPassword, user: None });
        }
        let deactivate = async |tx: &_| users::deactivate(tx, op, browser.user, input.hs_erase).await;
        let settled = app.db.write(deactivate).await?;
        let user = Some(settled.user.into());
        Ok(DeactivateUserPayload { status: DeactivateUserStatus::Deactivated, user })
    }

    /// Lets an app replace the account's cryptographic identity, for ten minutes.
    async fn allow_user_cross_signing_reset(
        &self,
        ctx: &Context<'_>,
        input: AllowUserCrossSigningResetInput,
    ) -> Result<AllowUserCrossSigningResetPayload> {
        let asking = Asking::of(ctx);
        let app = &asking.app;
        let id: UserId = node_id::parse(node_id::USER, &input.user_id)?;
        asking.must_own(id)?;
        let Some(user) = users::by_id(&app.db.read, id).await? else {
            return Ok(AllowUserCrossSigningResetPayload { user: None });
        };
        let allowed = app.homeserver.allow_cross_signing_reset(&user.username).await;
        allowed.map_err(|error| Fault::homeserver(&error))?;
        let note = async |tx: &Tx| {
            let subject = audit::Subject { user: Some(id), ..Default::default() };
            audit::record(tx, &asking.op, audit::Kind::CrossSigningResetAllowed, subject).await?;
            match asking.administers("allowUserCrossSigningReset") {
                Some(change) => change.of_theirs(tx, &asking.op, id, Value::Null).await,
                None => Ok(()),
            }
        };
        app.db.write(note).await?;
        Ok(AllowUserCrossSigningResetPayload { user: Some(user.into()) })
    }

    /// Chooses the language of pages and mails, for this browser and, if somebody is signed in, for the account. Latchkey.
    async fn set_language(&self, ctx: &Context<'_>, input: SetLanguageInput) -> Result<SetLanguagePayload> {
        let asking = Asking::of(ctx);
        let app = &asking.app;
        let chosen = input.language.as_deref();
        if chosen.is_some_and(|tag| !app.site.languages.iter().any(|language| language == tag)) {
            return Ok(SetLanguagePayload { status: SetLanguageStatus::UnknownLanguage });
        }
        if let Some(user) = asking.user() {
            language::set(&app.db, user, chosen).await?;
        }
        asking.set_cookie(edge::language::write(app, chosen));
        Ok(SetLanguagePayload { status: SetLanguageStatus::Set })
    }
}
