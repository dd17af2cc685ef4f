# SPDX-License-Identifier: Apache-2.0
"""A home with deposits, of which a copy is kept: an attack changes something,
each command says something, and all is put back.  What is right is told by
rules, from what lies at the places after the attack:

    check    is never healthy when anything of the deposit is not as it was
    get      the document where a manifest, the keys, and k shares and k parts
             of each chunk are left; nothing at all otherwise
    show     what it said before, or nothing
    list     the deposit as before, healthy only where check says so
    repair   all as it was, byte for byte, or why not; what is good or
             unknown stays
    audit    that the log is good; and a deposit whose manifest is nowhere
    README   as get, by the commands of README as they stand

An Attack is a dictionary from paths below the places to what is there then:
bytes, or None for nothing.
"""
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys

README_EACH = 4
LIMIT = 60  # seconds for one command
OFF = "WRONG: "


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def join_script(path):
    """What deed-join.py defines, as a namespace."""
    space = {"__name__": "deed_join"}
    given, sys.argv = sys.argv, [path]
    with contextlib.suppress(SystemExit), \
            contextlib.redirect_stderr(io.StringIO()):
        exec(compile(read(path), path, "exec"), space)
    sys.argv = given
    return space


class Said:
    """What a command said."""

    def __init__(self, args, env=None):
        try:
            done = subprocess.run(args, capture_output=True, timeout=LIMIT,
                                  stdin=subprocess.DEVNULL, env=env,
                                  check=False)
            self.code = done.returncode
        except subprocess.TimeoutExpired:
            self.code, self.out, self.err = 999, "", "hangs"
            return
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def amiss(self):
        """It crashed or hung, or failed without a word."""
        if self.code < 0 or self.code >= 99 and self.code != 127:
            return "exit %d" % self.code
        if self.code and not (self.out + self.err).strip():
            return "no word"
        return None


class Home:
    """One home, its deposits, and the copy of everything that can change."""

    def __init__(self, path, about):
        self.path = path
        self.places = os.path.join(path, "archive/places")
        self.about = about
        self.env = dict(os.environ, DEED_HOME=os.path.abspath(path))
        self.deposits = []

    def deed(self, *args):
        return Said(("deed",) + args, self.env)

    def keep(self):
        """From now on this is how all should be."""
        for name in ("audit", "keystore"):
            shutil.rmtree(self.path + "." + name, ignore_errors=True)
        self.good = {}
        for folder, _, names in os.walk(self.places):
            for name in names:
                path = os.path.join(folder, name)
                self.good[os.path.relpath(path, self.places)] = read(path)
        self.marks = self.stat()
        self.archive = {}
        for name in os.listdir(os.path.join(self.path, "archive")):
            path = os.path.join(self.path, "archive", name)
            if os.path.isfile(path):
                self.archive[name] = read(path)
        self.catalogued = "catalogue.db" in self.archive

    @contextlib.contextmanager
    def no_catalogue(self):
        """It is made after each attack, from what lies there then."""
        kept = self.archive
        self.archive = {n: b for n, b in kept.items()
                        if not n.startswith("catalogue.db")}
        self.catalogued = False
        self.restore()
        yield
        self.archive, self.catalogued = kept, True
        self.restore()

    def touch_log(self):
        """The log is about to change: it is kept, and put back."""
        for name in ("audit", "keystore"):
            if not os.path.exists(self.path + "." + name):
                shutil.copytree(os.path.join(self.path, name),
                                self.path + "." + name)

    def restore_log(self):
        for name in ("audit", "keystore"):
            if os.path.exists(self.path + "." + name):
                shutil.rmtree(os.path.join(self.path, name))
                os.rename(self.path + "." + name,
                          os.path.join(self.path, name))

    def stat(self):
        """A mark of every file of the places, without reading it."""
        found, stack = {}, [""]
        while stack:
            at = stack.pop()
            with os.scandir(os.path.join(self.places, at)) as entries:
                for e in entries:
                    path = os.path.join(at, e.name)
                    if e.is_dir(follow_symlinks=False):
                        stack.append(path)
                    else:
                        s = e.stat(follow_symlinks=False)
                        found[path] = (s.st_ino, s.st_size, s.st_mtime_ns,
                                       s.st_mode)
        return found

    def now(self):
        """The content of everything: read where the mark is another."""
        now = {}
        for path, mark in self.stat().items():
            full = os.path.join(self.places, path)
            if self.marks.get(path) == mark:
                now[path] = self.good[path]
            else:
                now[path] = read(full) if os.path.isfile(full) else b"?"
        return now

    def apply(self, attack):
        for path, data in attack.items():
            full = os.path.join(self.places, path)
            if os.path.lexists(full):
                os.remove(full)
            if data is not None:
                write(full, data)

    def restore(self):
        self.restore_log()
        for path, mark in self.stat().items():
            if path not in self.good:
                os.remove(os.path.join(self.places, path))
            elif self.marks[path] != mark:
                self.put_back(path)
        for path in self.good:
            if not os.path.lexists(os.path.join(self.places, path)):
                self.put_back(path)
        self.marks = self.stat()
        for name in os.listdir(os.path.join(self.path, "archive")):
            path = os.path.join(self.path, "archive", name)
            if os.path.isfile(path) and name not in self.archive:
                os.remove(path)
        for name, data in self.archive.items():
            path = os.path.join(self.path, "archive", name)
            if not os.path.exists(path) or read(path) != data:
                write(path, data)

    def put_back(self, path):
        full = os.path.join(self.places, path)
        if os.path.lexists(full):
            os.remove(full)
        write(full, self.good[path])


