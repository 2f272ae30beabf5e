//! The vocabulary of the service, without I/O: ids, instants, one operation and its randomness, errors,
//! secrets, tokens and scopes, the shape of the configuration. Everything here is a value that can be built and compared in a unit test.

pub mod config;
pub mod error;
pub mod id;
pub mod jose;
pub mod name;
pub mod op;
pub mod pkce;
pub mod random;
pub mod scope;
pub mod seal;
pub mod secret;
pub mod time;
pub mod token;

pub use error::{Error, Kind, Result};
pub use op::{Actor, Op};
pub use random::{Random, SystemRandom};
pub use scope::Scope;
pub use secret::Secret;
pub use time::{Clock, SystemClock, Timestamp};
pub use token::{Handle, Presented, Token, TokenKind};
