//! OAuth 2.0 and OpenID Connect as the service understands them, without HTTP: what a client may register and
//! where its people may be sent back to.
//!
//! Sources: RFC 6749, RFC 7591, RFC 8252, OpenID Connect Dynamic Client Registration 1.0.

pub mod redirect_uri;
pub mod registration;
