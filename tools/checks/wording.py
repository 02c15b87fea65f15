"""Raises the alarm when the documents that requirements cite say something else than they did.

Usage: wording.py LEDGER SOURCES    compare: every fingerprint must be found in some document
       wording.py --of SENTENCE...  print the fingerprint of a sentence

LEDGER is what `ws2conform coverage --json` prints (or a file of it), SOURCES a folder with copies of
the documents (.txt, .md, .html). A fingerprint is "sha256:<digest>/<count>": the digest of a sentence's
words, joined by blanks and stripped of markup, and how many words those are. The sentence itself is
not kept; it is looked for by the digests of all runs of so many words.
"""

import hashlib
import html
import json
import pathlib
import re
import sys

SUFFIXES = {".txt", ".md", ".html"}


def words(text):
    text = re.sub(r"<[^>]*>", "", text)  # HTML
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)  # links of Markdown
    text = html.unescape(text)
    text = re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text)  # emphasis and code of Markdown
    return text.split()


def digest(run):
    return hashlib.sha256(" ".join(run).encode()).hexdigest()


def fingerprint(sentence):
    run = words(sentence)
    return f"sha256:{digest(run)}/{len(run)}"


def parse(text):
    match = re.fullmatch(r"sha256:([0-9a-f]{64})/([1-9][0-9]*)", text)
    if not match:
        raise ValueError(f"{text} is no fingerprint")
    return match[1], int(match[2])


def missing(requirements, documents):
    """The (requirement, fingerprint) pairs that no document holds.

    `requirements` are members with "id" and "wording", `documents` the texts.
    """
    wanted = [(r, f, *parse(f)) for r in requirements for f in r.get("wording", [])]
    lengths = {count for _, _, _, count in wanted}
    found = set()
    for text in documents:
        all_words = words(text)
        for length in lengths:
            for begin in range(len(all_words) - length + 1):
                found.add(digest(all_words[begin : begin + length]))
    return [(r, f) for r, f, wanted_digest, _ in wanted if wanted_digest not in found]


def main(arguments):
    if arguments[:1] == ["--of"] and len(arguments) > 1:
        for sentence in arguments[1:]:
            print(fingerprint(sentence))
        return 0
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    ledger, sources = arguments
    text = sys.stdin.read() if ledger == "-" else pathlib.Path(ledger).read_text()
    requirements = json.loads(text)["requirements"]
    folder = pathlib.Path(sources)
    paths = sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES)
    if not paths:
        print(f"{folder} holds no document ({', '.join(sorted(SUFFIXES))})", file=sys.stderr)
        return 2
    lost = missing(requirements, [p.read_text(errors="replace") for p in paths])
    for requirement, mark in lost:
        print(
            f"{requirement['file']}:{requirement['line']}: {requirement['id']}: no document holds "
            f"the sentence any more that it cites ({requirement['source']}; {mark[:23]}...)"
        )
    cited = sum(len(r.get("wording", [])) for r in requirements)
    print(f"{len(paths)} documents, {cited} cited sentences, {len(lost)} not found")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
