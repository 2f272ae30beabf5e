//! The policy in force: that of the configuration, with the newest document of the admin API laid over it.

use std::sync::{Arc, PoisonError, RwLock};

use kernel::{Error, Op, Result, Timestamp, id::PolicyDataId};
use sea_orm::{FromQueryResult, QueryResult};
use serde_json::Value;
use store::{Db, Listing, Run, Tx, sql};

use super::{Policy, Problem};

/// A version of the document that is laid over the configuration.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct PolicyData {
    pub id: PolicyDataId,
    pub data: Value,
    pub created_at: Timestamp,
}

/// Swapped as a whole when there is a new version; whoever asks keeps the one that they have for as long as they need it.
#[derive(Debug)]
pub struct Current {
    configured: Arc<Policy>,
    in_force: RwLock<(Option<PolicyDataId>, Arc<Policy>)>,
}

impl Current {
    pub fn new(configured: Policy) -> Self {
        let configured = Arc::new(configured);
        Self { in_force: RwLock::new((None, Arc::clone(&configured))), configured }
    }

    pub fn get(&self) -> Arc<Policy> {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// What the policy would be with this document, or why it cannot be used.
    pub fn with(&self, data: &Value) -> Result<Policy, Vec<Problem>> {
        self.configured.with_dynamic(data.clone())
    }

    /// Puts a version into force, unless a newer one is.
    pub fn put(&self, id: PolicyDataId, policy: Policy) {
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        if in_force.0.is_none_or(|known| known < id) {
            *in_force = (Some(id), Arc::new(policy));
        }
    }

    /// Takes over the newest version, which another process may have stored. One that cannot be used, because the
    /// configuration has changed since, is left out: the answer tells what is wrong with it.
    pub async fn reload(&self, db: &Db) -> Result<()> {
        let Some(latest) = latest(&db.read).await? else { return Ok(()) };
        let known = self.in_force.read().unwrap_or_else(PoisonError::into_inner).0;
        if known.is_some_and(|known| known >= latest.id) {
            return Ok(());
        }
        let policy = self.with(&latest.data).map_err(|problems| {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::internal(format!(
                "the policy data {} does not fit the configuration and is not used: {}",
                latest.id,
                all.join("; ")
            ))
        })?;
        self.put(latest.id, policy);
        Ok(())
    }
}

pub async fn latest(db: &impl Run) -> Result<Option<PolicyData>> {
    const LATEST: &str = "SELECT id, data, created_at FROM policy_data ORDER BY id DESC LIMIT 1";
    sql::one(db, LATEST, []).await?.map(|row| read(&row)).transpose()
}

pub async fn by_id(db: &impl Run, id: PolicyDataId) -> Result<Option<PolicyData>> {
    Listing::of("*", "policy_data", "id").get(db, id).await?.map(|row| read(&row)).transpose()
}

/// Stores a version. It is in force once it is also [`Current::put`].
pub async fn store(tx: &Tx, op: &Op, data: &Value) -> Result<PolicyData> {
    const INSERT: &str = "INSERT INTO policy_data (id, data, created_at) VALUES ($1, $2, $3)";
    let stored = PolicyData { id: op.id(), data: data.clone(), created_at: op.now };
    sql::execute(tx, INSERT, [stored.id.into(), data.clone().into(), op.now.into()]).await?;
    Ok(stored)
}

fn read(row: &QueryResult) -> Result<PolicyData> {
    Ok(PolicyData::from_query_result(row, "")?)
}
