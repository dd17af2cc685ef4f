# SPDX-License-Identifier: Apache-2.0
"""attack_sight.py SERVERS: what a later revision lays over a signed page, by
signatures, time-stamps and annotations; lines as attack_pdf.py's.

Each kind has twins that are like it and hide nothing: everyday contracts are
signed on lines, in table cells, and by seals that let the text through.
"""
import os
import sys

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position
from attack_beneath import (beneath, placed, sound,  # noqa: E402
                            unfollowable)
from attack_doc import (PRICE, STAMP_KIND, Doc, annotation,  # noqa: E402
                        form_x, text_field)
from attack_lib import emit  # noqa: E402
from attack_pdf import stream  # noqa: E402
from attack_stamp import stamper, token  # noqa: E402

COVERS = 'annotation-covers'
OVER = '15 190 115 230'
WHITE = '1 g 0 0 100 40 re f'
OTHER = WHITE + ' 0 g BT /F 12 Tf 5 10 Td (The price is 99999) Tj ET'
SEAL = '/G gs 1 0.7 0.7 rg 0 0 100 40 re f'
MULTIPLY = ('/Resources<</Font<</F 8 0 R>>/ExtGState<</G<</BM/Multiply>>'
            '/N<</BM/Normal>>%s>>%s>>')
STAMPED = '--trust tsa.pem'


# ---- ways to lay something over a page ----

def counterparty(doc, rect, paint, extra='', more=()):
    """The box of a second signature."""
    n = doc.fresh() + 10
    return doc.sign(look='/Rect[%s]/AP<</N %d 0 R>>' % (rect, n), more={
        **dict(more), n: form_x(paint, extra)}).data


def timestamp(doc, rect, paint, extra='', more=()):
    n = doc.fresh() + 10
    return doc.sign(look='/Rect[%s]/AP<</N %d 0 R>>' % (rect, n), more={
        **dict(more), n: form_x(paint, extra)}, kind=STAMP_KIND,
        value=token).data


def empty_field(doc, rect, paint):
    n = doc.fresh() + 10
    look = '/AP<</N %d 0 R>>' % (n + 1) if paint else ''
    return doc.update({
        3: doc.with_annotation(n), 5: doc.with_field(n),
        n: '<</FT/Sig/T(later)/Type/Annot/Subtype/Widget/F 4/P 3 0 R/Rect[%s]'
           '%s>>' % (rect, look), n + 1: form_x(paint or '')})


def stamp(doc, rect, paint, extra='', more=()):
    n = doc.fresh() + 20
    return annotation(doc, 'Stamp', rect, '/AP<</N %d 0 R>>' % n,
                      {**dict(more), n: form_x(paint, extra)})


# ---- boxes ----

def boxes():
    cls = 'box-over-content'
    fine = [counterparty(d.sign(), OVER, WHITE) for d in sound().values()]
    for i, doc in enumerate(beneath().values()):
        emit(cls, counterparty(doc.sign(), OVER, OTHER), fine[i % len(fine)],
             COVERS)
    for cls, docs in (('box-over-placed-text', placed()),
                      ('box-over-what-cannot-be-followed', unfollowable())):
        for i, doc in enumerate(docs.values()):
            way = (counterparty, stamp)[i % 2]
            emit(cls, way(doc.sign(), OVER, OTHER), fine[i % len(fine)],
                 COVERS)
    cls = 'box-of-other-kinds'
    blank, text = sound()['underscores'].sign(), Doc().sign()
    # Where a field has no appearance, mupdf draws one of its own.
    for rect, paint in ((OVER, OTHER), (OVER, None),
                        ('15 100 115 230', OTHER), ('15 100 115 230', None)):
        emit(cls, empty_field(text, rect, paint), empty_field(
            blank, OVER, None), COVERS + '|signature-field')
    for way, more in ((stamp, ''), (timestamp, STAMPED)):
        emit(cls, way(text, OVER, OTHER), way(blank, OVER, OTHER),
             COVERS + '|signature-field', more)
        emit(cls, way(Doc(page='/Rotate 270').sign(), OVER, OTHER),
             way(text if way is stamp else blank, OVER, SEAL,
                 MULTIPLY % ('', '')), COVERS + '|signature-field', more)
    # Over a time-stamp's box mupdf draws an arrow, /Multiply or not.
    emit(cls, timestamp(text, OVER, SEAL, MULTIPLY % ('', '')),
         timestamp(blank, OVER, SEAL, MULTIPLY % ('', '')), COVERS, STAMPED)
    # Over a certified page, where an approval is form-filling.
    emit(cls, counterparty(Doc().sign(p=2), OVER, OTHER),
         counterparty(Doc().sign(p=2), '0 0 0 0', OTHER),
         COVERS + '|docmdp|signature-field')
    emit(cls, counterparty(Doc().sign(p=3), OVER, OTHER),
         counterparty(sound()['a table cell'].sign(p=3), OVER, OTHER), COVERS)
    # Under DocMDP 1 a time-stamp may be there, and may not be seen.
    final = Doc('').sign(p=1)
    for rect in (OVER, '0 0 5 5'):
        emit('timestamp-that-paints', timestamp(final, rect, OTHER),
             timestamp(final, '0 0 0 0', ''), 'docmdp|' + COVERS +
             '|signature-field', STAMPED)
    emit('timestamp-that-paints', timestamp(text, OVER, WHITE),
         timestamp(blank, OVER, WHITE), COVERS, STAMPED)


