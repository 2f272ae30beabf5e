//! The documents that come back: one resource, or a page of them, with links.

use std::borrow::Cow;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use kernel::id::{Id, JobId};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, Type},
};

use crate::{sorted::Cursor, types::Ulid};

/// What a kind of resource has, besides its id.
pub trait Attributes: Serialize + ToSchema {
    /// The `type` of the resource.
    const TYPE: &'static str;
    /// Where such resources are, below [`crate::BASE`].
    const PATH: &'static str;
    /// An attribute that is not in every answer, and so is no part of what the resource is.
    const OCCASIONAL: Option<&'static str> = None;
    /// The id of the example in the OpenAPI document.
    const EXAMPLE: &'static str;
}

/// One resource: its id and what it has.
#[derive(Clone, Debug)]
pub struct Resource<A> {
    id: String,
    attributes: A,
    /// What its list is sorted by, if not by ids.
    key: Option<String>,
}

impl<A: Attributes> Resource<A> {
    pub fn new(id: impl Id, attributes: A) -> Self {
        Self { id: id.to_string(), attributes, key: None }
    }

    /// Its canonical path.
    pub fn path(&self) -> String {
        format!("{}{}/{}", crate::BASE, A::PATH, self.id)
    }

    pub const fn attributes(&self) -> &A {
        &self.attributes
    }

    /// With an attribute that is not always there.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut A)) -> Self {
        change(&mut self.attributes);
        self
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// In a list that is sorted by something else than ids.
    #[must_use]
    pub fn at(self, key: Option<String>) -> Self {
        Self { key, ..self }
    }

    /// Where it stands in its list.
    pub fn cursor(&self) -> String {
        let Some(key) = &self.key else { return self.id.clone() };
        let id = kernel::id::parse_ulid(&self.id).map_or(0, |ulid| ulid.0);
        Cursor { id: uuid::Uuid::from_u128(id), key: Some(key.clone()) }.to_string()
    }

    /// Changes when an attribute does (RFC 9110 §8.8.3).
    pub fn etag(&self) -> String {
        let mut value = serde_json::to_value(&self.attributes).unwrap_or_default();
        if let (Some(attributes), Some(name)) = (value.as_object_mut(), A::OCCASIONAL) {
            attributes.remove(name);
        }
        let hash = kernel::token::hash(&value.to_string());
        let hex: String = hash[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\"{hex}\"")
    }

    fn document(self, paged: bool) -> SingleResource<A> {
        let links = SelfLinks { this: self.path() };
        let meta = paged
            .then(|| SingleResourceMeta { page: Some(SingleResourceMetaPage { cursor: self.cursor() }) });
        SingleResource { kind: A::TYPE, id: self.id, attributes: self.attributes, links, meta }
    }

    /// An answer that holds it, at its own path.
    pub fn ok(self) -> Single<A> {
        Single { status: StatusCode::OK, this: self.path(), resource: self, job: None }
    }

    /// Likewise; it has just come to be.
    pub fn created(self) -> Single<A> {
        Single { status: StatusCode::CREATED, ..self.ok() }
    }

    /// An answer to something that was done to it: `action` is the last step of the path.
    pub fn after(self, action: &str) -> Single<A> {
        Single { this: format!("{}/{action}", self.path()), ..self.ok() }
    }
}

/// An answer with one resource.
#[derive(Debug)]
pub struct Single<A> {
    pub status: StatusCode,
    /// The top-level link to itself.
    pub this: String,
    pub resource: Resource<A>,
    /// What is still to be done.
    pub job: Option<JobId>,
}

/// Tells the id of the job that does the rest.
pub const JOB: &str = "latchkey-job";

impl<A> Single<A> {
    #[must_use]
    pub fn followed_by(self, job: Option<JobId>) -> Self {
        Self { job, ..self }
    }
}

impl<A: Attributes> IntoResponse for Single<A> {
    fn into_response(self) -> Response {
        let links = SelfLinks { this: self.this };
        let etag = [(header::ETAG, self.resource.etag())];
        let job = self.job.map(|job| [(JOB, job.to_string())]);
        (self.status, etag, job, Json(SingleResponse { data: self.resource.document(false), links }))
            .into_response()
    }
}

/// One resource.
#[derive(Debug, Serialize)]
pub struct SingleResponse<A> {
    data: SingleResource<A>,
    links: SelfLinks,
}

#[derive(Debug, Serialize)]
pub struct SingleResource<A> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    attributes: A,
    links: SelfLinks,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<SingleResourceMeta>,
}

/// Where this is.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfLinks {
    /// The canonical path; at the top of an answer to an action, the path of the action.
    #[serde(rename = "self")]
    this: String,
}

/// What is known of a resource as part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SingleResourceMeta {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    page: Option<SingleResourceMetaPage>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SingleResourceMetaPage {
    /// What `page[after]` and `page[before]` take to go on from here.
    cursor: String,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct PaginatedResponse<A> {
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<PaginationMeta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Vec<SingleResource<A>>>,
    links: PaginationLinks,
}

