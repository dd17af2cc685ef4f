#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each command says of deposits that somebody changed who may write at
their places, and who may have the key that signs manifests.

    archive_lies.py [--each N] [--table] [--only TEXT] HOME DEPOSITS

DEPOSITS has a line for each deposit of the home: name, document, id, key
file.  Every N-th attack is tried; --table prints what was said of each, else
only what is otherwise than the rules of archive_lies_lib say.
"""
import argparse
import sys

from archive_lies_lib import Deposit, Home, Table
import archive_lies_catalogue as catalogue
from archive_lies_generations import Moved, generations
from archive_lies_made import Signer
import archive_lies_objects as objects
import archive_lies_signed as signed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("home")
    parser.add_argument("deposits")
    args = parser.parse_args()
    home = Home(args.home, "commands.sh")
    table = Table(args.each, args.table, args.only)
    home.keep()
    with open(args.deposits, encoding="utf-8") as f:
        for line in f:
            name, document, id_, key = line.split()
            kind = Moved if name.startswith("moved") else Deposit
            kind(home, name, document, key).find(id_, "house.pem")
    home.marks = home.stat()
    by_name = {d.name: d for d in home.deposits}
    for d in home.deposits:
        if d.name.startswith(("other", "moved")):
            continue
        objects.tampered(table, d)
        objects.strangers(table, d)
        for other in home.deposits:
            if other is not d and other.boxed == d.boxed:
                objects.swapped(table, d, other)
            if other.name == "other-" + ("box" if d.boxed else "large"):
                signed.lies(table, d, other)
    if "two" in by_name:
        catalogue.lies(table, home, by_name["two"], by_name["one"],
                       by_name["two"])
    for d in home.deposits:
        if isinstance(d, Moved):
            d.move(Signer(home))
    for d in home.deposits:
        if isinstance(d, Moved):
            generations(table, d, next(o for o in home.deposits if
                                       o.boxed == d.boxed and o is not d))
    table.summary()
    return bool(table.off)


sys.exit(main())
