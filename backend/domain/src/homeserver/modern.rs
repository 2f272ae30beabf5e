//! Synapse's interface for authentication services, `/_synapse/mas/*` (since 1.136).

use std::time::Duration;

use async_trait::async_trait;
use kernel::Result;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Api, Availability, Profile, Provisioning, Upsert, call::Call, link::Link};

pub struct Modern(pub Link);

/// That a name cannot be had, and not that the question failed.
pub const NOT_TO_BE_HAD: [&str; 3] = ["M_INVALID_USERNAME", "M_USER_IN_USE", "M_EXCLUSIVE"];

#[async_trait]
impl Api for Modern {
    async fn query_user(&self, localpart: &str, limit: Duration) -> Result<Option<Profile>> {
        let call = self.get("query_user", localpart)?.within(limit);
        self.0.send(call).await?.found()?.map(|answer| answer.json()).transpose()
    }

    async fn availability(&self, localpart: &str) -> Result<Availability> {
        let answer = self.0.send(self.get("is_localpart_available", localpart)?).await?;
        if NOT_TO_BE_HAD.contains(&answer.errcode()) {
            return Ok(Availability::Unavailable);
        }
        answer.success().map(|_| Availability::Available)
    }

    async fn provision_user(&self, localpart: &str, wanted: &Provisioning<'_>) -> Result<()> {
        let mut body = json!({ "localpart": localpart, "locked": wanted.locked });
        // Presence counts: an unset_… next to a set_… is an error even when false.
        if let Some(name) = wanted.display_name {
            body["set_displayname"] = name.into();
        }
        if let Some(emails) = wanted.emails {
            body["set_emails"] = emails.into();
        }
        self.0.make_user(self.call("provision_user", body)?).await
    }

    async fn upsert_device(&self, localpart: &str, device: &str, name: Option<&str>) -> Result<Upsert> {
        let mut body = json!({ "localpart": localpart, "device_id": device });
        if let Some(name) = name {
            body["display_name"] = name.into();
        }
        let answer = self.0.send(self.call("upsert_device", body)?).await?.found()?;
        Ok(match answer {
            None => Upsert::NoSuchUser,
            Some(answer) if answer.status == StatusCode::CREATED || answer.is_repeated => Upsert::Created,
            Some(_) => Upsert::Known,
        })
    }

    async fn delete_device(&self, localpart: &str, device: &str) -> Result<()> {
        let body = json!({ "localpart": localpart, "device_id": device });
        self.0.send(self.call("delete_device", body)?).await?.found().map(drop)
    }

    async fn rename_device(&self, localpart: &str, device: &str, name: &str) -> Result<()> {
        let body = json!({ "localpart": localpart, "device_id": device, "display_name": name });
        self.0.send(self.call("update_device_display_name", body)?).await?.found().map(drop)
    }

    async fn devices(&self, _: &str) -> Result<Option<Vec<String>>> {
        Ok(None) // there is no such question
    }

    async fn sync_devices(&self, localpart: &str, devices: &[String]) -> Result<()> {
        self.post("sync_devices", json!({ "localpart": localpart, "devices": devices })).await
    }

    async fn set_display_name(&self, localpart: &str, name: Option<&str>) -> Result<()> {
        match name {
            Some(name) => {
                self.post("set_displayname", json!({ "localpart": localpart, "displayname": name })).await
            }
            None => self.post("unset_displayname", json!({ "localpart": localpart })).await,
        }
    }

    async fn delete_user(&self, localpart: &str, erase: bool) -> Result<()> {
        let call = self.call("delete_user", json!({ "localpart": localpart, "erase": erase }))?.slow();
        self.0.send(call).await?.success().map(drop)
    }

    async fn reactivate_user(&self, localpart: &str) -> Result<()> {
        self.post("reactivate_user", json!({ "localpart": localpart })).await
    }

    async fn allow_cross_signing_reset(&self, localpart: &str) -> Result<()> {
        self.post("allow_cross_signing_reset", json!({ "localpart": localpart })).await
    }
}

impl Modern {
    async fn post(&self, name: &'static str, body: Value) -> Result<()> {
        self.0.send(self.call(name, body)?).await?.success().map(drop)
    }

    fn call(&self, name: &'static str, body: Value) -> Result<Call> {
        Ok(Call::post(name, self.0.at(&["_synapse", "mas", name])?, body))
    }

    fn get(&self, name: &'static str, localpart: &str) -> Result<Call> {
        let mut url = self.0.at(&["_synapse", "mas", name])?;
        url.query_pairs_mut().append_pair("localpart", localpart);
        Ok(Call::get(name, url))
    }
}
