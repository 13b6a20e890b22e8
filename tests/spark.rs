//! The stage `embed` through Apache Spark, where Java 17 is installed and `CROSSCLAIM_SPARK` names a virtual environment with pyspark.

use std::process::Command;

mod common;

use common::{has_model, root};

#[test]
fn spark_gives_the_digest_of_a_single_process() {
    let Some(venv) = std::env::var_os("CROSSCLAIM_SPARK") else {
        eprintln!("skipped: CROSSCLAIM_SPARK names no virtual environment; tests/spark/README.md says more");
        return;
    };
    let java = Command::new("java").arg("-version").output();
    if !java.is_ok_and(|said| String::from_utf8_lossy(&said.stderr).contains("version \"17")) || !has_model() {
        eprintln!("skipped: Java 17 is missing");
        return;
    }
    let output = Command::new(root().join("tests/spark/run.sh"))
        .arg(venv)
        .env("CROSSCLAIM", env!("CARGO_BIN_EXE_crossclaim"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("\n");
    assert!(output.status.success(), "{said}");
    assert!(said.contains("spark: ") && said.contains("run: "), "{said}");
}
