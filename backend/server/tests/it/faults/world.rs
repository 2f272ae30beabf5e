//! A server under load, with a homeserver beside it, and what it has acknowledged.

use std::{
    fs::File,
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{
    homeserver::{Endpoint, Homeserver, Link, Surroundings},
    jobs::{self, Ended, Room, Stop},
    sessions::activity::Activity,
};
use edge::Metrics;
use kernel::{
    Op, Secret, SystemClock, SystemRandom, Timestamp,
    id::{BrowserSessionId, UserId},
    seal::Vault,
};
use serde_json::json;
use store::{Db, sql};
use testkit::{FakeHomeserver, HOMESERVER_SECRET, Mailbox};
use tokio::runtime::Runtime;

use super::{eventually, seeds};
use crate::cli::{Shell, database::Database};

const LINES: usize = 4;
/// Of each round.
const CODES: usize = 10;
/// Sessions that are ended in each round, if it lasts long enough.
pub const ENDINGS: usize = 10;

/// What the service has said that it did.
#[derive(Default)]
struct Acknowledged {
    /// The newest refresh token of each line.
    lines: Vec<String>,
    /// Ids and secrets.
    clients: Vec<(String, String)>,
    /// Devices of sessions that were ended.
    ended: Vec<String>,
    /// How much that was in all.
    answers: usize,
}

pub struct World {
    pub database: Database,
    pub homeserver: Arc<FakeHomeserver>,
    pub server: Server,
    client: String,
    pub user: UserId,
    browser: BrowserSessionId,
    acknowledged: Arc<Mutex<Acknowledged>>,
    /// Devices that were ever there.
    devices: usize,
    /// Clients whose secret has been checked.
    known: usize,
    runtime: Runtime,
}

/// The process, with its log in a file, which never fills.
pub struct Server {
    shell: Shell,
    child: Child,
    /// Of the process that runs now; others look it up here.
    address: Arc<Mutex<SocketAddr>>,
}

impl World {
    /// On an empty database.
    pub fn new(database: Database) -> Self {
        let runtime = Runtime::new().unwrap();
        let homeserver = Arc::new(runtime.block_on(FakeHomeserver::start(HOMESERVER_SECRET)));
        let shell = Shell::new();
        let sections = format!(
            "matrix: {{homeserver: example.com, endpoint: '{}', secret: {HOMESERVER_SECRET}}}\n",
            homeserver.endpoint()
        );
        let shell = shell.on(&database, &sections).env("RUST_LOG", "warn,server::serve=info").env(
            "MAS__HTTP__LISTENERS",
            r#"[{resources=[{name=health},{name=oauth}],binds=[{address="127.0.0.1:0"}]}]"#,
        );
        let server = Server::new(shell);
        let (client, _) = runtime.block_on(register(&http(), server.address(), "none")).unwrap();
        let op = seeds::op();
        let (user, browser, lines) = database.with(async |db| {
            let user = seeds::user(db, &op, "alice").await;
            let browser = seeds::browser_session(db, &op, user).await;
            let mut lines = Vec::new();
            for _ in 0..LINES {
                lines.push(seeds::session(db, &op, user, &client, None).await);
            }
            (user, browser, lines)
        });
        let acknowledged = Arc::new(Mutex::new(Acknowledged { lines, ..Acknowledged::default() }));
        let world = Self {
            database,
            homeserver,
            server,
            client,
            user,
            browser,
            acknowledged,
            devices: 0,
            known: 0,
            runtime,
        };
        let provisioning = domain::homeserver::Provisioning::default();
        world.runtime.block_on(world.link().provision_user("alice", &provisioning)).unwrap();
        world
    }

    /// Loads the service for as long as `work` takes.
    pub fn under_load(&mut self, work: impl FnOnce(&mut Server)) {
        let (codes, endings) = self.seed();
        let load = Load {
            address: Arc::clone(&self.server.address),
            client: self.client.clone(),
            acknowledged: Arc::clone(&self.acknowledged),
        };
        let loading = self.runtime.spawn(async move { load.all(codes, endings).await });
        work(&mut self.server);
        loading.abort();
        // Nothing is acknowledged any more once it has ended.
        let _ = self.runtime.block_on(loading);
    }

    /// Tells at any time how many endings were acknowledged.
    pub fn endings(&self) -> impl Fn() -> usize + use<> {
        let acknowledged = Arc::clone(&self.acknowledged);
        move || acknowledged.lock().unwrap().ended.len()
    }

    /// How much was acknowledged under load.
    pub fn answers(&self) -> usize {
        self.acknowledged.lock().unwrap().answers
    }

    /// Codes to be exchanged, and sessions with devices to be ended.
    fn seed(&mut self) -> (Vec<String>, Vec<(String, String)>) {
        let (op, first) = (seeds::op(), self.devices);
        self.devices += ENDINGS;
        let seeded = self.database.with(async |db| {
            let (mut codes, mut endings) = (Vec::new(), Vec::new());
            for _ in 0..CODES {
                codes.push(seeds::code(db, &op, &self.client, self.browser).await);
            }
            for at in first..first + ENDINGS {
                let device = format!("DEVICE{at}");
                let token = seeds::session(db, &op, self.user, &self.client, Some(&device)).await;
                endings.push((device, token));
            }
            (codes, endings)
        });
        let link = self.link();
        self.runtime.block_on(async {
            for (device, _) in &seeded.1 {
                link.upsert_device("alice", device, None).await.unwrap();
            }
        });
        seeded
    }

    /// Every acknowledged token still refreshes, and the clients that were registered last are known.
    pub fn verify(&mut self) {
        let (http, address) = (http(), self.server.address());
        let (mut lines, clients) = {
            let all = self.acknowledged.lock().unwrap();
            (all.lines.clone(), all.clients[self.known..].to_vec())
        };
        self.known += clients.len();
        self.runtime.block_on(async {
            for line in &mut lines {
                *line = refresh(&http, address, &self.client, line)
                    .await
                    .expect("an acknowledged token refreshes");
            }
            for (id, secret) in clients.iter().rev().take(3) {
                let form = [("token", "x"), ("client_id", id), ("client_secret", secret)];
                let answer =
                    http.post(format!("http://{address}/oauth2/introspect")).form(&form).send().await;
                assert_eq!(answer.unwrap().status(), 200, "an acknowledged client is known");
            }
        });
        lines.truncate(LINES);
        self.acknowledged.lock().unwrap().lines = lines;
    }

    /// Stops the server, lets time pass until no job is left, and compares what is there with what was acknowledged.
    /// The answer is how many sessions were ended.
    pub fn settle(&mut self) -> usize {
        self.server.kill();
        let link = self.link();
        self.database.with(async |db| drain(db, &link).await);
        let texts = |sql| self.database.texts(sql);
        let clients = texts("SELECT CAST(count(*) AS text) FROM oauth_clients");
        let all = self.acknowledged.lock().unwrap();
        assert!(
            clients[0].parse::<usize>().unwrap() > all.clients.len(),
            "each acknowledged client is there"
        );

        let ended =
            texts("SELECT device_id FROM sessions WHERE device_id IS NOT NULL AND finished_at IS NOT NULL");
        let missing: Vec<_> = all.ended.iter().filter(|device| !ended.contains(device)).collect();
        assert!(missing.is_empty(), "acknowledged and not done: {missing:?}");
        let mut running =
            texts("SELECT device_id FROM sessions WHERE device_id IS NOT NULL AND finished_at IS NULL");
        running.sort();
        let there: Vec<_> = self.homeserver.user("alice").unwrap().devices.into_keys().collect();
        assert_eq!(there, running, "the homeserver has the devices of the sessions that go on, and no other");

        let told = texts("SELECT CAST(count(*) AS text) FROM audit_events WHERE kind = 'session_ended'");
        assert_eq!(told[0], ended.len().to_string(), "each ending is told of once");
        let jobs = texts("SELECT queue FROM jobs WHERE queue = 'delete-device' AND completed_at IS NOT NULL");
        assert_eq!(jobs.len(), ended.len(), "each ending has caused one job");
        let left = texts("SELECT queue || ': ' || COALESCE(reason, '') FROM jobs WHERE completed_at IS NULL");
        assert_eq!(left, Vec::<String>::new());
        ended.len()
    }

    fn link(&self) -> Homeserver {
        let secret = Secret::new(HOMESERVER_SECRET.to_owned());
        let endpoint = Endpoint { base: self.homeserver.endpoint().clone(), secret };
        let around = Surroundings {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            meter: Metrics::none().meter(),
        };
        Homeserver::synapse(Link::new(endpoint, around).unwrap())
    }
}

/// A worker at work, over the hours that follow: leases of the dead run out, delays pass.
pub async fn drain(db: &Db, homeserver: &Homeserver) {
    let (activity, upkeep, stop) = (Activity::default(), jobs::Upkeep::default(), Stop::new());
    let (vault, post) = (Vault::new(Secret::new([7; 32]), Vec::new()), Mailbox::nowhere());
    let parts = jobs::Parts {
        db,
        homeserver,
        activity: &activity,
        upkeep: &upkeep,
        vault: &vault,
        post: &post,
        stop: &stop,
    };
    let mut op = seeds::op();
    for _ in 0..24 {
        op = Op::new(op.now + Duration::from_secs(3600), Arc::new(SystemRandom), "drain");
        loop {
            let claimed = jobs::claim(db, &op, "drain", &Room::default()).await.unwrap();
            if claimed.is_empty() {
                break;
            }
            let mut ended = Vec::new();
            for claimed in claimed {
                let outcome = jobs::run_claimed(parts, &op, &claimed).await;
                ended.push(Ended { claimed, outcome, took: Duration::ZERO });
            }
            jobs::settle(db, &op, &ended).await.unwrap();
        }
        const LEFT: &str = "SELECT 1 AS found FROM jobs WHERE completed_at IS NULL AND failed_at IS NULL AND run_at > $1 LIMIT 1";
        if sql::one(&db.read, LEFT, [Timestamp::into(op.now)]).await.unwrap().is_none() {
            return;
        }
    }
}

impl Server {
    fn new(shell: Shell) -> Self {
        let (child, address) = spawn(&shell);
        Self { shell, child, address: Arc::new(Mutex::new(address)) }
    }

    fn address(&self) -> SocketAddr {
        *self.address.lock().unwrap()
    }

    /// With a signal that cannot be caught.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn start(&mut self) {
        let (child, address) = spawn(&self.shell);
        self.child = child;
        *self.address.lock().unwrap() = address;
    }
}

