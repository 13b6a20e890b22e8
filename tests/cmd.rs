//! Commands as people type them, with what they print and how they end.

#[test]
fn commands_print_what_their_files_say() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
