//! What an authorization request demands of the sign-in (OpenID Connect Core §3.1.2.1, §5.5.1): that it be fresh, by
//! a certain account, of a certain class; and what the person has to be asked.

use std::{collections::BTreeSet, time::Duration};

use kernel::{Timestamp, id::BrowserSessionId, jose::Keystore};
use serde::{Deserialize, Serialize};

use super::{Code, Refusal, acr, claims, claims_request::ClaimsRequest, clients::Client, id_token_hint};
use crate::users::browser::BrowserSession;

/// From a fresh sign-in to the answer: time enough to read what is asked.
const READING_TIME: Duration = Duration::from_secs(600);

/// As understood; kept with the request until it is settled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Demands {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub prompt: BTreeSet<Prompt>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// The only `sub` that may answer: from `id_token_hint`, or asked for by value in `claims`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Classes of sign-in, the preferred one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
    /// None of these classes, no answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub acr_essential: bool,
    /// What the ID token is to tell of the person besides who they are.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token_claims: BTreeSet<String>,
}

/// What the client wants people to be asked. Whether people may register here, which `create` is for, is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    None,
    Login,
    Consent,
    SelectAccount,
    /// Somebody without an account (Initiating User Registration via OpenID Connect 1.0).
    Create,
}

impl Prompt {
    pub const ALL: [Self; 5] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount, Self::Create];

    /// Those that are understood: `create` only where people may register.
    pub fn supported(may_register: bool) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |prompt| may_register || *prompt != Self::Create)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::Create => "create",
        }
    }
}

/// Why a browser session cannot answer the request as it is, in the order in which to deal with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The answer must be about somebody else.
    AnotherAccount,
    /// The person has to say whether this is the account.
    Choice,
    /// The person has to prove anew who they are.
    Proof,
    /// The sign-in is of no class that the client must have.
    Class,
}

/// A browser session before a request.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub session: &'a BrowserSession,
    /// When the request was made.
    pub asked_at: Timestamp,
    pub now: Timestamp,
    /// The browser session in which the person said that this account is the right one.
    pub chosen_by: Option<BrowserSessionId>,
    /// `login_hint` names another account.
    pub unexpected: bool,
}

impl Demands {
    /// Reads the parameters; `text` gives those that are not empty.
    pub fn read<'a>(
        client: &Client,
        keys: &Keystore,
        issuer: &str,
        claims: &ClaimsRequest,
        text: &impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, Refusal> {
        let invalid = |why: String| Code::InvalidRequest.because(why);
        let hinted = text("id_token_hint").map(|hint| hinted_subject(keys, issuer, hint)).transpose()?;
        let subject = agree(hinted, wanted_subject(claims)?)?;
        let max_age = match text("max_age").map(str::parse) {
            None => client.metadata.default_max_age.map(|age| u32::try_from(age).unwrap_or(u32::MAX)),
            Some(Ok(age)) => Some(age),
            Some(Err(_)) => return Err(invalid("max_age must be a number of seconds".into())),
        };
        let (acr_values, acr_essential) = classes(client, claims, text("acr_values"));
        let prompt = prompts(text("prompt").unwrap_or_default())?;
        let id_token_claims = claims::in_id_token(claims);
        Ok(Self { prompt, max_age, subject, acr_values, acr_essential, id_token_claims })
    }

    pub fn asks_for(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
    }

    /// What is in the way of an answer, if anything is.
    pub fn hindrance(&self, standing: Standing<'_>) -> Option<Hindrance> {
        let Standing { session, asked_at, chosen_by, unexpected, .. } = standing;
        if self.subject.as_ref().is_some_and(|subject| *subject != session.user.to_string()) {
            return Some(Hindrance::AnotherAccount);
        }
        // Who signed in for this very request has named the account, and proven to be its owner.
        let signed_in_since = session.auth_time >= asked_at;
        let chosen = signed_in_since || chosen_by == Some(session.id);
        let offers = self.asks_for(Prompt::SelectAccount) || self.asks_for(Prompt::Create);
        if !chosen && (unexpected || offers) {
            return Some(Hindrance::Choice);
        }
        if self.freshness().is_some_and(|most| !is_fresh(standing, most)) {
            return Some(Hindrance::Proof);
        }
        if self.acr_essential && acr::met(&self.acr_values, &session.amr).is_none() {
            return Some(Hindrance::Class);
        }
        None
    }

