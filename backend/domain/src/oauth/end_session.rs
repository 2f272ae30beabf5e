//! A client sends somebody here to sign out (OpenID Connect RP-Initiated Logout 1.0).
//!
//! The browser session ends. Of the apps that were signed in through it, only the one that asks is signed out as well,
//! and only if it shows the ID token of that very session: the others were not asked for, and a Matrix device that is
//! signed out by surprise may take its keys along. (Telling the others is what back-channel logout would be for; `sid`
//! in the ID token is the name by which it could.)

use std::sync::Arc;

use kernel::{
    Op, Result, Secret,
    id::{BrowserSessionId, ClientId, SessionId},
    jose::Keystore,
};
use store::{Db, sql};
use url::Url;

use super::{
    clients::{Client, Clients},
    id_token_hint, redirect_uri,
};
use crate::{
    sessions::end::{self, Reason},
    users::browser::{self, BrowserSession},
};

/// The parameters, as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    pub id_token_hint: Option<&'a str>,
    pub client_id: Option<&'a str>,
    pub post_logout_redirect_uri: Option<&'a str>,
    pub state: Option<&'a str>,
}

/// A request that can be followed.
#[derive(Clone, Debug)]
pub struct Logout {
    pub client: Option<Arc<Client>>,
    /// Where the client wants the person back, `state` included.
    pub return_to: Option<Url>,
    /// The client has shown an ID token of its own, so it is the client that asks, or somebody to whom it spoke.
    pub is_hinted: bool,
    /// The session that the ID token names.
    session: Option<SessionId>,
}

/// What a request came to.
#[derive(Debug)]
pub enum Judgement {
    Good(Logout),
    /// Nobody is sent anywhere: the person sees this sentence.
    Unanswerable(&'static str),
}

/// Judges the request. Without a known client there is nowhere to go back to (§3).
pub async fn judge(
    db: &Db,
    clients: &Clients,
    keys: &Keystore,
    issuer: &str,
    request: Request<'_>,
) -> Result<Judgement> {
    use Judgement::Unanswerable;
    let hint = match request.id_token_hint {
        None => None,
        Some(token) => match id_token_hint::read(keys, issuer, token) {
            Some(hint) => Some(hint),
            None => {
                return Ok(Unanswerable("the id_token_hint of the request is no ID token of this service"));
            }
        },
    };
    let named = request.client_id.or(hint.as_ref().map(|hint| hint.aud.as_str()));
    if hint.as_ref().is_some_and(|hint| Some(hint.aud.as_str()) != named) {
        return Ok(Unanswerable(
            "the id_token_hint of the request was issued to another app than client_id says",
        ));
    }
    let client = match named.map(str::parse::<ClientId>) {
        None => None,
        Some(Ok(id)) => match clients.get(db, id).await? {
            Some(client) => Some(client),
            None => return Ok(Unanswerable("the app is not known here")),
        },
        Some(Err(_)) => return Ok(Unanswerable("the app is not known here")),
    };
    let return_to = match return_to(client.as_deref(), request) {
        Ok(return_to) => return_to,
        Err(why) => return Ok(Unanswerable(why)),
    };
    let is_hinted = hint.is_some();
    Ok(Judgement::Good(Logout { client, return_to, is_hinted, session: hint.and_then(|hint| hint.sid) }))
}

fn return_to(client: Option<&Client>, request: Request<'_>) -> Result<Option<Url>, &'static str> {
    const UNREGISTERED: &str =
        "the post_logout_redirect_uri of the request is not one that the app has registered";
    let Some(requested) = request.post_logout_redirect_uri else { return Ok(None) };
    let Some(client) = client else {
        return Err("the request has a post_logout_redirect_uri, but neither id_token_hint nor client_id");
    };
    let requested = Url::parse(requested).map_err(|_| UNREGISTERED)?;
    let registered = client.metadata.post_logout_redirect_uris.as_deref().unwrap_or_default();
    let mut uri = redirect_uri::resolve(registered, Some(&requested)).map_err(|_| UNREGISTERED)?;
    if let Some(state) = request.state {
        uri.query_pairs_mut().append_pair("state", state);
    }
    Ok(Some(uri))
}

impl Logout {
    /// Whether the client has shown that it, and this browser, are who began the session: then the person need not be
    /// asked (§2). Whoever else holds an ID token signs nobody out by it.
    pub async fn is_proven(&self, db: &Db, browser: &BrowserSession) -> Result<bool> {
        const FIND: &str = "SELECT 1 AS found FROM sessions \
          WHERE id = $1 AND client_id = $2 AND browser_session_id = $3 AND user_id = $4";
        let (Some(session), Some(client)) = (self.session, &self.client) else { return Ok(false) };
        let values = [session.into(), client.id.into(), browser.id.into(), browser.user.into()];
        Ok(sql::one(&db.read, FIND, values).await?.is_some())
    }

    /// Signs out the browser and the session that the client has proven to be its own.
    pub async fn proven(
        &self,
        db: &Db,
        op: &Op,
        browser: BrowserSessionId,
        secret: &Secret<String>,
    ) -> Result<()> {
        db.write(async |tx| {
            browser::finish(tx, op, browser, secret.expose()).await?;
            if let Some(session) = self.session {
                end::end(tx, op, session, Reason::SignedOut).await?;
            }
            Ok(())
        })
        .await
    }
}
