//! What lists have in common: the parameters of pages, filters, counting, and links to the neighbours.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::directory::{self, Entry, Keyed, known::Named};
use edge::App;
use http::request;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::{
    Listing, Page, Window,
    listing::{End, Order},
};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Problem,
    document::{Attributes, PaginatedResponse, PaginationLinks, Resource},
    sorted::{Cursor, Sort, Sorted},
};

const USUAL_SIZE: u32 = 10;
/// So that one request cannot take the service's memory.
const GREATEST_SIZE: u32 = 10_000;

/// Which part of the list is wanted.
#[derive(Clone, Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct PaginationParams {
    /// Only what comes before the one with this id; it need not exist
    #[serde(rename = "page[before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    before: Option<Cursor>,
    /// Only what comes after the one with this id; it need not exist
    #[serde(rename = "page[after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    after: Option<Cursor>,
    /// So many from the beginning: 10, unless the parameter `last` of pages is given
    #[serde(rename = "page[first]")]
    #[param(minimum = 1, maximum = 10_000, nullable = false)]
    #[schema(minimum = 1, maximum = 10_000)]
    first: Option<u32>,
    /// So many from the end; still in ascending order
    #[serde(rename = "page[last]")]
    #[param(minimum = 1, maximum = 10_000, nullable = false)]
    #[schema(minimum = 1, maximum = 10_000)]
    last: Option<u32>,
    /// Whether to count all that match the filter. Counting looks at each of them: leave it out where it is not needed
    #[param(value_type = Option<IncludeCount>, nullable = false)]
    count: Option<IncludeCount>,
}

/// `true` counts and lists, `false` only lists, `only` only counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum IncludeCount {
    #[default]
    True,
    False,
    Only,
}

/// The query of a list: which page, which filter, in which order.
#[derive(Clone, Debug)]
pub struct Listed<F> {
    pub filter: F,
    window: Window,
    order: Order,
    count: IncludeCount,
    turns: Turns,
}

/// So many lists are read at once in this process; whoever asks for more waits for a turn. A console that asks for a hundred at
/// once, or for counts of millions, leaves connections to the people who sign in meanwhile.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Semaphore>);

const LISTS_AT_ONCE: usize = 4;

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LISTS_AT_ONCE)))
    }
}

impl Turns {
    /// Waits for one, which lasts until the answer is dropped.
    pub async fn take(&self) -> Result<SemaphorePermit<'_>, kernel::Error> {
        self.0.acquire().await.map_err(kernel::Error::internal)
    }
}

impl<F: DeserializeOwned + Sorted> FromRequestParts<App> for Listed<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, _: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let page: PaginationParams = read(query)
            .map_err(|fault| fault.problem("invalid_pagination", "Invalid pagination parameters"))?;
        let filter: F =
            read(query).map_err(|fault| fault.problem("invalid_filter", "Invalid filter parameters"))?;
        let window = window(&page)?;
        let order = order(filter.sorted(), &page)?;
        let turns = parts.extensions.get::<Turns>().cloned().unwrap_or_default();
        Ok(Self { filter, window, order, count: page.count.unwrap_or_default(), turns })
    }
}

/// What is wrong with a parameter.
pub struct Fault {
    pub parameter: String,
    pub cause: String,
}

impl Fault {
    fn problem(self, code: &'static str, title: &str) -> Problem {
        Problem::invalid(code, title)
            .because(format!("{}: {}", self.parameter, self.cause))
            .parameter(self.parameter)
    }
}

/// Parameters that may be sent several times.
const REPEATED: [&str; 4] =
    ["filter[active-oauth2-client]", "filter[client]", "filter[scope]", "filter[state]"];

/// A parameter without a value is as good as none; of one that may be repeated, the value is empty.
pub fn read<T: DeserializeOwned>(query: &str) -> Result<T, Fault> {
    let is_sent = |name: &str, value: &str| !value.is_empty() || REPEATED.contains(&name);
    let pairs = form_urlencoded::parse(query.as_bytes()).filter(|(name, value)| is_sent(name, value));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let pairs = serde_html_form::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        // Of a repeated parameter, the path ends in the number of the value.
        let end = path.rfind(']').map_or(path.len(), |at| at + 1);
        let name = path[..end].split_once("][").map_or(&path[..end], |(name, _)| &path[..=name.len()]);
        Fault { parameter: name.to_owned(), cause: error.inner().to_string() }
    })
}

