# SPDX-License-Identifier: Apache-2.0
"""attack_guises.py SERVERS: another document under the guise of the same one,
by what a verifier may take for equal, for hidden or for filled in; lines as
attack_pdf.py's."""
import os

from attack_doc import (PRICE, Doc, annotation, form_x, more_of, text_field,
                        text_look)
from attack_lib import emit
from attack_pdf import Pdf, stream

PAGE = 'page-changed'
COVERS = 'annotation-covers'
OVER = '15 190 115 230'
WHITE = '1 g 0 0 100 40 re f'
TEN = 'BT /F 12 Tf 5 10 Td (The price is 10) Tj ET'


def equal():
    """One new object for two that were different."""
    cls = 'one-for-several'
    text = '/A gs ' + PRICE + ' /B gs BT /F 12 Tf 105 200 Td (000) Tj ET'
    seen, unseen = '<</ca 1/CA 1>>', '<</ca 0/CA 0>>'
    apart = '/ExtGState<</A%s/B%s>>' % (seen, unseen)
    shared = '/ExtGState<</A 20 0 R/B 20 0 R>>'
    doc = Doc(text, resources=apart).sign()
    twin = doc.update({3: doc.changed(3, apart, apart.replace(
        seen, ' 30 0 R').replace(unseen, ' 31 0 R')), 30: seen, 31: unseen})
    emit(cls, doc.update({3: doc.changed(3, apart, apart.replace(
        seen, ' 30 0 R').replace(unseen, ' 30 0 R')), 30: seen}), twin, PAGE)
    doc = Doc(text, resources=shared, more={20: seen}).sign()
    twin = doc.update({3: doc.changed(3, shared, shared.replace(
        ' 20 0 R', seen))})
    emit(cls, doc.update({3: doc.changed(3, shared, apart)}), twin, PAGE)


def unseen():
    """Annotations that seem to show nothing, and are drawn."""
    cls = 'box-in-hiding'
    doc, white = Doc().sign(), '/C[1 1 1]/IC[1 1 1]/AP'
    empty, look = {50: form_x('')}, {50: form_x(WHITE)}

    def square(more):
        return annotation(doc, 'Square', OVER, white + more, empty)

    def stamp(rect, more=''):
        return annotation(doc, 'Stamp', rect, '/AP<</N 50 0 R>>' + more, look)
    # A look that no reader takes for the normal one.
    for more in ('<</D 50 0 R>>', '<</R 50 0 R>>', '<</D<</On 50 0 R>>>>/AS'
                 '/On', '<</N<</On 50 0 R>>>>', '<</N<</On 50 0 R>>>>/AS/Off',
                 '<</N<</On null/Off 50 0 R>>>>/AS/On'):
        emit(cls, square(more), square('<</N 50 0 R>>'), COVERS)
    # Hidden to one reader alone.
    for flags in ('4294967298', '-2', '2147483650'):
        emit(cls, stamp(OVER, '/F ' + flags), stamp(OVER, '/F 2'), COVERS)
    # A rectangle that is none.
    for rect in ('null 190 115 230', '15 190 115 /x', '0 190 115', ''):
        emit(cls, stamp(rect), stamp('15 40 115 80'), COVERS)
    # MuPDF draws it at a size of its own.
    red = '/C[1 0 0]/RD[0 0 0 0]'
    emit(cls, annotation(doc, 'Caret', '102 203 103 204', red),
         annotation(doc, 'Caret', '200 40 201 41', red), COVERS)
    # What lies beneath is drawn although it seems to show nothing.
    cls = 'box-over-what-hides'
    below = '<</Type/Annot/Subtype/Square/P 3 0 R/Rect[%s]%s>>'
    sound = '/F 2/AP<</N 21 0 R>>'

    def covered(rect, more):
        base = Doc('')
        doc = Doc('', more={20: below % (rect, more), 21: form_x(TEN),
                            3: base.with_annotation(20)}).sign()
        return annotation(doc, 'Stamp', OVER, '/AP<</N 50 0 R>>', look)
    for rect, more in (
            (OVER, '/F 4294967298/AP<</N 21 0 R>>'),
            (OVER, '/F -2/AP<</N 21 0 R>>'),
            (OVER, '/F 4/AS/Off/AP<</N<</On 21 0 R>>>>'),
            ('null 190 115 230', '/F 4/AP<</N 21 0 R>>')):
        emit(cls, covered(rect, more), covered(OVER, sound), COVERS)


