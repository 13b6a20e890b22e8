# Short names for the commands of README.md and CONTRIBUTING.md.

default: run

run:
    cargo run --release

test:
    cargo test --release

ci:
    bash .ci/run

evaluate:
    cargo run --release -- evaluate --ignore corpus/gold/implied_pairs.csv
