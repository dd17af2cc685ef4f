# SPDX-License-Identifier: Apache-2.0
"""Second boxes: on lines, in table cells, on blank paper, in empty fields, on
turned and cropped pages, and seals that are multiplied over text."""
import os
import re
import subprocess
import sys

from legitimate_hand import SIGNED_BY, Update, deed, emit, look_of
from legitimate_pdf import Name, Stream, value_of

DATA = sys.argv[1] if len(sys.argv) > 1 else 'data'
# Where the lines of legitimate_base.py are to be signed.
ON_LINE = '132 392 332 432'
MM = 72 / 25.4
PLACES = {
    'under': (ON_LINE, '132 292 332 332'), 'drawn': (ON_LINE,),
    'scaled': (ON_LINE, '132 350 332 390'),
    'frame': ('74 364 290 418', '70 358 294 422'),
    'table': ('74 362 290 426', '294 362 510 426', '74 292 290 358',
              '294 292 510 358', '60 280 300 365'),
    'blank': ('72 360 272 400', '20 20 120 60', '300 600 500 640'),
    'cropped': (ON_LINE,), 'moved': ('32 192 232 232',),
    'unit': ('66 196 266 236',), 'under-streams': (ON_LINE,),
    'arrays': (ON_LINE,), 'dashed': (ON_LINE,), 'busy': (ON_LINE,
                                                         '20 20 220 60'),
}
OPAQUE = '1 1 1 rg 0 0 200 40 re f 0 0 .6 RG 1 1 198 38 re S ' + SIGNED_BY
STAMP = ('q /M gs .8 .05 .05 RG 3 w 5 60 m 5 90 30 115 60 115 c 90 115 115 90 '
         '115 60 c 115 30 90 5 60 5 c 30 5 5 30 5 60 c h S BT /H 14 Tf .8 .05 '
         '.05 rg 27 55 Td (ACME Ltd) Tj ET Q')
MULTIPLY = '/ExtGState<</M<</Type/ExtGState/BM/Multiply>>>>'


def box(base, name, rect, look, options=(), more=''):
    u = Update(deed(base, *options))
    field = u.widget('second', rect, look=look, more=more)
    return emit('box', name, u.sign(field))


def on_lines():
    for base, places in PLACES.items():
        for i, rect in enumerate(places):
            x0, y0, x1, y1 = map(float, rect.split())
            size = '0 0 %g %g' % (x1 - x0, y1 - y0)
            box(base, '%s-%d' % (base, i), rect, look_of(SIGNED_BY, size))
    for base in ('under', 'table', 'blank', 'drawn', 'busy'):
        box(base, base + '-opaque', PLACES[base][0], look_of(OPAQUE))
    # A name as a picture: grey, 40 by 8 samples, with a soft mask.
    u = Update(deed('under'))
    mask = u.add(Stream(bytes(range(0, 240, 6)) * 8, value_of(
        '<</Type/XObject/Subtype/Image/Width 40/Height 8/BitsPerComponent 8'
        '/ColorSpace/DeviceGray>>')))
    picture = u.add(Stream(bytes(320), {**value_of(
        '<</Type/XObject/Subtype/Image/Width 40/Height 8/BitsPerComponent 8'
        '/ColorSpace/DeviceGray>>'), 'SMask': mask}))
    look = look_of('q 200 0 0 40 0 0 cm /I Do Q', more='/XObject<<>>')
    look.entries['Resources']['XObject']['I'] = picture
    emit('box', 'picture', u.sign(u.widget('second', ON_LINE, look=look)))


def turned():
    """The box is turned with the page: by /MK /R and /Matrix."""
    rects = {90: '140 380 180 580', 180: ON_LINE, 270: '200 280 240 480'}
    matrix = {90: '[0 1 -1 0 40 0]', 180: '[-1 0 0 -1 200 40]',
              270: '[0 -1 1 0 0 200]'}
    for base in ('under', 'table'):
        for turn, rect in rects.items():
            look = look_of(SIGNED_BY)
            look.entries['Matrix'] = value_of(matrix[turn])
            box('%s%d' % (base, turn), '%s-turned-%d' % (base, turn), rect,
                look, more='/MK<</R %d>>' % turn)
    for page in range(1, 11):
        emit('turned', 'page%d' % page, deed(
            deed(DATA + '/pdf/geometry'), '--visible', '--page', str(page),
            '--position', '20,20', party='li'))


