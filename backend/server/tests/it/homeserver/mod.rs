//! The link to the homeserver: when that is away, slow, refuses us, or is of another kind.

mod bridges;
mod devices;
mod faults;
mod kinds;
mod legacy;
mod metrics;
mod provisioning;
mod real;
mod secrets;
mod whose_devices;

use testkit::{Answer, ClientKind::*, TestApp};

/// Somebody signs in to an app with a device, which the homeserver has to be told of.
async fn sign_in(app: &TestApp, username: &str) -> Answer {
    let user = app.user(username).await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    client.exchange(&code).await
}
