//! Synapse's `/_synapse/mas/*` API.

use std::time::Duration;

use kernel::{Error, Result, error::chain};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{Availability, Endpoint, Profile, Provisioning, Upsert};

const USER_AGENT: &str = concat!("latchkey/", env!("CARGO_PKG_VERSION"));

/// Leaving many rooms takes its time.
const DELETE_USER_TIMEOUT: Duration = Duration::from_secs(600);

#[derive(Debug)]
pub struct Synapse {
    endpoint: Endpoint,
    http: Client,
}

/// The error body of the Matrix specification.
#[derive(Debug, Default, Deserialize)]
struct MatrixError {
    #[serde(default)]
    errcode: String,
    #[serde(default)]
    error: String,
}

impl Synapse {
    /// Contacts nobody: the first call does.
    pub fn new(endpoint: Endpoint) -> Result<Self> {
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(Duration::from_secs(60))
            .connect_timeout(Duration::from_secs(30))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { endpoint, http })
    }

    pub(super) async fn query_user(&self, localpart: &str, limit: Duration) -> Result<Option<Profile>> {
        let request =
            self.request(Method::GET, "query_user")?.query(&[("localpart", localpart)]).timeout(limit);
        let answer = send(request).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return match refusal(answer).await {
                Err((code, error)) if code != "M_NOT_FOUND" => Err(error),
                _ => Ok(None),
            };
        }
        let answer = success(answer).await?;
        answer.json().await.map(Some).map_err(Error::unavailable)
    }

    pub(super) async fn availability(&self, localpart: &str) -> Result<Availability> {
        let request = self.request(Method::GET, "is_localpart_available")?.query(&[("localpart", localpart)]);
        match refusal(send(request).await?).await {
            Ok(()) => Ok(Availability::Available),
            Err((code, _))
                if ["M_INVALID_USERNAME", "M_USER_IN_USE", "M_EXCLUSIVE"].contains(&code.as_str()) =>
            {
                Ok(Availability::Unavailable)
            }
            Err((_, error)) => Err(error),
        }
    }

    pub(super) async fn provision_user(&self, localpart: &str, wanted: &Provisioning<'_>) -> Result<()> {
        let mut body = json!({ "localpart": localpart, "locked": wanted.locked });
        // Presence counts: an unset_… next to a set_… is an error even when false.
        if let Some(name) = wanted.display_name {
            body["set_displayname"] = name.into();
        }
        if let Some(emails) = wanted.emails {
            body["set_emails"] = emails.into();
        }
        self.post("provision_user", body).await
    }

    pub(super) async fn upsert_device(
        &self,
        localpart: &str,
        device: &str,
        name: Option<&str>,
    ) -> Result<Upsert> {
        let mut body = json!({ "localpart": localpart, "device_id": device });
        if let Some(name) = name {
            body["display_name"] = name.into();
        }
        let request = self.request(Method::POST, "upsert_device")?.json(&body);
        match refusal(send(request).await?).await {
            Ok(()) => Ok(Upsert::Done),
            Err((code, _)) if code == "M_NOT_FOUND" => Ok(Upsert::NoSuchUser),
            Err((_, error)) => Err(error),
        }
    }

    pub(super) async fn delete_device(&self, localpart: &str, device: &str) -> Result<()> {
        let body = json!({ "localpart": localpart, "device_id": device });
        let request = self.request(Method::POST, "delete_device")?.json(&body);
        match refusal(send(request).await?).await {
            Err((code, error)) if code != "M_NOT_FOUND" => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) async fn rename_device(&self, localpart: &str, device: &str, name: &str) -> Result<()> {
        let body = json!({ "localpart": localpart, "device_id": device, "display_name": name });
        let request = self.request(Method::POST, "update_device_display_name")?.json(&body);
        match refusal(send(request).await?).await {
            Err((code, error)) if code != "M_NOT_FOUND" => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) async fn sync_devices(&self, localpart: &str, devices: &[String]) -> Result<()> {
        self.post("sync_devices", json!({ "localpart": localpart, "devices": devices })).await
    }

    pub(super) async fn set_display_name(&self, localpart: &str, name: Option<&str>) -> Result<()> {
        match name {
            Some(name) => {
                self.post("set_displayname", json!({ "localpart": localpart, "displayname": name })).await
            }
            None => self.post("unset_displayname", json!({ "localpart": localpart })).await,
        }
    }

    pub(super) async fn delete_user(&self, localpart: &str, erase: bool) -> Result<()> {
        let body = json!({ "localpart": localpart, "erase": erase });
        let request = self.request(Method::POST, "delete_user")?.json(&body).timeout(DELETE_USER_TIMEOUT);
        success(send(request).await?).await.map(drop)
    }

    pub(super) async fn reactivate_user(&self, localpart: &str) -> Result<()> {
        self.post("reactivate_user", json!({ "localpart": localpart })).await
    }

    pub(super) async fn allow_cross_signing_reset(&self, localpart: &str) -> Result<()> {
        self.post("allow_cross_signing_reset", json!({ "localpart": localpart })).await
    }

    async fn post(&self, call: &str, body: serde_json::Value) -> Result<()> {
        success(send(self.request(Method::POST, call)?.json(&body)).await?).await.map(drop)
    }

    fn request(&self, method: Method, call: &str) -> Result<RequestBuilder> {
        let url = self.endpoint.base.join(&format!("_synapse/mas/{call}")).map_err(Error::internal)?;
        Ok(self.http.request(method, url).bearer_auth(self.endpoint.secret.expose()))
    }
}

async fn send(request: RequestBuilder) -> Result<Response> {
    // Without the address, which is the operator's business and may be logged by us, not by a stranger.
    let answer = request.send().await;
    answer.map_err(|error| Error::unavailable(format!("the homeserver cannot be reached: {}", chain(&error))))
}

async fn success(answer: Response) -> Result<Response> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    match refusal(answer).await {
        Err((_, error)) => Err(error),
        Ok(()) => Err(Error::internal("a refusal that is none")),
    }
}

/// `Ok` for a 2xx, else the Matrix error code (empty if there is none) and an error that tells of it.
async fn refusal(answer: Response) -> Result<(), (String, Error)> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let body: MatrixError = answer.json().await.unwrap_or_default();
    let cause = format!("the homeserver answered {status} {} {}", body.errcode, body.error);
    Err((body.errcode, Error::unavailable(cause)))
}