def invisible():
    """Text that is not seen, and copied."""
    cls = 'invisible-text'
    doc, paint = Doc().sign(), 'BT %d Tr /F 12 Tf 5 10 Td (99999) Tj ET'
    for mode in (3, 7):
        emit(cls, annotation(doc, 'Stamp', OVER, '/AP<</N 50 0 R>>',
                             {50: form_x(paint % mode)}),
             annotation(doc, 'Stamp', '15 40 115 80', '/AP<</N 50 0 R>>',
                        {50: form_x(paint % mode)}), COVERS)


def groups():
    """A value for a group, that its fields may look otherwise."""
    cls = 'group-filled'
    place = '/Parent 6 0 R/Type/Annot/Subtype/Widget/F 4/P 3 0 R/Rect[%s]' \
        '/AP<</N %d 0 R>>>>'
    page = Doc().objects[3].replace('6 0 R', '20 0 R 21 0 R 22 0 R')
    doc = Doc(more={
        3: page, 6: '<</T(group)/Kids[20 0 R 21 0 R 22 0 R]>>',
        20: text_field(more='/Parent 6 0 R'),
        21: '<</FT/Btn/Ff 65536/T(b)' + place % ('15 100 115 140', 23),
        22: '<</FT/Sig/T(s)' + place % ('15 40 115 80', 24),
        23: form_x(''), 24: form_x(TEN)}).sign(field=22)
    twin = doc.update({20: doc.changed(20, '(abc)', '(xyz)').replace(
        '9 0 R', '60 0 R'), 60: text_look('xyz')})
    for num, look in ((20, '9'), (21, '23'), (22, '24')):
        for value in ('/V(x)', '/V/x', '/V[(x)]'):
            emit(cls, doc.update({
                6: more_of(doc.objects[6], value), 60: form_x(WHITE),
                num: doc.changed(num, look + ' 0 R', '60 0 R')}), twin,
                 'form-changed|appearance-changed')


def numbers():
    """The same number, where a reader wants an integer."""
    cls = 'integer-as-real'
    image = stream('\x00\xff' * 8, '/Type/XObject/Subtype/Image/Width 4'
                   '/Height 4/BitsPerComponent 8/ColorSpace/DeviceGray')
    more = {21: form_x(WHITE), 22: image,
            20: '<</Type/Annot/Subtype/Stamp/F 2/Rect[%s]/AP<</N 21 0 R>>>>' %
            OVER}
    words = '/I Do', '/Rotate 90', '/XObject<</I 22 0 R>>'
    more[3] = Doc(*words).with_annotation(20)
    doc = Doc(*words, more).sign()
    for num, key in ((3, '/Rotate 90'), (20, '/F 2'),
                     (22, '/BitsPerComponent 8'), (5, '/SigFlags 3')):
        emit(cls, doc.update({num: doc.changed(num, key, key + '.0')}),
             doc.update({num: doc.objects[num]}),
             'page-changed|annotation-covers|form-changed')


def notes():
    """A note that says what another says; what a review came to."""
    cls = 'note-of-a-group'
    note = '<</Type/Annot/Subtype/Text/F 4/P 3 0 R/Rect[200 100 220 120]' \
        '/T(Alice)/Contents(I do not agree)/AP<</N 21 0 R>>%s>>'
    doc = Doc(more={20: note % '', 21: form_x(WHITE),
                    3: Doc().with_annotation(20)}).sign()
    other = note.replace('do not ', '').replace('200 100', '200 50') % ''
    twin = doc.update({20: note % '/M(D:20260101)/Open true'})
    emit(cls, doc.update({20: note % '/RT/Group/IRT 40 0 R', 40: other,
                          3: doc.with_annotation(40)}), twin, COVERS)
    emit(cls, doc.update({20: note % '/StateModel/Review/State/Accepted'}),
         twin, COVERS)


def fields():
    """Values and kinds that stand elsewhere than in the field."""
    cls = 'field-elsewhere'
    choice = ('<</FT/Ch/Ff 2097153/Opt[(A)(B)]/T(c)/Type/Annot/Subtype'
              '/Widget/F 4/P 3 0 R/Rect[10 40 90 60]/V[20 0 R]'
              '/AP<</N 9 0 R>>>>')
    base = Doc()
    doc = Doc(more={20: '(A)', 21: choice, 3: base.with_annotation(21),
                    5: base.with_field(21)}).sign()
    emit(cls, doc.update({20: '(B)'}), doc.update({20: '(A)'}),
         'catalog-changed')
    # The form does not list the button that the widget belongs to.
    doc = Doc(more={
        21: '<</FT/Btn/Ff 65536/T(b)/Kids[22 0 R]>>', 23: form_x(''),
        22: '<</Parent 21 0 R/Type/Annot/Subtype/Widget/F 4/P 3 0 R'
        '/Rect[15 100 115 140]/AP<</N 23 0 R>>>>',
        3: base.with_annotation(22)}).sign()
    emit(cls, doc.update({22: more_of(doc.changed(22, '23 0', '50 0'),
                                      '/V(x)'), 50: form_x(WHITE)}),
         doc.update({22: doc.objects[22]}), 'signature-field')


