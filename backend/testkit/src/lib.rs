//! What tests stand on: a clock moved by hand, seeded randomness, a database per test on either engine, a fake
//! homeserver, and [`TestApp`], which is the real application served over real TCP.
//!
//! Nothing here replaces a part of the service: what a test sees is what a client sees. The engine is chosen by
//! `LATCHKEY_TEST_ENGINE` (`sqlite`, the default, or `postgres`); PostgreSQL is reached through
//! `LATCHKEY_TEST_POSTGRES`, the address of a superuser's maintenance database. A server that is asked for and is
//! not there is a failure, never a skip.

mod app;
mod callers;
mod clock;
mod database;
mod fixtures;
mod homeserver;
mod keys;
mod mail_server;
mod mailbox;
mod random;
mod settings;
mod signer;
mod site;

pub use app::{Replica, TestApp};
pub use callers::{Answer, Browser, Caller, Code, Credentials, Request, TestClient, Tokens};
pub use clock::ManualClock;
pub use database::{TestDb, engine};
pub use fixtures::{Authorization, ClientKind, DEVICE_CODE, PASSWORD};
pub use homeserver::{Call, FakeHomeserver, Held, Mood};
pub use keys::Keys;
pub use mail_server::Door;
pub use mailbox::{Mail, Mailbox};
pub use random::SeededRandom;
pub use settings::{
    CONFIDENTIAL, HOMESERVER_SECRET, PUBLIC, REDIRECT_URI, SECRET, SERVER_NAME, SIGNED_OUT_URI, Settings,
};
pub use signer::{Signer, sign_with_secret};
pub use site::FakeSite;
