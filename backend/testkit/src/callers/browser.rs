//! Somebody with a browser: it keeps cookies, follows redirects of ours, and sends forms as they stand on the page.

use std::collections::BTreeMap;

use http::{Method, header};
use regex::Regex;

use super::{Answer, Caller, Request};

#[derive(Clone)]
pub struct Browser {
    caller: Caller,
    pub cookies: BTreeMap<String, String>,
    /// What the proxy in front of the service says about where the browser is (`X-Forwarded-For`).
    pub address: Option<String>,
    /// Where redirects of ours have led it, in order.
    pub redirects: Vec<String>,
}

impl Browser {
    pub const fn new(caller: Caller) -> Self {
        Self { caller, cookies: BTreeMap::new(), address: None, redirects: Vec::new() }
    }

    /// The page at a path of ours, after redirects.
    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.send(self.caller.get(path)).await;
        self.follow(answer).await
    }

    /// Sends the page's form whose action begins with `action`, with its hidden fields and these, which go before
    /// hidden ones of the same name. The answer is the
    /// page after redirects; a redirect that leads elsewhere is not followed.
    pub async fn submit(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let form = Form::find(&page.body, action).unwrap_or_else(|| panic!("no form for {action} in {page}"));
        let mut all = form.hidden;
        all.retain(|(name, _)| fields.iter().all(|(other, _)| name != other));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let request = self.caller.request(Method::POST, &form.action);
        let request = request.form(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let answer = self.send(request).await;
        self.follow(answer).await
    }

    /// A request of the account app.
    pub async fn graphql(&mut self, query: &str, variables: serde_json::Value) -> Answer {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let request = self.caller.post("/graphql").header("sec-fetch-site", "same-origin").json(&body);
        self.send(request).await
    }

    /// The data of a request of the account app that has to succeed.
    pub async fn ask(&mut self, query: &str, variables: serde_json::Value) -> serde_json::Value {
        self.graphql(query, variables).await.data()
    }

    async fn follow(&mut self, mut answer: Answer) -> Answer {
        while answer.status.is_redirection() && answer.header("location").starts_with('/') {
            let location = answer.header("location").to_owned();
            let request = self.caller.get(&location);
            self.redirects.push(location);
            answer = self.send(request).await;
        }
        answer
    }

    async fn send(&mut self, request: Request) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request =
            if cookies.is_empty() { request } else { request.header("cookie", &cookies.join("; ")) };
        let request = match &self.address {
            Some(address) => request.header("x-forwarded-for", address),
            None => request,
        };
        let answer = request.await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("cookies are ASCII");
            let pair = line.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

/// A form on a page.
pub(super) struct Form {
    action: String,
    pub(super) hidden: Vec<(String, String)>,
}

impl Form {
    pub fn find(html: &str, action: &str) -> Option<Self> {
        let forms = Regex::new("(?s)<form([^>]*)>(.*?)</form>").expect("a pattern");
        let inputs = Regex::new("(?s)<input([^>]*)>").expect("a pattern");
        for form in forms.captures_iter(html) {
            let target = attribute(&form[1], "action").unwrap_or_default();
            if !target.starts_with(action) {
                continue;
            }
            let hidden = inputs.captures_iter(&form[2]).filter_map(|input| {
                let is_hidden = attribute(&input[1], "type").as_deref() == Some("hidden");
                let name = attribute(&input[1], "name").filter(|_| is_hidden)?;
                Some((name, attribute(&input[1], "value").unwrap_or_default()))
            });
            return Some(Self { action: target, hidden: hidden.collect() });
        }
        None
    }
}

/// Where the link leads whose text contains `text`.
pub(super) fn link(html: &str, text: &str) -> Option<String> {
    let links = Regex::new("(?s)<a([^>]*)>(.*?)</a>").expect("a pattern");
    let link = links.captures_iter(html).find(|link| link[2].contains(text))?;
    attribute(&link[1], "href")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let pattern = Regex::new(&format!("(?s)\\b{name}=(?:\"([^\"]*)\"|([^\\s\"'>]+))")).expect("a pattern");
    let found = pattern.captures(tag)?;
    let value = found.get(1).or_else(|| found.get(2))?.as_str();
    let entities =
        [("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    Some(entities.iter().fold(value.to_owned(), |text, (entity, plain)| text.replace(entity, plain)))
}
