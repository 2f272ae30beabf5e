//! The account app's document: the same for every path below `/account/`; which screen it is, the app decides. Who is not
//! signed in comes back to the very path.

use axum::{
    body::Body,
    extract::OriginalUri,
    response::{IntoResponse, Response},
};
use domain::{
    account::export::{self, Export},
    users,
};
use edge::{csp, telemetry};
use futures_util::{Stream, stream};
use http::{StatusCode, Uri, header};
use kernel::{Error, Kind};

use super::{Failure, Visit, next::Next, see_other, visit::Gate};
use crate::view::{AccountApp, Continuation};

const BELOW: &str = "/account/";
/// For people who have forgotten their password, and so are not signed in.
const PUBLIC: &str = "password/recovery";

/// Where the cryptographic identity is reset, and below it, how that ended.
const RESET: &str = "reset-cross-signing";

/// A path of the app with its query, from below `/account/` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppPath<'a>(&'a str);

impl<'a> AppPath<'a> {
    /// `None` for what would not stay below `/account/`, and for what is no path and query.
    pub fn parse(text: &'a str) -> Option<Self> {
        let path = text.split('?').next().unwrap_or_default();
        let leads_out = path.split('/').any(|segment| {
            let segment = segment.to_ascii_lowercase().replace("%2e", ".");
            segment == "." || segment == ".."
        });
        let fits = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\#\"<>^`{|}".contains(&byte));
        (fits && !leads_out && !path.starts_with('/') && text.len() <= 2048).then_some(Self(text))
    }

    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether the window that opened this one is to be told how it ends, so that the two must stay tied: an app that has sent somebody
    /// here to reset their cryptographic identity waits for it.
    fn is_waited_for(self) -> bool {
        let path = self.0.split('?').next().unwrap_or_default();
        path.split('/').next() == Some(RESET)
    }

    /// The part of an address that is the app's.
    fn of(address: &'a Uri, prefix: &str) -> Option<Self> {
        let whole = address.path_and_query()?.as_str();
        let route = whole.strip_prefix(prefix).unwrap_or(whole);
        Self::parse(route.strip_prefix(BELOW)?)
    }
}

/// `GET /account/…`
pub async fn show(mut visit: Visit, OriginalUri(address): OriginalUri) -> Result<Response, Failure> {
    let prefix = visit.app.urls.prefix().to_owned();
    let path = AppPath::of(&address, &prefix);
    let next = path.map_or_else(Next::default, Next::AccountPage);
    if path.is_some_and(|path| path.as_str().split('?').next() == Some(PUBLIC)) {
        return shell(&visit, path);
    }
    match visit.gate(next.continuation()).await? {
        Gate::Stopped(page) => Ok(page),
        Gate::Anonymous => Ok(see_other(&next.carried_by(&visit.app.urls, "/login"))),
        Gate::Open(_) => shell(&visit, path),
    }
}

/// The document; without a built app, the front page.
pub fn shell(visit: &Visit, path: Option<AppPath<'_>>) -> Result<Response, Failure> {
    let urls = &visit.app.urls;
    let Some(assets) = visit.app_assets() else { return Ok(see_other(&urls.path("/"))) };
    let assets = assets.speaking(&visit.locale.to_string());
    let page = AccountApp { root: urls.path(BELOW), graphql_endpoint: urls.path("/graphql"), assets };
    let mut response = visit.show(StatusCode::OK, &page)?;
    if path.is_some_and(AppPath::is_waited_for) {
        csp::keep_opener(response.headers_mut());
    }
    if let Some(plan) = &visit.app.site_config.plan_management_iframe_uri {
        csp::allow_frame(response.headers_mut(), plan);
    }
    Ok(response)
}

/// `GET /account/export.json`: everything that is kept of the person, as a file.
pub async fn export(mut visit: Visit) -> Result<Response, Failure> {
    let site = visit.headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Error::new(Kind::Forbidden, "this request comes from a page of another site").into());
    }
    let session = match visit.gate(Continuation::default()).await? {
        Gate::Open(session) => session,
        Gate::Stopped(page) => return Ok(page),
        Gate::Anonymous => {
            let next = AppPath::parse("privacy").map_or_else(Next::default, Next::AccountPage);
            return Ok(see_other(&next.carried_by(&visit.app.urls, "/login")));
        }
    };
    if visit.app.limits.data_export.charge(visit.op.now, session.user).is_err() {
        return Err(Error::new(Kind::Throttled, "this file was downloaded several times just now").into());
    }
    let user = users::state::find(&visit.app.db.read, session.user).await?;
    let export = export::begin(&visit.app.db, &visit.op, user).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"account.json\""),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, Body::from_stream(pieces(export))).into_response())
}

/// What fails now can no longer be a page: the download breaks off, which browsers tell, and the log has the reason.
fn pieces(export: Export) -> impl Stream<Item = Result<String, Error>> {
    stream::try_unfold(export, async |mut export: Export| {
        let piece = export.next().await.inspect_err(telemetry::report)?;
        Ok(piece.map(|piece| (piece, export)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_app() {
        for path in [
            "sessions",
            "sessions/oauth2_session:01K2",
            "devices/A%2FB",
            "sessions?inactive=true&x=//y",
            "emails/x/..",
        ] {
            let stays = path != "emails/x/..";
            assert_eq!(AppPath::parse(path).is_some(), stays, "{path}");
        }
        for path in ["/evil.example", "../login", "a/%2e%2E/login", "a\\b", "a b", "a\nb", "x#y"] {
            assert_eq!(AppPath::parse(path), None, "{path}");
        }
    }

    #[test]
    fn the_public_prefix_is_not_the_apps() {
        let at = |address: &str, prefix: &str| {
            let address: Uri = address.parse().unwrap();
            AppPath::of(&address, prefix).map(|path| path.as_str().to_owned())
        };
        assert_eq!(at("/account/sessions?x=1", "").as_deref(), Some("sessions?x=1"));
        assert_eq!(at("/auth/account/plan", "/auth").as_deref(), Some("plan"));
    }
}
