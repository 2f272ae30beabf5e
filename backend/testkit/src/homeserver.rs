//! A homeserver that knows only what it is told through `/_synapse/mas/*`, and tells what it was asked.
//! It answers as Synapse 1.163 does.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use url::Url;

/// How it feels today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Well,
    /// Answers 500 to everything.
    Failing,
    /// Takes requests and does not answer until it feels otherwise.
    Hanging,
}

/// Where calls of a name wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// Before anything is done.
    Before,
    /// With the answer, when it is done.
    Answer,
}

/// A request it got, whatever came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub method: Method,
    /// The last part of the path, for example `upsert_device`.
    pub name: String,
    /// The JSON body, or null.
    pub body: Value,
}

/// What it knows about a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    pub display_name: Option<String>,
    pub emails: Vec<String>,
    pub locked: bool,
    pub deactivated: bool,
    /// Whether it was asked to hide what they had said.
    pub erased: bool,
    /// By id, with their names.
    pub devices: BTreeMap<String, Option<String>>,
}

pub struct FakeHomeserver {
    shared: Arc<Shared>,
    endpoint: Url,
    serving: JoinHandle<()>,
}

struct Shared {
    secret: String,
    state: Mutex<Known>,
    changed: Notify,
}

#[derive(Default)]
struct Known {
    mood: Mood,
    /// How many requests are still to be answered 500, whatever the mood.
    failures: u32,
    /// How many of the next ones are to be done, and answered 500 all the same.
    losses: u32,
    /// Calls of these names wait until they are let go: before anything is done, or with their answers.
    held: BTreeSet<(String, Held)>,
    users: BTreeMap<String, User>,
    /// Users that somebody else makes at the moment of the next try.
    rivals: Vec<String>,
    calls: Vec<Call>,
}

impl FakeHomeserver {
    pub async fn start(secret: &str) -> Self {
        let shared =
            Arc::new(Shared { secret: secret.to_owned(), state: Mutex::default(), changed: Notify::new() });
        let router = Router::new()
            .route("/_synapse/mas/query_user", get(query_user))
            .route("/_synapse/mas/is_localpart_available", get(is_localpart_available))
            .route("/_synapse/mas/provision_user", post(provision_user))
            .route("/_synapse/mas/upsert_device", post(upsert_device))
            .route("/_synapse/mas/delete_device", post(delete_device))
            .route("/_synapse/mas/update_device_display_name", post(rename_device))
            .route("/_synapse/mas/sync_devices", post(sync_devices))
            .route("/_synapse/mas/set_displayname", post(set_display_name))
            .route("/_synapse/mas/unset_displayname", post(set_display_name))
            .route("/_synapse/mas/delete_user", post(delete_user))
            .route("/_synapse/mas/reactivate_user", post(reactivate_user))
            .route("/_synapse/mas/allow_cross_signing_reset", post(allow_cross_signing_reset))
            .layer(from_fn_with_state(Arc::clone(&shared), gate))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let endpoint = Url::parse(&format!("http://{address}/")).expect("an address is a URL");
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serving never fails");
        });
        Self { shared, endpoint, serving }
    }

    pub const fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    pub fn feels(&self, mood: Mood) {
        self.shared.known().mood = mood;
        self.shared.changed.notify_waiters();
    }

    /// Does what the next `count` requests ask for, and answers 500.
    pub fn loses_next(&self, count: u32) {
        self.shared.known().losses = count;
    }

    /// Answers 500 to the next `count` requests.
    pub fn fails_next(&self, count: u32) {
        self.shared.known().failures = count;
    }

    /// Has calls of this name wait until [`Self::lets_go`].
    pub fn holds(&self, name: &str, at: Held) {
        self.shared.known().held.insert((name.to_owned(), at));
    }

    pub fn lets_go(&self, name: &str) {
        self.shared.known().held.retain(|(held, _)| held != name);
        self.shared.changed.notify_waiters();
    }

    /// Waits until so many calls were made since this or [`Self::calls`] was last asked, and tells their names.
    pub async fn is_called(&self, count: usize) -> Vec<String> {
        let mut seen = Vec::new();
        let calls = tokio::time::timeout(Duration::from_secs(20), async {
            while seen.len() < count {
                seen.extend(self.called());
                tokio::task::yield_now().await;
            }
        });
        assert!(calls.await.is_ok(), "{count} calls were expected, and only these came: {seen:?}");
        seen
    }

    pub fn user(&self, localpart: &str) -> Option<User> {
        self.shared.known().users.get(localpart).cloned()
    }

    /// Somebody else has the name there.
    pub fn is_there(&self, localpart: &str) {
        self.shared.known().users.insert(localpart.to_owned(), User::default());
    }

    /// As if the user had never been provisioned.
    pub fn forget(&self, localpart: &str) {
        self.shared.known().users.remove(localpart);
    }

    /// Somebody else makes the user at the moment when it is provisioned next.
    pub fn is_raced(&self, localpart: &str) {
        self.shared.known().rivals.push(localpart.to_owned());
    }

    /// The calls since this was last asked.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.shared.known().calls)
    }

    /// The names of the calls since this or [`Self::calls`] was last asked.
    pub fn called(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.name).collect()
    }
}

