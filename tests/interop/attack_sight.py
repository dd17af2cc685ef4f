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
from attack_doc import (PRICE, STAMP_KIND, Doc, annotation,  # noqa: E402
                        form_x, text_field, text_look)
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


# ---- what lies beneath ----

def type3(glyph):
    return {20: '<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]'
                '/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</u 21 0 R>>'
                '/Encoding<</Type/Encoding/Differences[95/u]>>/FirstChar 95'
                '/LastChar 95/Widths[1000]/Resources<</Font<</F 8 0 R>>>>>>',
            21: stream(glyph)}


IMAGE = ('/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray'
         '/BitsPerComponent 8')
PIXELS = '\x20\x80\xa0\x40'
XOBJECT = '/XObject<</X 20 0 R>>'
LETTERS = ('20 195 3 20 re 30 195 3 20 re 42 195 3 20 re 30 195 15 3 re '
           '30 212 15 3 re f')
DOTS = ' '.join('%d %d 2 2 re' % (20 + 3 * x, 196 + 3 * y)
                for y, row in enumerate(('01110010', '10001110', '10001010',
                                         '01110010'))
                for x, dot in enumerate(row) if dot == '1') + ' f'
STROKES = ('3 w 20 195 m 20 215 l S 30 195 m 45 195 l S 30 215 m 45 215 l S '
           '30 195 m 30 215 l S 45 195 m 45 215 l S')
PATTERN = {20: stream('BT /F 12 Tf 2 4 Td (99) Tj ET',
                      '/Type/Pattern/PatternType 1/PaintType 1/TilingType 1'
                      '/BBox[0 0 20 20]/XStep 20/YStep 20'
                      '/Resources<</Font<</F 8 0 R>>>>')}
SHADING = ('/Shading<</S<</ShadingType 2/ColorSpace/DeviceGray/Coords'
           '[20 0 100 0]/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]'
           '/N 1>>>>>>')


def image(extra=''):
    return {20: stream(PIXELS, IMAGE + extra)}


