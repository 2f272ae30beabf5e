//! One task per connection; HTTP/1.1 and HTTP/2, the latter by ALPN or with prior knowledge.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use edge::Peer;
use http::{Request, header::HeaderName};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use super::{
    bind::Socket,
    door::{Door, Entered, Stream},
};

/// A client that has not sent its request's head by then is sent away.
const HEAD_LIMIT: Duration = Duration::from_secs(30);

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Accepts until `stop`.
pub async fn accept(
    socket: Socket,
    router: Router,
    door: Arc<Door>,
    stop: CancellationToken,
    connections: TaskTracker,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = next(&socket) => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(serve(stream, peer, router.clone(), Arc::clone(&door), stop.clone()));
            }
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                // Out of descriptors: give those that are open a moment to end.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn next(socket: &Socket) -> std::io::Result<(Box<dyn Stream>, Peer)> {
    match socket {
        Socket::Tcp(listener) => {
            let (stream, peer) = listener.accept().await?;
            // A client that is gone already is found out when it is read from.
            let _ = stream.set_nodelay(true);
            let _ = rustix::net::sockopt::set_socket_keepalive(&stream, true);
            Ok((Box::new(stream), Peer(Some(peer.ip()))))
        }
        Socket::Unix(listener) => {
            let (stream, _) = listener.accept().await?;
            Ok((Box::new(stream), Peer(None)))
        }
    }
}

async fn serve(
    stream: Box<dyn Stream>,
    peer: Peer,
    router: Router,
    door: Arc<Door>,
    stop: CancellationToken,
) {
    let entered = tokio::select! {
        entered = door.enter(stream, peer) => entered,
        () = stop.cancelled() => return,
    };
    let Entered { stream, peer, vouched } = match entered {
        Ok(entered) => entered,
        Err(error) => {
            tracing::warn!(peer = ?peer.0, "a connection was refused: {error}");
            return;
        }
    };
    let service = router.map_request(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        if vouched {
            // The PROXY header has the last word, so the other one must not be believed.
            request.headers_mut().remove(&FORWARDED_FOR);
        }
        request.map(Body::new)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(200);
    let mut connection =
        pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended early: {error}");
    }
}
