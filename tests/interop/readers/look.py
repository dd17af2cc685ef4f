# SPDX-License-Identifier: Apache-2.0
"""look.py BASES POPPLER COUNT SEED: what deed verify --look sees of updates of
the signed files in BASES, whatever the verdict, held against what poppler
(paint_poppler) shows outside of the places that the verdict names.

Prints counts, and what was missed; exit 1 where less than nine of ten that
poppler shows differently are seen, or an honest update is seen as another.
"""
import argparse
import collections
import json
import os
import shutil
import sys
import tempfile

from judge import Worker
from mutate_update import Generator
from named import places
from pdf_file import Document
from view import GROWN, on_device, pixels_differ

ENOUGH = 0.9
PIXELS = 4  # at the readers' DPI: what is fewer may be no stroke at all


def shown(old, new, places_of):
    """Whether two views differ to the eye."""
    if old.error or new.error:
        return None
    if old.count != new.count:
        return True
    for i, (a, b) in enumerate(zip(old.pages, new.pages)):
        if (a.width, a.height) != (b.width, b.height):
            return True
        boxes = [tuple(v + (GROWN if k > 1 else -GROWN) for k, v in
                       enumerate(box)) for box in places_of(i, a)]
        if pixels_differ(a, b, boxes)[0] >= PIXELS:
            return True
    return False


class Looks(Worker):
    def __init__(self, options, folder):
        super().__init__(options, folder)
        self.generator = Generator(options.bases)

    def looked(self, name, data, verdict):
        """Of each signature that was looked at: outcome, and whether poppler
        shows something else."""
        after = Document(data)
        for signature in verdict['signatures']:
            if 'look' not in signature:
                continue
            spans = signature['byte_range']
            end = spans[2] + spans[3]
            before, shape = self.document(data[:end])
            named = places(signature, before, after, shape)
            for reader in self.readers:
                yield signature['look'], shown(
                    self.signed_view(reader, data[:end]), reader.paint(name),
                    lambda i, page, n=named, s=shape: [
                        on_device(page, s[i], box) for p, box, _ in n
                        if p == i + 1])

    def one(self, index):
        """What became of one update, and its recipe."""
        made = self.generator.make(self.options.seed, index)
        if made is None:
            return None, []
        with open(os.path.join(self.folder, 'u.pdf'), 'wb') as f:
            f.write(made.data)
        verdict = self.verify(['u.pdf'])[0]
        try:
            return made, list(self.looked('u.pdf', made.data, verdict))
        except (ValueError, KeyError, TypeError, IndexError):
            return made, []


def main():
    bases, poppler, count, seed = sys.argv[1:]
    with open(os.path.join(bases, 'bases.json'), encoding='utf-8') as f:
        args = ''.join(' --trust ' + t for t in json.load(f)['trust'])
    folder = tempfile.mkdtemp(prefix='looks.')
    worker = Looks(argparse.Namespace(
        bases=bases, poppler=poppler, seed=int(seed), modules=None,
        readers='poppler', args='--look' + args), folder)
    seen, missed, wrong = collections.Counter(), [], []
    try:
        for index in range(int(count)):
            made, rows = worker.one(index)
            honest = made and all(r.startswith('ok-') for r in made.recipe)
            for look, differs in rows:
                outcome = look['outcome']
                seen['looks %s, shown %s' % (outcome, {
                    True: 'differently', False: 'the same',
                    None: 'not at all'}[differs])] += 1
                line = 'index %d, base %s: %s' % (index, made.base,
                                                  ' '.join(made.recipe))
                if differs and outcome == 'same':
                    missed.append(line)
                elif honest and not differs and outcome != 'same':
                    wrong.append('%s: %s' % (line, look))
    finally:
        worker.close()
        shutil.rmtree(folder)
    for word in sorted(seen):
        print('# %s: %d' % (word, seen[word]))
    for line in missed:
        print('not seen: ' + line)
    for line in wrong:
        print('honest: ' + line)
    every = sum(n for w, n in seen.items() if w.endswith('differently'))
    sys.exit(bool(wrong) or not every or len(missed) > (1 - ENOUGH) * every)


if __name__ == '__main__':
    main()
