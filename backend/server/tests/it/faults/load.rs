//! What a service is loaded with, and what it has acknowledged: refreshes, exchanges, revocations, registrations, legacy logins
//! and logouts, locks and deactivations, all at once.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use kernel::id::UserId;
use serde_json::{Value, json};
use testkit::PASSWORD;
use tokio::runtime::Runtime;

/// Lines of succession that are refreshed all the time.
pub const LINES: usize = 4;

/// What the service has said that it did.
#[derive(Default)]
pub struct Acknowledged {
    /// The newest refresh token of each line.
    pub lines: Vec<String>,
    /// Of the legacy session that is refreshed all the time.
    pub legacy: String,
    /// Ids and secrets.
    pub clients: Vec<(String, String)>,
    /// Devices whose codes were exchanged.
    pub begun: Vec<String>,
    /// Devices of sessions that were revoked, and of those that were logged out.
    pub revoked: Vec<String>,
    pub logged_out: Vec<String>,
    /// How many legacy logins there were, each on a device of its own.
    pub logins: usize,
    /// Whether bob is locked: what was said last, and what was asked for last.
    pub locked: (bool, bool),
    /// Who was deactivated.
    pub left: Vec<String>,
    /// How much that was in all.
    pub answers: usize,
}

/// What is there for one time of load.
pub struct Seeded {
    /// Codes with their devices.
    pub codes: Vec<(String, String)>,
    /// Devices with tokens of their sessions.
    pub endings: Vec<(String, String)>,
    /// Who is to be deactivated.
    pub leaver: (String, UserId),
}

/// The device of a legacy login.
pub fn device_of_login(number: usize) -> String {
    format!("LEGACY{number}")
}

pub struct Load {
    /// Of the process that runs now.
    pub address: Arc<Mutex<SocketAddr>>,
    pub client: String,
    /// Of an administrator.
    pub script: String,
    pub bob: UserId,
    pub acknowledged: Arc<Mutex<Acknowledged>>,
}

impl Load {
    fn address(&self) -> SocketAddr {
        *self.address.lock().unwrap()
    }

    fn note(&self, answer: impl FnOnce(&mut Acknowledged)) {
        let mut all = self.acknowledged.lock().unwrap();
        answer(&mut all);
        all.answers += 1;
    }

    /// As fast as the service can, noting what was acknowledged, until it is dropped. What gets no answer is asked again, as a
    /// client would.
    pub async fn all(&self, seeded: Seeded) {
        let http = http();
        let lines = (0..LINES).map(|line| self.refresh(&http, line));
        let lines = futures_util::future::join_all(lines);
        tokio::join!(
            lines,
            self.exchange(&http, seeded.codes),
            self.end(&http, seeded.endings),
            self.register(&http),
            self.log_in_and_out(&http),
            self.refresh_legacy(&http),
            self.lock_and_unlock(&http),
            self.deactivate(&http, seeded.leaver),
        );
    }

    async fn refresh(&self, http: &reqwest::Client, line: usize) {
        loop {
            let newest = self.acknowledged.lock().unwrap().lines[line].clone();
            match refresh(http, self.address(), &self.client, &newest).await {
                Ok(next) => self.note(|all| all.lines[line] = next),
                Err(_) => breathe().await,
            }
        }
    }

    async fn exchange(&self, http: &reqwest::Client, codes: Vec<(String, String)>) {
        for (code, device) in codes {
            let form = [("grant_type", "authorization_code"), ("client_id", &self.client), ("code", &code)];
            // Not asked again: the code may have been used, and then the session would end.
            if let Ok(line) = tokens(http, self.address(), &form).await {
                self.note(|all| {
                    all.lines.push(line);
                    all.begun.push(device);
                });
            }
        }
    }

    async fn end(&self, http: &reqwest::Client, endings: Vec<(String, String)>) {
        for (device, token) in endings {
            let form = [("client_id", self.client.as_str()), ("token", &token)];
            loop {
                let revoked =
                    http.post(format!("http://{}/oauth2/revoke", self.address())).form(&form).send().await;
                if revoked.is_ok_and(|answer| answer.status() == 200) {
                    self.note(|all| all.revoked.push(device));
                    break;
                }
                breathe().await;
            }
        }
    }

    async fn register(&self, http: &reqwest::Client) {
        loop {
            match register(http, self.address(), "client_secret_post").await {
                Ok(registered) => self.note(|all| all.clients.push(registered)),
                Err(_) => breathe().await,
            }
        }
    }

    /// Every other session is logged out again. A login that gets no answer is repeated on the same device, in the next
    /// time of load if need be.
    async fn log_in_and_out(&self, http: &reqwest::Client) {
        loop {
            let number = self.acknowledged.lock().unwrap().logins;
            let device = device_of_login(number);
            let Ok(login) = log_in(http, self.address(), &device, false).await else {
                breathe().await;
                continue;
            };
            self.note(|all| all.logins += 1);
            if number.is_multiple_of(2) {
                while !log_out(http, self.address(), login["access_token"].as_str().unwrap()).await {
                    breathe().await;
                }
                self.note(|all| all.logged_out.push(device));
            }
            breathe().await;
        }
    }

