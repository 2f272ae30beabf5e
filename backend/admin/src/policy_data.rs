//! `/policy-data`: what the policy is told besides the configuration, version by version.

use domain::{
    audit::Subject,
    policy::current::{self, PolicyData as Version},
};
use edge::App;
use kernel::id::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Lock;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    document::{Attributes, Resource, Single, SingleResponse},
    listed::Path,
    openapi::{BadBody, Failures, Missing},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set)).routes(routes!(latest)).routes(routes!(get))
}

/// A version of the document
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-01-31T00:00:00Z",
    "data": { "admin_users": ["ada"], "requester": { "banned_ips": ["198.51.100.0/24"] } },
})))]
pub struct PolicyData {
    #[schema(inline)]
    pub created_at: Instant,
    /// Laid over `policy.data` of the configuration: objects merge, lists join, other values replace
    pub data: Value,
}

impl Attributes for PolicyData {
    const TYPE: &'static str = "policy-data";
    const PATH: &'static str = "/policy-data";
    const EXAMPLE: &'static str = "01KG8NJW0096Q14DR9GPQY77ZX";
}

pub type PolicyDataResponse = SingleResponse<PolicyData>;

fn resource(version: Version) -> Resource<PolicyData> {
    let Version { id, data, created_at } = version;
    Resource::new(id, PolicyData { created_at: created_at.into(), data })
}

/// The next version
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "data": { "admin_users": ["ada"] } })))]
pub struct SetPolicyDataRequest {
    /// The whole document: it is laid over the configuration, not over the version before
    #[serde(deserialize_with = "any")]
    #[schema(value_type = Object)]
    data: Value,
}

/// Unlike an `Option`, it has to be there.
fn any<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
    Value::deserialize(from)
}

/// Set the policy data
///
/// In force at once; other processes of the service take it over within a minute. Each call stores a version. With `if-match`, only if
/// the version in force still has that `etag`.
#[utoipa::path(post, path = "/api/admin/v1/policy-data", operation_id = "setPolicyData", tag = "policy-data",
    request_body(content = SetPolicyDataRequest, description = "The document"),
    responses((status = 201, description = "The version that was stored", body = PolicyDataResponse),
        Failures, BadBody))]
async fn set(
    app: App,
    admin: Admin,
    Body(body): Body<SetPolicyDataRequest>,
) -> Result<Single<PolicyData>, Problem> {
    let policy = app.policy.with(&body.data).map_err(|faults| {
        let problem = Problem::invalid("invalid_policy_data", "The policy cannot work with this document");
        faults.iter().fold(problem, |problem, fault| problem.because(fault.to_string())).pointer("/data")
    })?;
    let op = &admin.op;
    let stored = app
        .db
        .write(async |tx| {
            tx.lock(Lock::PolicyData).await?;
            let mut change = Change::by("setPolicyData", Subject::default());
            match current::latest(tx).await?.map(resource) {
                Some(before) => change = change.before(&before),
                None => admin.expects_nothing()?,
            }
            let stored = current::store(tx, op, &body.data).await?;
            admin.record(tx, change.after(&resource(stored.clone()))).await?;
            Ok::<_, Problem>(stored)
        })
        .await?;
    app.policy.put(stored.id, policy);
    Ok(resource(stored).created())
}

/// Get the latest policy data
#[utoipa::path(get, path = "/api/admin/v1/policy-data/latest", operation_id = "getLatestPolicyData",
    tag = "policy-data",
    responses((status = 200, description = "The version in force", body = PolicyDataResponse), Failures, Missing))]
async fn latest(app: App, _: Admin) -> Result<Single<PolicyData>, Problem> {
    let version = current::latest(&app.db.read).await?;
    Ok(resource(version.ok_or_else(|| Problem::not_found("No policy data was ever set"))?).ok())
}

/// Get a version of the policy data
#[utoipa::path(get, path = "/api/admin/v1/policy-data/{id}", operation_id = "getPolicyData", tag = "policy-data",
    params(("id" = Ulid, Path, description = "The id of the version")),
    responses((status = 200, description = "The version", body = PolicyDataResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<PolicyDataId>) -> Result<Single<PolicyData>, Problem> {
    let version = current::by_id(&app.db.read, id).await?;
    let unknown = || Problem::not_found(format!("There is no version of the policy data with the id {id}"));
    Ok(resource(version.ok_or_else(unknown)?).ok())
}
