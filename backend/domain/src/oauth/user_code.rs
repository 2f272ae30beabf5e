//! User codes of the device grant (RFC 8628 §6.1): what people read off one screen and type on another.
//!
//! Six characters, as clients know them from MAS. The alphabet has no vowels, so that no code spells a word, and of
//! characters that look alike it has one, for which the others are taken. That leaves 27 bits: enough only because codes
//! live for minutes and guesses are limited, per address and in all (§5.1 there).

use kernel::Random;

const ALPHABET: &[u8; 23] = b"BCDFGHJKMNPQRSTVWXZ3479";
const LENGTH: usize = 6;

/// A new code; each is equally likely.
pub fn generate(random: &dyn Random) -> String {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let [byte] = random.bytes::<1>();
        // 253 is the largest multiple of 23 in a byte.
        if byte < 253 {
            code.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        }
    }
    code
}

/// The code that was meant, however it was typed: in either case, with spaces and dashes anywhere. `None` for what cannot
/// be one.
pub fn read(typed: &str) -> Option<String> {
    let meant = typed.chars().filter(|c| !is_separator(*c)).map(|c| match c.to_ascii_uppercase() {
        '2' => 'Z',
        '5' => 'S',
        '6' => 'G',
        '8' => 'B',
        other => other,
    });
    let code: String = meant.take(LENGTH + 1).collect();
    let fits = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(code)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use kernel::SystemRandom;

    use super::*;

    #[test]
    fn codes_are_read_however_they_are_typed() {
        for typed in ["BCD3GX", "bcd3gx", " bcd 3gx ", "BCD-3GX", "b.c.d.3.g.x", "8cd36x", "BCD\u{2013}3GX"] {
            assert_eq!(read(typed).as_deref(), Some("BCD3GX"), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for typed in
            ["", "BCD3G", "BCD3GXX", "BCD3GA", "BCD3G0", "BCD3G1", "BCD3GÄ", "ＢＣＤ３ＧＸ", "BCD3G\0"]
        {
            assert_eq!(read(typed), None, "{typed}");
        }
        assert_eq!(read(&"B".repeat(100_000)), None);
    }

    #[test]
    fn what_is_generated_is_read_as_itself() {
        let codes: std::collections::BTreeSet<String> = (0..1000).map(|_| generate(&SystemRandom)).collect();
        assert!(codes.len() > 990, "{} different codes of 1000", codes.len());
        for code in codes {
            assert_eq!(read(&code).as_deref(), Some(code.as_str()));
        }
    }
}