class Deposit:
    """One deposit, as it lies in a home."""

    by_hand = True  # README is tried too

    def unsure(self, now):
        """Is it open what should be said?"""
        del now
        return False

    def __init__(self, home, name, document, key):
        self.home, self.name, self.key = home, name, key
        self.document = read(document)
        self.file = os.path.basename(document)
        home.deposits.append(self)

    def find(self, id_, root):
        """After it was put: its manifest, and what belongs to it."""
        self.id = id_
        self.shown = self.home.deed("shard", "show", id_)
        self.folder = re.search(r"^folder +(.*)$", self.shown.out,
                                re.M).group(1)
        names = os.listdir(self.at(1))
        self.named = {n for n in names if n.startswith("manifest")}
        self.cms = read(os.path.join(self.at(1), *self.named))
        out = subprocess.run(
            ("openssl", "cms", "-verify", "-binary", "-inform", "DER",
             "-CAfile", root, "-purpose", "any", "-no_check_time"),
            input=self.cms, capture_output=True, check=True)
        self.json = out.stdout
        self.m = json.loads(self.json)
        self.k, self.n = self.m["needed"], len(self.m["placement"])
        self.boxed = "boxes" in self.m
        self.first = self.m["type"] == "deed.manifest/1"
        self.by_hand = not self.first  # first-edition.t does that
        self.root = root

    def at(self, place):
        return os.path.join(self.home.places, str(place), self.folder)

    def path(self, place, kind):
        """The path, below the places, of an object of a kind."""
        for path in self.paths(place):
            if os.path.basename(path).startswith(kind):
                return path
        raise LookupError(kind)

    def paths(self, place):
        """All that belongs to the deposit at a place."""
        inside = os.path.join(str(place), self.folder) + "/"
        about = os.path.join(str(place), "about") + "/"
        named = (self.m["readme"][7:], self.m["script"][7:])
        return sorted(p for p in self.home.good if p.startswith(inside) or
                      (p.startswith(about) and
                       any(digest in p for digest in named)))

    def good(self, place, kind, now):
        try:
            path = self.path(place, kind)
        except LookupError:
            return False
        return now.get(path) == self.home.good[path]

    def count(self, kind, now):
        return sum(self.good(p, kind, now) for p in range(1, self.n + 1))

    def strewn(self, kind, now):
        """How many there are, each at any place: the script does not ask where
        an object of a right name comes from."""
        names = [self.path(p, kind) for p in range(1, self.n + 1)]
        return sum(any(now.get(os.path.join(str(p), self.folder,
                                            os.path.basename(name))) ==
                       self.home.good[name] for p in range(1, self.n + 1))
                   for name in names)

    def left(self, now, count=None):
        """Can it be read?"""
        count = count or self.count
        if not count("manifest", now):
            return False
        if self.boxed:
            return count("box", now) >= self.k
        return count("keys", now) > 0 and count("share", now) >= self.k and \
            all(count("segment-%08d" % c, now) >= self.k
                for c in range(len(self.m["chunks"])))

    def makable(self, now):
        """Can all of it be made anew?  README and script of the first edition
        are not known any more."""
        return self.left(now) and (not self.first or all(
            self.count(kind, now) for kind in ("README", "deed-join")))

    def wrong(self, now):
        """Is anything of it not as it was?"""
        inside = tuple(os.path.join(str(p), self.folder) + "/"
                       for p in range(1, self.n + 1))
        mine = {p for i in range(1, self.n + 1) for p in self.paths(i)}
        return any(now.get(p) != self.home.good[p] for p in mine) or \
            any(p.startswith(inside) and p not in self.home.good and
                not os.path.basename(p).startswith(".") for p in now)