fn spawn(shell: &Shell) -> (Child, SocketAddr) {
    let log = File::options().create(true).append(true).open(shell.path().join("server.log")).unwrap();
    let before = usize::try_from(log.metadata().unwrap().len()).unwrap();
    let mut command: Command = shell.command("server");
    let mut child = command.stdin(Stdio::null()).stderr(log).spawn().unwrap();
    let mut soon = eventually("the server's start");
    loop {
        let log = shell.read("server.log");
        if let Some((_, rest)) = log[before..].split_once("Listening on http://")
            && let Some((address, _)) = rest.split_once(['/', ' ', ','])
        {
            return (child, address.parse().unwrap());
        }
        assert!(child.try_wait().unwrap().is_none(), "the server did not start: {}", &log[before..]);
        soon();
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap()
}

/// A public client that has just registered itself.
pub fn client_at(address: SocketAddr) -> String {
    Runtime::new().unwrap().block_on(register(&http(), address, "none")).unwrap().0
}

pub fn refresh_at(address: SocketAddr, client: &str, token: &str) {
    Runtime::new().unwrap().block_on(refresh(&http(), address, client, token)).unwrap();
}

struct Load {
    address: Arc<Mutex<SocketAddr>>,
    client: String,
    acknowledged: Arc<Mutex<Acknowledged>>,
}

impl Load {
    fn address(&self) -> SocketAddr {
        *self.address.lock().unwrap()
    }

    fn note(&self, answer: impl FnOnce(&mut Acknowledged)) {
        let mut all = self.acknowledged.lock().unwrap();
        answer(&mut all);
        all.answers += 1;
    }

    /// Refreshes, exchanges, ends sessions and registers as fast as the service can, noting what was acknowledged, until
    /// it is dropped. What gets no answer is asked again, as a client would.
    async fn all(&self, codes: Vec<String>, endings: Vec<(String, String)>) {
        let http = http();
        let lines = (0..LINES).map(|line| self.refresh(&http, line));
        let lines = futures_util::future::join_all(lines);
        tokio::join!(lines, self.exchange(&http, codes), self.end(&http, endings), self.register(&http));
    }

    async fn refresh(&self, http: &reqwest::Client, line: usize) {
        loop {
            let newest = self.acknowledged.lock().unwrap().lines[line].clone();
            match refresh(http, self.address(), &self.client, &newest).await {
                Ok(next) => self.note(|all| all.lines[line] = next),
                Err(_) => breathe().await,
            }
        }
    }

    async fn exchange(&self, http: &reqwest::Client, codes: Vec<String>) {
        for code in codes {
            let form = [("grant_type", "authorization_code"), ("client_id", &self.client), ("code", &code)];
            // Not asked again: the code may have been used, and then the session would end.
            if let Ok(line) = tokens(http, self.address(), &form).await {
                self.note(|all| all.lines.push(line));
            }
        }
    }

    async fn end(&self, http: &reqwest::Client, endings: Vec<(String, String)>) {
        for (device, token) in endings {
            let form = [("client_id", self.client.as_str()), ("token", &token)];
            loop {
                let revoked =
                    http.post(format!("http://{}/oauth2/revoke", self.address())).form(&form).send().await;
                if revoked.is_ok_and(|answer| answer.status() == 200) {
                    self.note(|all| all.ended.push(device));
                    break;
                }
                breathe().await;
            }
        }
    }

    async fn register(&self, http: &reqwest::Client) {
        loop {
            match register(http, self.address(), "client_secret_post").await {
                Ok(registered) => self.note(|all| all.clients.push(registered)),
                Err(_) => breathe().await,
            }
        }
    }
}

/// Before something that failed is tried again.
async fn breathe() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// What went wrong; a connection that broke, most often.
#[derive(Debug)]
struct Unanswered(#[expect(dead_code, reason = "shown when an expectation fails")] String);

async fn refresh(
    http: &reqwest::Client,
    at: SocketAddr,
    client: &str,
    token: &str,
) -> Result<String, Unanswered> {
    let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
    tokens(http, at, &form).await
}

async fn tokens(http: &reqwest::Client, at: SocketAddr, form: &[(&str, &str)]) -> Result<String, Unanswered> {
    let lost = |error: reqwest::Error| Unanswered(error.to_string());
    let answer = http.post(format!("http://{at}/oauth2/token")).form(form).send().await.map_err(lost)?;
    let body: serde_json::Value = answer.json().await.map_err(lost)?;
    body["refresh_token"].as_str().map(str::to_owned).ok_or_else(|| Unanswered(body.to_string()))
}

async fn register(
    http: &reqwest::Client,
    at: SocketAddr,
    method: &str,
) -> Result<(String, String), Unanswered> {
    let lost = |error: reqwest::Error| Unanswered(error.to_string());
    let metadata = json!({
        "client_uri": "https://example.com/", "redirect_uris": ["https://example.com/cb"],
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": method,
    });
    let answer =
        http.post(format!("http://{at}/oauth2/registration")).json(&metadata).send().await.map_err(lost)?;
    let body: serde_json::Value = answer.json().await.map_err(lost)?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    if text("client_id").is_empty() {
        Err(Unanswered(body.to_string()))
    } else {
        Ok((text("client_id"), text("client_secret")))
    }
}
