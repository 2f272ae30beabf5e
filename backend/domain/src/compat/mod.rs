//! The legacy login API of Matrix (client-server API, "Legacy API"): sessions with a device, begun by a password or
//! through the browser, and their tokens. What they look like on the wire is the business of `web::compat`.
//!
//! Invariant: a device is one session's; who logs in with it ends the session that had it (`sessions::device`).

pub mod login;
pub mod logout;
pub mod redirects;
pub mod refresh;
mod room;
mod session;
pub mod sso;

use kernel::seal::Lineage;
use store::Db;

use crate::{homeserver::Homeserver, oauth::Lifetimes, policy::Policy};

pub use redirects::Redirects;

/// What the operator says about it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `experimental.session_limit.dangerous_hard_limit_eviction`
    pub evicts: bool,
    /// `matrix.sso_redirect_allow_list`
    pub redirects: Redirects,
}

/// What a login works with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub homeserver: &'a Homeserver,
    pub lineage: &'a Lineage,
    pub policy: &'a Policy,
    pub lifetimes: &'a Lifetimes,
    pub settings: &'a Settings,
    /// `experimental.session_limit` is set, so sessions are counted first.
    pub counts_sessions: bool,
}
