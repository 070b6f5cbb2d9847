//! What need not be read twice: what never changes, for the life of the process, and what a page asks again and again, for that page.
use std::collections::HashMap;
use std::sync::Arc;

/// Values read from the database, by name. Those of the process never change; those of a [`crate::platform::db::Work`] end with it.
#[derive(Default)]
pub struct Kept(std::sync::Mutex<HashMap<String, Arc<dyn std::any::Any + Send + Sync>>>);

impl Kept {
    /// The value kept under this name.
    pub fn get<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        self.0.lock().ok()?.get(name)?.clone().downcast().ok()
    }

    /// Keeps a value.
    pub fn keep<T: Send + Sync + 'static>(&self, name: String, value: Arc<T>) -> Arc<T> {
        if let Ok(mut kept) = self.0.lock() {
            kept.insert(name, value.clone());
        }
        value
    }

    /// Forgets what changed.
    pub fn forget(&self, name: &str) {
        if let Ok(mut kept) = self.0.lock() {
            kept.remove(name);
        }
    }
}
