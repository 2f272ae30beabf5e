//! Where apps send people to look after their account: `/account/?action=…` (MSC4191, in the Matrix specification since
//! 1.18). The action decides the page; who has to sign in first comes back to it.

use axum::{extract::RawQuery, response::Response};
use edge::{App, Urls, form::Fields};
use url::form_urlencoded;

use super::{Failure, Visit, account_app, next::Next, see_other, visit::Gate};

/// Whom the app expects (MSC4198).
const LOGIN_HINT: &str = "org.matrix.msc4198.login_hint";

/// What somebody may be sent here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Profile,
    DevicesList,
    DeviceView,
    DeviceDelete,
    CrossSigningReset,
    AccountDeactivate,
    /// Experimental: what the homeserver's operator charges for. It is not advertised.
    PlanManagement,
}

/// An action, perhaps with the device that it is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeepLink<'a> {
    action: Option<Action>,
    device: Option<&'a str>,
}

impl Action {
    /// `account_management_actions_supported`: first the stable names, then those of before.
    pub const ADVERTISED: [&'static str; 9] = [
        "org.matrix.profile",
        "org.matrix.devices_list",
        "org.matrix.device_view",
        "org.matrix.device_delete",
        "org.matrix.cross_signing_reset",
        "org.matrix.account_deactivate",
        "org.matrix.sessions_list",
        "org.matrix.session_view",
        "org.matrix.session_end",
    ];

    /// By any of its names, of which clients in use have several.
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "org.matrix.profile" | "profile" => Self::Profile,
            "org.matrix.devices_list" | "org.matrix.sessions_list" | "sessions_list" => Self::DevicesList,
            "org.matrix.device_view" | "org.matrix.session_view" | "session_view" => Self::DeviceView,
            "org.matrix.device_delete" | "org.matrix.session_end" | "session_end" => Self::DeviceDelete,
            "org.matrix.cross_signing_reset" => Self::CrossSigningReset,
            "org.matrix.account_deactivate" => Self::AccountDeactivate,
            "org.matrix.plan_management" => Self::PlanManagement,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Profile => "org.matrix.profile",
            Self::DevicesList => "org.matrix.devices_list",
            Self::DeviceView => "org.matrix.device_view",
            Self::DeviceDelete => "org.matrix.device_delete",
            Self::CrossSigningReset => "org.matrix.cross_signing_reset",
            Self::AccountDeactivate => "org.matrix.account_deactivate",
            Self::PlanManagement => "org.matrix.plan_management",
        }
    }
}

impl<'a> DeepLink<'a> {
    /// An action that nobody knows counts as none; so does a device that no action is about.
    pub fn read(fields: &'a Fields) -> Self {
        let action = fields.get("action").and_then(Action::parse);
        let about_device = matches!(action, Some(Action::DeviceView | Action::DeviceDelete));
        Self { action, device: fields.get("device_id").filter(|_| about_device) }
    }

    /// To be read again later.
    pub fn parameters(self) -> Vec<(String, String)> {
        let action = self.action.map(|action| ("action".to_owned(), action.name().to_owned()));
        let device = self.device.map(|device| ("device_id".to_owned(), device.to_owned()));
        action.into_iter().chain(device).collect()
    }

    /// The address that apps are told of, with this action.
    pub fn address(self, urls: &Urls) -> String {
        let parameters = self.parameters();
        if parameters.is_empty() {
            return urls.path("/account/");
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}?{query}", urls.path("/account/"))
    }

