//! Carries calls to the homeserver.
//!
//! A call has a time limit. Every call of ours can be repeated, so one that met no answer or a server error is sent again,
//! twice at most and only as long as somebody may be waiting. Whether the homeserver is asked at all is up to the
//! [`Circuit`]. Refusals (4xx) are answers: they are not repeated and do not open the circuit.

use std::{fmt, sync::Arc, time::Duration};

use kernel::{Clock, Error, Random, Result, error::chain};
use opentelemetry::metrics::Meter;
use reqwest::{Client, redirect::Policy};
use tokio::time::{Instant, sleep};
use url::Url;

use super::{
    Endpoint,
    call::{Answer, Call},
    circuit::{Circuit, Opened},
    metrics::Metrics,
    standing::{Standing, Watch},
};

const USER_AGENT: &str = concat!("latchkey/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// What has taken this long is not tried again: a person may be waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to one homeserver.
pub struct Link {
    endpoint: Endpoint,
    http: Client,
    random: Arc<dyn Random>,
    circuit: Arc<Circuit>,
    standing: Watch,
    metrics: Metrics,
}

/// What a link needs from the process that it is in.
pub struct Surroundings {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub meter: Meter,
}

/// Why a request came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It could not be sent, or the connection broke.
    Connection,
    Timeout,
    /// 5xx
    ServerError,
    /// It was not sent: the homeserver is known not to answer.
    CircuitOpen,
    /// The homeserver does not take our word for anything.
    Unauthorised,
}

struct Failure {
    reason: Reason,
    cause: String,
    /// Until it may be asked again, where it was not.
    wait: Duration,
}

/// The cause of an error if nothing was sent at all, because the homeserver is known not to answer.
#[derive(Debug)]
struct NotAsked {
    cause: String,
    wait: Duration,
}

impl fmt::Display for NotAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for NotAsked {}

/// If the error is that the homeserver was not asked: how long it will not be.
pub fn not_asked(error: &Error) -> Option<Duration> {
    error.cause.as_ref()?.downcast_ref::<NotAsked>().map(|not_asked| not_asked.wait)
}

impl Link {
    /// Contacts nobody: the first call does.
    pub fn new(endpoint: Endpoint, around: Surroundings) -> Result<Self> {
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            // The secret is for the homeserver, and not for whom it names.
            .redirect(Policy::none())
            .build()
            .map_err(Error::internal)?;
        let circuit = Arc::new(Circuit::new(around.clock));
        let metrics = Metrics::new(&around.meter, &endpoint.base, &circuit);
        Ok(Self { endpoint, http, random: around.random, circuit, standing: Watch::default(), metrics })
    }

    /// The address below the endpoint with these segments, whatever characters they have.
    pub fn at(&self, segments: &[&str]) -> Result<Url> {
        below(&self.endpoint.base, segments)
    }

    /// Asks for a user to be there, whichever interface the call is of.
    pub async fn make_user(&self, call: Call) -> Result<()> {
        let mut answer = self.send(call.clone()).await?;
        if answer.errcode() == "M_USER_IN_USE" {
            // A job and a login, or a command, made the user at the same moment. By the second time it is there.
            answer = self.send(call).await?;
        }
        answer.success().map(drop)
    }

    /// Fails if there is no answer, or the homeserver does not accept us.
    pub async fn send(&self, call: Call) -> Result<Answer> {
        let began = Instant::now();
        let (limit, mut pauses) = (call.limit(), call.pauses().iter());
        let mut met = None;
        loop {
            let failure = match self.attempt(&call, limit.saturating_sub(began.elapsed())).await {
                Ok(answer) => return self.accepted(&call, answer.after(met.is_some())),
                Err(failure) => failure,
            };
            self.metrics.failed(call.name, failure.reason);
            let again = pauses.next().map(|pause| self.about(*pause)).filter(|pause| {
                failure.reason != Reason::CircuitOpen && began.elapsed() + *pause < PATIENCE.min(limit)
            });
            // What an earlier attempt has met tells more than that there was no later one.
            let failure = match (failure.reason, met.take()) {
                (Reason::CircuitOpen, Some(earlier)) => earlier,
                _ => failure,
            };
            match again {
                Some(pause) => {
                    met = Some(failure);
                    sleep(pause).await;
                }
                None => return Err(failure.into()),
            }
        }
    }