impl<A: Attributes> PaginatedResponse<A> {
    pub fn new(count: Option<u64>, rows: Option<Vec<Resource<A>>>, links: PaginationLinks) -> Self {
        let data = rows.map(|rows| rows.into_iter().map(|row| row.document(true)).collect());
        Self { meta: count.map(|count| PaginationMeta { count: Some(count) }), data, links }
    }
}

impl<A: Attributes> IntoResponse for PaginatedResponse<A> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// Absent with `count=false`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaginationMeta {
    /// How many there are that match the filter, on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    count: Option<u64>,
}

/// Where this page and its neighbours are.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PaginationLinks {
    #[serde(rename = "self")]
    pub this: String,
    /// Absent with `count=only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first: Option<String>,
    /// Absent with `count=only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last: Option<String>,
    /// What comes after this page. Going backward, it is there whenever the page has a cursor, and may lead to nothing if what was
    /// there is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
    /// What comes before this page; going forward, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prev: Option<String>,
}

// The schemas of what is generic are written by hand, because their names are part of what clients are generated from.

macro_rules! named {
    ($generic:ident, $prefix:literal, |$schemas:ident| $parts:block) => {
        impl<A: Attributes> ToSchema for $generic<A> {
            fn name() -> Cow<'static, str> {
                format!(concat!($prefix, "_for_{}"), A::name()).into()
            }

            fn schemas($schemas: &mut Vec<(String, RefOr<Schema>)>) {
                $parts
            }
        }
    };
}

fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

fn to<T: ToSchema>() -> Ref {
    Ref::from_schema_name(T::name())
}

// Examples are made from that of the attributes, so that all documents tell of the same things.

/// The resource of the example.
fn example_resource<A: Attributes>() -> Value {
    let attributes = match A::schema() {
        RefOr::T(Schema::Object(object)) => object.examples.into_iter().next(),
        _ => None,
    };
    let path = example_path::<A>();
    json!({ "type": A::TYPE, "id": A::EXAMPLE, "attributes": attributes, "links": { "self": path } })
}

fn example_path<A: Attributes>() -> String {
    format!("{}{}/{}", crate::BASE, A::PATH, A::EXAMPLE)
}

fn example_response<A: Attributes>() -> Value {
    json!({ "data": example_resource::<A>(), "links": { "self": example_path::<A>() } })
}

/// The first page, of which there is more.
fn example_page<A: Attributes>() -> Value {
    let mut row = example_resource::<A>();
    row["meta"] = json!({ "page": { "cursor": A::EXAMPLE } });
    let link = |part: &str| format!("{}{}?{part}", crate::BASE, A::PATH);
    json!({
        "meta": { "count": 2 },
        "data": [row],
        "links": {
            "self": link("page[first]=1"),
            "first": link("page[first]=1"),
            "last": link("page[last]=1"),
            "next": link(&format!("page[after]={}&page[first]=1", A::EXAMPLE)),
        },
    })
}

named!(SingleResponse, "SingleResponse", |schemas| {
    add::<SingleResource<A>>(schemas);
    add::<SelfLinks>(schemas);
});

impl<A: Attributes> PartialSchema for SingleResponse<A> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some("One resource"))
            .examples([example_response::<A>()])
            .property("data", to::<SingleResource<A>>())
            .required("data")
            .property("links", to::<SelfLinks>())
            .required("links")
            .into()
    }
}

named!(SingleResource, "SingleResource", |schemas| {
    add::<A>(schemas);
    add::<Ulid>(schemas);
    add::<SelfLinks>(schemas);
    add::<SingleResourceMeta>(schemas);
});

impl<A: Attributes> PartialSchema for SingleResource<A> {
    fn schema() -> RefOr<Schema> {
        let kind = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What kind of resource it is"))
            .enum_values(Some([A::TYPE]));
        ObjectBuilder::new()
            .description(Some("A resource, with its id and what it has"))
            .examples([example_resource::<A>()])
            .property("type", kind)
            .required("type")
            .property("id", to::<Ulid>())
            .required("id")
            .property("attributes", to::<A>())
            .required("attributes")
            .property("links", to::<SelfLinks>())
            .required("links")
            .property("meta", to::<SingleResourceMeta>())
            .into()
    }
}

named!(PaginatedResponse, "PaginatedResponse", |schemas| {
    add::<SingleResource<A>>(schemas);
    add::<PaginationMeta>(schemas);
    add::<PaginationLinks>(schemas);
});

impl<A: Attributes> PartialSchema for PaginatedResponse<A> {
    fn schema() -> RefOr<Schema> {
        let data = ArrayBuilder::new()
            .description(Some("The resources of this page; absent with `count=only`"))
            .items(to::<SingleResource<A>>());
        ObjectBuilder::new()
            .description(Some("A page of a list"))
            .examples([example_page::<A>()])
            .property("meta", to::<PaginationMeta>())
            .property("data", data)
            .property("links", to::<PaginationLinks>())
            .required("links")
            .into()
    }
}