    /// The route of the page that it is done on.
    fn page(self) -> String {
        match (self.action, self.device) {
            (None | Some(Action::Profile), _) => "/account/".to_owned(),
            (Some(Action::DevicesList | Action::DeviceView | Action::DeviceDelete), None) => {
                "/account/sessions".to_owned()
            }
            // People end sessions on the page that shows them.
            (Some(Action::DevicesList | Action::DeviceView | Action::DeviceDelete), Some(device)) => {
                format!("/account/devices/{}", segment(device))
            }
            // So that the page offers to cancel, where there is nothing to go back to.
            (Some(Action::CrossSigningReset), _) => "/account/reset-cross-signing?deepLink=true".to_owned(),
            (Some(Action::AccountDeactivate), _) => "/account/delete-account".to_owned(),
            (Some(Action::PlanManagement), _) => "/account/plan".to_owned(),
        }
    }
}

/// One segment of a path, whatever is in it.
fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes())
        .map(|piece| if piece == "+" { "%20" } else { piece })
        .collect()
}

/// `GET /account`
pub async fn with_slash(app: App, RawQuery(query): RawQuery) -> Response {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    see_other(&format!("{}{query}", app.urls.path("/account/")))
}

/// `GET /account/`
pub async fn enter(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let link = DeepLink::read(&fields);
    let next = Next::Account(link);
    match visit.gate(next.continuation()).await? {
        Gate::Stopped(page) => Ok(page),
        Gate::Anonymous => Ok(see_other(&to_sign_in(&visit.app.urls, next, fields.get(LOGIN_HINT)))),
        Gate::Open(_) => match link.page().as_str() {
            "/account/" => account_app::shell(&visit, None),
            page => Ok(see_other(&visit.app.urls.path(page))),
        },
    }
}

fn to_sign_in(urls: &Urls, next: Next<'_>, hint: Option<&str>) -> String {
    let mut address = next.carried_by(urls, "/login");
    if let Some(hint) = hint {
        let hint = form_urlencoded::Serializer::new(String::new()).append_pair("login_hint", hint).finish();
        address = format!("{address}&{hint}");
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> String {
        let fields = Fields::parse(query.as_bytes()).unwrap();
        let link = DeepLink::read(&fields);
        let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(link.parameters()).finish();
        let again = Fields::parse(kept.as_bytes()).unwrap();
        assert_eq!(DeepLink::read(&again), link, "nothing is lost on the way through a sign-in");
        link.page()
    }

    #[test]
    fn each_name_of_an_action_leads_to_its_page() {
        for (names, expected) in [
            (&["org.matrix.profile", "profile"][..], "/account/"),
            (&["org.matrix.devices_list", "org.matrix.sessions_list", "sessions_list"], "/account/sessions"),
            (&["org.matrix.device_view", "org.matrix.session_view", "session_view"], "/account/sessions"),
            (&["org.matrix.device_delete", "org.matrix.session_end", "session_end"], "/account/sessions"),
            (&["org.matrix.cross_signing_reset"], "/account/reset-cross-signing?deepLink=true"),
            (&["org.matrix.account_deactivate"], "/account/delete-account"),
            (&["org.matrix.plan_management"], "/account/plan"),
            (&["", "ORG.MATRIX.PROFILE", "org.matrix.somewhere", "../../login"], "/account/"),
        ] {
            for name in names {
                assert_eq!(page(&format!("action={name}")), expected, "{name}");
            }
        }
        assert!(Action::ADVERTISED.iter().all(|name| Action::parse(name).is_some()));
    }

    #[test]
    fn a_device_stays_one_segment() {
        for (device, expected) in [
            ("DEV1CE", "DEV1CE"),
            ("a%2Fb", "a%2Fb"),
            ("%3Fx%23y", "%3Fx%23y"),
            ("a%20b%2Bc", "a%20b%2Bc"),
            ("%C3%A4", "%C3%A4"),
        ] {
            for action in ["org.matrix.device_view", "org.matrix.session_end"] {
                let found = page(&format!("action={action}&device_id={device}"));
                assert_eq!(found, format!("/account/devices/{expected}"));
            }
        }
        assert_eq!(page("action=org.matrix.profile&device_id=DEV1CE"), "/account/");
        assert_eq!(page("device_id=DEV1CE"), "/account/");
    }
}