    async fn attempt(&self, call: &Call, limit: Duration) -> Result<Answer, Failure> {
        if call.is_slow() && self.circuit.awaits_probe() {
            // It may be that nobody asks for anything else. What comes of it, the circuit tells.
            drop(Box::pin(self.attempt(&call.harmless(), call.harmless().limit())).await);
        }
        let permit = self.circuit.admit(call.is_telling()).map_err(Failure::from)?;
        let timer = self.metrics.begin(&call.method);
        let exchanged = self.exchange(call, limit).await;
        timer.answered(exchanged.as_ref().ok().map(|answer| answer.status));
        let failure = match exchanged {
            Ok(answer) if answer.status.is_server_error() => {
                Failure { reason: Reason::ServerError, cause: answer.words(), wait: Duration::ZERO }
            }
            Ok(answer) => {
                if permit.succeeded() {
                    tracing::info!("The homeserver answers again");
                }
                return Ok(answer);
            }
            Err(failure) => failure,
        };
        if failure.reason == Reason::Timeout && !call.is_telling() {
            return Err(failure);
        }
        if let Some(Opened { pause, cause }) = permit.failed(&failure.cause) {
            self.metrics.opened();
            tracing::warn!("The homeserver is not asked for {} s: {cause}", pause.as_secs());
        }
        Err(failure)
    }

    async fn exchange(&self, call: &Call, limit: Duration) -> Result<Answer, Failure> {
        let request = self.http.request(call.method.clone(), call.url.clone()).timeout(limit);
        let request = request.bearer_auth(self.endpoint.secret.expose());
        let request = match &call.body {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?.to_vec();
        Ok(Answer::new(status, body))
    }

    /// The answer, unless it is that we have no business there.
    fn accepted(&self, call: &Call, answer: Answer) -> Result<Answer> {
        let standing = Standing::of(answer.status, answer.errcode());
        self.standing.note(standing);
        match standing {
            Standing::Unknown | Standing::Accepted => Ok(answer),
            Standing::SecretRefused | Standing::NotServed => {
                self.metrics.failed(call.name, Reason::Unauthorised);
                Err(Error::unavailable(format!("{} ({})", standing.advice(), answer.words())))
            }
        }
    }

    /// So that those who failed together do not come back together.
    fn about(&self, pause: Duration) -> Duration {
        let [byte] = self.random.bytes::<1>();
        pause.mul_f64(0.5 + f64::from(byte) / 255.0)
    }
}

impl Reason {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::ServerError => "server_error",
            Self::CircuitOpen => "circuit_open",
            Self::Unauthorised => "unauthorised",
        }
    }
}

impl From<Opened> for Failure {
    fn from(opened: Opened) -> Self {
        let cause =
            format!("the homeserver is not asked for another {} s: {}", opened.pause.as_secs(), opened.cause);
        Self { reason: Reason::CircuitOpen, cause, wait: opened.pause }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let reason =
            if error.is_timeout() && !error.is_connect() { Reason::Timeout } else { Reason::Connection };
        // Addresses may hold what is not for every log; which homeserver it is, the operator knows.
        let cause = format!("the homeserver cannot be reached: {}", chain(&error.without_url()));
        Self { reason, cause, wait: Duration::ZERO }
    }
}

impl From<Failure> for Error {
    #[track_caller]
    fn from(Failure { reason, cause, wait }: Failure) -> Self {
        match reason {
            Reason::CircuitOpen => Self::unavailable(NotAsked { cause, wait }),
            _ => Self::unavailable(cause),
        }
    }
}

fn below(base: &Url, segments: &[&str]) -> Result<Url> {
    // These would climb up or stay, however they are escaped.
    if segments.iter().any(|segment| [".", ".."].contains(segment)) {
        return Err(Error::internal("neither . nor .. can be a part of an address"));
    }
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| Error::internal("matrix.endpoint is no web address"))?
        .pop_if_empty()
        .extend(segments);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_endpoint_is_kept_with_and_without_its_slash() {
        for (base, expected) in [
            ("http://hs", "http://hs/_synapse/mas/x"),
            ("http://hs/", "http://hs/_synapse/mas/x"),
            ("http://hs/base", "http://hs/base/_synapse/mas/x"),
            ("http://hs/base/", "http://hs/base/_synapse/mas/x"),
        ] {
            let url = below(&base.parse().unwrap(), &["_synapse", "mas", "x"]).unwrap();
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn names_stay_one_segment() {
        let base: Url = "http://hs/".parse().unwrap();
        let url = below(&base, &["users", "@a/b?c#d%2F:e", "devices"]).unwrap();
        assert_eq!(url.as_str(), "http://hs/users/@a%2Fb%3Fc%23d%252F:e/devices");
        for segment in [".", ".."] {
            assert!(below(&base, &["users", segment]).is_err());
        }
    }
}
