//! Serving HTTP: sockets, connections, and an orderly end.

mod bind;
mod connection;
pub mod signals;

use std::sync::Arc;

use edge::App;
use kernel::{
    Error, Kind, Result,
    config::{self, HttpConfig, Listener},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use web::Resource;

/// Binds every listener before any is served, so that a mistake shows before the first request.
pub async fn start(
    app: &App,
    config: &HttpConfig,
    stop: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<()> {
    let mut bound = Vec::new();
    for listener in &config.listeners {
        refuse_unbuilt(listener)?;
        let mut sockets = Vec::new();
        for wanted in &listener.binds {
            sockets.extend(bind::bind(wanted).await?);
        }
        bound.push((listener, sockets));
    }
    let pages = Arc::new(web::Pages::load(app)?);
    for (listener, sockets) in bound {
        let resources = resources(listener);
        let router =
            web::router(app.clone(), &pages, &resources, listener.prefix.as_deref().unwrap_or_default());
        let addresses: Vec<String> = sockets.iter().map(bind::Socket::address).collect();
        let (served, unbuilt): (Vec<_>, Vec<_>) =
            listener.resources.iter().partition(|one| built(one).is_some());
        tracing::info!("Listening on {} with resources [ {} ]", addresses.join(", "), names(&served));
        if !unbuilt.is_empty() {
            tracing::warn!(
                "http.listeners: the resources [ {} ] are not built yet and not served",
                names(&unbuilt)
            );
        }
        for socket in sockets {
            tasks.spawn(connection::accept(socket, router.clone(), stop.clone(), tasks.clone()));
        }
    }
    Ok(())
}

/// What would be dangerous to leave out silently.
fn refuse_unbuilt(listener: &Listener) -> Result<()> {
    let name = listener.name.as_deref().unwrap_or("unnamed");
    if listener.tls.is_some() {
        return Err(Error::new(
            Kind::Invalid,
            format!("http.listeners ({name}).tls is not supported yet: let the reverse proxy do TLS"),
        ));
    }
    if listener.proxy_protocol {
        return Err(Error::new(
            Kind::Invalid,
            format!("http.listeners ({name}).proxy_protocol is not supported yet: use X-Forwarded-For"),
        ));
    }
    Ok(())
}

fn resources(listener: &Listener) -> Vec<Resource> {
    listener.resources.iter().filter_map(built).collect()
}

fn names(resources: &[&config::Resource]) -> String {
    resources.iter().map(|resource| resource.name()).collect::<Vec<_>>().join(", ")
}

const fn built(resource: &config::Resource) -> Option<Resource> {
    match resource {
        config::Resource::Health => Some(Resource::Health),
        config::Resource::Discovery => Some(Resource::Discovery),
        config::Resource::Human => Some(Resource::Human),
        config::Resource::OAuth => Some(Resource::Oauth),
        config::Resource::Assets { .. } => Some(Resource::Assets),
        _ => None,
    }
}
