//! The OpenAPI document: the operations as their handlers declare them, and what is common to all.

use std::collections::BTreeMap;

use edge::Urls;
use kernel::scope::{ADMIN_RESOURCES, MAS_ADMIN};
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{
        Components, ContentBuilder, HttpMethod, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref,
        RefOr, Required, Response, ResponseBuilder, Schema, ServerBuilder, Type,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        security::{
            AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes,
            SecurityRequirement, SecurityScheme,
        },
        tag::{Tag, TagBuilder},
    },
};

use crate::{
    bulk_operations, compat_sessions, idempotency, listed, oauth2_clients, oauth2_sessions,
    personal_sessions,
    problem::ErrorResponse,
    registration_tokens,
    types::{Ulid, UlidInPath, UsernamePathParam},
    upstream_links, upstream_providers, user_emails, user_sessions, users,
};

/// Tags and what they stand for, in the order in which they are shown.
const TAGS: [(&str, &str); 15] = [
    ("server", "The server itself"),
    ("user", "People's accounts"),
    ("user-email", "The e-mail addresses of accounts"),
    ("user-session", "Signed-in browsers"),
    ("compat-session", "Sessions made by the legacy Matrix login API"),
    ("oauth2-client", "OAuth 2.0 clients"),
    ("oauth2-session", "OAuth 2.0 sessions"),
    ("personal-session", "Personal sessions, and the access tokens that stand for them"),
    ("policy-data", "What the policy is told besides the configuration"),
    ("user-registration-token", "Tokens that allow people to register"),
    ("upstream-oauth-link", "Accounts elsewhere that accounts here are linked to"),
    ("upstream-oauth-provider", "Providers that people can sign in with"),
    ("audit-event", "What happened, and who did it"),
    ("bulk-operation", "What is asked for of many at once"),
    ("job", "What is done in the background"),
];

const ABOUT: &str = "Looks after accounts, sessions, clients and tokens.\n\n\
  Lists are read page by page: `page[first]=N` or `page[last]=N`, then on from `links.next` or `links.prev`. \
  `count=false` makes them fast however long they are.\n\n\
  A failure is a JSON document whose first entry of `errors` has a stable `code`.";

/// The whole document, for a service at these addresses.
pub fn document(urls: &Urls) -> OpenApi {
    let (_, collected) = crate::operations().split_for_parts();
    let mut paths = collected.paths;
    for (path, item) in &mut paths.paths {
        for (method, operation) in operations(item) {
            operation.security = Some(security(path, &method));
            leave_out_null(operation);
            if method != HttpMethod::Get {
                add_key(operation);
                if path.contains("{id}") || operation.operation_id.as_deref() == Some("setPolicyData") {
                    add_precondition(operation);
                }
            }
        }
    }
    let mut components = collected.components.unwrap_or_else(Components::new);
    components.schemas.extend(more_schemas());
    components.add_security_scheme("oauth2", SecurityScheme::OAuth2(flows(urls)));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An access token of OAuth 2.0, or a personal access token"));
    components.add_security_scheme("token", SecurityScheme::Http(bearer.build()));
    let info = InfoBuilder::new()
        .title("Latchkey admin API")
        .description(Some(ABOUT))
        .version(env!("CARGO_PKG_VERSION"));
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url(urls.absolute("/")).build()]))
        .paths(paths)
        .components(Some(components))
        .tags(Some(TAGS.map(tag)))
        .security(Some(whole()))
        .build()
}

fn tag((name, description): (&str, &str)) -> Tag {
    TagBuilder::new().name(name).description(Some(description)).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation?)))
}

/// A body that may be left out is not one that may be `null`.
fn leave_out_null(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        if let Some(RefOr::T(Schema::OneOf(either))) = &content.schema {
            let wanted = either.items.iter().find(|one| matches!(one, RefOr::Ref(_))).cloned();
            content.schema = wanted.or_else(|| content.schema.take());
        }
    }
}

/// What changes one thing, or follows it by another, may be bound to what that thing is.
fn add_precondition(operation: &mut Operation) {
    let text = ObjectBuilder::new().schema_type(Type::String);
    add_header(operation, "if-match", "Only if the resource still has this `etag`", text);
    let failed = failure("The resource has not the `etag` that `if-match` has");
    operation.responses.responses.insert("412".to_owned(), failed.into());
}

/// Every change may be sent again.
fn add_key(operation: &mut Operation) {
    let what = "Chosen by the caller: within a day, the same request with the same key is carried out once, and gets the \
                same answer";
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(idempotency::LONGEST_KEY))
        .pattern(Some("^[ -~]*$"));
    add_header(operation, idempotency::HEADER, what, text);
    for (status, what) in [
        ("409", "The request with this `idempotency-key` has not come to an end"),
        ("422", "The `idempotency-key` was used for another request"),
    ] {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| failure(what).into());
    }
}

