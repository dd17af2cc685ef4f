#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What deed says of deposits whose objects somebody changed.

    shard_hostile.py DEPOSITS

DEPOSITS has a line for each: document, id, folder; the first two are boxes,
the others have two chunks.  One object is changed at one place, or at three,
and put back.  A line is printed for each case, with WRONG where a command
says something else than it should:

    one place     check: degraded, can be repaired; get: the document
    three places  of what each place has of its own, check: cannot be
                  repaired; get: exit 1, and no output; of what is the same
                  everywhere the same as at one place

Then the deposit is repaired: what comes back is as it was, byte for byte; where
that cannot be, nothing is written.
"""
import os
import re
import subprocess
import sys

PLACES = "home/archive/places"


class Deposit:
    def __init__(self, line):
        self.document, self.id, self.folder = line.rstrip("\n").split("\t")
        with open(self.document, "rb") as f:
            self.bytes = f.read()

    def find(self, place, kind):
        """The path of an object at a place."""
        folder = "about" if kind in ("README", "deed-join") else self.folder
        folder = os.path.join(PLACES, str(place), folder)
        for name in sorted(os.listdir(folder)):
            if name.startswith(kind):
                return os.path.join(folder, name)
        raise LookupError(kind)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def flip(at):
    def change(data, *_):
        i = min(int(at * len(data)), len(data) - 1)
        return data[:i] + bytes([data[i] ^ 0x20]) + data[i + 1:]
    return change


CHANGES = {
    "first byte": flip(0),
    "byte at a third": flip(1 / 3),
    "byte in the middle": flip(1 / 2),
    "last byte": flip(1),
    "cut": lambda data, *_: data[:-1],
    "a byte more": lambda data, *_: data + b"\0",
    "empty": lambda *_: b"",
    "gone": lambda *_: None,
    "of another deposit": lambda data, other, place: other,
    "of another place": lambda data, other, place: place,
}
# What each place has of its own; the rest is the same everywhere.
OWN = ("box", "segment-00000000", "segment-00000001", "share")


def deed(*args):
    done = subprocess.run(("deed", "shard") + args, capture_output=True)
    return done.returncode, done.stdout.decode()


def verdict(deposit):
    """What check and get say, in a word each."""
    code, out = deed("check", deposit.id)
    first = re.match(r"[0-9a-f]+: (.*)\n", out)
    check = first[1] if first else "nothing"
    code, _ = deed("get", deposit.id, "--key", "out.key", "-o", "back")
    if not os.path.exists("back"):
        return check, "exit %d" % code
    good = read("back") == deposit.bytes and code == 0
    os.remove("back")
    return check, "the document" if good else "SOMETHING ELSE"


def snapshot():
    """Every file of every place."""
    found = {}
    for folder, _, names in os.walk(PLACES):
        for name in names:
            path = os.path.join(folder, name)
            found[path] = read(path)
    return found


def repaired(deposit, good):
    """What repair does."""
    before = snapshot()
    code, _ = deed("repair", deposit.id)
    after = snapshot()
    if after == good:
        return "repaired" if code == 0 else "REPAIRED, exit %d" % code
    if any(after.get(path) not in (data, good[path])
           for path, data in before.items() if path in good) or \
            any(path not in after for path in before):
        return "SOMETHING GOOD IS GONE"
    return "left, exit %d" % code


def try_one(deposit, other, kind, what, places):
    kept, new, good = {}, {}, snapshot()
    for place in places:
        path = deposit.find(place, kind)
        kept[path] = read(path)
        new[path] = CHANGES[what](kept[path], read(other.find(place, kind)),
                                  read(deposit.find(place % 5 + 1, kind)))
    for path, data in new.items():
        if data is None:
            os.remove(path)
        else:
            write(path, data)
    changed = new != kept
    seen = verdict(deposit) + (repaired(deposit, good),)
    for path, data in kept.items():
        write(path, data)
    fatal = len(places) == 3 and kind in OWN
    wanted = ("unreadable, cannot be repaired", "exit 1", "left, exit 1") \
        if fatal else ("degraded, can be repaired", "the document", "repaired")
    if not changed:
        wanted = ("healthy", "the document", "repaired")
    print("%-10s %-17s %-19s at %d: %s; %s; %s%s"
          % (deposit.document, kind, what, len(places), *seen,
             "" if seen == wanted else "  WRONG"))


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        box, box2, large, large2 = [Deposit(line) for line in f]
    texts = ("manifest", "README", "deed-join")
    for deposit, other, kinds in (
            (box, box2, ("box",) + texts),
            (large, large2, OWN[1:] + ("keys",) + texts)):
        for kind in kinds:
            for what in CHANGES:
                for places in ((2,), (1, 3, 5)):
                    try_one(deposit, other, kind, what, places)


main()