    /// How old the sign-in may be when the request is made, if that matters: `prompt=login` wants one that comes after.
    fn freshness(&self) -> Option<Duration> {
        if self.asks_for(Prompt::Login) {
            return Some(Duration::ZERO);
        }
        self.max_age.map(|most| Duration::from_secs(most.into()))
    }
}

/// Measured when the request was made, since reading the pages must not make a sign-in too old; and once more when it is
/// answered, since a request stays open for a day, and a browser that is left alone on the question must not answer it.
fn is_fresh(standing: Standing<'_>, most: Duration) -> bool {
    let age_at = |instant: Timestamp| instant.since(standing.session.auth_time);
    age_at(standing.asked_at) <= most && age_at(standing.now) <= most + READING_TIME
}

/// The request's `prompt` is one that is not advertised (Initiating User Registration via OpenID Connect 1.0 §4.1.1).
pub fn unsupported_prompt() -> Refusal {
    let why = "prompt has a value that is not supported: see prompt_values_supported in the metadata";
    Code::InvalidRequest.because(why)
}

fn prompts(text: &str) -> Result<BTreeSet<Prompt>, Refusal> {
    let mut prompts = BTreeSet::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let Some(prompt) = Prompt::ALL.into_iter().find(|prompt| prompt.as_str() == word) else {
            return Err(unsupported_prompt());
        };
        prompts.insert(prompt);
    }
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(Code::InvalidRequest.because("prompt=none excludes every other value"));
    }
    Ok(prompts)
}

/// Whom an ID token of ours is about, even if it has expired (§3.1.2.2).
fn hinted_subject(keys: &Keystore, issuer: &str, hint: &str) -> Result<String, Refusal> {
    id_token_hint::read(keys, issuer, hint).map(|hint| hint.sub).ok_or_else(|| {
        Code::InvalidRequest
            .because("id_token_hint is no ID token of this service: send one, or leave it out")
    })
}

/// A `sub` that was asked for by value has to be that of whoever answers (§5.5.1).
fn wanted_subject(claims: &ClaimsRequest) -> Result<Option<String>, Refusal> {
    let mut wanted = None;
    for wishes in [&claims.id_token, &claims.userinfo] {
        let Some(wish) = wishes.get("sub").filter(|wish| !wish.values.is_empty()) else { continue };
        let [serde_json::Value::String(subject)] = wish.values.as_slice() else {
            return Err(Code::InvalidRequest.because("claims: sub can be asked for with one value, a string"));
        };
        wanted = agree(wanted, Some(subject.clone()))?;
    }
    Ok(wanted)
}

fn agree(one: Option<String>, other: Option<String>) -> Result<Option<String>, Refusal> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => {
            Err(Code::InvalidRequest.because("id_token_hint and claims ask for different people"))
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// `acr` in `claims` goes before `acr_values`, which is always voluntary (§3.1.2.1).
fn classes(client: &Client, claims: &ClaimsRequest, acr_values: Option<&str>) -> (Vec<String>, bool) {
    if let Some(wish) = claims.id_token.get("acr").filter(|wish| !wish.values.is_empty()) {
        return (wish.texts(), wish.essential);
    }
    let values = match acr_values {
        Some(values) => values.split(' ').filter(|value| !value.is_empty()).map(str::to_owned).collect(),
        None => client.metadata.default_acr_values.clone().unwrap_or_default(),
    };
    (values, false)
}
