#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a log as c2sp.org/tlog-tiles has it, by the standard library alone,
and says its size if every file is what the tree of the entries makes it."""
import base64
import hashlib
import os
import sys


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(hashes):
    """MTH of RFC 6962 2.1."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node(root(hashes[:k]), root(hashes[k:]))


def name(number):
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def read(top, kind, number, width):
    path = f"{top}/tile/{kind}/{name(number)}"
    if width < 256:
        path += f".p/{width}"
    with open(path, "rb") as file:
        return file.read()


def entries_of(top, size):
    entries = []
    for number in range((size + 255) // 256):
        width = min(256, size - 256 * number)
        bundle = read(top, "entries", number, width)
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            assert len(bundle) >= 2 + length, "a bundle is cut"
            entries.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
    return entries


def check(top, checkpoint):
    with open(f"{top}/{checkpoint}", encoding="utf-8") as file:
        text = file.read().split("\n\n")[0].split("\n")
    size = int(text[1])
    entries = entries_of(top, size)
    assert len(entries) == size, f"{len(entries)} entries, not {size}"
    hashes = [leaf(entry) for entry in entries]
    assert base64.b64decode(text[2]) == root(hashes), "the root differs"
    level = 0
    while hashes:
        for number in range((len(hashes) + 255) // 256):
            part = hashes[256 * number:256 * number + 256]
            tile = read(top, level, number, len(part))
            assert tile == b"".join(part), f"tile {level}/{number} differs"
        whole = len(hashes) // 256
        hashes = [root(hashes[256 * i:256 * i + 256]) for i in range(whole)]
        level += 1
    assert not os.path.exists(f"{top}/tile/{level}"), "a level too many"
    return entries


def main():
    top = sys.argv[1]
    entries = check(top, "checkpoint")
    if len(sys.argv) > 2 and sys.argv[2] == "numbered":
        expected = [f"entry {i}".encode() for i in range(len(entries))]
        assert entries == expected, "the entries differ"
    # What stood at each earlier size is a prefix of what stands now.
    hashes = [leaf(entry) for entry in entries]
    for old in os.listdir(top):
        if old.startswith("checkpoint."):
            with open(f"{top}/{old}", encoding="utf-8") as file:
                lines = file.read().split("\n")
            assert base64.b64decode(lines[2]) == root(hashes[:int(lines[1])])
    print(f"size {len(entries)}")


main()
