//! The body of `POST /login`, read once into what cannot be wrong.

use domain::{
    compat::login::{DeviceId, Wanted},
    users::login::Named,
};
use kernel::Secret;
use serde::Deserialize;

use super::{Problem, body};

/// Longer names of devices are refused by Synapse.
const LONGEST_NAME: usize = 100;

/// A login that can be tried.
#[derive(Debug)]
pub struct LoginRequest {
    pub way: Way,
    pub wanted: Wanted,
}

#[derive(Debug)]
pub enum Way {
    Password { who: Who, password: Secret<String> },
    Token(Secret<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A localpart or a user id.
    User(String),
    Email(String),
}

impl Who {
    pub fn named(&self) -> Named<'_> {
        match self {
            Self::User(name) => Named::User(name),
            Self::Email(address) => Named::Email(address),
        }
    }
}

/// What this server has.
#[derive(Clone, Copy, Debug)]
pub struct Offered {
    pub passwords: bool,
    /// `account.login_with_email_allowed`
    pub emails: bool,
}

#[derive(Deserialize)]
struct Members {
    r#type: String,
    identifier: Option<Identifier>,
    /// From before there were identifiers; it still wins over them.
    user: Option<String>,
    password: Option<Secret<String>>,
    token: Option<Secret<String>>,
    device_id: Option<String>,
    initial_device_display_name: Option<String>,
    refresh_token: Option<bool>,
}

#[derive(Deserialize)]
struct Identifier {
    r#type: String,
    user: Option<String>,
    medium: Option<String>,
    address: Option<String>,
}

/// Reads a body. Members that the specification does not have are passed over.
pub fn parse(bytes: &[u8], offered: Offered) -> Result<LoginRequest, Problem> {
    let members: Members = body::read(bytes)?;
    let way = match members.r#type.as_str() {
        "m.login.password" if offered.passwords => Way::Password {
            who: members.who(offered)?,
            password: required(members.password.clone(), "password")?,
        },
        "m.login.token" => Way::Token(required(members.token.clone(), "token")?),
        // Since version 1.17 of the specification; bridges look for it.
        "m.login.application_service" | "uk.half-shot.msc2778.login.application_service" => {
            return Err(Problem::bad(
                "M_APPSERVICE_LOGIN_UNSUPPORTED",
                "application services do not log in here: they use their own token (MSC4190)",
            ));
        }
        _ => {
            return Err(Problem::bad("M_UNKNOWN", "this type of login is not among those of GET /login"));
        }
    };
    Ok(LoginRequest { way, wanted: members.wanted()? })
}

impl Members {
    fn who(&self, offered: Offered) -> Result<Who, Problem> {
        if let Some(user) = &self.user {
            return Ok(Who::User(keepable(user, "user")?));
        }
        let Some(identifier) = &self.identifier else {
            return Err(Problem::bad("M_BAD_JSON", "the member `identifier` is missing"));
        };
        match (identifier.r#type.as_str(), identifier.medium.as_deref()) {
            ("m.id.user", _) => {
                keepable(&required(identifier.user.clone(), "identifier.user")?, "identifier.user")
                    .map(Who::User)
            }
            ("m.id.thirdparty", Some("email")) if offered.emails => {
                let address = required(identifier.address.clone(), "identifier.address")?;
                keepable(&address, "identifier.address").map(Who::Email)
            }
            _ => Err(Problem::bad("M_UNKNOWN", "people cannot be named by this type of identifier here")),
        }
    }

    fn wanted(&self) -> Result<Wanted, Problem> {
        let device = match &self.device_id {
            None => None,
            Some(id) => Some(DeviceId::parse(id).ok_or_else(|| {
                Problem::bad(
                    "M_INVALID_PARAM",
                    "device_id must have 1 to 255 bytes and no control characters",
                )
            })?),
        };
        let name = self.initial_device_display_name.as_deref().map(|name| {
            let visible = name.chars().map(|c| if c.is_control() { ' ' } else { c });
            visible.take(LONGEST_NAME).collect::<String>()
        });
        Ok(Wanted {
            device,
            device_name: name.filter(|name| !name.trim().is_empty()),
            refreshable: self.refresh_token.unwrap_or(false),
        })
    }
}

fn required<T>(member: Option<T>, name: &str) -> Result<T, Problem> {
    member.ok_or_else(|| Problem::bad("M_BAD_JSON", format!("the member `{name}` is missing")))
}

/// PostgreSQL cannot keep, nor look for, a NUL character; no name has one.
fn keepable(text: &str, name: &str) -> Result<String, Problem> {
    if text.contains('\0') {
        return Err(Problem::bad("M_BAD_JSON", format!("`{name}` contains a NUL character")));
    }
    Ok(text.to_owned())
}
