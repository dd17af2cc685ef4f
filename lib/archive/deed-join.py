#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Join the segments and shares of a deposit, without deed.

    python3 deed-join.py --newest VERIFIED FIRST
    python3 deed-join.py OUT MANIFEST PLACE PLACE PLACE ...
    python3 deed-join.py --compare MANIFEST CONTENT

A deposit that was moved has several manifests.  VERIFIED is a folder with one
for each place, and in it the JSON of the manifests of that place, whose
signatures were verified before (README says how), under the names
SHA-256.json; FIRST is the path of the first generation.  Printed is the path
of the one in force: the highest that follows the first, each after the one
before, and that as many places show as it needs.

MANIFEST is the JSON of that one.  Nothing is used that it does not name.  Each
PLACE is the deposit's folder as it lies at one place; as many are needed as
the manifest says.  Written to the new folder OUT:

    chunk-NNNNNNNN.cms   the encrypted content, in order
    keys.cms             one half of its key, encrypted for each party
    s.hex                the other half, joined from the shares
    deposit.hex          the deposit's 16 bytes
    chunks.txt           how many chunks there are

Nothing here is a private key, and nothing is decrypted: README says what
follows.  At the end --compare holds the unpacked files in the folder CONTENT
against their index, and that against the manifest.  Python 3 and its standard
library are all that is used.

Segments: Reed-Solomon over GF(256) with x^8+x^4+x^3+x^2+1.  Part i up to k
is the i-th k-th of the chunk; a later part is, with i and j counted from 0,
the sum over j of part j times 1/(i xor j).  Shares: Shamir's, in the same
field.  What does not have the SHA-256 that the manifest gives it counts as
lost, and what is made anew must have it too.
"""
import hashlib
import json
import os
import re
import sys

SHARE = re.compile(r"share-(\d+)-([0-9a-f]{64})\.txt$")
HASH = re.compile(r"[0-9a-f]{64}")
TEXT = re.compile(rb"deed-share/1 ([0-9a-f]{2}) ([0-9a-f]{2}) "
                  rb"([0-9a-f]{64}) ([0-9a-f]{64})\n$")
FIRST = {"type", "chunks", "commitments", "deposit", "generation", "keys",
         "deposited", "needed", "placement", "readme", "script", "recipients",
         "previous", "label", "checkpoint"}
MEMBERS = {"deed.manifest/1": FIRST,
           "deed.manifest/2": FIRST | {"boxes", "chunk", "content",
                                       "documents"}}

EXP, LOG = [0] * 510, [0] * 256
value = 1
for power in range(255):
    EXP[power] = EXP[power + 255] = value
    LOG[value] = power
    value = (value << 1) ^ (0x11D if value & 0x80 else 0)


def mul(a, b):
    return EXP[LOG[a] + LOG[b]] if a and b else 0


def inverse(a):
    return EXP[255 - LOG[a]]


def fail(text, code=1):
    print("deed-join: " + text, file=sys.stderr)
    sys.exit(code)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def unknown(m):
    """What in it may forbid what is done here."""
    known = MEMBERS.get(m["type"])
    if known is None:
        return "unknown manifest: " + m["type"]
    if set(m) - known:
        return "unknown in the manifest: " + ", ".join(set(m) - known)
    return None


def load(path):
    """The manifest; one with members that may forbid this is refused."""
    with open(path, "rb") as f:
        m = json.load(f)
    if unknown(m):
        fail(unknown(m), 5)
    return m


def read(path, digest):
    """The bytes of a file, or None if they are not what they should be."""
    try:
        with open(path, "rb") as f:
            data = f.read()
    except OSError:
        return None
    if sha256(data) != digest:
        print("damaged: " + path, file=sys.stderr)
        return None
    return data


def der_size(data):
    """Bytes of the DER element at the beginning."""
    if data[:1] != b"\x30" or len(data) < 6:
        fail("the keys in a box are no CMS")
    if data[1] < 0x80:
        return 2 + data[1]
    count = data[1] & 0x7F
    return 2 + count + int.from_bytes(data[2:2 + count], "big")


class Deposit:
    """What the manifest names, looked for at the places."""

    def __init__(self, m, places):
        self.m, self.places = m, places
        self.k, self.n = m["needed"], len(m["placement"])
        self.id = bytes.fromhex(m["deposit"])
        self.boxes = {}

    def find(self, name, digest):
        for place in self.places:
            data = read(os.path.join(place, name), digest)
            if data is not None:
                return data
        return None

    def box(self, part):
        """Segment, share and keys of a part, where there is one chunk: the
        contents of a tar, cut where their sizes say."""
        if part not in self.boxes:
            digest = self.m["boxes"][part][7:]
            data = self.find("box-%d-%s.tar" % (part + 1, digest), digest)
            self.boxes[part] = data and self.cut(data)
        return self.boxes[part]

    def cut(self, data):
        size = -(-self.m["chunks"][0]["size"] // self.k)
        share = 1024 + size + -size % 512
        keys = data[share + 1024:]
        return (data[512:512 + size], data[share:share + 149],
                keys[:der_size(keys)])

    def segment(self, chunk, part):
        """Part counts from 0."""
        digest = self.m["chunks"][chunk]["segments"][part]
        if "boxes" not in self.m:
            return self.find("segment-%08d-%d-%s" % (chunk, part + 1, digest),
                             digest)
        box = self.box(part)
        return box[0] if box and sha256(box[0]) == digest else None

    def keys(self):
        digest = self.m["keys"][7:]
        if "boxes" not in self.m:
            return self.find("keys-%s.cms" % digest, digest)
        for part in range(self.n):
            box = self.box(part)
            if box and sha256(box[2]) == digest:
                return box[2]
        return None

    def shares(self, part):
        """What may be this share: its name has a hash, the manifest not."""
        if "boxes" in self.m:
            box = self.box(part)
            if box:
                yield box[1]
            return
        for place in self.places:
            try:
                names = sorted(os.listdir(place))
            except OSError:
                continue
            for name in names:
                m = SHARE.match(name)
                if m and int(m[1]) == part + 1:
                    data = read(os.path.join(place, name), m[2])
                    if data is not None:
                        yield data

    def share(self, part):
        """The value of a share that keeps its commitment."""
        label = b"deed-shard-v1 share %d\0" % (part + 1)
        for data in self.shares(part):
            m = TEXT.match(data)
            if m and int(m[1], 16) == self.k and int(m[2], 16) == part + 1 \
                    and "sha256:" + sha256(label + self.id + data) == \
                    self.m["commitments"]["shares"][part]:
                return bytes.fromhex(m[3].decode())
        return None


def join_shares(d):
    """S: the polynomial's value at 0 by Lagrange."""
    points = {}
    for part in range(d.n):
        data = d.share(part)
        if data is not None and len(points) < d.k:
            points[part + 1] = data
    if len(points) < d.k:
        fail("%d shares are good, %d are needed" % (len(points), d.k))
    s = bytearray(32)
    for x in points:
        weight = 1
        for other in points:
            if other != x:
                weight = mul(weight, mul(other, inverse(x ^ other)))
        for i in range(32):
            s[i] ^= mul(weight, points[x][i])
    return bytes(s)


