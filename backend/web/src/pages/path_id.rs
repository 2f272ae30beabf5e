//! What a page is about, from its path.

use axum::extract::{FromRequestParts, Path};
use edge::App;
use http::request;
use kernel::{Error, Kind};

use super::Failure;

/// The one variable part of the path. What is no text is as unknown as any other, and has the same page.
pub struct PathId(pub String);

impl FromRequestParts<App> for PathId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut request::Parts, app: &App) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Error::new(Kind::NotFound, "there is nothing at this address").into()),
        }
    }
}
