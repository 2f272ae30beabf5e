//! `database`: where the data is kept.

use std::{num::NonZeroU16, num::NonZeroU32, path::PathBuf, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatabaseUri, Problems, Seconds, Section, Source, values::redacted};
use crate::Secret;

/// Where the data is kept: an SQLite file or a PostgreSQL database. Without this section, and without `PG*`
/// environment variables, the file `data/latchkey.db` in the working directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseConfig {
    /// `sqlite://PATH` (with the options of SQLx, such as `?mode=rwc` to create the file) or
    /// `postgres://user:password@host:port/database?options`. Not together with `host`, `port`, `socket`,
    /// `username`, `password`, `password_file` and `database`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub uri: Option<DatabaseUri>,

    /// Host name of the PostgreSQL server. Parts that are left out come from the `PG*` environment variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,

    /// Port of the PostgreSQL server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<NonZeroU16>,

    /// Folder of the PostgreSQL server's UNIX socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<PathBuf>,

    /// PostgreSQL role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,

    /// Password of the role.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub password: Option<Secret<String>>,

    /// A file with the password of the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,

    /// Name of the PostgreSQL database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,

    /// How far TLS is asked of the PostgreSQL server; takes precedence over the URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_mode: Option<SslMode>,

    /// Certificate authority of the PostgreSQL server, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_ca: Option<String>,

    /// A file with the certificate authority of the PostgreSQL server, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_ca_file: Option<PathBuf>,

    /// Client certificate in PEM; needs a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_certificate: Option<String>,

    /// A file with the client certificate in PEM; needs a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_certificate_file: Option<PathBuf>,

    /// Key of the client certificate, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub ssl_key: Option<Secret<String>>,

    /// A file with the key of the client certificate, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_key_file: Option<PathBuf>,

    /// Largest number of connections that this process opens.
    #[serde(default = "max_connections")]
    pub max_connections: NonZeroU32,

    /// Number of connections that are kept open at rest.
    #[serde(default)]
    pub min_connections: u32,

    /// How long a request waits for a connection, in seconds.
    #[serde(default = "connect_timeout")]
    pub connect_timeout: Seconds,

    /// How long a connection may rest before it is closed, in seconds; null: for ever.
    #[serde(default = "idle_timeout")]
    pub idle_timeout: Option<Seconds>,

    /// How long a connection may live, in seconds; null: for ever.
    #[serde(default = "max_lifetime")]
    pub max_lifetime: Option<Seconds>,
}

impl DatabaseConfig {
    pub fn password(&self) -> Option<Source<'_>> {
        Source::of(&self.password, &self.password_file)
    }

    pub fn pool(&self) -> Pool {
        Pool {
            max_connections: self.max_connections.get(),
            min_connections: self.min_connections,
            connect_timeout: self.connect_timeout.into(),
            idle_timeout: self.idle_timeout.map(Into::into),
            max_lifetime: self.max_lifetime.map(Into::into),
        }
    }

    /// What to connect to. `password` is what [`Self::password`] names, read by the caller.
    pub fn target(&self, password: Option<Secret<String>>) -> DatabaseTarget {
        match &self.uri {
            Some(uri) if uri.is_sqlite() => DatabaseTarget::Sqlite { uri: uri.0.expose().clone() },
            uri => DatabaseTarget::Postgres(Box::new(PostgresTarget {
                uri: uri.as_ref().map(|uri| uri.0.clone()),
                host: self.host.clone(),
                port: self.port.map(NonZeroU16::get),
                socket: self.socket.clone(),
                username: self.username.clone(),
                password,
                database: self.database.clone(),
                ssl_mode: self.ssl_mode,
                ssl_ca: Pem::of(&self.ssl_ca, &self.ssl_ca_file),
                ssl_certificate: Pem::of(&self.ssl_certificate, &self.ssl_certificate_file),
                ssl_key: Pem::of(&self.ssl_key, &self.ssl_key_file),
            })),
        }
    }

    fn check_uri(&self, problems: &mut Problems) {
        let Some(uri) = &self.uri else { return };
        let parts = [
            ("host", self.host.is_some()),
            ("port", self.port.is_some()),
            ("socket", self.socket.is_some()),
            ("username", self.username.is_some()),
            ("password", self.password.is_some()),
            ("password_file", self.password_file.is_some()),
            ("database", self.database.is_some()),
        ];
        for (key, _) in parts.iter().filter(|(_, given)| *given) {
            problems.error_at(key, "excludes `uri`: give the address as a whole or in parts");
        }
        if uri.is_sqlite() && self.has_tls() {
            problems.error("TLS keys (`ssl_*`) have no meaning with SQLite: remove them");
        }
    }

    fn has_tls(&self) -> bool {
        self.ssl_mode.is_some()
            || self.ssl_ca.is_some()
            || self.ssl_ca_file.is_some()
            || self.has_certificate()
            || self.has_key()
    }

    fn has_certificate(&self) -> bool {
        self.ssl_certificate.is_some() || self.ssl_certificate_file.is_some()
    }

    fn has_key(&self) -> bool {
        self.ssl_key.is_some() || self.ssl_key_file.is_some()
    }
}

