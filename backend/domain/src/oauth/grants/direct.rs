//! Sessions that an administrator starts for somebody, without that person being asked. What holds for personal tokens that
//! administrators make holds for these ([`crate::personal`]): they have an owner, who answers for them and with whom they end.

use std::time::Duration;

use kernel::{Handle, Op, Result, Scope, Token, id::*, seal::Lineage};
use serde_json::{Value, json};
use store::{Db, Tx, sql, tables::users::Model as User};

use super::start::NewSession;
use crate::{
    agent::Agent,
    audit::{self, Administered, Subject},
    homeserver::Homeserver,
    mail::Writer,
    oauth::clients::Client,
    personal::{
        Owner, Shown,
        devices::{self, Announced},
        maker,
    },
    policy::{
        Current, Violation,
        input::{PersonalSession, Requester},
    },
    sessions::{
        device::Found,
        pair::{Family, Pair},
    },
    users,
};

#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub homeserver: &'a Homeserver,
    pub policy: &'a Current,
    pub writer: &'a dyn Writer,
    pub lineage: &'a Lineage,
    pub access_token_ttl: Duration,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct NewGrant<'a> {
    pub user: &'a User,
    pub client: &'a Client,
    pub scope: &'a Scope,
    /// An access token without end, and no refresh token.
    pub permanent: bool,
    /// The policy need not let the user have it.
    pub skip_actor_check: bool,
    /// The administrator.
    pub by: Shown,
}

#[derive(Clone, Debug)]
pub struct Given {
    pub session: SessionId,
    pub access: Token,
    pub refresh: Option<Token>,
}

/// Why there is no session.
#[derive(Clone, Debug)]
pub enum Refused {
    /// The account is deactivated, by now at least.
    Deactivated,
    /// The administrator's session has ended by now.
    Ended,
    /// By the policy.
    Denied(Vec<Violation>),
}

/// Has the homeserver know the device that the scope names, if it names one, then starts the session. If none comes of it, the
/// device goes again.
pub async fn start(parts: Parts<'_>, op: &Op, new: NewGrant<'_>) -> Result<Result<Given, Refused>> {
    // Once more below, since the account may change while the homeserver is asked; but what is refused need not be told there.
    if let Err(refused) = new.judge(parts.policy, op, new.user) {
        return Ok(Err(refused));
    }
    let agent = Agent::parse(op.user_agent.as_deref().unwrap_or_default());
    let name = parts.writer.device_name("en", &new.client.display_name(), &agent)?;
    let (whose, device) = ((new.user.id, &*new.user.username), (new.scope, Some(&*name)));
    let Some(announced) = devices::announce(parts.db, parts.homeserver, whose, device).await? else {
        return Ok(Err(Refused::Deactivated));
    };
    let given = parts.db.write(async |tx| insert(tx, op, parts, new, &announced).await).await;
    if !matches!(given, Ok(Ok(_))) {
        announced.take_back(parts.db, op).await?;
    }
    given
}

impl NewGrant<'_> {
    fn judge(&self, policy: &Current, op: &Op, user: &User) -> Result<(), Refused> {
        if user.deactivated_at.is_some() {
            return Err(Refused::Deactivated);
        }
        let violations = policy.get().personal_session(&PersonalSession {
            actor: user.into(),
            scope: self.scope,
            skip_actor_check: self.skip_actor_check,
            requester: Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() },
        });
        if violations.is_empty() { Ok(()) } else { Err(Refused::Denied(violations)) }
    }

    fn written_down(&self) -> Administered {
        let mut after = json!({ "scope": self.scope, "permanent": self.permanent });
        if self.skip_actor_check {
            after["skip_actor_check"] = true.into();
        }
        let (operation, by_session) = ("createOauth2Session", self.by.session);
        Administered { operation, target: None, by_session, before: Value::Null, after }
    }
}

async fn insert(
    tx: &Tx,
    op: &Op,
    parts: Parts<'_>,
    new: NewGrant<'_>,
    announced: &Announced,
) -> Result<Result<Given, Refused>> {
    const OWN: &str = "UPDATE sessions SET owner_user_id = $2 WHERE id = $1";
    const WITHOUT_END: &str = "UPDATE token_pairs SET access_expires_at = NULL WHERE session_id = $1";
    let Some(maker) = maker(tx, op, new.by, new.user.id).await? else { return Ok(Err(Refused::Ended)) };
    let user = users::state::find(tx, new.user.id).await?;
    if let Err(refused) = new.judge(parts.policy, op, &user) {
        return Ok(Err(refused));
    }
    let pair = Pair::mint(parts.lineage, op, Family::Oauth, Handle::new(op.random()));
    let session = NewSession {
        id: op.id(),
        user: Some(user.id),
        client: new.client.id,
        browser_session: None,
        scope: new.scope,
        device: new.scope.device_ids().first().copied(),
        found: Found::Nothing,
        pair: &pair,
        refreshable: !new.permanent,
        access_token_ttl: parts.access_token_ttl,
    };
    session.insert(tx, op).await?;
    announced.belongs_to(tx, op, session.id).await?;
    // A client that owns the session is the one that it was made for.
    if let Owner::User(owner) = maker.owner {
        sql::execute(tx, OWN, [session.id.into(), owner.into()]).await?;
    }
    if new.permanent {
        sql::execute(tx, WITHOUT_END, [session.id.into()]).await?;
    }
    let (user, client, id) = (Some(user.id), Some(new.client.id), session.id);
    let subject = Subject { user, client, session: Some(id), ..Default::default() };
    audit::administered(tx, op, subject, new.written_down()).await?;
    let refresh = (!new.permanent).then(|| pair.refresh.clone());
    Ok(Ok(Given { session: id, access: pair.access.clone(), refresh }))
}
