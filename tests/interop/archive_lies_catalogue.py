# SPDX-License-Identifier: Apache-2.0
"""The catalogue changed: each column of a deposit, with a check value that
fits and without; rows that are another's; older files, and pieces.  It brings
no other deposit, what is amiss is told, and reindex makes it as it was."""
import os
import sqlite3
import struct
import sys

from archive_lies_lib import Judge, read, write

sys.path.append(os.path.join(os.environ.get("top_srcdir", "."), "tests/cli"))
from catalogue_rows import mark  # noqa: E402

COLUMNS = ("deposited", "id", "folder", "cms", "size", "needed", "places",
           "recipients", "state", "label", "generation")
ODD = (("null", None), ("0", 0), ("-1", -1), ("huge", 2**62), ("text", "lie"),
       ("no bytes", b""), ("16 bytes", bytes(16)), ("32 bytes", b"\1" * 32),
       ("33 bytes", bytes(33)))


def edit(path, sql, *values, forged=True):
    """Change rows; where forged, with the check value that deed would
    give."""
    db = sqlite3.connect(path)
    try:
        db.execute(sql, values)
        for row in db.execute("SELECT %s FROM deposit" % ", ".join(
                COLUMNS)).fetchall() if forged else ():
            try:
                value = mark(row)
            except (TypeError, struct.error):  # it has none: keeps its own
                continue
            db.execute("UPDATE deposit SET mark = ? WHERE id = ?",
                       (value, row[1]))
        db.commit()
    except sqlite3.Error:
        return False  # the tables do not take it
    finally:
        db.close()
    return True


def changes(d, other):
    """(name, change of the file)."""
    one, two = bytes.fromhex(d.id), bytes.fromhex(other.id)
    for column in COLUMNS + ("mark", "run"):
        for what, value in ODD:
            for forged in (True, False):
                yield "%s is %s%s" % (column, what,
                                      ", forged" if forged else ""), \
                    lambda p, c=column, v=value, f=forged: edit(
                        p, "UPDATE deposit SET %s = ? WHERE id = ?" % c, v,
                        one, forged=f)
        if column in ("id", "cms"):
            continue
        yield column + " is another deposit's", \
            lambda p, c=column: edit(
                p, "UPDATE deposit SET %s = (SELECT %s FROM deposit WHERE"
                " id = ?) WHERE id = ?" % (c, c), two, one)
    for name, sql, values in (
            ("gone", "DELETE FROM deposit WHERE id = ?", (one,)),
            ("all gone", "DELETE FROM deposit", ()),
            ("its parties gone", "DELETE FROM recipient WHERE id = ?", (one,)),
            ("no parties at all", "DELETE FROM recipient", ()),
            ("another's parties", "UPDATE recipient SET key = x'00112233'"
             " WHERE id = ?", (one,)),
            ("nothing followed", "UPDATE about SET followed = 0", ()),
            ("all followed", "UPDATE about SET followed = 1 << 40", ()),
            ("not complete", "UPDATE about SET complete = 0", ()),
            ("being made", "UPDATE about SET going = 1", ()),
            ("a run that is far", "UPDATE about SET run = 1 << 62", ()),
            ("no about", "DELETE FROM about", ()),
            ("an index less", "DROP INDEX deposit_label", ()),
            ("a table less", "DROP TABLE recipient", ()),
            ("a view more", "CREATE VIEW v AS SELECT * FROM deposit", ()),
            ("a trigger", "CREATE TRIGGER t AFTER UPDATE ON deposit BEGIN"
             " DELETE FROM deposit; END", ()),
            ("another's objects", "UPDATE deposit SET folder = (SELECT folder"
             " FROM deposit WHERE id = ?) WHERE id = ?", (two, one))):
        yield name, lambda p, s=sql, v=values: edit(p, s, *v)
    yield "of one whose rows are exchanged", \
        lambda p: exchange(p, one, two)


def rows(path):
    """What it says of deposits, but for what check has seen of them."""
    try:
        db = sqlite3.connect(path)
        return db.execute(
            "SELECT %s FROM deposit ORDER BY id" % ", ".join(
                c for c in COLUMNS if c != "state")).fetchall(), \
            db.execute("SELECT * FROM recipient ORDER BY 1, 2, 3").fetchall()
    except sqlite3.Error as error:
        return str(error)
    finally:
        db.close()


