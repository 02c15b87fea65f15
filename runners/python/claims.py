"""What an IUT file claims of its providers, for tests that start the same adapter by hand."""

import pathlib
import re


def claims_of(iut_file, provider=""):
    """The arguments --claim PROVIDER:...; of one provider, where it is named."""
    text = pathlib.Path(iut_file).read_text(encoding="utf-8")
    found = re.findall(rf"^  - --claim\n  - ({provider or '[a-z0-9]+'}:\S+)$", text, re.MULTILINE)
    if not found:
        raise ValueError(f"{iut_file} claims nothing of {provider or 'any provider'}")
    return [argument for claim in found for argument in ("--claim", claim)]