def row(part, k):
    """The row of the code's matrix that makes a part from the data."""
    if part < k:
        return [int(part == j) for j in range(k)]
    return [inverse(part ^ j) for j in range(k)]


def invert(rows):
    k = len(rows)
    m = [r[:] + [int(i == j) for j in range(k)] for i, r in enumerate(rows)]
    for c in range(k):
        pivot = next(i for i in range(c, k) if m[i][c])
        m[c], m[pivot] = m[pivot], m[c]
        factor = inverse(m[c][c])
        m[c] = [mul(factor, v) for v in m[c]]
        for i in range(k):
            if i != c and m[i][c]:
                factor = m[i][c]
                m[i] = [v ^ mul(factor, w) for v, w in zip(m[i], m[c])]
    return [r[k:] for r in m]


def combine(weights, parts):
    """The sum of parts, each times its weight."""
    size = len(parts[0])
    total = 0
    for weight, part in zip(weights, parts):
        if weight:
            table = bytes(mul(weight, v) for v in range(256))
            total ^= int.from_bytes(part.translate(table), "big")
    return total.to_bytes(size, "big")


def join_chunk(d, number):
    chunk = d.m["chunks"][number]
    good = {}
    for part in range(d.n):
        data = d.segment(number, part)
        if data is not None:
            good[part] = data
        if len(good) == d.k:
            break
    if len(good) < d.k or len({len(v) for v in good.values()}) != 1:
        fail("chunk %d: %d good segments, %d are needed"
             % (number, len(good), d.k))
    order = sorted(good)
    data = [good[p] for p in order]
    if order != list(range(d.k)):
        back = invert([row(p, d.k) for p in order])
        data = [good[j] if j in good else combine(back[j], data)
                for j in range(d.k)]
    for part in range(d.k):
        if sha256(data[part]) != chunk["segments"][part]:
            fail("segment %d-%d, made anew from the others, is not the one "
                 "that the manifest names" % (number, part + 1))
    return b"".join(data)[:chunk["size"]]