class Judge:
    """What the commands say of one attack, and whether it is right."""

    def __init__(self, deposit, readme, loose=False):
        """loose: whether it can be read is not known."""
        self.d, self.home, self.readme = deposit, deposit.home, readme
        self.loose = loose
        self.words, self.off = [], []

    def say(self, what, words, *wrong):
        bad = [w for w in wrong if w]
        self.words.append("%s %s" % (what, words))
        self.off += ["%s: %s" % (what, w) for w in bad]

    def check(self, now, what="check"):
        d = self.d
        said = self.home.deed("shard", "check", d.id)
        first = re.match(r"[0-9a-f]{64}: (.*)\n", said.out)
        words = first.group(1) if first else "nothing"
        wrong, left, lost = d.wrong(now), d.left(now), not d.left(now)
        if self.loose:
            left = lost = wrong = False
        self.healthy = said.code == 0 and words == "healthy"
        self.say(what, "%s (%d)" % (words, said.code), said.amiss(),
                 wrong and (said.code == 0 or words == "healthy") and
                 "healthy, and it is not",
                 not wrong and not self.loose and
                 (said.code or words != "healthy") and
                 "not healthy, and it is",
                 left and "cannot" in words and "it can be read",
                 lost and "can be" in words and "it cannot be read")
        return words

    def bring(self, id_, *how):
        """What get says, and what it gives out."""
        said = self.home.deed("shard", "get", *how, id_, "--key", self.d.key,
                              "-o", "back")
        back = None
        if os.path.lexists("back"):
            back = read("back")
            os.remove("back")
        return said, back

    def word(self, back):
        return "nothing" if back is None else \
            "the document" if back == self.d.document else "SOMETHING ELSE"

    def get(self, now, what="get"):
        d = self.d
        said, back = self.bring(d.id)
        left, lost = d.left(now), not d.left(now)
        if self.loose:
            left = lost = False
        self.say(what, "%s (%d)" % (self.word(back), said.code), said.amiss(),
                 back not in (None, d.document) and "SOMETHING ELSE",
                 (said.code == 0) != (back is not None) and
                 "exit code and output differ",
                 left and back is None and "it can be read: " + said.err,
                 lost and back is not None and "how?")

    def show(self, now):
        d = self.d
        said = self.home.deed("shard", "show", d.id)
        there = d.count("manifest", now) > 0
        # Places that lag are noted behind their names.
        same = re.sub(r"(?m)^(place .*) \(.*\)$", r"\1", said.out) == \
            d.shown.out
        self.say("show", "as before (0)" if same and
                 said.code == 0 else "nothing (%d)" % said.code, said.amiss(),
                 there and not same and not self.loose and "not as before",
                 not there and (said.out or not said.code) and "how?")

    def list(self, check, now):
        d = self.d
        said = self.home.deed("shard", "list")
        row = [line for line in said.out.splitlines()
               if line.startswith(d.id)]
        state = row[0].split()[-1] if row else "not there"
        others = [line for line in said.out.splitlines()
                  if line[:64] not in [o.id for o in self.home.deposits]]
        self.say("list", "%s (%d)" % (state, said.code), said.amiss(),
                 said.code and "fails", len(row) != 1 and (row or
                 self.home.catalogued or d.count("manifest", now)) and
                 "not there",
                 row and (state == "healthy") != (check == "healthy") and
                 not self.loose and
                 "not what check said", others and "others are listed")

    def audit(self, now):
        said = self.home.deed("audit", "verify")
        shown = {os.path.basename(p) for p in now}
        there = shown >= self.d.named
        if not self.home.catalogued:
            there = self.d.count("manifest", now) > 0
        if self.loose:
            self.say("audit", str(said.code), said.amiss(),
                     self.d.wrong(now) and self.healthy and not said.code and
                     "neither check nor audit tells")
            return
        self.say("audit", str(said.code), said.amiss(),
                 there and said.code and said.out + said.err,
                 not there and said.code == 0 and
                 "does not tell of a deposit without a manifest")

    def repair(self, now):
        d, good = self.d, self.home.good
        said = self.home.deed("shard", "repair", d.id)
        after = self.home.now()
        strange = any(p not in good for p in now)
        lost = [p for p, data in now.items()
                if after.get(p) not in (data, good.get(p)) or
                (data == good.get(p) and after.get(p) != data)]
        made = [p for p, data in after.items()
                if data not in (now.get(p), good.get(p))]
        whole = not d.wrong(after)
        left = d.makable(now)
        if self.loose:
            self.say("repair", "%s (%d)" % ("left" if after == now else
                                            "some", said.code), said.amiss(),
                     lost and "it took away " + " ".join(lost))
            return
        self.say("repair", "%s (%d)" % (
            "as it was" if whole else "left" if after == now else "some",
            said.code), said.amiss(),
            lost and "it took away " + " ".join(lost),
            made and "it made " + " ".join(made),
            whole and said.code and "whole, and yet: " + said.out + said.err,
            not whole and not said.code and "good, and yet not whole",
            left and not strange and not whole and
            "it could be made whole: " + said.out + said.err)
        if after != now or whole:
            self.check(after, "then")

    def by_readme(self, now):
        """All places, the first one last, so that another is asked first."""
        d = self.d
        script = "about/deed-join-%s.py" % d.m["script"][7:]
        env = dict(os.environ, ROOT=d.root, ID=d.id, KEY=d.key, WORK="work",
                   ABOUT=os.path.join(self.home.places, "2/about"),
                   PLACES=" ".join(d.at(p) for p in (2, 3, 4, 5, 1)))
        subprocess.run(("rm", "-rf", "work"), check=True)
        said = Said(("sh", self.home.about), env)
        path = os.path.join("work/content", d.file)
        back = read(path) if os.path.exists(path) else None
        if said.code:
            back = None if back in (None, d.document) else back
        honest = now.get("2/" + script) == self.home.good.get("2/" + script)
        # Which of a fork stands only the log says.
        forked = "which one stands" in said.err and any(
            p not in self.home.good and
            os.path.basename(p).startswith("manifest") for p in now)
        left = d.left(now) and honest and not forked
        self.say("README", "%s (%d)" % (self.word(back), said.code),
                 said.amiss(),
                 back not in (None, d.document) and not said.code and
                 "SOMETHING ELSE",
                 left and back is None and "it can be read: " + said.err,
                 not (honest and d.left(now, d.strewn)) and
                 back is not None and not said.code and "how?")

    def reindex(self, now, lie, opens):
        """The catalogue is made anew from what lies there, and has the lie."""
        d = self.d
        said = self.home.deed("shard", "reindex")
        self.say("reindex", str(said.code), said.amiss())
        self.get(now, what="then get")
        said, back = self.bring(lie)
        self.say("the lie", "%s (%d)" % (self.word(back), said.code),
                 said.amiss(), back not in (None, d.document) and
                 "SOMETHING ELSE", opens and back is None and
                 "it is no lie: " + said.err)

    def all(self, lie, opens):
        """Everything, in order; repair comes last."""
        now = self.home.now()
        self.loose = self.loose or self.d.unsure(now)
        self.get(now)
        self.show(now)
        check = self.check(now)
        self.list(check, now)
        self.audit(now)
        if self.readme:
            self.by_readme(now)
        if lie:
            self.reindex(now, lie, opens)
        self.repair(now)


