//! The front page, and the way out.

use serde::Serialize;

use super::{App, AppLink, Continuation, Page};

/// `GET /`: the account if somebody is signed in (`shell.viewer`), else the way to sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    /// The OpenID provider's metadata, for who came to look at the machinery.
    pub discovery_url: String,
    /// Whether people may register.
    pub registers: bool,
}

impl Page for Index {
    const TEMPLATE: &'static str = "index.html";
}

/// `GET /logout`: a question, since only a POST may sign anybody out. Without `shell.viewer` it tells that
/// nobody is signed in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Logout {
    pub keep: Continuation,
    /// The app from which one came to sign out.
    pub back: Option<AppLink>,
}

impl Page for Logout {
    const TEMPLATE: &'static str = "logout.html";
}

/// `GET /oauth2/end_session`: an app has sent the person to sign out.
#[derive(Clone, Debug, Serialize)]
pub struct EndSession {
    /// Absent if the request does not say.
    pub app: Option<App>,
    /// The request, to be judged again when the person has answered.
    pub keep: Continuation,
}

impl Page for EndSession {
    const TEMPLATE: &'static str = "end-session.html";
}
