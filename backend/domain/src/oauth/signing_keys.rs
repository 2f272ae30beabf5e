//! Which signing keys were in use at the last start. One that is taken out of the configuration before the last token that it
//! signed has expired goes on being published until then, so that relying parties can check that token.

use kernel::{
    Op, Result, Timestamp,
    jose::{Keystore, Retired},
};
use serde_json::Value;
use store::{Db, Lock, Tx, sql};

use super::id_token;

/// What came of the keys of earlier starts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// To be published for some time.
    pub retired: Vec<Retired>,
    /// The names of those that would have to be, but were not kept: an older version of this service noted them.
    pub missed: Vec<String>,
}

/// A key of an earlier start.
struct Known {
    kid: String,
    jwk: Option<Value>,
    signs_until: Option<Timestamp>,
}

/// Notes the keys that are configured now, and tells of those that are not any more although tokens that they signed may
/// still be good.
pub async fn note(db: &Db, op: &Op, keys: &Keystore) -> Result<Noted> {
    let published = keys.published();
    db.write(async |tx| {
        tx.lock(Lock::Synchronise).await?;
        let (mut noted, known) = (Noted::default(), known(tx).await?);
        for key in &known {
            if published.iter().any(|published| published.kid == key.kid) {
                continue;
            }
            // Without an end, it signed until this very start.
            let signed_until = key.signs_until.unwrap_or(op.now).min(op.now);
            let until = signed_until + id_token::LIFETIME;
            match &key.jwk {
                Some(jwk) if op.now < until => {
                    let values = [key.kid.clone().into(), signed_until.into(), jwk.clone().into()];
                    sql::execute(tx, NOTE, values).await?;
                    noted.retired.push(Retired { kid: key.kid.clone(), jwk: jwk.clone(), until });
                    continue;
                }
                None if op.now < until => noted.missed.push(key.kid.clone()),
                _ => {}
            }
            sql::execute(tx, "DELETE FROM signing_keys WHERE kid = $1", [key.kid.clone().into()]).await?;
        }
        for key in published {
            let before = known.iter().find(|known| known.kid == key.kid).and_then(|known| known.signs_until);
            // A key whose successor signs at once signed until now, unless an earlier start has seen that already.
            let until = key
                .signs_until
                .map(|until| if until > op.now { until } else { before.unwrap_or(op.now).min(op.now) });
            sql::execute(tx, NOTE, [key.kid.into(), until.into(), key.jwk.into()]).await?;
        }
        Ok(noted)
    })
    .await
}

async fn known(tx: &Tx) -> Result<Vec<Known>> {
    let rows = sql::all(tx, "SELECT kid, jwk, signs_until FROM signing_keys ORDER BY kid", []).await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in rows {
        let (jwk, signs_until) = (row.try_get("", "jwk")?, row.try_get("", "signs_until")?);
        known.push(Known { kid: row.try_get("", "kid")?, jwk, signs_until });
    }
    Ok(known)
}

const NOTE: &str = "INSERT INTO signing_keys (kid, signs_until, jwk) VALUES ($1, $2, $3) \
  ON CONFLICT (kid) DO UPDATE SET signs_until = excluded.signs_until, jwk = excluded.jwk";
