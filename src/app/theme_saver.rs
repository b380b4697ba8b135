//! Saves the chosen theme without blocking the game.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::words::Say;

/// How long leaving waits for a theme to be saved.
const PATIENCE: Duration = Duration::from_secs(1);

/// Saves the name of a theme for the next run, and returns what to say about it.
pub type Keep = Arc<dyn Fn(&str) -> Say + Send + Sync>;

/// Saves themes, one after the other.
#[derive(Default)]
pub struct ThemeSaver {
    keep: Option<Keep>,
    task: Option<JoinHandle<Say>>,
}

impl ThemeSaver {
    /// Without anything to save yet. `keep` is none if themes can't be saved.
    pub fn new(keep: Option<Keep>) -> Self {
        Self { keep, task: None }
    }

    /// Whether themes can be saved.
    pub fn is_possible(&self) -> bool {
        self.keep.is_some()
    }

    /// Starts to save a theme, after the one before it.
    pub fn begin(&mut self, name: String) {
        let Some(keep) = self.keep.clone() else {
            return;
        };
        let before = self.task.take();
        self.task = Some(tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            said(spawn_blocking(move || keep(&name))).await
        }));
    }

    /// What to say once a theme is saved. Pending as long as none is being saved.
    pub async fn done(&mut self) -> Say {
        let Some(task) = &mut self.task else {
            return std::future::pending().await;
        };
        let words = said(task).await;
        self.task = None;
        words
    }

    /// Waits for a theme that is being saved, but not for long.
    pub async fn finish(&mut self) {
        if self.task.is_some() {
            let _ = tokio::time::timeout(PATIENCE, self.done()).await;
        }
    }
}

async fn said(task: impl Future<Output = Result<Say, tokio::task::JoinError>>) -> Say {
    task.await
        .unwrap_or_else(|panic| Say::from(panic.to_string()))
}
