# SPDX-License-Identifier: Apache-2.0
"""What somebody can make who knows a deposit's secret, or who has the key of
the manifests: statements that openssl signs, objects, whole deposits."""
import hashlib
import hmac
import json
import os
import subprocess

from archive_lies_lib import join_script, read, sha256

TOP = os.environ.get("top_srcdir", ".")
BUILD = os.environ.get("top_builddir", ".")
JOIN = join_script(os.path.join(TOP, "lib/archive/deed-join.py"))


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"),
                      ensure_ascii=False).encode()


def run(args, data):
    return subprocess.run(args, input=data, capture_output=True,
                          check=True).stdout


class Signer:
    """Signs as the office's archive does, with the key from its home."""

    def __init__(self, home):
        store = os.path.join(home.path, "keystore")
        self.key, self.chain = "signer.key", "signer-chain.pem"
        self.cert = "signer.pem"
        run(("openssl", "pkey", "-inform", "DER", "-in",
             os.path.join(store, "manifest.key"), "-out", self.key), b"")
        first, rest = read(os.path.join(store, "manifest.pem")).split(
            b"-----BEGIN CERTIFICATE", 2)[1:]
        for path, text in ((self.cert, first), (self.chain, rest)):
            with open(path, "wb") as f:
                f.write(b"-----BEGIN CERTIFICATE" + text)

    def sign(self, payload):
        return run(("openssl", "cms", "-sign", "-binary", "-nodetach",
                    "-cades", "-md", "sha256", "-signer", self.cert,
                    "-inkey", self.key, "-certfile", self.chain,
                    "-outform", "DER"), payload)


def secret(d):
    """P and S of a deposit, as one of its parties has them."""
    good = d.home.good
    if d.boxed:
        boxes = JOIN["Deposit"](d.m, [d.at(p) for p in range(1, d.n + 1)])
        keys = boxes.keys()
    else:
        keys = good[d.path(1, "keys")]
    p = run(("openssl", "cms", "-decrypt", "-binary", "-inform", "DER",
             "-inkey", d.key), keys)
    places = [d.at(p) for p in range(1, d.n + 1)]
    return p, JOIN["join_shares"](JOIN["Deposit"](d.m, places)), keys


def kek(d, p, s, chunk, count):
    """HKDF of one block."""
    info = b"deed-shard-v1 chunk %d" % chunk
    if chunk + 1 == count:
        info += b" last"
    salt = bytes.fromhex(d.m["deposit"])
    prk = hmac.new(salt, p + s, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).hexdigest()


def tool(what, d, key, data):
    return run((os.path.join(BUILD, "tests/interop/envelope_tool"), what,
                d.m["deposit"], key), data)


def opened(d):
    """The tar of a deposit."""
    p, s, _ = secret(d)
    count = len(d.m["chunks"])
    there = JOIN["Deposit"](d.m, [d.at(i) for i in range(1, d.n + 1)])
    return b"".join(
        tool("open-chunk", d, kek(d, p, s, i, count),
             JOIN["join_chunk"](there, i)) for i in range(count))


