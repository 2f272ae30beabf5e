//! The application under test: every part is the real one, except for time, randomness and the homeserver.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    thread,
};

use axum::Extension;
use domain::{
    compat::{self, Redirects},
    homeserver::Surroundings,
    jobs,
    oauth::{
        clients::{self, Clients, Identity},
        logos::Logos,
    },
    outbound::Outbound,
    policy::{self, Policy},
    sessions::activity::Activity,
};
use edge::{
    App, Metrics, Parts, Peer, Urls,
    app::{Site, SiteConfig},
    cookies,
};
use kernel::{Clock, Op, Timestamp, seal::Lineage};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;
use web::{Pages, Resource};

use crate::{
    Browser, Caller, Credentials, FakeHomeserver, HOMESERVER_SECRET, Mailbox, ManualClock, SERVER_NAME,
    SeededRandom, Settings, TestDb, keys,
};

/// The service on a database of its own, at a port of its own, beside a homeserver of its own.
pub struct TestApp {
    pub clock: Arc<ManualClock>,
    pub homeserver: FakeHomeserver,
    /// Where all mail arrives.
    pub mailbox: Mailbox,
    pub database: TestDb,
    settings: Settings,
    random: Arc<SeededRandom>,
    /// Outlives the servers that are restarted behind it.
    listener: std::net::TcpListener,
    running: Running,
}

/// A second process; it ends when it is dropped.
pub struct Replica {
    base: String,
    running: Running,
}

impl Replica {
    pub fn caller(&self, credentials: Credentials) -> Caller {
        Caller::new(self.base.clone(), credentials)
    }

    pub const fn parts(&self) -> &App {
        &self.running.app
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.running.serving.abort();
    }
}

struct Running {
    app: App,
    serving: JoinHandle<()>,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With some settings changed.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        change(&mut settings);
        let database = TestDb::new().await;
        let homeserver = FakeHomeserver::start(HOMESERVER_SECRET).await;
        let mailbox = Mailbox::start().await;
        let (clock, random) = (Arc::<ManualClock>::default(), Arc::<SeededRandom>::default());
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("sockets can be made so");
        let app = start(&settings, &database, (&homeserver, &mailbox), &clock, &random).await;
        let running = serve(app, &listener, settings.graphql_by_token);
        Self { clock, homeserver, mailbox, database, settings, random, listener, running }
    }

    /// Ends the service and starts it anew, with other settings if the test likes, on what is stored.
    pub async fn restart(&mut self, change: impl FnOnce(&mut Settings)) {
        self.running.serving.abort();
        self.running.app.db.close();
        change(&mut self.settings);
        let app = start(
            &self.settings,
            &self.database,
            (&self.homeserver, &self.mailbox),
            &self.clock,
            &self.random,
        )
        .await;
        self.running = serve(app, &self.listener, self.settings.graphql_by_token);
    }

    /// Another process of the service, on the same database.
    pub async fn replica(&self) -> Replica {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("sockets can be made so");
        let app = start(
            &self.settings,
            &self.database,
            (&self.homeserver, &self.mailbox),
            &self.clock,
            &self.random,
        )
        .await;
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        Replica { base, running: serve(app, &listener, self.settings.graphql_by_token) }
    }

    /// The application's parts, to set up what no endpoint can.
    pub const fn parts(&self) -> &App {
        &self.running.app
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn op(&self) -> Op {
        self.parts().op("test")
    }

    /// Has the next handler panic that makes an id or a secret.
    pub fn panic_once(&self) {
        self.random.break_once();
    }

    /// Somebody who brings no credentials.
    pub fn anonymous(&self) -> Caller {
        self.caller(Credentials::None)
    }

    /// The homeserver, with the shared secret.
    pub fn synapse(&self) -> Caller {
        self.caller(Credentials::Bearer(HOMESERVER_SECRET.into()))
    }

    /// Somebody with cookies, who follows redirects and fills in forms.
    pub fn browser(&self) -> Browser {
        Browser::new(self.anonymous())
    }

    pub fn caller(&self, credentials: Credentials) -> Caller {
        let address = self.listener.local_addr().expect("it is bound");
        Caller::new(format!("http://{address}"), credentials)
    }

    /// What `work` gave, and how many round trips to the database it took. On PostgreSQL these are counted on the
    /// wire, and the service's own count must agree.
    pub async fn cost<W: IntoFuture>(&self, work: W) -> (W::Output, u64) {
        let count = || (self.parts().db.round_trips(), self.database.wire_round_trips());
        let before = count();
        let done = work.await;
        let after = count();
        let round_trips = after.0 - before.0;
        if let (Some(before), Some(after)) = (before.1, after.1) {
            assert_eq!(after - before, round_trips, "the wire saw another number than the service counted");
        }
        (done, round_trips)
    }

    /// Has a worker look at the schedules: what is due is enqueued. The answer is the names.
    pub async fn plan_jobs(&self) -> Vec<&'static str> {
        let op = self.op().by(kernel::Actor::Worker);
        jobs::schedules::plan(&self.parts().db, &op).await.expect("schedules can be read")
    }

    /// Writes down which sessions were used, as the server does each minute; the answer is how many those were.
    pub async fn write_activity(&self) -> usize {
        let app = self.parts();
        app.activity.flush(&app.db).await.expect("activity can be written")
    }

    /// Runs jobs until none is due, and tells the names of the queues, in order.
    pub async fn run_jobs(&self) -> Vec<&'static str> {
        let app = self.parts();
        let mut ran = Vec::new();
        loop {
            let op = self.op().by(kernel::Actor::Worker);
            let room = jobs::Room::default();
            let claimed = jobs::claim(&app.db, &op, "test", &room).await.expect("jobs can be claimed");
            if claimed.is_empty() {
                return ran;
            }
            for claimed in claimed {
                let stop = jobs::Stop::new();
                let outcome = jobs::run_claimed(app.job_parts(&stop), &op, &claimed).await;
                ran.push(claimed.job.as_ref().map_or("unreadable", jobs::Job::queue));
                let ended = [jobs::Ended { claimed, outcome, took: std::time::Duration::ZERO }];
                jobs::settle(&app.db, &op, &ended).await.expect("outcomes can be booked");
            }
        }
    }
}

