//! Which database, and how many connections to it.

use std::{path::PathBuf, str::FromStr, time::Duration};

use kernel::{
    Error, Kind, Result,
    config::{DatabaseTarget, Pem, Pool, PostgresTarget, SslMode},
};
use sqlx::{
    postgres::{PgConnectOptions, PgSslMode},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// The schema that holds our tables on PostgreSQL, so that MAS's may stand beside it.
pub const SCHEMA: &str = "latchkey";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// For logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    pub const fn backend(self) -> sea_orm::DbBackend {
        match self {
            Self::Sqlite => sea_orm::DbBackend::Sqlite,
            Self::Postgres => sea_orm::DbBackend::Postgres,
        }
    }
}

impl From<sea_orm::DbBackend> for Engine {
    fn from(backend: sea_orm::DbBackend) -> Self {
        match backend {
            sea_orm::DbBackend::Sqlite => Self::Sqlite,
            _ => Self::Postgres,
        }
    }
}

/// A database to connect to, all defaults applied.
#[derive(Clone, Debug)]
pub enum Target {
    Sqlite {
        options: Box<SqliteConnectOptions>,
        /// Create the file if there is none.
        create: bool,
    },
    Postgres(Box<PgConnectOptions>),
}

/// How many connections, and for how long they may live.
#[derive(Clone, Copy, Debug)]
pub struct PoolSize {
    pub max: usize,
    /// Opened at start-up, so that the first requests find them.
    pub min: usize,
    /// How long a request may wait for a connection.
    pub wait: Duration,
    pub idle: Option<Duration>,
    pub lifetime: Option<Duration>,
}

impl Default for PoolSize {
    fn default() -> Self {
        Self {
            max: 10,
            min: 0,
            wait: Duration::from_secs(30),
            idle: Some(Duration::from_secs(600)),
            lifetime: Some(Duration::from_secs(1800)),
        }
    }
}

impl From<Pool> for PoolSize {
    fn from(pool: Pool) -> Self {
        Self {
            max: pool.max_connections as usize,
            min: pool.min_connections as usize,
            wait: pool.connect_timeout,
            idle: pool.idle_timeout,
            lifetime: pool.max_lifetime,
        }
    }
}

impl Target {
    /// The configured database.
    pub fn of(config: &DatabaseTarget) -> Result<Self> {
        let invalid = |why: String| Error::new(Kind::Invalid, format!("database: {why}"));
        match config {
            DatabaseTarget::Sqlite { uri } => Self::sqlite(uri).map_err(invalid),
            DatabaseTarget::Postgres(config) => postgres_options(config).map(Self::postgres).map_err(invalid),
        }
    }

    /// `sqlite://PATH`, with SQLx's options. A missing file is created, unless `?mode=rw` says that it must be there.
    pub fn sqlite(uri: &str) -> Result<Self, String> {
        let options = SqliteConnectOptions::from_str(uri).map_err(|error| error.to_string())?;
        if options.get_filename().as_os_str().is_empty() || uri.contains(":memory:") {
            return Err(
                "an in-memory database would be lost at exit: name a file, as in sqlite://data/latchkey.db"
                    .into(),
            );
        }
        let create = uri.contains("mode=rwc") || !uri.contains("mode=");
        let options = options
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut: each commit is flushed.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            // The limit keeps it quick, and keeps samples of values (`sqlite_stat4`) from being taken: with them, SQLite
            // plans a prepared statement anew whenever other values are bound, which doubles the cost of a request.
            .optimize_on_close(true, 400);
        Ok(Self::Sqlite { options: Box::new(options), create })
    }

    /// Connection options for PostgreSQL; every connection finds our tables through its `search_path`.
    pub fn postgres(options: PgConnectOptions) -> Self {
        Self::Postgres(Box::new(options.options([("search_path", SCHEMA)])))
    }

    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The file of an SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite { options, .. } => Some(options.get_filename().to_path_buf()),
            Self::Postgres(_) => None,
        }
    }

    /// Creates the folder of an SQLite file, and the file itself, readable by its owner only.
    pub(crate) fn prepare(&self) -> std::io::Result<()> {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        let Self::Sqlite { options, create: true } = self else { return Ok(()) };
        let file = options.get_filename();
        if file.exists() {
            return Ok(());
        }
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        // SQLite gives its -wal and -shm files the same mode.
        match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}

/// What is not configured comes from the environment and the pgpass file, as with libpq.
fn postgres_options(config: &PostgresTarget) -> Result<PgConnectOptions, String> {
    let mut options = match &config.uri {
        Some(uri) => PgConnectOptions::from_str(uri.expose()).map_err(|error| error.to_string())?,
        None => PgConnectOptions::new().application_name("latchkey"),
    };
    if let Some(host) = &config.host {
        options = options.host(host);
    }
    if let Some(port) = config.port {
        options = options.port(port);
    }
    if let Some(socket) = &config.socket {
        options = options.socket(socket);
    }
    if let Some(username) = &config.username {
        options = options.username(username);
    }
    if let Some(password) = &config.password {
        options = options.password(password.expose());
    }
    if let Some(database) = &config.database {
        options = options.database(database);
    }
    if let Some(mode) = config.ssl_mode {
        options = options.ssl_mode(ssl_mode(mode));
    }
    Ok(with_certificates(options, config))
}

fn with_certificates(mut options: PgConnectOptions, config: &PostgresTarget) -> PgConnectOptions {
    options = match &config.ssl_ca {
        Some(Pem::Inline(pem)) => options.ssl_root_cert_from_pem(pem.clone().into_bytes()),
        Some(Pem::File(path)) => options.ssl_root_cert(path),
        None => options,
    };
    options = match &config.ssl_certificate {
        Some(Pem::Inline(pem)) => options.ssl_client_cert_from_pem(pem.as_bytes()),
        Some(Pem::File(path)) => options.ssl_client_cert(path),
        None => options,
    };
    match &config.ssl_key {
        Some(Pem::Inline(pem)) => options.ssl_client_key_from_pem(pem.expose().as_bytes()),
        Some(Pem::File(path)) => options.ssl_client_key(path),
        None => options,
    }
}

const fn ssl_mode(mode: SslMode) -> PgSslMode {
    match mode {
        SslMode::Disable => PgSslMode::Disable,
        SslMode::Allow => PgSslMode::Allow,
        SslMode::Prefer => PgSslMode::Prefer,
        SslMode::Require => PgSslMode::Require,
        SslMode::VerifyCa => PgSslMode::VerifyCa,
        SslMode::VerifyFull => PgSslMode::VerifyFull,
    }
}
