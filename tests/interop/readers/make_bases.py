# SPDX-License-Identifier: Apache-2.0
"""make_bases.py FOLDER: the signed files that updates are made of, some by
hand and, where DEED_HOME is a house with the party wang, some by deed; and
bases.json, which lists them.  Contracts of one layout: a price, a clause, a
line to sign on, a table with empty cells, and much blank."""
import json
import os
import re
import subprocess
import sys

from pdf_file import Document, Name, Raw, Ref, Stream, save
from signer import form_x, make_keys, sign

BLANK = [20, 190, 120, 230]
LINE = [66, 98, 150, 126]
CELL = [24, 143, 116, 167]
PRICE = [78, 334, 150, 352]

TEXT = (b'BT /F 14 Tf 20 370 Td (Contract of sale) Tj ET '
        b'BT /F 12 Tf 20 340 Td (The price is 10000 EUR) Tj ET '
        b'BT /F 10 Tf 20 320 Td (Delivery within 14 days.) Tj ET '
        b'BT /F 10 Tf 20 300 Td (There is no warranty.) Tj ET '
        b'BT /F 10 Tf 20 100 Td (Seller: ____________________) Tj ET '
        b'0.5 w 20 140 200 30 re S 120 140 m 120 170 l S ')
FONT = {'Type': Name('Font'), 'Subtype': Name('Type1'),
        'BaseFont': Name('Helvetica'), 'Encoding': Name('WinAnsiEncoding')}


def contract(pages=1, media=None, catalog=None, more=None, page=None,
             content=TEXT):
    """Objects of a contract: 1 the catalog, 2 the pages, 3 the font, then
    two a page."""
    objects = {1: dict({'Type': Name('Catalog'), 'Pages': Ref(2)},
                       **(catalog or {})),
               2: {'Type': Name('Pages'), 'Count': pages,
                   'Kids': [Ref(10 + 2 * i) for i in range(pages)]},
               3: dict(FONT)}
    for i in range(pages):
        objects[10 + 2 * i] = dict({
            'Type': Name('Page'), 'Parent': Ref(2),
            'MediaBox': media or [0, 0, 300, 400], 'Contents': Ref(11 + 2 * i),
            'Resources': {'Font': {'F': Ref(3)}}}, **(page or {}))
        objects[11 + 2 * i] = Stream({}, content)
    objects.update(more or {})
    return objects


def written(objects, kind='table', packing=False):
    ident = b'0123456789abcdef'
    return save(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', objects,
                {'Root': Ref(1), 'ID': [ident, ident]}, kind,
                packing=packing)


def look(text, width, height, size=10):
    return form_x(b'/Tx BMC q BT /F %d Tf 0 g 2 4 Td (%s) Tj ET Q EMC' %
                  (size, text), [0, 0, width, height], Ref(3))


def text_field(name, rect, text=b'', **more):
    return dict({'FT': Name('Tx'), 'T': name, 'Type': Name('Annot'),
                 'Subtype': Name('Widget'), 'F': 4, 'Rect': rect,
                 'DA': b'/F 10 Tf 0 g', 'P': Ref(10), 'V': text}, **more)


def form(**more):
    """A contract with fields of every kind; further ones of the form."""
    catalog = {'AcroForm': Ref(4)}
    names = [20, 22, 24, 26, 28, 30, 33, 35]
    mark = b'q 1 w 2 2 m 10 10 l S Q'
    fields = {
        4: dict({'Fields': [Ref(n) for n in names], 'DA': b'/F 10 Tf 0 g',
                 'DR': {'Font': {'F': Ref(3)}}}, **more),
        20: text_field(b'Quantity', [140, 240, 220, 256],
                       AP={'N': Ref(21)}),
        21: look(b'', 80, 16),
        22: text_field(b'Total', [140, 220, 220, 236], b'10000', Ff=1,
                       AP={'N': Ref(23)}),
        23: look(b'10000', 80, 16),
        24: dict(text_field(b'Agree', [140, 200, 152, 212]),
                 FT=Name('Btn'), V=Name('Off'), AS=Name('Off'),
                 AP={'N': {'Yes': Ref(25), 'Off': Ref(32)}}),
        25: form_x(mark, [0, 0, 12, 12]),
        26: dict(text_field(b'Colour', [160, 200, 220, 214]),
                 FT=Name('Ch'), Ff=131072, V=b'red',
                 Opt=[b'red', b'blue', b'black'], AP={'N': Ref(27)}),
        27: look(b'red', 60, 14, 8),
        28: text_field(b'Sum', [140, 180, 220, 196], b'7', Ff=1,
                       AP={'N': Ref(29)}),
        29: look(b'7', 80, 16),
        30: text_field(b'Remark', [20, 240, 120, 280], Ff=4096,
                       AP={'N': Ref(31)}),
        31: look(b'', 100, 40),
        32: form_x(b'', [0, 0, 12, 12]),
        33: text_field(b'Plain', [230, 240, 290, 256], b'old',
                       MK={'BC': [0], 'BG': [0.9]}, BS={'W': 1},
                       AP={'N': Ref(34)}),
        34: look(b'old', 60, 16),
        # Without a look, in a font that is nowhere.
        35: text_field(b'Bare', [230, 200, 290, 216], b'bare',
                       DA=b'/G 10 Tf 0 g'),
    }
    return contract(catalog=catalog, more=fields, page={
        'Annots': [Ref(n) for n in names]})