def sizes():
    """More than a quarter of the page on blank paper; and a box that is
    measured by another page than the one that is shown."""
    cls = 'box-too-large'
    blank = Doc('').sign()
    small = counterparty(blank, '10 100 150 240', OTHER)
    emit(cls, counterparty(blank, '0 40 300 300', OTHER), small, COVERS)
    emit(cls, counterparty(blank, '10 40 165 199', OTHER), small, COVERS)
    emit(cls, stamp(blank, '0 40 300 300', OTHER),
         stamp(blank, '10 100 150 240', OTHER), COVERS)
    # Text that the edge cuts off: poppler loses that of the page by it.
    for rect in ('-100 100 100 140', '250 100 350 140', '10 280 110 320'):
        emit('box-over-the-edge', counterparty(blank, rect, OTHER),
             counterparty(blank, rect, SEAL, MULTIPLY % ('', '')), COVERS)
    cropped = '/MediaBox[0 0 3000 3000]/CropBox[0 0 300 300]'
    emit(cls, counterparty(Doc('', page=cropped).sign(), '0 40 300 300',
                           OTHER), small, COVERS)
    inherited = {2: '<</Type/Pages/Kids[3 0 R]/Count 1/CropBox'
                    '[100 100 300 300]>>'}
    emit(cls, counterparty(Doc('', more=inherited).sign(),
                           '100 100 210 210', OTHER), small, COVERS)
    # The field that stood there, filled, and grown while it was filled.
    empty = ('<</FT/Sig/T(here)/Type/Annot/Subtype/Widget/F 4/P 3 0 R'
             '/Rect[%s]>>' % OVER)
    doc = Doc()
    doc = Doc(more={20: empty, 3: doc.with_annotation(20),
                    5: doc.with_field(20)})
    signed = doc.sign()
    looks = {30: form_x(OTHER)}
    twin = signed.sign(field=20, more=looks, extra='/AP<</N 30 0 R>>').data
    grown = signed.clone()
    grown.objects[20] = empty.replace(OVER, '15 100 280 250')
    emit(cls, grown.sign(field=20, more=looks,
                         extra='/AP<</N 30 0 R>>').data, twin,
         COVERS + '|signature|appearance|form|field')


# ---- Multiply, and what looks like it ----

