//! A client that is taken out of the configuration goes, with all that people had in it.

use domain::oauth::clients;
use kernel::id::*;
use testkit::{ClientKind::*, TestApp};

/// One by one they would keep everybody else from writing, on SQLite.
#[tokio::test]
async fn a_client_that_many_are_signed_in_to_goes_in_slices() {
    let app = TestApp::new().await;
    app.signed_in_to(&app.configured(Basic), "alice").await;
    let client: ClientId = app.configured(Basic).id.parse().unwrap();
    let (db, op, user) = (&app.parts().db, app.op(), app.user("bob").await);
    let done = db.write(async |tx| {
        for at in 0..1200 {
            const SESSION: &str = "INSERT INTO sessions (id, kind, user_id, client_id, scope, device_id, created_at) \
              VALUES ($1, 'oauth', $2, $3, '', $4, $5)";
            let (id, device) = (op.id::<SessionId>(), format!("D{at}"));
            let values = [id.into(), user.into(), client.into(), device.into(), op.now.into()];
            store::sql::execute(tx, SESSION, values).await?;
        }
        Ok::<_, store::DbErr>(())
    });
    done.await.unwrap();
    // Not `cost`: a statement's first use is two messages to PostgreSQL.
    let before = db.round_trips();
    assert_eq!(clients::prune(db, &op, &[]).await.unwrap(), 2);
    let cost = db.round_trips() - before;
    assert!(cost < 100, "{cost} statements");
    for table in ["sessions", "authorization_grants", "consents"] {
        assert!(app.database.texts(&format!("SELECT 'row' FROM {table}")).await.is_empty(), "{table}");
    }
    let told =
        "SELECT kind FROM audit_events WHERE kind = 'session_ended' AND data ->> 'reason' = 'client_deleted'";
    assert_eq!(app.database.texts(told).await.len(), 1201);
    app.run_jobs().await;
    assert!(app.homeserver.user("alice").unwrap().devices.is_empty());
}
