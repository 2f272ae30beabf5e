//! The words on the pages: one Fluent file per language, `locales/<tag>.ftl`. English is complete and stands in
//! where another language has a gap. The words of the account app lie beside them, in `locales/app/`.

use std::{borrow::Cow, collections::BTreeMap, fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use kernel::{Error, Result};
use minijinja::{
    ErrorKind, HtmlEscape, Value,
    value::{Kwargs, ValueKind},
};
use rust_embed::Embed;
use serde::Serialize;
use unic_langid::{CharacterDirection, LanguageIdentifier};

#[derive(Embed)]
#[folder = "locales"]
struct Locales;

impl Locales {
    /// The names of the pages' files; those in `app/` go into the account app when the front end is built.
    fn of_pages() -> impl Iterator<Item = Cow<'static, str>> {
        Self::iter().filter(|name| !name.contains('/'))
    }
}

/// A language that there are texts for, as a BCP 47 tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Locale(String);

impl Locale {
    /// The language that is always there.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// `ltr` or `rtl`, as HTML's `dir` attribute takes it.
    pub fn direction(&self) -> &'static str {
        match self.0.parse::<LanguageIdentifier>().map(|tag| tag.character_direction()) {
            Ok(CharacterDirection::RTL) => "rtl",
            _ => "ltr",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub struct Texts {
    bundles: BTreeMap<Locale, FluentBundle<FluentResource>>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.bundles.keys()).finish()
    }
}

impl Texts {
    pub fn load() -> Result<Self> {
        let mut bundles = BTreeMap::new();
        for name in Locales::of_pages() {
            let tag = name.trim_end_matches(".ftl");
            let file = Locales::get(&name).ok_or_else(|| Error::internal(format!("{name} is gone")))?;
            bundles.insert(Locale(tag.to_owned()), parse(tag, file.data)?);
        }
        Ok(Self { bundles })
    }

    pub fn locales(&self) -> impl Iterator<Item = &Locale> {
        self.bundles.keys()
    }

    /// Texts in which every message says its own name, to see which of them a page shows.
    #[cfg(test)]
    pub(super) fn of_names() -> (Self, Vec<String>) {
        let source = String::from_utf8(Locales::get("en.ftl").unwrap().data.into_owned()).unwrap();
        let names: Vec<String> = source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
            .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
            .collect();
        let source: String = names.iter().map(|name| format!("{name} = [{name}]\n")).collect();
        let bundle = parse("en", Cow::Owned(source.into_bytes())).unwrap();
        (Self { bundles: BTreeMap::from([(Locale::english(), bundle)]) }, names)
    }