class Table:
    """The rows, and how many are otherwise than they should be."""

    def __init__(self, each, printing, only):
        self.each, self.printing, self.only = each, printing, only
        self.seen = self.tried = self.answers = self.off = self.turns = 0

    def wanted(self, name):
        """Every so many of them, of those that are named."""
        self.seen += self.only in name
        return self.only in name and self.seen % self.each == 0

    def row(self, name, judge):
        self.tried += 1
        self.answers += len(judge.words)
        if self.printing or judge.off:
            print("%s: %s" % (name, "; ".join(judge.words)), flush=True)
        for text in judge.off:
            self.off += 1
            print("    " + OFF + text.strip().replace("\n", " | "),
                  flush=True)

    def turn(self):
        """A number that differs from attack to attack."""
        self.turns += 1
        return self.turns

    def attack(self, deposit, name, attack, opens=False, loose=False):
        """attack may be a function that makes it, and the id of a manifest
        that lies; opens says that it brings the document."""
        name = "%s, %s" % (deposit.name, name)
        if not self.wanted(name):
            return
        home, lie = deposit.home, None
        if callable(attack):
            attack = attack()
        if isinstance(attack, tuple):
            attack, lie = attack
        home.apply(attack)
        judge = Judge(deposit, deposit.by_hand and
                      self.tried % README_EACH == 0, loose)
        try:
            judge.all(lie, opens)
        finally:
            home.restore()
        self.row(name, judge)

    def summary(self):
        print("%d attacks of %d tried, %d answers, %d wrong"
              % (self.tried, self.seen, self.answers, self.off))
