//! The headers that keep a page from being framed, injected into or remembered.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header};
use kernel::Op;

/// Lets the scripts of one answer run, and no others.
#[derive(Clone, Debug)]
pub struct Nonce(String);

impl Nonce {
    pub fn new(op: &Op) -> Self {
        Self(STANDARD.encode(op.random().bytes::<16>()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sets the headers of an HTML page. `form_targets` are the origins, besides our own, that a form may end up at:
/// Chromium applies `form-action` to the redirect after a form as well.
pub fn protect(headers: &mut HeaderMap, nonce: &Nonce, form_targets: &[String]) {
    let targets: String = form_targets.iter().map(|target| format!(" {target}")).collect();
    let policy = format!(
        "default-src 'none'; style-src 'self' 'nonce-{0}'; script-src 'self' 'nonce-{0}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'{targets}; \
         frame-ancestors 'none'; base-uri 'none'",
        nonce.as_str()
    );
    let policy = HeaderValue::from_str(&policy).expect("origins and base64 are ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let policies = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    headers.insert("permissions-policy", HeaderValue::from_static(policies));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
}