    /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4, lookup of RFC 4647 §3.4).
    pub fn pick(&self, accept_language: &str) -> Locale {
        let mut ranges: Vec<(&str, f32)> = accept_language
            .split(',')
            .map(|item| {
                let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
                let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
                (tag.trim(), weight.unwrap_or(0.0))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        ranges.iter().find_map(|(tag, _)| self.lookup(tag)).unwrap_or_else(Locale::english)
    }

    /// The first of these languages that there are texts in (lookup of RFC 4647 §3.4).
    pub fn first_of<'t>(&self, tags: impl IntoIterator<Item = &'t str>) -> Option<Locale> {
        tags.into_iter().find_map(|tag| self.lookup(tag))
    }

    /// The tags of all languages, for discovery.
    pub fn tags() -> Vec<String> {
        let mut tags: Vec<String> =
            Locales::of_pages().map(|name| name.trim_end_matches(".ftl").to_owned()).collect();
        tags.sort();
        tags
    }

    fn lookup(&self, mut tag: &str) -> Option<Locale> {
        loop {
            let found = self.bundles.keys().find(|locale| locale.0.eq_ignore_ascii_case(tag));
            match (found, tag.rsplit_once('-')) {
                (Some(locale), _) => return Some(locale.clone()),
                (None, Some((parent, _))) => tag = parent,
                (None, None) => return None,
            }
        }
    }

    /// The text `key` in plain characters, not escaped. `None` if there is no such text even in English, or if
    /// an argument that it needs is missing.
    pub fn format(&self, locale: &Locale, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundles = [locale, &Locale::english()].map(|locale| self.bundles.get(locale));
        let (bundle, pattern) = bundles
            .into_iter()
            .flatten()
            .find_map(|bundle| Some((bundle, bundle.get_message(key)?.value()?)))?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

fn parse(tag: &str, data: Cow<'static, [u8]>) -> Result<FluentBundle<FluentResource>> {
    let source = String::from_utf8(data.into_owned()).map_err(Error::internal)?;
    let language: LanguageIdentifier = tag.parse().map_err(Error::internal)?;
    let resource = FluentResource::try_new(source)
        .map_err(|(_, errors)| Error::internal(format!("locales/{tag}.ftl: {errors:?}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Names are isolated by <bdi> in the markup; invisible characters would end up in copied text.
    bundle.set_use_isolating(false);
    bundle
        .add_resource(resource)
        .map_err(|errors| Error::internal(format!("locales/{tag}.ftl: {errors:?}")))?;
    Ok(bundle)
}

/// The template function `t("key", name=value)`: the text, escaped. A value that is markup made by a template
/// (such as a name in `<strong>`) stays markup; every other value is escaped.
pub(super) fn translate(
    texts: Arc<Texts>,
    locale: Locale,
) -> impl Fn(String, Kwargs) -> Result<Value, minijinja::Error> + Send + Sync + 'static {
    move |key, kwargs| {
        let mut args = FluentArgs::new();
        let mut markup = Vec::new();
        for name in kwargs.args() {
            let value: Value = kwargs.get(name)?;
            args.set(name.to_owned(), argument(value, &mut markup));
        }
        let text = texts.format(&locale, &key, &args).ok_or_else(|| {
            minijinja::Error::new(
                ErrorKind::InvalidOperation,
                format!("text {key} or one of its arguments is missing"),
            )
        })?;
        let mut html = HtmlEscape(&text).to_string();
        for (at, markup) in markup.iter().enumerate() {
            html = html.replace(&stand_in(at), markup);
        }
        Ok(Value::from_safe_string(html))
    }
}

/// Numbers stay numbers, so that texts can have plurals. Markup is kept aside until the text is escaped.
fn argument(value: Value, markup: &mut Vec<String>) -> FluentValue<'static> {
    if value.kind() == ValueKind::Number
        && let Some(number) = value.as_i64()
    {
        return FluentValue::from(number);
    }
    if value.is_safe() {
        markup.push(value.to_string());
        return FluentValue::from(stand_in(markup.len() - 1));
    }
    FluentValue::from(value.to_string().replace(STAND_IN, ""))
}

/// A private-use character that no text contains; values lose it above.
const STAND_IN: char = '\u{f8f0}';

fn stand_in(at: usize) -> String {
    format!("{STAND_IN}{at}{STAND_IN}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        let mut texts = Texts::load().unwrap();
        let norwegian = parse("nb-NO", Cow::Borrowed(b"login-title = Logg inn\n")).unwrap();
        texts.bundles.insert(Locale("nb-NO".to_owned()), norwegian);
        texts
    }

    #[test]
    fn the_browser_chooses_the_language() {
        for (header, tag) in [
            ("", "en"),
            ("*", "en"),
            ("nb-NO", "nb-NO"),
            ("NB-no", "nb-NO"),
            ("nb-NO-x-private", "nb-NO"),
            ("en-GB;q=0.5, nb-NO", "nb-NO"),
            ("nb-NO;q=0, en", "en"),
            ("tlh, nb-NO;q=0.8, en;q=0.9", "en"),
            ("\u{fffd};;;,q=,,", "en"),
        ] {
            assert_eq!(texts().pick(header).to_string(), tag, "{header}");
        }
    }

    #[test]
    fn a_client_may_ask_for_languages_in_order() {
        let first = |tags: &str| texts().first_of(tags.split(' ')).map(|locale| locale.to_string());
        assert_eq!(first("tlh nb-NO-x-private en").as_deref(), Some("nb-NO"));
        assert_eq!(first("en-GB nb-NO").as_deref(), Some("en"));
        assert_eq!(first("tlh \u{e9}- --"), None);
        assert_eq!(Texts::tags(), ["ar", "de", "en", "es", "fr"]);
    }

    #[test]
    fn english_fills_the_gaps() {
        let (texts, norwegian) = (texts(), Locale("nb-NO".to_owned()));
        let format = |key| texts.format(&norwegian, key, &FluentArgs::new());
        assert_eq!(format("login-title").as_deref(), Some("Logg inn"));
        assert_eq!(format("cancel").as_deref(), Some("Cancel"));
        assert_eq!(format("no-such-text"), None);
    }

    #[test]
    fn a_missing_argument_is_no_text() {
        assert_eq!(texts().format(&Locale::english(), "consent-allow", &FluentArgs::new()), None);
    }

    #[test]
    fn right_to_left_is_known() {
        assert_eq!(Locale("ar".to_owned()).direction(), "rtl");
        assert_eq!(Locale("nb-NO".to_owned()).direction(), "ltr");
    }
}
