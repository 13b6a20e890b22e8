//! Progress of a run on a terminal: one line a stage, with a bar where the work can be counted. Elsewhere the log has each stage as it
//! begins, with `-v`.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crossclaim::pipeline::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Bars on the standard error stream.
pub struct Bars {
    shown: bool,
    bar: Mutex<Option<ProgressBar>>,
    stopped: Arc<AtomicBool>,
}

impl Bars {
    /// Bars that show on a terminal unless `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), bar: Mutex::new(None), stopped: Arc::default() }
    }

    /// The same bars, and a run that ends after the batch in hand on Ctrl-C, SIGTERM or SIGHUP, and at once on the second.
    /// Where one of these is ignored already, as under `nohup` or behind `&`, only SIGTERM is handled.
    pub fn stopping(self) -> Self {
        let stopped = self.stopped.clone();
        let handler = move || {
            if stopped.swap(true, Ordering::Relaxed) {
                std::process::exit(1);
            }
            // Whether or not somebody still reads it: the second Ctrl-C must be heard.
            let _ = writeln!(std::io::stderr(), "\nfinishing the batch in hand; Ctrl-C again stops at once");
        };
        if let Err(error) = ctrlc::try_set_handler(handler) {
            tracing::debug!("Ctrl-C is not handled: {error}");
            #[cfg(unix)]
            if let Err(error) = self.stop_on_termination() {
                tracing::warn!("SIGTERM stops the run at once: {error}");
            }
        }
        self
    }

    /// Ends the run in order on the first SIGTERM, at once on the second.
    #[cfg(unix)]
    fn stop_on_termination(&self) -> std::io::Result<()> {
        use signal_hook::consts::SIGTERM;
        signal_hook::flag::register_conditional_shutdown(SIGTERM, 1, self.stopped.clone())?;
        signal_hook::flag::register(SIGTERM, self.stopped.clone())?;
        Ok(())
    }
}

impl Progress for Bars {
    fn begin(&self, stage: &'static str, total: usize) {
        if !self.shown {
            tracing::debug!("stage {stage}");
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

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
