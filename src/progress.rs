//! Progress of a run on a terminal: one line a stage, with a bar where the work can be counted. Silent elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;

use crossclaim::pipeline::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Bars on the standard error stream.
pub struct Bars {
    shown: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bars {
    /// Bars that show on a terminal unless `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), bar: Mutex::new(None) }
    }
}

impl Progress for Bars {
    fn begin(&self, stage: &'static str, total: usize) {
        if !self.shown {
            return;
        }
        let (bar, template) = if total > 0 {
            (ProgressBar::new(total as u64), "{prefix:>10} {wide_bar} {pos}/{len} {eta:>5}")
        } else {
            (ProgressBar::new_spinner(), "{prefix:>10} {spinner} {elapsed}")
        };
        bar.set_style(ProgressStyle::with_template(template).expect("the template is fixed"));
        bar.set_prefix(stage);
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        *self.bar.lock().expect("no holder panics") = Some(bar);
    }

    fn advance(&self, done: usize) {
        if let Some(bar) = self.bar.lock().expect("no holder panics").as_ref() {
            bar.inc(done as u64);
        }
    }

    fn end(&self) {
        if let Some(bar) = self.bar.lock().expect("no holder panics").take() {
            bar.finish();
        }
    }
}
