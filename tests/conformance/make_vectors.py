#!/usr/bin/env python3
"""Writes the vector files that the project makes and keeps.

usage: make_vectors.py [FOLDER]          (default: vectors/ beside this file)

An independent implementation of docs/FORMATS.md: standard library only, its
own arithmetic, nothing shared with the project's code. Every run writes the
same bytes. ledger.json, map.json and reject_header.json come from elsewhere
and are not touched.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "make"))

import bundle_vectors  # noqa: E402
import protobuf_vectors  # noqa: E402
import small_vectors  # noqa: E402

FILES = {
    "opening.json": small_vectors.opening,
    "command.json": small_vectors.command,
    "deposit.json": small_vectors.deposit,
    "refused_protobuf.json": protobuf_vectors.refused_protobuf,
    "certificate.json": bundle_vectors.certificate,
    "bundle.json": bundle_vectors.bundle,
}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else \
        HERE / "vectors"
    for name, make in FILES.items():
        text = json.dumps(make(), indent=1, ensure_ascii=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
