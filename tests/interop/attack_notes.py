# SPDX-License-Identifier: Apache-2.0
"""attack_notes.py SERVERS: annotations of all sorts that a later revision
adds, and what acts by itself; lines as attack_pdf.py's."""
import os
import sys

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position
from attack_doc import (PRICE, Doc, annotation, form_x,  # noqa: E402
                        text_field, text_look)
from attack_lib import emit  # noqa: E402
from attack_pdf import stream  # noqa: E402

COVERS = 'annotation-covers'
OVER = '15 190 115 230'
BLANK = '200 20 240 36'
OTHER = '1 g 0 0 100 40 re f 0 g BT /F 12 Tf 5 10 Td (99999) Tj ET'
AP = '/AP<</N 50 0 R>>'
LOOKS = {50: form_x(OTHER), 51: form_x(
    '/G gs 1 1 0 rg 0 0 100 40 re f',
    '/Resources<</ExtGState<</G<</BM/Multiply>>>>>>')}
SCRIPT = '<</S/JavaScript/JS(app.alert\\(1\\))>>'


# ---- what is laid over ----

def icons(text):
    cls = 'icon-over-content'
    fine = annotation(text, 'Text', '250 20 268 38', '/Contents(fine)')
    shown = annotation(text, 'Text', '250 20 268 38', AP, LOOKS)
    for rect in ('15 198 63 246', '20 195 60 215', '10 100 290 290',
                 '90 198 94 204', '115 230 15 190'):
        emit(cls, annotation(text, 'Text', rect, '/C[1 1 1]'), fine, COVERS)
        emit(cls, annotation(text, 'Text', rect, AP, LOOKS), shown, COVERS)
    file = {52: '<</Type/Filespec/F(a.txt)/EF<</F 53 0 R>>>>',
            53: stream('a', '/Type/EmbeddedFile')}
    for kind, more in (('FileAttachment', '/FS 52 0 R'),
                       ('FileAttachment', '/FS 52 0 R/Name/Tag' + AP),
                       ('Sound', '/Sound 54 0 R')):
        for rect in (OVER, '10 60 290 290'):
            emit(cls, annotation(text, kind, rect, more, {
                **LOOKS, **file,
                54: stream('\x80', '/Type/Sound/R 8000')}), fine,
                 COVERS + '|catalog-changed|action')
    # A name that is none, an icon that is named.
    for name in ('Comment', 'Note', 'Help', 'Nothing'):
        emit(cls, annotation(text, 'Text', OVER, '/Name/' + name), fine,
             COVERS)


