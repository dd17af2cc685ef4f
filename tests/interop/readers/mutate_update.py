# SPDX-License-Identifier: Apache-2.0
"""mutate_update.py --bases FOLDER --seed N --count K [--only I] --out FOLDER:
incremental updates of the signed files in FOLDER, each of one to four
mutations; honest ones by half.  File I of a seed is the same every time, as
far as its base is."""
import argparse
import json
import os
import random
import sys

import mutate_annots
import mutate_content
import mutate_forms
import mutate_honest
import mutate_sections
from update import ATTACKS, HONEST, Base, Unfit, Update

MODULES = (mutate_annots, mutate_content, mutate_forms, mutate_honest,
           mutate_sections)
TRIES = 20


class Made:
    """never: why this may never pass, whatever it looks like, or None."""

    def __init__(self, base, seed, index, turn, recipe, update):
        self.base, self.seed, self.index, self.turn = base, seed, index, turn
        self.recipe, self.data = recipe, update.write()
        self.never = update.never


class Generator:
    def __init__(self, folder):
        with open(os.path.join(folder, 'bases.json')) as f:
            names = json.load(f)['names']
        self.bases = []
        for name in names:
            with open(os.path.join(folder, name + '.pdf'), 'rb') as f:
                self.bases.append(Base(name, f.read(), folder))

    def chosen(self, rng):
        """Names of mutations, by what kind of update it is to be."""
        honest, attacks = sorted(HONEST), sorted(ATTACKS)
        sort = rng.random()
        if sort < .4:
            return rng.choices(honest, k=rng.randint(1, 3))
        if sort < .75:
            return [rng.choice(attacks)]
        return rng.choices(attacks, k=rng.randint(1, 3)) + rng.choices(
            honest, k=rng.randint(0, 1))

    def make(self, seed, index, only=None, first=0):
        """File INDEX; with only its mutation of that number, None where that
        does not stand alone.  first: the turn that made it."""
        for turn in range(first, TRIES):
            rng = random.Random('%d %d %d' % (seed, index, turn))
            base = rng.choice(self.bases)
            names = self.chosen(rng)
            seeds = [rng.random() for _ in names]
            if only is not None:
                names, seeds = names[only:only + 1], seeds[only:only + 1]
            # Mostly one update; the last mutation in one of its own at times.
            cut = len(names) - (len(names) > 1 and rng.random() < .25)
            try:
                update = Update(base, random.Random(rng.random()))
                done = self.apply(update, names[:cut], seeds[:cut])
                if done and cut < len(names):
                    never = update.never
                    update = Update(Base(base.name, update.write(),
                                         base.folder), random.Random(seeds[0]))
                    done += self.apply(update, names[cut:], seeds[cut:])
                    update.never = update.never or never
                if done:
                    return Made(base.name, seed, index, turn, done, update)
            except (AttributeError, LookupError, TypeError, ValueError) as e:
                # One took away what the next one needs.
                if len(names) == 1:
                    raise RuntimeError('%s of %s' % (names, base.name)) from e
            if only is not None:
                return None
        return None

    def apply(self, update, names, seeds):
        """Which of them could be applied."""
        done = []
        for name, seed in zip(names, seeds):
            update.rng = random.Random(seed)
            try:
                (HONEST.get(name) or ATTACKS[name])(update)
                done.append(name)
            except Unfit:
                pass
        return done


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--bases', required=True)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--count', type=int, default=100)
    p.add_argument('--only', type=int)
    p.add_argument('--out', required=True)
    o = p.parse_args()
    os.makedirs(o.out, exist_ok=True)
    generator = Generator(o.bases)
    wanted = range(o.count) if o.only is None else [o.only]
    for index in wanted:
        made = generator.make(o.seed, index)
        if made is None:
            continue
        name = '%d.%d.pdf' % (o.seed, index)
        with open(os.path.join(o.out, name), 'wb') as f:
            f.write(made.data)
        print(name, made.base, *made.recipe)


if __name__ == '__main__':
    sys.exit(main())
