#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Backups that nobody should restore, made by somebody who has the
certificate of backups and nothing else: backup_bad.py HOW OUT.

In the current folder: backup.pem, evil.pem and evil.key (a signer of his own),
and good.bak, a real backup of two pieces, other.bak, another.  What lies in
them is reached by names; index.cms of good.bak has a house's checkpoint.
"""
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile


def members(path):
    with tarfile.open(path) as tar:
        return [(m.name, tar.extractfile(m).read()) for m in tar]


def outer(path, files):
    """files: (name, bytes), or a TarInfo for what is no file."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for one in files:
            if isinstance(one, tarfile.TarInfo):
                tar.addfile(one)
                continue
            info = tarfile.TarInfo(one[0])
            info.size = len(one[1])
            tar.addfile(info, io.BytesIO(one[1]))


def openssl(args, data):
    return subprocess.run(["openssl", "cms"] + args, input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def seal(data):
    return openssl(["-encrypt", "-binary", "-aes-256-gcm", "-outform", "DER",
                    "-recip", "backup.pem", "-keyid",
                    "-keyopt", "ecdh_kdf_md:sha256"], data)


def sign(data):
    return openssl(["-sign", "-binary", "-nodetach", "-cades", "-nosmimecap",
                    "-md", "sha256", "-outform", "DER", "-signer", "evil.pem",
                    "-inkey", "evil.key"], data)


def index_of(path):
    der = dict(members(path))["index.cms"]
    return json.loads(openssl(["-verify", "-binary", "-inform", "DER",
                               "-noverify"], der))


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"),
                      ensure_ascii=False).encode()


def forge(path, plain):
    """A backup of these pieces, whole but for who signed it."""
    index = index_of("good.bak")
    pieces = [seal(p) for p in plain]
    index["pieces"] = [{"sha256": "sha256:" + hashlib.sha256(p).hexdigest(),
                        "size": len(p)} for p in pieces]
    files = [("%04d.cms" % (i + 1), p) for i, p in enumerate(pieces)]
    outer(path, files + [("index.cms", sign(canonical(index)))])


def inner(entries, end=True):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data, how in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in how.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(data) if data else None)
    data = out.getvalue()
    return data if end else data[:-10240]


def plain(name, data=b"x\n"):
    return (name, data, {})


INNER = {
    "parent": [plain("../evil")],
    "parent-inside": [plain("keystore/../../evil")],
    "absolute": [plain(os.path.abspath("evil"))],
    "dot": [plain("./evil")],
    "symlink": [("link", b"", {"type": tarfile.SYMTYPE, "linkname": ".."})],
    "symlink-through": [("keystore", b"", {"type": tarfile.SYMTYPE,
                                           "linkname": os.getcwd()}),
                        plain("keystore/evil")],
    "hardlink": [plain("a"), ("b", b"", {"type": tarfile.LNKTYPE,
                                         "linkname": "../wang.pass"})],
    "device": [("null", b"", {"type": tarfile.CHRTYPE, "devmajor": 1,
                              "devminor": 3})],
    "fifo": [("fifo", b"", {"type": tarfile.FIFOTYPE})],
    "folder": [("d", b"", {"type": tarfile.DIRTYPE})],
    "file-as-folder": [plain("keystore"), plain("keystore/evil")],
    "folder-as-file": [plain("keystore/evil"), plain("keystore")],
    "newline": [plain("a\nb")],
    "gone-outside": [plain("home.json"), plain("backup.gone", b"../evil.key\n")],
    "gone-not-last": [plain("home.json", b'{"schema":"deed.home/9"}'),
                      plain("backup.gone", b"home.json\n"), plain("x")],
    "no-home": [plain("hello")],
    "empty": [],
    "half-home": [plain("home.json", b'{"schema":"deed.home/1"}')],
    "other-schema": [plain("home.json", b'{"schema":"deed.home/9"}')],
}


