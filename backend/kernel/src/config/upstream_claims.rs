//! `upstream_oauth2.providers[].claims_imports`: what becomes of a provider's claims.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problems;

/// What becomes of the claims that a provider makes about a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ClaimsImports {
    /// Whether a new account is made without asking the person first. Needs `localpart.action: require`, and no
    /// `suggest` for `email` and `displayname`.
    pub skip_confirmation: bool,
    /// What tells people apart at the provider.
    pub subject: SubjectImport,
    /// The user name.
    pub localpart: LocalpartImport,
    /// The display name.
    pub displayname: TextImport,
    /// The e-mail address.
    pub email: EmailImport,
    /// A name of the account at the provider, for people to recognise it.
    pub account_name: AccountNameImport,
}

impl ClaimsImports {
    pub(super) fn validate(&self, problems: &mut Problems) {
        let required = matches!(self.localpart.action, ImportAction::Require);
        if self.skip_confirmation {
            if !required {
                problems.error_at("localpart", "`skip_confirmation` needs `action: require` here");
            }
            for (key, action) in [("email", self.email.action), ("displayname", self.displayname.action)] {
                if action == ImportAction::Suggest {
                    problems.error_at(
                        key,
                        "nothing can be suggested with `skip_confirmation`: use ignore, force or require",
                    );
                }
            }
        }
        let fixed = required || self.localpart.action == ImportAction::Force;
        if self.localpart.on_conflict != OnConflict::Fail && !fixed {
            problems
                .error_at("localpart", "`on_conflict` other than `fail` needs `action: force` or `require`");
        }
    }
}

/// What tells people apart at the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectImport {
    /// Template over `user`; by default `{{ user.sub }}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// The user name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LocalpartImport {
    /// How binding the value is.
    pub action: ImportAction,
    /// Template over `user`; by default `{{ user.preferred_username }}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// What happens when the user name is taken.
    pub on_conflict: OnConflict,
}

/// The display name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TextImport {
    /// How binding the value is.
    pub action: ImportAction,
    /// Template over `user`; by default `{{ user.name }}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// The e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EmailImport {
    /// How binding the value is.
    pub action: ImportAction,
    /// Template over `user`; by default `{{ user.email }}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// A name of the account at the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountNameImport {
    /// Template over `user`; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// How binding an imported value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportAction {
    /// Not imported.
    #[default]
    Ignore,
    /// The person may change it.
    Suggest,
    /// The person may not change it.
    Force,
    /// As `force`, and nobody gets in without it.
    Require,
}

/// What happens when the user name is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnConflict {
    /// The sign-in fails.
    #[default]
    Fail,
    /// The provider's account is linked beside others.
    Add,
    /// The provider's account takes the place of another one of the same provider.
    Replace,
    /// The provider's account is linked if there is no other one of the same provider.
    Set,
}
