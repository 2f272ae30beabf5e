//! Serving HTTP: sockets, what may come before HTTP on them (a PROXY header, TLS), and connections.

mod bind;
mod connection;
mod door;
mod proxy_header;
mod tls;

use std::sync::Arc;

use axum::Router;
use edge::App;
use kernel::{
    Error, Result,
    config::{self, HttpConfig, Listener},
};
use web::Resource;

use crate::process::Process;
pub use bind::Inherited;
use bind::Socket;
use door::Door;

/// Opens every listener before any is served, so that a mistake shows before the first request.
pub async fn start(
    app: &App,
    config: &HttpConfig,
    mut inherited: Inherited,
    process: &Process,
) -> Result<()> {
    let mut opened = Vec::new();
    for (index, listener) in config.listeners.iter().enumerate() {
        let at = |error: Error| {
            let name = listener.name.as_deref().unwrap_or("unnamed");
            let what = format!("http.listeners.{index} ({name}): {}", error.public);
            Error { public: what.into(), ..error }
        };
        let door = Door::new(listener).map_err(at)?;
        let mut sockets = Vec::new();
        for wanted in &listener.binds {
            sockets.extend(bind::bind(wanted, &mut inherited).await.map_err(at)?);
        }
        opened.push((listener, Arc::new(door), sockets));
    }
    let pages = Arc::new(web::Pages::load(app)?);
    for (listener, door, sockets) in opened {
        let prefix = listener.prefix.as_deref().unwrap_or_default();
        let router = web::router(app.clone(), &pages, &resources(listener), others(app, listener)?, prefix);
        announce(listener, &door, &sockets);
        if listener.resources.contains(&config::Resource::Prometheus) && !app.metrics.is_read() {
            tracing::warn!(
                "http.listeners: the resource prometheus has nothing to tell: set telemetry.metrics.exporter to \
                 prometheus"
            );
        }
        for socket in sockets {
            let part = connection::accept(
                socket,
                router.clone(),
                Arc::clone(&door),
                process.stop(),
                process.connections(),
            );
            process.run("listener", part);
        }
    }
    Ok(())
}

fn announce(listener: &Listener, door: &Door, sockets: &[Socket]) {
    let addresses: Vec<String> = sockets.iter().map(|socket| socket.address(door.scheme())).collect();
    let is_served = |one: &&config::Resource| {
        built(one).is_some() || access(one).is_some() || **one == config::Resource::AdminApi
    };
    let (served, unbuilt): (Vec<_>, Vec<_>) = listener.resources.iter().partition(is_served);
    let suffix = if listener.proxy_protocol { " (with Proxy Protocol)" } else { "" };
    tracing::info!("Listening on {} with resources [ {} ]{suffix}", addresses.join(", "), names(&served));
    if !unbuilt.is_empty() {
        tracing::warn!(
            "http.listeners: the resources [ {} ] are not built yet and not served",
            names(&unbuilt)
        );
    }
}

fn resources(listener: &Listener) -> Vec<Resource> {
    listener.resources.iter().filter_map(built).collect()
}

/// The routes of the surfaces other than the web's.
fn others(app: &App, listener: &Listener) -> Result<Router<App>> {
    let mut routes = Router::new();
    for resource in &listener.resources {
        if let Some(access) = access(resource) {
            routes = routes.merge(graphql::routes(access));
        }
        if has_playground(resource)
            && let Some(playground) = playground()?
        {
            routes = routes.merge(graphql::playground::routes(playground));
        }
        if *resource == config::Resource::AdminApi {
            let web::assets::PageAssets { script, styles, icon } = web::assets::documentation(admin::UP)?;
            routes = routes.merge(admin::routes(app, admin::Assets { script, styles, icon }));
        }
    }
    Ok(routes)
}

const fn has_playground(resource: &config::Resource) -> bool {
    matches!(resource, config::Resource::Graphql { playground: true, .. })
}

/// `None` if the front end was built without it.
fn playground() -> Result<Option<graphql::Playground>> {
    let up = graphql::playground::UP;
    let icon = web::assets::PageAssets::load(up)?.icon;
    let assets = web::assets::AppAssets::playground(up)?;
    Ok(assets.map(|assets| graphql::Playground { styles: assets.styles, script: assets.script, icon }))
}

const fn access(resource: &config::Resource) -> Option<graphql::Access> {
    match resource {
        config::Resource::Graphql { undocumented_oauth2_access, .. } => {
            Some(graphql::Access { by_token: *undocumented_oauth2_access })
        }
        _ => None,
    }
}

fn names(resources: &[&config::Resource]) -> String {
    resources.iter().map(|resource| resource.name()).collect::<Vec<_>>().join(", ")
}

const fn built(resource: &config::Resource) -> Option<Resource> {
    match resource {
        config::Resource::Health => Some(Resource::Health),
        config::Resource::Prometheus => Some(Resource::Prometheus),
        config::Resource::Discovery => Some(Resource::Discovery),
        config::Resource::Human => Some(Resource::Human),
        config::Resource::OAuth => Some(Resource::Oauth),
        config::Resource::Compat => Some(Resource::Compat),
        config::Resource::Assets { .. } => Some(Resource::Assets),
        _ => None,
    }
}
