//! Making an account, in one call if the caller likes: MAS knows the first four members of the body only.

use domain::{
    homeserver::Availability,
    jobs,
    passwords::Hashed,
    policy::input::{Email, Register, RegistrationMethod, Requester},
    users::{
        self,
        register::{self, NewUser, Registration},
    },
};
use edge::{App, telemetry};
use http::StatusCode;
use kernel::{
    Secret,
    id::UserId,
    name::{LONGEST_USER_ID, is_allowed_in_localpart},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{User, UserResponse, about, passwords, resource};
use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    document::Single,
    openapi::{BadBody, Conflict, Failures},
    user_emails,
};

/// An account to be
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "username": "grace", "displayname": "Grace", "emails": ["grace@example.org"] })))]
pub struct AddUserRequest {
    /// The localpart
    username: String,
    /// Do not ask the homeserver whether the username is free
    #[serde(default)]
    skip_homeserver_check: bool,
    displayname: Option<String>,
    /// Refused for now unless it is absent: the homeserver is not told of it
    avatar_url: Option<String>,
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Secret<String>>,
    /// Take the password however weak it is
    #[serde(default)]
    skip_password_check: bool,
    /// Verified addresses
    #[serde(default)]
    emails: Vec<String>,
    /// Whether the account may be granted administrative scopes. Needs the scope `urn:mas:admin`
    #[serde(default)]
    admin: bool,
    /// Refuse what the policy would refuse to somebody who registers
    #[serde(default)]
    check_policy: bool,
}

/// Create a user
///
/// The policy is not asked unless `check_policy` says so, but for whether it lets the name administer: that takes the scope `urn:mas:admin`. The homeserver knows the
/// user when the answer comes; if it does not answer at that moment, it is told later.
#[utoipa::path(post, path = "/api/admin/v1/users", operation_id = "createUser", tag = "user",
    request_body(content = AddUserRequest, description = "The account to be"),
    responses((status = 201, description = "The user", body = UserResponse), Failures, Conflict, BadBody))]
pub async fn create(
    app: App,
    admin: Admin,
    Body(body): Body<AddUserRequest>,
) -> Result<Single<User>, Problem> {
    // Also of a name that the policy lets administer: whoever makes the account decides who signs in to it.
    if app.policy.get().may_administer(&body.username, body.admin) {
        admin.unlimited()?;
    }
    if body.avatar_url.is_some() {
        let title = "Avatars cannot be set when a user is created: set it at the homeserver";
        return Err(Problem::invalid("avatar_not_supported", title).pointer("/avatar_url"));
    }
    if users::by_username(&app.db.read, &body.username).await?.is_some() {
        return Err(taken(&body.username));
    }
    check_username(&app, &body.username)?;
    if body.check_policy {
        check_policy(&app, &body)?;
    }
    for (index, email) in body.emails.iter().enumerate() {
        let pointer = || format!("/emails/{index}");
        user_emails::check(email).map_err(|problem| problem.pointer(pointer()))?;
        // Once more where it is stored; but the homeserver should not be told of somebody who then does not come to be.
        if users::emails::is_taken(&app.db.read, email).await? {
            return Err(user_emails::taken(email).pointer(pointer()));
        }
    }
    if !body.skip_homeserver_check
        && app.homeserver.availability(&body.username).await? == Availability::Unavailable
    {
        let title = format!("The homeserver does not let anybody be called \"{}\"", body.username);
        return Err(Problem::conflict("username_reserved", title).pointer("/username"));
    }
    let password = hash(&app, &admin, &body).await?;
    let new = NewUser {
        username: body.username,
        password,
        emails: body.emails,
        can_request_admin: body.admin,
        display_name: body.displayname,
    };
    let created = app.db.write(async |tx| {
        let id = match register::create(tx, &admin.op, &new).await? {
            Registration::Created(id) => id,
            Registration::UsernameTaken => return Err(taken(&new.username)),
            Registration::EmailTaken(email) => return Err(user_emails::taken(&email).pointer("/emails")),
        };
        let user = users::by_id(tx, id).await?.ok_or_else(|| super::unknown(id))?;
        let user = resource(user);
        admin.record(tx, Change::by("createUser", about(id)).after(&user)).await?;
        Ok((id, user))
    });
    let (id, created) = created.await?;
    provision(&app, id, &new).await;
    Ok(created.created())
}

/// What the policy would say to somebody with this name and these addresses. From where they would come, nobody knows.
fn check_policy(app: &App, body: &AddUserRequest) -> Result<(), Problem> {
    let (policy, requester) = (app.policy.get(), Requester::default());
    let mut emails = body.emails.iter().map(String::as_str);
    let mut violations = policy.register(&Register {
        registration_method: RegistrationMethod::Password,
        username: &body.username,
        email: emails.next(),
        requester,
    });
    violations.extend(emails.flat_map(|email| policy.email(&Email { email, requester })));
    if violations.is_empty() {
        return Ok(());
    }
    let problem = Problem::invalid("refused_by_policy", "The policy does not let anybody register like this");
    Err(violations.into_iter().fold(problem, |problem, violation| problem.because(violation.msg)))
}

/// Not a word about the policy: an administrator may make what people may not register.
fn check_username(app: &App, username: &str) -> Result<(), Problem> {
    let whole = username.len() + app.site.server_name.len() + "@:".len();
    let cause = if username.is_empty() {
        "it is empty"
    } else if username.starts_with('_') {
        "it begins with _, which is for application services"
    } else if !username.chars().all(is_allowed_in_localpart) {
        "it may only hold a-z, 0-9 and . = _ - / +"
    } else if whole > LONGEST_USER_ID {
        "the user id would be longer than 255 characters"
    } else {
        return Ok(());
    };
    let title = format!("\"{username}\" is not a username");
    Err(Problem::invalid("invalid_username", title).because(cause).pointer("/username"))
}

async fn hash(app: &App, admin: &Admin, body: &AddUserRequest) -> Result<Option<Hashed>, Problem> {
    match &body.password {
        None => Ok(None),
        Some(password) => passwords::hash(app, admin, password, body.skip_password_check).await.map(Some),
    }
}

/// Only now that the name is theirs here, so that nobody is left at the homeserver of whom this service does not know. A job does the
/// same, and does it until it succeeds: no need to keep the caller from what was made.
async fn provision(app: &App, id: UserId, new: &NewUser) {
    let name = new.display_name.as_deref();
    if let Err(error) = jobs::provision_user::run(&app.db, &app.homeserver, id, name).await {
        telemetry::report(&error);
    }
}

fn taken(username: &str) -> Problem {
    let title = format!("There is a user named \"{username}\" already");
    Problem::new(StatusCode::CONFLICT, "username_taken", title).pointer("/username")
}