def tagged():
    content = TEXT.replace(b'BT', b'/P <</MCID 0>> BDC BT', 1).replace(
        b'ET', b'ET EMC', 1).replace(b'0.5 w', b'/Artifact BMC 0.5 w') + \
        b'EMC'
    catalog = {'MarkInfo': {'Marked': True}, 'StructTreeRoot': Ref(5),
               'Lang': b'en'}
    more = {5: {'Type': Name('StructTreeRoot'), 'K': [Ref(6)],
                'ParentTree': Ref(7), 'ParentTreeNextKey': 1},
            6: {'Type': Name('StructElem'), 'S': Name('Document'),
                'P': Ref(5), 'K': [Ref(8)]},
            7: {'Nums': [0, [Ref(8)]]},
            8: {'Type': Name('StructElem'), 'S': Name('P'), 'P': Ref(6),
                'Pg': Ref(10), 'K': 0}}
    return contract(catalog=catalog, more=more, content=content, page={
        'StructParents': 0, 'Tabs': Name('S')})


def annotated():
    def note(kind, rect, **more):
        return dict({'Type': Name('Annot'), 'Subtype': Name(kind), 'F': 4,
                     'Rect': rect, 'P': Ref(10)}, **more)
    more = {40: note('Link', [20, 298, 120, 310], Border=[0, 0, 1],
                     A={'S': Name('URI'), 'URI': b'http://127.0.0.1/'}),
            41: note('Text', [260, 360, 278, 378], Contents=b'agreed'),
            42: note('Highlight', [20, 318, 120, 330], C=[1, 1, 0],
                     QuadPoints=[20, 330, 120, 330, 20, 318, 120, 318]),
            43: note('Stamp', [200, 20, 280, 50], AP={'N': Ref(44)}),
            44: form_x(b'1 0 0 RG 1 1 78 28 re S', [0, 0, 80, 30]),
            45: note('Square', [150, 20, 190, 50], C=[0, 0, 1])}
    return contract(more=more, page={'Annots': [Ref(n) for n in (
        40, 41, 42, 43, 45)]})


def empty_fields():
    fields = {4: {'Fields': [Ref(50), Ref(51)], 'SigFlags': 1}}
    for n, rect in ((50, LINE), (51, CELL)):
        fields[n] = {'FT': Name('Sig'), 'T': b'Sign%d' % n,
                     'Type': Name('Annot'), 'Subtype': Name('Widget'),
                     'F': 4, 'Rect': rect, 'P': Ref(10)}
    return contract(catalog={'AcroForm': Ref(4)}, more=fields, page={
        'Annots': [Ref(50), Ref(51)]})


def layers():
    more = {60: {'Type': Name('OCG'), 'Name': b'Draft'}}
    catalog = {'OCProperties': {'OCGs': [Ref(60)], 'D': {
        'Order': [Ref(60)], 'OFF': [Ref(60)]}}}
    content = TEXT + (b'/OC /L BDC BT /F 12 Tf 150 340 Td '
                      b'(or 99999 EUR) Tj ET EMC ')
    return contract(catalog=catalog, more=more, content=content, page={
        'Resources': {'Font': {'F': Ref(3)}, 'Properties': {'L': Ref(60)}}})


def letters():
    """Each glyph is shown by itself, as some producers do."""
    def spread(m):
        x, y, text = float(m[2]), float(m[3]), m[4]
        return b'BT /F %s Tf 1 0 0 1 %d %d Tm ' % (m[1], x, y) + b' '.join(
            b'(%c) Tj' % c for c in text) + b' ET'
    content = re.sub(rb'BT /F (\d+) Tf (\d+) (\d+) Td \((.*?)\) Tj ET', spread,
                     TEXT)
    return contract(content=content)


