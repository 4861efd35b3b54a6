#!/usr/bin/env python3
"""Checks the .proto files against the project's rules.

usage: check_protos.py [ROOT] | --self-test

- the package is the folder; the version is its last part
- every service, rpc, message, field, enum and enum value has a comment above
  it or on its line; so has the file or its first element
- the zero value of an enum ends in _UNSPECIFIED, numbers are not repeated
- files of signed or hashed messages (SIGNED) have no map, float, double,
  group, `optional` scalar or `google.protobuf.Any`
- a List...Request has page_size and page_token, its response next_page_token
"""

import fnmatch
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIGNED = ("dataip/registry/v1/*.proto", "dataip/bundle/v1/*.proto")
NOT_SIGNED = ("*_service.proto",)

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/|[\w.]+|\S', re.S)
SCALARS = ("double|float|int32|int64|uint32|uint64|sint32|sint64|fixed32|"
           "fixed64|sfixed32|sfixed64|bool|string|bytes")
UNFIT = (
    (re.compile(r"^map$"), "map"),
    (re.compile(r"^(float|double)$"), "floating point"),
    (re.compile(r"^group$"), "group"),
    (re.compile(r"^(google\.protobuf\.)?Any$"), "Any"),
)


class Element:
    """A named thing in a .proto file."""

    def __init__(self, kind, name, line, parent):
        self.kind, self.name, self.line = kind, name, line
        self.parent = parent
        self.children = []

    def fields(self):
        """Names of the fields, those inside a oneof included."""
        names = set()
        for child in self.children:
            if child.kind == "field":
                names.add(child.name)
            elif child.kind == "oneof":
                names |= child.fields()
        return names


def tokens(text):
    """Returns ([(line, token)], lines with comments) of a file's text."""
    found, comments = [], set()
    for match in TOKEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        token = match.group()
        if token.startswith(("//", "/*")):
            comments.update(range(line, line + token.count("\n") + 1))
        else:
            found.append((line, token))
    return found, comments


def name_of(statement, parent):
    """Returns (kind, name) that a statement up to `{` or `;` declares."""
    words = [token for _, token in statement]
    first = words[0]
    if first in ("message", "enum", "service", "oneof"):
        return first, words[1]
    if first == "rpc":
        return "rpc", words[1]
    if first in ("syntax", "package", "import", "option", "reserved",
                 "extensions"):
        return first, words[1] if len(words) > 1 else ""
    if "=" in words:
        at = words.index("=")
        kind = "value" if parent and parent.kind == "enum" else "field"
        return kind, words[at - 1]
    return "other", first


def parse(text):
    """Returns (root element, package, statements, comment lines)."""
    stream, comments = tokens(text)
    root = Element("file", "", 1, None)
    here, statement, statements, package = root, [], [], ""
    brackets = 0
    for line, token in stream:
        if token == "[":
            brackets += 1
        elif token == "]":
            brackets -= 1
        if brackets or token not in "{};":
            statement.append((line, token))
            continue
        if statement:
            kind, name = name_of(statement, here)
            element = Element(kind, name, statement[0][0], here)
            element.words = [word for _, word in statement]
            statements.append(element)
            here.children.append(element)
            if kind == "package":
                package = name
            if token == "{":
                here = element
        elif token == "{":
            element = Element("other", "{", line, here)
            here = element
        if token == "}":
            here = here.parent
        statement = []
    return root, package, statements, comments


def flaws_of_enum(enum):
    numbers = []
    for value in enum.children:
        if value.kind != "value":
            continue
        number = value.words[value.words.index("=") + 1]
        if number in numbers:
            yield value.line, f"{enum.name} has {number} twice"
        numbers.append(number)
        if number == "0" and not value.name.endswith("_UNSPECIFIED"):
            yield value.line, f"{value.name} = 0 does not end in _UNSPECIFIED"
    if numbers and numbers[0] != "0":
        yield enum.line, f"{enum.name} does not begin with 0"


def flaws_of_message(message):
    numbers = set()
    for child in message.children:
        inner = child.children if child.kind == "oneof" else [child]
        for field in inner:
            if field.kind != "field":
                continue
            number = field.words[field.words.index("=") + 1]
            if number in numbers:
                yield field.line, f"{message.name} has {number} twice"
            numbers.add(number)
    fields = message.fields()
    if re.fullmatch(r"List\w+Request", message.name):
        for wanted in ("page_size", "page_token"):
            if wanted not in fields:
                yield message.line, f"{message.name} has no {wanted}"
    if re.fullmatch(r"List\w+Response", message.name):
        if "next_page_token" not in fields:
            yield message.line, f"{message.name} has no next_page_token"


