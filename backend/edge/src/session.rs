//! The browser's session cookie, and who is behind it.

use domain::users::browser::{self, Visitor};
use http::{HeaderMap, HeaderValue};
use kernel::{Op, Result, Secret, id::BrowserSessionId};
use serde::{Deserialize, Serialize};

use crate::{
    App,
    cookies::{self, Keep},
};

const NAME: &str = "session";

#[derive(Default, Serialize, Deserialize)]
struct CookieValue {
    current: Option<BrowserSessionId>,
    /// Not in MAS's cookies, which name the session only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logged_out_at: Option<String>,
}

/// What the cookie claims.
pub struct Claim {
    pub id: BrowserSessionId,
    pub secret: Secret<String>,
}

pub fn claim(app: &App, headers: &HeaderMap) -> Option<Claim> {
    let cookie: CookieValue = cookies::read(app, headers, NAME)?;
    Some(Claim { id: cookie.current?, secret: Secret::new(cookie.secret?) })
}

/// Who is behind the request.
pub async fn visitor(app: &App, headers: &HeaderMap) -> Result<Visitor> {
    match claim(app, headers) {
        Some(claim) => browser::visitor(&app.db, claim.id, claim.secret.expose()).await,
        None => Ok(Visitor::Anonymous),
    }
}

/// The cookie of a session that has just begun.
pub fn signed_in(app: &App, id: BrowserSessionId, secret: &Secret<String>) -> HeaderValue {
    let value = CookieValue { current: Some(id), secret: Some(secret.expose().clone()), logged_out_at: None };
    cookies::write(app, NAME, &value, Keep::ForGood)
}

/// The same cookie under the current encryption secret, if it came under a former one: so that the former one can go one
/// day, and the people stay.
pub fn resealed(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let value: CookieValue = cookies::read_former(app, headers, NAME)?;
    Some(cookies::write(app, NAME, &value, Keep::ForGood))
}

/// The cookie of a browser that has just signed out.
pub fn signed_out(app: &App, op: &Op) -> HeaderValue {
    let value = CookieValue { logged_out_at: Some(op.now.rfc3339()), ..CookieValue::default() };
    cookies::write(app, NAME, &value, Keep::ForGood)
}
