//! On which terms jobs of a queue are run: who comes first, how many at once, for how long, and how often they are tried.
//!
//! They follow from the queue's name, so a new kind of job is an ordinary one until it is named here, and workers of
//! different versions can share a queue. Jobs that come from a bulk operation have queues of their own, on the same terms.

use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

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

/// How long a job that fails is tried again. The pauses double from [`Patience::FIRST_PAUSE`] on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Attempts after the first one.
    pub retries: i64,
    /// Pauses do not grow beyond this.
    pub longest_pause: Duration,
}

impl Patience {
    pub const FIRST_PAUSE: Duration = Duration::from_secs(5);

    /// Eleven attempts in all, as operators know it: the last pause is 43 minutes, the sum about 85.
    const USUAL: Self = Self { retries: 10, longest_pause: HOUR };
    /// Where somebody's safety hangs on it: after the usual ones an attempt each hour, for a week in all.
    const WEEK: Self = Self { retries: 10 + 166, longest_pause: HOUR };

    /// Between the attempt of that number, counted from 0, and the next one.
    pub fn pause(&self, attempt: i64) -> Duration {
        let doubled = u32::try_from(attempt).ok().and_then(|attempt| 2u32.checked_pow(attempt));
        doubled.map_or(self.longest_pause, |doubled| (Self::FIRST_PAUSE * doubled).min(self.longest_pause))
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
    pub patience: Patience,
}

/// The queue of jobs that were asked for by the thousand, so that a single one of their kind does not wait behind them.
pub fn in_bulk(queue: &str) -> String {
    format!("{queue}{IN_BULK}")
}

/// Whether it is one of those.
pub fn is_in_bulk(queue: &str) -> bool {
    queue.ends_with(IN_BULK)
}

const IN_BULK: &str = "-in-bulk";

impl Terms {
    pub fn of(queue: &str) -> Self {
        let queue = queue.strip_suffix(IN_BULK).unwrap_or(queue);
        let (class, at_once, limit) = match queue {
            // The homeserver leaves every room of the user, which can take minutes.
            "deactivate-user" | "reactivate-user" => (Class::Ordinary, 2, None),
            // Each is many small ones, which go on in the next job.
            "bulk-operation" | "end-client-sessions" => (Class::Ordinary, 1, Some(10 * MINUTE)),
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
        let patience = match queue {
            // They keep a device, or a person who is locked or deactivated, from the homeserver.
            "deactivate-user" | "reactivate-user" | "provision-user" | "delete-device" | "delete-devices" => {
                Patience::WEEK
            }
            _ => Patience::USUAL,
        };
        Self { class, at_once, limit, patience }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(patience: Patience) -> Duration {
        (0..patience.retries).map(|attempt| patience.pause(attempt)).sum()
    }

    #[test]
    fn what_comes_in_bulk_waits_by_itself_on_the_same_terms() {
        for queue in ["deactivate-user", "provision-user", "delete-devices", "send-email-authentication-code"]
        {
            assert_eq!(Terms::of(&in_bulk(queue)), Terms::of(queue));
            assert!(is_in_bulk(&in_bulk(queue)) && !is_in_bulk(queue));
        }
    }

    #[test]
    fn most_jobs_are_given_up_after_some_hours_and_those_that_people_depend_on_after_a_week() {
        let usual = whole(Terms::of("expire-inactive-sessions").patience);
        assert_eq!(usual, Duration::from_secs(5115));
        for queue in ["deactivate-user", "provision-user", "delete-device", "delete-devices"] {
            let patience = Terms::of(queue).patience;
            assert!((167 * HOUR..=168 * HOUR).contains(&whole(patience)), "{queue}: {:?}", whole(patience));
            assert_eq!(patience.pause(patience.retries), HOUR);
        }
    }
}