impl Section for DatabaseConfig {
    const NAME: &'static str = "database";

    /// The loader fills in an SQLite file when nothing else names a database; without it, the parts come from the
    /// `PG*` environment variables.
    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        self.check_uri(problems);
        problems.at_most_one(("password", &self.password), ("password_file", &self.password_file));
        problems.at_most_one(("ssl_ca", &self.ssl_ca), ("ssl_ca_file", &self.ssl_ca_file));
        let certificate = ("ssl_certificate", &self.ssl_certificate);
        problems.at_most_one(certificate, ("ssl_certificate_file", &self.ssl_certificate_file));
        problems.at_most_one(("ssl_key", &self.ssl_key), ("ssl_key_file", &self.ssl_key_file));
        match (self.has_certificate(), self.has_key()) {
            (true, false) => problems.error("a client certificate needs `ssl_key` or `ssl_key_file`"),
            (false, true) => {
                problems.error("a client key needs `ssl_certificate` or `ssl_certificate_file`");
            }
            _ => {}
        }
        if self.min_connections > self.max_connections.get() {
            problems.error_at("min_connections", "must not exceed `max_connections`");
        }
    }
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        serde_json::from_str("{}").expect("every key has a default")
    }
}

/// How far TLS is asked of the server, in the terms of libpq.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// The sizes and times of the connection pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    pub max_connections: u32,
    pub min_connections: u32,
    pub connect_timeout: Duration,
    pub idle_timeout: Option<Duration>,
    pub max_lifetime: Option<Duration>,
}

/// What to connect to.
#[derive(Clone, Debug, PartialEq)]
pub enum DatabaseTarget {
    /// `sqlite://PATH?options`, as SQLx reads it.
    Sqlite {
        uri: String,
    },
    Postgres(Box<PostgresTarget>),
}

/// A PostgreSQL server: an address as a whole, or parts, of which missing ones come from libpq's environment.
#[derive(Clone, Debug, PartialEq)]
pub struct PostgresTarget {
    pub uri: Option<Secret<String>>,
    pub host: Option<String>,
    pub port: Option<u16>,
    pub socket: Option<PathBuf>,
    pub username: Option<String>,
    pub password: Option<Secret<String>>,
    pub database: Option<String>,
    pub ssl_mode: Option<SslMode>,
    pub ssl_ca: Option<Pem<String>>,
    pub ssl_certificate: Option<Pem<String>>,
    pub ssl_key: Option<Pem<Secret<String>>>,
}

/// PEM text, or the file that holds it; the TLS layer reads either.
#[derive(Clone, Debug, PartialEq)]
pub enum Pem<T> {
    Inline(T),
    File(PathBuf),
}

impl<T: Clone> Pem<T> {
    fn of(inline: &Option<T>, file: &Option<PathBuf>) -> Option<Self> {
        inline.clone().map(Self::Inline).or_else(|| file.clone().map(Self::File))
    }
}

const fn max_connections() -> NonZeroU32 {
    NonZeroU32::new(10).unwrap()
}

const fn connect_timeout() -> Seconds {
    Seconds(30)
}

const fn idle_timeout() -> Option<Seconds> {
    Some(Seconds(600))
}

const fn max_lifetime() -> Option<Seconds> {
    Some(Seconds(1800))
}
