//! Looking up the links by which forgotten passwords are replaced.

use kernel::{Result, Timestamp, id::RecoveryTicketId, token};
use store::{Db, sql};

/// A link that was sent.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub id: RecoveryTicketId,
    pub created_at: Timestamp,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
    pub username: String,
    /// Where it was sent.
    pub email: String,
}

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Valid,
    Expired,
    /// A link of the same recovery was used.
    Consumed,
}

impl Ticket {
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.consumed_at {
            Some(_) => Standing::Consumed,
            None if self.expires_at <= now => Standing::Expired,
            None => Standing::Valid,
        }
    }
}

/// By the secret in the link.
pub async fn find(db: &Db, secret: &str) -> Result<Option<Ticket>> {
    const FIND: &str = "SELECT t.id, t.created_at, t.expires_at, s.consumed_at, e.email, u.username \
      FROM recovery_tickets t JOIN recovery_sessions s ON s.id = t.recovery_session_id \
      JOIN user_emails e ON e.id = t.user_email_id JOIN users u ON u.id = e.user_id WHERE t.ticket_hash = $1";
    let Some(row) = sql::one(&db.read, FIND, [token::hash(secret).to_vec().into()]).await? else {
        return Ok(None);
    };
    Ok(Some(Ticket {
        id: row.try_get("", "id")?,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "expires_at")?,
        consumed_at: row.try_get("", "consumed_at")?,
        username: row.try_get("", "username")?,
        email: row.try_get("", "email")?,
    }))
}
