//! What administrators change leaves a trace: which operation, by which session, and what was before and after. It is
//! written in the transaction of the change, beside the events of the domain.

use domain::audit::{self, Administered, Subject};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use store::Tx;

use crate::{
    Admin, Problem,
    document::{Attributes, Resource},
};

/// A change through this API.
#[derive(Debug)]
pub struct Change {
    /// The operation's id in the OpenAPI document.
    operation: &'static str,
    /// Whom or what it concerns.
    subject: Subject,
    target: Option<String>,
    before: Value,
    after: Value,
    /// Of what was there.
    etag: Option<String>,
}

impl Change {
    pub fn by(operation: &'static str, subject: Subject) -> Self {
        Self { operation, subject, target: None, before: Value::Null, after: Value::Null, etag: None }
    }

    /// What it was done to, where neither what was there nor what is there now tells.
    #[must_use]
    pub fn at(mut self, path: String) -> Self {
        self.target = Some(path);
        self
    }

    /// What was there. Nothing that is secret.
    #[must_use]
    pub fn before<A: Attributes>(mut self, resource: &Resource<A>) -> Self {
        self.target = Some(resource.path());
        self.before = value(resource.attributes());
        self.etag = Some(resource.etag());
        self
    }

    /// What is there now. Nothing that is secret.
    #[must_use]
    pub fn after<A: Attributes>(mut self, resource: &Resource<A>) -> Self {
        self.target = Some(resource.path());
        self.after = value(resource.attributes());
        self
    }

    /// Leaves an attribute out that is a secret.
    #[must_use]
    pub fn without(mut self, attribute: &str) -> Self {
        for value in [&mut self.before, &mut self.after] {
            if let Some(attributes) = value.as_object_mut() {
                attributes.remove(attribute);
            }
        }
        self
    }

    /// What the operation was told, where that is not an attribute.
    #[must_use]
    pub fn with(mut self, after: Value) -> Self {
        self.after = after;
        self
    }
}

fn value(attributes: &impl Serialize) -> Value {
    serde_json::to_value(attributes).unwrap_or_default()
}

impl Admin {
    /// Writes the change down. Fails if the caller expects the resource to be another than it was (`if-match`), and
    /// with it the transaction.
    pub async fn record(&self, tx: &Tx, change: Change) -> Result<(), Problem> {
        let Change { operation, subject, target, before, after, etag } = change;
        if let Some(etag) = etag {
            self.expects(&etag)?;
        }
        let change = Administered { operation, target, by_session: self.session, before, after };
        Ok(audit::administered(tx, &self.op, subject, change).await?)
    }

    /// Whether the resource is what the caller takes it for, if it says so. Of what others may change meanwhile it says little: hold it.
    pub fn expects(&self, etag: &str) -> Result<(), Problem> {
        self.finds(Some(etag))
    }

    /// Likewise where there is nothing yet.
    pub fn expects_nothing(&self) -> Result<(), Problem> {
        self.finds(None)
    }

    fn finds(&self, etag: Option<&str>) -> Result<(), Problem> {
        if self.if_match.as_ref().is_none_or(|expected| expected.is_met_by(etag)) {
            return Ok(());
        }
        let title = "The resource has changed: get it again, and decide anew";
        Err(Problem::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", title))
    }
}
