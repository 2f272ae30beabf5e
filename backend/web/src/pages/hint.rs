//! `login_hint`: whom an app expects (OpenID Connect Core §3.1.2.1, MSC4198).

use domain::users::{self, browser::BrowserSession};
use kernel::{Result, name::normalise};

use super::Visit;

/// What a hint says to type: the name in a Matrix id of this server, or an address where those are taken.
pub fn suggested(visit: &Visit, hint: &str) -> Option<String> {
    if let Some(mxid) = hint.strip_prefix("mxid:@") {
        let (name, server) = mxid.split_once(':')?;
        return (server == visit.app.site.server_name).then(|| name.to_owned());
    }
    let is_address = hint.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    (is_address && visit.app.site.login_with_email).then(|| hint.to_owned())
}

/// Whom the app expects, if that is somebody else than who is signed in. A hint that says nothing expects nobody.
pub async fn somebody_else(
    visit: &Visit,
    session: &BrowserSession,
    hint: Option<&str>,
) -> Result<Option<String>> {
    let Some(expected) = hint.and_then(|hint| suggested(visit, hint)) else { return Ok(None) };
    let is_this = if expected.contains('@') {
        users::has_email(&visit.app.db.read, session.user, &expected).await?
    } else {
        normalise(&expected) == normalise(&session.username)
    };
    Ok((!is_this).then_some(expected))
}
