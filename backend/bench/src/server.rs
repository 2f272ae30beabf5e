//! The server under test: a folder of its own, and the process.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use hyper::StatusCode;
use kernel::jose::{KeyKind, generate_pem};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{
    Result,
    client::{Connection, get},
    process::Process,
};

/// Each of the 32 bytes of `secrets.encryption`.
pub const ENCRYPTION: u8 = 0x5e;
/// `matrix.secret`
pub const SHARED_SECRET: &str = "the secret that is shared with the homeserver";

/// Of the client that may administer.
pub const ADMIN: (&str, &str) = ("01KFHG0D00AWSH8VHTPRE95B9E", "a secret that only the bench knows");

/// A configured installation that is not running.
pub struct Home {
    folder: TempDir,
    binary: PathBuf,
    pub database: String,
    pub address: SocketAddr,
    has_admin_api: bool,
}

pub struct Running<'a> {
    home: &'a Home,
    child: Child,
}

impl Home {
    /// `database` is an address of PostgreSQL; without one, an SQLite file is made.
    pub fn new(binary: &Path, database: Option<String>, has_admin_api: bool) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("latchkey-bench.").tempdir()?;
        let database = database
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", folder.path().join("bench.db").display()));
        // Free a moment ago, and nobody else is about to want it.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let home = Self { folder, binary: fs::canonicalize(binary)?, database, address, has_admin_api };
        fs::write(home.config(), home.configuration()?)?;
        Ok(home)
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("config.yaml")
    }

    /// Defaults throughout, but nobody is throttled, no homeserver is called, and tokens last until the end. The admin API is no default.
    fn configuration(&self) -> Result<String> {
        let signing_key = generate_pem(KeyKind::Rsa2048).map_err(|error| error.to_string())?;
        let signing_key = signing_key.expose().replace('\n', "\n        ");
        let Self { database, address, .. } = self;
        let (admin, admin_secret) = ADMIN;
        let admin_api = if self.has_admin_api { ", {name: adminapi}" } else { "" };
        Ok(format!(
            "\
http:
  public_base: http://{address}/
  listeners:
    - name: web
      binds: [{{address: \"{address}\"}}]
      resources: [{{name: discovery}}, {{name: human}}, {{name: oauth}}, {{name: compat}}, {{name: graphql}}, {{name: assets}}, {{name: health}}{admin_api}]
database: {{uri: \"{database}\"}}
matrix: {{kind: none, homeserver: localhost, endpoint: \"http://localhost:1/\", secret: \"{SHARED_SECRET}\"}}
clients:
  - client_id: {admin}
    client_auth_method: client_secret_post
    client_secret: \"{admin_secret}\"
policy: {{data: {{admin_clients: [{admin}]}}}}
experimental: {{access_token_ttl: 7200}}
rate_limiting:
  login:
    per_ip: {{burst: 1000000, per_second: 1000000}}
    per_account: {{burst: 1000000, per_second: 1000000}}
secrets:
  encryption: {}
  keys:
    - kid: bench
      key: |
        {signing_key}
",
            format!("{ENCRYPTION:02x}").repeat(32),
        ))
    }

    /// Starts the server and waits for its first healthy answer; the time is from before the start until then.
    pub async fn start(&self) -> Result<(Running<'_>, Duration)> {
        self.start_with(&[]).await
    }

    /// Likewise, with these arguments.
    pub async fn start_with(&self, arguments: &[&str]) -> Result<(Running<'_>, Duration)> {
        let log = File::options().create(true).append(true).open(self.folder.path().join("server.log"))?;
        let began = Instant::now();
        let child = Command::new(&self.binary)
            .arg("--config")
            .arg(self.config())
            .arg("server")
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("RUST_LOG")
            .env_remove("MAS_CONFIG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let mut running = Running { home: self, child };
        while !is_healthy(self.address).await {
            if running.child.try_wait()?.is_some() || began.elapsed() > Duration::from_secs(60) {
                return Err(format!("the server did not start:\n{}", running.last_words()).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((running, began.elapsed()))
    }
}

async fn is_healthy(address: SocketAddr) -> bool {
    match Connection::open(address).await {
        Ok(mut connection) => connection.expect(StatusCode::OK, get("/health")).await.is_ok(),
        Err(_) => false,
    }
}

impl Running<'_> {
    pub fn process(&self) -> Process {
        Process(self.child.id())
    }

    pub const fn address(&self) -> SocketAddr {
        self.home.address
    }

    pub fn database(&self) -> &str {
        &self.home.database
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.home.folder.path().join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    pub fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Nothing is left to do about one that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