def write(folder, name, data):
    fd = os.open(os.path.join(folder, name),
                 os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as f:
        f.write(data)


FREE = {"generation", "previous", "placement", "boxes", "checkpoint",
        "chunks", "commitments", "needed"}


def fixed(m):
    """What the key that signs manifests unattended may not change."""
    return ({k: v for k, v in m.items() if k not in FREE},
            m["commitments"]["p"],
            [{k: v for k, v in c.items() if k != "segments"}
             for c in m["chunks"]])


def has_form(first, m):
    """Is what it may change what the rest of this relies on?"""
    digests = [m["commitments"]["shares"]]
    if "boxes" in first:
        digests.append(m["boxes"])
    lists = [c["segments"] for c in m["chunks"]] + [
        [h[7:] for h in x if h.startswith("sha256:")] for x in digests]
    n = len(m["placement"])
    return (type(m["needed"]) is int and first["needed"] <= m["needed"] <= n
            and len(set(m["placement"])) == n and
            all(len(x) == n and all(HASH.fullmatch(h) for h in x)
                for x in lists))


def may_follow(first, m):
    """One that is signed, and yet is none, is passed over."""
    try:
        return m["type"].startswith("deed.manifest/") and (
            unknown(m) or fixed(m) == fixed(first) and has_form(first, m))
    except (AttributeError, KeyError, TypeError):
        return False


def verified(folder):
    """Each manifest, by the hash of its JSON: itself, and who shows it."""
    shown = {}
    for place in sorted(os.listdir(folder)):
        for name in sorted(os.listdir(os.path.join(folder, place))):
            path = os.path.join(folder, place, name)
            data = read(path, name[:-5])
            try:
                m = json.loads(data or b"")
            except (ValueError, RecursionError):
                continue
            if isinstance(m, dict):
                shown.setdefault(name[:-5], (m, path, set()))[2].add(place)
    return shown


def newest(folder, first):
    shown = verified(folder)
    digest = os.path.basename(first)[:-5]
    m0 = load(first)
    if digest not in shown or m0["generation"] != 1:
        fail("'%s' is no first generation" % first)
    chain, follow = [digest], [digest]
    while follow:
        after, number = follow[-1], shown[follow[-1]][0]["generation"] + 1
        follow = [d for d, (m, path, places) in shown.items()
                  if m.get("previous") == "sha256:" + after and
                  m.get("generation") == number and may_follow(m0, m)]
        if len(follow) > 1:
            fail("there are two manifests of generation %d, %s; the office's "
                 "log says which one stands: take the others out"
                 % (number, " and ".join(shown[d][1] for d in follow)), 3)
        chain += follow
    while True:
        m, path, places = shown[chain[-1]]
        needed = (m0 if unknown(m) else m)["needed"]
        if len(chain) == 1 or len(places) >= needed:
            break
        print("generation %d is shown by %d places, and needs %d: not taken"
              % (m["generation"], len(places), needed), file=sys.stderr)
        chain.pop()
    load(path)
    print(path)


def join(out, manifest, places):
    d = Deposit(load(manifest), places)
    s = join_shares(d)
    keys = d.keys()
    if keys is None:
        fail("the keys of the parties are good at none of these places")
    os.makedirs(out, mode=0o700)
    for number in range(len(d.m["chunks"])):
        write(out, "chunk-%08d.cms" % number, join_chunk(d, number))
    write(out, "keys.cms", keys)
    write(out, "s.hex", s.hex().encode() + b"\n")
    write(out, "deposit.hex", d.id.hex().encode() + b"\n")
    write(out, "chunks.txt", b"%d\n" % len(d.m["chunks"]))
    print("%d chunks joined from %d places" % (len(d.m["chunks"]),
                                               len(places)),
          file=sys.stderr)


def compare(manifest, content):
    """Every file of the index, and no other."""
    m = load(manifest)
    if "content" not in m:
        return
    index = read(os.path.join(content, "index.json"), m["content"][7:])
    if index is None:
        fail("the index is not the one that the manifest names")
    names = {"index.json"}
    for f in json.loads(index)["files"]:
        if not {"", ".", ".."}.isdisjoint(f["name"].split("/")):
            fail("'%s' is no name within the deposit" % f["name"])
        names.add(f["name"])
        digest = hashlib.sha256()
        with open(os.path.join(content, f["name"]), "rb") as data:
            while part := data.read(1 << 20):
                digest.update(part)
        if digest.hexdigest() != f["sha256"]:
            fail("'%s' is not what the index says" % f["name"])
    found = {os.path.relpath(os.path.join(folder, name), content)
             for folder, _, files in os.walk(content) for name in files}
    if found != names:
        fail("the content is not what the index says")
    print("the content is what the manifest says", file=sys.stderr)


if len(sys.argv) == 4 and sys.argv[1] == "--newest":
    newest(sys.argv[2], sys.argv[3])
elif len(sys.argv) == 4 and sys.argv[1] == "--compare":
    compare(sys.argv[2], sys.argv[3])
elif len(sys.argv) > 3:
    join(sys.argv[1], sys.argv[2], sys.argv[3:])
else:
    fail("usage: deed-join.py OUT MANIFEST PLACE ...", 2)
