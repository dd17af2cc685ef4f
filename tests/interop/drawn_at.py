# SPDX-License-Identifier: Apache-2.0
"""drawn_at.py BEFORE AFTER PAGE: where a page of two PDFs differs, as
displayed: left, top, width and height in millimetres, or "nowhere"."""
import subprocess
import sys

DPI = 127  # five pixels a millimetre


def render(path, page):
    """(width, height, grey bytes) of a page as a viewer shows it."""
    run = subprocess.run(
        ['pdftoppm', '-cropbox', '-r', str(DPI), '-gray', '-f', page, '-l',
         page, path], capture_output=True, check=True)
    kind, width, height, _, pixels = split(run.stdout)
    if kind != b'P5':
        sys.exit('pdftoppm gave no PGM')
    return int(width), int(height), pixels


def split(pgm):
    words, at = [], 0
    while len(words) < 4:
        end = at
        while not pgm[end:end + 1].isspace():
            end += 1
        words.append(pgm[at:end])
        at = end + 1
    return (*words, pgm[at:])


def main():
    before, after, page = sys.argv[1:]
    width, height, old = render(before, page)
    if (width, height) != render(after, page)[:2]:
        sys.exit('the page has another size')
    new = render(after, page)[2]
    rows = [y for y in range(height) if old[y * width:(y + 1) * width] !=
            new[y * width:(y + 1) * width]]
    if not rows:
        print('nowhere')
        return
    left, right = width, 0
    for y in rows:
        a, b = old[y * width:(y + 1) * width], new[y * width:(y + 1) * width]
        columns = [x for x in range(width) if a[x] != b[x]]
        left, right = min(left, columns[0]), max(right, columns[-1] + 1)
    mm = 25.4 / DPI
    print(f'{left * mm:.2f} {rows[0] * mm:.2f} {(right - left) * mm:.2f} '
          f'{(rows[-1] + 1 - rows[0]) * mm:.2f}')


main()
