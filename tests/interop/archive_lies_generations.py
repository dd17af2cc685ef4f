# SPDX-License-Identifier: Apache-2.0
"""Generations of a manifest: older ones brought back, lost ones, forks, and
later ones that change what they may not.  The deposit has two: the second has
the parts of the first two places exchanged, and the log names it."""
import copy
import json
import os
import subprocess

from archive_lies_lib import Deposit, read, sha256
from archive_lies_made import (BUILD, Made, Signer, canonical, opened, sealed)
from archive_lies_signed import at, leaves, others_of


def logged(home, cms, previous):
    """The log names a manifest as the one after another."""
    home.touch_log()
    subprocess.run((os.path.join(BUILD, "tests/cli/manifest_tool"), "log",
                    home.path, "rebalance", "manifest=" + sha256(cms),
                    "previous=" + sha256(previous)), check=True)


def later(m, payload, **change):
    """The generation after one."""
    return dict(m, generation=m["generation"] + 1,
                previous="sha256:" + sha256(payload), **change)


class Moved(Deposit):
    """A deposit of two generations."""

    def move(self, signer):
        """Write the second, exchange the parts of places 1 and 2, and log
        it."""
        self.first = {p: self.home.good[p] for i in (1, 2)
                      for p in self.paths(i) if self.mine(p)}
        self.one, self.one_json = self.cms, self.json
        order = self.m["placement"]
        self.m = later(self.m, self.json,
                       placement=[order[1], order[0]] + order[2:])
        self.json = canonical(self.m)
        self.cms = signer.sign(self.json)
        attack = {p: None for p in self.first}
        for path, data in self.first.items():
            place, rest = path.split("/", 1)
            attack["%s/%s" % ({"1": "2", "2": "1"}[place], rest)] = data
        self.moved = {p: v for p, v in attack.items() if v is not None}
        attack.update(self.everywhere(2, self.cms))
        self.home.apply(attack)
        logged(self.home, self.cms, self.one)
        self.home.keep()
        self.home.deed("shard", "check", self.id)
        self.home.keep()
        self.named.add("manifest-2-%s.cms" % sha256(self.cms))
        self.shown = self.home.deed("shard", "show", self.id)
        assert "generation  2" in self.shown.out, self.shown.err

    def unsure(self, now):
        """Which generation stands, the log alone knows then."""
        return not self.shows(2, now)

    def mine(self, path):
        name = os.path.basename(path)
        return name.startswith(("box-", "segment-", "share-"))

    def everywhere(self, number, cms, where=(1, 2, 3, 4, 5)):
        name = "manifest-%d-%s.cms" % (number, sha256(cms))
        return {os.path.join(str(p), self.folder, name): cms for p in where}

    def hidden(self, number, cms, where):
        return {p: None for p in self.everywhere(number, cms, where)}

    def shows(self, number, now):
        cms = self.one if number == 1 else self.cms
        return sum(now.get(p) == cms
                   for p in self.everywhere(number, cms))

    def count(self, kind, now):
        if kind == "manifest":
            return self.shows(1, now)
        if self.shows(2, now):
            return super().count(kind, now)
        # By the first, what lay at 1 and 2 is not where it was, but for what
        # was put back.
        good = sum(self.good(p, kind, now) for p in (3, 4, 5))
        if kind == "keys":
            return super().count(kind, now)
        return good + sum(now.get(p) == v for p, v in self.first.items()
                          if os.path.basename(p).startswith(kind))


def replays(d, other):
    """(name, attack) of what was there before, or is not there now."""
    sets = ((1,), (3, 4), (1, 2, 3), (2, 3, 4, 5), (1, 2, 3, 4, 5))
    back = dict({p: None for p in d.moved}, **d.first)
    for where in sets:
        at_ = ", at %d" % len(where)
        yield "the second is gone" + at_, d.hidden(2, d.cms, where)
        yield "the first is gone" + at_, d.hidden(1, d.one, where)
        yield "the second is gone, and the parts as before" + at_, \
            dict(d.hidden(2, d.cms, where), **back)
        yield "the first under the second's name" + at_, \
            {p: d.one for p in d.everywhere(2, d.cms, where)}
        yield "the second under the first's name" + at_, \
            {p: d.cms for p in d.everywhere(1, d.one, where)}
        yield "the first as a second" + at_, dict(
            d.hidden(2, d.cms, where), **d.everywhere(2, d.one, where))
        yield "the second as a first" + at_, dict(
            d.hidden(1, d.one, where), **d.everywhere(1, d.cms, where))
        yield "the second as a third beside" + at_, \
            d.everywhere(3, d.cms, where)
        yield "another deposit's first" + at_, \
            d.everywhere(1, other.cms, where)
        yield "another deposit's as a third" + at_, \
            d.everywhere(3, other.cms, where)
        for number in (0, 3, 1024, 1025, 2**32 - 1):
            yield "no manifest as number %d%s" % (number, at_), \
                d.everywhere(number, b"lie", where)
    yield "the parts as before", back
    yield "the parts before too", d.first