    async fn refresh_legacy(&self, http: &reqwest::Client) {
        loop {
            let newest = self.acknowledged.lock().unwrap().legacy.clone();
            match refresh_legacy(http, self.address(), &newest).await {
                Ok(next) => self.note(|all| all.legacy = next),
                Err(_) => breathe().await,
            }
        }
    }

    async fn lock_and_unlock(&self, http: &reqwest::Client) {
        loop {
            let wanted = !self.acknowledged.lock().unwrap().locked.0;
            self.acknowledged.lock().unwrap().locked.1 = wanted;
            let verb = if wanted { "lock" } else { "unlock" };
            if self.administer(http, self.bob, verb).await {
                self.note(|all| all.locked.0 = wanted);
            }
            breathe().await;
        }
    }

    async fn deactivate(&self, http: &reqwest::Client, (name, user): (String, UserId)) {
        while !self.administer(http, user, "deactivate").await {
            breathe().await;
        }
        self.note(|all| all.left.push(name));
    }

    async fn administer(&self, http: &reqwest::Client, user: UserId, verb: &str) -> bool {
        let url = format!("http://{}/api/admin/v1/users/{user}/{verb}", self.address());
        let done = http.post(url).bearer_auth(&self.script).send().await;
        done.is_ok_and(|answer| answer.status() == 200)
    }
}

/// Before something is done again.
async fn breathe() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

pub fn http() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap()
}

/// A public client that has just registered itself.
pub fn client_at(address: SocketAddr) -> String {
    Runtime::new().unwrap().block_on(register(&http(), address, "none")).unwrap().0
}

pub fn refresh_at(address: SocketAddr, client: &str, token: &str) {
    Runtime::new().unwrap().block_on(refresh(&http(), address, client, token)).unwrap();
}

/// What went wrong; a connection that broke, most often.
#[derive(Debug)]
pub struct Unanswered(#[expect(dead_code, reason = "shown when an expectation fails")] String);

pub async fn refresh(
    http: &reqwest::Client,
    at: SocketAddr,
    client: &str,
    token: &str,
) -> Result<String, Unanswered> {
    let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
    tokens(http, at, &form).await
}

async fn tokens(http: &reqwest::Client, at: SocketAddr, form: &[(&str, &str)]) -> Result<String, Unanswered> {
    let body = answer(http.post(format!("http://{at}/oauth2/token")).form(form)).await?;
    refresh_token_in(&body)
}

/// Logs alice in, to a session that can be refreshed or not.
pub async fn log_in(
    http: &reqwest::Client,
    at: SocketAddr,
    device: &str,
    refreshable: bool,
) -> Result<Value, Unanswered> {
    let body = json!({
        "type": "m.login.password", "identifier": { "type": "m.id.user", "user": "alice" },
        "password": PASSWORD, "device_id": device, "refresh_token": refreshable,
    });
    let login = answer(http.post(format!("http://{at}/_matrix/client/v3/login")).json(&body)).await?;
    if login["access_token"].is_string() { Ok(login) } else { Err(Unanswered(login.to_string())) }
}

pub async fn refresh_legacy(
    http: &reqwest::Client,
    at: SocketAddr,
    token: &str,
) -> Result<String, Unanswered> {
    let body = json!({ "refresh_token": token });
    let refreshed = answer(http.post(format!("http://{at}/_matrix/client/v3/refresh")).json(&body)).await?;
    refresh_token_in(&refreshed)
}

/// Whether the service says that the session has ended, by this request or by an earlier one whose answer was lost.
async fn log_out(http: &reqwest::Client, at: SocketAddr, token: &str) -> bool {
    let sent = http.post(format!("http://{at}/_matrix/client/v3/logout")).bearer_auth(token).send().await;
    sent.is_ok_and(|answer| [200, 401].contains(&answer.status().as_u16()))
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value, Unanswered> {
    let lost = |error: reqwest::Error| Unanswered(error.to_string());
    request.send().await.map_err(lost)?.json().await.map_err(lost)
}

fn refresh_token_in(body: &Value) -> Result<String, Unanswered> {
    body["refresh_token"].as_str().map(str::to_owned).ok_or_else(|| Unanswered(body.to_string()))
}

pub async fn register(
    http: &reqwest::Client,
    at: SocketAddr,
    method: &str,
) -> Result<(String, String), Unanswered> {
    let metadata = json!({
        "client_uri": "https://example.com/", "redirect_uris": ["https://example.com/cb"],
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": method,
    });
    let body = answer(http.post(format!("http://{at}/oauth2/registration")).json(&metadata)).await?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    if text("client_id").is_empty() {
        Err(Unanswered(body.to_string()))
    } else {
        Ok((text("client_id"), text("client_secret")))
    }
}
