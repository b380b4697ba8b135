//! Keeps the theme that is chosen, without the game waiting for the disk.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::words::Say;

/// How long leaving waits for a theme that is being kept.
const PATIENCE: Duration = Duration::from_secs(1);

/// Keeps the name of a theme for the next run, and tells how that went.
pub type Keep = Arc<dyn Fn(&str) -> Say + Send + Sync>;

/// The way to keep a theme, and the one that is being kept.
#[derive(Default)]
pub struct Keeping {
    keep: Option<Keep>,
    task: Option<JoinHandle<Say>>,
}

impl Keeping {
    /// Keeps nothing yet.
    pub fn new(keep: Option<Keep>) -> Self {
        Self { keep, task: None }
    }

    /// Whether a theme can be kept.
    pub fn is_possible(&self) -> bool {
        self.keep.is_some()
    }

    /// Begins to keep a theme, after the one before it.
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

    /// What is to be said once a theme is kept; nothing as long as none is.
    pub async fn done(&mut self) -> Say {
        let Some(task) = &mut self.task else {
            return std::future::pending().await;
        };
        let words = said(task).await;
        self.task = None;
        words
    }

    /// Waits for the theme that is being kept, if it does not take long.
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
