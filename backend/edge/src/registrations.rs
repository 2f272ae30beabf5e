//! Which registrations a browser has begun: only there do they go on.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use kernel::{
    Op,
    id::{Id, RegistrationId},
};

use crate::{
    App,
    cookies::{self, Keep},
};

const NAME: &str = "user-registration-sessions";
/// As long as a registration is good.
const LIFETIME: Duration = Duration::from_secs(3600);
/// A cookie has to fit into a header.
const MOST: usize = 20;

/// Whether the browser has begun this one.
pub fn holds(app: &App, headers: &HeaderMap, id: RegistrationId) -> bool {
    read(app, headers).contains(&id)
}

/// The cookie with one more.
pub fn with(app: &App, op: &Op, headers: &HeaderMap, id: RegistrationId) -> HeaderValue {
    let mut ids = current(app, op, headers);
    ids.push(id);
    let surplus = ids.len().saturating_sub(MOST);
    cookies::write(app, NAME, &ids.split_off(surplus), Keep::UntilClosed)
}

/// The cookie without one that is over.
pub fn without(app: &App, op: &Op, headers: &HeaderMap, id: RegistrationId) -> HeaderValue {
    let mut ids = current(app, op, headers);
    ids.retain(|one| *one != id);
    match ids.is_empty() {
        true => cookies::removal(app, NAME),
        false => cookies::write(app, NAME, &ids, Keep::UntilClosed),
    }
}

fn read(app: &App, headers: &HeaderMap) -> Vec<RegistrationId> {
    cookies::read(app, headers, NAME).unwrap_or_default()
}

fn current(app: &App, op: &Op, headers: &HeaderMap) -> Vec<RegistrationId> {
    let mut ids = read(app, headers);
    ids.retain(|id| op.now.since(id.created_at()) <= LIFETIME);
    ids
}
