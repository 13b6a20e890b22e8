//! The program `crossclaim`: reads arguments, runs a command, turns errors into messages and exit codes.

mod cli;
mod progress;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = cli::Arguments::read();
    cli::start_log(arguments.verbose, arguments.quiet);
    match cli::execute(arguments) {
        Ok(exit) => exit.into(),
        Err(error) if cli::is_closed_pipe(&error) => cli::Exit::Done.into(),
        Err(error) => {
            // A reader that went away changes no exit code.
            let _ = writeln!(std::io::stderr(), "error: {}", cli::chain(&error));
            cli::Exit::of(&error).into()
        }
    }
}
