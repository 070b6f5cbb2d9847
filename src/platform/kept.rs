//! What never changes once read, kept for the life of the process.
use std::collections::HashMap;
use std::sync::Arc;

/// Values that never change once read from the database, kept for the life of the process.
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
}
