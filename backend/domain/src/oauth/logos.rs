//! Logos of clients (`logo_uri`), fetched by this service and served from its own origin: the client's site does not
//! learn who looks at the page, nor can it change the picture for one of them.
//!
//! Raster images only: SVG can hold scripts. What a picture is, is told from its first bytes. Kept in memory, of
//! failures too that they happened.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as Shared, PoisonError},
    time::Duration,
};

use kernel::{Timestamp, id::ClientId};
use tokio::sync::{Mutex, Semaphore};
use url::Url;

use super::clients::Client;
use crate::outbound::Outbound;

const LONGEST: usize = 256 * 1024;
/// At most 32 MiB.
const MOST: usize = 128;
/// Who asks for the logos of slow sites must not keep keys from being fetched, which has the rest of [`Outbound`].
const MOST_AT_ONCE: usize = 8;
const KEPT: Duration = Duration::from_secs(24 * 3600);
const KEPT_IN_VAIN: Duration = Duration::from_secs(600);

/// A picture that a browser can show.
#[derive(Clone, Debug)]
pub struct Logo {
    pub content_type: &'static str,
    pub bytes: Arc<[u8]>,
}

/// The logos that were asked for lately.
#[derive(Debug)]
pub struct Logos {
    slots: Shared<HashMap<ClientId, Slot>>,
    turns: Semaphore,
}

impl Default for Logos {
    fn default() -> Self {
        Self { slots: Shared::default(), turns: Semaphore::new(MOST_AT_ONCE) }
    }
}

#[derive(Debug)]
struct Slot {
    entry: Arc<Mutex<Option<Entry>>>,
    touched: Timestamp,
}

#[derive(Debug)]
struct Entry {
    uri: Url,
    logo: Option<Logo>,
    until: Timestamp,
}

impl Logos {
    /// The client's logo, fetched if need be; `None` if it has none that can be shown.
    pub async fn get(&self, outbound: &Outbound, now: Timestamp, client: &Client) -> Option<Logo> {
        let uri = &client.metadata.logo_uri.as_ref()?.plain;
        let entry = self.entry(now, client.id);
        let mut entry = entry.lock().await;
        if let Some(known) = entry.as_ref().filter(|known| known.uri == *uri && known.until > now) {
            return known.logo.clone();
        }
        let _turn = self.turns.try_acquire().ok()?;
        let logo = fetch(outbound, uri).await;
        let kept = if logo.is_some() { KEPT } else { KEPT_IN_VAIN };
        *entry = Some(Entry { uri: uri.clone(), logo: logo.clone(), until: now + kept });
        logo
    }

    fn entry(&self, now: Timestamp, client: ClientId) -> Arc<Mutex<Option<Entry>>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if !slots.contains_key(&client) && slots.len() >= MOST {
            let oldest = slots.iter().min_by_key(|(_, slot)| slot.touched).map(|(id, _)| *id);
            oldest.and_then(|id| slots.remove(&id));
        }
        let slot = slots.entry(client).or_insert_with(|| Slot { entry: Arc::default(), touched: now });
        slot.touched = now;
        Arc::clone(&slot.entry)
    }
}

async fn fetch(outbound: &Outbound, uri: &Url) -> Option<Logo> {
    match outbound.get(uri, "image/png, image/webp, image/avif, image/jpeg, image/gif", LONGEST).await {
        Ok(fetched) => {
            let content_type = kind(&fetched.body)?;
            Some(Logo { content_type, bytes: fetched.body.into() })
        }
        Err(refused) => {
            let host = uri.host_str().unwrap_or_default();
            tracing::debug!(host, %refused, "the logo of a client cannot be had");
            None
        }
    }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let is_avif = matches!(bytes.get(4..12), Some(b"ftypavif" | b"ftypavis"));
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        _ if is_webp => Some("image/webp"),
        _ if is_avif => Some("image/avif"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_from_their_first_bytes() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\n\0\0"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"\0\0\0\x1cftypavif", Some("image/avif")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"<html>", None),
            (b"\x89PNG", None),
            (b"", None),
        ] {
            assert_eq!(kind(bytes), expected, "{bytes:?}");
        }
    }
}
