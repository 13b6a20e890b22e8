"""Embeds the claims of a run through Apache Spark and compares the digest with that of the run.

    embed.py CROSSCLAIM TABLES OUT

CROSSCLAIM is the program, TABLES the folder `tables/` of a run, OUT a folder that is made.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession

PARTS = 4
VECTORS = "article long, id string, date string, index int, text_key binary, names string, vector binary"


def through(command):
    """A function for `mapInArrow`: batches go through a child process as one Arrow stream.

    The child ends with 0, or with 4 where rows could not be used; everything else fails the task.
    """

    def part(batches):
        first = next(batches, None)
        if first is None:
            return
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        broken = []

        def feed():
            try:
                with pa.ipc.new_stream(child.stdin, first.schema) as stream:
                    stream.write_batch(first)
                    for batch in batches:
                        stream.write_batch(batch)
                child.stdin.close()
            except Exception as error:  # told in the task's own thread
                broken.append(error)
                child.kill()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        with pa.ipc.open_stream(child.stdout) as stream:
            yield from stream
        feeder.join()
        if broken:
            raise broken[0]
        if child.wait() not in (0, 4):
            raise RuntimeError(f"{command[2]} ended with {child.returncode}")

    return part


def selftest(command):
    """A function for `mapInArrow`: what this worker's self-test says."""

    def part(batches):
        for _ in batches:
            pass
        yield pa.RecordBatch.from_pylist([{"said": subprocess.check_output(command, text=True)}])

    return part


def digest(program, file):
    with open(file, "rb") as table:
        line = subprocess.check_output([program, "stage", "digest", "--io", "parquet"], stdin=table)
    return json.loads(line)


def main(program, tables, out):
    program = str(Path(program).resolve())
    manifest = json.loads((Path(tables) / "manifest.json").read_text())["tables"]["vectors"]
    spark = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("crossclaim")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", PARTS)
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")

    try:
        command = [program, "stage", "selftest", "--threads", "1"]
        own = subprocess.check_output(command, text=True)
        workers = spark.range(0, PARTS, 1, PARTS).mapInArrow(selftest(command), "said string").collect()
        if {row.said for row in workers} != {own}:
            sys.exit("a worker gives another self-test than the driver")

        claims = spark.read.parquet(str(Path(tables) / "claims.parquet"))
        dealt = claims.repartition(PARTS, "text_key").sortWithinPartitions("text_key")
        embed = through([program, "stage", "embed", "--threads", "1"])
        dealt.mapInArrow(embed, VECTORS).write.parquet(str(out))
    finally:
        spark.stop()

    files = sorted(Path(out).glob("*.parquet"))
    digests = [digest(program, file) for file in files]
    rows = sum(one["rows"] for one in digests)
    total = f"{sum(int(one['digest'], 16) for one in digests) % 2**128:032x}"
    print(f"spark: {rows} rows in {len(files)} parts, digest {total}")
    print(f"run:   {manifest['rows']} rows, digest {manifest['digest']}")
    if (rows, total) != (manifest["rows"], manifest["digest"]):
        sys.exit("the digests differ")


if __name__ == "__main__":
    main(*sys.argv[1:])
