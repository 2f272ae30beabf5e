//! The loads: what each connection asks for, over and over.

use hyper::{
    StatusCode,
    header::{AUTHORIZATION, COOKIE, SET_COOKIE},
};
use kernel::id::UserId;

use crate::{
    Result,
    client::{Answer, Call, Connection, get, post},
    load::Work,
    seed::{PASSWORD, REDIRECT_URI, VERIFIER},
    server::SHARED_SECRET,
};

/// The same requests in turn, made beforehand.
pub struct Repeat {
    calls: Vec<Call>,
    next: usize,
    must_hold: &'static [u8],
}

impl Repeat {
    /// One row by its primary key: the least that any request can cost.
    pub fn floor(users: &[UserId]) -> Self {
        let calls = users.iter().map(|user| get(&format!("/bench/floor/{user}"))).collect();
        Self { calls, next: 0, must_hold: b"bench" }
    }

    /// As the homeserver does it.
    pub fn introspect(tokens: &[String]) -> Self {
        let call = |token: &String| {
            post("/oauth2/introspect", format!("token={token}&token_type_hint=access_token"), |head| {
                head.header(AUTHORIZATION, format!("Bearer {SHARED_SECRET}"))
                    .header("x-mas-supports-device-id", "1")
            })
        };
        Self { calls: tokens.iter().map(call).collect(), next: 0, must_hold: b"{\"active\":true" }
    }
}

impl Work for Repeat {
    async fn once(&mut self, connection: &mut Connection) -> Result<bool> {
        let call = self.calls[self.next].clone();
        self.next = (self.next + 1) % self.calls.len();
        let answer = connection.expect(StatusCode::OK, call).await?;
        if answer.body().starts_with(self.must_hold) {
            Ok(true)
        } else {
            Err(format!("an unexpected answer: {:?}", answer.body()).into())
        }
    }
}

/// Chains of a public client: each answer's refresh token is the next request.
pub struct Refresh {
    pub client: String,
    pub tokens: Vec<String>,
    pub next: usize,
}

impl Work for Refresh {
    async fn once(&mut self, connection: &mut Connection) -> Result<bool> {
        let token = &mut self.tokens[self.next];
        let form = format!("grant_type=refresh_token&client_id={}&refresh_token={token}", self.client);
        let answer = connection.expect(StatusCode::OK, post("/oauth2/token", form, |head| head)).await?;
        let body: serde_json::Value = serde_json::from_slice(answer.body())?;
        body["refresh_token"].as_str().ok_or("no refresh_token")?.clone_into(token);
        self.next = (self.next + 1) % self.tokens.len();
        Ok(true)
    }
}

/// Codes of approved requests, each exchanged once, with PKCE and for an ID token too.
pub struct Exchange {
    pub client: String,
    pub codes: Vec<String>,
}

impl Work for Exchange {
    async fn once(&mut self, connection: &mut Connection) -> Result<bool> {
        let Some(code) = self.codes.pop() else { return Ok(false) };
        let form = format!(
            "grant_type=authorization_code&client_id={}&code={code}&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}",
            self.client
        );
        connection.expect(StatusCode::OK, post("/oauth2/token", form, |head| head)).await?;
        Ok(true)
    }
}

/// The sign-in form, filled in by one person after the other on a browser that keeps its form.
pub struct SignIn {
    call: Box<dyn Fn(&str) -> Call>,
    usernames: Vec<String>,
    next: usize,
}

impl SignIn {
    pub async fn open_form(connection: &mut Connection, usernames: Vec<String>) -> Result<Self> {
        let page = connection.expect(StatusCode::OK, get("/login")).await?;
        let cookie = page.headers().get(SET_COOKIE).ok_or("the form has no cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let csrf = csrf(&page)?;
        let call = move |username: &str| {
            let password = PASSWORD.replace(' ', "+");
            post("/login", format!("csrf={csrf}&username={username}&password={password}"), |head| {
                head.header(COOKIE, &cookie)
            })
        };
        Ok(Self { call: Box::new(call), usernames, next: 0 })
    }
}

/// The cookies of a browser in which this person has signed in.
pub async fn signed_in(connection: &mut Connection, username: &str) -> Result<String> {
    let form = SignIn::open_form(connection, vec![username.to_owned()]).await?;
    let answer = connection.expect(StatusCode::SEE_OTHER, (form.call)(username)).await?;
    let cookies = answer.headers().get_all(SET_COOKIE).into_iter().filter_map(|cookie| cookie.to_str().ok());
    let pairs: Vec<&str> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
    Ok(pairs.join("; "))
}

fn csrf(page: &Answer) -> Result<String> {
    let html = str::from_utf8(page.body())?;
    let value = html.split_once("name=\"csrf\" value=\"").ok_or("the form has no token")?.1;
    Ok(value.split('"').next().unwrap_or_default().to_owned())
}

impl Work for SignIn {
    async fn once(&mut self, connection: &mut Connection) -> Result<bool> {
        let call = (self.call)(&self.usernames[self.next]);
        self.next = (self.next + 1) % self.usernames.len();
        // A page instead of a redirection says that the sign-in failed.
        connection.expect(StatusCode::SEE_OTHER, call).await?;
        Ok(true)
    }
}

/// The `at`th of `of` equal shares.
pub fn share<T: Clone>(all: &[T], at: usize, of: usize) -> Vec<T> {
    let size = all.len() / of;
    all[at * size..(at + 1) * size].to_vec()
}
