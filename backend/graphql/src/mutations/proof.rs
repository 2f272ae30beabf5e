//! Passwords that are asked for again, before what must not happen to whoever finds a browser open.

use async_graphql::{Context, Result};
use domain::users::{
    login,
    reauthenticate::{Check, Proof, by_password, check},
};
use edge::App;
use kernel::id::UserId;

use crate::{
    asking::{Asking, Requester},
    fault::Fault,
    loads::PasswordOf,
};

/// What verifying passwords works with; `None` if passwords are switched off.
pub fn parts(app: &App) -> Option<login::Parts<'_>> {
    Some(login::Parts {
        db: &app.db,
        hasher: app.hasher.as_ref()?,
        limiter: &app.limiter,
        server_name: &app.site.server_name,
        with_email: app.site.login_with_email,
    })
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Passed,
    /// The password is missing or wrong.
    Incorrect,
}

/// Asks an account's own user for the password, unless there is none to ask for. Limited as sign-ins are, in the same buckets.
pub async fn ask(ctx: &Context<'_>, user: UserId, password: Option<&str>) -> Result<Asked> {
    let asking = Asking::of(ctx);
    let Some(parts) = parts(&asking.app) else { return Ok(Asked::Passed) };
    if asking.is_admin() || !asking.loads.load_one(PasswordOf(user)).await?.unwrap_or_default() {
        return Ok(Asked::Passed);
    }
    let Some(password) = password else { return Ok(Asked::Incorrect) };
    match &asking.requester {
        Requester::Browser(session) => match by_password(parts, &asking.op, session, password).await? {
            Proof::Given => Ok(Asked::Passed),
            Proof::Wrong => Ok(Asked::Incorrect),
            Proof::Gone => Err(Fault::unauthorized(false).into()),
            Proof::Throttled(wait) => Err(Fault::throttled(wait).into()),
        },
        Requester::App(bearer) => {
            let Some((_, username)) = bearer.user.as_ref().filter(|(id, _)| *id == user) else {
                return Err(asking.unauthorized().into());
            };
            match check(parts, &asking.op, (user, username), password).await? {
                Check::Right(verified) => {
                    let used = asking.app.db.write(async |tx| verified.r#use(tx, &asking.op).await).await?;
                    Ok(if used { Asked::Passed } else { Asked::Incorrect })
                }
                Check::Wrong | Check::NoPassword => Ok(Asked::Incorrect),
                Check::Throttled(wait) => Err(Fault::throttled(wait).into()),
            }
        }
        Requester::Anonymous => Err(asking.unauthorized().into()),
    }
}
