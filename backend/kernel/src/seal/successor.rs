//! The box that lets a refresh be repeated when its answer was lost: the new pair, sealed under the token that was
//! presented for it. The database keeps only that token's hash, so nobody but its holder can open the box.

use crate::{Random, Secret};

/// Seals `pair` for whoever presents `token` again. `bound_to` is the line's handle (or id): a box that was moved to
/// another line does not open.
pub fn seal(token: &str, bound_to: &[u8], pair: &[u8], random: &dyn Random) -> Vec<u8> {
    super::seal(&key(token), bound_to, pair, random)
}

/// What was sealed; `None` if the token or the line is another one, or the box was altered.
pub fn open(token: &str, bound_to: &[u8], sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
    super::open(&key(token), bound_to, sealed).map(Secret::new)
}

fn key(token: &str) -> super::Key {
    super::derive(token.as_bytes(), &[b"latchkey successor v1"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SystemRandom, seal::tests::Fixed};

    const TOKEN: &str = "mar_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123_DHcLn1";

    #[test]
    fn only_the_same_token_on_the_same_line_opens_an_unaltered_box() {
        let sealed = seal(TOKEN, b"ABCDEFGHIJ", b"next", &SystemRandom);
        assert_eq!(open(TOKEN, b"ABCDEFGHIJ", &sealed).unwrap().expose(), b"next");
        assert_eq!(open("mar_another", b"ABCDEFGHIJ", &sealed), None);
        assert_eq!(open(TOKEN, b"other-line", &sealed), None);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(open(TOKEN, b"ABCDEFGHIJ", &altered), None, "byte {at}");
            assert_eq!(open(TOKEN, b"ABCDEFGHIJ", &sealed[..at]), None, "prefix of {at}");
        }
    }

    #[test]
    fn the_form_stays_what_it_was() {
        let sealed = seal(TOKEN, b"ABCDEFGHIJ", b"next", &Fixed);
        let sealed: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sealed, "6465666768696a6b6c6d6e6f58f4bda568f7a72878d8ee105af2ffbc2d54eaf2");
    }
}