def exchange(path, one, two):
    """Everything but the id is the other's."""
    db = sqlite3.connect(path)
    sql = "SELECT %s FROM deposit WHERE id = ?" % ", ".join(COLUMNS)
    a, b = (list(db.execute(sql, (i,)).fetchone()) for i in (one, two))
    a[1], b[1] = b[1], a[1]
    for row in (a, b):
        db.execute("DELETE FROM deposit WHERE id = ?", (row[1],))
    for row in (a, b):
        db.execute("INSERT INTO deposit VALUES (?,?,?,?,?,?,?,?,?,?,?,?,1)",
                   (*row, mark(row)))
    db.commit()
    db.close()
    return True


def files(path):
    """(name, bytes of the file)."""
    data = read(path)
    for size in (0, 1, 15, 16, 100, 4095, 4096, len(data) // 2,
                 len(data) - 1):
        yield "cut at %d" % size, data[:size]
    for at in sorted({*range(0, 110, 7), *range(4096, len(data), 997)}):
        yield "byte %d" % at, \
            data[:at] + bytes([data[at] ^ 0x21]) + data[at + 1:]
    for page in range(4096, len(data), 4096):
        yield "page %d of zeros" % (page // 4096), \
            data[:page] + bytes(4096) + data[page + 4096:]
        yield "page %d is the first" % (page // 4096), \
            data[:page] + data[:4096] + data[page + 4096:]
    yield "a page more", data + data[-4096:]
    yield "no database", b"lie\n" * 4096


class Catalogued(Judge):
    """What is said while the catalogue lies."""

    def row(self, d):
        self.d = d
        said, back = self.bring(d.id)
        self.say("get", "%s (%d)" % (self.word(back), said.code),
                 said.amiss(), back not in (None, d.document) and
                 "SOMETHING ELSE")
        said = self.home.deed("shard", "show", d.id)
        self.say("show", str(said.code), said.amiss(),
                 said.code == 0 and said.out != d.shown.out and
                 "not as before", said.code and said.out and "how?")

    def label(self, d, label):
        said, back = self.bring(label, "--label")
        self.say("by label", "%s (%d)" % (
            "the document" if back == d.document else "nothing" if
            back is None else "SOMETHING ELSE", said.code), said.amiss(),
            back not in (None, d.document) and "SOMETHING ELSE")

    def told(self, path, good):
        """Unless a command before has mended it already."""
        amiss = rows(path) != good
        audit = self.home.deed("audit", "verify")
        check = self.home.deed("shard", "check")
        self.say("audit", str(audit.code), audit.amiss())
        self.say("check", str(check.code), check.amiss(),
                 amiss and not audit.code and not check.code and
                 "neither audit nor check tells of it")

    def mended(self, listed):
        """The lie may stay where check mended it; reindex leaves none."""
        said = self.home.deed("shard", "reindex")
        now = self.home.deed("shard", "list")
        audit = self.home.deed("audit", "verify")
        self.say("reindex", str(said.code), said.amiss())
        self.say("then", "as before" if now.out == listed else "otherwise",
                 now.out != listed and "not as before: " + now.out,
                 audit.code and audit.out + audit.err)


def lies(table, home, d, other, labelled):
    """Everything about the row of d; other is another deposit."""
    path = os.path.join(home.path, "archive/catalogue.db")
    listed, good = home.deed("shard", "list").out, rows(path)
    found = list(changes(d, other))
    found += [("a file: " + n, lambda p, b=b: write(p, b) or True)
              for n, b in files(path)]
    found += [("a file: an older one", lambda p: write(
        p, read("older.db")) or True)]
    for name, change in found:
        name = "catalogue, " + name
        if not table.wanted(name):
            continue
        judge = Catalogued(d, False)
        try:
            before = read(path)
            if change(path) and read(path) != before:
                judge.row(other)
                judge.row(d)
                judge.label(labelled, "2026/117")
                judge.told(path, good)
                judge.mended(listed)
        finally:
            home.restore()
        if judge.words:
            table.row(name, judge)
