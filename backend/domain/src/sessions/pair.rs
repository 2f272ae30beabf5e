//! An access token and a refresh token of one line, fresh from the mint.

use kernel::{Error, Handle, Op, Result, Token, TokenKind, id::TokenId, seal::Lineage};

/// Which sessions the tokens are of: it shows in their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Oauth,
    Compat,
}

impl Family {
    const fn access(self) -> TokenKind {
        match self {
            Self::Oauth => TokenKind::OauthAccess,
            Self::Compat => TokenKind::CompatAccess,
        }
    }

    pub const fn refresh(self) -> TokenKind {
        match self {
            Self::Oauth => TokenKind::OauthRefresh,
            Self::Compat => TokenKind::CompatRefresh,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Pair {
    pub access_id: TokenId,
    pub access: Token,
    pub refresh_id: TokenId,
    pub refresh: Token,
}

impl Pair {
    pub fn mint(lineage: &Lineage, op: &Op, family: Family, handle: Handle) -> Self {
        Self {
            access_id: op.id(),
            access: Token::mint(family.access(), handle, op.random()),
            refresh_id: op.id(),
            refresh: lineage.mint(family.refresh(), handle, op.random()),
        }
    }

    /// Seals the pair for whoever presents `predecessor` once more.
    pub fn seal(&self, lineage: &Lineage, op: &Op, predecessor: &str, handle: Handle) -> Vec<u8> {
        let pair = format!("{} {}", self.access.expose(), self.refresh.expose());
        lineage.seal(predecessor, handle, pair.as_bytes(), op.random())
    }

    /// Opens a sealed pair: the access and the refresh token.
    pub fn open(
        lineage: &Lineage,
        sealed: &[u8],
        predecessor: &str,
        handle: Handle,
    ) -> Result<(Token, Token)> {
        let opened = lineage
            .open(predecessor, handle, sealed)
            .ok_or_else(|| Error::internal("the sealed successor does not open with its predecessor"))?;
        let text = std::str::from_utf8(opened.expose()).map_err(Error::internal)?;
        let (access, refresh) =
            text.split_once(' ').ok_or_else(|| Error::internal("the sealed successor is not a pair"))?;
        Ok((Token::reopened(access), Token::reopened(refresh)))
    }
}
