# SPDX-License-Identifier: Apache-2.0
"""Readers as processes that stay, what they show of a file, and how two views
differ outside of the places that a verdict names."""
import json
import os
import select
import subprocess
import time
import zlib

DPI = 50
SECONDS = 20       # for one file
SERVED = 1000      # files, then a reader starts anew
NOISE = 24         # of 255: two paintings of one thing
GROWN = 2          # pixels around a box that its own edge may touch
OWN_MARK = 'SIGN'  # MuPDF's, in what waits for a signature
OWN_SIZE = 8       # and how far its letters may reach past it
FILLERS = set('_.-\u2013\u2014\u2026\u00b7= ')


def unpng(data):
    """Size and RGB bytes of a PNG of 8 bits without alpha or interlacing."""
    at, packed = 8, b''
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], 'big')
        kind = data[at + 4:at + 8]
        if kind == b'IHDR':
            width = int.from_bytes(data[at + 8:at + 12], 'big')
        elif kind == b'IDAT':
            packed += data[at + 8:at + 8 + size]
        at += 12 + size
    raw, stride = zlib.decompress(packed), width * 3
    rows, above = [], bytes(stride)
    for at in range(0, len(raw), stride + 1):
        above = unfiltered(raw[at], bytearray(raw[at + 1:at + 1 + stride]),
                           above)
        rows.append(bytes(above))
    return b''.join(rows)


def unfiltered(kind, row, above):
    if kind == 1:
        for i in range(3, len(row)):
            row[i] = (row[i] + row[i - 3]) & 255
    elif kind == 2:
        for i, up in enumerate(above):
            row[i] = (row[i] + up) & 255
    elif kind > 2:
        for i, up in enumerate(above):
            left = row[i - 3] if i >= 3 else 0
            corner = above[i - 3] if i >= 3 else 0
            guess = (left + up) // 2
            if kind == 4:
                p = left + up - corner
                guess = min((abs(p - left), 0, left), (abs(p - up), 1, up),
                            (abs(p - corner), 2, corner))[2]
            row[i] = (row[i] + guess) & 255
    return row


class Page:
    """bytes_of gives the pixels; two pages of equal "as_is" are equal."""

    def __init__(self, size, text, as_is, channels, packed):
        self.width, self.height = size
        self.text, self.as_is = text, as_is
        self.channels, self.packed = channels, packed
        self.annotations, self._pixels = (), None

    def pixels(self):
        if self._pixels is None:
            self._pixels = unpng(self.as_is) if self.packed else self.as_is
        return self._pixels


class View:
    def __init__(self, error=None, count=0, pages=(), tree=(), painted=True):
        self.error, self.count, self.pages = error, count, pages
        self.tree, self.painted = tree, painted