impl Drop for FakeHomeserver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.state.lock().expect("no test panics while it looks at the homeserver")
    }

    /// Returns when calls of this name need not wait there.
    async fn pass(&self, name: &str, at: Held) {
        loop {
            let changed = self.changed.notified();
            if !self.known().held.contains(&(name.to_owned(), at)) {
                return;
            }
            changed.await;
        }
    }

    fn is_to_fail(&self) -> bool {
        let mut known = self.known();
        let left = known.failures.checked_sub(1);
        known.failures = left.unwrap_or_default();
        left.is_some()
    }
}

/// Records the request, and answers those that get nowhere.
async fn gate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 1 << 20).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let name = parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    shared.known().calls.push(Call { method: parts.method.clone(), name: name.clone(), body });
    shared.pass(&name, Held::Before).await;
    if shared.is_to_fail() {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "M_UNKNOWN");
    }
    loop {
        let changed = shared.changed.notified();
        let mood = shared.known().mood;
        match mood {
            Mood::Well => break,
            Mood::Failing => return refuse(StatusCode::INTERNAL_SERVER_ERROR, "M_UNKNOWN"),
            Mood::Hanging => changed.await,
        }
    }
    match bearer(&parts.headers) {
        None => refuse(StatusCode::UNAUTHORIZED, "M_MISSING_TOKEN"),
        Some(secret) if secret != shared.secret => refuse(StatusCode::FORBIDDEN, "M_UNKNOWN"),
        Some(_) => {
            let answer = next.run(Request::from_parts(parts, bytes.into())).await;
            shared.pass(&name, Held::Answer).await;
            let mut known = shared.known();
            match known.losses.checked_sub(1) {
                None => answer,
                Some(left) => {
                    known.losses = left;
                    refuse(StatusCode::BAD_GATEWAY, "M_UNKNOWN")
                }
            }
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn refuse(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "errcode": code, "error": "as the test wishes" }))).into_response()
}

#[derive(Deserialize)]
struct Localpart {
    localpart: String,
}

async fn query_user(State(shared): State<Arc<Shared>>, Query(asked): Query<Localpart>) -> Response {
    let known = shared.known();
    let Some(user) = known.users.get(&asked.localpart) else {
        return refuse(StatusCode::NOT_FOUND, "M_NOT_FOUND");
    };
    Json(json!({
        "user_id": format!("@{}:example.com", asked.localpart),
        "display_name": user.display_name,
        "avatar_url": null,
        "is_suspended": false,
        "is_deactivated": user.deactivated,
    }))
    .into_response()
}

async fn is_localpart_available(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Localpart>,
) -> Response {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "=_-./+".contains(c);
    if !asked.localpart.chars().all(allowed) {
        return refuse(StatusCode::BAD_REQUEST, "M_INVALID_USERNAME");
    }
    if shared.known().users.contains_key(&asked.localpart) {
        return refuse(StatusCode::BAD_REQUEST, "M_USER_IN_USE");
    }
    Json(json!({})).into_response()
}

#[derive(Deserialize)]
struct Provision {
    localpart: String,
    set_displayname: Option<String>,
    set_emails: Option<Vec<String>>,
    #[serde(default)]
    locked: bool,
}

