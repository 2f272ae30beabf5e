//! A web site of a client, which serves what the test says: key sets, logos, redirects, nonsense.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

/// At a port of its own on the loopback address, by plain http: tests must allow 127.0.0.0/8 to be fetched from.
pub struct FakeSite {
    address: SocketAddr,
    pages: Arc<Mutex<HashMap<String, Page>>>,
    serving: JoinHandle<()>,
}

#[derive(Clone, Debug, Default)]
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    hits: usize,
}

impl FakeSite {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let pages: Arc<Mutex<HashMap<String, Page>>> = Arc::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&pages));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serving never fails");
        });
        Self { address, pages, serving }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("a URL")
    }

    /// From now on, the path is answered like this.
    pub fn serve(&self, path: &str, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) {
        let mut pages = self.pages.lock().expect("nobody panics here");
        let page = pages.entry(path.to_owned()).or_default();
        page.status = StatusCode::from_u16(status).expect("a status");
        page.headers = headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
                (name, HeaderValue::from_str(value).expect("a header value"))
            })
            .collect();
        page.body = body.into();
    }

    pub fn serve_json(&self, path: &str, body: &serde_json::Value) {
        self.serve(path, 200, &[("content-type", "application/json")], body.to_string());
    }

    /// How often the path was asked for.
    pub fn hits(&self, path: &str) -> usize {
        self.pages.lock().expect("nobody panics here").get(path).map_or(0, |page| page.hits)
    }
}

impl Drop for FakeSite {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(pages): State<Arc<Mutex<HashMap<String, Page>>>>, uri: Uri) -> Response {
    let mut pages = pages.lock().expect("nobody panics here");
    let page = pages
        .entry(uri.path().to_owned())
        .or_insert_with(|| Page { status: StatusCode::NOT_FOUND, ..Page::default() });
    page.hits += 1;
    let page = page.clone();
    (page.status, page.headers, page.body).into_response()
}
