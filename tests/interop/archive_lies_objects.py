# SPDX-License-Identifier: Apache-2.0
"""Objects of a deposit changed at its places: each field, cut at each, put in
each other's place; under the name that they had, and under one that fits."""
import os
import re
import zlib

from archive_lies_lib import sha256

DIGEST = re.compile(r"[0-9a-f]{64}")
SHARE = (("magic", 0, 13), ("k", 13, 2), ("number", 16, 2), ("value", 19, 64),
         ("digest", 84, 64), ("newline", 148, 1))
HEADER = (("name", 0, 100), ("mode", 100, 8), ("uid", 108, 8), ("gid", 116, 8),
          ("size", 124, 12), ("mtime", 136, 12), ("checksum", 148, 8),
          ("type", 156, 1), ("link", 157, 100), ("magic", 257, 6),
          ("version", 263, 2), ("owner", 265, 32), ("group", 297, 32),
          ("device", 329, 16), ("prefix", 345, 155), ("padding", 500, 12))
TAGS = {0x02: "INTEGER", 0x03: "BIT", 0x04: "OCTETS", 0x05: "NULL",
        0x06: "OID", 0x0c: "UTF8", 0x13: "PRINTABLE", 0x17: "TIME",
        0x30: "SEQUENCE", 0x31: "SET"}


def der_fields(data, at=0, end=None, path=""):
    """(name, offset, size) of every element: its head, and content that is
    not made of elements."""
    end = len(data) if end is None else end
    number = 0
    while at + 2 <= end:
        tag, head, size = data[at], 2, data[at + 1]
        if size & 0x80:
            count = size & 0x7f
            head += count
            size = int.from_bytes(data[at + 2:at + 2 + count], "big")
        name = "%s/%d %s" % (path, number, TAGS.get(tag, "[%d]" % (tag & 31)))
        yield name + " head", at, head
        if tag & 0x20:
            yield from der_fields(data, at + head, at + head + size,
                                  "%s/%d" % (path, number))
        elif size:
            yield name, at + head, size
        at += head + size
        number += 1


def chunk_fields(deposit, chunk, size):
    """The fields of a chunk's CMS that lie in a part, and that part."""
    d = deposit
    whole = b"".join(content(d, p, chunk) for p in range(1, d.k + 1))
    for name, offset, length in der_fields(whole[:d.m["chunks"][chunk]["size"]]):
        yield name, offset // size + 1, offset % size, \
            min(length, size - offset % size)
    for part in range(1, d.n + 1):
        yield "first byte", part, 0, 1
        yield "middle", part, size // 2, 1
        yield "last byte", part, size - 1, 1


