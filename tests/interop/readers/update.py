# SPDX-License-Identifier: Apache-2.0
"""One update of a signed file that is about to be written, and the register
of mutations.  A mutation is a function of an Update; its name says what it
does; those that begin with "ok-" are what honest programs do.  It draws from
update.rng alone, so that a seed makes the same again, and raises Unfit where
the file has not what it needs."""
import zlib

from make_bases import BLANK, CELL, FONT, LINE, PRICE, TEXT
from pdf_file import Document, Name, Ref, Stream, save
from signer import fill, form_x, value, with_field

HONEST, ATTACKS = {}, {}


class Unfit(Exception):
    pass


def honest(function):
    HONEST['ok-' + function.__name__.replace('_', '-')] = function
    return function


def attack(function):
    ATTACKS[function.__name__.replace('_', '-')] = function
    return function


class Base:
    """A signed file; where things stand in it."""

    def __init__(self, name, data, folder):
        self.name, self.data, self.folder = name, data, folder
        self.doc = Document(data)
        self.pages = self.doc.pages()
        self.fields = self.doc.fields()
        page = self.pages[0][1]
        self.boxes = [v['Rect'] for v in self.doc.objects.values()
                      if isinstance(v, dict) and isinstance(
                          v.get('Rect'), list) and v['Rect'][2]]
        self.origin = self.doc.get(
            page.get('CropBox', page['MediaBox']))[:2]


