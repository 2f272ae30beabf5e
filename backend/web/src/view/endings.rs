//! Pages on which the way ends, or leaves this site.

use http::StatusCode;
use kernel::{Error, Kind};
use serde::Serialize;
use url::Url;

use super::{App, AppLink, Continuation, Page};

/// The browser is signed in to an account that cannot be used.
#[derive(Clone, Debug, Serialize)]
pub struct Stopped {
    pub reason: StoppedReason,
    pub mxid: String,
    pub keep: Continuation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoppedReason {
    Locked,
    Deactivated,
    SessionEnded,
}

impl Page for Stopped {
    const TEMPLATE: &'static str = "stopped.html";
}

/// Something failed. Tells what a stranger may know; the cause is in the log, under the request's id.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    pub reason: &'static str,
    pub status: u16,
    /// The error's own sentence, where it helps to mend what is wrong.
    pub detail: Option<String>,
    pub request_id: String,
}

impl ErrorPage {
    pub fn new(error: &Error, status: StatusCode, request_id: impl ToString) -> Self {
        let reason = match error.kind {
            Kind::Invalid | Kind::Unauthenticated | Kind::Forbidden => "refused",
            Kind::NotFound => "not-found",
            Kind::Conflict | Kind::Gone => "moved-on",
            Kind::Throttled => "throttled",
            Kind::Unavailable => "unavailable",
            Kind::Internal => "internal",
        };
        // Our own faults say the same in the page's language.
        let detail = !matches!(error.kind, Kind::Internal | Kind::Unavailable);
        Self {
            reason,
            status: status.as_u16(),
            detail: detail.then(|| sentence(&error.public)),
            request_id: request_id.to_string(),
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
}

/// Errors are clauses, so that logs can join them; pages print sentences.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if clause.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// There is no page here.
#[derive(Clone, Debug, Serialize)]
pub struct NotFound {}

impl Page for NotFound {
    const TEMPLATE: &'static str = "not-found.html";
}

/// Too many people have come from the same place at once.
#[derive(Clone, Debug, Serialize)]
pub struct Busy {
    /// Makes the app's request anew.
    pub again: String,
}

impl Page for Busy {
    const TEMPLATE: &'static str = "busy.html";
}

/// A link that works once, or for a while, was followed too often or too late.
#[derive(Clone, Debug, Serialize)]
pub struct Spent {
    pub reason: SpentReason,
    pub app: Option<App>,
    /// The app's request whose answer can be had once more, by a form.
    pub deliver: Option<String>,
    /// Makes the app's request anew.
    pub again: Option<String>,
    /// The app's own page, to start again there.
    pub home: Option<AppLink>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpentReason {
    Used,
    Expired,
    Cancelled,
    /// The person has agreed; the app only has to be opened.
    Ready,
}

impl Page for Spent {
    const TEMPLATE: &'static str = "spent.html";
}

/// An app's request that cannot be answered, neither to the app nor by the person.
#[derive(Clone, Debug, Serialize)]
pub struct AppProblem {
    /// A sentence for whoever looks after the app.
    pub detail: String,
    /// The app's own page, if the app is known.
    pub home: Option<AppLink>,
    /// Who asked, if it is to be told by the person's own hand.
    pub app: Option<App>,
    pub way: Option<Way>,
}

impl AppProblem {
    pub fn new(why: &str, home: Option<AppLink>) -> Self {
        Self { detail: sentence(why), home, app: None, way: None }
    }
}

/// The way on to an app that nobody vouches for.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// The host, or an app's own scheme.
    pub place: String,
    pub href: String,
    /// If there are any, the way is a form.
    pub fields: Vec<(String, String)>,
}

impl Way {
    /// To `place`, by `href`. `None` unless it is an address of the web, or of an app by its owner's domain (RFC 8252 §7.1):
    /// other schemes are not for links on our pages.
    pub fn new(place: &Url, href: String, fields: Vec<(String, String)>) -> Option<Self> {
        let place = match super::who::is_web(place) {
            true => super::who::authority(place)?,
            false => Some(place.scheme()).filter(|scheme| scheme.contains('.'))?.to_owned(),
        };
        Some(Self { place, href, fields })
    }
}

impl Page for AppProblem {
    const TEMPLATE: &'static str = "app-problem.html";
}

/// Hands the answer to an app by a form (OAuth 2.0 Form Post Response Mode). The script sends it at once;
/// without it there is a button.
#[derive(Clone, Debug, Serialize)]
pub struct FormPost {
    pub action: String,
    pub host: String,
    pub params: Vec<(String, String)>,
}

impl FormPost {
    /// `None` unless the address is one of the web: nothing else can take a form.
    pub fn new(redirect_uri: &Url, params: Vec<(String, String)>) -> Option<Self> {
        let host = super::who::is_web(redirect_uri).then(|| super::who::authority(redirect_uri))??;
        Some(Self { action: redirect_uri.to_string(), host, params })
    }
}

impl Page for FormPost {
    const TEMPLATE: &'static str = "form-post.html";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_sentences() {
        assert_eq!(sentence("this grant is gone"), "This grant is gone.");
        assert_eq!(sentence("Étrange?"), "Étrange?");
    }

    #[test]
    fn our_own_faults_tell_nothing() {
        let error = Error::internal("password=hunter2");
        let page = ErrorPage::new(&error, StatusCode::INTERNAL_SERVER_ERROR, "01R");
        assert_eq!((page.reason, page.detail), ("internal", None));
    }

    #[test]
    fn ways_lead_to_the_web_and_to_apps_and_run_nothing() {
        let way =
            |uri: &str| Way::new(&uri.parse().unwrap(), uri.to_owned(), Vec::new()).map(|way| way.place);
        assert_eq!(way("https://app.example:8443/cb").as_deref(), Some("app.example:8443"));
        assert_eq!(way("io.element.app:/cb").as_deref(), Some("io.element.app"));
        for other in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "app:/cb"] {
            assert_eq!(way(other), None, "{other}");
        }
    }

    #[test]
    fn only_web_addresses_take_forms() {
        assert!(FormPost::new(&"javascript:alert(1)".parse().unwrap(), vec![]).is_none());
        assert!(FormPost::new(&"io.element:/cb".parse().unwrap(), vec![]).is_none());
        assert!(FormPost::new(&"https://app.example/cb".parse().unwrap(), vec![]).is_some());
    }
}