async fn provision_user(State(shared): State<Arc<Shared>>, Json(wanted): Json<Provision>) -> Response {
    let mut known = shared.known();
    let is_new = !known.users.contains_key(&wanted.localpart);
    if let Some(at) = known.rivals.iter().position(|rival| *rival == wanted.localpart) {
        known.rivals.swap_remove(at);
        known.users.entry(wanted.localpart).or_default();
        return refuse(StatusCode::BAD_REQUEST, "M_USER_IN_USE");
    }
    let user = known.users.entry(wanted.localpart).or_default();
    user.locked = wanted.locked;
    if let Some(name) = wanted.set_displayname {
        user.display_name = Some(name);
    }
    if let Some(emails) = wanted.set_emails {
        user.emails = emails;
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(json!({}))).into_response()
}

#[derive(Deserialize)]
struct Device {
    localpart: String,
    device_id: String,
    display_name: Option<String>,
}

async fn upsert_device(State(shared): State<Arc<Shared>>, Json(device): Json<Device>) -> Response {
    if device.display_name.as_ref().is_some_and(|name| name.chars().count() > 100) {
        return refuse(StatusCode::BAD_REQUEST, "M_TOO_LARGE");
    }
    let mut known = shared.known();
    let Some(user) = known.users.get_mut(&device.localpart) else {
        return refuse(StatusCode::NOT_FOUND, "M_NOT_FOUND");
    };
    let is_new = !user.devices.contains_key(&device.device_id);
    let name = user.devices.entry(device.device_id).or_default();
    if device.display_name.is_some() {
        *name = device.display_name;
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(json!({}))).into_response()
}

async fn delete_device(State(shared): State<Arc<Shared>>, Json(device): Json<Device>) -> Response {
    let mut known = shared.known();
    let Some(user) = known.users.get_mut(&device.localpart) else {
        return refuse(StatusCode::NOT_FOUND, "M_NOT_FOUND");
    };
    user.devices.remove(&device.device_id);
    StatusCode::NO_CONTENT.into_response()
}

async fn rename_device(State(shared): State<Arc<Shared>>, Json(device): Json<Device>) -> Response {
    with_user(&shared, &device.localpart, |user| match user.devices.get_mut(&device.device_id) {
        Some(name) => {
            *name = device.display_name;
            StatusCode::OK
        }
        None => StatusCode::NOT_FOUND,
    })
}

#[derive(Deserialize)]
struct Devices {
    localpart: String,
    devices: Vec<String>,
}

async fn sync_devices(State(shared): State<Arc<Shared>>, Json(wanted): Json<Devices>) -> Response {
    with_user(&shared, &wanted.localpart, |user| {
        user.devices.retain(|device, _| wanted.devices.contains(device));
        for device in wanted.devices {
            user.devices.entry(device).or_default();
        }
        StatusCode::OK
    })
}

#[derive(Deserialize)]
struct DisplayName {
    localpart: String,
    displayname: Option<String>,
}

async fn set_display_name(State(shared): State<Arc<Shared>>, Json(wanted): Json<DisplayName>) -> Response {
    with_user(&shared, &wanted.localpart, |user| {
        user.display_name = wanted.displayname;
        StatusCode::OK
    })
}

#[derive(Deserialize)]
struct Deletion {
    localpart: String,
    erase: bool,
}

async fn delete_user(State(shared): State<Arc<Shared>>, Json(wanted): Json<Deletion>) -> Response {
    with_user(&shared, &wanted.localpart, |user| {
        user.deactivated = true;
        user.erased |= wanted.erase;
        user.devices.clear();
        user.emails.clear();
        StatusCode::OK
    })
}

async fn reactivate_user(State(shared): State<Arc<Shared>>, Json(wanted): Json<Localpart>) -> Response {
    with_user(&shared, &wanted.localpart, |user| {
        user.deactivated = false;
        user.erased = false;
        StatusCode::OK
    })
}

async fn allow_cross_signing_reset(
    State(shared): State<Arc<Shared>>,
    Json(wanted): Json<Localpart>,
) -> Response {
    with_user(&shared, &wanted.localpart, |_| StatusCode::OK)
}

fn with_user(shared: &Shared, localpart: &str, change: impl FnOnce(&mut User) -> StatusCode) -> Response {
    match shared.known().users.get_mut(localpart) {
        None => refuse(StatusCode::NOT_FOUND, "M_NOT_FOUND"),
        Some(user) => match change(user) {
            StatusCode::NOT_FOUND => refuse(StatusCode::NOT_FOUND, "M_NOT_FOUND"),
            status => (status, Json(json!({}))).into_response(),
        },
    }
}