def by_deed():
    # 20 mm from the left, and so far down that it stands on the line.
    for base, place in (('under', '46,140'), ('drawn', '46,141'),
                        ('table', '27,147'), ('blank', '100,60'),
                        ('tagged', '25,130'), ('word', '25,130'),
                        ('scaled', '46,141'), ('form', '110,170')):
        emit('deedbox', base, deed(deed(base), '--visible', '--position',
                                   place, party='li'))
    for base in ('under', 'blank', 'drawn'):
        emit('deedbox', 'both-' + base, deed(
            deed(base, '--visible', '--position', '46,140'),
            '--visible', '--position', '120,200', party='li'))


def multiplied():
    """Seals over text."""
    rect = '72 700 192 820'
    for base in ('under', 'form', 'tagged-streams', DATA + '/contract',
                 DATA + '/pdf/libreoffice', DATA + '/pdf/pdftex'):
        where = '150 500 270 620' if base.startswith(DATA) else rect
        look = look_of(STAMP, '0 0 120 120', MULTIPLY)
        box(base, 'multiply-' + base.split('/')[-1], where, look)
    # In a transparency group; through a form inside the appearance; with a
    # constant alpha; the graphics state without q.
    look = look_of(STAMP, '0 0 120 120', MULTIPLY)
    look.entries['Group'] = value_of('<</S/Transparency/CS/DeviceRGB>>')
    box('under', 'multiply-group', rect, look)
    u = Update(deed('under'))
    inner = u.add(look_of(STAMP[2:-2], '0 0 120 120', MULTIPLY))
    look = look_of('q /M gs 1 0 0 1 0 0 cm /n2 Do Q', '0 0 120 120',
                   MULTIPLY + '/XObject<<>>')
    look.entries['Resources']['XObject']['n2'] = inner
    emit('box', 'multiply-inside', u.sign(u.widget('second', rect,
                                                   look=look)))
    alpha = MULTIPLY.replace('/BM/Multiply', '/BM/Multiply/ca .8/CA .8')
    box('under', 'multiply-alpha', rect, look_of(STAMP, '0 0 120 120', alpha))
    box('under', 'multiply-array', rect, look_of(
        STAMP, '0 0 120 120', MULTIPLY.replace('/Multiply',
                                               '[/Multiply/Normal]')))
    box('under', 'multiply-plain', rect, look_of(
        STAMP[2:-2], '0 0 120 120', MULTIPLY))
    u = Update(deed('under'))
    state = u.add('<</Type/ExtGState/BM/Multiply/AIS false>>')
    look = look_of(STAMP, '0 0 120 120', '/ExtGState<<>>')
    look.entries['Resources']['ExtGState']['M'] = state
    emit('box', 'multiply-indirect', u.sign(u.widget('second', rect,
                                                     look=look)))


SAMPLES = ('contract', 'pdf/cairo', 'pdf/chromium', 'pdf/ghostscript-2.0',
           'pdf/groff', 'pdf/libreoffice', 'pdf/pdftex', 'pdf/qpdf-2.0',
           'pdfa/office-2b', 'pdfa/blank-1b')


def white(path, width, height):
    """Where the last page has room for a box: millimetres from the top left
    corner, by a picture of 25.4 dots an inch."""
    pages = re.search(r'Pages: +(\d+)', subprocess.run(
        ['pdfinfo', path], stdout=subprocess.PIPE, check=True
        ).stdout.decode())[1]
    head, size, _, dots = subprocess.run(
        ['pdftoppm', '-gray', '-r', '25.4', '-f', pages, '-l', pages, path],
        stdout=subprocess.PIPE, check=True).stdout.split(b'\n', 3)
    assert head == b'P5'
    across, down = map(int, size.split())
    for y in range(down - height - 8, 8, -1):
        for x in range(8, across - width - 8):
            if all(dots[r * across + x:r * across + x + width] ==
                   b'\xff' * width for r in range(y, y + height)):
                return '%d,%d' % (x + 2, y + 2)
    return None