def content(d, place, chunk):
    """The segment of a chunk at a place."""
    if not d.boxed:
        return d.home.good[d.path(place, "segment-%08d" % chunk)]
    size = -(-d.m["chunks"][0]["size"] // d.k)
    return d.home.good[d.path(place, "box")][512:512 + size]


def flip(offset, bit=0x01):
    return lambda data: data[:offset] + bytes([data[offset] ^ bit]) + \
        data[offset + 1:]


def cut(offset):
    return lambda data: data[:offset]


def rename(path, data):
    """The path that the data would have."""
    folder, name = os.path.split(path)
    return os.path.join(folder, DIGEST.sub(sha256(data), name))


def places(d, anchor):
    """One place, as many as may be lost, and one more; the anchor first."""
    order = [(anchor - 1 + i) % d.n + 1 for i in range(0, 2 * d.n, 2)]
    order = list(dict.fromkeys(order + list(range(1, d.n + 1))))
    yield order[:1]
    yield order[:d.n - d.k]
    yield order[:d.n - d.k + 1]


def chosen(d, name, anchor):
    """One of the ways for each change: which places, and under which name."""
    turn = zlib.crc32(name.encode())
    return list(places(d, anchor))[turn % 3], turn // 3 % 2 == 0


def at_places(d, kind, where, change, renamed):
    """The attack: what change makes of each, under which name."""
    attack = {}
    for place in where:
        path = d.path(place, kind)
        old = d.home.good[path]
        new = change(old)
        if renamed and new is not None and new != old:
            attack[path] = None
            attack[rename(path, new)] = new
        else:
            attack[path] = new
    return attack


def changes_of(d, kind):
    """(name, place that has it, change) of an object, by its fields."""
    data = d.home.good[d.path(2, kind)]
    fields = []
    if kind == "box":
        fields = list(box_fields(d))
    elif kind == "share":
        fields = [(n, 2, o, s) for n, o, s in SHARE]
    elif kind.startswith("segment"):
        fields = list(chunk_fields(d, int(kind[8:]), len(data)))
    elif kind in ("keys", "manifest"):
        fields = [(n, 2, o, s) for n, o, s in der_fields(data)]
    elif kind in ("README", "deed-join", "sha256sums"):
        fields = [("first byte", 2, 0, 1), ("middle", 2, len(data) // 2, 1),
                  ("last byte", 2, len(data) - 1, 1)]
    for name, place, offset, size in fields:
        yield name, place, flip(offset)
        if size > 1:
            yield name + ", its end", place, flip(offset + size - 1, 0x40)
        yield "cut at " + name, place, cut(offset)
    yield "a byte more", 2, lambda data: data + b"\0"
    yield "twice", 2, lambda data: data + data
    yield "empty", 2, lambda data: b""
    yield "of zeros", 2, lambda data: bytes(len(data))
    yield "gone", 2, lambda data: None


def box_fields(d):
    data = d.home.good[d.path(2, "box")]
    size = -(-d.m["chunks"][0]["size"] // d.k)
    share = 512 + size + -size % 512
    keys = share + 512 + 512
    for member, at in (("segment", 0), ("share", share), ("keys", keys)):
        for name, offset, length in HEADER:
            yield "%s's %s" % (member, name), 2, at + offset, length
    for name, part, offset, length in chunk_fields(d, 0, size):
        yield "segment: " + name, part, 512 + offset, length
    for name, offset, length in SHARE:
        yield "share's " + name, 2, share + 512 + offset, length
    yield "padding of the share", 2, share + 512 + 149, 512 - 149
    for name, offset, length in der_fields(data, keys + 512,
                                           len(data) - 1024):
        if offset < len(data) - 1024:
            yield "keys: " + name, 2, offset, length
    yield "the end", 2, len(data) - 1024, 1024


def members(d):
    """The three members of the box, each with header and padding."""
    size = -(-d.m["chunks"][0]["size"] // d.k)
    share = 512 + size + -size % 512

    def take(data):
        return (data[:share], data[share:share + 1024],
                data[share + 1024:-1024], data[-1024:])
    return take


def box_orders(d):
    """Members left out, twice, and in another order."""
    take = members(d)
    orders = {"without segment": (1, 2, 3), "without share": (0, 2, 3),
              "without keys": (0, 1, 3), "share first": (1, 0, 2, 3),
              "keys first": (2, 0, 1, 3), "segment twice": (0, 0, 1, 2, 3),
              "share twice": (0, 1, 1, 2, 3), "keys twice": (0, 1, 2, 2, 3),
              "without its end": (0, 1, 2), "a member behind its end":
              (0, 1, 2, 3, 0)}
    for name, order in orders.items():
        yield name, lambda data, order=order: \
            b"".join(take(data)[i] for i in order)


def kinds(d):
    if d.boxed:
        return ["box"]
    return ["segment-%08d" % i for i in range(len(d.m["chunks"]))] + \
        ["share", "keys"]


def tampered(table, d):
    """Each field of each object."""
    texts = ["manifest", "README", "deed-join"]
    if d.m["type"] == "deed.manifest/1":
        texts.append("sha256sums")
    for kind in kinds(d) + texts:
        changes = list(changes_of(d, kind))
        if kind == "box":
            changes += [(n, 2, c) for n, c in box_orders(d)]
        for name, place, change in changes:
            where, renamed = chosen(d, kind + name, place)
            if name == "gone":
                renamed = False
            table.attack(
                d, "%s, %s%s, at %d" % (
                    kind, name, ", renamed" if renamed else "", len(where)),
                lambda k=kind, w=where, c=change, r=renamed:
                at_places(d, k, w, c, r))
        every = range(1, d.n + 1)
        table.attack(d, "%s, gone everywhere" % kind,
                     lambda k=kind: at_places(d, k, every, lambda data: None,
                                              False))
        table.attack(d, "%s, changed everywhere" % kind,
                     lambda k=kind: at_places(d, k, every, flip(7), False))


def swapped(table, d, other):
    """Between deposits, between places, between kinds; under the name of what
    was there, under the own one, and beside."""
    both = [k for k in kinds(d) + ["manifest", "README", "deed-join"]
            if k in kinds(other) + ["manifest", "README", "deed-join"]]
    for kind in both:
        for where in places(d, 2):
            for what, source in (("another deposit", lambda p: (other, p)),
                                 ("another place", lambda p: (d, p % d.n + 1))):
                taken, own, beside = {}, {}, {}
                for place in where:
                    path = d.path(place, kind)
                    from_, at = source(place)
                    path2 = from_.path(at, kind)
                    data = d.home.good[path2]
                    fits = os.path.join(os.path.dirname(path),
                                        os.path.basename(path2))
                    taken[path] = data
                    if fits != path:
                        own.update({path: None, fits: data})
                        beside[fits] = data
                name = "%s of %s" % (kind, what)
                count = ", at %d" % len(where)
                table.attack(d, name + count, taken)
                if own:
                    table.attack(d, name + ", its name too" + count, own)
                    table.attack(d, name + ", beside" + count, beside)
    crossed(table, d)


def crossed(table, d):
    """An object under the name of another of the same place."""
    paths = d.paths(2)
    for path in paths:
        for other in paths:
            if path != other:
                table.attack(d, "%s as %s" % (
                    short(other), short(path)),
                    {path: d.home.good[other]})


def short(path):
    return os.path.basename(path).split("-")[0]


def strangers(table, d):
    """What does not belong there, while all that does is there."""
    folder = os.path.join("3", d.folder)
    digest = sha256(b"lie")
    for name in ("box-3-%s.tar", "box-9-%s.tar", "segment-00000000-3-%s",
                 "segment-00000007-3-%s", "segment-99999999-3-%s",
                 "share-3-%s.txt", "share-64-%s.txt", "keys-%s.cms",
                 "README-%s.txt", "deed-join-%s.py", "sha256sums-%s.txt",
                 "manifest-1-%s.cms", "manifest-2-%s.cms",
                 "manifest-4294967295-%s.cms", "manifest-0-%s.cms"):
        for data in (b"lie", b"another"):
            table.attack(d, "%s beside%s" % (
                name.split("%s")[0].strip("-"), ", which holds what it says"
                if data == b"lie" else ""),
                {os.path.join(folder, name % digest): data})
    for name in ("note.txt", "a" * 255, "\u202e.txt", "x\ny", "box", "-rf"):
        table.attack(d, "a file %r" % name[:20],
                     {os.path.join(folder, name): b"?"})
    for path in d.paths(4):
        gone = {p: None for p in d.paths(4) if "/about/" not in p}
        table.attack(d, "only %s is left at 4" % short(path),
                     {p: v for p, v in gone.items() if p != path})
