#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""catalogue_rows.py DB change SQL | DB fill COUNT [FROM]

change: run SQL on a catalogue, and give every row the check value that deed
would give it: what somebody can forge who may write the file.

fill: add COUNT deposits that no place has: three in a second, one in a
thousand with the label '11' * 32, one in fifty degraded, two parties each, of
a thousand.  FROM numbers the first.
"""
import hashlib
import sqlite3
import struct
import sys

COLUMNS = ("deposited, id, folder, cms, size, needed, places, recipients,"
           " state, label, generation")


def mark(row):
    (deposited, id_, folder, cms, size, k, n, recipients, state, label,
     generation) = row
    text = struct.pack(">8q", deposited, size, k, n, recipients, state,
                       label is not None, generation)
    text += id_ + folder + cms + (label or bytes(32))
    return struct.unpack(">q", hashlib.sha256(text).digest()[:8])[0]


def change(db, sql):
    db.executescript(sql)
    rows = db.execute(f"SELECT {COLUMNS}, mark FROM deposit").fetchall()
    for row in rows:
        if mark(row[:-1]) != row[-1]:
            db.execute("UPDATE deposit SET mark = ? WHERE id = ?",
                       (mark(row[:-1]), row[1]))


def deposits(first, count):
    for i in range(first, first + count):
        seed = hashlib.sha512(b"deposit %d" % i).digest()
        cms = hashlib.sha256(seed).digest()
        row = (1700000000 + i // 3, seed[:32], seed[32:48], cms,
               20480 + i % 5000, 3, 5, 2, int(i % 50 == 7),
               bytes([17]) * 32 if i % 1000 == 0 else None, 1)
        yield row + (mark(row), 1)


def keys(first, count):
    for i in range(first, first + count):
        id_ = hashlib.sha512(b"deposit %d" % i).digest()[:32]
        for who in (i % 1000, i * 7 % 1000 + 1000):
            key = hashlib.sha1(b"party %d" % who).digest()
            yield (key, 1700000000 + i // 3, id_)


def fill(db, count, first):
    db.execute("PRAGMA cache_size = -200000")
    db.executemany(
        "INSERT INTO deposit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        deposits(first, count))
    db.executemany("INSERT OR IGNORE INTO recipient VALUES (?, ?, ?)",
                   sorted(keys(first, count)))


def main():
    db = sqlite3.connect(sys.argv[1])
    if sys.argv[2] == "change":
        change(db, sys.argv[3])
    else:
        fill(db, int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    db.commit()
    db.close()


if __name__ == "__main__":
    main()