def on_samples():
    """On the blank paper that other programs leave."""
    for sample in SAMPLES:
        path = '%s/%s.pdf' % (DATA, sample)
        place = white(path, 66, 26)
        if place is None:
            continue
        name = os.path.basename(sample)
        emit('deedbox', name, deed(deed(path), '--visible', '--position',
                                   place, party='li'))
        x, y = map(int, place.split(','))
        u = Update(deed(path))
        index = len(list(u.doc.pages())) - 1
        top = float(u.doc.get(inherited(u.doc, u.page(index)))[3])
        rect = '%.1f %.1f %.1f %.1f' % (
            x * MM, top - (y + 14) * MM, (x + 60) * MM, top - y * MM)
        field = u.widget('second', rect, look=look_of(SIGNED_BY), index=index)
        emit('box', 'blank-of-' + name, u.sign(field))


def inherited(doc, node, key='MediaBox'):
    while key not in doc.get(node):
        node = doc.get(node)['Parent']
    return doc.get(node)[key]


NOTES = {
    'note': ('/Subtype/Text/Rect[500 100 520 120]/Contents(Please check)'
             '/Name/Comment', '0 0 20 20', '1 1 0 rg 0 0 20 20 re f'),
    'highlight': ('/Subtype/Highlight/Rect[70 775 100 792]/QuadPoints[70 792 '
                  '100 792 70 775 100 775]/C[1 1 0]', '70 775 100 792',
                  '/M gs 1 1 0 rg 70 775 30 17 re f'),
    'stamp': ('/Subtype/Stamp/Rect[400 100 500 140]/Name/Approved',
              '0 0 100 40', '0 .5 0 RG 1 1 98 38 re S'),
}


def notes():
    """Annotations by a reviewer: on blank paper, or multiplied."""
    for how in ((), ('--certify', 'annotate')):
        for name, (more, size, content) in NOTES.items():
            u = Update(deed('under', *how))
            look = look_of(content, size, MULTIPLY)
            note = value_of('<</Type/Annot/F 4/NM(%s)/T(Carol)/M(D:2026112812'
                            '0000Z)%s>>' % (name, more))
            note['P'], note['AP'] = u.page(), {'N': u.add(look)}
            u.annots(u.page()).append(u.add(note))
            emit('note', name + ('-certified' if how else ''), u)


def in_fields():
    """Empty fields that stood there: within their rectangle by any look."""
    for base, how in (('form', ()), ('form', ('--certify', 'form')),
                      ('form-streams', ()), ('locking', ())):
        u = Update(deed(base, *how))
        field = u.doc.field('Buyer')
        u.own(field).update(AP={'N': u.add(look_of(OPAQUE))}, F=132)
        u.form()['SigFlags'] = 3
        emit('box', 'field-%s%s' % (base, '-certified' if how else ''),
             u.sign(field, {'Name': b'alice', 'Reason': b'agreed',
                            'ContactInfo': b'alice@example.org'}))
    # A border that /MK and /BS ask for and the appearance does not draw.
    u = Update(deed('blank'))
    field = u.widget('second', '72 360 272 400', look=look_of(SIGNED_BY),
                     more='/MK<</BC[0 0 .6]>>/BS<</W 1/S/S>>')
    u.own(field)['Border'] = [0, 0, 0]
    u.own(field)['H'] = Name('N')
    emit('box', 'border', u.sign(field))


def main():
    on_lines()
    turned()
    by_deed()
    multiplied()
    on_samples()
    notes()
    in_fields()


if __name__ == '__main__':
    main()