class Reader:
    """A renderer that is fed lines; started anew when it dies or hangs."""

    def __init__(self, name, argv, folder, packed=False, channels=4):
        self.name, self.argv, self.folder = name, argv, folder
        self.packed, self.channels = packed, channels
        self.process, self.left, self.lost = None, b'', 0
        self.name_asked, self.until, self.served = None, 0, 0
        self.out = 'view.' + name

    def start(self):
        self.left, self.served = b'', 0
        self.process = subprocess.Popen(
            self.argv, cwd=self.folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process = None

    def ask(self, name):
        """To paint the file of that name in the folder."""
        if self.served >= SERVED:
            self.stop()
        if self.process is None:
            self.start()
        self.served += 1
        self.name_asked = name
        line = '%s\t%s\t%d\n' % (name, self.out, DPI)
        try:
            os.write(self.process.stdin.fileno(), line.encode())
        except OSError:
            pass
        self.until = time.monotonic() + SECONDS

    def line(self):
        fd = self.process.stdout.fileno()
        while b'\n' not in self.left:
            rest = self.until - time.monotonic()
            if rest <= 0 or not select.select([fd], [], [], rest)[0]:
                return None, 'no answer in %d s' % SECONDS
            data = os.read(fd, 1 << 16)
            if not data:
                return None, 'ended by %s' % self.process.wait()
            self.left += data
        line, _, self.left = self.left.partition(b'\n')
        return line, None

    def answer(self):
        """To what was asked last; a reader that dies is asked once more, for
        it may have died of what it painted before."""
        line, lost = self.line()
        if line is None:
            self.lost += 1
            self.stop()
            self.ask(self.name_asked)
            line, lost = self.line()
        if line is None:
            self.stop()
            return View(error='lost: ' + lost)
        said = json.loads(line.decode('utf-8', 'replace'))
        if 'error' in said:
            return View(error='refuses: ' + said['error'])
        pages, at = [], 0
        raw = b'' if self.packed else self.read(self.out)
        for i, page in enumerate(said['pages']):
            size = page.get('size') or [0, 0]
            if self.packed:
                data = self.read('%s.%d' % (self.out, i)) if size[0] else b''
            else:
                end = at + size[0] * size[1] * (
                    self.channels if said.get('painted', True) else 1)
                data, at = raw[at:end], end
            pages.append(Page(size, page.get('text', []), data, self.channels,
                              self.packed))
            pages[-1].annotations = page.get('annotations', ())
        return View(None, said['count'], pages, said['tree'],
                    said.get('painted', True))

    def read(self, name):
        with open(os.path.join(self.folder, name), 'rb') as f:
            return f.read()

    def paint(self, name):
        self.ask(name)
        return self.answer()


def on_device(page, geometry, box):
    """A box of user space in pixels of the painted page, its edges in."""
    x0, y0, x1, y1 = geometry['crop']
    turn = geometry['rotate'] % 360
    across = (y1 - y0) if turn in (90, 270) else (x1 - x0)
    scale = page.width / (across or 1)
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        corners.append({0: (x - x0, y1 - y), 90: (y - y0, x - x0),
                        180: (x1 - x, y - y0), 270: (y1 - y, x1 - x)}.get(
                            turn, (x - x0, y1 - y)))
    (a, b), (c, d) = corners
    return (int(min(a, c) * scale) - GROWN, int(min(b, d) * scale) - GROWN,
            int(max(a, c) * scale) + GROWN + 1,
            int(max(b, d) * scale) + GROWN + 1)


def within(boxes, x, y):
    return any(b[0] <= x < b[2] and b[1] <= y < b[3] for b in boxes)


def masked(row, y, boxes, width, channels):
    for b in boxes:
        if b[1] <= y < b[3]:
            left, right = max(0, b[0]), min(width, b[2])
            if left < right:
                row[left * channels:right * channels] = bytes(
                    (right - left) * channels)
    return row


def pixels_differ(old, new, boxes):
    """How many pixels differ, and where the first one is."""
    count, first, channels = 0, None, old.channels
    a, b, stride = old.pixels(), new.pixels(), old.width * old.channels
    for y in range(old.height):
        p, q = a[y * stride:(y + 1) * stride], b[y * stride:(y + 1) * stride]
        if p == q:
            continue
        p = masked(bytearray(p), y, boxes, old.width, channels)
        q = masked(bytearray(q), y, boxes, old.width, channels)
        if p == q:
            continue
        for x in range(0, len(p), channels):
            if p[x:x + channels] != q[x:x + channels] and any(
                    abs(m - n) > NOISE for m, n in zip(
                        p[x:x + channels], q[x:x + channels])):
                count += 1
                first = first or (x // channels, y)
    return count, first


def hides(old, new, box, others, large):
    """Whether text that stood in the box is lighter now than it was: a box
    over it that is not multiplied.  In a large one anything counts; but not
    what the others do, which are judged by themselves, or a reader's own mark
    in a place that stood."""
    near = [(l - GROWN, t - GROWN, r + GROWN, b + GROWN)
            for l, t, r, b in others]
    under = [t for t in old.text if within([box], t[0], t[1]) and
             not within(near, t[0], t[1]) and set(t[2]) - FILLERS]
    if not ''.join(t[2] for t in under).replace(OWN_MARK, ''):
        under = []
    if not under and not large:
        return None
    channels, stride = old.channels, old.width * old.channels
    a, b = old.pixels(), new.pixels()
    for y in range(max(0, box[1] + GROWN), min(old.height, box[3] - GROWN)):
        left = max(0, box[0] + GROWN) * channels
        right = min(old.width, box[2] - GROWN) * channels
        p = a[y * stride + left:y * stride + right]
        q = b[y * stride + left:y * stride + right]
        if p == q:
            continue
        for i, (m, n) in enumerate(zip(p, q)):
            x = (left + i) // channels
            if n - m <= 2 * NOISE or within(near, x, y):
                continue
            return 'covered: "%s" in a %s box' % (''.join(
                t[2] for t in under)[:40], 'large' if large else 'new')
    return None


def characters(page, boxes):
    return sorted((t[0], t[1], t[2]) for t in page.text
                  if not within(boxes, t[0], t[1]))


def shifted(a, b):
    """What of A is not in B, a pixel of difference in place being none."""
    near = {(x + i, y + j, c) for x, y, c in b for i in (-1, 0, 1)
            for j in (-1, 0, 1)}
    return [t for t in a if t not in near]


def page_differs(old, new, places):
    """places: boxes on the device that may differ, each with its kind."""
    boxes = [box for box, _ in places]
    if (old.width, old.height) != (new.width, new.height):
        return 'size: %dx%d was %dx%d' % (new.width, new.height, old.width,
                                          old.height)
    if old.as_is != new.as_is:
        count, first = pixels_differ(old, new, boxes)
        if count:
            return 'pixels: %d differ, the first at %d,%d' % ((count,) + first)
        small = [box for box, kind in places if kind != 'large']
        stood = [box for box, kind in places if kind == 'stood']
        for box, kind in places:
            said = kind != 'stood' and hides(
                old, new, box, small if kind == 'large' else stood,
                kind == 'large')
            if said:
                return said
    if old.text != new.text:
        a, b = characters(old, boxes), characters(new, boxes)
        # What a box clips is painted nowhere, and still extracted.
        gone, come = shifted(a, b), [] if boxes else shifted(b, a)
        # MuPDF's own mark reaches past a small place that waits.
        near = [(l - OWN_SIZE, t - OWN_SIZE, r + OWN_SIZE, b + OWN_SIZE)
                for (l, t, r, b), kind in places if kind == 'stood']
        gone = [t for t in gone if not (t[2] in OWN_MARK and
                                        within(near, t[0], t[1]))]
        if gone or come:
            return 'text: "%s" was "%s"' % (
                ''.join(t[2] for t in come)[:40],
                ''.join(t[2] for t in gone)[:40])
    return None


def operations_differ(old, new, boxes):
    """Of a reader that does not paint: the page's operations, and annotations
    outside of the boxes, in units of the page."""
    if old.as_is != new.as_is:
        return 'operations differ'
    for some, others in ((old, new), (new, old)):
        for one in some.annotations:
            if one not in others.annotations and not any(
                    b[0] - 1 <= one[0] and b[1] - 1 <= one[1] and
                    one[2] <= b[2] + 1 and one[3] <= b[3] + 1 for b in boxes):
                return 'operations differ in an annotation'
    return None


def differs(old, new, places, geometry):
    """The first difference of two views in words, or None.  places: as
    named.places() has them."""
    if old.error:
        return None if new.error else 'opened: only the update can be read'
    if new.error:
        return 'unreadable: ' + new.error
    if old.count != new.count:
        return 'pages: %d were %d' % (new.count, old.count)
    for i, (a, b) in enumerate(zip(old.pages, new.pages)):
        if not old.painted:
            said = operations_differ(a, b, [p[1] for p in places
                                            if p[0] == i + 1])
            if said:
                return '%s, page %d' % (said, i + 1)
            continue
        said = page_differs(a, b, [
            (on_device(a, geometry[i], box), kind)
            for page, box, kind in places if page == i + 1])
        if said:
            return '%s, page %d' % (said, i + 1)
    if list(old.tree) != list(new.tree):
        return 'spoken: %s was %s' % (list(new.tree)[:3], list(old.tree)[:3])
    return None