def multiply():
    cls = 'not-multiply'
    text = Doc().sign()
    seals = ((SEAL, MULTIPLY % ('', '')),
             ('/M gs' + SEAL[5:], MULTIPLY % ('/M<</BM[/Multiply]>>', '')),
             ('q /G gs 0.8 g 0 0 100 40 re f Q', MULTIPLY % ('', '')),
             ('/G gs q 100 0 0 40 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xc0 '
              'EI Q', MULTIPLY % ('', '')),
             ('/G gs /X Do', MULTIPLY % ('', '/XObject<</X 60 0 R>>'),
              {60: form_x('0.9 g 0 0 100 40 re f')}))
    twins = [way(text, OVER, *seal) for seal in seals
             for way in (counterparty, stamp)]
    nested = form_x(WHITE, '/Group<</S/Transparency/I true>>' +
                    MULTIPLY % ('', ''))
    paints = {
        'isolated': ('/G gs ' + WHITE, '/Group<</S/Transparency/I true>>' +
                     MULTIPLY % ('', '')),
        'isolated within': ('/X Do', MULTIPLY % (
            '', '/XObject<</X 60 0 R>>'), {60: form_x(
                '/G gs ' + WHITE, '/Group<</S/Transparency/I true>>' +
                MULTIPLY % ('', ''))}),
        'knocked out': ('/G gs 0.9 g 0 0 100 40 re f ' + WHITE, '/Group'
                        '<</S/Transparency/I true/K true>>' +
                        MULTIPLY % ('', '')),
        'taken back by Q': ('q /G gs Q ' + OTHER,),
        'taken back by a second Q': ('q q /G gs Q Q ' + OTHER,),
        'too late': (OTHER + ' /G gs',),
        'taken back by name': ('/G gs /N gs ' + OTHER,),
        'leads nowhere': ('/Nope gs ' + OTHER,),
        'leads to null': ('/M gs ' + OTHER, MULTIPLY % ('/M null', '')),
        'leads to nothing': ('/M gs ' + OTHER, MULTIPLY % ('/M 99 0 R', '')),
        'says nothing': ('/M gs ' + OTHER, MULTIPLY % ('/M<</CA 1>>', '')),
        'in a string': ('/Span<</T(/G gs)>> BDC EMC ' + OTHER,),
        'in a comment': ('% /G gs\n' + OTHER,),
        'in marked content': ('/G /gs BMC EMC ' + OTHER,),
        'a list, Normal first': ('/M gs ' + OTHER, MULTIPLY % (
            '/M<</BM[/Normal/Multiply]>>', '')),
        'another mode': ('/M gs ' + OTHER, MULTIPLY % (
            '/M<</BM/Screen>>', '')),
        'Compatible': ('/M gs ' + OTHER, MULTIPLY % (
            '/M<</BM/Compatible>>', '')),
        'misspelt': ('/M gs ' + OTHER, MULTIPLY % (
            '/M<</BM(Multiply)>>', '')),
        'only in a mask': ('/M gs ' + OTHER, MULTIPLY % (
            '/M<</BM/Normal/SMask<</S/Luminosity/G 61 0 R>>>>', ''),
            {61: form_x('/G gs ' + WHITE, '/Group<</S/Transparency/CS'
                        '/DeviceGray>>' + MULTIPLY % ('', ''))}),
        'only the first': (SEAL + ' /N gs ' + OTHER,),
        'another form': ('q /G gs 0 0 5 5 re f Q /X Do', MULTIPLY % (
            '', '/XObject<</X 60 0 R>>'), {60: form_x(
                '/G gs ' + OTHER, '/Resources<</Font<</F 8 0 R>>/ExtGState'
                '<</G<</BM/Normal>>>>>>')}),
        'reset in the form': ('/G gs /X Do', MULTIPLY % (
            '', '/XObject<</X 60 0 R>>'), {60: form_x(
                '/N gs ' + OTHER, MULTIPLY % ('', ''))}),
        'a group around': ('/X Do', MULTIPLY % (
            '', '/XObject<</X 60 0 R>>'), {60: nested}),
        'a picture': ('/G gs 0 0 5 5 re f /N gs q 100 0 0 40 0 0 cm BI /W 1 '
                      '/H 1 /CS /G /BPC 8 ID \xff EI Q',),
        'in no resources': ('/G gs ' + OTHER, '/Resources<</Font'
                            '<</F 8 0 R>>>>'),
        'in the page only': ('/P gs ' + OTHER,),
    }
    for i, parts in enumerate(paints.values()):
        paint, extra, more = (parts + ('', ()))[:3] if len(parts) > 1 else (
            parts[0], '', ())
        way = (counterparty, stamp)[i % 2]
        emit(cls, way(text, OVER, paint, extra or MULTIPLY % ('', ''), more),
             twins[i % len(twins)], COVERS)
    # The annotation says it, which no reader of today obeys.
    looks = {50: form_x(OTHER), 51: form_x(SEAL, MULTIPLY % ('', ''))}
    emit(cls, annotation(text, 'Stamp', OVER, '/BM/Multiply/AP<</N 50 0 R>>',
                         looks), twins[1], COVERS)
    # Of two appearances the other one is chosen.
    states = '/AP<</N<</On 51 0 R/Off 50 0 R>>>>/AS/'
    emit(cls, annotation(text, 'Stamp', OVER, states + 'Off', looks),
         annotation(text, 'Stamp', OVER, states + 'On', looks), COVERS)


