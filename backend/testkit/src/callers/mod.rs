//! Who calls: strangers, browsers, clients and the homeserver, all through one request builder.

mod answer;
mod browser;
mod client;

use std::{pin::Pin, sync::LazyLock};

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::form_urlencoded;

pub use answer::{Answer, Tokens};
pub use browser::Browser;
pub use client::{Code, TestClient};

/// How a caller proves who it is.
#[derive(Clone, Debug)]
pub enum Credentials {
    None,
    Bearer(String),
    /// `client_secret_basic`
    Basic {
        id: String,
        secret: String,
    },
    /// `client_secret_post`
    Post {
        id: String,
        secret: String,
    },
    /// A public client, which only says who it is.
    Public {
        id: String,
    },
}

/// One for the whole process, since making it is slow. It keeps no connection: one that is kept would belong to
/// another test's runtime, or lead to a server that was restarted.
fn http() -> &'static reqwest::Client {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        builder.pool_max_idle_per_host(0).no_proxy().build().expect("an HTTP client")
    });
    &HTTP
}

/// Somebody who sends requests.
#[derive(Clone, Debug)]
pub struct Caller {
    base: String,
    pub credentials: Credentials,
}

impl Caller {
    /// Of the service at `base`, an origin: `http://127.0.0.1:8080`.
    pub const fn new(base: String, credentials: Credentials) -> Self {
        Self { base, credentials }
    }

    #[must_use]
    pub fn with(&self, credentials: Credentials) -> Self {
        Self { credentials, ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// A request to the account API.
    pub fn graphql(&self, query: &str, variables: serde_json::Value) -> Request {
        self.post("/graphql").json(&serde_json::json!({ "query": query, "variables": variables }))
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        Request {
            caller: self.clone(),
            method,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            form: None,
            body: Bytes::new(),
        }
    }
}

/// A request that is sent when it is awaited.
#[must_use]
pub struct Request {
    caller: Caller,
    method: Method,
    path: String,
    headers: HeaderMap,
    form: Option<Vec<(String, String)>>,
    body: Bytes,
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        self.headers.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        self
    }

    /// Adds fields to the form.
    pub fn form<'a>(mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.form.get_or_insert_default().extend(fields);
        self
    }

    pub fn json(self, body: &serde_json::Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn raw(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// A body that does not say what it is.
    pub fn untyped(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    async fn send(mut self) -> Answer {
        match self.caller.credentials.clone() {
            Credentials::None => {}
            Credentials::Bearer(token) => self = self.header("authorization", &format!("Bearer {token}")),
            Credentials::Basic { id, secret } => {
                let pair = STANDARD.encode(format!("{id}:{secret}"));
                self = self.header("authorization", &format!("Basic {pair}"));
            }
            Credentials::Post { id, secret } => {
                self = self.form([("client_id", id.as_str()), ("client_secret", secret.as_str())]);
            }
            Credentials::Public { id } => self = self.form([("client_id", id.as_str())]),
        }
        if let Some(fields) = &self.form {
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            self = self.raw("application/x-www-form-urlencoded", form);
        }
        let url = format!("{}{}", self.caller.base, self.path);
        let sent = http().request(self.method, url).headers(self.headers).body(self.body).send();
        Answer::read(sent.await.expect("the service answers")).await
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
