//! A worker dies at any point of any job: here the job is dropped at the n-th time that it waits for something, at first for
//! each n and then for ever fewer, until no job is that long. Another worker then runs it again, and in the end all is as if
//! nothing had happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    task::Poll,
    time::Duration,
};

use domain::{
    bulk::{self, Action, Asked, Plan, Which},
    jobs::{self, Inactivity, Job, Remains, Room, SessionsKind, Stop},
    oauth::clients,
    users::{
        self,
        email_authentications::{self, Purpose},
    },
};
use kernel::{
    Timestamp,
    id::{BulkOperationId, BulkTargetId, ClientId, EmailAuthenticationId, UserId},
};
use serde_json::json;
use testkit::{ClientKind::*, PASSWORD, TestApp};

use crate::{compat, jobs::enqueue, upkeep::leftovers};

const DAY: Duration = Duration::from_secs(86_400);
const MAIL: &str = "alice@example.com";

/// Kinds of jobs.
const KINDS: usize = 13;

/// Its kind. A new one gets the next number here, one more in [`KINDS`], and an example in [`World::all_jobs`].
const fn kind(job: &Job) -> usize {
    match job {
        Job::ProvisionUser { .. } => 0,
        Job::DeleteDevice { .. } => 1,
        Job::DeleteDevices { .. } => 2,
        Job::DeactivateUser { .. } => 3,
        Job::ReactivateUser { .. } => 4,
        Job::SendEmailCode { .. } => 5,
        Job::CleanUp { .. } => 6,
        Job::RemoveUnusedClients => 7,
        Job::ExpireInactive => 8,
        Job::ExpireInactiveSessions { .. } => 9,
        Job::BulkOperation { .. } => 10,
        Job::EndClientSessions { .. } => 11,
        Job::ProvisionAnew { .. } => 12,
    }
}

/// Whom and what jobs are about.
struct World {
    app: TestApp,
    /// Signed in everywhere, proving an address.
    alice: UserId,
    proof: EmailAuthenticationId,
    /// The homeserver has forgotten him.
    bob: UserId,
    /// Has signed out, and left devices.
    carol: UserId,
    /// Deactivated, to be erased; and deactivated, to be opened again. With the time of it.
    erin: (UserId, Timestamp),
    frank: (UserId, Timestamp),
    /// Locks gina and hank, signs hank (who never was) and ivy out, closes jack.
    bulk: [BulkOperationId; 3],
    /// Disabled, and gina is signed in to it.
    shut: ClientId,
}

impl World {
    /// In this order: what a job leaves behind matters to later ones. The mail is waited for for an hour, so it comes first.
    fn all_jobs(&self) -> Vec<Job> {
        let threshold = self.app.now() - 50 * DAY;
        let expire = |kind| Job::ExpireInactiveSessions { kind, threshold, after: None };
        let device = |name: &str| name.to_owned();
        let mut all = vec![
            Job::SendEmailCode { authentication: self.proof, language: "en".into(), asked_at: None },
            Job::EndClientSessions { client: self.shut, after: None, again: false },
            Job::ProvisionUser { user: self.bob, display_name: Some("Bob".into()) },
            Job::ProvisionAnew { user: self.bob },
            Job::DeleteDevice { user: self.carol, device: device("DEV1CE0001") },
            Job::DeleteDevices { user: self.carol, devices: vec![device("LEFT1"), device("LEFT2")] },
            Job::DeactivateUser { user: self.erin.0, erase: true, since: self.erin.1 },
            Job::ReactivateUser { user: self.frank.0, since: Some(self.frank.1) },
            expire(SessionsKind::Oauth),
            expire(SessionsKind::Compat),
            expire(SessionsKind::Browser),
            Job::RemoveUnusedClients,
            Job::ExpireInactive,
        ];
        all.splice(1..1, self.bulk.map(|operation| Job::BulkOperation { operation, step: 0 }));
        all.extend(remains().map(|remains| Job::CleanUp { remains, after: None }));
        all
    }
}

fn remains() -> impl Iterator<Item = Remains> {
    [
        Remains::TokensOfEndedSessions,
        Remains::EndedSessions,
        Remains::SpentClientSessions,
        Remains::EndedBrowserSessions,
        Remains::InactiveAddresses,
        Remains::InactiveBrowserAddresses,
        Remains::UnansweredAuthorizationGrants,
        Remains::UnansweredCompatSsoLogins,
        Remains::AuthorizationGrants,
        Remains::CompatSsoLogins,
        Remains::DeviceGrants,
        Remains::ClientAssertions,
        Remains::SignIns,
        Remains::UnfinishedRegistrations,
        Remains::Registrations,
        Remains::RecoverySessions,
        Remains::EmailAuthentications,
        Remains::UpstreamVisits,
        Remains::UpstreamLinks,
        Remains::PolicyData,
        Remains::Changes,
        Remains::Jobs,
        Remains::AuditAddresses,
        Remains::AuditFailedSignIns,
        Remains::AuditEvents,
        Remains::BulkOperations,
        Remains::IdempotencyKeys,
    ]
    .into_iter()
}

