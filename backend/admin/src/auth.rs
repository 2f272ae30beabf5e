//! Who calls, and whether they may. It is settled before path, query and body are looked at, for all operations alike: what
//! right one needs follows from its path and method, so that none can be forgotten.

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    personal::Shown,
    policy::{Policy, power::Caller},
    sessions::{
        SessionKind,
        accept::{Accepted, accept},
        refused::{self, Why},
    },
};
use edge::{App, telemetry::Requester};
use http::{HeaderMap, Method, StatusCode, header, request};
use kernel::{
    Error, Op, Presented, Scope, Token, TokenKind,
    id::{ClientId, SessionId, TokenId, UserId},
    scope::MAS_ADMIN,
};
use store::tables::users;

use crate::{Problem, bulk_operations, if_match::IfMatch};

/// Whoever calls, and may call this operation.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The operation, with the caller as its actor: of a personal token, its owner.
    pub op: Op,
    pub session: SessionId,
    pub token: TokenId,
    pub kind: SessionKind,
    /// Who is acted for.
    pub user: Option<UserId>,
    pub client: Option<ClientId>,
    pub scope: Scope,
    /// What the caller takes the resource for.
    pub if_match: Option<IfMatch>,
}

impl Admin {
    /// The caller, as the rules on power over others see it.
    pub const fn caller(&self) -> Caller<'_> {
        Caller { scope: &self.scope, user: self.user }
    }

    pub const fn shown(&self) -> Shown {
        Shown { session: self.session, token: self.token }
    }

    /// Refuses a token that is not good for this resource, if its right depends on more than path and method.
    pub fn may(&self, resource: &str, change: bool) -> Result<(), Problem> {
        let needed = Right { resource, change };
        if needed.is_given_by(&self.scope) { Ok(()) } else { Err(insufficient(needed.scope())) }
    }

    /// Refuses a token that is good for a part of the API only: what could lead to more rights than a part of it gives asks for this.
    pub fn unlimited(&self) -> Result<(), Problem> {
        if self.caller().is_unlimited() { Ok(()) } else { Err(beyond()) }
    }

    /// Refuses a token for a part of the API where it would decide by what an administrator signs in.
    pub fn decides_for(&self, policy: &Policy, user: &users::Model) -> Result<(), Problem> {
        if policy.may_administer(&user.username, user.can_request_admin) { self.unlimited() } else { Ok(()) }
    }
}

/// This takes the whole API.
pub fn beyond() -> Problem {
    insufficient(MAS_ADMIN.to_owned())
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, _: &App) -> Result<Self, Problem> {
        let admin = parts.extensions.get::<Self>().cloned();
        Ok(admin.ok_or_else(|| Error::internal("an operation that nobody was authenticated for"))?)
    }
}

/// Lets in who may call the operation.
pub async fn authenticate(
    State(app): State<App>,
    edge::app::Request(op): edge::app::Request,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let needed = Right::of(path.as_str(), request.method());
    match admit(&app, op, request.headers(), needed).await {
        Err(problem) => problem.into_response(),
        Ok(admin) => {
            let requester = Requester(admin.op.actor, None);
            request.extensions_mut().insert(admin);
            let mut response = next.run(request).await;
            response.extensions_mut().insert(requester);
            response
        }
    }
}

/// What an operation needs.
#[derive(Clone, Copy, Debug)]
struct Right<'a> {
    resource: &'a str,
    change: bool,
}

impl<'a> Right<'a> {
    fn of(path: &'a str, method: &Method) -> Self {
        let below = path.split_once(crate::BASE).map_or("", |(_, below)| below);
        let resource = below.split('/').nth(1).unwrap_or_default();
        Self { resource, change: !matches!(*method, Method::GET | Method::HEAD) }
    }

    fn is_given_by(self, scope: &Scope) -> bool {
        // Of the last, the operations ask themselves: what right they take is in the body, or in the row.
        let is_nobodys = matches!(self.resource, "version" | "site-config" | bulk_operations::RESOURCE);
        scope.administers(self.resource, self.change)
            || (is_nobodys && scope.iter().any(kernel::scope::is_admin))
    }

    /// The least scope that gives it.
    fn scope(self) -> String {
        format!("{MAS_ADMIN}:{}{}", self.resource, if self.change { "" } else { ":read" })
    }
}

async fn admit(app: &App, op: Op, headers: &HeaderMap, needed: Right<'_>) -> Result<Admin, Problem> {
    let text = bearer(headers)?;
    let token = Token::parse(text).ok_or_else(|| {
        wrong_kind().because("It is no token of this service: it is cut off, mistyped, or from elsewhere")
    })?;
    let fits =
        matches!(token, Presented::Native { kind: TokenKind::OauthAccess | TokenKind::PersonalAccess, .. });
    if !fits {
        return Err(wrong_kind());
    }
    let Some(accepted) = accept(&app.db, &op, &token, app.lifetimes.overlap).await? else {
        return Err(explain(refused::why(&app.db, &op, &token).await?));
    };
    app.activity.by_client(&op, accepted.session);
    let mut admin = admin(op, accepted)?;
    if needed.is_given_by(&admin.scope) {
        admin.if_match = IfMatch::of(headers)?;
        return Ok(admin);
    }
    Err(if admin.scope.iter().any(kernel::scope::is_admin) {
        insufficient(needed.scope())
    } else {
        // A token with no right at all is answered as MAS does it, so that consoles offer to sign in again.
        Problem::new(StatusCode::UNAUTHORIZED, "missing_scope", format!("Missing {MAS_ADMIN} scope"))
            .challenge(&format!("Bearer error=\"insufficient_scope\", scope=\"{MAS_ADMIN}\""))
    })
}

fn admin(op: Op, accepted: Accepted) -> Result<Admin, Error> {
    let op = op.by(accepted.actor());
    let scope = accepted.scope.parse().map_err(Error::internal)?;
    let Accepted { session, token, kind, client, .. } = accepted;
    let user = accepted.user.map(|user| user.id);
    Ok(Admin { op, session, token, kind, user, client, scope, if_match: None })
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(line) = lines.next() else {
        return Err(Problem::invalid("missing_token", "The header `authorization` is missing")
            .because("Send `authorization: Bearer TOKEN`")
            .challenge("Bearer"));
    };
    let token = line.to_str().ok().and_then(|line| line.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty());
    token.filter(|_| lines.next().is_none()).ok_or_else(|| {
        Problem::invalid("invalid_authorization", "The header `authorization` is not `Bearer TOKEN`, once")
            .challenge("Bearer error=\"invalid_request\"")
    })
}

fn wrong_kind() -> Problem {
    refusal(
        "wrong_token_type",
        "Not an access token of OAuth 2.0 (mat_…) nor a personal access token (mpt_…)",
    )
}

/// The session has ended since the token was looked at.
pub fn ended() -> Problem {
    explain(Why::SessionEnded)
}

fn explain(why: Why) -> Problem {
    match why {
        Why::Unknown => refusal("unknown_token", "Unknown access token"),
        Why::SessionEnded => refusal("token_revoked", "The session of this access token has ended"),
        Why::Expired => refusal("token_expired", "The access token has expired or was replaced"),
        Why::UserInactive => refusal("user_locked", "The account behind this token is locked or deactivated"),
    }
}

fn refusal(code: &'static str, title: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, title).challenge("Bearer error=\"invalid_token\"")
}

pub fn insufficient(scope: String) -> Problem {
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
    Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", format!("This needs the scope {scope}"))
        .challenge(&challenge)
}
