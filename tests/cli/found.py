#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Search a home for what nobody may find in it.

    found.py WORDS FOLDER...

WORDS has one a line: "word TEXT" in every file and every name below the
FOLDERs, as UTF-8, UTF-16 of both kinds, hexadecimal and base64, in any case
of letters; "short TEXT" only as a word by itself, between what stands beside
words, and not in large files, for bytes at random have words of four letters
in them, a megabyte every few hundred times even by themselves; "file PATH"
for 24 bytes from the middle of that file, and its SHA-256.  Each that is found
is printed with where; the last line counts what was looked at.
"""
import base64
import hashlib
import os
import re
import sys

SMALL = 1 << 20
# Space, quotes, brackets and such; zero; the length of four in DER and, behind
# it, what DER goes on with.
BESIDE = rb"\s\0\"'/\\:;,.=<>()\[\]{}|_-"
BEFORE = rb"(?:^|[\4%s])" % BESIDE
BEHIND = rb"(?:$|[\6\14\x30\x31%s])" % BESIDE


def alike(text):
    """The forms of a word in which it would be read back."""
    data = text.encode()
    forms = {data, text.encode("utf-16-le"), text.encode("utf-16-be"),
             data.hex().encode()}
    # Base64 at each of three offsets, without the letters at the ends that
    # depend on what stands beside it.
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + data)
        first, last = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
        if last - first >= 6:
            forms |= {coded[first:last],
                      coded[first:last].translate(
                          bytes.maketrans(b"+/", b"-_"))}
    return forms


def patterns(path):
    wanted = []
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            kind, text = line.split(" ", 1)
            if kind == "word":
                forms = {form.lower() for form in alike(text)}
            elif kind == "short":
                forms = re.compile(BEFORE + text.encode() + BEHIND)
            else:
                with open(text, "rb") as g:
                    data = g.read()
                digest = hashlib.sha256(data)
                at = max(0, len(data) // 2 - 12)
                forms = {data[at:at + 24], digest.digest(),
                         digest.hexdigest().encode()}
            wanted.append((kind, text, forms))
    return wanted


def look(wanted, data, where):
    lower = data.lower()
    for kind, text, forms in wanted:
        if kind == "short":
            hit = len(data) <= SMALL and forms.search(lower)
        else:
            found_in = data if kind == "file" else lower
            hit = any(form in found_in for form in forms)
        if hit:
            print("%s: %s" % (text, where))


def main(words, *folders):
    wanted = patterns(words)
    files = names = 0
    for top in folders:
        for folder, inner, leaves in os.walk(top):
            for name in inner + leaves:
                names += 1
                look(wanted, os.fsencode(name),
                     "the name " + os.path.join(folder, name))
            for name in leaves:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    files += 1
                    with open(path, "rb") as f:
                        look(wanted, f.read(), path)
    print("looked at %d files and %d names" % (files, names))


main(*sys.argv[1:])
