#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The segments of the stored deposits of the first edition, made again.

    first_segments.py CHUNKS PLACES

They are megabytes at random, so that of each chunk only its content key, its
nonce, the DER around the ciphertext and the plaintext (zeros, nearly) are
stored: a line of CHUNKS is "FOLDER PLACES NUMBER LENGTH KEY NONCE HEAD TAIL",
and FOLDER.tar lies beside it.  AES-GCM encrypts by counting on from the nonce
and 2, which openssl does as CTR.  That this gives the bytes of that time the
manifest says, which has the SHA-256 of each.
"""
import hashlib
import os
import subprocess
import sys

EXP = [1]
for power in range(254):
    v = EXP[-1] << 1
    EXP.append(v ^ 0x11D if v & 0x100 else v)
LOG = {v: i for i, v in enumerate(EXP)}


def parity(part, data):
    """The sum over j of part j times 1/(part xor j)."""
    total = 0
    for j, one in enumerate(data):
        inverse = EXP[-LOG[part ^ j] % 255]
        table = bytes(EXP[(LOG[inverse] + LOG[v]) % 255] if v else 0
                      for v in range(256))
        total ^= int.from_bytes(one.translate(table), "big")
    return total.to_bytes(len(data[0]), "big")


def segments(envelope, n):
    """Of 3 places two are needed, of 5 three."""
    k = n // 2 + 1
    size = -(-len(envelope) // k)
    envelope += bytes(size * k - len(envelope))
    data = [envelope[i * size:(i + 1) * size] for i in range(k)]
    return data + [parity(i, data) for i in range(k, n)]


def main(chunks, places):
    at = {}
    with open(chunks) as f:
        lines = [line.split() for line in f]
    for folder, n, number, size, key, nonce, head, tail in lines:
        with open(os.path.join(os.path.dirname(chunks), folder + ".tar"),
                  "rb") as f:
            f.seek(at.get(folder, 0))
            plain = f.read(int(size))
        at[folder] = at.get(folder, 0) + len(plain)
        sealed = subprocess.run(
            ["openssl", "enc", "-aes-256-ctr", "-K", key,
             "-iv", nonce + "00000002"],
            input=plain, stdout=subprocess.PIPE, check=True).stdout
        parts = segments(bytes.fromhex(head) + sealed + bytes.fromhex(tail),
                         int(n))
        for i, part in enumerate(parts, 1):
            name = "segment-%08d-%d-%s" % (int(number), i,
                                           hashlib.sha256(part).hexdigest())
            with open(os.path.join(places, str(i), folder, name), "wb") as f:
                f.write(part)


main(*sys.argv[1:])
