//! OAuth 2.0 clients, as everybody may know them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use domain::oauth::clients::Client;

use crate::{asking::Asking, node_id, scalars::Url};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Oauth2ApplicationType {
    Web,
    Native,
}

#[derive(Clone, Debug)]
pub struct Oauth2Client(pub Arc<Client>);

#[Object]
impl Oauth2Client {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::OAUTH2_CLIENT, self.0.id)
    }

    async fn client_id(&self) -> String {
        self.0.id.to_string()
    }

    async fn client_name(&self) -> Option<&String> {
        self.0.metadata.client_name.as_ref().map(|name| &name.plain)
    }

    async fn client_uri(&self) -> Option<Url> {
        self.0.metadata.client_uri.as_ref().map(|uri| Url(uri.plain.clone()))
    }

    /// Where the app says its logo is. Browsers should load `logo` instead.
    async fn logo_uri(&self) -> Option<Url> {
        self.0.metadata.logo_uri.as_ref().map(|uri| Url(uri.plain.clone()))
    }

    async fn tos_uri(&self) -> Option<Url> {
        self.0.metadata.tos_uri.as_ref().map(|uri| Url(uri.plain.clone()))
    }

    async fn policy_uri(&self) -> Option<Url> {
        self.0.metadata.policy_uri.as_ref().map(|uri| Url(uri.plain.clone()))
    }

    async fn redirect_uris(&self) -> Vec<Url> {
        self.0.metadata.redirect_uris.iter().flatten().cloned().map(Url).collect()
    }

    async fn application_type(&self) -> Option<Oauth2ApplicationType> {
        match self.0.metadata.application_type.as_deref() {
            Some("web") => Some(Oauth2ApplicationType::Web),
            Some("native") => Some(Oauth2ApplicationType::Native),
            _ => None,
        }
    }

    /// The logo, served by this service, so that the app's site learns nothing of who looks. Latchkey.
    async fn logo(&self, ctx: &Context<'_>) -> Option<Url> {
        self.0.metadata.logo_uri.as_ref()?;
        let route = format!("/oauth2/clients/{}/logo", self.0.id);
        Asking::of(ctx).app.urls.absolute(&route).parse().ok().map(Url)
    }
}
