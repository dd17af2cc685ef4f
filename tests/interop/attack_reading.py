# SPDX-License-Identifier: Apache-2.0
"""attack_reading.py SERVERS: fields, structure, fonts and the catalog, as
they are changed after signing so that somebody who reads, copies or listens
meets something else; lines as attack_pdf.py's."""
import os
import sys

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position
from attack_doc import (Doc, form_x, more_of, text_field,  # noqa: E402
                        text_look)
from attack_lib import emit  # noqa: E402
from attack_pdf import stream  # noqa: E402

FIELD = 'field|form-changed|appearance-changed|docmdp'
FORM = 'form-changed|catalog-changed|appearance-changed'
PAGE = 'page-changed|catalog-changed'
STRUCTURE = 'structure-changed|catalog-changed|page-changed'


def filled(text='99999', more=''):
    return {6: text_field(text, '60 0 R', more=more),
            60: text_look(text)}


# ---- fields ----

def read_only():
    cls = 'read-only-filled'
    word = 'read-only|' + FIELD
    plain = Doc().sign()
    twin = plain.update(filled())
    locked = Doc(more={6: text_field(more='/Ff 1')})
    listed = Doc(more={6: text_field(more='/Ff 1')}, form='/CO[6 0 R]')
    emit(cls, locked.sign().update(filled(more='/Ff 1')), twin, word)
    emit(cls, locked.sign().update(filled(more='/Ff 1')),
         listed.sign().update(filled(more='/Ff 1')), word)
    emit(cls, locked.sign(p=2).update(filled(more='/Ff 1')),
         listed.sign(p=2).update(filled(more='/Ff 1')), word)
    # The flag goes with the value; or the list comes with it.
    emit(cls, locked.sign().update(filled()), twin, word)
    signed = locked.sign()
    emit(cls, signed.update({**filled(more='/Ff 1'), 5: signed.plus(
        5, '/CO[6 0 R]')}), twin, word)
    # Inherited from the parent, also where the child says nothing.
    kid = text_field().replace('/FT/Tx/T(text)', '/Parent 20 0 R')
    parent = '<</FT/Tx/T(text)/Ff %d/Kids[6 0 R]>>'

    def family(flags, form=''):
        return Doc(more={6: kid, 20: parent % flags, 5: '<</Fields[20 0 R]'
                         '/SigFlags 3/DA(/F 0 Tf)/DR<</Font<</F 8 0 R>>>>'
                         '%s>>' % form}).sign()
    new = {6: kid.replace('(abc)', '(99999)').replace('9 0 R', '60 0 R'),
           60: text_look('99999')}
    emit(cls, family(1).update(new), family(0).update(new), word)
    emit(cls, family(1).update({**new, 20: parent % 0}),
         family(1, '/CO[6 0 R]').update(new), word)
    emit(cls, family(4097).update(new), family(4096).update(new), word)
    # Locked by the signature's own FieldMDP.
    for lock, other in (('/Action/All', '/Action/Include/Fields[(other)]'),
                        ('/Action/Include/Fields[(text)]',
                         '/Action/Exclude/Fields[(text)]')):
        emit(cls, Doc().sign(lock=lock).update(filled()),
             Doc().sign(lock=other).update(filled()), 'fieldmdp')


