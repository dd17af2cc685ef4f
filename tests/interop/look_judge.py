# SPDX-License-Identifier: Apache-2.0
"""look_judge.py EACH LIST...: what deed verify --look sees of forged samples,
every EACHth, held against pdftoppm's pictures of what was signed and of what
is there now."""
import json
import os
import re
import shutil
import subprocess
import sys

DPI = 60
STEP = 64      # of 255: sure to be more than two paintings of one thing
FAINT = 24     # surely no less than what deed-look sees, in grey
PIXELS = 12    # that differ so much
GROWN = 3      # around boxes
ENOUGH = 0.9   # of what poppler shows differently
SECONDS = 20   # for one sample: some are made to be painted for ever


def verify(path, *options):
    run = subprocess.run(
        ['deed', 'verify', '--json', '--no-revocation', '--trust', 'wang.pem',
         '--trust', 'alice.crt', *options, path], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=False, timeout=SECONDS)
    try:
        return json.loads(run.stdout)['documents'][0]['signatures'] or []
    except (ValueError, KeyError, IndexError):
        return []


def pages(path):
    """Grey pixels of each page as (width, height, bytes)."""
    shutil.rmtree('painted', ignore_errors=True)
    os.mkdir('painted')
    subprocess.run(['pdftoppm', '-r', str(DPI), '-gray', path, 'painted/p'],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=False, timeout=SECONDS)
    found = []
    for name in sorted(os.listdir('painted')):
        with open('painted/' + name, 'rb') as f:
            _, size, _, data = f.read().split(b'\n', 3)
        width, height = map(int, size.split())
        found.append((width, height, data))
    return found


def on_page(box, width, height, turn):
    """Of a page from 0 0, which all samples have."""
    scale = DPI / 72
    left, low, right, high = (x * scale for x in box)
    if turn == 90:
        corners = (low, left, high, right)
    elif turn == 180:
        corners = (width - right, low, width - left, high)
    elif turn == 270:
        corners = (width - high, height - right, width - low, height - left)
    else:
        corners = (left, height - high, right, height - low)
    return (int(corners[0]) - GROWN, int(corners[1]) - GROWN,
            int(corners[2]) + GROWN + 1, int(corners[3]) + GROWN + 1)


def rotation(path):
    """Of the one page that turns, as the samples have it."""
    with open(path, 'rb') as f:
        found = re.findall(rb'/Rotate (\d+)', f.read())
    return int(found[-1]) if found else 0


def page_differs(a, b, boxes, step):
    if a[:2] != b[:2]:
        return True
    width, height = a[:2]
    count = 0
    for y in range(height):
        p, q = (x[2][y * width:(y + 1) * width] for x in (a, b))
        if p == q:
            continue
        for x, (m, n) in enumerate(zip(p, q)):
            if abs(m - n) > step and not any(
                    l <= x < r and t <= y < d for l, t, r, d in boxes):
                count += 1
    return count >= PIXELS


def poppler_differs(then, now, boxes, turn, step):
    if not then or not now:
        return None
    if len(then) != len(now):
        return True
    return any(page_differs(a, b, [on_page(x['box'], a[0], a[1], turn)
                                   for x in boxes if x['page'] == i + 1],
                            step)
               for i, (a, b) in enumerate(zip(then, now)))


def judge(path, step=STEP):
    """Of the first signature that was looked at: what deed saw and what
    poppler shows."""
    for sig in verify(path, '--look'):
        if 'look' not in sig:
            continue
        subprocess.run(
            ['deed', 'verify', '--revision', str(sig['revision']), '--force',
             '-o', 'then.pdf', path], stderr=subprocess.DEVNULL, check=False)
        if not os.path.exists('then.pdf'):
            continue
        shown = poppler_differs(pages('then.pdf'), pages(path), sig['boxes'],
                                rotation(path), step)
        os.remove('then.pdf')
        return sig['look']['outcome'], shown
    return None, None


def main():
    rows = []
    for name in sys.argv[2:]:
        with open(name, encoding='utf-8') as f:
            rows += [line.rstrip('\n').split('|')[:3] for line in f]
    rows = rows[::int(sys.argv[1])]
    counts = {'different': 0, 'same': 0, 'not-painted': 0}
    missed, wrong = [], []
    for _, path, _ in rows:
        try:
            seen, shown = judge(path)
        except subprocess.TimeoutExpired:
            print('takes too long to be painted: %s' % path)
            continue
        if seen is None:
            continue
        if shown:
            counts[seen] += 1
            if seen == 'same':
                missed.append(path)
        elif shown is False and seen == 'different':
            print('seen by deed-look alone: %s' % path)
    twins = sorted({row[2] for row in rows if row[2].endswith('.pdf')})
    looked = 0
    for path in twins:
        seen, shown = judge(path, FAINT)
        looked += seen is not None
        if seen not in (None, 'same') and not shown:
            wrong.append('%s: %s' % (path, seen))
    every = sum(counts.values())
    found = counts['different'] + counts['not-painted']
    print('%d samples, %d are shown differently: %s' %
          (len(rows), every, ', '.join('%d %s' % (n, w)
                                       for w, n in counts.items())))
    print('%d twins, %d with something to look at' % (len(twins), looked))
    for path in missed:
        print('not seen: ' + path)
    for line in wrong:
        print('a clean twin: ' + line)
    sys.exit(not every or bool(wrong) or found < ENOUGH * every)


main()
