//! Asking whether an app that uses the older sign-in may use the account (`m.login.sso`). Nothing is known of the app but
//! where it wants the browser sent; so people are asked each time.

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::{
    compat::{
        redirects::with_token,
        sso::{self, Approval, SsoLogin, State},
    },
    policy::{
        Violation,
        input::{self, CompatLogin},
    },
    sessions,
    users::browser::BrowserSession,
};
use edge::form::Fields;
use http::StatusCode;
use kernel::{Error, Kind, Secret};
use url::Url;

use super::{
    Failure, Visit, authorize::form_target, grant::secret, judge::need_to_remove, next::Next,
    path_id::PathId, see_other, visit::Gate,
};
use crate::{
    compat::UNSTABLE_ACTION,
    view::{self, AppLink, CompatSso, Destination, Refusal, Spent, SpentReason},
};

/// Everything that both showing and submitting need.
struct Asked {
    login: SsoLogin,
    session: Box<BrowserSession>,
    secret: Secret<String>,
}

impl Asked {
    const fn approval(&self) -> Approval<'_> {
        Approval { session: &self.session, secret: &self.secret }
    }
}

pub async fn show(
    mut visit: Visit,
    PathId(id): PathId,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let action = query.get("action").or_else(|| query.get(UNSTABLE_ACTION));
    let registers = action == Some("register") && visit.app.registers();
    match load(&mut visit, &id, if registers { "/register" } else { "/login" }).await? {
        Ok(asked) => ask(&visit, &asked, StatusCode::OK).await,
        Err(response) => Ok(response),
    }
}

pub async fn submit(mut visit: Visit, PathId(id): PathId, body: Bytes) -> Result<Response, Failure> {
    let asked = match load(&mut visit, &id, "/login").await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let form = Fields::parse(&body).unwrap_or_default();
    // Another tab may have changed who is signed in: whoever was not shown has agreed to nothing.
    let shown =
        form.get("account").is_none_or(|mxid| mxid == visit.account(&asked.session.username, None).mxid);
    if !visit.is_genuine(form.text("csrf")) || !shown {
        return ask(&visit, &asked, StatusCode::BAD_REQUEST).await;
    }
    let Asked { login, .. } = &asked;
    if let Some(token) = sso::deliver_again(&visit.op, login, asked.approval()) {
        return Ok(deliver(login, &token));
    }
    if let Some(page) = settled(&visit, login)? {
        return Ok(page);
    }
    let violations = judge(&visit, &asked).await?;
    if !violations.is_empty() {
        return refused(&visit, &asked, &violations);
    }
    let app = visit.app.clone();
    if let Some(token) = sso::approve(&app.db, &visit.op, login, asked.approval()).await? {
        return Ok(deliver(login, &token));
    }
    // Another press of the button came first: the same browser gets what that one got.
    match sso::get(&app.db, login.id).await? {
        Some(login) => match sso::deliver_again(&visit.op, &login, asked.approval()) {
            Some(token) => Ok(deliver(&login, &token)),
            None => spent(&visit, &login, SpentReason::Used),
        },
        None => spent(&visit, login, SpentReason::Expired),
    }
}

fn deliver(login: &SsoLogin, token: &str) -> Response {
    see_other(with_token(&login.redirect_uri, token).as_str())
}

/// The login and the person; or the way that has to be gone first, which begins at `way_in` for who is not signed in.
async fn load(visit: &mut Visit, id: &str, way_in: &str) -> Result<Result<Asked, Response>, Failure> {
    let gone = || Error::new(Kind::NotFound, "there is no such request: go back to the app and start again");
    let login = match id.parse() {
        Ok(id) => sso::get(&visit.app.db, id).await?,
        Err(_) => None,
    };
    let login = login.ok_or_else(gone)?;
    let next = Next::CompatSso(login.id);
    let session = match visit.gate(next.continuation()).await? {
        Gate::Open(session) => session,
        Gate::Anonymous => return Ok(Err(see_other(&next.carried_by(&visit.app.urls, way_in)))),
        Gate::Stopped(page) => return Ok(Err(page)),
    };
    let secret = secret(visit)?;
    visit.allow_form_target(form_target(&login.redirect_uri));
    Ok(Ok(Asked { login, session, secret }))
}

