//! `GET` and `POST /login`.

use axum::{Json, response::Response};
use domain::{
    compat::{
        self,
        login::{self, Credentials, Login, Welcome},
    },
    users,
};
use edge::{App, app::Request};
use kernel::Op;
use serde_json::{Value, json};
use store::usage::carried;
use tracing::Instrument;

use super::{
    Problem,
    body::Body,
    login_request::{self, Offered, Way},
    reply::done,
};

/// The ways to log in. Which of them use a browser is told twice, since older clients know it by the name of MSC3824.
pub async fn flows(app: App) -> Json<Value> {
    let mut flows = vec![
        json!({
            "type": "m.login.sso",
            "oauth_aware_preferred": true,
            "org.matrix.msc3824.delegated_oidc_compatibility": true,
        }),
        json!({ "type": "m.login.token" }),
    ];
    if app.hasher.is_some() {
        flows.insert(0, json!({ "type": "m.login.password" }));
    }
    Json(json!({ "flows": flows }))
}

/// Goes to its end also when the client does not wait for it: a session whose device the homeserver does not take must end.
pub async fn login(app: App, Request(op): Request, body: Body) -> Result<Response, Problem> {
    let work = tokio::spawn(carried(log_in(app, op, body)).in_current_span());
    work.await.map_err(|_| Problem::internal())?
}

async fn log_in(app: App, op: Op, body: Body) -> Result<Response, Problem> {
    let offered = Offered { passwords: app.hasher.is_some(), emails: app.site.login_with_email };
    let request = login_request::parse(&body.bytes, offered)?;
    let login = match &request.way {
        Way::Password { who, password } => {
            let credentials = Credentials {
                parts: users::login::Parts {
                    db: &app.db,
                    hasher: app.hasher.as_ref().ok_or_else(Problem::internal)?,
                    limiter: &app.limiter,
                    server_name: &app.site.server_name,
                    with_email: app.site.login_with_email,
                },
                named: who.named(),
                password: password.expose(),
            };
            login::by_password(parts(&app), &op, credentials, &request.wanted).await?
        }
        Way::Token(token) => login::by_token(parts(&app), &op, token.expose(), &request.wanted).await?,
    };
    match login {
        Login::Welcome(welcome) => {
            app.activity.by_refresh(&op, welcome.session);
            Ok(done(welcome.user, answer(&app, &welcome)))
        }
        Login::WrongCredentials => Err(Problem::forbidden(match request.way {
            Way::Password { .. } => "there is no account with this name and password",
            Way::Token(_) => "this login token is unknown, was used before, or is too old",
        })),
        Login::Locked => Err(Problem::user_locked()),
        Login::Throttled(wait) => Err(Problem::throttled(wait)),
        Login::Denied => Err(Problem::forbidden("the rules of this server do not allow this login")),
        Login::TooManySessions => Err(Problem::forbidden(format!(
            "there are too many devices: sign some of them out at {}",
            app.urls.absolute("/account/sessions")
        ))),
    }
}

fn parts(app: &App) -> compat::Parts<'_> {
    compat::Parts {
        db: &app.db,
        homeserver: &app.homeserver,
        lineage: &app.lineage,
        policy: &app.policy,
        lifetimes: &app.lifetimes,
        settings: &app.compat,
        counts_sessions: app.counts_sessions,
    }
}

fn answer(app: &App, welcome: &Welcome) -> Value {
    let mut body = json!({
        "access_token": welcome.access.expose(),
        "device_id": welcome.device,
        "user_id": format!("@{}:{}", welcome.username, app.site.server_name),
    });
    if let Some((refresh, ttl)) = &welcome.refresh {
        body["refresh_token"] = refresh.expose().into();
        body["expires_in_ms"] = (ttl.as_secs() * 1000).into();
    }
    body
}