def kinds(text, certified):
    cls = 'annotation-over-content'
    fine = annotation(text, 'Stamp', BLANK, AP, LOOKS)
    # A note and its window, which is closed.
    closed = text.update({
        3: text.with_annotation(40, 41), 40: '<</Type/Annot/Subtype/Text/P '
        '3 0 R/F 4/Rect[250 20 268 38]/Contents(fine)/Popup 41 0 R>>',
        41: '<</Type/Annot/Subtype/Popup/P 3 0 R/Parent 40 0 R/Open false'
        '/Rect[160 20 290 100]>>'})
    pen = '/InkList[[20 204 60 206 110 204]]/C[1 1 1]/BS<</W 20>>'
    for kind, more in (
            ('Stamp', AP), ('Stamp', '/Name/Approved' + AP),
            ('FreeText', '/DA(/F 12 Tf 0 g)/Contents(99999)/C[1 1 1]'),
            ('FreeText', '/DA(/F 12 Tf 0 g)/Contents(99999)' + AP),
            ('Redact', '/IC[1 1 1]/OverlayText(99)/DA(/F 9 Tf)' + AP),
            ('Redact', '/IC[1 1 1]/QuadPoints[15 230 115 230 15 190 115 190]'
             '/RO 50 0 R'),
            ('Watermark', AP),
            ('Watermark', AP + '/FixedPrint<</Type/FixedPrint/Matrix'
             '[1 0 0 1 0 0]/H 0/V 0>>'),
            ('Highlight', '/QuadPoints[15 230 115 230 15 190 115 190]' + AP),
            ('Underline', '/QuadPoints[15 230 115 230 15 190 115 190]' + AP),
            ('Squiggly', '/QuadPoints[15 230 115 230 15 190 115 190]' + AP),
            ('StrikeOut', '/QuadPoints[15 230 115 230 15 190 115 190]' + AP),
            ('Caret', AP), ('Projection', AP), ('PrinterMark', AP),
            ('TrapNet', AP), ('Link', AP), ('Popup', AP),
            ('Unheard', AP),
            ('Screen', AP), ('Movie', '/Movie<</F(a.avi)>>' + AP),
            ('3D', '/3DD 52 0 R/3DV/Default' + AP), ('RichMedia', AP),
            ('Square', '/IC[1 1 1]/C[1 1 1]'), ('Circle', '/IC[1 1 1]' + AP),
            ('Line', '/L[15 205 115 205]/C[1 1 1]/BS<</W 20>>'),
            ('Polygon', '/Vertices[15 190 115 190 115 230 15 230]/IC[1 1 1]'),
            ('Ink', pen), ('Ink', pen + AP),
            ('Widget', '/FT/Tx/T(orphan)/V(99999)' + AP)):
        emit(cls, annotation(text, kind, OVER, more, {
            **LOOKS, 52: stream('', '/Type/3D/Subtype/U3D')}),
            closed if kind == 'Popup' else fine,
            COVERS + '|action|form-changed|page-changed|other')
    marked = annotation(text, 'Highlight', OVER, '/QuadPoints'
                        '[15 230 115 230 15 190 115 190]/AP<</N 51 0 R>>',
                        LOOKS)
    emit(cls, annotation(text, 'Highlight', OVER, AP, LOOKS), marked, COVERS)
    for kind in ('Stamp', 'FreeText', 'Text'):
        emit('annotation-on-certified', annotation(certified, kind, OVER, AP,
                                                   LOOKS),
             annotation(certified, kind, BLANK, AP, LOOKS), COVERS)


def borders(text):
    """A border lies on both sides of the rectangle's edge."""
    cls = 'border-over-content'
    below = '20 140 110 150'
    thin = annotation(text, 'Link', BLANK, '/Border[0 0 1]/Dest[3 0 R/Fit]')
    square = annotation(text, 'Square', BLANK, '/C[1 0 0]/BS<</W 1>>')
    for more in ('/Border[0 0 100]/C[1 1 1]', '/BS<</W 100/S/S>>/C[1 1 1]',
                 '/BS<</W 100/S/B>>/C[0 0 0]',
                 '/Border[0 0 1]/BS<</W 100>>/C[1 1 1]',
                 '/Border[50 50 100[3]]/C[0 0 0]'):
        emit(cls, annotation(text, 'Link', below, more +
                             '/Dest[3 0 R/Fit]'), thin, COVERS)
        emit(cls, annotation(text, 'Link', OVER, more +
                             '/Dest[3 0 R/Fit]'), thin, COVERS)
    for kind, rect, more in (
            ('Square', '15 30 280 270', '/BS<</W 100>>/C[1 1 1]'),
            ('Circle', '15 30 280 270', '/BS<</W 100>>/C[1 1 1]'),
            ('Line', below, '/L[20 145 110 145]/BS<</W 120>>/C[1 1 1]'),
            ('Ink', below, '/InkList[[20 145 110 145]]/BS<</W 120>>'
             '/C[1 1 1]'),
            ('Square', OVER, '/Border[0 0 40]/C[1 1 1]'),
            ('Square', OVER, '/BE<</S/C/I 2>>/C[0 0 0]/IC[1 1 1]')):
        emit(cls, annotation(text, kind, rect, more), square, COVERS)
    cls = 'field-border-over-content'
    empty = ('<</FT/Sig/T(later)/Type/Annot/Subtype/Widget/F 4/P 3 0 R'
             '/Rect[%s]%s>>')
    twin = text.update({3: text.with_annotation(40), 5: text.with_field(40),
                        40: empty % (BLANK, '')})
    wide = '10 150 290 250'
    for rect, more in ((wide, '/MK<</BC[1 1 1]>>/BS<</W 100>>'),
                       (wide, '/MK<</BC[1 1 1]/BG[1 1 1]>>/Border[0 0 100]'),
                       (OVER, '/MK<</BG[1 1 1]>>'),
                       (OVER, '/MK<</BC[0 0 0]/BG[1 1 1]/CA(99999)>>'),
                       (OVER, '/MK<</R 90/BG[1 1 1]>>/BS<</W 0>>'),
                       (OVER, '/MK<</BC[]/BG[0]>>')):
        emit(cls, text.update({
            3: text.with_annotation(40), 5: text.with_field(40),
            40: empty % (rect, more)}), twin, COVERS + '|signature-field')


