# SPDX-License-Identifier: Apache-2.0
"""What is seen of seals and boxes, by pdftoppm or mutool:

looks.py ring FILE...           a round seal of 40 mm alone: letters stay
                                within the ring, apart from it
looks.py dark TOOL PAGE BEFORE AFTER...
                                nothing on a page is lighter in any of them,
                                and something is darker
looks.py red PAGE FILE X Y      is that point of the page red, in millimetres?
looks.py white PAGE FILE X Y W H
                                the inside of that place, in millimetres, has
                                no line that runs through it from side to side
"""
import subprocess
import sys

MM = 5  # pixels
COARSE = 2.5


def pnm(data):
    words, at = [], 0
    while len(words) < 4:
        end = at
        while not data[end:end + 1].isspace():
            end += 1
        words.append(data[at:end])
        at = end + 1
    return int(words[1]), int(words[2]), data[at:]


def render(path, page, tool='pdftoppm', mm=MM):
    """(width, height, RGB) of a page as a viewer shows it."""
    dpi = str(mm * 25.4)
    if tool == 'mutool':
        command = ['mutool', 'draw', '-q', '-r', dpi, '-F', 'ppm', '-o',
                   '-', path, page]
    else:
        command = ['pdftoppm', '-cropbox', '-r', dpi, '-f', page, '-l',
                   page, path]
    run = subprocess.run(command, capture_output=True, check=True)
    return pnm(run.stdout)


def ring(path):
    width, height, rgb = render(path, '1')
    middle, inked = width / 2, 0
    # The ring is 1.2 mm of the radius of 20; pixels at its edges are mixed.
    inner = (20 - 1.2) * MM
    for y in range(height):
        for x in range(width):
            if min(rgb[3 * (y * width + x):3 * (y * width + x) + 3]) > 200:
                continue
            r = ((x + .5 - middle) ** 2 + (y + .5 - middle) ** 2) ** .5
            if inner - 4 < r < inner - 1.5 or r > 20 * MM + 1:
                sys.exit('%s: ink at %d, %d' % (path, x, y))
            inked += r < inner - 4
    if inked < 500:
        sys.exit('%s: no letters are within the ring' % path)


def dark(tool, page, before, afters):
    width, height, old = render(before, page, tool, COARSE)
    for path in afters:
        after = render(path, page, tool, COARSE)
        new = after[2]
        if after[:2] != (width, height):
            sys.exit('%s: the page has another size' % path)
        darker = 0
        for start in range(0, len(old), 96):
            a, b = old[start:start + 96], new[start:start + 96]
            if a == b:
                continue
            # Multiplied, nothing becomes lighter but by rounding.
            for i, (was, now) in enumerate(zip(a, b), start // 3):
                if now > was + 6:
                    sys.exit('%s: sample %d was %d and is %d' % (
                        path, i, was, now))
                darker += now < was - 60
        if darker < 300:
            sys.exit('%s: there is nothing new' % path)


def red(page, path, x, y):
    width, _, rgb = render(path, page)
    at = 3 * (int(y * MM) * width + int(x * MM))
    if not (rgb[at] > 150 and rgb[at + 1] < 90):
        sys.exit('it is %s' % list(rgb[at:at + 3]))


def white(page, path, x, y, w, h):
    width, _, rgb = render(path, page)
    left, right = int((x + 2) * MM), int((x + w - 1) * MM)
    for row in range(int((y + 1) * MM), int((y + h - 1) * MM)):
        line = rgb[3 * (row * width + left):3 * (row * width + right)]
        if max(line) < 128:
            sys.exit('%s: a line runs through row %d' % (path, row))


def main():
    if sys.argv[1] == 'ring':
        for path in sys.argv[2:]:
            ring(path)
    elif sys.argv[1] == 'dark':
        dark(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
    elif sys.argv[1] == 'red':
        red(sys.argv[2], sys.argv[3], *map(float, sys.argv[4:6]))
    else:
        white(sys.argv[2], sys.argv[3], *map(float, sys.argv[4:8]))


main()
