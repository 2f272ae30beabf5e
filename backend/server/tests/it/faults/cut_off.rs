//! A worker dies at any point of any job: here the job is dropped at the n-th time that it waits for something, for one n
//! after the other. Another worker then runs it again, and in the end all is as if nothing had happened.

use std::{collections::BTreeMap, future::poll_fn, task::Poll, time::Duration};

use domain::jobs::{self, Inactivity, Job, Remains, Room, Stop};
use kernel::id::UserId;
use testkit::{ClientKind::*, TestApp};

use crate::{jobs::enqueue, upkeep::leftovers};

const DAY: Duration = Duration::from_secs(86_400);

/// In this order: what a job leaves behind matters to later ones.
fn all_jobs(bob: UserId) -> Vec<Job> {
    let clean_up = |remains| Job::CleanUp { remains, after: None };
    let mut all = vec![
        Job::ProvisionUser { user: bob, display_name: Some("Bob".into()) },
        Job::RemoveUnusedClients,
        Job::ExpireInactive,
    ];
    all.extend(
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
        ]
        .map(clean_up),
    );
    all
}

/// Some of everything that jobs work on, and a hundred days later.
async fn world() -> (TestApp, UserId) {
    let inactivity = Inactivity { ttl: 50 * DAY, oauth: true, compat: true, browser: true };
    let app = TestApp::with(|settings| {
        settings.upkeep.inactivity = Some(inactivity);
        settings.upkeep.unused_client_ttl = 90 * DAY;
    })
    .await;
    app.signed_in("alice").await;
    let (client, tokens) = app.signed_in("carol").await;
    app.write_activity().await;
    client.revoke(&tokens.refresh_token).await.ok();
    app.client(Post).await;
    app.device_client(Public).await.ask_for_codes("openid").await.ok();
    app.configured(Basic).token([("grant_type", "client_credentials")]).await.ok();
    leftovers::seed(&app).await;
    let bob = app.user("bob").await;
    app.homeserver.forget("bob");
    app.clock.advance(100 * DAY);
    (app, bob)
}

/// Runs all jobs, each dropped after so many polls at first; the answer is how many were dropped.
async fn live(app: &TestApp, bob: UserId, polls: usize) -> usize {
    let mut dropped = 0;
    for job in all_jobs(bob) {
        enqueue(app, &[job]).await;
        let (parts, op) = (app.parts(), app.op());
        for claimed in jobs::claim(&parts.db, &op, "doomed", &Room::default()).await.unwrap() {
            let stop = Stop::new();
            let run = jobs::run_claimed(parts.job_parts(&stop), &op, &claimed);
            dropped += usize::from(cut_off(run, polls).await.is_none());
        }
        // Nothing is booked either: the worker is dead.
        app.clock.advance(Duration::from_secs(61));
        app.run_jobs().await;
    }
    app.clock.advance(Duration::from_secs(3600));
    app.run_jobs().await;
    dropped
}

/// Drops the work when it would go on for the n-th time.
async fn cut_off<T>(work: impl Future<Output = T>, mut polls: usize) -> Option<T> {
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
async fn traces(app: &TestApp) -> BTreeMap<String, Vec<String>> {
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
        ("dead", "SELECT reason FROM jobs WHERE failed_at IS NOT NULL"),
    ] {
        traces.insert(name.to_owned(), app.database.texts(sql).await);
    }
    let users = ["alice", "bob", "carol"].map(|name| format!("{:?}", app.homeserver.user(name)));
    traces.insert("homeserver".to_owned(), users.to_vec());
    traces
}

#[tokio::test]
async fn each_job_can_be_cut_off_anywhere() {
    let (app, bob) = world().await;
    assert_eq!(live(&app, bob, usize::MAX).await, 0);
    let usual = traces(&app).await;
    for polls in [1, 2, 3, 4, 6, 9, 13, 20, 30, 50, 100] {
        let (app, bob) = world().await;
        let dropped = live(&app, bob, polls).await;
        assert_eq!(traces(&app).await, usual, "after {polls} polls");
        if dropped == 0 {
            return;
        }
    }
    panic!("the longest job is longer than that");
}
