# SPDX-License-Identifier: Apache-2.0
"""Manifests that lie, signed with the key of the manifests: each member of it
another, and what it names made to fit.  Under the deposit's own id nothing but
the document comes, and under the id of the lie neither."""
import copy
import functools
import os

from archive_lies_lib import sha256
from archive_lies_made import (Made, Signer, canonical, header, opened, pad,
                               sealed, secret, share_text)
from archive_lies_objects import flip


def leaves(value, path=()):
    """The path of every member and item, at most two of a list."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield path + (key,)
            yield from leaves(value[key], path + (key,))
    elif isinstance(value, list):
        for i in sorted({0, len(value) - 1}):
            yield path + (i,)
            yield from leaves(value[i], path + (i,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def others_of(value):
    """What stands there instead."""
    yield "null", None
    yield "a list", []
    yield "an object", {}
    yield "a number", 0
    yield "empty", ""
    if isinstance(value, int):
        for n in (value + 1, value - 1, -value, 2**31, 2**53, 2**63 - 1):
            yield str(n), n
    if isinstance(value, str):
        last = "1" if value[-1:] == "0" else "0"
        yield "another end", value[:-1] + last
        yield "upper case", value.upper()
        yield "shorter", value[:-1]
        yield "twice", value + value
        yield "controls", "\u001b[2J" + value
        yield "very long", "1" * 70000
    if isinstance(value, list):
        yield "one less", value[:-1]
        yield "one more", value + value[-1:]
        yield "turned", value[1:] + value[:1]
        yield "all the first", value[:1] * len(value)
        yield "a thousand", (value * 1000)[:1000]


def changed(m, path, value):
    m = copy.deepcopy(m)
    at(m, path[:-1])[path[-1]] = value
    return m


def without(m, path):
    m = copy.deepcopy(m)
    del at(m, path[:-1])[path[-1]]
    return m


def members(d, other):
    """(name, manifest) for each member of it."""
    for path in leaves(d.m):
        name = ".".join(str(p) for p in path)
        value = at(d.m, path)
        for what, new in others_of(value):
            if new != value:
                yield "%s is %s" % (name, what), changed(d.m, path, new)
        yield name + " is not there", without(d.m, path)
        try:
            theirs = at(other.m, path)
        except (KeyError, IndexError):
            continue
        if theirs != value:
            yield name + " is another deposit's", changed(d.m, path, theirs)
    for name in ("granted", "retain", "hold", "quorum", "more", "previous",
                 "label", "Type"):
        if name not in d.m:
            yield "with " + name, dict(d.m, **{name: "sha256:" + "0" * 64})
    yield "the other's content", dict(d.m, content=other.m.get("content"))
    yield "the other's, in this folder", dict(other.m, deposit=d.m["deposit"])


def reach(table, d, name, make, signer, opens=False):
    """The lie instead of the manifest everywhere, and in one other way; make
    makes manifest and objects."""
    every = list(range(1, d.n + 1))
    turn = table.turn()
    few = every[:d.n - d.k + turn % 2]
    ways = (("instead", every, True), ("beside", every, False),
            ("instead, at %d" % len(few), few, True),
            ("beside, at 1", [1 + turn % d.n], False))
    for way, where, instead in ways[:1] + ways[1 + turn % 3:2 + turn % 3]:
        table.attack(d, "signed: %s, %s" % (name, way),
                     lambda w=where, i=instead: put(d, make, signer, w, i),
                     opens=opens and way == "instead")


def put(d, make, signer, where, instead):
    """The attack, and the id of the lie."""
    manifest, objects = make()
    payload = manifest if isinstance(manifest, bytes) else canonical(manifest)
    cms = signer.sign(payload)
    attack = {}
    for place in where:
        if instead:
            attack[d.path(place, "manifest")] = None
        attack[os.path.join(str(place), d.folder,
                            "manifest-1-%s.cms" % sha256(cms))] = cms
    if instead and len(where) == d.n:
        attack.update(objects)
    return attack, sha256(payload)


def lies(table, d, other):
    """Every member; then what is made to fit."""
    signer = Signer(d.home)
    for name, manifest in members(d, other):
        reach(table, d, name, lambda m=manifest: (m, {}), signer)
    for name, make in fitting(d, other):
        reach(table, d, name, make, signer, name.startswith("true"))
    for text, payload in (
            ("with a space", d.json.replace(b":", b": ", 1)),
            ("with a member twice", d.json.replace(
                b'{"', b'{"needed":2,"', 1)),
            ("with a newline", d.json + b"\n"), ("empty", b""),
            ("not JSON", b"lie"), ("deep", b"[" * 100000),
            ("not UTF-8", d.json.replace(b"deed.", b"deed\xff", 1))):
        reach(table, d, text, lambda p=payload: (p, {}), signer)


def done(made, lost=0):
    """Manifest and objects; of some places all parts are lost."""
    made.named()
    objects = made.objects()
    for path in list(objects):
        if int(path.split("/")[0]) <= lost:
            objects[path] = None
    return made.m, objects


def mixed(d, lie, choose, lost):
    """Parts of two contents."""
    pieces, sizes = lie()
    made = Made(d)
    made.parts = [[b[i] if choose(i) else a[i] for i in range(d.n)]
                  for a, b in zip(made.parts, pieces)]
    made.m["chunks"] = [dict(c, size=s)
                        for c, s in zip(made.m["chunks"], sizes)]
    return done(made, lost)


def changed_parts(d, change):
    made = Made(d)
    made.parts[0] = [change(x) for x in made.parts[0]]
    return done(made)


def other_shares(d, share):
    made = Made(d)
    made.share = [share(i + 1, s) for i, s in enumerate(made.share)]
    return done(made)


def other_keys(d, keys):
    made = Made(d)
    made.keys = keys() if callable(keys) else keys
    return done(made)


def fitting(d, other):
    """(name, what makes manifest and objects): what is named is there."""
    true = Made(d).named()
    assert canonical(true.m) == d.json

    @functools.lru_cache(None)
    def tar():
        return opened(d)

    @functools.lru_cache(None)
    def lie():
        size = len(tar())
        return sealed(d, opened(other)[:size].ljust(size, b"\0"))

    k = d.k
    for name, choose in (
            ("parity over another document", lambda i: i >= k),
            ("data of another document", lambda i: i < k),
            ("one part of another document", lambda i: i == 0),
            ("one parity part of another document", lambda i: i == k),
            ("all of another document", lambda i: True)):
        for lost in (0, 1, d.n - k):
            yield "%s, %d lost" % (name, lost), \
                lambda c=choose, n=lost: mixed(d, lie, c, n)
    for name, change in (("its head changed", flip(40)),
                         ("its end changed", lambda x: x[:-1] + b"?"),
                         ("of zeros", lambda x: bytes(len(x)))):
        yield "each part " + name, lambda c=change: changed_parts(d, c)
    for name, share in shares(d):
        yield "shares " + name, lambda s=share: other_shares(d, s)
    for name, keys in keys_of(d, other, true.keys):
        yield "keys " + name, lambda s=keys: other_keys(d, s)
    if "content" in d.m:
        yield from contents(d, tar())


def shares(d):
    yield "of another number", lambda i, s: \
        share_text(d.k, i % d.n + 1, bytes.fromhex(s[19:83].decode()))
    yield "of another k", lambda i, s: \
        share_text(d.k - 1, i, bytes.fromhex(s[19:83].decode()))
    yield "of another secret", lambda i, s: share_text(d.k, i, bytes(32))
    yield "all the same", lambda i, s: share_text(d.k, 1, bytes(32))
    yield "without a digest that fits", lambda i, s: flip(100)(s)
    yield "in upper case", lambda i, s: s[:19] + s[19:84].upper() + s[84:]
    yield "with a line more", lambda i, s: s[:-1] + b"\r"


def keys_of(d, other, keys):
    yield "of another deposit", lambda: secret(other)[2]
    yield "changed", flip(len(keys) - 3)(keys)
    yield "empty", b"\x30\x00"
    yield "that end early", b"\x30\x84\x7f\xff\xff\xff"


def read_tar(tar):
    """(name, content) of the members: those of deed have plain headers
    here."""
    at_, found = 0, []
    while tar[at_:at_ + 1] not in (b"\0", b""):
        size = int(tar[at_ + 124:at_ + 135], 8)
        found.append((tar[at_:at_ + 100].rstrip(b"\0"),
                      tar[at_ + 512:at_ + 512 + size]))
        at_ += 512 + size + -size % 512
    return found


def written(files):
    return b"".join(header(f[0], len(f[1]), *f[2:]) + pad(f[1])
                    for f in files)


def index_of(files, salt="5a" * 32):
    rows, offset = [], 0
    for f in files:
        rows.append({"name": f[0].decode(), "offset": offset + 512,
                     "sha256": sha256(f[1]), "size": len(f[1])})
        offset += 512 + len(pad(f[1]))
    return {"files": rows, "salt": salt, "schema": "deed.index/1"}


def indexes(files):
    """(name, index) as JSON, or bytes: only the first is true."""
    true = index_of(files)
    yield "true", true
    for path in leaves(true):
        value = at(true, path)
        name = "index: " + ".".join(str(p) for p in path)
        if path[-1] != "salt":
            for what, new in others_of(value):
                if new != value and what not in ("very long", "a thousand"):
                    yield "%s is %s" % (name, what), changed(true, path, new)
        yield name + " is not there", without(true, path)
    yield "index: a salt that is short", dict(true, salt="5a")
    yield "index: a salt in capitals", dict(true, salt="5A" * 32)
    yield "index: a member more", dict(true, more=1)
    text = canonical(true)
    yield "index: without a newline", text
    yield "index: with two", text + b"\n\n"
    yield "index: with spaces", text.replace(b",", b", ") + b"\n"
    yield "index: empty", b""
    yield "index: deep", b"[" * 100000


def tars(files, index):
    """(name, tar) with the true index, otherwise than it should be."""
    x = (b"index.json", index)
    end = bytes(1024)
    record, document = files[0], files[1]
    yield "true tar", written(files + [x]) + end
    yield "tar: no index", written(files) + end
    yield "tar: the index first", written([x] + files) + end
    yield "tar: the index twice", written(files + [x, x]) + end
    yield "tar: a file behind the index", \
        written(files + [x, (b"more", b"?")]) + end
    yield "tar: the document behind the index", \
        written([record, x, document]) + end
    yield "tar: the document twice", \
        written([record, document, document, x]) + end
    yield "tar: no document", written([record, x]) + end
    yield "tar: nothing", end
    yield "tar: the record last", written([document, record, x]) + end
    yield "tar: one block at its end", written(files + [x]) + end[:512]
    yield "tar: no end", written(files + [x])
    yield "tar: three blocks at its end", \
        written(files + [x]) + bytes(1536)
    yield "tar: something behind its end", \
        written(files + [x]) + end + b"?" * 512
    yield "tar: something in its end", \
        written(files + [x]) + bytes(600) + b"?" + bytes(423)
    yield "tar: ends within", written(files + [x])[:700]
    for kind, link in ((b"1", b"deposit.json"), (b"2", b"/etc/passwd"),
                       (b"3", b""), (b"5", b""), (b"6", b""), (b"7", b""),
                       (b"L", b""), (b"x", b""), (b"g", b""), (b"K", b"")):
        body = document[1] if kind in b"7Lxg" else b""
        yield "tar: the document of type %s" % kind.decode(), written(
            [record, (document[0], body, kind, link), x]) + end
    for name in (b"../out", b"/tmp/out", b"a/b", b".", b"..", b"a\x1b[2J",
                 b"\xff\xfe", b"index.json/", b"x" * 100):
        yield "tar: the document is %r" % name.decode("latin-1")[:12], \
            written([record, (name, document[1]), x]) + end


def content(d, tar, index):
    made = Made(d).content(tar)
    made.m["content"] = "sha256:" + sha256(index)
    return done(made)


def contents(d, tar):
    """Another content under the same keys, with an index that is named."""
    room = d.m["chunk"] if d.boxed else 1 << 40
    files = [f for f in read_tar(tar) if f[0] != b"index.json"]

    def ended(index, files=files):
        return written(files + [(b"index.json", index)]) + bytes(1024)

    for name, index in indexes(files):
        if not isinstance(index, bytes):
            index = canonical(index) + b"\n"
        if len(tar) + len(index) < room:
            yield name, lambda i=index: content(d, ended(i), i)
    if not d.boxed:
        return
    index = canonical(index_of(files)) + b"\n"
    for name, new in tars(files, index):
        yield name, lambda t=new, i=index: content(d, t, i)
    # An index of each member as it is, so that only its kind is amiss.
    for kind, link in ((b"2", b"/etc/passwd"), (b"1", b"deposit.json"),
                       (b"5", b"")):
        odd = [files[0], (files[1][0], b"", kind, link)]
        index = canonical(index_of(odd)) + b"\n"
        yield "an honest index of type %s" % kind.decode(), \
            lambda i=index, o=odd: content(d, ended(i, o), i)