FORBIDDEN = ("deposit", "content", "recipients", "deposited", "label", "type",
             "keys", "script", "readme", "chunk")


def thirds(d, other):
    """(name, manifest, objects): a third, lying."""
    base = later(d.m, d.json)
    yield "as the second", base, {}
    for path in leaves(d.m):
        value = at(d.m, path)
        name = ".".join(str(p) for p in path)
        if path[0] in ("generation", "previous"):
            continue
        new = [(w, v) for w, v in others_of(value) if v != value]
        try:
            theirs = at(other.m, path)
        except (KeyError, IndexError):
            theirs = value
        if theirs != value:
            new.append(("another deposit's", theirs))
        for what, v in new:
            m = copy.deepcopy(base)
            at(m, path[:-1])[path[-1]] = v
            yield "%s is %s" % (name, what), m, {}
    for what, change in (
            ("its number is 4", {"generation": 4}),
            ("its number is 2", {"generation": 2}),
            ("its number is 1", {"generation": 1}),
            ("after the first", {"previous": "sha256:" + sha256(d.one_json)}),
            ("after nothing", {"previous": "sha256:" + "0" * 64}),
            ("after itself", {"previous": "sha256:" + "f" * 64}),
            ("k is 2", {"needed": 2}), ("k is 1", {"needed": 1}),
            ("k is 5", {"needed": 5}), ("held", {"hold": True}),
            ("granted", {"granted": []}),
            ("at places that there are not",
             {"placement": ["a", "b", "c", "d", "e"]}),
            ("at one place", {"placement": ["1"] * 5}),
            ("at places in reverse",
             {"placement": d.m["placement"][::-1]})):
        yield what, dict(base, **change), {}
    for name, m in ((n, other.m) for n in ("another deposit's manifest",)):
        yield name, later(m, d.json), {}


def made(d, other):
    """(name, function to make manifest and objects): a third over parts that
    are not the document's."""
    def parts_of(choose):
        tar = opened(d)
        theirs = opened(other)[:len(tar)].ljust(len(tar), b"\0")
        pieces, _ = sealed(d, theirs)
        m = Made(d)
        m.parts = [[b[i] if choose(i) else a[i] for i in range(d.n)]
                   for a, b in zip(m.parts, pieces)]
        m.m = later(d.m, d.json)
        m.named()
        return m.m, m.objects()
    for name, choose in (("parity over another document", lambda i: i >= d.k),
                         ("all of another document", lambda i: True),
                         ("one part of another document", lambda i: i == 0)):
        yield name, lambda c=choose: parts_of(c)


def wrapped(d, signer):
    """(name, attack) of manifests that hold, under another hash."""
    for where in ((1,), (3, 4), (1, 2, 3)):
        for number, what, cms, payload in (
                (1, "first", d.one, d.one_json), (2, "second", d.cms, d.json)):
            name = "the %s wrapped anew" % what
            again = d.everywhere(number, signer.sign(payload), where)
            yield "%s, beside, at %d" % (name, len(where)), again
            yield "%s, at %d" % (name, len(where)), \
                dict(d.hidden(number, cms, where), **again)


def generations(table, d, other):
    """d is Moved, and its home as it left it."""
    signer = Signer(d.home)
    for name, attack in wrapped(d, signer):
        table.attack(d, "two generations: " + name, attack)
    with d.home.no_catalogue():
        for name, attack in wrapped(d, signer):
            table.attack(d, "two generations, no catalogue: " + name, attack)
    for name, attack in replays(d, other):
        table.attack(d, "two generations: " + name, attack)
    sets = ((1,), (3, 4), (1, 2, 3), (1, 2, 3, 4, 5))

    def third(make, where, log):
        manifest, objects = make()
        cms = signer.sign(canonical(manifest))
        number = manifest["generation"]
        if log:
            logged(d.home, cms, d.cms)
        number = number if isinstance(number, int) and number > 0 else 3
        attack = d.everywhere(number, cms, where)
        if len(where) >= d.k:
            attack.update(objects)
        return attack

    lies = [(n, lambda m=m, o=o: (m, o)) for n, m, o in thirds(d, other)]
    lies += list(made(d, other))
    for name, make in lies:
        where = sets[table.turn() % len(sets)]
        log = table.turn() % 3 == 0
        table.attack(
            d, "a third: %s%s, at %d" % (name, ", logged" if log else "",
                                         len(where)),
            lambda m=make, w=where, n=log: third(m, w, n),
            loose=log or len(where) >= d.k)
    for where in sets:
        for log in (False, True):
            fork = later(json.loads(d.one_json), d.one_json, checkpoint="lie")
            table.attack(
                d, "a fork%s, at %d" % (", logged" if log else "",
                                        len(where)),
                lambda m=fork, w=where, n=log: third(
                    lambda: (m, {}), w, n), loose=log or len(where) >= d.k)
    table.attack(d, "the log names a third that no place shows",
                 lambda: (logged(d.home, b"lie", d.cms), {})[1], loose=True)


__all__ = ["Moved", "generations", "read"]
