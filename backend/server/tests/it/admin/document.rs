//! The OpenAPI document: generated, committed, and the same operations as MAS has.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;
use testkit::TestApp;

use super::app;

const COMMITTED: &str = include_str!("../../../../../openapi/admin.json");
/// MAS's operations: `docs` of the reference, as it stands.
const OPERATIONS: &str = include_str!("admin-api.operations.tsv");
/// Our own.
const OURS: &str = include_str!("ours.operations.tsv");

async fn document() -> Value {
    let app = TestApp::new().await;
    app.anonymous().get("/api/spec.json").await.ok().json()
}

/// After a change to the handlers: `mas-cli openapi > openapi/admin.json`.
#[tokio::test]
async fn the_committed_document_is_what_is_served() {
    let committed: Value = serde_json::from_str(COMMITTED).unwrap();
    assert!(document().await == committed, "openapi/admin.json is out of date: see the comment");
}

type Row = BTreeMap<&'static str, &'static str>;

fn rows() -> Vec<Row> {
    let mut lines = OPERATIONS.lines();
    let names: Vec<_> = lines.next().unwrap().split('\t').collect();
    lines.map(|line| names.iter().copied().zip(line.split('\t')).collect()).collect()
}

fn list(cell: &'static str) -> BTreeSet<String> {
    cell.split(',').filter(|item| *item != "-").map(str::to_owned).collect()
}

#[tokio::test]
async fn every_operation_of_mas_is_there_with_all_that_it_takes_and_gives() {
    let document = document().await;
    let rows = rows();
    assert_eq!(rows.len(), 47);
    for row in rows {
        let id = row["operation_id"];
        let operation = &document["paths"][row["path"]][row["method"].to_lowercase()];
        assert_eq!(operation["operationId"], id);
        assert_eq!(operation["tags"], serde_json::json!([row["tag"]]), "{id}");
        let parameters = |place: &str| -> BTreeSet<String> {
            let all = operation["parameters"].as_array().into_iter().flatten();
            let names = all.filter(|one| one["in"] == place);
            names.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(parameters("path"), list(row["path_params"]), "{id}");
        let (mut query, wanted) = (parameters("query"), list(row["query_params"]));
        assert_eq!(query.remove("sort"), wanted.contains("page[first]"), "{id}: lists can be sorted");
        assert_eq!(query, wanted, "{id}");

        let statuses: BTreeSet<String> =
            operation["responses"].as_object().unwrap().keys().cloned().collect();
        let wanted: BTreeSet<String> =
            list(row["success_status"]).into_iter().chain(list(row["error_status_runtime"])).collect();
        let more: BTreeSet<_> = statuses.difference(&wanted).map(String::as_str).collect();
        assert!(wanted.is_subset(&statuses), "{id}: {wanted:?} {statuses:?}");
        let ours =
            if row["method"] == "GET" { &["403", "503"][..] } else { &["403", "409", "412", "422", "503"] };
        assert!(more.is_subset(&ours.iter().copied().collect()), "{id}: {more:?}");

        check_body(&document, operation, &row);
        check_response(&document, operation, &row);
    }
}

/// What MAS has not: nothing comes, goes or answers otherwise without a line in the list.
#[tokio::test]
async fn our_own_operations_are_those_of_the_list() {
    let document = document().await;
    let of_mas: BTreeSet<_> = rows().iter().map(|row| (row["method"].to_lowercase(), row["path"])).collect();
    let mut found = vec!["method\tpath\tstatuses".to_owned()];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if !of_mas.contains(&(method.clone(), path.as_str())) {
                let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().cloned().collect();
                found.push(format!("{}\t{path}\t{}", method.to_uppercase(), statuses.join(",")));
            }
        }
    }
    let listed: BTreeSet<_> = OURS.lines().collect();
    let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
    assert!(listed.len() >= 17, "{}", listed.len());
    let missing: Vec<_> = listed.difference(&found).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    assert!(missing.is_empty() && unlisted.is_empty(), "gone: {missing:#?}, new: {unlisted:#?}");
}

fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            document.pointer(reference.trim_start_matches('#')).expect("it refers to something")
        }
        None => schema,
    }
}

fn check_body(document: &Value, operation: &Value, row: &Row) {
    let id = row["operation_id"];
    let body = &operation["requestBody"];
    if row["body"] == "none" {
        assert!(body.is_null(), "{id}");
        return;
    }
    let is_optional = row["body"] == "optional" || id == "regeneratePersonalSession";
    assert_eq!(body["required"] == true, !is_optional, "{id}");
    let schema = resolve(document, &body["content"]["application/json"]["schema"]);
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for field in list(row["body_fields"]) {
        let name = field.trim_end_matches('?');
        assert!(!schema["properties"][name].is_null(), "{id}: {name}");
        assert_eq!(required.contains(name), !field.ends_with('?'), "{id}: {name}");
    }
}

fn check_response(document: &Value, operation: &Value, row: &Row) {
    let id = row["operation_id"];
    for status in list(row["success_status"]) {
        let schema = &operation["responses"][&status]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        match row["response_shape"] {
            "none" => assert!(schema.is_null(), "{id}"),
            "plain" => assert!(!schema.is_null(), "{id}"),
            "single" => assert!(name.starts_with("SingleResponse_for_"), "{id}: {name}"),
            "page" => assert!(name.starts_with("PaginatedResponse_for_"), "{id}: {name}"),
            other => panic!("{id}: {other}"),
        }
        if row["response_shape"] == "single" || row["response_shape"] == "page" {
            let data = &resolve(document, schema)["properties"]["data"];
            let data = if data["items"].is_object() { &data["items"] } else { data };
            let kind = &resolve(document, data)["properties"]["type"];
            assert_eq!(kind["enum"], serde_json::json!([row["resource_type"]]), "{id}");
        }
    }
}

/// Clients are generated from these names.
#[tokio::test]
async fn schemas_have_the_names_that_they_have_in_mas() {
    let document = document().await;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in "PaginationParams PaginationMeta PaginationLinks SelfLinks SingleResourceMeta SingleResourceMetaPage \
        ErrorResponse Error ULID DeviceID IncludeCount UlidInPath UsernamePathParam AddUserRequest SetUserPasswordRequest UserSetAdminRequest \
        DeactivateUserRequest AddUserEmailRequest CreatePersonalSessionRequest RegeneratePersonalSessionRequest \
        SetPolicyDataRequest AddUserRegistrationTokenRequest EditUserRegistrationTokenRequest \
        AddUpstreamOauthLinkRequest UserFilter UserEmailFilter UserSessionFilter CompatSessionFilter \
        OAuth2ClientFilter OAuth2SessionFilter PersonalSessionFilter RegistrationTokenFilter \
        UpstreamOAuthLinkFilter UpstreamOAuthProviderFilter UserStatus UserSessionStatus CompatSessionStatus \
        OAuth2SessionStatus OAuth2ClientKind OAuth2ClientKind2 PersonalSessionStatus SiteConfig Version"
        .split_whitespace()
    {
        assert!(schemas.contains_key(name), "{name}");
    }
    for resource in
        "CompatSession OAuth2Client OAuth2Session PersonalSession PolicyData User UserEmail UserSession \
        UserRegistrationToken UpstreamOAuthLink UpstreamOAuthProvider"
            .split_whitespace()
    {
        for name in [resource.to_owned(), format!("SingleResponse_for_{resource}")] {
            assert!(schemas.contains_key(&name), "{name}");
        }
    }
    assert_eq!(document["openapi"], "3.1.0");
}

/// A reference that leads nowhere would break every generator.
#[tokio::test]
async fn every_reference_leads_somewhere_and_every_tag_is_declared() {
    let document = document().await;
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let tags = document["tags"].as_array().unwrap();
    let tags: BTreeSet<_> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for operation in
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap())
    {
        let tag = operation.1["tags"][0].as_str().unwrap();
        assert!(tags.contains(tag), "{tag}");
        assert!(operation.1["summary"].is_string(), "{}", operation.1["operationId"]);
    }
}

