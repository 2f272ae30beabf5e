//! The service's own encryption secret, and those that it replaced.

use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Key, derive, open, seal};
use crate::{Error, Random, Result, Secret};

const VERSION: &str = "v1";

/// Seals with the current secret, opens with that one and the old ones, so that it can be rotated.
pub struct Vault {
    current: Keys,
    old: Vec<Keys>,
}

struct Keys {
    /// `secrets.encryption` as it is.
    master: Secret<Key>,
    boxes: Secret<Key>,
    /// Names the secret in a box: eight hex digits that tell nothing about it.
    id: String,
}

impl Keys {
    fn new(master: Secret<Key>) -> Self {
        let boxes = derive(master.expose(), &[b"latchkey box v1"]).into();
        let id = derive(master.expose(), &[b"latchkey key id v1"])[..4]
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        Self { master, boxes, id }
    }

    fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let key = derive(self.master.expose(), &[b"latchkey mac v1\0", purpose.as_bytes()]);
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), message);
        mac.as_ref().try_into().expect("HMAC-SHA256 has 32 bytes")
    }
}

impl Vault {
    /// `current` is `secrets.encryption`; `old` are earlier values of it.
    pub fn new(current: Secret<[u8; 32]>, old: Vec<Secret<[u8; 32]>>) -> Self {
        Self { current: Keys::new(current), old: old.into_iter().map(Keys::new).collect() }
    }

    /// `v1.<key id>.<base64>`. `bound_to` says whose secret it is, for example `client/01K2…`: a box that was copied
    /// to another row does not open there.
    pub fn seal(&self, bound_to: &str, plain: &[u8], random: &dyn Random) -> String {
        let sealed = seal(self.current.boxes.expose(), bound_to.as_bytes(), plain, random);
        format!("{}{}", self.prefix(), STANDARD.encode(sealed))
    }

    /// Opens what [`Vault::seal`] or MAS wrote (base64 of nonce, cipher text and tag, not bound to anything).
    /// Fails when it was sealed with a secret that is not configured any more, was altered, or belongs elsewhere.
    pub fn open(&self, bound_to: &str, sealed: &str) -> Result<Secret<Vec<u8>>> {
        let opened = match sealed.split_once('.') {
            Some((VERSION, rest)) => self.open_v1(bound_to, rest)?,
            Some(_) => None,
            None => self.open_plain(sealed),
        };
        opened.map(Secret::new).ok_or_else(|| {
            Error::internal(format!("the sealed secret of {bound_to} does not open: it is damaged, or was sealed with another `secrets.encryption`"))
        })
    }

    fn open_v1(&self, bound_to: &str, sealed: &str) -> Result<Option<Vec<u8>>> {
        let Some((id, text)) = sealed.split_once('.') else { return Ok(None) };
        let keys = self.all().find(|keys| keys.id == id).ok_or_else(|| {
            Error::internal(format!(
                "the sealed secret of {bound_to} needs the encryption secret {id}, which is not configured"
            ))
        })?;
        let sealed = STANDARD.decode(text).ok();
        Ok(sealed.and_then(|sealed| open(keys.boxes.expose(), bound_to.as_bytes(), &sealed)))
    }

    fn open_plain(&self, sealed: &str) -> Option<Vec<u8>> {
        let sealed = STANDARD.decode(sealed).ok()?;
        self.all().find_map(|keys| open(keys.master.expose(), &[], &sealed))
    }

    /// HMAC-SHA256 of a short code under a key of its own for each purpose: what the database keeps of it.
    pub fn mac(&self, purpose: &'static str, message: &[u8]) -> [u8; 32] {
        self.current.mac(purpose, message)
    }

    /// What the database may hold for `message`: the value of [`Vault::mac`], then those of the old secrets.
    pub fn macs(&self, purpose: &'static str, message: &[u8]) -> Vec<[u8; 32]> {
        self.all().map(|keys| keys.mac(purpose, message)).collect()
    }

    /// What [`Vault::seal`] or MAS wrote under another secret than the current one, sealed under that; `None` if it is
    /// already. Fails as [`Vault::open`] does.
    pub fn reseal(&self, bound_to: &str, sealed: &str, random: &dyn Random) -> Result<Option<String>> {
        if sealed.starts_with(&self.prefix()) {
            return Ok(None);
        }
        let opened = self.open(bound_to, sealed)?;
        Ok(Some(self.seal(bound_to, opened.expose(), random)))
    }

