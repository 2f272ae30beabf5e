//! The front page, and the way out.

use serde::Serialize;

use super::{Continuation, Page};

/// `GET /`: the account if somebody is signed in (`shell.viewer`), else the way to sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    /// The OpenID provider's metadata, for who came to look at the machinery.
    pub discovery_url: String,
}

impl Page for Index {
    const TEMPLATE: &'static str = "index.html";
}

/// `GET /logout`: a question, since only a POST may sign anybody out. Without `shell.viewer` it tells that
/// nobody is signed in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Logout {
    pub keep: Continuation,
}

impl Page for Logout {
    const TEMPLATE: &'static str = "logout.html";
}
