# SPDX-License-Identifier: Apache-2.0
"""make_bases.py FOLDER: the signed files that updates are made of, some by
hand and, where DEED_HOME is a house with the party wang, some by deed; and
bases.json, which lists them.  Contracts of one layout: a price, a clause, a
line to sign on, a table with empty cells, and much blank."""
import json
import os
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
    }


def by_hand(docs, folder):
    """(name, data) of what is signed here."""
    def box(text=b'Wang', more=b''):
        return more + b'BT /F 9 Tf 3 8 Td (signed by %s) Tj ET' % text

    for name, data in docs.items():
        kind = 'stream' if name.startswith('packed') else 'table'
        yield name, sign(data, folder, kind=kind)
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