def parts(d, cms):
    """The n parts of a chunk."""
    size = -(-len(cms) // d.k)
    cms = cms.ljust(size * d.k, b"\0")
    data = [cms[i * size:(i + 1) * size] for i in range(d.k)]
    return data + [JOIN["combine"](JOIN["row"](i, d.k), data)
                   for i in range(d.k, d.n)]


def sealed(d, tar):
    """The parts of each chunk of another content, under the same keys, and
    the sizes of the chunks."""
    p, s, _ = secret(d)
    size = d.m.get("chunk", 4194304)
    pieces = [tar[i:i + size] for i in range(0, len(tar), size)]
    chunks = [tool("chunk", d, kek(d, p, s, i, len(pieces)), piece)
              for i, piece in enumerate(pieces)]
    return [parts(d, c) for c in chunks], [len(c) for c in chunks]


def header(name, size, kind=b"0", link=b""):
    """A ustar header, as deed writes it for a box."""
    h = bytearray(512)
    h[:len(name)] = name
    h[100:108], h[108:116], h[116:124] = b"0000644\0", b"0000000\0", \
        b"0000000\0"
    h[124:136] = b"%011o\0" % size
    h[136:148] = b"00000000000\0"
    h[156:157] = kind
    h[157:157 + len(link)] = link
    h[257:265] = b"ustar\00000"
    h[148:156] = b" " * 8
    h[148:156] = b"%06o\0 " % sum(h)
    return bytes(h)


def pad(data):
    return data + bytes(-len(data) % 512)


def box(segment, share, keys):
    return b"".join(header(n, len(v)) + pad(v) for n, v in (
        (b"segment", segment), (b"share.txt", share), (b"keys.cms", keys))) + \
        bytes(1024)


def share_of(d, place):
    if not d.boxed:
        return d.home.good[d.path(place, "share")]
    size = -(-d.m["chunks"][0]["size"] // d.k)
    return d.home.good[d.path(place, "box")][1024 + size + -size % 512:][:149]


def share_text(k, number, value):
    text = b"deed-share/1 %02x %02x %s " % (k, number, value.hex().encode())
    return text + sha256(text).encode() + b"\n"


def commitment(d, label, value):
    return "sha256:" + sha256(b"deed-shard-v1 " + label + b"\0" +
                              bytes.fromhex(d.m["deposit"]) + value)


class Made:
    """A deposit that is made anew from what is given: the manifest names what
    there is, and all that there was is gone."""

    def __init__(self, d):
        self.d = d
        self.m = json.loads(d.json)
        good = d.home.good
        count = len(d.m["chunks"])
        self.share = [share_of(d, p) for p in range(1, d.n + 1)]
        if d.boxed:
            first = good[d.path(1, "box")]
            size = -(-d.m["chunks"][0]["size"] // d.k)
            self.keys = JOIN["Deposit"](d.m, []).cut(first)[2]
            self.parts = [[good[d.path(p, "box")][512:512 + size]
                           for p in range(1, d.n + 1)]]
        else:
            self.keys = good[d.path(1, "keys")]
            self.parts = [[good[d.path(p, "segment-%08d" % c)]
                           for p in range(1, d.n + 1)] for c in range(count)]

    def named(self):
        """The manifest names what there is."""
        m, d = self.m, self.d
        m["chunks"] = [dict(c, segments=[sha256(x) for x in p])
                       for c, p in zip(m["chunks"], self.parts)]
        m["keys"] = "sha256:" + sha256(self.keys)
        m["commitments"]["shares"] = [
            commitment(d, b"share %d" % (i + 1), s)
            for i, s in enumerate(self.share)]
        if d.boxed:
            m["boxes"] = ["sha256:" + sha256(b) for b in self.boxes()]
        return self

    def boxes(self):
        return [box(self.parts[0][i], self.share[i], self.keys)
                for i in range(self.d.n)]

    def content(self, tar):
        """Another content."""
        self.parts, sizes = sealed(self.d, tar)
        chunk = self.m["chunks"][0]
        self.m["chunks"] = [dict(chunk, size=s) for s in sizes]
        return self

    def objects(self):
        """Its objects at every place, and none of what was there."""
        d = self.d
        attack = {}
        boxes = self.boxes() if d.boxed else None
        for place in range(1, d.n + 1):
            folder = os.path.join(str(place), d.folder)
            attack.update({p: None for p in d.paths(place)
                           if "/about/" not in p and "manifest-" not in p})
            i = place - 1
            found = {}
            if d.boxed:
                found["box-%d-%s.tar" % (place, sha256(boxes[i]))] = boxes[i]
            else:
                for c, p in enumerate(self.parts):
                    found["segment-%08d-%d-%s" % (c, place,
                                                  sha256(p[i]))] = p[i]
                found["share-%d-%s.txt" % (place, sha256(
                    self.share[i]))] = self.share[i]
                found["keys-%s.cms" % sha256(self.keys)] = self.keys
            attack.update({os.path.join(folder, n): v
                           for n, v in found.items()})
        return attack