def other_pages():
    """A box is where a page lists it, whatever its /P says."""
    cls = 'box-on-another-page'
    page = ('<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents %d 0 R'
            '/Resources<</Font<</F 8 0 R>>>>/Annots[%s]>>')
    two = Doc('', more={
        2: '<</Type/Pages/Kids[3 0 R 20 0 R]/Count 2>>',
        20: page % (21, ''), 21: stream(PRICE)}).sign()
    look = {51: form_x(OTHER)}
    kind = '<</Type/Annot/F 4/Rect[%s]/AP<</N 51 0 R>>%s>>'
    for more in ('/Subtype/Stamp/P 3 0 R', '/Subtype/Stamp',
                 '/Subtype/Widget/FT/Sig/T(later)/P 3 0 R'):
        listed = two.with_field(50) if 'Widget' in more else two.objects[5]
        twin = two.update({**look, 50: kind % (OVER, '/Subtype/Stamp/P '
                                               '3 0 R'),
                           3: two.with_annotation(50)})
        # On the second page alone; on both.
        for first in ({}, {3: two.with_annotation(50)}):
            emit(cls, two.update({
                **look, **first, 5: listed, 50: kind % (OVER, more),
                20: page % (21, '50 0 R')}), twin,
                 COVERS + '|signature-field|page-changed')


def changed():
    """What stood there, out of sight or beneath."""
    cls = 'annotation-changed'
    kind = '<</Type/Annot/Subtype/Stamp/P 3 0 R/F %d/Rect[%s]%s%s>>'
    look = {21: form_x(OTHER), 22: form_x('')}

    def doc(flags=4, rect=OVER, more='/AP<</N 22 0 R>>', name='', order='20',
            extra=()):
        plain = Doc()
        return Doc(more={**look, 20: kind % (flags, rect, more, name),
                         3: plain.with_annotation(*map(int, order.split())),
                         **dict(extra)})
    white = '/AP<</N 21 0 R>>'
    states = '/AP<</N<</On 21 0 R/Off 22 0 R>>>>'
    for before, after in (
            ((2, OVER, white), (4, OVER, white)),
            ((36, OVER, white), (4, OVER, white)),
            ((4, '200 20 300 60', white), (4, OVER, white)),
            ((4, OVER, '/AP<</N 22 0 R>>'), (4, OVER, white)),
            ((4, OVER, states, '/AS/Off'), (4, OVER, states, '/AS/On')),
            ((4, OVER, white, '/OC 23 0 R'), (4, OVER, white, '')),
            ((4, OVER, ''), (4, OVER, white))):
        signed = doc(*before, extra={
            23: '<</Type/OCG/Name(x)>>', 1: '<</Type/Catalog/Pages 2 0 R'
            '/AcroForm 5 0 R/OCProperties<</OCGs[23 0 R]/D<</OFF[23 0 R]>>>>'
            '>>'}).sign()
        new = kind % (after if len(after) == 4 else after + ('',))
        emit(cls, signed.update({20: new}), signed.sign().data,
             COVERS + '|annotation|page-changed')
    signed = doc().sign()
    emit(cls, signed.update({22: form_x(OTHER)}), signed.sign().data, COVERS)
    # The one that lay beneath comes to lie above.
    signed = doc(more=white, order='20 24', extra={
        24: kind % (4, OVER, '/AP<</N 25 0 R>>', ''),
        25: form_x('1 0 0 rg 0 0 100 40 re f')}).sign()
    emit(cls, signed.update({3: signed.changed(3, '20 0 R 24 0 R',
                                               '24 0 R 20 0 R')}),
         signed.sign().data, COVERS + '|page-changed|form-changed')
    # A field that nobody saw is filled and shown.
    hidden = text_field('', '9 0 R', OVER).replace('/F 4', '/F 2')
    signed = Doc(more={6: hidden}).sign()
    emit(cls, signed.update({6: text_field('99999', '60 0 R', OVER),
                             60: form_x(OTHER)}), signed.sign().data,
         COVERS + '|form-changed|appearance-changed|field')


def main():
    os.makedirs('samples', exist_ok=True)
    stamper()
    boxes()
    sizes()
    multiply()
    other_pages()
    changed()


if __name__ == '__main__':
    main()
