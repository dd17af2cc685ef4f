# SPDX-License-Identifier: Apache-2.0
"""Whether what deed passes is what poppler, mupdf and pdf.js show.

judge.py --bases FOLDER [options]: updates of the signed files there
judge.py [options] FILE ...: these files

  --seed N --count K   which updates (1, 2000)
  --jobs N             processes (2)
  --findings FOLDER    where what differs goes: KIND.N.pdf, KIND.N.txt
  --poppler PROGRAM    paint_poppler
  --modules FOLDER     node_modules with pdfjs-dist
  --args 'WORDS'       further ones of deed verify
  --readers a,b        only these
  --table              also counts by mutation
  --as-they-are        the files of --bases, not updates of them
  --list               which readers run

Prints counts, then a line for each kind of difference; exit 1 if there is one.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from named import geometry, places
from pdf_file import Document
from view import Reader, differs

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 50
EXAMPLES = 3  # of a kind, kept
KEPT = 400    # views of what was signed
# What may be said of a signed file that does not pass.
VERDICTS = 'TOTAL-FAILED', 'INDETERMINATE', 'asks for a password'


def readers(options, folder):
    """Those that can run, and why others cannot."""
    wanted = options.readers.split(',')
    found, missing = [], []
    if options.poppler and os.access(options.poppler, os.X_OK):
        found.append(Reader('poppler', [os.path.abspath(options.poppler)],
                            folder))
    else:
        missing.append('poppler paint_poppler is not built')
    if shutil.which('mutool') and shutil.which('stdbuf'):
        found.append(Reader('mupdf', [
            'stdbuf', '-oL', 'mutool', 'run',
            os.path.join(HERE, 'paint_mupdf.js')], folder, True, 3))
    else:
        missing.append('mupdf mutool is not installed')
    modules = os.path.abspath(options.modules or '/nowhere')
    if node_runs() and os.path.isdir(
            os.path.join(modules, 'pdfjs-dist')):
        found.append(Reader('pdfjs', [
            'node', os.path.join(HERE, 'paint_pdfjs.mjs'), modules], folder))
    else:
        missing.append('pdfjs node 18 or pdfjs-dist is not installed')
    return [r for r in found if r.name in wanted], missing


def node_runs():
    """Whether there is a node that pdf.js runs on."""
    if not shutil.which('node'):
        return False
    done = subprocess.run(('node', '--version'), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    version = re.match(rb'v(\d+)', done.stdout)
    return bool(version) and int(version[1]) >= 18


class Worker:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        os.makedirs(folder, exist_ok=True)
        self.readers, _ = readers(options, folder)
        self.cache = {}
        self.documents = {}
        self.counts = collections.Counter()

    def verify(self, names):
        """What deed says of each; files of which a batch dies are judged one
        by one."""
        argv = ['deed', 'verify', '--json', '--offline', '--no-revocation',
                '--jobs', '1'] + self.options.args.split() + names
        try:
            done = subprocess.run(argv, cwd=self.folder, timeout=30 + len(
                names), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            said = json.loads(done.stdout)
            documents = said['documents']
            for d, e in itertools.product(documents, said['errors']):
                if d['file'] == e.get('file'):
                    d['error'] = e['id']
            if len(documents) == len(names):
                return documents
            end = 'document missing'
        except subprocess.TimeoutExpired:
            end = 'no end'
        except (ValueError, KeyError):
            end = 'exit %d' % done.returncode
        if len(names) == 1:
            return [{'indication': end, 'signatures': []}]
        return [d for n in names for d in self.verify([n])]

    def signed_view(self, reader, data):
        key = reader.name, hashlib.sha256(data).digest()
        if key not in self.cache:
            if len(self.cache) >= KEPT:
                self.cache.clear()
            with open(os.path.join(self.folder, 'signed.pdf'), 'wb') as f:
                f.write(data)
            self.cache[key] = reader.paint('signed.pdf')
        return self.cache[key]

    def document(self, data):
        key = hashlib.sha256(data).digest()
        if key not in self.documents:
            if len(self.documents) >= KEPT:
                self.documents.clear()
            doc = Document(data)
            self.documents[key] = doc, geometry(doc)
        return self.documents[key]

    def differences(self, name, verdict):
        """Of a file that passed: (reader, what)."""
        with open(os.path.join(self.folder, name), 'rb') as f:
            data = f.read()
        ends = []
        for signature in verdict['signatures']:
            spans = signature.get('byte_range')
            if spans and spans[2] + spans[3] < len(data):
                ends.append((spans[2] + spans[3], signature))
        if not ends:
            return self.unpainted(name)
        found, after = [], Document(data)
        for reader in self.readers:
            reader.ask(name)
        views = [(r, r.answer()) for r in self.readers]
        for end, signature in ends:
            before, shape = self.document(data[:end])
            may = places(signature, before, after, shape)
            for reader, view in views:
                what = differs(self.signed_view(reader, data[:end]), view,
                               may, shape)
                if what:
                    found.append((reader.name, what))
        return found

    def unpainted(self, name):
        """Of a file that nothing follows: readers that cannot open it."""
        views = [(r.name, r.paint(name)) for r in self.readers]
        return [(n, v.error or 'paints no page') for n, v in views if v.error
                or not all(p.width for p in v.pages)]

    def seen(self, name, verdict):
        try:
            return self.differences(name, verdict)
        except (ValueError, KeyError, TypeError, IndexError) as e:
            return [('harness', 'cannot be read: %r' % e)]

    def judge(self, names):
        """(verdict, differences) of each file in the folder."""
        for name, verdict in zip(names, self.verify(names)):
            word = verdict['indication'] or 'no verdict'
            # An update can make a file ask for a password, which is no pass.
            if verdict.get('error') == 'no-passphrase':
                word = 'asks for a password'
            if word != 'TOTAL-PASSED':
                yield word, verdict, [] if word in VERDICTS else [
                    ('deed', word)]
                continue
            found = self.seen(name, verdict)
            if found:
                # By readers that have painted nothing else: what was asked
                # and not read would be this one's, and mutool paints oddly
                # for a while before it dies.
                self.cache.clear()
                for reader in self.readers:
                    reader.stop()
                found = self.seen(name, verdict)
            yield word, verdict, found

    def close(self):
        for reader in self.readers:
            self.counts['lost ' + reader.name] += reader.lost
            reader.stop()


def kind_of(recipe, found):
    attacks = sorted({r for r in recipe if not r.startswith('ok-')})
    kind = '+'.join(attacks or sorted(set(recipe)))
    return ('unjudged-' if found[0][0] == 'deed' else '') + kind


class Updates(Worker):
    """A share of the updates: generated, judged, and cut down to the one
    mutation that does it where one alone does."""

    def __init__(self, options, folder, share):
        super().__init__(options, folder)
        from mutate_update import Generator
        self.generator = Generator(options.bases)
        self.share = share
        self.kinds = {}
        self.table = collections.Counter()

    def write(self, name, data):
        with open(os.path.join(self.folder, name), 'wb') as f:
            f.write(data)
        return name

    def alone(self, made):
        """The first mutation of it that differs by itself."""
        if len(made.recipe) < 2:
            return made, None
        for i in range(4):
            one = self.generator.make(made.seed, made.index, i, made.turn)
            if one is None:
                continue
            name = self.write('one.pdf', one.data)
            for word, _, found in self.judge([name]):
                if word == 'TOTAL-PASSED' and one.never:
                    found.append(('rule', one.never))
                if found:
                    return one, found
        return made, None

    def keep(self, made, found):
        if kind_of(made.recipe, found) not in self.kinds:
            made, less = self.alone(made)
            found = less or found
        kind = kind_of(made.recipe, found)
        rows = self.kinds.setdefault(kind, [0, set(), []])
        rows[0] += 1
        rows[1].update(reader for reader, _ in found)
        if len(rows[2]) < EXAMPLES:
            rows[2].append((made, found))

    def batch(self, indices):
        names, all_made = [], []
        for index in indices:
            try:
                made = self.generator.make(self.options.seed, index)
            except RuntimeError as e:
                print('differs: harness: index %d is not made: %s: %r' % (
                    index, e, e.__cause__), flush=True)
                made = None
            if made is None:
                self.counts['not made'] += 1
                continue
            names.append(self.write('u%d.pdf' % len(names), made.data))
            all_made.append(made)
        for made, (word, _, found) in zip(all_made, list(self.judge(names))):
            self.counts[word] += 1
            if word == 'TOTAL-PASSED' and made.never:
                found.append(('rule', made.never))
            for r in set(made.recipe):
                self.table[r, word] += 1
            for reader in {reader for reader, _ in found}:
                self.counts['differs ' + reader] += 1
            if found:
                self.counts['differs'] += 1
                self.keep(made, found)

    def run(self):
        mine = range(self.share, self.options.count, self.options.jobs)
        for at in range(0, len(mine), BATCH):
            self.batch(mine[at:at + BATCH])
        self.close()
        return self.counts, self.kinds, self.table


def share_of(task):
    options, folder, share = task
    worker = Updates(options, os.path.join(folder, str(share)), share)
    try:
        return worker.run()
    finally:
        for reader in worker.readers:
            reader.stop()


def store(folder, kind, number, made, found):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, '%s.%d' % (kind[:80], number))
    with open(path + '.pdf', 'wb') as f:
        f.write(made.data)
    with open(path + '.txt', 'w') as f:
        f.write('base %s\nseed %d\nindex %d\nrecipe %s\n' % (
            made.base, made.seed, made.index, ' '.join(made.recipe)))
        for row in found:
            f.write('%s: %s\n' % row)


def updates(options, folder):
    tasks = [(options, folder, i) for i in range(options.jobs)]
    counts, table = collections.Counter(), collections.Counter()
    kinds = {}
    # A process that is killed is an error, and nothing to wait for.
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for done in [pool.submit(share_of, task) for task in tasks]:
            some, found, rows = done.result()
            counts.update(some)
            table.update(rows)
            for kind, (count, by, examples) in found.items():
                row = kinds.setdefault(kind, [0, set(), []])
                row[0] += count
                row[1] |= by
                row[2] += examples
    for word in sorted(counts):
        print('# %s: %d' % (word, counts[word]))
    if options.table:
        for name in sorted({n for n, _ in table}):
            print('# %-24s %s' % (name, ' '.join('%s %d' % (w, c) for (
                n, w), c in sorted(table.items()) if n == name)))
    for kind, (count, by, examples) in sorted(kinds.items()):
        made, found = min(examples, key=lambda e: e[0].index)
        print('differs: %s: %d, %s; base %s, seed %d, index %d: %s: %s' % (
            (kind, count, ','.join(sorted(by)), made.base, made.seed,
             made.index) + found[0]))
        for i, (made, found) in enumerate(examples[:EXAMPLES]):
            if options.findings:
                store(options.findings, kind, i + 1, made, found)
    return 1 if kinds or counts['not made'] else 0


def given(options, folder):
    worker, status = Worker(options, folder), 0
    for path in options.files:
        shutil.copy(path, os.path.join(folder, 'given.pdf'))
        for word, _, found in worker.judge(['given.pdf']):
            print('%s%s: %s' % ('' if word != 'TOTAL-PASSED' or found else
                                '# ', path, word))
            for row in found:
                print('  %s: %s' % row)
                status = 1
    worker.close()
    return status


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--bases')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--count', type=int, default=2000)
    p.add_argument('--jobs', type=int, default=2)
    p.add_argument('--findings')
    p.add_argument('--poppler')
    p.add_argument('--modules')
    p.add_argument('--args', default='')
    p.add_argument('--readers', default='poppler,mupdf,pdfjs')
    p.add_argument('--table', action='store_true')
    p.add_argument('--list', action='store_true')
    p.add_argument('--as-they-are', action='store_true')
    p.add_argument('files', nargs='*')
    options = p.parse_args()
    # Whoever ends it ends its processes, too, and leaves no folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix='readers.')
    if options.bases:
        with open(os.path.join(options.bases, 'bases.json')) as f:
            options.args += ''.join(' --trust ' + t
                                    for t in json.load(f)['trust'])
    try:
        found, missing = readers(options, folder)
        if options.list:
            for reader in found:
                print('runs', reader.name)
            for line in missing:
                print('missing', line)
            return 0
        if options.as_they_are:
            with open(os.path.join(options.bases, 'bases.json')) as f:
                options.files = [os.path.join(options.bases, n + '.pdf')
                                 for n in json.load(f)['names']]
        return (given if options.files else updates)(options, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == '__main__':
    sys.exit(main())
