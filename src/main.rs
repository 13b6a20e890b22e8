//! The program `crossclaim`.

fn main() -> std::process::ExitCode {
    eprintln!("crossclaim: the pipeline is not assembled yet; see README.md");
    std::process::ExitCode::FAILURE
}
