#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Manifests that lie, of one that does not.

    signed_lies.py MANIFEST FOLDER

MANIFEST is the JSON of a deposit for one party.  Each lie is written to
FOLDER/NAME.json, in canonical form, to be signed; and a line is printed:
its name, the exit code of deed shard get, and what README should do with it:
"opens" or "fails".  What no catalogue takes up is exit 4; "refused" is exit 5
under the deposit's own id, whatever the command.  Where something is given
out, it is the document.
"""
import copy
import json
import os
import sys


def flip(digest):
    return digest[:-1] + ("0" if digest[-1] != "0" else "1")


def member(name, value):
    def lie(m):
        m[name] = value
    return lie


def digest_of(*path):
    """One hash is another: a list means all that is in it."""
    def lie(m):
        at = m
        for key in path[:-1]:
            at = at[key]
        old = at[path[-1]]
        at[path[-1]] = [flip(d) for d in old] if isinstance(old, list) \
            else flip(old)
    return lie


def swapped(m):
    parts = m["chunks"][0]["segments"]
    parts[0], parts[1] = parts[1], parts[0]


def shorter(m):
    m["chunks"][0]["size"] -= 1


def rotated(m):
    m["placement"] = m["placement"][1:] + m["placement"][:1]


def without(name):
    def lie(m):
        del m[name]
    return lie


LIES = {
    "granted": (member("granted", []), "refused", "fails"),
    "retain": (member("retain", "2030-01-01T00:00:00Z"), "refused", "fails"),
    "hold": (member("hold", None), "refused", "fails"),
    "quorum": (member("quorum", {}), "refused", "fails"),
    "more": (member("more", 1), "refused", "fails"),
    "edition": (member("type", "deed.manifest/3"), "refused", "fails"),
    "first": (member("type", "deed.manifest/1"), "refused", "fails"),
    "content": (digest_of("content"), 1, "fails"),
    "segment": (digest_of("chunks", 0, "segments", 0), 1, "fails"),
    "segments": (digest_of("chunks", 0, "segments"), 1, "fails"),
    "swapped": (swapped, 1, "fails"),
    "shares": (digest_of("commitments", "shares"), 1, "fails"),
    "keys": (digest_of("keys"), 1, "fails"),
    "deposit": (digest_of("deposit"), 1, "fails"),
    "fewer": (member("needed", 2), 1, "fails"),
    "more-needed": (member("needed", 4), 1, "fails"),
    "size": (shorter, 4, "fails"),
    "script": (digest_of("script"), 0, "fails"),
    # README does not ask for these.
    "p": (digest_of("commitments", "p"), 1, "opens"),
    "placement": (rotated, 1, "opens"),
    "recipient": (digest_of("recipients", 0, "key"), 6, "opens"),
    "readme": (digest_of("readme"), 0, "opens"),
    "truth": (lambda m: None, 0, "opens"),
}
BOXED = {
    "size": (shorter, 5, "fails"),
    "boxes": (digest_of("boxes"), 1, "fails"),
    "no-boxes": (without("boxes"), 4, "fails"),
}


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        manifest = json.load(f)
    lies = dict(LIES, **BOXED) if "boxes" in manifest else LIES
    for name, (lie, code, readme) in lies.items():
        m = copy.deepcopy(manifest)
        lie(m)
        text = json.dumps(m, sort_keys=True, separators=(",", ":"),
                          ensure_ascii=False)
        with open(os.path.join(sys.argv[2], name + ".json"), "wb") as f:
            f.write(text.encode())
        print(name, code, readme)


main()
