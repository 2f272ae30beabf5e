//! The language that somebody has chosen in this browser.

use http::{HeaderMap, HeaderValue};

use crate::{
    App,
    cookies::{self, Keep},
};

const NAME: &str = "language";

/// As a BCP 47 tag; `None` for what the browser asks for.
pub fn read(app: &App, headers: &HeaderMap) -> Option<String> {
    cookies::read::<Option<String>>(app, headers, NAME)?
}

/// The cookie that remembers the choice.
pub fn write(app: &App, chosen: Option<&str>) -> HeaderValue {
    cookies::write(app, NAME, &chosen, Keep::ForGood)
}