def appearances():
    cls = 'appearance-of-field'
    plain = Doc().sign()
    twin = plain.update(filled())
    styled = plain.update({
        6: text_field('10', '60 0 R', more='/Q 1').replace(
            '/F 9 Tf 0 g', '/F 8 Tf 0 0 1 rg'), 60: text_look('10')})
    # Another look, the same value; another value, the same look.
    emit(cls, plain.update({9: text_look('99999')}), twin, FIELD)
    emit(cls, plain.update({6: text_field('abc', '60 0 R'),
                            60: text_look('99999')}), styled, FIELD)
    # Filled, and larger, elsewhere, or over the price.
    for rect in ('10 10 290 290', '15 190 115 230', '10 10 91 30'):
        emit(cls, plain.update({6: text_field('99999', '60 0 R', rect),
                                60: text_look('99999')}), twin, FIELD)
    # Filled, and hidden.
    hidden = text_field('99999', '60 0 R').replace('/F 4', '/F 2')
    emit(cls, plain.update({6: hidden, 60: text_look('99999')}), twin, FIELD)
    cls = 'push-button'
    button = ('<</FT/Btn/T(logo)/Type/Annot/Subtype/Widget/F 4/P 3 0 R/Ff '
              '65536/Rect[15 180 115 240]%s>>')
    base = Doc('')
    base = Doc(more={20: button % '', 3: base.with_annotation(20),
                     5: base.with_field(20)}).sign()
    look = {60: form_x('1 g 0 0 100 60 re f 0 g BT /F 12 Tf 5 20 Td (99999) '
                       'Tj ET', box='0 0 100 60')}
    for more in ('/AP<</N 60 0 R>>', '/MK<</I 60 0 R>>/AP<</N 60 0 R>>',
                 '/MK<</CA(99999)/BG[1 1 1]>>', '/AP<</N 60 0 R>>/V(x)'):
        emit(cls, base.update({20: button % more, **look}),
             base.update(filled()), FIELD)
    cls = 'attributes-of-field'
    flagged = text_field(more='/Ff %s')
    for old, new in ((0, 4096), (0, 8192), (0, 1 << 24), (4096, 0),
                     (0, 2), (0, 1 << 25)):
        doc = Doc(more={6: flagged % old}).sign()
        # A field that is filled may be closed: a signature's lock does it.
        emit(cls, doc.update(filled(more='/Ff %d' % new)),
             doc.update(filled(more='/Ff %d' % (old | 1))), FIELD)
    for more in ('/MaxLen 2', '/MK<</BG[1 1 1]>>', '/MK<</R 180>>',
                 '/BS<</W 20>>', '/TU(Price)', '/TM(x)', '/Border[0 0 9]'):
        emit(cls, plain.update(filled(more=more)), styled, FIELD)
    emit(cls, plain.update({6: filled()[6].replace('(text)', '(other)'),
                            60: text_look('99999')}), twin, FIELD)
    choice = ('<</FT/Ch/T(text)/Type/Annot/Subtype/Widget/F 4/P 3 0 R/Ff '
              '131072/Rect[10 10 90 30]/DA(/F 9 Tf 0 g)/V(%s)/Opt[%s]'
              '/AP<</N %d 0 R>>>>')
    options = '[(a)(Price 10)][(b)(Price 20)]'
    doc = Doc(more={6: choice % ('a', options, 9),
                    9: text_look('Price 10')}).sign()
    fine = doc.update({6: choice % ('b', options, 60),
                       60: text_look('Price 20')})
    emit(cls, doc.update({6: choice % (
        'a', '[(a)(Price 99999)]', 60), 60: text_look('Price 99999')}),
         fine, FIELD)
    emit(cls, doc.update({6: choice % ('a', '[(b)(Price 10)][(a)(Price 20)]',
                                       60), 60: text_look('Price 20')}),
         fine, FIELD)


def forms():
    """What the form says for all fields."""
    cls = 'need-appearances'
    word = FORM + '|appearance'
    lying = {6: text_field('Price 99999'), 9: text_look('Price 10')}
    bare = {6: text_field('Price 10', '')}
    for more, before, after in (
            (lying, '/NeedAppearances true', ''),
            (lying, '/NeedAppearances true', '/NeedAppearances false'),
            (lying, '', '/NeedAppearances true'),
            (lying, '/NeedAppearances false', '/NeedAppearances true'),
            (bare, '/NeedAppearances true', '/NeedAppearances false'),
            (bare, '/NeedAppearances true', ''),
            (bare, '', '/NeedAppearances true')):
        doc = Doc(more=more, form=before).sign()
        body = doc.objects[5].replace(before, '') if before else doc.objects[5]
        emit(cls, doc.update({5: more_of(body, after)}), doc.sign().data,
             word)
    cls = 'form-font'
    other = '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>'
    zapf = '<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>'
    named = Doc(more={6: text_field('10', '').replace('/F 9', '/G 9')},
                form='/NeedAppearances true').sign()
    bare = Doc(more=bare).sign()
    def with_font(doc):
        return doc.update({5: doc.changed(5, '/F 8 0 R', '/F 8 0 R/G 60 0 R'),
                           60: zapf})
    # One that no field names changes nothing.
    emit(cls, with_font(named), with_font(Doc().sign()), FORM)
    for doc in (bare, Doc().sign()):
        emit(cls, doc.update({5: doc.changed(5, '/F 8 0 R', '/F 60 0 R'),
                              60: other}), doc.sign().data, FORM)
        emit(cls, doc.update({5: doc.changed(5, '/F 0 Tf 0 g',
                                             '/F 0 Tf 1 g')}),
             doc.sign().data, FORM)
        emit(cls, doc.update({5: doc.changed(5, '/Font<</F 8 0 R>>', '')}),
             doc.sign().data, FORM)
        emit(cls, doc.update({8: other}), doc.sign().data,
             FORM + '|' + PAGE)
        emit(cls, doc.update({5: doc.plus(5, '/Q 2')}), doc.sign().data,
             FORM)
        emit(cls, doc.update({5: doc.plus(5, '/XFA 60 0 R'), 60: stream(
            '<xdp/>')}), doc.sign().data, FORM)
    cls = 'field-added'
    box = '200 20 240 36'
    sig = {40: '<</FT/Sig/T(later)/Type/Annot/Subtype/Widget/F 4/P 3 0 R'
               '/Rect[%s]>>' % box}

    def added(p, more, number=40):
        doc = Doc().sign(p=p) if p else Doc().sign()
        return doc.update({3: doc.with_annotation(number),
                           5: doc.with_field(number), **more})
    for p in (1, 2):
        emit(cls, added(p, sig), added(3, sig), 'docmdp|signature-field')
        emit(cls, added(p, sig), added(0, sig), 'docmdp|signature-field')
    # One that stood there is signed, and the document was final.
    stood = Doc()
    stood = Doc(more={40: sig[40], 3: stood.with_annotation(40),
                      5: stood.with_field(40)})
    emit(cls, stood.sign(p=1).sign(field=40).data,
         stood.sign(p=2).sign(field=40).data, 'docmdp')
    text = {40: text_field('99999', '60 0 R', box, name='more'),
            60: text_look('99999')}
    for p in (0, 2, 3):
        emit(cls, added(p, text), added(0, sig), FIELD)
    emit(cls, added(0, {40: text[40].replace('/FT/Tx', '/FT/Sig')}),
         added(0, sig), 'signature-field|' + FIELD)


