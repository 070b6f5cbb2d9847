//! How many statements a page sends to the database.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use super::browser::Browser;

// Hears what `sqlx` says of each statement.
struct Ear(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How many statements this page takes. It is opened once before: that fills what the program keeps.
pub async fn statements(by: &Browser, path: &str) -> usize {
    by.get(path).await.is(200);
    let sent = Arc::new(AtomicUsize::new(0));
    // A test and all that it asks of the program run on one thread, so nothing else is heard.
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(Ear(sent.clone())));
    by.get(path).await.is(200);
    drop(listening);
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent > 0, "{path} asks the database for nothing");
    sent
}
