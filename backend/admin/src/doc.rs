//! The document for programs at `/api/spec.json`, and for people at `/api/doc/`, where operations can be tried.
//!
//! Swagger UI signs in through a pop-up that ends at the callback. The pages of the sign-in sever a window from its opener,
//! so the callback tells the page through a channel that is open to this origin only; `frontend/src/doc/doc.ts` listens.
//!
//! The page may be on a listener of its own, where nothing else is. So it has the document, the callback and the API from where it is
//! itself (its addresses are relative), and only signs in at the public base, which its policy therefore lets it speak to.

use std::sync::{Arc, OnceLock};

use axum::{
    Extension,
    body::Bytes,
    response::{Html, IntoResponse, Response},
};
use edge::{App, app::Request, csp};
use http::header;

/// From the page to the root of the listener that it is on.
pub const UP: &str = "../..";

/// What the page loads; addresses begin with [`UP`].
#[derive(Clone, Debug, Default)]
pub struct Assets {
    pub script: String,
    pub styles: Vec<String>,
    pub icon: String,
}

/// The document as it goes out. Making it takes so long that nobody should be able to ask for it again and again.
#[derive(Debug, Default)]
pub struct Specification(OnceLock<Bytes>);

/// `GET /api/spec.json`
pub async fn specification(app: App, Extension(made): Extension<Arc<Specification>>) -> Response {
    let make = || serde_json::to_vec(&crate::document(&app.urls)).expect("a document serialises").into();
    let document = made.0.get_or_init(make).clone();
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}

/// `GET /api/doc/`
pub async fn page(app: App, Request(op): Request, Extension(assets): Extension<Arc<Assets>>) -> Response {
    let styles: String = assets
        .styles
        .iter()
        .map(|path| format!("<link rel=\"stylesheet\" href=\"{}\">\n", attribute(path)))
        .collect();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>API documentation</title>\n\
         <link rel=\"icon\" href=\"{icon}\">\n{styles}</head>\n<body>\n\
         <div id=\"swagger-ui\" data-openapi-url=\"{OPENAPI}\" data-callback-url=\"{CALLBACK_URL}\">\n\
         <noscript>This page needs JavaScript. The document itself is at \
         <a href=\"{OPENAPI}\">/api/spec.json</a>.</noscript>\n</div>\n\
         <script type=\"module\" src=\"{script}\"></script>\n</body>\n</html>\n",
        icon = attribute(&assets.icon),
        script = attribute(&assets.script),
    );
    let mut response = protected(html, &csp::Nonce::new(&op));
    csp::allow_connection(response.headers_mut(), &app.urls.absolute("/oauth2/token"));
    response
}

const OPENAPI: &str = "../spec.json";
const CALLBACK_URL: &str = "oauth2-callback";

/// `GET /api/doc/oauth2-callback`: the parameters are for the script, and the server does nothing with them.
pub async fn callback(Request(op): Request) -> Response {
    let nonce = csp::Nonce::new(&op);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Signed in</title>\n</head>\n\
         <body>\n<p>You can close this window.</p>\n<script nonce=\"{}\">{CALLBACK}</script>\n</body>\n</html>\n",
        nonce.as_str()
    );
    protected(html, &nonce)
}

const CALLBACK: &str = r#"
const fragment = location.hash.slice(1);
const answer = /code|token|error/.test(fragment) ? fragment : location.search.slice(1);
new BroadcastChannel("api-doc-oauth2").postMessage(answer);
history.replaceState(null, "", location.pathname);
window.close();
"#;

fn protected(html: String, nonce: &csp::Nonce) -> Response {
    let mut response = Html(html).into_response();
    csp::protect(response.headers_mut(), nonce, &[]);
    response
}

/// Text between double quotes.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