# ---- structure ----

def tagged(page='/StructParents 0/Tabs/S'):
    """Two elements, the paragraph with its text and a note after it."""
    return Doc('/P<</MCID 0>>BDC BT /F 12 Tf 20 200 Td (The price is 10) Tj '
               'ET EMC /P<</MCID 1>>BDC BT /F 12 Tf 20 150 Td (net) Tj ET '
               'EMC', page=page, catalog='/Lang(en)'
               '/MarkInfo<</Marked true>>/StructTreeRoot 30 0 R', more={
        30: '<</Type/StructTreeRoot/K[31 0 R]/ParentTree 34 0 R'
            '/ParentTreeNextKey 1/RoleMap<</Para/P/Hint/Span>>>>',
        31: '<</Type/StructElem/S/Document/P 30 0 R/K[32 0 R 33 0 R]>>',
        32: '<</Type/StructElem/S/Para/P 31 0 R/Pg 3 0 R/K 0/Alt(Price)>>',
        33: '<</Type/StructElem/S/P/P 31 0 R/Pg 3 0 R/K 1>>',
        34: '<</Nums[0[32 0 R 33 0 R]]>>'})


def signed_again(doc, element=None, more=(), widget=''):
    """A second signature, told in the structure as it should be, or as
    element says."""
    n = doc.fresh()
    element = element or ('<</Type/StructElem/S/Form/P 31 0 R/Pg 3 0 R'
                          '/K<</Type/OBJR/Pg 3 0 R/Obj WIDGET>>'
                          '/Alt(Signed by Alice)>>')
    number = n + 2
    objects = {
        31: doc.changed(31, '33 0 R]', '33 0 R %d 0 R]' % n),
        34: doc.changed(34, ']]', '] 1 %d 0 R]' % n),
        30: doc.changed(30, 'NextKey 1', 'NextKey 2'),
        n: element.replace('WIDGET', '%d 0 R' % number), **dict(more)}
    assert max(objects) == n
    return doc.sign(more=objects, extra='/StructParent 1/TU(Signed by Alice)'
                    + widget).data