def turned():
    """What stays upright on a turned page, or its own size, does not lie
    where its rectangle lies."""
    cls = 'annotation-that-turns'
    for degrees, rect in ((90, '20 150 120 190'), (180, '110 150 210 190'),
                          (270, '60 215 160 255')):
        doc = Doc(page='/Rotate %d' % degrees).sign()
        for flags in (20, 28):
            emit(cls, annotation(doc, 'Stamp', rect, AP + '/F %d' % flags,
                                 LOOKS),
                 annotation(doc, 'Stamp', '250 250 255 255', AP + '/F %d' %
                            flags, LOOKS), COVERS)
    doc = Doc(page='/UserUnit 4').sign()
    emit(cls, annotation(doc, 'Stamp', OVER, AP + '/F 12', LOOKS),
         annotation(doc, 'Stamp', '250 20 255 25', AP + '/F 12', LOOKS),
         COVERS)


def matrices(text):
    cls = 'appearance-matrix'
    twin = annotation(text, 'Stamp', BLANK, AP, LOOKS)
    for rect, matrix, bounds in (
            (OVER, '0.001 0 0 0.001 0 0', '0 0 100 40'),
            (OVER, '0 1 -1 0 0 0', '0 0 100 40'),
            (OVER, '1 0 0 1 5000 5000', '0 0 100 40'),
            (OVER, '-1 0 0 -1 0 0', '100 40 0 0'),
            (OVER, '1 1 -1 1 0 0', '0 0 100 40'),
            (OVER, '1 0 0 1 0 0', '0 0 .1 .1'),
            ('115 230 15 190', '1 0 0 1 0 0', '0 0 100 40')):
        look = form_x('1 g -999 -999 2000 2000 re f 0 g 1 0 0 rg 0 0 9 9 re '
                      'f', '/Matrix[%s]' % matrix, bounds)
        emit(cls, annotation(text, 'Stamp', rect, AP, {50: look}), twin,
             COVERS)


# ---- what acts ----