/// The page for a login that nobody can agree to any more.
fn settled(visit: &Visit, login: &SsoLogin) -> Result<Option<Response>, Failure> {
    let reason = match login.state {
        State::Pending if !login.has_expired(visit.op.now) => return Ok(None),
        State::Pending => SpentReason::Expired,
        State::Fulfilled { .. } | State::Exchanged => SpentReason::Used,
    };
    spent(visit, login, reason).map(Some)
}

/// 200, as it has always been; the way on leads to where the app is, if that is on the web.
fn spent(visit: &Visit, login: &SsoLogin, reason: SpentReason) -> Result<Response, Failure> {
    let app = app_of(&login.redirect_uri);
    let home = login.redirect_uri.join("/").ok().and_then(|home| AppLink::new(&app, &home));
    let page = Spent { reason, app: Some(app), deliver: None, again: None, home };
    visit.show(StatusCode::OK, &page)
}

async fn ask(visit: &Visit, asked: &Asked, status: StatusCode) -> Result<Response, Failure> {
    let Asked { login, session, .. } = asked;
    if let Some(page) = settled(visit, login)? {
        return Ok(page);
    }
    let violations = judge(visit, asked).await?;
    if !violations.is_empty() {
        return refused(visit, asked, &violations);
    }
    let page = CompatSso {
        id: login.id.to_string(),
        app: app_of(&login.redirect_uri),
        account: visit.account_with_name(session).await,
        next: Destination::of(&login.redirect_uri),
        keep: Next::CompatSso(login.id).continuation(),
    };
    visit.show(status, &page)
}

/// What the policy says to it. The device is not known yet, so no session can be replaced.
async fn judge(visit: &Visit, asked: &Asked) -> Result<Vec<Violation>, Failure> {
    let Asked { login, session, .. } = asked;
    let app = &visit.app;
    let session_counts = if app.counts_sessions {
        sessions::count::active(&app.db, session.user).await?
    } else {
        input::SessionCounts::default()
    };
    let violations = app.policy.get().compat_login(&CompatLogin {
        user: session.person(),
        session_counts,
        session_replaced: false,
        login: input::Login::Sso { redirect_uri: login.redirect_uri.as_str() },
        requester: input::Requester {
            ip_address: visit.op.address,
            user_agent: visit.op.user_agent.as_deref(),
        },
    });
    for violation in &violations {
        tracing::info!(user.id = %session.user, "The policy refuses a legacy login: {}", violation.msg);
    }
    Ok(violations)
}

fn refused(visit: &Visit, asked: &Asked, violations: &[Violation]) -> Result<Response, Failure> {
    let page = Refusal {
        app: Some(app_of(&asked.login.redirect_uri)),
        account: visit.account(&asked.session.username, None),
        grant_id: None,
        need_to_remove: need_to_remove(violations),
        keep: Next::CompatSso(asked.login.id).continuation(),
    };
    visit.show(StatusCode::FORBIDDEN, &page)
}

/// Longer hosts are cut; the whole of it is where the page says what comes next.
const LONGEST_HOST: usize = 50;

/// All that is known of such an app is where it is. Of a long host the end is shown, since that is what tells whose it is.
pub fn app_of(redirect_uri: &Url) -> view::App {
    let name = match Destination::of(redirect_uri) {
        Destination::Site { host } | Destination::ThisDevice { host } => {
            match host.len().checked_sub(LONGEST_HOST) {
                Some(cut @ 1..) => format!("…{}", &host[cut..]),
                _ => host,
            }
        }
        Destination::AppScheme { scheme } => format!("{scheme}:"),
    };
    view::App::new(Some(&name), &name, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hides_behind_the_beginning_of_a_long_host() {
        let host = format!("app.element.io.{}.evil.test", "x".repeat(50));
        let shown = app_of(&Url::parse(&format!("https://{host}/")).unwrap()).name;
        assert!(
            shown.starts_with('…') && shown.ends_with(".evil.test") && !shown.contains("element"),
            "{shown}"
        );
        let name = |uri: &str| app_of(&Url::parse(uri).unwrap()).name;
        assert_eq!(name("https://app.element.io:8443/x"), "app.element.io:8443");
        assert_eq!(name("io.element.app:/x"), "io.element.app:");
    }
}
