"""Draws tables of measure.py as a picture: seconds over articles, both axes in powers of ten.

usage: plot.py TABLE.tsv... --out docs/scaling.svg

A table is one growth; its rows are joined by lines. Lines that start with # are left out. Embedding is drawn of tables with second and new
runs: without them, vectors came from a cache.
"""
import argparse
import csv
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 470, 60, 300, 20, 50
# Name in the legend, colour, seconds of a row (or None).
CURVES = [
    ("embed", "#1b6ca8", lambda row: row["embed_s"]),
    ("split and claims", "#7a5195", lambda row: row["split_s"] + row["claims_s"]),
    ("relate", "#c2410c", lambda row: row["relate_s"]),
    ("candidates", "#2f855a", lambda row: row["align_s"]),
    ("run with 1 % new articles", "#b7791f", lambda row: row["new_seconds"]),
    ("second run", "#555555", lambda row: row["second_seconds"]),
]
DASHES = ["", "6 4", "2 3"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--out", required=True)
    given = parser.parse_args()
    tables = [read(path) for path in given.tables]
    with open(given.out, "w", encoding="utf-8") as out:
        out.write(draw(tables))


def read(path):
    """Rows of numbers; a cell that is empty or a word is None."""
    def number(cell):
        try:
            return float(cell)
        except ValueError:
            return None

    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
    return [{name: number(cell) for name, cell in row.items()} for row in rows]


def draw(tables):
    """The picture as text."""
    lines = []  # of (name, colour, dash, points)
    for table, dash in zip(tables, DASHES):
        growth = "more languages" if len({row["languages"] for row in table}) > 1 else "more documents"
        for name, colour, seconds in CURVES:
            points = [(row["articles"], seconds(row)) for row in table if seconds(row)]
            is_kept = name == "embed" and not any(row["new_seconds"] for row in table)
            if len(points) > 1 and not is_kept:
                lines.append((f"{name}, {growth}" if len(tables) > 1 else name, colour, dash, points))
    xs, ys = ([point[k] for line in lines for point in line[3]] for k in (0, 1))
    across, up = scale(xs, LEFT, WIDTH - RIGHT), scale(ys, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for value in ticks(ys):
        y = up(value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g} s</text>')
    for value in ticks(xs):
        x = across(value)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:,.0f}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">articles</text>')
    for number, (name, colour, dash, points) in enumerate(lines):
        stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        path = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" fill="none" {stroke}/>')
        parts.extend(f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>' for x, y in points)
        y = TOP + 12 + 18 * number
        parts.append(f'<path d="M{WIDTH - RIGHT + 10} {y}h22" {stroke}/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 38}" y="{y + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def scale(values, start, end):
    """From a value to its place between start and end, by its logarithm."""
    low, high = math.log(min(values) * 0.85), math.log(max(values) * 1.15)
    return lambda value: start + (math.log(value) - low) / (high - low) * (end - start)


def ticks(values):
    """1, 2 and 5 times powers of ten within the values."""
    powers = range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)
    every = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    return [value for value in every if min(values) * 0.85 <= value <= max(values) * 1.15]


if __name__ == "__main__":
    main()