/// A test that leaves jobs behind has not looked at all that its requests caused.
impl Drop for TestApp {
    fn drop(&mut self) {
        self.running.serving.abort();
        if !thread::panicking() {
            let left = self.database.due_jobs(self.now());
            assert!(left.is_empty(), "jobs are left: {left:?}; call run_jobs() and look at what they did");
        }
    }
}

async fn start(
    settings: &Settings,
    database: &TestDb,
    (homeserver, mailbox): (&FakeHomeserver, &Mailbox),
    clock: &Arc<ManualClock>,
    random: &Arc<SeededRandom>,
) -> App {
    let clock: Arc<dyn Clock> = clock.clone();
    let base = Url::parse("https://auth.example.com/").expect("a URL");
    let (vault, configured) = (settings.vault(), settings.static_clients());
    let outbound = Arc::new(Outbound::new(settings.fetch_networks.clone()).expect("an HTTP client"));
    let urls = Urls::new(base.clone(), &base);
    let identity = Identity {
        issuer: urls.issuer().to_owned(),
        token_endpoint: urls.absolute("/oauth2/token"),
        outbound: Arc::clone(&outbound),
    };
    let metrics = Metrics::prometheus("test").expect("nothing is registered twice");
    let around = Surroundings { clock: Arc::clone(&clock), random: random.clone(), meter: metrics.meter() };
    let parts = Parts {
        db: database.open(Arc::clone(&clock)).await,
        random: random.clone(),
        urls,
        site: Site {
            server_name: SERVER_NAME.into(),
            login_with_email: settings.login_with_email,
            tos_uri: settings.tos_uri.clone(),
            languages: web::view::Texts::tags(),
            admin_api: true,
            ..Site::default()
        },
        site_config: SiteConfig {
            session_limit: settings.session_limit,
            password_change_allowed: settings.passwords && settings.site.password_change_allowed,
            ..settings.site.clone()
        },
        post: mailbox.post(),
        keys: keys::keystore(settings.keys),
        lineage: Lineage::new(&vault),
        clients: Clients::new(configured.clone(), Arc::clone(&vault), identity),
        vault: Arc::clone(&vault),
        policy: policy::Current::new(
            Policy::new(SERVER_NAME, settings.session_limit, settings.policy.clone())
                .expect("good policy data"),
        ),
        counts_sessions: settings.session_limit.is_some(),
        lifetimes: settings.lifetimes,
        compat: compat::Settings {
            evicts: settings.session_limit.is_some_and(|limit| limit.dangerous_hard_limit_eviction),
            redirects: Redirects::new(settings.sso_redirects.clone()),
        },
        hasher: settings.hasher(),
        limiter: settings.limiter(Arc::clone(&clock)),
        limits: settings.limits(),
        registration: settings.registration.clone(),
        logos: Logos::default(),
        outbound,
        device_grant: settings.device_grant,
        activity: Activity::default(),
        upkeep: settings.upkeep.clone(),
        homeserver: settings.homeserver(homeserver.endpoint(), around),
        homeserver_secrets: settings.homeserver_secrets(),
        metrics,
        trusted_proxies: vec!["127.0.0.0/8".parse().expect("a network")],
        cookie_keys: cookies::Keys::new(&vault),
        requests: 0.into(),
        clock,
    };
    let app = App::new(parts);
    let op = app.op("start");
    let synchronised = app.db.write(async |tx| clients::synchronise(tx, &op, &configured).await).await;
    synchronised.expect("configured clients can be stored");
    app
}

fn serve(app: App, listener: &std::net::TcpListener, by_token: bool) -> Running {
    let listener = listener.try_clone().and_then(TcpListener::from_std).expect("the socket can be shared");
    let peer = Peer(Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let pages = Arc::new(Pages::load(&app).expect("the pages load"));
    let web::assets::PageAssets { script, styles, icon } =
        web::assets::documentation(admin::UP).expect("the front end is built");
    let others = graphql::routes(graphql::Access { by_token })
        .merge(admin::routes(&app, admin::Assets { script, styles, icon }));
    let router = web::router(app.clone(), &pages, &Resource::ALL, others, "").layer(Extension(peer));
    let serving = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("serving never fails");
    });
    Running { app, serving }
}
