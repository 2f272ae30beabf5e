//! The built front end, embedded in the binary, and how it is served.
//!
//! Vite names every file after its content and lists them in `manifest.json`, so what lies below `/assets/` may
//! be kept for ever. Vite also writes `.br` and `.gz` siblings: no request pays for compression.

use std::collections::HashMap;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS},
};
use kernel::{Error, Result};
use rust_embed::{Embed, EmbeddedFile};
use serde::{Deserialize, Serialize};

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, immutable, max-age=31536000");
/// A missing file may be one that a newer replica knows already: let it be asked for again soon.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

#[derive(Embed)]
#[folder = "../../frontend/dist"]
struct Dist;

/// One entry of Vite's manifest: a source file and what became of it.
#[derive(Deserialize)]
struct Entry {
    file: String,
    #[serde(default)]
    css: Vec<String>,
    /// Entries of which it needs the scripts at once.
    #[serde(default)]
    imports: Vec<String>,
}

fn manifest() -> Result<HashMap<String, Entry>> {
    let manifest =
        Dist::get("manifest.json").ok_or_else(|| Error::internal("no manifest.json in frontend/dist"))?;
    serde_json::from_slice(&manifest.data).map_err(Error::internal)
}

/// What an app that fills its page by itself loads, as paths from the server's root, public prefix included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AppAssets {
    pub styles: Vec<String>,
    pub script: String,
    /// Scripts that the script asks for first.
    pub preloads: Vec<String>,
    /// The app's words, by language, of which the script asks for one.
    #[serde(skip)]
    pub texts: HashMap<String, String>,
}

impl AppAssets {
    const APP: &str = "src/main.tsx";
    const PLAYGROUND: &str = "src/playground/playground.tsx";
    const TEXTS: &str = "virtual:texts/";

    /// `None` if the front end was built without the app.
    pub fn load(prefix: &str) -> Result<Option<Self>> {
        Self::of(Self::APP, prefix)
    }

    /// The page to try the account API on; `None` likewise.
    pub fn playground(prefix: &str) -> Result<Option<Self>> {
        Self::of(Self::PLAYGROUND, prefix)
    }

    fn of(source: &str, prefix: &str) -> Result<Option<Self>> {
        let entries = manifest()?;
        let Some(entry) = entries.get(source) else { return Ok(None) };
        let path = |file: &String| format!("{prefix}/{file}");
        let (mut assets, mut seen) = (Self { script: path(&entry.file), ..Self::default() }, Vec::new());
        let mut open = vec![source];
        while let Some(name) = open.pop() {
            let Some(entry) = entries.get(name).filter(|_| !seen.contains(&name)) else { continue };
            seen.push(name);
            assets.styles.extend(
                entry.css.iter().map(path).filter(|style| !assets.styles.contains(style)).collect::<Vec<_>>(),
            );
            if name != source {
                assets.preloads.push(path(&entry.file));
            }
            open.extend(entry.imports.iter().map(String::as_str));
        }
        for (name, entry) in &entries {
            if let Some(language) = name.strip_prefix(Self::TEXTS) {
                assets.texts.insert(language.to_owned(), path(&entry.file));
            }
        }
        Ok(Some(assets))
    }

    /// With the words of that language among what is asked for first.
    pub fn speaking(&self, language: &str) -> Self {
        let mut assets = self.clone();
        assets.preloads.extend(assets.texts.remove(language));
        assets
    }
}

/// What the server-rendered pages load, as paths from the server's root, public prefix included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageAssets {
    pub styles: Vec<String>,
    pub script: String,
    pub icon: String,
}

impl PageAssets {
    /// `prefix` is the path of `http.public_base` without its trailing slash.
    ///
    /// Fails when the embedded manifest lacks an entry: the front end was built from other sources.
    pub fn load(prefix: &str) -> Result<Self> {
        let mut entries = manifest()?;
        let mut take = |source: &str| {
            entries
                .remove(source)
                .ok_or_else(|| Error::internal(format!("frontend/dist/manifest.json has no {source}")))
        };
        let (pages, icon) = (take("src/pages/pages.ts")?, take("src/mark/favicon.svg")?);
        let path = |file: &String| format!("{prefix}/{file}");
        Ok(Self {
            styles: pages.css.iter().map(path).collect(),
            script: path(&pages.file),
            icon: path(&icon.file),
        })
    }
}

/// `GET /assets/{path}`: the file in the best form that the browser takes, or a 404 without a body.
pub async fn get(axum::extract::Path(path): axum::extract::Path<String>, headers: HeaderMap) -> Response {
    serve(&path, headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

fn serve(path: &str, accept_encoding: &str) -> Response {
    let Some((kind, (coding, file))) = content_type(path).zip(find(path, accept_encoding)) else {
        return (StatusCode::NOT_FOUND, [(CACHE_CONTROL, FIVE_MINUTES), (X_CONTENT_TYPE_OPTIONS, NOSNIFF)])
            .into_response();
    };
    let mut response = Response::new(Body::from(file.data.into_owned()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, FOR_EVER);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// The smallest form that is there and accepted, with its content coding.
fn find(path: &str, accept_encoding: &str) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let compressed =
        [("br", "br"), ("gzip", "gz")].into_iter().filter(|(coding, _)| accepts(accept_encoding, coding));
    compressed
        .filter_map(|(coding, extension)| {
            Some((Some(coding), Dist::get(&format!("assets/{path}.{extension}"))?))
        })
        .next()
        .or_else(|| Some((None, Dist::get(&format!("assets/{path}"))?)))
}

/// Whether the header names `coding` with a weight other than zero (RFC 9110 §12.5.3).
fn accepts(accept_encoding: &str, coding: &str) -> bool {
    accept_encoding.split(',').any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case(coding) && weight.parse().is_ok_and(|weight: f32| weight > 0.0)
    })
}

/// `None` for what is not served under a name of its own, such as the compressed siblings.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style() -> String {
        let assets = PageAssets::load("").unwrap();
        assets.styles[0].strip_prefix("/assets/").unwrap().to_owned()
    }

    fn header<'r>(response: &'r Response, name: &str) -> &'r str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn paths_carry_the_public_prefix() {
        let assets = PageAssets::load("/auth").unwrap();
        for path in assets.styles.iter().chain([&assets.script, &assets.icon]) {
            assert!(path.starts_with("/auth/assets/"), "{path}");
            let served = serve(path.strip_prefix("/auth/assets/").unwrap(), "");
            assert_eq!(served.status(), StatusCode::OK, "{path}");
        }
    }

    #[test]
    fn what_has_a_hashed_name_is_kept_for_ever() {
        let response = serve(&style(), "");
        assert_eq!(header(&response, "cache-control"), "public, immutable, max-age=31536000");
        assert_eq!(header(&response, "content-type"), "text/css; charset=utf-8");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "vary"), "accept-encoding");
        assert_eq!(header(&response, "content-encoding"), "");
    }

    #[test]
    fn the_browser_chooses_the_coding() {
        for (accept, coding) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, br;q=0.5", "br"),
            ("GZIP", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("br; q=0.000", ""),
            ("br;q=much", ""),
            ("brotli", ""),
        ] {
            assert_eq!(header(&serve(&style(), accept), "content-encoding"), coding, "{accept}");
        }
    }

    #[test]
    fn nothing_else_is_served() {
        let sibling = format!("{}.br", style());
        for path in ["", "nothing.css", "../manifest.json", "../../package.json", "manifest.json", &sibling] {
            let response = serve(path, "br");
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(header(&response, "cache-control"), "public, max-age=300");
            assert_eq!(header(&response, "content-type"), "");
        }
    }
}
