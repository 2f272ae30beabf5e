//! Token revocation (RFC 7009): any token of a session ends the whole session (MSC4254), so that signing out takes
//! one request whichever token the client still has.

use kernel::{Op, Presented, Token, TokenKind, id::*};
use store::{Db, sql};

use super::{Code, Refusal};
use crate::sessions::end::{self, Reason};

/// Ends the session of an OAuth token, also an expired one, of this client. Tokens that are unknown, superseded or of
/// another kind are no error (RFC 7009 §2.2). The answer is the session that was ended.
pub async fn revoke(
    db: &Db,
    op: &Op,
    client: ClientId,
    token: &str,
    hint: Option<&str>,
) -> Result<Option<SessionId>, Refusal> {
    let Some(token @ Presented::Native { kind, handle, .. }) = Token::parse(token) else { return Ok(None) };
    match hint {
        None | Some("access_token" | "refresh_token") => {}
        Some(_) => {
            return Err(
                Code::UnsupportedTokenType.because("token_type_hint must be access_token or refresh_token")
            );
        }
    }
    if !matches!(kind, TokenKind::OauthAccess | TokenKind::OauthRefresh) {
        return Ok(None);
    }
    let Some(row) = sql::one(&db.read, FIND, [handle.into(), token.hash().to_vec().into()]).await? else {
        return Ok(None);
    };
    if row.try_get::<Option<ClientId>>("", "client_id")? != Some(client) {
        return Err(Code::UnauthorizedClient.because("this token belongs to another client"));
    }
    let session: SessionId = row.try_get("", "session_id")?;
    db.write(async |tx| end::end(tx, op, session, Reason::Revoked).await).await?;
    Ok(Some(session))
}

const FIND: &str = "SELECT s.id AS session_id, s.client_id FROM token_pairs t JOIN sessions s ON s.id = t.session_id \
  WHERE t.handle = $1 AND s.finished_at IS NULL \
    AND $2 IN (t.access_hash, t.refresh_hash, t.prior_access_hash, t.prior_refresh_hash)";