fn collect<'d>(value: &'d Value, references: &mut BTreeSet<&'d str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| collect(member, references));
        }
        _ => {}
    }
}

/// What is wrong with a value, if anything: as much of JSON Schema as the document uses.
fn fault(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let schema = resolve(document, schema);
    let wrong = |what: &str| Some(format!("{what}: {value} is not {schema}"));
    let either = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(either) = either {
        let fits = either.iter().any(|one| fault(document, one, value).is_none());
        return if fits { None } else { wrong("none of these") };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let is = |name: &&str| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}: say here what that is"),
    };
    if !types.is_empty() && !types.iter().any(is) {
        return wrong("type");
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        return wrong("enum");
    }
    let pattern = schema["pattern"].as_str().map(|pattern| Regex::new(pattern).unwrap());
    if pattern.is_some_and(|pattern| value.as_str().is_some_and(|text| !pattern.is_match(text))) {
        return wrong("pattern");
    }
    if let Some(items) = value.as_array() {
        return items.iter().find_map(|item| fault(document, &schema["items"], item));
    }
    let (Some(members), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else {
        return None;
    };
    let mut required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(missing) = required.find(|name| !members.contains_key(*name)) {
        return wrong(&format!("{missing} is missing"));
    }
    members.iter().find_map(|(name, member)| match properties.get(name) {
        Some(schema) => fault(document, schema, member),
        None if schema["additionalProperties"].is_null() => wrong(&format!("{name} is not known")),
        None => None,
    })
}

/// Bodies of requests, and those of successes, by what they belong to.
fn bodies(document: &Value) -> Vec<(String, &Value)> {
    let mut bodies = Vec::new();
    for operation in operations(document) {
        let id = operation["operationId"].as_str().unwrap();
        let of_success =
            operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
        let mut all = vec![(format!("{id}, request"), &operation["requestBody"])];
        all.extend(of_success.map(|(status, response)| (format!("{id}, {status}"), response)));
        let json = all.into_iter().map(|(name, body)| (name, &body["content"]["application/json"]["schema"]));
        bodies.extend(json.filter(|(_, schema)| schema.is_object()));
    }
    bodies
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let paths = document["paths"].as_object().unwrap();
    paths.values().flat_map(|path| path.as_object().unwrap().values())
}

/// Swagger UI and Bruno show them.
#[tokio::test]
async fn every_body_has_an_example_that_is_as_it_should_be_and_shows_no_secret() {
    let document = document().await;
    let bodies = bodies(&document);
    assert!(bodies.len() >= 75, "{}", bodies.len());
    for (name, schema) in bodies {
        let example = &resolve(&document, schema)["examples"][0];
        assert!(example.is_object(), "{name}: there is no example");
        assert_eq!(fault(&document, schema, example), None, "{name}");
        for secret in ["access_token", "client_secret"] {
            assert!(!example.to_string().contains(secret), "{name}: {secret}");
        }
    }
}

#[tokio::test]
async fn the_page_for_people_is_bound_by_a_policy() {
    let (app, _) = app().await;
    let page = app.anonymous().get("/api/doc/").await.ok();
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    // As seen from the page, which may be elsewhere than the public base; it signs in there all the same.
    assert!(page.body.contains("data-openapi-url=\"../spec.json\""), "{page}");
    assert!(page.body.contains("data-callback-url=\"oauth2-callback\""));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"));
    assert!(policy.contains("; connect-src 'self' https://auth.example.com; "), "{policy}");
    let callback = app.anonymous().get("/api/doc/oauth2-callback?code=x&state=y").await.ok();
    let policy = callback.header("content-security-policy").to_owned();
    let nonce = policy.split("script-src 'self' 'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    assert!(callback.body.contains(&format!("<script nonce=\"{}\">", nonce.unwrap())), "{callback}");
    assert!(!callback.body.contains("code=x"), "what comes back is for the script alone");
}
