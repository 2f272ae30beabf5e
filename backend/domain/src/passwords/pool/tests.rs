use std::sync::{Barrier, mpsc};

use super::*;

fn pool(threads: usize, queue: usize, idle: Duration) -> Arc<Pool> {
    let threads = NonZeroUsize::new(threads).unwrap();
    Arc::new(Pool::new(Limits { threads, queue, idle }))
}

/// Long enough never to pass in a test.
const HOURS: Duration = Duration::from_secs(36_000);

/// Starts a job that occupies a thread until the returned end is dropped.
async fn occupy(pool: &Arc<Pool>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<()>>) {
    let (release, held) = mpsc::channel::<()>();
    let (begun, begins) = oneshot::channel();
    let pool = pool.clone();
    let job = tokio::spawn(async move {
        pool.run(move |_| {
            begun.send(()).unwrap();
            held.recv().unwrap_err();
        })
        .await
    });
    begins.await.unwrap();
    (release, job)
}

#[tokio::test]
async fn jobs_run_at_once_on_as_many_threads_as_allowed() {
    let pool = pool(3, 10, HOURS);
    let meeting = Arc::new(Barrier::new(3));
    let job = || {
        let meeting = meeting.clone();
        pool.run(move |_| meeting.wait().is_leader())
    };
    let (one, two, three) = tokio::join!(job(), job(), job());
    assert_eq!([one, two, three].into_iter().filter(|leader| *leader.as_ref().unwrap()).count(), 1);
    assert_eq!(pool.shared.lock().threads, 3);
}

#[tokio::test]
async fn a_full_queue_refuses_clearly_and_recovers() {
    let pool = pool(1, 2, HOURS);
    let (release, first) = occupy(&pool).await;
    let waiting = [1, 2].map(|n| {
        let pool = pool.clone();
        tokio::spawn(async move { pool.run(move |_| n).await })
    });
    while pool.shared.lock().queue.len() < 2 {
        tokio::task::yield_now().await;
    }

    let refused = pool.run(|_| 3).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Unavailable);
    assert_eq!(refused.to_string(), "too many people are signing in right now, please try again in a moment");

    drop(release);
    first.await.unwrap().unwrap();
    for (job, n) in waiting.into_iter().zip(1..) {
        assert_eq!(job.await.unwrap().unwrap(), n);
    }
    assert_eq!(pool.run(|_| 4).await.unwrap(), 4);
}

#[tokio::test]
async fn work_that_nobody_waits_for_any_more_is_not_done() {
    let pool = pool(1, 2, HOURS);
    let (release, first) = occupy(&pool).await;
    let (told, tells) = mpsc::channel();
    let abandoned = {
        let pool = pool.clone();
        tokio::spawn(async move { pool.run(move |_| told.send(())).await })
    };
    while pool.shared.lock().queue.is_empty() {
        tokio::task::yield_now().await;
    }
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    drop(release);
    first.await.unwrap().unwrap();
    pool.run(|_| ()).await.unwrap();
    assert_eq!(tells.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_thread_goes_on() {
    let pool = pool(1, 2, HOURS);
    let thread = || thread::current().id();
    let before = pool.run(move |_| thread()).await.unwrap();
    let error = pool.run(|_| -> () { panic!("on purpose") }).await.unwrap_err();
    assert_eq!(error.kind, Kind::Internal);
    assert_eq!(error.cause.unwrap().to_string(), "hashing panicked: on purpose");
    assert_eq!(pool.run(move |_| thread()).await.unwrap(), before);
}

#[tokio::test]
async fn threads_end_when_idle_or_when_the_pool_is_gone_and_start_again() {
    let short_lived = pool(2, 2, Duration::from_millis(1));
    for _ in 0..2 {
        short_lived.run(|_| ()).await.unwrap();
        while short_lived.shared.lock().threads > 0 {
            tokio::task::yield_now().await;
        }
    }
    let dropped = pool(2, 2, HOURS);
    dropped.run(|_| ()).await.unwrap();
    let shared = Arc::downgrade(&dropped.shared);
    drop(dropped);
    while shared.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn hashing_threads_have_low_priority_and_others_keep_theirs() {
    use rustix::process::getpriority_process;
    let before = getpriority_process(None).unwrap();
    let inside = pool(1, 1, HOURS).run(|_| getpriority_process(None).unwrap()).await.unwrap();
    assert_eq!(inside, before.max(19));
    assert_eq!(getpriority_process(None).unwrap(), before);
}
