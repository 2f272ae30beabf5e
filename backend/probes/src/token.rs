//! Access and refresh tokens.

use kernel::{Presented, Token, token};

pub fn token(text: &str) {
    let Some(presented) = Token::parse(text) else { return };
    assert_eq!(presented.expose(), text, "what is presented is what is looked up, whole");
    assert_eq!(presented.hash(), token::hash(text));
    match presented {
        Presented::Native { kind, handle, .. } => {
            assert_eq!(text.len(), 41);
            assert_eq!(&text[..4], format!("{}_", kind.prefix()));
            assert_eq!(&text[4..14], handle.as_str());
            assert_eq!(presented.is_refresh(), kind.is_refresh());
            for shorter in [&text[1..], &text[..40]] {
                assert_eq!(Token::parse(shorter), None, "{shorter} is a part of {text}");
            }
        }
        Presented::Imported { .. } => {
            assert!(["syt_", "syr_", "MD"].iter().any(|prefix| text.starts_with(prefix)), "{text}");
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Handle, TokenKind};
    use proptest::prelude::*;
    use testkit::SeededRandom;

    use super::*;
    use crate::tests::always_the_same;

    /// A fresh token, and what it is.
    fn minted() -> impl Strategy<Value = (TokenKind, String)> {
        (prop::sample::select(TokenKind::ALL.to_vec()), any::<u64>()).prop_map(|(kind, seed)| {
            let random = SeededRandom::new(seed);
            let token = Token::mint(kind, Handle::new(&random), &random);
            (kind, token.expose().to_owned())
        })
    }

    fn replaced(text: &str, at: usize, with: char) -> String {
        text.char_indices().map(|(here, kept)| if here == at { with } else { kept }).collect()
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn what_is_minted_is_read((kind, text) in minted()) {
            token(&text);
            let is_same = matches!(Token::parse(&text), Some(Presented::Native { kind: read, .. }) if read == kind);
            prop_assert!(is_same);
        }

        /// CRC-32 finds every error within 32 bits: no other character will do, anywhere.
        #[test]
        fn any_other_character_is_refused((_, text) in minted(), at: prop::sample::Index, with: char) {
            let other = replaced(&text, at.index(text.len()), with);
            prop_assert!(other == text || Token::parse(&other).is_none(), "{}", other);
        }

        #[test]
        fn parts_and_extensions_are_refused((_, text) in minted(), at: prop::sample::Index, more in ".{1,5}") {
            let at = at.index(text.len());
            let (front, back) = text.split_at(at);
            for other in [front, back, &format!("{text}{more}"), &format!("{more}{text}")] {
                let is_other_kind = ["syt_", "syr_"].iter().any(|prefix| other.starts_with(prefix));
                prop_assert!(other == text || is_other_kind || Token::parse(other).is_none(), "{}", other);
            }
        }

        #[test]
        fn halves_of_two_tokens_do_not_make_a_third((_, one) in minted(), (_, two) in minted(), at in 4_usize..40) {
            let spliced = format!("{}{}", &one[..at], &two[at..]);
            prop_assert!(spliced == one || spliced == two || Token::parse(&spliced).is_none(), "{}", spliced);
        }

        #[test]
        fn no_other_prefix_makes_a_token((kind, text) in minted(), prefix in "[a-zA-Z]{1,4}") {
            let other = format!("{prefix}{}", &text[3..]);
            prop_assert!(prefix == kind.prefix() || Token::parse(&other).is_none(), "{}", other);
        }
    }
}