class Update:
    def __init__(self, base, rng):
        self.base, self.doc, self.rng = base, base.doc, rng
        self.objects, self.trailer = {}, {}
        self.fresh = base.doc.size
        self.kind = rng.choice(('table', 'table', 'stream'))
        self.packing = rng.random() < .5
        self.eol = rng.choice((b' \n', b' \n', b' \r', b'\r\n'))
        self.before, self.behind = b'', b''
        self.tricks, self.last = [], []
        self.prev = base.doc.start
        self.signer = self.never = None

    # ---- reading and changing ----

    def get(self, thing):
        """The newest value, to look at."""
        if isinstance(thing, Ref):
            if thing.num in self.objects:
                return self.objects[thing.num]
            return self.doc.get(thing)
        return thing

    def own(self, ref):
        """A dictionary or array of this update, to change."""
        found = self.get(ref)
        if isinstance(found, dict):
            found = dict(found)
        elif isinstance(found, list):
            found = list(found)
        elif isinstance(found, Stream):
            found = Stream(found.head, found.data)
        else:
            raise Unfit('object')
        self.objects[ref.num] = found
        return found

    def add(self, thing):
        ref = Ref(self.fresh)
        self.fresh += 1
        self.objects[ref.num] = thing
        return ref

    @property
    def root_ref(self):
        return self.doc.trailer['Root']

    def root(self):
        return self.own(self.root_ref)

    def page_ref(self, number=0):
        return self.base.pages[number][0]

    def page(self, number=0):
        return self.own(self.page_ref(number))

    def any_page(self):
        return self.rng.randrange(len(self.base.pages))

    def annotations(self, number=0):
        """The array of a page, of this update."""
        page = self.get(self.page_ref(number))
        array = page.get('Annots')
        if isinstance(array, Ref):
            return self.own(array)
        page = self.page(number)
        page['Annots'] = list(array or [])
        return page['Annots']

    def annotate(self, annotation, number=0):
        annotation.setdefault('Type', Name('Annot'))
        if self.rng.random() < .7:
            annotation.setdefault('P', self.page_ref(number))
        ref = self.add(annotation)
        self.annotations(number).append(ref)
        return ref

    def form(self):
        root = self.get(self.root_ref)
        found = root.get('AcroForm')
        if isinstance(found, Ref):
            return self.own(found)
        root = self.root()
        root['AcroForm'] = dict(found or {'Fields': []})
        return root['AcroForm']

    def field(self, *kinds, own=True, test=lambda f: True):
        """A field of those kinds: (reference, dictionary)."""
        found = [r for _, r, f in self.base.fields
                 if isinstance(r, Ref) and f.get('FT') in kinds and
                 isinstance(self.get(r), dict) and test(f)]
        if not found:
            raise Unfit('field')
        ref = self.rng.choice(found)
        return ref, self.own(ref) if own else self.get(ref)

    def add_field(self, field, number=0, seen=True):
        ref = self.add(field)
        with_field(_View(self), self.objects, ref, number, seen)
        return ref

    # ---- places and looks ----

    def at(self, box):
        x, y = self.base.origin
        return [box[0] + x, box[1] + y, box[2] + x, box[3] + y]

    def place(self, *boxes):
        return self.at(self.rng.choice(boxes))

    def anywhere(self):
        """A box of interest to one who cheats."""
        r = self.rng
        box = r.choice((PRICE, PRICE, BLANK, LINE, CELL, [0, 0, 300, 400],
                        [18, 294, 150, 332], [0, 0, 0, 0], [290, 10, 10, 390]))
        if r.random() < .2 and self.base.boxes:
            return list(r.choice(self.base.boxes))
        if r.random() < .3:
            x, y = r.randrange(0, 250), r.randrange(0, 350)
            box = [x, y, x + r.randrange(1, 120), y + r.randrange(1, 120)]
        return self.at(box)

    def font(self):
        return {'F': self.add(dict(FONT))}

    def look(self, box, text=b'99999 EUR', white=True, more=None, **extra):
        """An appearance as large as the box, with a text."""
        width = max(1, abs(box[2] - box[0]))
        height = max(1, abs(box[3] - box[1]))
        content = b'q 1 g 0 0 %d %d re f Q ' % (width, height) if white else b''
        content += b'BT /F 12 Tf 0 g 2 6 Td (%s) Tj ET' % text
        return self.add(form_x(content, [0, 0, width, height],
                               dict(FONT), dict(more or {}, **extra)))

    def multiplied(self, box, text=b'seen', color=b'0 0.4 1'):
        """The same by Multiply, hiding nothing."""
        width, height = box[2] - box[0], box[3] - box[1]
        content = (b'/M gs q %s RG 1 w 1 1 %d %d re S Q BT /F 9 Tf %s rg '
                   b'3 6 Td (%s) Tj ET' % (color, width - 2, height - 2, color,
                                           text))
        form = form_x(content, [0, 0, width, height])
        form.head['Resources'] = {
            'Font': {'F': dict(FONT)},
            'ExtGState': {'M': {'BM': Name('Multiply')}}}
        return self.add(form)

    # ---- what an attacker has in store ----

    def evil_text(self):
        if self.rng.random() < .7:
            return TEXT.replace(b'10000', b'99999')
        return self.rng.choice((TEXT.replace(b'no warranty', b'a warranty'),
                                TEXT.replace(b'14 days', b'41 days'),
                                TEXT.replace(b'10000', b'10001')))

    def evil(self):
        """(number, value): an object of the signed file with another
        content that shows."""
        r, page = self.rng, dict(self.base.pages[0][1])
        contents = page.get('Contents')
        choice = r.randrange(4)
        x, y = self.base.origin
        text = self.evil_text()
        if [x, y] != [0, 0]:
            text = b'1 0 0 1 %d %d cm ' % (x, y) + text
        stream = Stream({}, text)
        if choice < 2 and isinstance(contents, Ref):
            return contents.num, stream
        if choice == 2:
            resources = self.get(page.get('Resources')) or {}
            for ref in (self.get(resources.get('Font')) or {}).values():
                if isinstance(ref, Ref):
                    return ref.num, dict(FONT, Encoding={
                        'Type': Name('Encoding'),
                        'Differences': [ord('0'), Name('nine')]})
        page['Contents'] = self.add(stream)
        return self.page_ref().num, page

    # ---- writing ----

    def trick(self, function):
        self.tricks.append(function)

    def played(self, section, out):
        section.eol = self.eol
        section.predictor = self.packing
        for trick in self.tricks:
            out = trick(section, out)
        return out

    def write(self):
        trailer = {k: self.doc.trailer[k] for k in ('Root', 'Info', 'ID')
                   if k in self.doc.trailer}
        trailer.update(self.trailer)
        data = save(self.base.data, self.objects, trailer, self.kind,
                    self.fresh, self.packing, self.prev, self.before,
                    self.played)
        for change in self.last:
            data = change(data)
        if self.signer:
            data = fill(data, self.base.folder, self.signer)
        return data + self.behind

    def sign(self, rect, who='li', look=None, number=0, field=None, **widget):
        """A signature of the other party in this update."""
        if self.signer:
            raise Unfit('one signature an update')
        self.signer = who
        sort = 'DocTimeStamp' if who == 'tsa' else 'Sig'
        held = self.add(value(sort))
        if field is not None:
            node = self.own(field)
        else:
            node = {'FT': Name('Sig'), 'T': b'Sig%d' % self.fresh,
                    'Type': Name('Annot'), 'Subtype': Name('Widget'),
                    'F': 132, 'Rect': rect, 'P': self.page_ref(number)}
        node['V'] = held
        if look is not None:
            node['AP'] = {'N': look}
        node.update(widget)
        if field is None:
            return self.add_field(node, number)
        return field


class _View:
    """What with_field wants of a document: the update over its base."""

    def __init__(self, update):
        self.update = update
        self.trailer = update.doc.trailer

    @property
    def root(self):
        return self.update.get(self.update.root_ref)

    def get(self, thing):
        return self.update.get(thing)

    def pages(self):
        return self.update.base.pages


def flate(data):
    return Stream({'Filter': Name('FlateDecode')}, zlib.compress(data))