    /// What everything begins with that is sealed under the current secret.
    pub fn prefix(&self) -> String {
        format!("{VERSION}.{}.", self.current.id)
    }

    /// The encryption secret itself and then those that it replaced, for the cookie jars, whose scheme derives its own
    /// keys from them.
    pub fn expose_masters(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.all().map(|keys| keys.master.expose())
    }

    fn all(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&self.current).chain(&self.old)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all().map(|keys| &keys.id)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SystemRandom, seal::tests::Fixed};

    fn secret(first: u8) -> Secret<[u8; 32]> {
        Secret::new(std::array::from_fn(|at| first + at as u8))
    }

    fn vault() -> Vault {
        Vault::new(secret(0), Vec::new())
    }

    fn cause(result: Result<Secret<Vec<u8>>>) -> String {
        result.unwrap_err().cause.unwrap().to_string()
    }

    #[test]
    fn boxes_of_mas_open() {
        let opened = vault().open("client/1", "ZGVmZ2hpamtsbW5vXGTVvv3XROUgdkMwlazGoW9iCw/QYUg=").unwrap();
        assert_eq!(opened.expose(), b"hunter2");
    }

    #[test]
    fn the_form_stays_what_it_was() {
        assert_eq!(
            vault().seal("client/1", b"hunter2", &Fixed),
            "v1.b56ec0e5.ZGVmZ2hpamtsbW5vU+CPscYQazKEtJnDlkla0UK2Amtkhwg="
        );
        let mac: String = vault().mac("email-code", b"123456").iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(mac, "9a0dcbc93b330968dfb46d20df14db608d2e476aac71b4f02d53616c3d6e19e9");
    }

    #[test]
    fn a_box_opens_only_unaltered_and_where_it_belongs() {
        let sealed = vault().seal("client/1", b"hunter2", &SystemRandom);
        assert_eq!(vault().open("client/1", &sealed).unwrap().expose(), b"hunter2");
        assert!(cause(vault().open("client/2", &sealed)).contains("client/2 does not open"));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(vault().open("client/1", &altered).is_err(), "{altered}");
            assert!(vault().open("client/1", &sealed[..at]).is_err(), "prefix of {at}");
        }
    }

    #[test]
    fn after_a_rotation_old_boxes_open_and_new_ones_use_the_new_secret() {
        let rotated = Vault::new(secret(1), vec![secret(0)]);
        let old = vault().seal("client/1", b"hunter2", &SystemRandom);
        assert_eq!(rotated.open("client/1", &old).unwrap().expose(), b"hunter2");
        assert_eq!(
            rotated.open("client/1", "ZGVmZ2hpamtsbW5vXGTVvv3XROUgdkMwlazGoW9iCw/QYUg=").unwrap().expose(),
            b"hunter2"
        );

        let new = rotated.seal("client/1", b"hunter2", &SystemRandom);
        assert!(cause(vault().open("client/1", &new)).contains("is not configured"));
        assert!(rotated.expose_masters().eq([secret(1).expose(), secret(0).expose()]));

        let moved = rotated.reseal("client/1", &old, &SystemRandom).unwrap().unwrap();
        let without = Vault::new(secret(1), Vec::new());
        assert_eq!(without.open("client/1", &moved).unwrap().expose(), b"hunter2");
        assert_eq!(rotated.reseal("client/1", &moved, &SystemRandom).unwrap(), None);
        assert!(rotated.reseal("client/2", &old, &SystemRandom).is_err());
    }

    #[test]
    fn macs_differ_by_purpose_and_secret() {
        let vault = Vault::new(secret(1), vec![secret(0)]);
        let mac = vault.mac("email-code", b"123456");
        assert_ne!(mac, vault.mac("user-code", b"123456"));
        assert_ne!(mac, vault.mac("email-code", b"123457"));
        assert_eq!(vault.macs("email-code", b"123456"), [mac, self::vault().mac("email-code", b"123456")]);
    }

    #[test]
    fn printing_shows_key_ids_only() {
        assert_eq!(format!("{:?}", vault()), r#"["b56ec0e5"]"#);
    }
}