def actions(text, certified):
    cls = 'action-added'
    word = 'action'
    twin = annotation(text, 'Link', BLANK, '/Border[0 0 0]/Dest[3 0 R/Fit]')
    for kind, more in (
            ('Link', '/A' + SCRIPT), ('Link', '/PA<</S/URI/URI(http:x)>>'),
            ('Link', '/A<</S/URI/URI(http://example.org/)>>'),
            ('Link', '/A<</S/Launch/F(a.exe)>>'),
            ('Link', '/A<</S/SubmitForm/F(http:x)>>'),
            ('Link', '/A<</S/GoToR/F(b.pdf)/D[0/Fit]>>'),
            ('Link', '/A<</S/Hide/T(text)>>'),
            ('Link', '/A<</S/SetOCGState/State[/OFF]>>'),
            ('Link', '/A<</S/GoTo/D[3 0 R/Fit]/Next%s>>' % SCRIPT),
            ('Link', '/A<</S/GoTo/D[3 0 R/Fit]/Next[52 0 R]>>'),
            ('Link', '/A 52 0 R'), ('Text', '/AA<</PV%s>>' % SCRIPT),
            ('Text', '/AA<</E 52 0 R>>'), ('Text', '/A' + SCRIPT),
            ('Stamp', '/A' + SCRIPT + AP), ('Popup', '/AA<</PO 52 0 R>>'),
            ('Screen', '/A<</S/Rendition/OP 0/JS(x)/AN 40 0 R>>'),
            ('Movie', '/Movie<</F(a.avi)>>/A true')):
        for rect in (BLANK, '0 0 300 300')[:1 + (kind == 'Link')]:
            emit(cls, annotation(text, kind, rect, '/Border[0 0 0]' + more,
                                 {**LOOKS, 52: SCRIPT}), twin, word)
    emit(cls, annotation(certified, 'Link', BLANK, '/Border[0 0 0]/A' +
                         SCRIPT), annotation(certified, 'Text', BLANK),
         word)

    cls = 'action-in-field'
    field = ('<</FT/Sig/T(later)/Type/Annot/Subtype/Widget/F 4/P 3 0 R'
             '/Rect[%s]%s>>')

    def added(more):
        return text.update({
            3: text.with_annotation(40), 5: text.with_field(40),
            40: field % (BLANK, more), 52: SCRIPT})
    for more in ('/A' + SCRIPT, '/AA<</F 52 0 R>>', '/AA<</Fo%s>>' % SCRIPT,
                 '/PA 52 0 R'):
        emit(cls, added(more), added(''), 'action|signature-field|form')
    filled = text.update({6: text_field('10', '51 0 R'),
                          51: text_look('10')})
    for more in ('/A' + SCRIPT, '/AA<</C%s>>' % SCRIPT, '/AA<</U 52 0 R>>'):
        emit(cls, text.update({6: text_field('10', '51 0 R', more=more),
                               51: text_look('10'), 52: SCRIPT}), filled,
             'action|form|field')

    cls = 'action-of-document'
    again = text.sign().data
    word = 'action|catalog-changed|page-changed|form-changed'
    for key in ('/OpenAction' + SCRIPT, '/OpenAction 52 0 R',
                '/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next 52 0 R>>',
                '/AA<</WC%s>>' % SCRIPT, '/AA<</WP 52 0 R>>',
                '/Names<</JavaScript<</Names[(a)52 0 R]>>>>',
                '/Names<</Pages<</Names[(a)3 0 R]>>>>',
                '/URI<</Base(http://example.org/)>>'):
        emit(cls, text.update({1: text.plus(1, key), 52: SCRIPT}), again,
             word)
    for key in ('/AA<</O%s>>' % SCRIPT, '/AA<</C 52 0 R>>'):
        emit(cls, text.update({3: text.plus(3, key), 52: SCRIPT}), again,
             word)
    emit(cls, text.update({5: text.plus(5, '/CO[6 0 R]'), 52: SCRIPT}),
         again, word)


def changed_actions():
    """An action that stood there becomes another."""
    cls = 'action-changed'
    link = ('<</Type/Annot/Subtype/Link/P 3 0 R/F 4/Border[0 0 0]/Rect[%s]'
            '%s>>' % (BLANK, '/A 21 0 R'))
    web = '<</S/URI/URI(http://example.org/)>>'
    doc = Doc()
    doc = Doc(catalog='/OpenAction 22 0 R', more={
        3: doc.with_annotation(20), 20: link, 21: web,
        22: '<</S/GoTo/D[3 0 R/Fit]>>'}).sign()
    for objects in ({21: SCRIPT}, {22: SCRIPT},
                    {21: web.replace('org', 'com')},
                    {20: link.replace('/A 21 0 R', '/A' + SCRIPT)},
                    {20: link.replace('/A 21 0 R', '/A 21 0 R/AA<</E%s>>' %
                                      SCRIPT)},
                    {22: '<</S/GoTo/D[3 0 R/Fit]/Next %s>>' % SCRIPT}):
        emit(cls, doc.update(objects), doc.sign().data,
             'action|catalog-changed|page-changed|annotation-covers|'
             'annotation')


def main():
    os.makedirs('samples', exist_ok=True)
    text, certified = Doc(PRICE).sign(), Doc(PRICE).sign(p=3)
    icons(text)
    kinds(text, certified)
    borders(text)
    turned()
    matrices(text)
    actions(text, certified)
    changed_actions()


if __name__ == '__main__':
    main()
