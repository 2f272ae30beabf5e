//! Which signing keys were in use at the last start, so that one which is taken away too early is noticed: relying
//! parties could not check the tokens any more that it signed.

use kernel::{Op, Result, Timestamp, jose::Keystore};
use store::{Db, Lock, sql};

use super::id_token;

/// Notes the keys that are configured now. The answer is the names of those that are not any more although tokens that
/// they signed may still be good.
pub async fn note(db: &Db, op: &Op, keys: &Keystore) -> Result<Vec<String>> {
    let published = keys.published();
    db.write(async |tx| {
        tx.lock(Lock::Synchronise).await?;
        let mut known = Vec::new();
        for row in sql::all(tx, "SELECT kid, signs_until FROM signing_keys ORDER BY kid", []).await? {
            known.push((
                row.try_get::<String>("", "kid")?,
                row.try_get::<Option<Timestamp>>("", "signs_until")?,
            ));
        }
        let mut missed = Vec::new();
        for (kid, signed_until) in &known {
            if published.iter().any(|key| key.kid == *kid) {
                continue;
            }
            // Without an end, it signed until this very start.
            if signed_until.is_none_or(|until| op.now < until + id_token::LIFETIME) {
                missed.push(kid.clone());
            }
            sql::execute(tx, "DELETE FROM signing_keys WHERE kid = $1", [kid.clone().into()]).await?;
        }
        for key in published {
            let before = known.iter().find(|(kid, _)| *kid == key.kid).and_then(|(_, until)| *until);
            // A key whose successor signs at once signed until now, unless an earlier start has seen that already.
            let until = key
                .signs_until
                .map(|until| if until > op.now { until } else { before.unwrap_or(op.now).min(op.now) });
            sql::execute(tx, NOTE, [key.kid.into(), until.into()]).await?;
        }
        Ok(missed)
    })
    .await
}

const NOTE: &str = "INSERT INTO signing_keys (kid, signs_until) VALUES ($1, $2) \
  ON CONFLICT (kid) DO UPDATE SET signs_until = excluded.signs_until";
