//! Browsers and apps in one list, by device.

use async_graphql::{Context, Enum, ID, Interface, Result};
use domain::account::sign_ins::{self, Filter, Place, Window};
use kernel::id::{BrowserSessionId, Id};
use serde_json::json;
use store::Page;

use crate::{
    app_session::{AppSession, CompatSession, Oauth2Session},
    asking::Asking,
    browser_session::BrowserSession,
    paging::{self, Asked, Connection, Total},
    scalars::DateTime,
    shared::{SessionState, UserAgent},
};

/// The kinds of sign-in. Latchkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SignInKind {
    Browser,
    App,
    LegacyApp,
}

impl From<SignInKind> for sign_ins::Kind {
    fn from(kind: SignInKind) -> Self {
        match kind {
            SignInKind::Browser => Self::Browser,
            SignInKind::App => Self::App,
            SignInKind::LegacyApp => Self::LegacyApp,
        }
    }
}

/// Something that is signed in: a browser, an app, or an app that uses the legacy API. Latchkey.
///
/// Sign-ins that share `deviceKey` are of one physical device: a browser, and the apps that were signed in through it. A sign-in by password
/// over the legacy API, or by a code typed elsewhere, stands alone.
#[expect(
    clippy::enum_variant_names,
    clippy::duplicated_attributes,
    reason = "the names and types are the schema's"
)]
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "id", ty = "ID"),
    field(name = "created_at", ty = "DateTime"),
    field(name = "finished_at", ty = "Option<DateTime>"),
    field(name = "state", ty = "SessionState"),
    field(name = "user_agent", ty = "Option<UserAgent>"),
    field(
        name = "last_active_ip",
        ty = "Option<&String>",
        desc = "Forgotten after 30 days without activity."
    ),
    field(name = "last_active_at", ty = "Option<DateTime>"),
    field(
        name = "device_key",
        ty = "String",
        desc = "Equal for the sign-ins of one device. Nothing else can be done with it."
    )
)]
pub enum SignIn {
    BrowserSession(BrowserSession),
    CompatSession(CompatSession),
    Oauth2Session(Oauth2Session),
}

impl SignIn {
    fn of(found: sign_ins::SignIn) -> Option<Self> {
        Some(match found {
            sign_ins::SignIn::Browser(session) => Self::BrowserSession(BrowserSession(session)),
            sign_ins::SignIn::App(session) => match AppSession::of(session)? {
                AppSession::CompatSession(session) => Self::CompatSession(session),
                AppSession::Oauth2Session(session) => Self::Oauth2Session(session),
            },
        })
    }
}

pub async fn list(ctx: &Context<'_>, filter: Filter, asked: &Asked) -> Result<Connection<SignIn>> {
    let (from, size) = asked.size()?;
    let place = |cursor: &Option<String>| cursor.as_deref().map(read).transpose();
    let window = Window { after: place(&asked.after)?, before: place(&asked.before)?, from, size };
    let mut page = Page { rows: Vec::new(), has_more: false };
    if size > 0 {
        let found = sign_ins::list(&Asking::of(ctx).app.db, &filter, window).await?;
        page.has_more = found.has_more;
        let edges = found.rows.into_iter().filter_map(|row| Some((write(row.place()), SignIn::of(row)?)));
        page.rows.extend(edges);
    }
    let total = Total::by(move |app| {
        let filter = filter.clone();
        async move { sign_ins::count(&app.db, &filter).await }
    });
    Ok(paging::answer((from, page), total, |edge| edge))
}

fn write(place: Place) -> String {
    let (device, id) = place.ids();
    let kind = if place.is_browser() { "BrowserSession" } else { "AppSession" };
    let ulid = |id| BrowserSessionId(id).ulid().to_string();
    paging::encode(&json!([kind, ulid(device), ulid(id)]))
}

fn read(cursor: &str) -> Result<Place> {
    match paging::decode(cursor)?.as_slice() {
        [kind, device, id] if kind == "BrowserSession" || kind == "AppSession" => {
            Ok(Place::new(paging::uuid(device)?, paging::uuid(id)?, kind == "BrowserSession"))
        }
        _ => Err(paging::invalid_cursor().into()),
    }
}
