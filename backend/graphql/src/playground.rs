//! A page to try questions on, where the operator wants one: GraphiQL, from our own files. It can do what whoever opens it can do
//! by hand. All addresses are relative, so that it works wherever a listener has `graphql` and `assets` side by side.

use axum::{
    Extension, Router,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use edge::{App, app::Request, csp};

/// From the page to what lies beside the endpoint.
pub const UP: &str = "..";

/// What the page loads; addresses begin with [`UP`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playground {
    pub styles: Vec<String>,
    pub script: String,
    pub icon: String,
}

/// The page, and nothing else.
pub fn routes(playground: Playground) -> Router<App> {
    Router::new().route("/graphql/playground", get(page)).layer(Extension(playground))
}

async fn page(Request(op): Request, Extension(playground): Extension<Playground>) -> Response {
    let Playground { styles, script, icon } = playground;
    let styles: String =
        styles.iter().map(|path| format!("<link rel=\"stylesheet\" href=\"{path}\">\n")).collect();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>GraphiQL</title>\n\
         <link rel=\"icon\" href=\"{icon}\">\n{styles}</head>\n<body>\n\
         <div id=\"playground\" data-endpoint=\"{UP}/graphql\"></div>\n\
         <noscript>This page needs JavaScript.</noscript>\n\
         <script type=\"module\" src=\"{script}\"></script>\n</body>\n</html>\n"
    );
    let mut response = Html(html).into_response();
    csp::protect(response.headers_mut(), &csp::Nonce::new(&op), &[]);
    response
}