/// Some of everything that jobs work on, and a hundred days later.
async fn world() -> World {
    let inactivity = Inactivity { ttl: 50 * DAY, oauth: true, compat: true, browser: true };
    let app = TestApp::with(|settings| {
        settings.upkeep.inactivity = Some(inactivity);
        settings.upkeep.unused_client_ttl = 90 * DAY;
    })
    .await;
    for name in ["frank", "alice", "erin"] {
        app.signed_in(name).await;
    }
    let frank = shut(&app, "frank", false).await;
    app.run_jobs().await;
    let (client, tokens) = app.signed_in("carol").await;
    compat::log_in(&app, compat::with(compat::by_password("alice"), json!({ "device_id": "LEGACY" }))).await;
    app.write_activity().await;
    client.revoke(&tokens.refresh_token).await.ok();
    for device in ["LEFT1", "LEFT2"] {
        app.parts().homeserver.upsert_device("carol", device, None).await.unwrap();
    }
    app.client(Post).await;
    app.device_client(Public).await.ask_for_codes("openid").await.ok();
    app.configured(Basic).token([("grant_type", "client_credentials")]).await.ok();
    leftovers::seed(&app).await;
    let bob = app.user("bob").await;
    app.homeserver.forget("bob");
    app.clock.advance(100 * DAY);
    let (alice, carol) = (named(&app, "alice").await, named(&app, "carol").await);
    let proof = proving(&app, alice).await;
    let erin = shut(&app, "erin", true).await;
    let (bulk, shut) = (in_bulk(&app).await, disabled(&app, "gina").await);
    // They are asked for one after the other.
    app.database.execute("DELETE FROM jobs WHERE completed_at IS NULL").await;
    World { app, alice, proof, bob, carol, erin, frank, bulk, shut }
}

async fn named(app: &TestApp, name: &str) -> UserId {
    users::by_username(&app.parts().db.read, name).await.unwrap().unwrap().id
}

/// Deactivates somebody; the answer is who it was and when.
async fn shut(app: &TestApp, name: &str, erase: bool) -> (UserId, Timestamp) {
    let (user, op) = (named(app, name).await, app.op());
    app.parts().db.write(async |tx| users::deactivate(tx, &op, user, erase).await).await.unwrap();
    (user, op.now)
}

/// An administrator has asked for new people to be locked, to be signed out of their apps, and to be closed and erased.
async fn in_bulk(app: &TestApp) -> [BulkOperationId; 3] {
    for name in ["gina", "hank"] {
        app.user_with_password(name, PASSWORD).await;
    }
    for name in ["ivy", "jack"] {
        app.signed_in(name).await;
    }
    app.run_jobs().await;
    [
        asked(app, ("lockUser", Action::LockUser), &["gina", "hank"]).await,
        asked(app, ("killUserSessions", Action::EndUserSessions), &["hank", "ivy"]).await,
        asked(app, ("deactivateUser", Action::DeactivateUser { erase: true }), &["jack"]).await,
    ]
}

async fn asked(app: &TestApp, (operation, action): (&str, Action), names: &[&str]) -> BulkOperationId {
    let mut ids = Vec::new();
    for name in names {
        ids.push(BulkTargetId(named(app, name).await.0));
    }
    ids.sort_unstable();
    let (op, total) = (app.op(), ids.len() as u64);
    let plan = Plan {
        action,
        which: Which::Ids(ids),
        spared: Vec::new(),
        operation: operation.into(),
        path: "/api/admin/v1/users".into(),
        expected: None,
    };
    let (told, by_session) = (json!({ "ids": total }), op.id());
    let asked = Asked { plan, resource: "users", told, by_session, include_self: false, total };
    app.parts().db.write(async |tx| bulk::start(tx, &op, &asked).await).await.unwrap()
}

/// A client that somebody is signed in to, and that was disabled since.
async fn disabled(app: &TestApp, name: &str) -> ClientId {
    let client = app.client(Public).await;
    let code = app.authorization(&client).through(&mut app.browser(), name).await;
    client.exchange(&code).await.tokens();
    app.write_activity().await;
    let (id, op) = (client.id.parse().unwrap(), app.op());
    app.parts().db.write(async |tx| clients::disable(tx, &op, id).await).await.unwrap();
    id
}

/// The person wants to prove an address.
async fn proving(app: &TestApp, user: UserId) -> EmailAuthenticationId {
    let (db, op) = (&app.parts().db, app.op());
    let browser = super::seeds::browser_session(db, &op, user).await;
    db.write(async |tx| email_authentications::start(tx, &op, Purpose::Account(browser), MAIL, "en").await)
        .await
        .unwrap()
        .id
}

