//! What is asked of the homeserver, and what it answers.

use std::time::Duration;

use kernel::{Error, Result};
use reqwest::{Method, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(30);
/// Leaving many rooms takes its time.
const SLOW_TIMEOUT: Duration = Duration::from_secs(600);
/// What has no answer after this long is not merely a little late.
const TELLING: Duration = Duration::from_secs(5);
/// Whoever can do without the answer waits for no longer: that there was none in this time tells nothing of how the homeserver is, so
/// what people may ask for as often as they like does not keep others from asking.
pub const MOMENT: Duration = Duration::from_secs(4);
const _: () = assert!(MOMENT.as_secs() < TELLING.as_secs());
/// Before the second and the third attempt, give or take a half.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];
/// Of what the homeserver says about an error, this much goes to the log.
const LONGEST_WORDS: usize = 200;

/// One thing to ask.
#[derive(Clone, Debug)]
pub struct Call {
    /// For metrics and log.
    pub(super) name: &'static str,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Value>,
    pace: Pace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Usual,
    /// The caller can do without an answer and waits for no more than this. That it took longer than a moment is nobody's
    /// failure.
    Brief(Duration),
    /// Takes minutes; not repeated, since whoever asks for such a thing does so himself.
    Slow,
}

/// Any answer but a server error.
#[derive(Debug)]
pub struct Answer {
    pub(super) status: StatusCode,
    /// An earlier attempt met no answer, or a server error: it may have done what this one finds done.
    pub(super) is_repeated: bool,
    body: Vec<u8>,
    refusal: MatrixError,
}

/// The error body of the Matrix specification.
#[derive(Debug, Default, Deserialize)]
struct MatrixError {
    #[serde(default)]
    errcode: String,
    #[serde(default)]
    error: String,
}

impl Call {
    pub const fn new(name: &'static str, method: Method, url: Url) -> Self {
        Self { name, method, url, body: None, pace: Pace::Usual }
    }

    pub const fn get(name: &'static str, url: Url) -> Self {
        Self::new(name, Method::GET, url)
    }

    pub fn post(name: &'static str, url: Url, body: Value) -> Self {
        Self::new(name, Method::POST, url).carrying(body)
    }

    pub fn carrying(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// The caller waits this long and no longer.
    pub fn within(self, limit: Duration) -> Self {
        Self { pace: Pace::Brief(limit), ..self }
    }

    /// It may take minutes.
    pub fn slow(self) -> Self {
        Self { pace: Pace::Slow, ..self }
    }

    /// Whether it tells how the homeserver is: that it ran out of time is then a failure like others, and it may be what
    /// finds out whether the homeserver is back. Of what takes minutes, or is waited for but a moment, neither is so.
    pub(super) fn is_telling(&self) -> bool {
        match self.pace {
            Pace::Usual => true,
            Pace::Brief(limit) => limit >= TELLING,
            Pace::Slow => false,
        }
    }

    pub(super) fn is_slow(&self) -> bool {
        self.pace == Pace::Slow
    }

    /// One that takes the same way and changes nothing: the homeserver refuses the method, and so shows that it is there.
    pub(super) fn harmless(&self) -> Self {
        Self::get("probe", self.url.clone())
    }

    /// How long it may take, repetitions included.
    pub(super) const fn limit(&self) -> Duration {
        match self.pace {
            Pace::Usual => TIMEOUT,
            Pace::Brief(limit) => limit,
            Pace::Slow => SLOW_TIMEOUT,
        }
    }

    /// Before each repetition.
    pub(super) fn pauses(&self) -> &'static [Duration] {
        if self.pace == Pace::Slow { &[] } else { &PAUSES }
    }
}

impl Answer {
    pub(super) fn new(status: StatusCode, body: Vec<u8>) -> Self {
        let refusal = if status.is_success() {
            MatrixError::default()
        } else {
            serde_json::from_slice(&body).unwrap_or_default()
        };
        Self { status, is_repeated: false, body, refusal }
    }

    /// The same, where an earlier attempt may have come to nothing.
    pub(super) fn after(self, is_repeated: bool) -> Self {
        Self { is_repeated, ..self }
    }

    /// Of a refusal; empty if it has none.
    pub fn errcode(&self) -> &str {
        &self.refusal.errcode
    }

    /// Fails unless the homeserver did what was asked.
    pub fn success(self) -> Result<Self> {
        if self.status.is_success() {
            return Ok(self);
        }
        Err(Error::internal(self.words()))
    }

    /// `None` if the homeserver does not know whom or what the call was about.
    pub fn found(self) -> Result<Option<Self>> {
        if self.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        self.success().map(Some)
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::unavailable(format!("the homeserver's answer cannot be read: {error}")))
    }

    /// For the log.
    pub(super) fn words(&self) -> String {
        let MatrixError { errcode, error } = &self.refusal;
        let error: String = error.chars().take(LONGEST_WORDS).collect();
        format!("the homeserver answered {} {errcode} {error}", self.status.as_u16())
    }
}
