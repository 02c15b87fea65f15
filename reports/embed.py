"""Writes files into a C++ source as constants: embed.py OUTPUT INPUT...

page/style.css becomes `style_css`; for a style sheet or a script, `style_css_sha256` is the value that
a content security policy names it by. reports/page/embedded.hpp declares what is expected here.
"""

import base64
import hashlib
import pathlib
import sys

DELIMITER = "embedded"
LINES_A_LITERAL = 200  # compilers promise no more than 64 KiB for one literal


def literal(text):
    if f"){DELIMITER}\"" in text:
        raise SystemExit(f"embed.py: a file holds the delimiter ){DELIMITER}\"")
    lines = text.splitlines(keepends=True)
    parts = ["".join(lines[i : i + LINES_A_LITERAL]) for i in range(0, len(lines), LINES_A_LITERAL)]
    return "\n".join(f'R"{DELIMITER}({part}){DELIMITER}"' for part in parts) or '""'


def main(output, inputs):
    out = ['#include "reports/page/embedded.hpp"', "", "namespace ws2conform::reports::embedded {", ""]
    for path in map(pathlib.Path, inputs):
        text = path.read_text(encoding="utf-8")
        name = path.name.replace(".", "_")
        out += [f"const std::string_view {name} = {literal(text)};", ""]
        if path.suffix in (".css", ".js"):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            out += [f'const std::string_view {name}_sha256 = "sha256-{digest}";', ""]
    out += ["}  // namespace ws2conform::reports::embedded", ""]
    pathlib.Path(output).write_text("\n".join(out), encoding="utf-8")


main(sys.argv[1], sys.argv[2:])
