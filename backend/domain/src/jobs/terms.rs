//! On which terms jobs of a queue are run: who comes first, how many at once, and for how long.
//!
//! They follow from the queue's name, so a new kind of job is an ordinary one until it is named here, and workers of
//! different versions can share a queue.

use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// Jobs of one worker that run at the same time.
pub const SLOTS: usize = 10;

/// How soon somebody wants it. A later class never holds the slots that are kept for an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A person looks at a page and waits, for a mail most often.
    Awaited,
    Ordinary,
    /// Nobody notices whether it is done now or in an hour.
    Upkeep,
}

impl Class {
    /// How many jobs of this class and of the later ones may run at once in one worker.
    pub const fn at_once(self) -> usize {
        match self {
            Self::Awaited => SLOTS,
            Self::Ordinary => SLOTS - 2,
            Self::Upkeep => 2,
        }
    }

    /// How many jobs of this class itself may run at once: however many of them wait, one of the later classes goes on.
    pub const fn of_its_own(self) -> usize {
        match self {
            Self::Ordinary => SLOTS - 3,
            Self::Awaited | Self::Upkeep => self.at_once(),
        }
    }
}

/// What holds for the jobs of one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub class: Class,
    /// How many of them may run at once in one worker.
    pub at_once: usize,
    /// After that time they are asked to stop, as they are when the worker stops.
    pub limit: Option<Duration>,
}

impl Terms {
    pub fn of(queue: &str) -> Self {
        let (class, at_once, limit) = match queue {
            // The homeserver leaves every room of the user, which can take minutes.
            "deactivate-user" | "reactivate-user" => (Class::Ordinary, 2, None),
            "remove-unused-clients"
            | "expire-inactive-oauth-sessions"
            | "expire-inactive-compat-sessions"
            | "expire-inactive-user-sessions" => (Class::Upkeep, 1, Some(10 * MINUTE)),
            _ if queue.starts_with("cleanup-") || queue.starts_with("prune-") => {
                (Class::Upkeep, 1, Some(10 * MINUTE))
            }
            _ if queue.starts_with("send-") => (Class::Awaited, SLOTS, None),
            _ => (Class::Ordinary, SLOTS, None),
        };
        Self { class, at_once, limit }
    }
}