def aloud():
    """A page that gets the words that were signed of another."""
    cls = 'words-of-another-page'
    page = ('<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R'
            '/Resources<</Font<</F 8 0 R>>>>>>')
    doc = Doc('/P<</MCID 0>>BDC ' + PRICE + ' EMC', '/StructParents 0',
              catalog='/MarkInfo<</Marked true>>/StructTreeRoot 21 0 R',
              more={2: '<</Type/Pages/Kids[3 0 R 20 0 R]/Count 2>>', 20: page,
                    21: '<</Type/StructTreeRoot/K 22 0 R/ParentTree<</Nums'
                        '[0[23 0 R]]>>/ParentTreeNextKey 1>>',
                    22: '<</Type/StructElem/S/Document/P 21 0 R/K[23 0 R]>>',
                    23: '<</Type/StructElem/S/P/P 22 0 R/Pg 3 0 R/K 0'
                        '/ActualText(The price is 99999)>>'}).sign()
    twin = doc.update({20: more_of(page, '/StructParents 1/Tabs/S')})
    for number in ('0', '-1', '0.0', '40 0 R'):
        emit(cls, doc.update({20: more_of(page, '/StructParents ' + number),
                              40: '0'}), twin, PAGE)


def strays():
    """Objects of no table, where they are not looked for."""
    cls = 'stray-in-hiding'
    doc = Doc().sign()
    body = stream('BT /F 12 Tf 20 200 Td (The price is 99999) Tj ET', '%s')
    twin = doc.update({40: '(x)'})
    for head, more in (('4 0 obj', '/Linearized 1'),
                       ('4 0' + ' ' * 300 + 'obj', ''),
                       ('4' + '\n' * 9000 + '0 obj', ''),
                       ('4 0 %' + 'a' * 3000 + '\nobj', '')):
        stray = '%s\n%s\nendobj\n' % (head, body % more)
        emit(cls, Pdf(doc.data).save({40: '(x)'}, stray=stray.encode()).data,
             twin, 'stray-object')


def acts():
    """An action that was signed, and is another where it stands."""
    cls = 'action-elsewhere'
    link = ('<</Type/Annot/Subtype/Link/P 3 0 R/F 4/Border[0 0 0]'
            '/Rect[15 100 115 130]/%s 21 0 R>>')
    for key, body in (('A', '<</S/URI/URI(http://a.example/)>>'),
                      ('AA', '<</E<</S/URI/URI(http://a.example/)>>>>'),
                      ('PA', '<</S/URI/URI(http://a.example/)>>')):
        doc = Doc(more={20: link % key, 21: body,
                        3: Doc().with_annotation(20)}).sign()
        emit(cls, doc.update({21: body.replace('/a.', '/b.')}),
             doc.update({21: body}), 'catalog-changed|action-added')


def hidden_fields():
    """A signature in a field that nobody saw when it was signed."""
    cls = 'signed-in-hiding'
    base = Doc()
    field = '<</FT/Sig/T(here)/P 3 0 R%s/Rect[%s]>>'
    kind, shown = '/Type/Annot/Subtype/Widget', '/F 4'
    looks = {30: form_x(WHITE)}

    def signed(more, rect):
        doc = Doc(more={20: field % (more, rect), 3: base.with_annotation(20),
                        5: base.with_field(20)}).sign()
        doc.objects[20] = field % (kind + shown, rect)
        return doc.sign(field=20, more=looks, extra='/AP<</N 30 0 R>>').data
    for more in (kind + '/F 2', kind + '/F 36'):
        emit(cls, signed(more, OVER), signed(more, '15 40 115 80'), COVERS)
    for more in (kind + '/F 34', '/F 4'):
        emit(cls, signed(more, OVER), signed(kind + shown, OVER), COVERS)


def main():
    os.makedirs('samples', exist_ok=True)
    equal()
    unseen()
    invisible()
    groups()
    numbers()
    notes()
    fields()
    aloud()
    strays()
    acts()
    hidden_fields()


if __name__ == '__main__':
    main()
