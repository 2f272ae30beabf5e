//! What every HTTP surface shares: the application's parts, the operation that a request is, cookies, CSRF tokens,
//! security headers, the address of the client, and the request log. No endpoint lives here.

pub mod address;
pub mod app;
pub mod cookies;
pub mod csp;
pub mod csrf;
pub mod form;
pub mod language;
pub mod metrics;
pub mod nul;
pub mod registrations;
pub mod session;
pub mod telemetry;
pub mod theme;
pub mod urls;

pub use app::{App, Parts};
pub use metrics::Metrics;
pub use telemetry::Peer;
pub use urls::Urls;
