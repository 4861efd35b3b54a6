"""Rows of a benchmark: printed as a table, kept as JSON."""

import json
import unicodedata


def shown(value):
    """A number as people read it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


class Table:
    """Written anew after each row, so that a run that ends early is kept."""

    def __init__(self, path):
        self.path = path
        self.rows = []

    def add(self, work, goal, product, floor=None, ratio=None, met=None,
            why=""):
        self.rows.append({"work": work, "goal": goal, "product": product,
                          "floor": floor, "ratio": ratio, "met": met,
                          "why": why})
        self.path.write_text(
            json.dumps(self.rows, ensure_ascii=False, indent=1) + "\n")
        print(f"  {work}: {shown(product)} ({goal}) "
              f"{'' if met is None else 'met' if met else 'MISSED'}",
              flush=True)

    def all_met(self):
        return all(row["met"] is not False for row in self.rows)

    def print(self):
        names = ["work", "goal", "product", "floor", "ratio", "met", "why"]
        lines = [names] + [
            [row["work"], row["goal"], shown(row["product"]),
             shown(row["floor"]), shown(row["ratio"]),
             {True: "yes", False: "NO", None: ""}[row["met"]], row["why"]]
            for row in self.rows]
        widths = [max(width(line[i]) for line in lines)
                  for i in range(len(names))]
        print()
        for line in lines:
            cells = [cell + " " * (widths[i] - width(cell))
                     for i, cell in enumerate(line)]
            print("  ".join(cells).rstrip())
        print(f"\n{self.path}")
