# SPDX-License-Identifier: Apache-2.0
"""The documents of attack_sight.py, by what stands where its box, at the
points 15 190 115 230, comes to lie."""
import zlib

from attack_doc import PRICE, Doc, form_x, text_field, text_look
from attack_pdf import stream


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
    """Documents that show something where the box is."""
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


def placed():
    """Text that begins elsewhere, or is set where the box is in some way."""
    price = '(The price is 10) Tj ET'
    far = {20: '<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix'
               '[.001 0 0 .001 0 0]/CharProcs<</u 21 0 R>>/Encoding'
               '<</Type/Encoding/Differences[95/u]>>/FirstChar 95/LastChar '
               '95/Widths[0]/Resources<</Font<</F 8 0 R>>>>>>',
           21: stream('0 0 d0 BT /F 1000 Tf 1000 15000 Td (7) Tj ET')}
    flate = zlib.compress(PRICE.encode()).decode('latin1')
    two = '[4 0 R 20 0 R]'
    page = ('<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents %s'
            '/Resources<</Font<</F 8 0 R/Z 20 0 R>>>>/Annots[6 0 R]>>')
    return {
        'raised': Doc('BT /F 12 Tf 20 20 Td 180 Ts ' + price),
        'stretched': Doc('BT /F 12 Tf 1000 Tz -60 200 Td ' + price),
        'shifted in an array': Doc('BT /F 12 Tf -400 200 Td [-35000 (10)] TJ '
                                   'ET'),
        'spaced': Doc('BT /F 12 Tf 45 Tc -40 200 Td (10 10) Tj ET'),
        'spaced by words': Doc('BT /F 12 Tf 90 Tw -40 200 Td (a 10) Tj ET'),
        'spaced by quotes': Doc('BT /F 12 Tf 12 TL -40 212 Td 90 1 (a 10) " '
                                'ET'),
        'after other lines': Doc('BT /F 12 Tf 20 TL 20 260 Td (one) Tj T* '
                                 '(two) Tj T* (three) Tj T* (10) Tj ET'),
        'leading by TD': Doc('BT /F 12 Tf 20 260 Td 0 -30 TD (b) Tj T* (10) '
                             'Tj ET'),
        'after other text': Doc('BT /F 12 Tf -180 200 Td (A price that is '
                                'said at some length) Tj (: 10) Tj ET'),
        'large letters': Doc('BT /F 300 Tf 10 20 Td (10) Tj ET'),
        'mirrored': Doc('BT /F 12 Tf -1 0 0 1 110 200 Tm ' + price),
        'upside down': Doc('BT /F 12 Tf -1 0 0 -1 110 215 Tm ' + price),
        'a negative size': Doc('BT /F -12 Tf 110 215 Td ' + price),
        'a font that paints elsewhere': Doc(more={
            3: page % '4 0 R', 4: stream('BT /Z 12 Tf 20 20 Td (_) Tj ET'),
            **far}),
        'outlined': Doc('BT /F 12 Tf 1 Tr 20 200 Td ' + price),
        'white on black': Doc('0 g 15 190 100 40 re f 1 g ' + PRICE),
        'packed': Doc(more={4: stream(flate, '/Filter/FlateDecode')}),
        'in hexadecimal digits': Doc(more={4: stream(
            PRICE.encode().hex() + '>', '/Filter/ASCIIHexDecode')}),
        'a matrix over two streams': Doc(more={
            3: page.replace('/Z 20 0 R', '') % two,
            4: stream('1 0 0 1 0 180 cm'), 20: stream(
                'BT /F 12 Tf 20 20 Td ' + price)}),
        'behind a q too many': Doc('q q 1 0 0 1 0 180 cm q BT /F 12 Tf 20 20 '
                                   'Td ' + price),
        'behind a Q too many': Doc('Q Q Q ' + PRICE),
        'in a rectangle with curves': Doc(
            '20 195 80 30 re 20 195 m 40 240 80 240 100 195 c f'),
        'a picture that is turned': Doc(
            'q 60 60 -30 30 40 180 cm /X Do Q', resources=XOBJECT,
            more=image()),
        'a hidden layer beside': Doc('/OC /No BDC EMC ' + PRICE),
    }


def unfollowable():
    """Content that goes round, or grows, or that nobody can read."""
    forms = {20 + i: form_x('/X Do /X Do', '/Resources<</XObject<</X %d 0 R>>'
                            '>>' % (21 + i), '0 0 300 300')
             for i in range(25)}
    forms[45] = form_x('0 0 1 1 re f', box='0 0 300 300')
    deep = {20 + i: form_x('/X Do', '/Resources<</XObject<</X %d 0 R>>>>' %
                           (21 + i), '0 0 300 300') for i in range(60)}
    deep[80] = form_x(PRICE, box='0 0 300 300')
    return {
        'round': Doc('/X Do', resources=XOBJECT, more={20: form_x(
            '/X Do ' + PRICE, '/Resources<</Font<</F 8 0 R>>/XObject'
            '<</X 20 0 R>>>>', '0 0 300 300')}),
        'growing': Doc('/X Do', resources=XOBJECT, more=forms),
        'deep': Doc('/X Do', resources=XOBJECT, more=deep),
        'many q': Doc('q ' * 30000 + PRICE + ' Q' * 30000),
        'many strings': Doc('BT /F 1 Tf 20 20 Td ' + '(_) Tj ' * 200000 +
                            'ET ' + PRICE),
        'another filter': Doc(more={4: stream(PRICE, '/Filter/Unheard')}),
        'cut off': Doc(more={4: stream(zlib.compress((PRICE * 9).encode())[
            :-20].decode('latin1'), '/Filter/FlateDecode')}),
    }