def indirect():
    """Whatever may be a reference is one."""
    objects = contract(content=TEXT)
    length = Raw(b'<</Length 91 0 R>>\nstream\n' + TEXT + b'\nendstream')
    objects.update({
        11: length, 90: [Ref(10)], 91: len(TEXT), 92: [0, 0, 300, 400],
        93: {'Font': Ref(94)}, 94: {'F': Ref(3)}, 95: [], 96: 1, 97: {
            'Type': Name('Encoding'), 'BaseEncoding': Name('WinAnsiEncoding'),
            'Differences': Ref(98)}, 98: [100, Name('d')]})
    objects[3]['Encoding'] = Ref(97)
    objects[2].update(Kids=Ref(90), Count=Ref(96))
    objects[10].update(MediaBox=Ref(92), Resources=Ref(93), Annots=Ref(95))
    return objects


def odd():
    """The price in a form, other content by picture, pattern and Type 3."""
    content = TEXT.replace(b'(The price is 10000 EUR) Tj',
                           b'(The price is) Tj') + (
        b'q 1 0 0 1 92 340 cm /X Do Q '
        b'q 40 0 0 12 20 280 cm BI /W 8 /H 1 /BPC 1 /IM true ID \xa5 EI Q '
        b'/Pattern cs /P scn 80 280 40 12 re f '
        b'BT /T 10 Tf 130 282 Td (aa) Tj ET')
    font = {'Type': Name('Font'), 'Subtype': Name('Type3'), 'FontBBox': [
        0, 0, 10, 10], 'FontMatrix': [.1, 0, 0, .1, 0, 0], 'FirstChar': 97,
        'LastChar': 97, 'Widths': [12], 'CharProcs': {'a': Ref(87)},
        'Encoding': {'Differences': [97, Name('a')]}, 'Resources': {}}
    more = {85: form_x(b'BT /F 12 Tf (10000 EUR) Tj ET', [0, -4, 90, 14],
                       Ref(3)),
            86: Stream({'PatternType': 1, 'PaintType': 1, 'TilingType': 1,
                        'BBox': [0, 0, 4, 4], 'XStep': 4, 'YStep': 4,
                        'Resources': {}}, b'0 0 2 2 re f'),
            87: Stream({}, b'12 0 d0 0 0 8 8 re f'), 88: font}
    return contract(content=content, more=more, page={'Resources': {
        'Font': {'F': Ref(3), 'T': Ref(88)}, 'XObject': {'X': Ref(85)},
        'Pattern': {'P': Ref(86)}}})


def shared():
    """Pages that share an array of annotations."""
    return contract(pages=2, page={'Annots': Ref(99)}, more={99: []})


def groups():
    """Fields with several widgets."""
    objects = form()
    mark = [0, 0, 12, 12]

    def kid(parent, rect, **more):
        return dict({'Type': Name('Annot'), 'Subtype': Name('Widget'), 'F': 4,
                     'Rect': rect, 'P': Ref(10), 'Parent': Ref(parent)},
                    **more)
    objects.update({
        110: {'FT': Name('Btn'), 'Ff': 49152, 'T': b'Pay', 'V': Name('Off'),
              'Kids': [Ref(111), Ref(112)]},
        113: form_x(b'2 2 8 8 re f', mark), 114: form_x(b'', mark),
        115: {'FT': Name('Tx'), 'T': b'Twice', 'DA': b'/F 9 Tf 0 g', 'V': b'x',
              'Kids': [Ref(116), Ref(117)]},
        118: look(b'x', 40, 14)})
    for n, word, x in ((111, 'Cash', 20), (112, 'Card', 40)):
        objects[n] = kid(110, [x, 60, x + 12, 72], AS=Name('Off'), AP={'N': {
            word: Ref(113), 'Off': Ref(114)}})
    for n, x in ((116, 80), (117, 130)):
        objects[n] = kid(115, [x, 60, x + 40, 74], AP={'N': Ref(118)})
    objects[4]['Fields'] = objects[4]['Fields'] + [Ref(110), Ref(115)]
    objects[10]['Annots'] = objects[10]['Annots'] + [
        Ref(n) for n in (111, 112, 116, 117)]
    return objects


def unsigned():
    """Name to objects, and what writes them."""
    half = len(TEXT) // 2
    cut = TEXT.index(b'BT', half)
    return {
        'plain': written(contract()),
        'form': written(form(CO=[Ref(28)])),
        'needed': written({**form(NeedAppearances=True),
                           # Shows another number to who does not redraw it.
                           34: look(b'99999', 60, 16)}),
        'tagged': written(tagged()),
        'packed': written(contract(), 'stream', True),
        'packed-form': written(form(), 'stream', True),
        'hybrid': written(form(), 'word', True),
        'turned': written(contract(page={'Rotate': 90})),
        'units': written(contract(media=[0, 0, 400, 500], page={
            'UserUnit': 1.5, 'CropBox': [50, 60, 350, 460]},
            content=b'1 0 0 1 50 60 cm ' + TEXT)),
        'empty': written(empty_fields()),
        'pages': written(contract(pages=3)),
        'annotated': written(annotated()),
        'parts': written(contract(page={'Contents': [Ref(70), Ref(71)]}, more={
            70: Stream({}, TEXT[:cut]), 71: Stream({}, TEXT[cut:])})),
        'layers': written(layers()),
        'letters': written(letters()),
        'indirect': written(indirect()),
        'odd': written(odd()),
        'shared': written(shared()),
        'groups': written(groups()),
        'turned-form': written({**form(), 10: dict(form()[10], Rotate=270)}),
    }


