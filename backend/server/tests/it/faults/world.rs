//! A server under load, with a homeserver beside it, and whether both hold what was acknowledged.

use std::{
    collections::BTreeSet,
    fs::File,
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use domain::homeserver::{Endpoint, Homeserver, Link, Provisioning, Surroundings};
use edge::Metrics;
use kernel::{
    Clock, Scope, Secret, SystemClock, SystemRandom, Timestamp,
    id::{BrowserSessionId, ClientId, UserId},
};
use store::sql;
use testkit::{FakeHomeserver, HOMESERVER_SECRET, PASSWORD};
use tokio::runtime::Runtime;

use super::{
    eventually,
    load::{
        Acknowledged, LINES, Load, Seeded, device_of_login, http, log_in, refresh, refresh_legacy, register,
    },
    seeds,
};
use crate::cli::{Shell, database::Database};

/// Of each round.
const CODES: usize = 10;
/// Sessions that are ended in each round, if it lasts long enough.
pub const ENDINGS: usize = 10;
/// For the jobs that are left in the end.
const DONE_WITHIN: Duration = Duration::from_secs(90);

pub struct World {
    pub database: Database,
    pub homeserver: Arc<FakeHomeserver>,
    pub server: Server,
    client: String,
    /// Of an administrator.
    script: String,
    /// Alice, whose sessions these are.
    pub user: UserId,
    /// Who is locked and unlocked.
    bob: UserId,
    browser: BrowserSessionId,
    acknowledged: Arc<Mutex<Acknowledged>>,
    /// Times of load so far.
    rounds: usize,
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

/// What alice has, here and at the homeserver.
struct Holdings {
    running: BTreeSet<String>,
    ended: BTreeSet<String>,
    there: BTreeSet<String>,
    /// Devices of codes that were not exchanged.
    promised: BTreeSet<String>,
}

const LISTENERS: &str = r#"[{resources=[{name=health},{name=oauth},{name=compat},{name=adminapi}],binds=[{address="127.0.0.1:0"}]}]"#;

const SECTIONS: &str = "passwords: {schemes: [{version: 1, algorithm: bcrypt, cost: 4}]}\n\
    rate_limiting: {login: {per_ip: {burst: 1000000, per_second: 1000}, per_account: {burst: 1000000, per_second: 1000}}}\n";

impl World {
    /// On an empty database.
    pub fn new(database: Database) -> Self {
        let runtime = Runtime::new().unwrap();
        let homeserver = Arc::new(runtime.block_on(FakeHomeserver::start(HOMESERVER_SECRET)));
        let endpoint = homeserver.endpoint();
        let matrix = format!(
            "matrix: {{homeserver: example.com, endpoint: '{endpoint}', secret: {HOMESERVER_SECRET}}}\n"
        );
        let shell = Shell::new().on(&database, &(matrix + SECTIONS));
        let shell = shell.env("RUST_LOG", "warn,server::serve=info").env("MAS__HTTP__LISTENERS", LISTENERS);
        let server = Server::new(shell);
        let (client, _) = runtime.block_on(register(&http(), server.address(), "none")).unwrap();
        let op = seeds::op();
        let (user, bob, script, browser, lines) = database.with(async |db| {
            let user = seeds::user(db, &op, "alice").await;
            let bob = seeds::user(db, &op, "bob").await;
            let script = seeds::script(db, &op, user).await;
            let browser = seeds::browser_session(db, &op, user).await;
            let mut lines = Vec::new();
            for _ in 0..LINES {
                lines.push(seeds::session(db, &op, user, &client, None).await);
            }
            (user, bob, script, browser, lines)
        });
        let acknowledged = Arc::new(Mutex::new(Acknowledged { lines, ..Acknowledged::default() }));
        let world = Self {
            database,
            homeserver,
            server,
            client,
            script,
            user,
            bob,
            browser,
            acknowledged,
            rounds: 0,
            known: 0,
            runtime,
        };
        world.people_settle_in();
        world
    }

    /// The homeserver knows them, and alice has a password and a legacy session that lasts.
    fn people_settle_in(&self) {
        let password = format!("{PASSWORD}\n");
        self.server.shell.run_with_input("manage set-password alice --password-stdin", &password).ok();
        self.runtime.block_on(async {
            for name in ["alice", "bob"] {
                self.link().provision_user(name, &Provisioning::default()).await.unwrap();
            }
            let login = log_in(&http(), self.server.address(), "LASTING", true).await.unwrap();
            let token = login["refresh_token"].as_str().unwrap().to_owned();
            self.acknowledged.lock().unwrap().legacy = token;
        });
    }

    /// Loads the service for as long as `work` takes.
    pub fn under_load(&mut self, work: impl FnOnce(&mut Server)) {
        let seeded = self.seed();
        let load = Load {
            address: Arc::clone(&self.server.address),
            client: self.client.clone(),
            script: self.script.clone(),
            bob: self.bob,
            acknowledged: Arc::clone(&self.acknowledged),
        };
        let loading = self.runtime.spawn(async move { load.all(seeded).await });
        work(&mut self.server);
        loading.abort();
        // Nothing is acknowledged any more once it has ended.
        let _ = self.runtime.block_on(loading);
    }

    /// Tells at any time how many revocations were acknowledged.
    pub fn endings(&self) -> impl Fn() -> usize + use<> {
        let acknowledged = Arc::clone(&self.acknowledged);
        move || acknowledged.lock().unwrap().revoked.len()
    }

    /// How much was acknowledged under load.
    pub fn answers(&self) -> usize {
        self.acknowledged.lock().unwrap().answers
    }

    /// Codes to be exchanged, sessions with devices to be ended, and somebody who leaves.
    fn seed(&mut self) -> Seeded {
        let (op, round) = (seeds::op(), self.rounds);
        self.rounds += 1;
        let name = format!("leaver{round}");
        let seeded = self.database.with(async |db| {
            let (mut codes, mut endings) = (Vec::new(), Vec::new());
            for at in 0..CODES {
                let device = format!("CODE{round}x{at}");
                codes.push((seeds::code(db, &op, &self.client, self.browser, &device).await, device));
            }
            for at in 0..ENDINGS {
                let device = format!("DEVICE{round}x{at}");
                let token = seeds::session(db, &op, self.user, &self.client, Some(&device)).await;
                endings.push((device, token));
            }
            let leaver = seeds::user(db, &op, &name).await;
            seeds::session(db, &op, leaver, &self.client, Some("LEFT")).await;
            Seeded { codes, endings, leaver: (name.clone(), leaver) }
        });
        let link = self.link();
        self.runtime.block_on(async {
            link.provision_user(&name, &Provisioning::default()).await.unwrap();
            link.upsert_device(&name, "LEFT", None).await.unwrap();
            for (device, _) in &seeded.endings {
                link.upsert_device("alice", device, None).await.unwrap();
            }
        });
        seeded
    }

    /// Every acknowledged token still refreshes, and the secrets of the clients that were registered last are known.
    pub fn verify(&mut self) {
        let (http, address) = (http(), self.server.address());
        let (mut lines, legacy, clients) = {
            let all = self.acknowledged.lock().unwrap();
            (all.lines.clone(), all.legacy.clone(), all.clients[self.known..].to_vec())
        };
        self.known += clients.len();
        let legacy = self.runtime.block_on(async {
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
            refresh_legacy(&http, address, &legacy).await.expect("an acknowledged legacy token refreshes")
        });
        lines.truncate(LINES);
        let mut all = self.acknowledged.lock().unwrap();
        (all.lines, all.legacy) = (lines, legacy);
    }

    /// Lets the server do what is left, and compares what is there with what was acknowledged. The answer is how many sessions
    /// were revoked.
    pub fn settle(&mut self) -> usize {
        self.work_off();
        self.server.kill();
        self.clients_are_there();
        self.devices_are_those_of_sessions();
        self.people_are_as_was_said();
        self.each_ending_had_its_effects_once();
        self.texts("SELECT 'x' FROM audit_events WHERE data ->> 'reason' = 'revoked'").len()
    }

    /// The next process does what the killed ones have left, once their leases have run out and all delays have passed: that
    /// time is taken off the jobs.
    fn work_off(&mut self) {
        const A_DAY_LATER: &str = "UPDATE jobs SET run_at = run_at - 86400000000, \
            leased_until = leased_until - 86400000000 WHERE completed_at IS NULL AND failed_at IS NULL";
        const LEFT: &str =
            "SELECT queue || ': ' || COALESCE(reason, '') FROM jobs WHERE completed_at IS NULL";
        for _ in 0..5 {
            self.server.kill();
            self.database.execute(A_DAY_LATER);
            self.server.start();
            self.is_idle();
            if self.texts(LEFT).is_empty() {
                return;
            }
        }
        panic!("jobs are left: {:?}", self.texts(LEFT));
    }

    /// Waits until the server has nothing more to do now.
    fn is_idle(&self) {
        const DUE: &str = "SELECT 1 AS found FROM jobs WHERE completed_at IS NULL AND failed_at IS NULL \
                           AND (leased_until IS NOT NULL OR run_at <= $1) LIMIT 1";
        let begun = Instant::now();
        self.database.with(async |db| {
            while sql::one(&db.read, DUE, [Timestamp::into(SystemClock.now())]).await.unwrap().is_some() {
                assert!(begun.elapsed() < DONE_WITHIN, "there is no end of jobs");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
    }

    fn clients_are_there(&self) {
        let stored: BTreeSet<String> = self.database.with(async |db| {
            let rows = sql::all(&db.read, "SELECT id FROM oauth_clients", []).await.unwrap();
            let ids = rows.iter().map(|row| row.try_get::<ClientId>("", "id").unwrap().to_string());
            ids.collect()
        });
        let all = self.acknowledged.lock().unwrap();
        let missing: Vec<_> = all.clients.iter().filter(|(id, _)| !stored.contains(id)).collect();
        assert!(missing.is_empty(), "acknowledged and not there: {missing:?}");
    }

    fn devices_are_those_of_sessions(&self) {
        let Holdings { running, ended, there, promised } = self.holdings();
        let all = self.acknowledged.lock().unwrap();
        let missing: Vec<_> =
            all.revoked.iter().chain(&all.logged_out).filter(|device| !ended.contains(*device)).collect();
        assert!(missing.is_empty(), "acknowledged and not ended: {missing:?}");
        let stay = (0..all.logins).filter(|number| !number.is_multiple_of(2)).map(device_of_login);
        let stay = stay.chain(all.begun.iter().cloned()).chain(["LASTING".to_owned()]);
        let missing: Vec<_> = stay.filter(|device| !running.contains(device)).collect();
        assert!(missing.is_empty(), "acknowledged and not running: {missing:?}");

        // Nobody was told of the login that was under way last.
        let last = device_of_login(all.logins);
        let without: Vec<_> = running.difference(&there).filter(|device| **device != last).collect();
        assert!(without.is_empty(), "sessions whose devices the homeserver does not have: {without:?}");
        let known = |device: &&String| promised.contains(*device) || **device == last;
        let left: Vec<_> = there.difference(&running).filter(|device| !known(device)).collect();
        assert!(left.is_empty(), "devices at the homeserver that no session has: {left:?}");
    }

    fn holdings(&self) -> Holdings {
        let devices = |rows: Vec<String>| rows.into_iter().collect();
        let scopes = self.texts("SELECT scope FROM authorization_grants WHERE exchanged_at IS NULL");
        let promised = scopes.iter().map(|scope| {
            let scope: Scope = scope.parse().unwrap();
            scope.device_ids().first().map(|device| (*device).to_owned())
        });
        Holdings {
            running: devices(self.texts(
                "SELECT s.device_id FROM sessions s JOIN users u ON u.id = s.user_id \
                 WHERE u.username = 'alice' AND s.device_id IS NOT NULL AND s.finished_at IS NULL",
            )),
            ended: devices(self.texts(
                "SELECT s.device_id FROM sessions s JOIN users u ON u.id = s.user_id \
                 WHERE u.username = 'alice' AND s.device_id IS NOT NULL AND s.finished_at IS NOT NULL",
            )),
            there: self.homeserver.user("alice").unwrap().devices.into_keys().collect(),
            promised: promised.flatten().collect(),
        }
    }

    /// Bob's lock, and those who have left.
    fn people_are_as_was_said(&self) {
        let all = self.acknowledged.lock().unwrap();
        let locked = self.texts("SELECT 'x' FROM users WHERE username = 'bob' AND locked_at IS NOT NULL");
        let locked = !locked.is_empty();
        assert!(locked == all.locked.0 || locked == all.locked.1, "bob is {locked}: {:?}", all.locked);
        assert_eq!(self.homeserver.user("bob").unwrap().locked, locked, "the homeserver has heard of it");

        let shut = self.texts("SELECT username FROM users WHERE deactivated_at IS NOT NULL");
        let missing: Vec<_> = all.left.iter().filter(|name| !shut.contains(name)).collect();
        assert!(missing.is_empty(), "acknowledged and not deactivated: {missing:?}");
        for name in (0..self.rounds).map(|round| format!("leaver{round}")) {
            let there = self.homeserver.user(&name).unwrap();
            let gone = shut.contains(&name);
            assert_eq!((there.deactivated, there.devices.is_empty()), (gone, gone), "{name}: {there:?}");
        }
        let sessions = "SELECT u.username FROM sessions s JOIN users u ON u.id = s.user_id \
                        WHERE u.deactivated_at IS NOT NULL";
        assert_eq!(self.texts(sessions), [""; 0], "their sessions were erased");
    }

    fn each_ending_had_its_effects_once(&self) {
        let ended = self.texts(
            "SELECT s.device_id FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE u.username = 'alice' AND s.finished_at IS NOT NULL",
        );
        let told = self.texts(
            "SELECT e.data ->> 'reason' FROM audit_events e JOIN users u ON u.id = e.user_id \
             WHERE u.username = 'alice' AND e.kind = 'session_ended'",
        );
        assert_eq!(told.len(), ended.len(), "each ending is told of once");
        let jobs = self.texts("SELECT queue FROM jobs WHERE queue = 'delete-device'");
        // A device that goes on being used, or was never ours, is left alone.
        let removing = told.iter().filter(|reason| !["replaced", "no_device"].contains(&reason.as_str()));
        // Exchanges that came too late have caused some more.
        assert!(jobs.len() >= removing.count(), "each other ending has caused one job");
        assert_eq!(self.texts("SELECT queue FROM jobs WHERE failed_at IS NOT NULL"), [""; 0]);
    }

    fn texts(&self, sql: &'static str) -> Vec<String> {
        self.database.texts(sql)
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
