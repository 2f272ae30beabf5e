//! Who may ask for administrative rights.

use kernel::{Op, Result, Scope, id::UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::{ConnectionTrait, Tx, sql, tables::users};

use super::{
    find::hold,
    state::{Settled, Transition},
};
use crate::{
    audit,
    policy::{
        Policy,
        power::{is_power, is_powerful},
    },
    sessions::{end::Reason, end_all},
};

/// Lets the account ask for administrative scopes, or not any more. Then what has such a scope ends with the right to it: sessions
/// of apps, personal ones that the person owns or that act as the person, and what the person has agreed to and no app has
/// come for yet; and whatever the person owns that acts as somebody else. That ends as well if the account could not ask
/// for such scopes before: it may have them by the policy's leave, or by an administrator's. Whom the policy names can sign
/// in to such a scope again.
pub async fn set_admin(tx: &Tx, op: &Op, id: UserId, admin: bool) -> Result<Settled> {
    const SET: &str = "UPDATE users SET can_request_admin = $2 WHERE id = $1 AND can_request_admin <> $2";
    let setting = Transition {
        statement: SET,
        values: vec![id.into(), admin.into()],
        event: if admin { audit::Kind::AdminGranted } else { audit::Kind::AdminRevoked },
        data: None,
    };
    let settled = setting.run(tx, op, id).await?;
    if !admin {
        // First what sessions come of: an exchange that is under way is waited for, and its session is then there to be ended.
        for statement in [CANCEL_GRANTS, REJECT_DEVICES] {
            sql::execute(tx, statement, [id.into(), op.now.into()]).await?;
        }
        end_all::with_power(tx, op, id, Reason::AdminRevoked).await?;
    }
    Ok(settled)
}

/// Whether the person may have this scope, as far as it gives power over others. Then nobody takes that right away until the
/// transaction ends, and whoever does so next finds what has come of it here.
pub async fn may_have(tx: &Tx, policy: &Policy, id: UserId, scope: &Scope) -> Result<bool> {
    if !scope.iter().any(is_power) {
        return Ok(true);
    }
    let user = hold(tx, id).await?;
    Ok(user.is_some_and(|user| policy.may_administer(&user.username, user.can_request_admin)))
}

const CANCEL_GRANTS: &str = concat!(
    "UPDATE authorization_grants SET cancelled_at = $2 \
     WHERE exchanged_at IS NULL AND cancelled_at IS NULL \
       AND browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1) AND ",
    is_powerful!()
);

const REJECT_DEVICES: &str = concat!(
    "UPDATE device_grants SET rejected_at = $2 WHERE exchanged_at IS NULL AND rejected_at IS NULL \
       AND browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1) AND ",
    is_powerful!()
);

/// Everybody who may, oldest account first.
pub async fn admins(db: &impl ConnectionTrait) -> Result<Vec<users::Model>> {
    let found = users::Entity::find().filter(users::Column::CanRequestAdmin.eq(true));
    Ok(found.order_by_asc(users::Column::Id).all(db).await?)
}
