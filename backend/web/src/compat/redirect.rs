//! `GET /login/sso/redirect`: an app sends somebody's browser here to log in.

use axum::{
    extract::RawQuery,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    compat::sso,
    limits::{Asker, Place},
};
use edge::{App, app::Request, form::Fields};
use http::{HeaderValue, header};

use super::Problem;

/// The name of `action` before it was specified.
pub const UNSTABLE_ACTION: &str = "org.matrix.msc3824.action";

/// Keeps what the app asks for, and sends the browser to the page that asks the person. Which identity provider the app
/// has chosen means nothing here.
pub async fn redirect(
    app: App,
    Request(op): Request,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes())
        .map_err(|malformed| Problem::bad("M_INVALID_PARAM", malformed.to_string()))?;
    let Some(redirect_url) = query.get("redirectUrl") else {
        return Err(Problem::bad("M_MISSING_PARAM", "redirectUrl is missing from the address"));
    };
    let redirect_url = app
        .compat
        .redirects
        .read(redirect_url)
        .map_err(|unfit| Problem::bad("M_INVALID_PARAM", format!("redirectUrl {}", unfit.as_str())))?;
    let asker = Asker::Stranger(Place::of(op.address));
    let free = app.limits.app_request.charge(op.now, asker);
    free.map_err(|throttled| Problem::throttled(throttled.0))?;
    let id = sso::start(&app.db, &op, &redirect_url).await?;
    let known = |name| query.get(name).filter(|action| ["login", "register"].contains(action));
    let action = known("action").or_else(|| known(UNSTABLE_ACTION));
    let query = action.map(|action| format!("?action={action}&{UNSTABLE_ACTION}={action}"));
    let page = app.urls.absolute(&format!("/complete-compat-sso/{id}"));
    let mut response = Redirect::to(&format!("{page}{}", query.unwrap_or_default())).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
