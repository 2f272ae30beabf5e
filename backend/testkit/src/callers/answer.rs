//! What comes back.

use std::{collections::BTreeMap, fmt};

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::browser::{Form, link};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// A successful answer of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: String,
    pub token_type: String,
    pub expires_in: u64,
    pub scope: Option<String>,
    pub id_token: Option<String>,
}

impl Answer {
    pub(super) async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.text().await.expect("the whole body arrives");
        Self { status, headers, body }
    }

    /// This answer, which must be a success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status.is_success(), "{self}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self}"))
    }

    /// The tokens of a success.
    #[track_caller]
    pub fn tokens(self) -> Tokens {
        let answer = self.ok();
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// Status and `error` of a refusal.
    #[track_caller]
    pub fn refusal(&self) -> (u16, String) {
        let body = self.json();
        let code = body["error"].as_str().unwrap_or_else(|| panic!("no refusal: {self}"));
        assert!(body["error_description"].is_string(), "a refusal explains itself: {self}");
        (self.status.as_u16(), code.to_owned())
    }

    /// What a redirect to a client tells it, in the query or in the fragment.
    #[track_caller]
    pub fn parameters(&self) -> BTreeMap<String, String> {
        parameters_in(self.header("location")).unwrap_or_else(|| panic!("no redirect to a client: {self}"))
    }

    /// What a client that nobody vouches for is told once the person has followed the link on this page.
    #[track_caller]
    pub fn handed_over(&self) -> BTreeMap<String, String> {
        parameters_in(&self.link("Go on to")).unwrap_or_else(|| panic!("no way to a client: {self}"))
    }

    /// The data of a GraphQL answer without errors.
    #[track_caller]
    pub fn data(&self) -> Value {
        let mut body = self.json();
        assert!(body.get("errors").is_none(), "{self}");
        body["data"].take()
    }

    /// The one error of a GraphQL answer: its code and its message.
    #[track_caller]
    pub fn fault(&self) -> (String, String) {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {self}"));
        assert_eq!(errors.len(), 1, "{self}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&errors[0]["extensions"]["code"]), text(&errors[0]["message"]))
    }

    /// Whether the page has a form whose action begins with `action`.
    pub fn has_form(&self, action: &str) -> bool {
        Form::find(&self.body, action).is_some()
    }

    /// Where the page's link with this text leads.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        link(&self.body, text).unwrap_or_else(|| panic!("no link {text:?}: {self}"))
    }

    /// The hidden fields of the page's form whose action begins with `action`.
    #[track_caller]
    pub fn hidden(&self, action: &str) -> BTreeMap<String, String> {
        let form = Form::find(&self.body, action).unwrap_or_else(|| panic!("no form for {action} in {self}"));
        form.hidden.into_iter().collect()
    }

    /// A header, or the empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

fn parameters_in(address: &str) -> Option<BTreeMap<String, String>> {
    let address = Url::parse(address).ok()?;
    let fragment = form_urlencoded::parse(address.fragment().unwrap_or_default().as_bytes());
    Some(address.query_pairs().into_owned().chain(fragment.into_owned()).collect())
}

/// Status and body: what a snapshot holds.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.body)
    }
}
