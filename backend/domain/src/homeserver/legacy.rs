//! Synapse's admin interface, for Synapse before 1.157 with `experimental_features.msc3861`. The shared secret is that
//! block's `admin_token`.
//!
//! The interface replaces all of a user's third-party identifiers at once, so phone numbers do not survive provisioning.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;
use kernel::{Error, Result};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    Api, Availability, Profile, Provisioning, Upsert, call::Call, link::Link, modern::NOT_TO_BE_HAD,
};

/// Under this name, Synapse's integration looks for the subject of a token among a user's external ids.
const AUTH_PROVIDER: &str = "oauth-delegated";

pub struct Legacy {
    link: Link,
    server_name: String,
}

#[derive(Deserialize)]
struct NameAnswer {
    available: bool,
}

#[derive(Deserialize)]
struct Devices {
    devices: Vec<Device>,
}

#[derive(Deserialize)]
struct Device {
    device_id: String,
    /// Holds keys for a device that is yet to come (MSC3814); it is nobody's session.
    #[serde(default)]
    dehydrated: bool,
}

#[async_trait]
impl Api for Legacy {
    async fn query_user(&self, localpart: &str, limit: Duration) -> Result<Option<Profile>> {
        let call = Call::get("query_user", self.user(localpart, &[])?).within(limit);
        self.link.send(call).await?.found()?.map(|answer| answer.json()).transpose()
    }

    async fn availability(&self, localpart: &str) -> Result<Availability> {
        let mut url = self.link.at(&["_synapse", "admin", "v1", "username_available"])?;
        url.query_pairs_mut().append_pair("username", localpart);
        let answer = self.link.send(Call::get("is_localpart_available", url)).await?;
        if NOT_TO_BE_HAD.contains(&answer.errcode()) {
            return Ok(Availability::Unavailable);
        }
        let NameAnswer { available } = answer.success()?.json()?;
        Ok(if available { Availability::Available } else { Availability::Unavailable })
    }

    async fn provision_user(&self, localpart: &str, wanted: &Provisioning<'_>) -> Result<()> {
        let mut body = json!({});
        if let Some(subject) = wanted.subject {
            body["external_ids"] =
                json!([{ "auth_provider": AUTH_PROVIDER, "external_id": subject.to_string() }]);
        }
        if let Some(name) = wanted.display_name {
            body["displayname"] = name.into();
        }
        if let Some(emails) = wanted.emails {
            let address = |email: &String| json!({ "medium": "email", "address": email });
            body["threepids"] = emails.iter().map(address).collect();
        }
        let user = self.user(localpart, &[])?;
        self.link.make_user(Call::new("provision_user", Method::PUT, user).carrying(body)).await
    }

    async fn upsert_device(&self, localpart: &str, device: &str, name: Option<&str>) -> Result<Upsert> {
        // The answer to the request itself is the same for a device that is there.
        let known =
            self.link.send(Call::get("query_device", self.user(localpart, &["devices", device])?)).await?;
        let known = known.found()?.is_some();
        let call =
            Call::post("upsert_device", self.user(localpart, &["devices"])?, json!({ "device_id": device }));
        if self.link.send(call).await?.found()?.is_none() {
            return Ok(Upsert::NoSuchUser);
        }
        if let Some(name) = name {
            self.rename_device(localpart, device, name).await?;
        }
        Ok(if known { Upsert::Known } else { Upsert::Created })
    }

    async fn delete_device(&self, localpart: &str, device: &str) -> Result<()> {
        let url = self.user(localpart, &["devices", device])?;
        self.link.send(Call::new("delete_device", Method::DELETE, url)).await?.found().map(drop)
    }

    async fn rename_device(&self, localpart: &str, device: &str, name: &str) -> Result<()> {
        let url = self.user(localpart, &["devices", device])?;
        let call = Call::new("rename_device", Method::PUT, url).carrying(json!({ "display_name": name }));
        self.link.send(call).await?.found().map(drop)
    }

    async fn devices(&self, localpart: &str) -> Result<Option<Vec<String>>> {
        let call = Call::get("list_devices", self.user(localpart, &["devices"])?);
        let Devices { devices } = self.link.send(call).await?.success()?.json()?;
        let live = devices.into_iter().filter(|device| !device.dehydrated);
        Ok(Some(live.map(|device| device.device_id).collect()))
    }

    /// In steps: other devices may come between them, and stay.
    async fn sync_devices(&self, localpart: &str, devices: &[String]) -> Result<()> {
        let wanted: BTreeSet<&String> = devices.iter().collect();
        let known = self.devices(localpart).await?.unwrap_or_default();
        let surplus: Vec<&String> = known.iter().filter(|device| !wanted.contains(device)).collect();
        let url = self.user(localpart, &["delete_devices"])?;
        self.post("delete_devices", url, json!({ "devices": surplus })).await?;
        for missing in wanted.into_iter().filter(|device| !known.contains(device)) {
            if self.upsert_device(localpart, missing, None).await? == Upsert::NoSuchUser {
                return Err(Error::unavailable("the homeserver has just lost the user"));
            }
        }
        Ok(())
    }

    async fn set_display_name(&self, localpart: &str, name: Option<&str>) -> Result<()> {
        let mxid = self.mxid(localpart);
        let url = self.link.at(&["_matrix", "client", "v3", "profile", &mxid, "displayname"])?;
        self.put("set_display_name", url, json!({ "displayname": name.unwrap_or_default() })).await
    }

    async fn delete_user(&self, localpart: &str, erase: bool) -> Result<()> {
        let url = self.link.at(&["_synapse", "admin", "v1", "deactivate", &self.mxid(localpart)])?;
        let call = Call::post("delete_user", url, json!({ "erase": erase })).slow();
        self.link.send(call).await?.success().map(drop)
    }

    async fn reactivate_user(&self, localpart: &str) -> Result<()> {
        self.put("reactivate_user", self.user(localpart, &[])?, json!({ "deactivated": false })).await
    }

    async fn allow_cross_signing_reset(&self, localpart: &str) -> Result<()> {
        let mxid = self.mxid(localpart);
        let action = "_allow_cross_signing_replacement_without_uia";
        let url = self.link.at(&["_synapse", "admin", "v1", "users", &mxid, action])?;
        // 404 also for who has no keys yet, and needs no leave to make some.
        self.link.send(Call::post("allow_cross_signing_reset", url, json!({}))).await?.found().map(drop)
    }
}

impl Legacy {
    pub fn new(link: Link, server_name: &str) -> Self {
        Self { link, server_name: server_name.to_owned() }
    }

    fn mxid(&self, localpart: &str) -> String {
        format!("@{localpart}:{}", self.server_name)
    }

    fn user(&self, localpart: &str, below: &[&str]) -> Result<Url> {
        let mxid = self.mxid(localpart);
        self.link.at(&[&["_synapse", "admin", "v2", "users", mxid.as_str()], below].concat())
    }

    async fn post(&self, name: &'static str, url: Url, body: Value) -> Result<()> {
        self.link.send(Call::post(name, url, body)).await?.success().map(drop)
    }

    async fn put(&self, name: &'static str, url: Url, body: Value) -> Result<()> {
        let call = Call::new(name, Method::PUT, url).carrying(body);
        self.link.send(call).await?.success().map(drop)
    }
}