def beneath():
    """Documents that show something where OVER is."""
    inner = form_x(PRICE, box='0 0 300 300')
    return {
        'text': Doc(),
        'text in pieces': Doc('BT /F 12 Tf 20 200 Td (1) Tj 7 0 Td (0) Tj '
                              '7 0 Td (0) Tj ET'),
        'pieces in an array': Doc('BT /F 12 Tf 20 200 Td [(1) -20 (0) 9 (0)]'
                                  ' TJ ET'),
        'pieces by quotes': Doc("BT /F 12 Tf 12 TL 20 212 Td (4) ' ET"),
        'one digit twice': Doc('BT /F 12 Tf 20 200 Td (11) Tj ET'),
        'in two streams': Doc(more={
            3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents'
               '[4 0 R 20 0 R]/Resources<</Font<</F 8 0 R>>>>/Annots'
               '[6 0 R]>>',
            4: stream('BT /F 12 Tf 20 200 Td'),
            20: stream('(The price is 10) Tj ET')}),
        'inherited resources': Doc(more={
            2: '<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font'
               '<</F 8 0 R>>>>/MediaBox[0 0 300 300]>>',
            3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R]>>'}),
        'a form': Doc('/X Do', resources=XOBJECT, more={20: inner}),
        'a form that moves it': Doc('/X Do', resources=XOBJECT, more={
            20: form_x('BT /F 12 Tf 0 0 Td (The price is 10) Tj ET',
                       '/Matrix[1 0 0 1 20 200]')}),
        'a form in a form': Doc('q 1 0 0 1 10 100 cm /X Do Q',
                                resources=XOBJECT, more={
            20: form_x('1 0 0 1 10 100 cm /Y Do', '/Resources'
                       '<</XObject<</Y 21 0 R>>>>', '0 0 300 300'),
            21: form_x('BT /F 12 Tf (The price is 10) Tj ET')}),
        'scaled': Doc('2 0 0 2 0 0 cm BT /F 6 Tf 10 100 Td '
                      '(The price is 10) Tj ET'),
        'upright': Doc('q 0 1 -1 0 220 0 cm BT /F 12 Tf 195 160 Td '
                       '(The price is 10) Tj ET Q'),
        'by a text matrix': Doc('BT /F 1 Tf 12 0 0 12 20 200 Tm '
                                '(The price is 10) Tj ET'),
        'a turned page': Doc(page='/Rotate 90'),
        'a larger unit': Doc(page='/UserUnit 2'),
        'hexadecimal': Doc('BT /F 12 Tf 20 200 Td <3130> Tj ET'),
        'a font that lies': Doc('BT /Z 12 Tf 20 200 Td (____) Tj ET',
                                resources='/Font<</F 8 0 R/Z 20 0 R>>', more={
            3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents '
               '4 0 R/Resources<</Font<</F 8 0 R/Z 20 0 R>>>>/Annots'
               '[6 0 R]>>',
            20: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding'
                '<</Type/Encoding/Differences[95/seven]>>>>'}),
        'a font of drawings': Doc(more={
            3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents '
               '4 0 R/Resources<</Font<</Z 20 0 R>>>>/Annots[6 0 R]>>',
            4: stream('BT /Z 12 Tf 20 200 Td (__) Tj ET'),
            **type3('1000 0 d0 BT /F 900 Tf (7) Tj ET')}),
        'a picture': Doc('q 90 0 0 30 20 195 cm /X Do Q', resources=XOBJECT,
                         more=image()),
        'a mask': Doc('q 90 0 0 30 20 195 cm /X Do Q', resources=XOBJECT,
                      more={20: stream('\x55\xaa', '/Type/XObject/Subtype'
                            '/Image/Width 2/Height 2/ImageMask true'
                            '/BitsPerComponent 1')}),
        'a picture in the content': Doc(
            'q 90 0 0 30 20 195 cm BI /W 2 /H 2 /CS /G /BPC 8 ID %s EI Q' %
            PIXELS),
        # The picture's four bytes look like its end.
        'text behind a picture': Doc(
            'q 1 0 0 1 250 20 cm BI /W 2 /H 2 /CS /G /BPC 8 ID EI Q EI Q ' +
            PRICE),
        'curves': Doc('20 200 m 40 240 80 160 110 200 c S'),
        'slanted lines': Doc('20 195 m 30 215 l 40 195 l 50 215 l S'),
        'a line that is turned': Doc('q .8 .6 -.6 .8 60 190 cm 0 0 m 40 0 l '
                                     '8 w S Q'),
        'a shape that clips': Doc('q 20 195 m 40 230 80 230 100 195 c W n '
                                  '0 0 300 300 re f Q'),
        'text that clips': Doc('q BT 7 Tr /F 12 Tf 20 200 Td (10) Tj ET '
                               '0 0 300 300 re f Q'),
        'letters of rectangles': Doc(LETTERS),
        'letters of dots': Doc(DOTS),
        'letters of lines': Doc(STROKES),
        'a pattern': Doc('/Pattern cs /P scn 20 195 80 30 re f',
                         resources='/Pattern<</P 20 0 R>>', more=PATTERN),
        'a shading': Doc('q 20 195 80 30 re W n /S sh Q', resources=SHADING),
        'a filled field': Doc('', more={
            6: text_field('10', rect='20 195 100 215'), 9: text_look('10')}),
        'a field that readers draw': Doc('', more={
            6: text_field('10', '', '20 195 100 215')}),
        'an annotation': Doc('', more={
            3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents '
               '4 0 R/Resources<<>>/Annots[6 0 R 20 0 R]>>',
            20: '<</Type/Annot/Subtype/FreeText/P 3 0 R/F 4/DA(/F 12 Tf)'
                '/Contents(10)/Rect[20 195 100 215]/AP<</N 21 0 R>>>>',
            21: text_look('The price is 10')}),
    }


def sound():
    """Documents where a box hides nothing that anyone reads."""
    line = 'BT /F 12 Tf 20 250 Td (Signed by:) Tj ET '
    return {
        'blank': Doc('BT /F 12 Tf 20 20 Td (The price is 10) Tj ET'),
        'underscores': Doc(line + 'BT /F 12 Tf 20 200 Td (___________) Tj ET'),
        'underscores in pieces': Doc(
            line + 'BT /F 12 Tf 20 200 Td [(____) -20 (____)] TJ ET'),
        'dots': Doc(line + 'BT /F 12 Tf 20 200 Td (..............) Tj ET'),
        'a drawn line': Doc(line + '1 w 20 198 m 110 198 l S'),
        'a thin rectangle': Doc(line + '20 198 90 0.5 re f'),
        'a table cell': Doc(
            line + '0.5 w 10 185 280 50 re S 150 185 m 150 235 l S '
            '10 187 m 290 187 l S'),
        'a background': Doc('q 1 g 0 0 300 300 re f Q 0 g q 0 0 300 300 re '
                            'W n ' + line + 'Q'),
        'a line in a form': Doc(line + '/X Do', resources=XOBJECT, more={
            20: form_x('20 198 m 110 198 l S', box='0 0 300 300')}),
    }


def boxes():
    cls = 'box-over-content'
    fine = [counterparty(d.sign(), OVER, WHITE) for d in sound().values()]
    for i, doc in enumerate(beneath().values()):
        emit(cls, counterparty(doc.sign(), OVER, OTHER), fine[i % len(fine)],
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
             way(text, OVER, SEAL, MULTIPLY % ('', '')),
             COVERS + '|signature-field', more)
    # Over a certified page, where an approval is form-filling.
    emit(cls, counterparty(Doc().sign(p=2), OVER, OTHER),
         counterparty(Doc().sign(p=2), '0 0 0 0', OTHER),
         COVERS + '|docmdp|signature-field')
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


def main():
    os.makedirs('samples', exist_ok=True)
    stamper()
    boxes()
    sizes()
    multiply()


if __name__ == '__main__':
    main()