/// Runs all jobs, each dropped after so many polls at first, if that is asked for; the answer is how many were dropped.
async fn live(world: &World, polls: Option<usize>) -> usize {
    let app = &world.app;
    let mut dropped = 0;
    for job in world.all_jobs() {
        enqueue(app, &[job]).await;
        if let Some(polls) = polls {
            dropped += die(app, polls).await;
        }
        app.clock.advance(Duration::from_secs(61));
        app.run_jobs().await;
    }
    app.clock.advance(Duration::from_secs(3600));
    app.run_jobs().await;
    dropped
}

/// A worker takes what there is, and dies. Nothing is booked, also if it had come to an end.
async fn die(app: &TestApp, polls: usize) -> usize {
    let (parts, op) = (app.parts(), app.op());
    let mut dropped = 0;
    for claimed in jobs::claim(&parts.db, &op, "doomed", &Room::default()).await.unwrap() {
        let stop = Stop::new();
        let run = jobs::run_claimed(parts.job_parts(&stop), &op, &claimed);
        dropped += usize::from(cut_off(run, polls).await.is_none());
    }
    dropped
}

/// Drops the work when it would go on for the n-th time.
pub async fn cut_off<T>(work: impl Future<Output = T>, mut polls: usize) -> Option<T> {
    let mut work = Box::pin(work);
    poll_fn(move |context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// What can be seen of the jobs afterwards.
async fn traces(world: &World) -> BTreeMap<String, Vec<String>> {
    let app = &world.app;
    let mut traces = BTreeMap::new();
    for table in leftovers::TABLES {
        let rows = app.database.texts(&format!("SELECT 'x' FROM {table}")).await;
        traces.insert(table.to_owned(), vec![rows.len().to_string()]);
    }
    for (name, sql) in [
        (
            "events",
            "SELECT kind || ': ' || CAST(count(*) AS text) FROM audit_events GROUP BY kind ORDER BY kind",
        ),
        ("addresses", "SELECT last_active_ip FROM sessions WHERE last_active_ip IS NOT NULL"),
        ("running", "SELECT kind FROM sessions WHERE finished_at IS NULL ORDER BY kind"),
        (
            "in bulk",
            "SELECT operation || ': ' || CAST(changed AS text) || ', ' || CAST(unchanged AS text) || ', ' \
               || CAST(failed AS text) || CASE WHEN finished_at IS NULL THEN '' ELSE ', finished' END \
             FROM bulk_operations ORDER BY operation",
        ),
        ("dead", "SELECT reason FROM jobs WHERE failed_at IS NOT NULL"),
    ] {
        traces.insert(name.to_owned(), app.database.texts(sql).await);
    }
    let users = ["alice", "bob", "carol", "erin", "frank", "gina", "hank", "ivy", "jack"];
    let users = users.map(|name| format!("{name}: {:?}", app.homeserver.user(name)));
    traces.insert("homeserver".to_owned(), users.to_vec());
    traces.insert("mail".to_owned(), vec![last_code(world).await]);
    traces
}

/// What becomes of the code of the last mail: mails that were sent before it are no loss, if this one has the code that counts.
async fn last_code(world: &World) -> String {
    let (app, alice) = (&world.app, world.alice);
    let mail = app.mailbox.take().pop().expect("a mail");
    assert_eq!(mail.to, [MAIL]);
    let code = mail.subject.strip_prefix("Your code is ").expect("a code");
    let (parts, op) = (app.parts(), app.op());
    let proof = email_authentications::get(&parts.db, world.proof).await.unwrap().expect("it is kept");
    let done = parts.db.write(async |tx| {
        email_authentications::complete(tx, &parts.vault, &op, (&proof, alice), code).await
    });
    format!("{:?}", done.await.unwrap())
}

#[tokio::test]
async fn each_job_can_be_cut_off_anywhere() {
    let usual = world().await;
    let kinds = usual.all_jobs().iter().map(kind).collect::<BTreeSet<_>>();
    assert_eq!(kinds, (0..KINDS).collect(), "a kind of job is missing here");
    live(&usual, None).await;
    let usual = traces(&usual).await;
    let counts = [
        "deactivateUser: 1, 0, 0, finished",
        "killUserSessions: 1, 1, 0, finished",
        "lockUser: 2, 0, 0, finished",
    ];
    assert_eq!(usual["in bulk"], counts);
    for polls in [1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 16, 20, 25, 30, 40, 50, 70, 100, 150, 200, 300, 400] {
        let world = world().await;
        let dropped = live(&world, Some(polls)).await;
        assert_eq!(traces(&world).await, usual, "after {polls} polls");
        if dropped == 0 {
            return;
        }
    }
    panic!("the longest job is longer than that");
}
