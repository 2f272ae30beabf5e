//! What OAuth 2.0 and legacy sessions have in common here.

use domain::{
    audit::Subject,
    directory::{
        self,
        sessions::{self, Session},
    },
    sessions::{
        SessionKind,
        end::{self, Ended, Reason},
    },
};
use edge::App;
use kernel::{Error, id::SessionId};
use store::ConnectionTrait;

use crate::{
    Admin, Problem,
    audited::Change,
    document::{Attributes, Resource, Single},
};

/// Attributes of one kind of session.
pub trait OfSession: Attributes {
    const KIND: SessionKind;
    /// What problems call it.
    const NAME: &'static str;

    /// Fails when the session lacks what every one of its kind has.
    fn resource(session: Session) -> Result<Resource<Self>, Error>
    where
        Self: Sized;
}

/// Fails with `not_found`.
pub async fn find<S: OfSession>(db: &impl ConnectionTrait, id: SessionId) -> Result<Session, Problem> {
    directory::get(db, sessions::all(S::KIND), id).await?.ok_or_else(|| unknown::<S>(id))
}

fn unknown<S: OfSession>(id: SessionId) -> Problem {
    Problem::not_found(format!("There is no {} with the id {id}", S::NAME))
}

/// Ends it. Fails with `not_found`, and with `session_finished` if it has ended already.
pub async fn finish<S: OfSession>(
    app: &App,
    admin: &Admin,
    operation: &'static str,
    id: SessionId,
) -> Result<Single<S>, Problem> {
    let op = &admin.op;
    let finished = app.db.write(async |tx| {
        let before: Option<Session> = directory::hold(tx, sessions::all(S::KIND), id).await?;
        let before = before.ok_or_else(|| unknown::<S>(id))?;
        let subject = Subject { user: before.row.user_id, session: Some(id), ..Default::default() };
        let Some(Ended { job }) = end::end_known(tx, op, id, Reason::ByAdmin).await? else {
            let title = format!("The {} {id} is finished already", S::NAME);
            return Err(Problem::invalid("session_finished", title));
        };
        let (before, after) = (S::resource(before)?, S::resource(find::<S>(tx, id).await?)?);
        let change = Change::by(operation, subject).before(&before).after(&after);
        admin.record(tx, change).await?;
        Ok::<_, Problem>((after, job))
    });
    let (finished, job) = finished.await?;
    Ok(finished.after("finish").followed_by(job))
}
