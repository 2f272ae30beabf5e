//! Links by which forgotten passwords are replaced.

use async_graphql::{Context, Enum, ID, Object};
use domain::users::recovery_tickets::{Standing, Ticket};

use crate::{asking::Asking, node_id, scalars::DateTime};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserRecoveryTicketStatus {
    Valid,
    Expired,
    Consumed,
}

/// A link by which a forgotten password is replaced.
pub struct UserRecoveryTicket(pub Ticket);

impl UserRecoveryTicket {
    fn standing(&self, ctx: &Context<'_>) -> Standing {
        self.0.standing(Asking::of(ctx).op.now)
    }
}

#[Object]
impl UserRecoveryTicket {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::USER_RECOVERY_TICKET, self.0.id)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    async fn status(&self, ctx: &Context<'_>) -> UserRecoveryTicketStatus {
        match self.standing(ctx) {
            Standing::Valid => UserRecoveryTicketStatus::Valid,
            Standing::Expired => UserRecoveryTicketStatus::Expired,
            Standing::Consumed => UserRecoveryTicketStatus::Consumed,
        }
    }

    /// Empty unless VALID.
    async fn username(&self, ctx: &Context<'_>) -> String {
        let valid = self.standing(ctx) == Standing::Valid;
        if valid { self.0.username.clone() } else { String::new() }
    }

    /// Only hinted at unless VALID.
    async fn email(&self, ctx: &Context<'_>) -> String {
        let valid = self.standing(ctx) == Standing::Valid;
        if valid { self.0.email.clone() } else { hint(&self.0.email) }
    }
}

/// `a…@e….org`: enough for who knows it already.
fn hint(email: &str) -> String {
    let first = |text: &str| text.chars().next().map_or_else(String::new, |first| format!("{first}…"));
    let Some((local, domain)) = email.rsplit_once('@') else { return first(email) };
    let end = domain.rsplit_once('.').map_or_else(String::new, |(_, end)| format!(".{end}"));
    format!("{}@{}{end}", first(local), first(domain))
}