def huge(size):
    data = bytearray(inner([plain("home.json")]))
    data[124:136] = size
    data[148:156] = b" " * 8
    total = sum(data[0:512])
    data[148:156] = b"%06o\0 " % total
    return bytes(data)


def good():
    return members("good.bak")


def make(how, out):
    files = good()
    names = [name for name, _ in files]
    by_name = dict(files)
    if how in INNER:
        forge(out, [inner(INNER[how])])
    elif how == "huge":
        forge(out, [huge(b"77777777777\0")])
    elif how == "huge-binary":
        forge(out, [huge(b"\x80\0\0\0\x7f" + b"\xff" * 7)])
    elif how == "cut-inside":
        forge(out, [inner([plain("home.json", b"x" * 5000)])[:2048]])
    elif how == "behind-the-end":
        forge(out, [inner([plain("home.json")]), b"x" * 4096])
    elif how == "no-tar":
        forge(out, [b"%PDF-1.7\n" * 1000])
    elif how == "no-envelope":
        forge(out, [b"x"])
        files = members(out)
        index = index_of(out)
        index["pieces"] = [{"sha256": "sha256:" + hashlib.sha256(b"x")
                            .hexdigest(), "size": 1}]
        outer(out, [("0001.cms", b"x"),
                    ("index.cms", sign(canonical(index)))])
    elif how == "resigned":
        index = index_of("good.bak")
        outer(out, files[:-1] + [("index.cms", sign(canonical(index)))])
    elif how == "swapped":
        two = dict(by_name)
        two["0001.cms"], two["0002.cms"] = (by_name["0002.cms"],
                                            by_name["0001.cms"])
        index = index_of("good.bak")
        index["pieces"] = [dict(p) for p in index["pieces"]]
        for i, piece in enumerate(index["pieces"]):
            piece["size"] = len(two["%04d.cms" % (i + 1)])
        outer(out, [(n, two[n]) for n in names[:-1]] +
              [("index.cms", sign(canonical(index)))])
    elif how == "swapped-names":
        outer(out, [("0001.cms", by_name["0002.cms"]),
                    ("0002.cms", by_name["0001.cms"]),
                    ("index.cms", by_name["index.cms"])])
    elif how == "order":
        outer(out, [("0002.cms", by_name["0002.cms"]),
                    ("0001.cms", by_name["0001.cms"]),
                    ("index.cms", by_name["index.cms"])])
    elif how == "of-another":
        other = dict(members("other.bak"))
        outer(out, [("0001.cms", other["0001.cms"]),
                    ("0002.cms", by_name["0002.cms"]),
                    ("index.cms", by_name["index.cms"])])
    elif how == "other-index":
        other = dict(members("other.bak"))
        outer(out, files[:-1] + [("index.cms", other["index.cms"])])
    elif how == "missing-piece":
        outer(out, [f for f in files if f[0] != "0002.cms"])
    elif how == "missing-index":
        outer(out, files[:-1])
    elif how == "two-indexes":
        outer(out, files + [files[-1]])
    elif how == "one-more-piece":
        outer(out, files[:-1] + [("0003.cms", by_name["0001.cms"]), files[-1]])
    elif how == "stranger":
        outer(out, files + [("../evil", b"x")])
    elif how == "outer-link":
        link = tarfile.TarInfo("0001.cms")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        outer(out, [link] + files[-1:])
    elif how in ("flipped", "flipped-index"):
        at = names.index("index.cms" if how == "flipped-index" else "0002.cms")
        data = bytearray(files[at][1])
        data[200 if how == "flipped-index" else len(data) // 2] ^= 1
        files[at] = (files[at][0], bytes(data))
        outer(out, files)
    elif how.startswith("cut-"):
        with open("good.bak", "rb") as f:
            data = f.read()
        with open(out, "wb") as f:
            f.write(data[:int(len(data) * float(how[4:]))])
    else:
        sys.exit("backup_bad.py: no way '%s'" % how)


make(sys.argv[1], sys.argv[2])