def by_hand(docs, folder):
    """(name, data) of what is signed here."""
    def box(text=b'Wang', more=b''):
        return more + b'BT /F 9 Tf 3 8 Td (signed by %s) Tj ET' % text

    for name, data in docs.items():
        kind = 'stream' if name.startswith('packed') else 'table'
        # A widget in an array that pages share would stand on each.
        yield name, sign(data, folder, kind=kind, seen=name != 'shared')
    plain, fields = docs['plain'], docs['form']
    yield 'box', sign(plain, folder, rect=LINE, look=box())
    for level in 1, 2, 3:
        yield 'certified%d' % level, sign(plain, folder, certify=level)
        yield 'certified%d-form' % level, sign(fields, folder, certify=level)
    one = sign(plain, folder, rect=BLANK, look=box())
    yield 'two', sign(one, folder, 'li', rect=CELL, look=box(b'Li'))
    yield 'locked', sign(fields, folder, lock={
        'Action': Name('Include'), 'Fields': [b'Quantity', b'Agree']})
    yield 'filled', sign(docs['empty'], folder, field=Ref(50), look=box())
    yield 'stamped', sign(sign(plain, folder), folder, 'tsa')
    # Another price was in the file from the beginning, led to by nothing.
    doc = Document(plain)
    evil = TEXT.replace(b'10000', b'99999')
    prepared = save(plain, {80: dict(doc.get(Ref(10)), Contents=Ref(81)),
                            81: Stream({}, evil)}, {'Root': Ref(1)},
                    size=doc.size, prev=doc.start)
    yield 'prepared', sign(prepared, folder)


DEED = {
    'deed-plain': ('plain', ()),
    'deed-box': ('plain', ('--visible', '--position', '10,80')),
    'deed-final': ('plain', ('--final',)),
    'deed-form': ('form', ()),
    'deed-certified-form': ('form', ('--certify', 'form')),
    'deed-certified-annotate': ('annotated', ('--certify', 'annotate')),
    'deed-tagged': ('tagged', ('--visible', '--position', '10,80')),
    'deed-packed': ('packed', ()),
    'deed-hybrid': ('hybrid', ()),
    'deed-turned': ('turned', ('--visible', '--position', '10,10')),
    'deed-units': ('units', ()),
    'deed-field': ('empty', ('--field', 'Sign50')),
}


def by_deed(docs, folder):
    if not os.path.isdir(os.environ.get('DEED_HOME', '/nowhere')):
        return
    for name, (source, options) in DEED.items():
        source = os.path.join(folder, 'unsigned-%s.pdf' % source)
        out = os.path.join(folder, 'made.pdf')
        done = subprocess.run(
            ('deed', 'sign', '--passphrase', 'file:wang.pass', '--as', 'wang',
             '--force', '-o', out) + options + (source,),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            print('# deed does not sign %s: %s' % (
                name, done.stderr.decode('utf-8', 'replace').strip()[-300:]))
            continue
        with open(out, 'rb') as f:
            yield name, f.read()
        os.unlink(out)
    two = os.path.join(folder, 'deed-plain.pdf')
    out = os.path.join(folder, 'made.pdf')
    done = subprocess.run(
        ('deed', 'sign', '--passphrase', 'file:li.pass', '--as', 'li',
         '--visible', '--position', '10,80', '--force', '-o', out, two),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode == 0:
        with open(out, 'rb') as f:
            yield 'deed-two', f.read()
        os.unlink(out)


def main(folder):
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    make_keys(folder)
    docs, names = unsigned(), []

    def put(name, data):
        with open(os.path.join(folder, name + '.pdf'), 'wb') as f:
            f.write(data)
    for name, data in docs.items():
        put('unsigned-' + name, data)
    for maker in by_hand, by_deed:
        for name, data in maker(docs, folder):
            put(name, data)
            names.append(name)
    trust = [os.path.join(folder, n + '.crt') for n in ('wang', 'li', 'tsa')]
    if os.path.exists('house.pem'):
        trust.append(os.path.abspath('house.pem'))
    with open(os.path.join(folder, 'bases.json'), 'w') as f:
        json.dump({'names': names, 'trust': trust}, f)
    print('# %d signed files' % len(names))


if __name__ == '__main__':
    main(sys.argv[1])