def flaws_of_signed(element):
    if element.kind != "field":
        return
    at = element.words.index("=") - 1  # a field may be named `map`
    for word in element.words[:at]:
        for pattern, what in UNFIT:
            if pattern.match(word):
                yield element.line, f"{what} in a signed message"
    if (element.words[0] == "optional"
            and re.fullmatch(SCALARS, element.words[1])):
        yield element.line, "optional scalar in a signed message"


def check_file(path, text):
    """Yields (line, flaw) of one file; path is relative to proto/."""
    root, package, statements, comments = parse(text)
    folder = path.rsplit("/", 1)[0]
    if package != folder.replace("/", "."):
        yield 1, f"package {package or '(none)'} is not the folder {folder}"
    if not re.search(r"/v\d+$", folder):
        yield 1, f"folder {folder} has no version"
    named = ("message", "enum", "service", "rpc", "field", "value")
    if not any(child.kind in named for child in root.children):
        yield 1, "holds nothing"
    signed = (any(fnmatch.fnmatchcase(path, p) for p in SIGNED)
              and not any(fnmatch.fnmatchcase(path, p) for p in NOT_SIGNED))
    code_lines = {element.line for element in statements}
    for element in statements:
        if element.kind in named:
            above, own = element.line - 1, element.line
            has = own in comments or (above in comments
                                      and above not in code_lines)
            if not has:
                yield element.line, f"{element.kind} {element.name}: no comment"
        if element.kind == "enum":
            yield from flaws_of_enum(element)
        if element.kind == "message":
            yield from flaws_of_message(element)
        if signed:
            yield from flaws_of_signed(element)


def check(root):
    """Returns ["path:line: flaw"] of all files under root/proto."""
    found = []
    base = root / "proto"
    for file in sorted(base.rglob("*.proto")):
        path = file.relative_to(base).as_posix()
        for line, flaw in check_file(path, file.read_text(encoding="utf-8")):
            found.append(f"proto/{path}:{line}: {flaw}")
    return found


SOUND = """syntax = "proto3";
package dataip.registry.v1;
// A page.
message ListThingsRequest {
  // Most to return.
  int32 page_size = 1;
  string page_token = 2;  // Where to go on.
}
// A kind.
enum Kind {
  // Not set.
  KIND_UNSPECIFIED = 0;
}
"""
BREAKS = (
    ("registry.v1", "ledger.v1", "is not the folder"),
    ("// A page.", "", "message ListThingsRequest: no comment"),
    ("  // Where to go on.", "", "field page_token: no comment"),
    ("  // Not set.", "", "value KIND_UNSPECIFIED: no comment"),
    ("KIND_UNSPECIFIED", "KIND_NONE", "_UNSPECIFIED"),
    ("page_token = 2", "page_token = 1", "has 1 twice"),
    ("string page_token", "string token", "has no page_token"),
    ("string page_token", "optional string page_token", "optional scalar"),
    ("string page_token", "double page_token", "floating point"),
    ("string page_token", "map<string, bytes> page_token", "map"),
)


def self_test():
    """Breaks each rule in a sound file; returns whether all were found."""
    with tempfile.TemporaryDirectory() as scratch:
        file = (pathlib.Path(scratch)
                / "proto/dataip/registry/v1/planted.proto")
        file.parent.mkdir(parents=True)
        file.write_text(SOUND, encoding="utf-8")
        good = True
        if check(pathlib.Path(scratch)):
            print(f"self-test: sound file refused: "
                  f"{check(pathlib.Path(scratch))}")
            good = False
        for old, new, wanted in BREAKS:
            file.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
            found = check(pathlib.Path(scratch))
            if not any(wanted in flaw for flaw in found):
                print(f"self-test: '{wanted}' not found in {found}")
                good = False
    return good


def main(arguments):
    if arguments == ["--self-test"]:
        if not self_test():
            return 1
        print(f"protos: {len(BREAKS)} planted, all found")
        return 0
    found = check(pathlib.Path(arguments[0]) if arguments else ROOT)
    for flaw in found:
        print(flaw)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
