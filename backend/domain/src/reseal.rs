//! After `secrets.encryption` has been replaced: what the database keeps under former values is sealed anew under the
//! current one, so that the former ones can go.
//!
//! Not here: what only its owner can bring (cookies, refresh tokens and the boxes that they open), and the hashes of
//! user codes and of codes sent by mail, which live for minutes.

use kernel::{Op, Result, seal::Vault};
use sea_orm::{QueryResult, Value};
use store::{Db, DbErr, sql};

use crate::oauth::{clients, device_authorization};

/// Rows of one transaction: people are not kept waiting for longer.
const SLICE: usize = 500;

/// A column of boxes. `find` takes what boxes under the current secret look like (`LIKE`), the last id of the slice
/// before, and how many rows to give; `replace` takes the new box, the id, and the box as it was found.
struct Column {
    find: &'static str,
    replace: &'static str,
    /// The row's id, and what its box is bound to.
    read: fn(&QueryResult) -> Result<(Value, String), DbErr>,
}

macro_rules! column {
    ($table:literal . $column:literal, $bound_to:path) => {
        Column {
            find: concat!(
                "SELECT id, ",
                $column,
                " AS sealed FROM ",
                $table,
                " WHERE ",
                $column,
                " NOT LIKE $1 \
                 AND ($2 IS NULL OR id > $2) ORDER BY id LIMIT $3"
            ),
            replace: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = $1 WHERE id = $2 AND ",
                $column,
                " = $3"
            ),
            read: |row| {
                let id = row.try_get("", "id")?;
                Ok((Value::from(id), $bound_to(id)))
            },
        }
    };
}

/// Every column that [`Vault::seal`] writes.
const COLUMNS: [Column; 2] = [
    column!("oauth_clients"."secret_box", clients::bound_to),
    column!("device_grants"."user_code_box", device_authorization::bound_to),
];

/// What came of it.
#[derive(Debug, Default)]
pub struct Resealed {
    pub moved: u64,
    /// Why the others do not open: their secret is not configured any more, or they are damaged.
    pub stuck: Vec<kernel::Error>,
}

/// Seals anew all that is not under the current secret. May run beside the service, and again.
pub async fn reseal(db: &Db, op: &Op, vault: &Vault) -> Result<Resealed> {
    let mut resealed = Resealed::default();
    for column in &COLUMNS {
        let mut last: Value = None::<kernel::id::ClientId>.into();
        while let Some(next) = slice(db, op, vault, column, last, &mut resealed).await? {
            last = next;
        }
    }
    Ok(resealed)
}

/// The last id of the slice, if there may be more after it.
async fn slice(
    db: &Db,
    op: &Op,
    vault: &Vault,
    column: &Column,
    after: Value,
    resealed: &mut Resealed,
) -> Result<Option<Value>> {
    let current = format!("{}%", vault.prefix());
    let rows = sql::all(&db.read, column.find, [current.into(), after, (SLICE as i64).into()]).await?;
    let mut changes = Vec::new();
    let mut last = None;
    for row in &rows {
        let (id, bound_to) = (column.read)(row)?;
        last = Some(id.clone());
        let sealed: String = row.try_get("", "sealed")?;
        match vault.reseal(&bound_to, &sealed, op.random()) {
            Ok(Some(anew)) => changes.push([anew.into(), id, sealed.into()]),
            Ok(None) => {}
            Err(error) => resealed.stuck.push(error),
        }
    }
    resealed.moved += db
        .write(async |tx| {
            let mut moved = 0;
            for values in changes {
                moved += sql::execute(tx, column.replace, values).await?;
            }
            Ok::<_, kernel::Error>(moved)
        })
        .await?;
    Ok(last.filter(|_| rows.len() == SLICE))
}