def structure():
    cls = 'structure-added'
    tree = {40: '<</Type/StructTreeRoot/K[41 0 R]/ParentTree<</Nums'
                '[0[41 0 R]]>>>>'}
    element = '<</Type/StructElem/S/P/P 40 0 R/Pg 3 0 R/K %s%s>>'
    bare = Doc('/P<</MCID 0>>BDC BT /F 12 Tf 20 200 Td (The price is 10) Tj '
               'ET EMC', page='/StructParents 0').sign()
    for more in ('/ActualText(The price is 99999)', '/Alt(99999)',
                 '/E(99999)', '/Lang(zz)', ''):
        emit(cls, bare.update({1: bare.plus(
            1, '/StructTreeRoot 40 0 R/MarkInfo<</Marked true>>'), **tree,
            41: element % ('0', more)}), bare.sign().data, STRUCTURE)
    doc = tagged().sign()
    cls = 'structure-changed'
    twin = signed_again(doc)
    lie = '/ActualText(The price is 99999)'
    root, body, para = (doc.objects[n] for n in (30, 31, 32))
    for objects in (
            {32: more_of(para, lie)}, {32: para.replace('Price', '99999')},
            {32: para.replace('/Alt(Price)', '')},
            {32: more_of(para, '/E(99999)')},
            {32: more_of(para, '/Lang(zz)')},
            {32: more_of(para, '/A<</O/Layout/Placement/None>>')},
            {32: more_of(para, '/T(99999)')},
            {32: para.replace('/K 0', '/K 1')},
            {32: para.replace('/Para', '/Artifact')},
            {33: more_of(doc.objects[33], lie)},
            {31: more_of(body, lie)},
            {31: body.replace('32 0 R 33', '33')},
            {31: body.replace('32 0 R 33 0 R', '33 0 R 32 0 R')},
            {31: body.replace('32 0 R', '40 0 R'), 40: more_of(para, lie)},
            {30: root.replace('/P/Hint', '/Artifact/Hint')},
            {30: root.replace('/Para/P', '/P/Artifact/Para/P')},
            {30: root.replace('/RoleMap<</Para/P/Hint/Span>>', '')},
            {30: root.replace('[31 0 R]', '[31 0 R 40 0 R]'),
             40: '<</Type/StructElem/S/P/P 30 0 R/Pg 3 0 R/K 0%s>>' % lie},
            {30: root.replace('[31 0 R]', '[]')},
            {30: more_of(root, '/ClassMap<</C<</O/Layout>>>>')},
            {30: more_of(root, '/IDTree<</Names[]>>')},
            {34: '<</Nums[0[33 0 R 32 0 R]]>>'},
            {34: '<</Nums[0[33 0 R]]>>'}, {34: '<</Nums[]>>'},
            {34: '<</Nums[0[40 0 R 33 0 R]]>>', 40: more_of(para, lie)},
            {1: doc.changed(1, '/Lang(en)', '/Lang(zz)')},
            {1: doc.changed(1, '/Lang(en)', '')},
            {1: doc.changed(1, 'Marked true', 'Marked false')},
            {1: doc.changed(1, 'Marked true', 'Marked true/Suspects true')},
            {1: doc.changed(1, '/StructTreeRoot 30 0 R', '')},
            {1: doc.changed(1, '30 0 R', '40 0 R'),
             40: root.replace('/K[31 0 R]', '/K[]')},
            {3: doc.changed(3, '/Tabs/S', '/Tabs/R')},
            {3: doc.changed(3, '/StructParents 0', '/StructParents 7')}):
        emit(cls, doc.update(objects), twin, STRUCTURE)
    cls = 'structure-of-signature'
    form = ('<</Type/StructElem/S/%s/P 31 0 R/Pg 3 0 R/K%s/Alt(%s)%s>>')
    name, ref = 'Signed by Alice', '<</Type/OBJR/Pg 3 0 R/Obj WIDGET>>'
    twins = [twin, signed_again(doc, form % ('Form', '[%s]' % ref, name, '')),
             signed_again(doc, form % ('Form', ref.replace('/Pg 3 0 R', ''),
                                       name, '')),
             signed_again(tagged(page='/StructParents 0').sign())]
    wrong = (form % ('Form', ref, name, lie),
             form % ('Form', ref, 'The price is 99999', ''),
             form % ('Form', ref, name, '/E(99999)'),
             form % ('P', ref, name, ''),
             form % ('Form', '[0 %s]' % ref, name, ''),
             form % ('Form', ' 0', name, ''),
             form % ('Form', '<</Type/OBJR/Pg 3 0 R/Obj 6 0 R>>', name, ''),
             form % ('Form', '[%s 32 0 R]' % ref, name, ''))
    for i, text in enumerate(wrong):
        emit(cls, signed_again(doc, text), twins[i % 4], STRUCTURE)
    n = doc.fresh()
    for more in ({31: body.replace('[', '[%d 0 R ' % n)},
                 {31: body.replace('32 0 R', '%d 0 R' % n)},
                 {34: '<</Nums[0[%d 0 R 33 0 R]1 %d 0 R]>>' % (n, n)},
                 {30: root.replace('NextKey 1', 'NextKey 2').replace(
                     '/Para/P', '/Form/P/Para/Artifact')}):
        emit(cls, signed_again(doc, more=more), twin, STRUCTURE)


# ---- fonts and the catalog ----

