//! How the slots of a worker are shared out between the queues: the more urgent first, then whoever has the fewest
//! running, then whoever has waited longest. So a queue of a hundred thousand jobs keeps no other one waiting.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::terms::{Class, SLOTS, Terms};

/// The slots of a worker, and which queues' jobs are in them.
#[derive(Clone, Debug, Default)]
pub struct Room(BTreeMap<String, usize>);

impl Room {
    pub fn enter(&mut self, queue: &str) {
        *self.0.entry(queue.to_owned()).or_default() += 1;
    }

    pub fn leave(&mut self, queue: &str) {
        if let Some(count) = self.0.get_mut(queue) {
            *count = count.saturating_sub(1);
        }
    }

    /// Slots with nothing in them.
    pub fn free(&self) -> usize {
        SLOTS.saturating_sub(self.0.values().sum())
    }

    fn running(&self, queue: &str) -> usize {
        self.0.get(queue).copied().unwrap_or(0)
    }

    /// How many jobs of this class and of the later ones are running.
    fn running_from(&self, class: Class) -> usize {
        self.0.iter().filter(|(queue, _)| Terms::of(queue).class >= class).map(|(_, count)| count).sum()
    }

    /// Whether one more of this queue may start.
    fn admits(&self, queue: &str) -> bool {
        let terms = Terms::of(queue);
        let alike = self.0.iter().filter(|(queue, _)| Terms::of(queue).class == terms.class);
        let earlier = [Class::Awaited, Class::Ordinary, Class::Upkeep].into_iter();
        self.running(queue) < terms.at_once
            && alike.map(|(_, count)| count).sum::<usize>() < terms.class.of_its_own()
            && earlier
                .filter(|class| *class <= terms.class)
                .all(|class| self.running_from(class) < class.at_once())
    }
}

/// What is due in one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub queue: String,
    pub jobs: usize,
    /// When the first of them became due.
    pub since: Timestamp,
}

/// How many jobs to take from which queue.
pub fn share(waiting: &[Waiting], room: &Room) -> Vec<(String, usize)> {
    let (mut room, mut taken) = (room.clone(), vec![0; waiting.len()]);
    loop {
        let next = (0..waiting.len())
            .filter(|&at| taken[at] < waiting[at].jobs && room.admits(&waiting[at].queue))
            .min_by_key(|&at| {
                let Waiting { queue, since, .. } = &waiting[at];
                (Terms::of(queue).class, room.running(queue), *since)
            });
        let Some(next) = next else { break };
        room.enter(&waiting[next].queue);
        taken[next] += 1;
    }
    let shares = waiting.iter().zip(taken).filter(|(_, jobs)| *jobs > 0);
    shares.map(|(waiting, jobs)| (waiting.queue.clone(), jobs)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(queue: &str, jobs: usize, since: i64) -> Waiting {
        Waiting { queue: queue.into(), jobs, since: Timestamp::from_secs(since) }
    }

    fn room(running: &[(&str, usize)]) -> Room {
        let mut room = Room::default();
        for (queue, count) in running {
            (0..*count).for_each(|_| room.enter(queue));
        }
        room
    }

    fn shares(waiting: &[Waiting], running: &[(&str, usize)]) -> String {
        let shares = share(waiting, &room(running));
        shares.iter().map(|(queue, jobs)| format!("{queue}={jobs}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_crowd_leaves_room_for_others() {
        let crowd = [waiting("provision-user", 100_000, 1), waiting("delete-device", 2, 9)];
        assert_eq!(shares(&crowd, &[]), "provision-user=5 delete-device=2");
        assert_eq!(
            shares(&crowd, &[("provision-user", 6)]),
            "delete-device=1",
            "the one that has none running"
        );
        assert_eq!(shares(&crowd[..1], &[]), "provision-user=7", "others are kept for what is awaited");
    }

    #[test]
    fn who_is_waited_for_comes_first() {
        let mails = [waiting("provision-user", 100, 1), waiting("send-recovery-mail", 3, 9)];
        assert_eq!(shares(&mails, &[]), "provision-user=7 send-recovery-mail=3");
        assert_eq!(shares(&mails, &[("provision-user", 7)]), "send-recovery-mail=3");
        let upkeep = [("provision-user", 7), ("cleanup-changes", 1)];
        assert_eq!(shares(&mails, &upkeep), "send-recovery-mail=2");
    }

    #[test]
    fn clean_up_takes_two_slots_at_most_and_never_the_last_ones() {
        let upkeep = [waiting("cleanup-changes", 5, 1), waiting("cleanup-sign-ins", 1, 2)];
        assert_eq!(shares(&upkeep, &[]), "cleanup-changes=1 cleanup-sign-ins=1");
        assert_eq!(shares(&upkeep, &[("cleanup-changes", 1)]), "cleanup-sign-ins=1");
        assert_eq!(shares(&upkeep, &[("cleanup-a", 1), ("cleanup-b", 1)]), "");
        assert_eq!(
            shares(&upkeep, &[("provision-user", 7)]),
            "cleanup-changes=1",
            "no backlog keeps it waiting"
        );
        assert_eq!(shares(&upkeep, &[("provision-user", 7), ("cleanup-a", 1)]), "");
    }

    #[test]
    fn few_deactivations_run_at_once() {
        let ends = [waiting("deactivate-user", 50, 1), waiting("provision-user", 50, 2)];
        assert_eq!(shares(&ends, &[]), "deactivate-user=2 provision-user=5");
    }

    #[test]
    fn nothing_fits_into_a_full_worker() {
        let mail = [waiting("send-recovery-mail", 1, 1)];
        assert_eq!(shares(&mail, &[("send-recovery-mail", SLOTS)]), "");
        let mut room = room(&[("send-recovery-mail", SLOTS)]);
        assert_eq!(room.free(), 0);
        room.leave("send-recovery-mail");
        assert_eq!(room.free(), 1);
    }
}
