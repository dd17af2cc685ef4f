#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Join the segments and shares of a deposit, without deed.

    python3 deed-join.py OUT PLACE PLACE PLACE ...

Each PLACE is the deposit's folder as it lies at one place; as many are
needed as the shares say.  Written to the new folder OUT:

    chunk-NNNNNNNN.cms   the encrypted content, in order
    keys.cms             one half of its key, encrypted for each party
    s.hex                the other half, joined from the shares
    deposit.hex          the deposit's 16 bytes
    chunks.txt           how many chunks there are

Nothing here is a private key, and nothing is decrypted: README says what
follows.  Python 3 and its standard library are all that is used.

Segments: Reed-Solomon over GF(256) with x^8+x^4+x^3+x^2+1.  Part i up to k
is the i-th k-th of the chunk; a later part is, with i and j counted from 0,
the sum over j of part j times 1/(i xor j).  Shares: Shamir's, in the same
field.  What does not have the SHA-256 that its name carries counts as lost.
"""
import hashlib
import os
import re
import sys

SEGMENT = re.compile(r"segment-(\d{8,})-(\d+)-([0-9a-f]{64})$")
SHARE = re.compile(r"share-(\d+)-([0-9a-f]{64})\.txt$")
KEYS = re.compile(r"keys-([0-9a-f]{64})\.cms$")
TEXT = re.compile(rb"deed-share/1 ([0-9a-f]{2}) ([0-9a-f]{2}) "
                  rb"([0-9a-f]{64}) ([0-9a-f]{64})\n$")

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


def fail(text):
    sys.exit("deed-join: " + text)


def read(path, sha256):
    """The bytes of a file, or None if they are not what its name says."""
    try:
        with open(path, "rb") as f:
            data = f.read()
    except OSError:
        data = None
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        print("lost: " + path, file=sys.stderr)
        return None
    return data


def look(places):
    """What lies where: segments[chunk][part], shares[part], keys."""
    segments, shares, keys = {}, {}, []
    for place in places:
        try:
            names = sorted(os.listdir(place))
        except OSError:
            print("lost: " + place, file=sys.stderr)
            continue
        for name in names:
            path = os.path.join(place, name)
            if m := SEGMENT.match(name):
                parts = segments.setdefault(int(m[1]), {})
                parts.setdefault(int(m[2]) - 1, []).append((path, m[3]))
            elif m := SHARE.match(name):
                shares.setdefault(int(m[1]), []).append((path, m[2]))
            elif m := KEYS.match(name):
                keys.append((path, m[1]))
    return segments, shares, keys


def first(candidates):
    for path, sha256 in candidates:
        data = read(path, sha256)
        if data is not None:
            return data
    return None


def join_shares(shares):
    """k, and S: the polynomial's value at 0 by Lagrange."""
    points, k = {}, 0
    for part in sorted(shares):
        data = first(shares[part])
        m = TEXT.match(data) if data is not None else None
        if m is None or hashlib.sha256(data[:84]).hexdigest() != \
                m[4].decode():
            continue
        k = int(m[1], 16)
        points[int(m[2], 16)] = bytes.fromhex(m[3].decode())
    if k == 0 or len(points) < k:
        fail("%d shares are good, %s are needed" % (len(points), k or "more"))
    xs = sorted(points)[:k]
    s = bytearray(32)
    for x in xs:
        weight = 1
        for other in xs:
            if other != x:
                weight = mul(weight, mul(other, inverse(x ^ other)))
        for i in range(32):
            s[i] ^= mul(weight, points[x][i])
    return k, bytes(s)


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


def der_size(data):
    """Bytes of the DER element at the beginning; zeros follow it."""
    if data[:1] != b"\x30" or len(data) < 6:
        fail("a chunk is no CMS")
    if data[1] < 0x80:
        return 2 + data[1]
    count = data[1] & 0x7F
    return 2 + count + int.from_bytes(data[2:2 + count], "big")


def join_chunk(number, parts, k):
    good = {}
    for part in sorted(parts):
        data = first(parts[part])
        if data is not None and part < 64:
            good[part] = data
        if len(good) == k:
            break
    if len(good) < k or len({len(d) for d in good.values()}) != 1:
        fail("chunk %d: %d good segments, %d are needed"
             % (number, len(good), k))
    order = sorted(good)
    data = [good[p] for p in order]
    if order != list(range(k)):
        back = invert([row(p, k) for p in order])
        data = [good[j] if j in good else combine(back[j], data)
                for j in range(k)]
    chunk = b"".join(data)
    return chunk[:der_size(chunk)]


def write(folder, name, data):
    fd = os.open(os.path.join(folder, name),
                 os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as f:
        f.write(data)


def main():
    if len(sys.argv) < 3:
        fail("usage: deed-join.py OUT PLACE ...")
    out, places = sys.argv[1], sys.argv[2:]
    segments, shares, keys = look(places)
    k, s = join_shares(shares)
    keys = first(keys)
    if keys is None:
        fail("there is no good keys-*.cms")
    if sorted(segments) != list(range(len(segments))) or not segments:
        fail("segments of a chunk are missing at every place")
    os.makedirs(out, mode=0o700)
    for number in range(len(segments)):
        chunk = join_chunk(number, segments[number], k)
        write(out, "chunk-%08d.cms" % number, chunk)
        # The KEKIdentifier, RFC 5652 6.2.3: version 4, then 16 bytes.
        at = chunk.find(b"\x02\x01\x04\x30\x12\x04\x10", 0, 80)
        if at < 0:
            fail("chunk %d is no chunk of a deposit" % number)
        deposit = chunk[at + 7:at + 23]
    write(out, "keys.cms", keys)
    write(out, "s.hex", s.hex().encode() + b"\n")
    write(out, "deposit.hex", deposit.hex().encode() + b"\n")
    write(out, "chunks.txt", b"%d\n" % len(segments))
    print("%d chunks joined from %d places" % (len(segments), len(places)),
          file=sys.stderr)


main()