def copied():
    cls = 'text-that-is-copied'
    cmap = ('/CIDInit /ProcSet findresource begin 12 dict begin begincmap '
            '/CMapName /X def 1 begincodespacerange <00> <ff> '
            'endcodespacerange 1 beginbfrange <20> <7e> <%s> endbfrange '
            'endcmap end end')
    font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica%s>>'
    mapped = Doc(more={8: font % '/ToUnicode 20 0 R',
                       20: stream(cmap % '0021')}).sign()
    plain = Doc().sign()
    evil = {60: stream(cmap % '0028')}
    lie = '/Encoding<</Type/Encoding/Differences[48/nine/eight]>>'
    for doc, objects in (
            (mapped, {20: stream(cmap % '0028')}), (mapped, {20: stream('')}),
            (mapped, {8: font % '/ToUnicode 60 0 R', **evil}),
            (mapped, {8: font % ''}), (mapped, {20: None}),
            (plain, {8: font % '/ToUnicode 60 0 R', **evil}),
            (plain, {8: font % lie}),
            (plain, {3: plain.changed(3, '8 0 R', '61 0 R'),
                     61: font % '/ToUnicode 60 0 R', **evil})):
        emit(cls, doc.update(objects), doc.sign().data, PAGE +
             '|form-changed|appearance')


def catalog():
    cls = 'catalog-entry'
    layers = ('/OCProperties<</OCGs[20 0 R]/D<</ON[20 0 R]/Order[20 0 R]>>>>')
    rich = Doc('/OC /L BDC BT /F 12 Tf 20 200 Td (The price is 10) Tj ET EMC',
               resources='/Properties<</L 20 0 R>>', catalog=layers +
               '/PageLabels<</Nums[0<</S/D>>]>>/Outlines 21 0 R/DSS 23 0 R'
               '/ViewerPreferences<</HideToolbar true>>/PageMode/UseNone',
               more={20: '<</Type/OCG/Name(text)>>',
                     21: '<</Type/Outlines/First 22 0 R/Last 22 0 R/Count 1'
                         '>>',
                     22: '<</Title(Price 10)/Parent 21 0 R/Dest[3 0 R/Fit]'
                         '>>',
                     23: '<</Certs[24 0 R]>>', 24: stream('x')}).sign()
    twin = rich.sign().data
    file = {60: '<</Type/Filespec/F(b.txt)/EF<</F 61 0 R>>>>',
            61: stream('99999', '/Type/EmbeddedFile')}
    word = PAGE + '|other|dss|archiv'
    for old, new in (
            ('/DSS 23 0 R', ''), ('/ON[', '/OFF['),
            ('/ON[20 0 R]', '/BaseState/OFF'), ('/S/D', '/S/R/St 99'),
            ('/PageLabels<</Nums[0<</S/D>>]>>', ''),
            ('HideToolbar', 'HideMenubar'),
            ('/UseNone', '/UseNone/Collection<</View/H>>'),
            ('/UseNone', '/UseAttachments'),
            ('/UseNone', '/UseNone/PageLayout/TwoColumnLeft'),
            ('/UseNone', '/UseNone/Names<</EmbeddedFiles<</Names[(b)60 0 R]'
             '>>>>'), ('/UseNone', '/UseNone/AF[60 0 R]'),
            ('/UseNone', '/UseNone/Dests<</a[3 0 R/Fit]>>'),
            ('/UseNone', '/UseNone/NeedsRendering true'),
            ('/UseNone', '/UseNone/Threads[]'),
            ('/UseNone', '/UseNone/Requirements[<</S/EnableJavaScripts>>]'),
            ('/UseNone', '/UseNone/OutputIntents[]'),
            ('/Outlines 21 0 R', '')):
        emit(cls, rich.update({1: rich.changed(1, old, new), **file}), twin,
             word)
    for number, old, new in ((20, '(text)', '(other)'),
                             (22, 'Price 10', 'Price 99999'),
                             (22, '/Dest[3 0 R/Fit]',
                              '/A<</S/URI/URI(http:x)>>'),
                             (3, '/MediaBox[0 0 300 300]',
                              '/MediaBox[0 0 300 199]'),
                             (3, '/Annots', '/Rotate 90/Annots'),
                             (3, '/Annots', '/CropBox[0 0 300 199]/Annots'),
                             (3, '/Annots', '/UserUnit 2/Annots'),
                             (3, '/Annots', '/Group<</S/Transparency'
                              '/I true>>/Annots')):
        emit(cls, rich.update({number: rich.changed(number, old, new)}),
             twin, word + '|action')


def main():
    os.makedirs('samples', exist_ok=True)
    read_only()
    appearances()
    forms()
    structure()
    copied()
    catalog()


if __name__ == '__main__':
    main()
