//! Accounts at other providers.

use async_graphql::{Context, ID, Object, Result};
use domain::account::upstream::{Link, Provider};

use crate::{
    asking::Asking,
    node_id, paging,
    scalars::{DateTime, Url},
    user::User,
};

/// As cursors name them.
pub const LINK: &str = "UpstreamOAuth2Link";
pub const PROVIDER: &str = "UpstreamOAuth2Provider";

#[derive(Clone, Debug)]
pub struct UpstreamOAuth2Provider(pub Provider);

impl UpstreamOAuth2Provider {
    pub fn edge(provider: Provider) -> (String, Self) {
        (paging::cursor(PROVIDER, provider.id), Self(provider))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.document.get(name)?.as_str().map(str::to_owned)
    }
}

#[Object]
impl UpstreamOAuth2Provider {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::UPSTREAM_PROVIDER, self.0.id)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    async fn issuer(&self) -> Option<String> {
        self.text("issuer")
    }

    async fn client_id(&self) -> String {
        self.text("client_id").unwrap_or_default()
    }

    async fn human_name(&self) -> Option<String> {
        self.text("human_name")
    }

    async fn brand_name(&self) -> Option<String> {
        self.text("brand_name")
    }

    /// Where linking, or signing in, starts.
    async fn link_url(&self, ctx: &Context<'_>) -> Result<Url> {
        let url = Asking::of(ctx).app.urls.absolute(&format!("/upstream/authorize/{}", self.0.id));
        Ok(Url(url.parse().map_err(kernel::Error::internal)?))
    }
}

#[derive(Clone, Debug)]
pub struct UpstreamOAuth2Link(pub Link);

impl UpstreamOAuth2Link {
    pub fn edge(link: Link) -> (String, Self) {
        (paging::cursor(LINK, link.id), Self(link))
    }
}

#[Object]
impl UpstreamOAuth2Link {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::UPSTREAM_LINK, self.0.id)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    async fn subject(&self) -> &String {
        &self.0.subject
    }

    async fn human_account_name(&self) -> Option<&String> {
        self.0.account_name.as_ref()
    }

    async fn provider(&self, ctx: &Context<'_>) -> Result<UpstreamOAuth2Provider> {
        let provider = Asking::of(ctx).loads.load_one(self.0.provider).await?;
        let provider = provider.ok_or_else(|| kernel::Error::internal("a link's provider is gone"))?;
        Ok(UpstreamOAuth2Provider(provider))
    }

    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(user) = self.0.user else { return Ok(None) };
        User::load(ctx, user).await.map(Some)
    }
}
