//! One keep-alive connection, with as little between the load and the socket as hyper allows.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, StatusCode,
    client::conn::http1::{SendRequest, handshake},
    header::{CONTENT_TYPE, HOST},
    http::request::Builder,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Result;

pub type Call = Request<Full<Bytes>>;
pub type Answer = hyper::Response<Bytes>;

pub struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Its failure is seen by whoever sends next.
        tokio::task::spawn_local(async move { drop(connection.await) });
        Ok(Self(sender))
    }

    /// Sends a request and waits for the whole answer.
    pub async fn send(&mut self, call: Call) -> Result<Answer> {
        self.0.ready().await?;
        let (parts, body) = self.0.send_request(call).await?.into_parts();
        Ok(Answer::from_parts(parts, body.collect().await?.to_bytes()))
    }

    /// As [`Self::send`], but any other status is a failure: a bench of error pages measures nothing.
    pub async fn expect(&mut self, status: StatusCode, call: Call) -> Result<Answer> {
        let path = call.uri().path().to_owned();
        let answer = self.send(call).await?;
        if answer.status() == status {
            return Ok(answer);
        }
        let text = String::from_utf8_lossy(answer.body());
        Err(format!("{path} answered {}: {}", answer.status(), &text[..text.len().min(500)]).into())
    }
}

pub fn get(path: &str) -> Call {
    head(Method::GET, path).body(Full::default()).expect("a path of ours")
}

/// A form post; `more` adds headers.
pub fn post(path: &str, form: String, more: impl FnOnce(Builder) -> Builder) -> Call {
    more(head(Method::POST, path).header(CONTENT_TYPE, "application/x-www-form-urlencoded"))
        .body(Full::from(form))
        .expect("a path and headers of ours")
}

pub fn head(method: Method, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header(HOST, "localhost")
}