fn window(page: &PaginationParams) -> Result<Window, Problem> {
    let (from, size) = match (page.first, page.last) {
        (Some(_), Some(_)) => {
            let title = "page[first] and page[last] cannot be used together";
            return Err(Problem::invalid("invalid_pagination", title).parameter("page[last]"));
        }
        (None, Some(size)) => (End::Last, size),
        (size, None) => (End::First, size.unwrap_or(USUAL_SIZE)),
    };
    if !(1..=GREATEST_SIZE).contains(&size) {
        let parameter = if from == End::First { "page[first]" } else { "page[last]" };
        let cause = format!("must be between 1 and {GREATEST_SIZE}");
        let fault = Fault { parameter: parameter.to_owned(), cause };
        return Err(fault.problem("invalid_pagination", "Invalid pagination parameters"));
    }
    let [after, before] = [&page.after, &page.before].map(|cursor| cursor.as_ref().map(|cursor| cursor.id));
    Ok(Window { after, before, from, size })
}

fn order(sort: Sort, page: &PaginationParams) -> Result<Order, Problem> {
    let Sort { key, descending } = sort;
    let ends = [("page[after]", &page.after), ("page[before]", &page.before)];
    let [after, before] = ends.map(|(parameter, cursor)| match cursor {
        Some(Cursor { key: None, .. }) if key.is_some() => {
            let cause =
                "of a list that is sorted like this, take it from `meta.page.cursor` or from a link".into();
            let fault = Fault { parameter: parameter.to_owned(), cause };
            Err(fault.problem("invalid_pagination", "Invalid pagination parameters"))
        }
        Some(cursor) => Ok(cursor.key.clone()),
        None => Ok(None),
    });
    Ok(Order { key, descending, after: after?, before: before? })
}

impl<F: Serialize> Listed<F> {
    /// The page of `list`. `named` is what the filter names by its id: if nothing is found, and something of this does not
    /// exist, that is the answer. One statement, and one more to count.
    pub async fn answer<T: Entry, A: Attributes>(
        self,
        app: &App,
        list: &Listing,
        named: &[Named],
        resource: impl Fn(T) -> Result<Resource<A>, kernel::Error>,
    ) -> Result<PaginatedResponse<A>, Problem> {
        let _turn = self.turns.take().await?;
        let db = &app.db.read;
        let count = if self.counts() { Some(list.count(db).await?) } else { None };
        let page: Option<Page<Keyed<T>>> = match self.window() {
            Some(window) => {
                let mut list = list.clone();
                list.sort(self.order.clone());
                Some(directory::page(db, &list, window).await?)
            }
            None => None,
        };
        let is_empty = page.as_ref().map_or(count == Some(0), |page| page.rows.is_empty());
        if (is_empty || has_alternatives(named))
            && let Some(missing) = directory::known::first_missing(db, named).await?
        {
            let title = format!("There is no {} with the id {}", missing.noun(), missing.id());
            return Err(Problem::not_found(title));
        }
        let resource = |row: Keyed<T>| Ok::<_, kernel::Error>(resource(row.entry)?.at(row.key));
        let page = page.map(|page| page.try_map(resource)).transpose()?;
        Ok(self.document(count, page))
    }

    /// Whether to count.
    pub fn counts(&self) -> bool {
        self.count != IncludeCount::False
    }

    /// The part that is wanted, unless it is the count only.
    pub fn window(&self) -> Option<Window> {
        (self.count != IncludeCount::Only).then_some(self.window)
    }

    /// The document, of what was counted and read.
    pub fn document<A: Attributes>(
        &self,
        count: Option<u64>,
        page: Option<Page<Resource<A>>>,
    ) -> PaginatedResponse<A> {
        let Some(page) = page else {
            let links = PaginationLinks { this: self.link::<A>(None), ..Default::default() };
            return PaginatedResponse::new(count, None, links);
        };
        let links = self.links(&page);
        PaginatedResponse::new(count, Some(page.rows), links)
    }