fn add_header(operation: &mut Operation, name: &str, what: &str, text: ObjectBuilder) {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(what))
        .schema(Some(text));
    operation.parameters.get_or_insert_default().push(parameter.build().into());
}

fn whole() -> Vec<SecurityRequirement> {
    vec![SecurityRequirement::new("oauth2", [MAS_ADMIN]), SecurityRequirement::new("token", [MAS_ADMIN])]
}

/// The whole API's scope, or what is enough for this operation.
fn security(path: &str, method: &HttpMethod) -> Vec<SecurityRequirement> {
    let resource = path.strip_prefix(crate::BASE).and_then(|below| below.split('/').nth(1));
    let resources = match resource {
        // That of what is done in bulk.
        Some(bulk_operations::RESOURCE) => bulk_operations::RESOURCES.to_vec(),
        resource => {
            vec![resource.filter(|resource| ADMIN_RESOURCES.contains(resource)).unwrap_or("version")]
        }
    };
    let mut enough: Vec<_> = resources.iter().map(|resource| format!("{MAS_ADMIN}:{resource}")).collect();
    if *method == HttpMethod::Get {
        enough.extend(resources.iter().map(|resource| format!("{MAS_ADMIN}:{resource}:read")));
        enough.push(format!("{MAS_ADMIN}:read"));
    }
    let enough = enough.into_iter().map(|scope| SecurityRequirement::new("oauth2", [scope]));
    whole().into_iter().chain(enough).collect()
}

fn flows(urls: &Urls) -> OAuth2 {
    let scopes = || {
        let mut all = vec![
            (MAS_ADMIN.to_owned(), "Everything".to_owned()),
            (format!("{MAS_ADMIN}:read"), "Look at everything".to_owned()),
        ];
        for resource in ADMIN_RESOURCES {
            all.push((format!("{MAS_ADMIN}:{resource}"), format!("Look at and change {resource}")));
            all.push((format!("{MAS_ADMIN}:{resource}:read"), format!("Look at {resource}")));
        }
        Scopes::from_iter(all)
    };
    let (authorize, token) = (urls.absolute("/authorize"), urls.absolute("/oauth2/token"));
    OAuth2::new([
        Flow::ClientCredentials(ClientCredentials::with_refresh_url(&token, scopes(), &token)),
        Flow::AuthorizationCode(AuthorizationCode::with_refresh_url(&authorize, &token, scopes(), &token)),
    ])
}

/// Schemas that parameters refer to, and those that no handler names.
fn more_schemas() -> BTreeMap<String, RefOr<Schema>> {
    let mut schemas = Vec::new();
    add::<Ulid>(&mut schemas);
    add::<UlidInPath>(&mut schemas);
    add::<UsernamePathParam>(&mut schemas);
    add::<ErrorResponse>(&mut schemas);
    add::<listed::PaginationParams>(&mut schemas);
    add::<listed::IncludeCount>(&mut schemas);
    add::<users::UserFilter>(&mut schemas);
    add::<user_emails::UserEmailFilter>(&mut schemas);
    add::<user_sessions::UserSessionFilter>(&mut schemas);
    add::<compat_sessions::CompatSessionFilter>(&mut schemas);
    add::<oauth2_clients::OAuth2ClientFilter>(&mut schemas);
    add::<oauth2_sessions::OAuth2SessionFilter>(&mut schemas);
    add::<personal_sessions::PersonalSessionFilter>(&mut schemas);
    add::<registration_tokens::RegistrationTokenFilter>(&mut schemas);
    add::<upstream_links::UpstreamOAuthLinkFilter>(&mut schemas);
    add::<upstream_providers::UpstreamOAuthProviderFilter>(&mut schemas);
    // The kind of a client once more, by the name that it has beside the one of the filter.
    schemas.push(("OAuth2ClientKind2".to_owned(), oauth2_clients::OAuth2ClientKind::schema()));
    add::<bulk_operations::BulkOperationFilter>(&mut schemas);
    schemas.into_iter().collect()
}

fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident { $($status:literal => $what:literal),* })*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([$(($status.to_owned(), failure($what).into())),*])
            }
        }
    )*};
}

fn failure(what: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorResponse"))).build();
    ResponseBuilder::new().description(what).content("application/json", content).build()
}

failures! {
    /// What can go wrong with every operation.
    Failures {
        "400" => "A parameter, the id in the path, or a header cannot be understood",
        "401" => "The token is not good, or not meant for this API",
        "403" => "The token is good for another part of this API only, or this is not allowed",
        "500" => "Something went wrong on our side",
        "503" => "The database or the homeserver does not answer"
    }
    Missing { "404" => "There is no such thing, or something that a parameter names does not exist" }
    Conflict { "409" => "It clashes with what is there" }
    Gone { "410" => "It was here, and is no more" }
    /// What can go wrong with a body.
    BadBody {
        "413" => "The body is larger than 2 MiB",
        "415" => "The body is not sent as JSON",
        "422" => "The body has another shape than is asked for"
    }
}
