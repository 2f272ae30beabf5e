//! Display names as this service last saw them. They are the homeserver's, where people change them without us: what is kept here is for
//! searching only, and is never shown.

use std::time::Duration;

use kernel::{Error, Result, error::chain, id::UserId};
use store::{Db, sql};
use unicode_normalization::UnicodeNormalization;

use crate::homeserver::{Homeserver, Profile};

/// Synapse takes no longer ones (characters).
const LONGEST: usize = 256;

/// Whose name it is, and what is kept of it.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub user: UserId,
    pub username: &'a str,
    pub display_name: Option<&'a str>,
}

/// What the homeserver knows about a user ([`Homeserver::query_user`]), the display name of which is kept.
pub async fn ask(
    db: &Db,
    homeserver: &Homeserver,
    known: Known<'_>,
    limit: Duration,
) -> Result<Option<Profile>> {
    let profile = homeserver.query_user(known.username, limit).await?;
    if let Some(profile) = &profile {
        keep(db, known.user, known.display_name, profile.display_name.as_deref()).await;
    }
    Ok(profile)
}

/// Keeps the name that was just seen, which costs a statement only if it is another than the one that was kept until now. Whoever saw it
/// had something else to do: that is not spoilt if it cannot be kept. Of who is deactivated, nothing is kept any more.
pub async fn keep(db: &Db, user: UserId, kept: Option<&str>, seen: Option<&str>) {
    const KEEP: &str =
        "UPDATE users SET display_name = $2, display_name_norm = $3 WHERE id = $1 AND deactivated_at IS NULL";
    let seen = seen.and_then(Form::of);
    if kept == seen.as_ref().map(|form| form.kept.as_str()) {
        return;
    }
    let (name, norm) = seen.map(|form| (form.kept, form.searched)).unzip();
    if let Err(error) = sql::execute(&db.single, KEEP, [user.into(), name.into(), norm.into()]).await {
        let error = chain(&Error::from(error));
        tracing::warn!(user.id = %user, error, "A display name could not be kept: searches do not find it");
    }
}

/// A name as it is kept, and as it is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub kept: String,
    pub searched: String,
}

impl Form {
    /// `None` of a name that is none. Without NUL, which PostgreSQL does not take, and cut: whatever the homeserver says fits.
    pub fn of(name: &str) -> Option<Self> {
        let kept: String = name.chars().filter(|c| *c != '\0').take(LONGEST).collect();
        // A line is what is searched, so that a name has one.
        let searched = folded(&kept).replace('\n', " ");
        (!kept.trim().is_empty()).then_some(Self { kept, searched })
    }
}

/// The form in which display names are searched, and searched for: in whatever letter case and composition they were typed. A sigma
/// is one letter, wherever in a word it stands.
pub fn folded(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    composed.to_lowercase().replace('ς', "σ").replace('ß', "ss")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_as_it_is_and_searched_for_in_one_line_of_small_letters() {
        let form = Form::of("ÄNNE\nvon \u{1f469}\u{200d}\u{1f680}").unwrap();
        assert_eq!(form.kept, "ÄNNE\nvon \u{1f469}\u{200d}\u{1f680}");
        assert_eq!(form.searched, "änne von \u{1f469}\u{200d}\u{1f680}");
        assert_eq!((Form::of(""), Form::of(" \n"), Form::of("\0")), (None, None, None));
        assert_eq!(Form::of("Οδυσσέας STRASSE").unwrap().searched, folded("ΟΔΥΣΣΈΑΣ straße"));
        assert_eq!(Form::of("A\u{308}nne").unwrap().searched, "änne");
        assert_eq!(Form::of("A\0da").unwrap().kept, "Ada");
        assert_eq!(Form::of(&"é".repeat(1000)).unwrap().kept.chars().count(), LONGEST);
    }
}