    fn links<A: Attributes>(&self, page: &Page<Resource<A>>) -> PaginationLinks {
        let cursor =
            |id: Option<Uuid>, key: &Option<String>| id.map(|id| Cursor { id, key: key.clone() }.to_string());
        let at = |row: Option<&Resource<A>>| row.map(Resource::cursor);
        let Window { after, before, from, .. } = self.window;
        let place = |from, before, after| self.link::<A>(Some(Place { from, before, after }));
        // What is there in the direction of the page is known. The other way lies what its cursor stands for, or stood: to look
        // would cost a statement.
        let cursor_behind = if from == End::First { after } else { before };
        let from_within = cursor_behind.is_some() && !page.rows.is_empty();
        let is_more = |end| if from == end { page.has_more } else { from_within };
        PaginationLinks {
            this: place(from, cursor(before, &self.order.before), cursor(after, &self.order.after)),
            first: Some(place(End::First, None, None)),
            last: Some(place(End::Last, None, None)),
            next: is_more(End::First).then(|| place(End::First, None, at(page.rows.last()))),
            prev: is_more(End::Last).then(|| place(End::Last, at(page.rows.first()), None)),
        }
    }

    /// Path and query. Brackets stay as they are, because consoles look for `page[after]`.
    fn link<A: Attributes>(&self, place: Option<Place>) -> String {
        let mut link = format!("{}{}", crate::BASE, A::PATH);
        let mut separator = '?';
        let mut add = |name: &str, value: &str| {
            link.push(separator);
            separator = '&';
            link.push_str(name);
            link.push('=');
            link.extend(utf8_percent_encode(value, IN_A_VALUE));
        };
        let filter = serde_html_form::to_string(&self.filter).unwrap_or_default();
        for (name, value) in form_urlencoded::parse(filter.as_bytes()) {
            add(&name, &value);
        }
        match self.count {
            IncludeCount::True => {}
            IncludeCount::False => add("count", "false"),
            IncludeCount::Only => add("count", "only"),
        }
        if let Some(Place { from, before, after }) = place {
            for (name, cursor) in [("page[before]", before), ("page[after]", after)] {
                if let Some(cursor) = cursor {
                    add(name, &cursor);
                }
            }
            let size = self.window.size.to_string();
            add(if from == End::First { "page[first]" } else { "page[last]" }, &size);
        }
        link
    }
}

/// The part of the list that a link leads to.
struct Place {
    from: End,
    before: Option<String>,
    after: Option<String>,
}

/// Whether several things of one kind are named: then something may be found although one of them does not exist.
fn has_alternatives(named: &[Named]) -> bool {
    named.iter().enumerate().any(|(at, one)| named[..at].iter().any(|other| other.noun() == one.noun()))
}

/// What would end a value, or not survive on its way.
const IN_A_VALUE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'>').add(b'\\');

/// An id in the path.
pub struct Path<I>(pub I);

impl<I> FromRequestParts<App> for Path<I>
where
    I: std::str::FromStr<Err = kernel::id::InvalidId> + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, app: &App) -> Result<Self, Problem> {
        let invalid = |cause: String| Problem::invalid("invalid_id", "Invalid id in the path").because(cause);
        let text = in_path(parts, app).await.map_err(invalid)?;
        text.parse().map(Self).map_err(|error: kernel::id::InvalidId| invalid(error.to_string()))
    }
}

/// A username in the path.
pub struct Username(pub String);

impl FromRequestParts<App> for Username {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, app: &App) -> Result<Self, Problem> {
        let invalid =
            |cause| Problem::invalid("invalid_username", "Invalid username in the path").because(cause);
        in_path(parts, app).await.map(Self).map_err(invalid)
    }
}

/// The one parameter of the path, or why it cannot be read.
async fn in_path(parts: &mut request::Parts, app: &App) -> Result<String, String> {
    let text = axum::extract::Path::from_request_parts(parts, app).await;
    text.map(|axum::extract::Path(text)| text)
        .map_err(|rejection: axum::extract::rejection::PathRejection| rejection.body_text())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn whoever_wants_a_fifth_list_waits_for_a_turn() {
        let turns = Turns::default();
        let others = turns.clone();
        let mut held = Vec::new();
        for _ in 0..LISTS_AT_ONCE {
            held.push(turns.take().await.unwrap());
        }
        let at_once = tokio::time::timeout(Duration::ZERO, others.take()).await;
        assert!(at_once.is_err(), "all turns are taken");
        held.pop();
        let at_last = tokio::time::timeout(Duration::ZERO, others.take()).await;
        assert!(at_last.is_ok_and(|turn| turn.is_ok()));
    }
}
