#!/usr/bin/env bash
# Embeds the claims of the sample corpus through Apache Spark; see README.md. The program may be given: CROSSCLAIM=path.
set -euo pipefail
venv=$(realpath -m "${1:?the folder of the virtual environment, which is made if it is not there}")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ -z "${CROSSCLAIM:-}" ]; then
    cargo build --release --manifest-path "$root/Cargo.toml"
    CROSSCLAIM=$root/target/release/crossclaim
fi
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q -r "$here/requirements.txt"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
"$CROSSCLAIM" run corpus/drones -q --out "$work/run" --set judge.max_pairs=1 --set cache.enabled=false --set 'report.formats=["csv"]'
export PYSPARK_PYTHON=$venv/bin/python SPARK_WORKER_DIR=$work/spark
"$venv/bin/python" "$here/embed.py" "$CROSSCLAIM" "$work/run/tables" "$work/vectors"
