# SPDX-License-Identifier: Apache-2.0
"""The documents that the parties sign first: a contract with a form, with a
table, with lines to sign on, turned and cropped pages; tagged, hybrid as Word
writes it, and by qpdf in streams, linearized, encrypted."""
import subprocess

from legitimate_pdf import Doc, Name, Ref, Stream, build, value_of, write

FONTS = '<</Font<</F 7 0 R>>>>'
HEAD = 'BT /F 12 Tf 72 780 Td (%s) Tj ET\n'
LINES = {
    # A label, then a line of characters, as every word processor's user does.
    'under': 'BT /F 12 Tf 72 400 Td (Seller:) Tj 60 0 Td (%s) Tj ET\n' %
             ('_' * 24) +
             'BT /F 12 Tf 72 300 Td (Buyer:) Tj 60 0 Td [(%s) -10 (%s)] TJ '
             'ET\n' % ('.' * 20, '.' * 30),
    # A drawn line.
    'drawn': 'q 0.5 w 130 398 m 330 398 l S Q\n'
             'BT /F 12 Tf 72 400 Td (Seller:) Tj ET\n',
    # A table of four cells: two by lines, two by rectangles, one of them grey.
    'table': 'q 1 w 72 360 220 70 re S 292 360 220 70 re S\n'
             '0.9 g 72 290 220 70 re f 0 g 72 290 440 0.6 re f\n'
             '72 290 m 72 360 l S 512 290 m 512 360 l S 292 290 m 292 360 l S '
             'Q\nBT /F 9 Tf 76 436 Td (Seller) Tj 220 0 Td (Buyer) Tj ET\n',
    # What a form's designer makes: a Form XObject with frame and line.
    'frame': 'q 1 0 0 1 72 360 cm /Frame Do Q\n',
    # By a scaled unit and a moved origin, as Word and Chromium write.
    'scaled': 'q .24 0 0 .24 0 0 cm q 4.1666 0 0 4.1666 0 0 cm\n'
              '0.75 w 130 398 m 330 398 l S\n'
              '0 0 1 rg 130 360.5 200 .5 re f* Q Q\n',
    'dashed': 'q [3 2] 0 d 0.5 w 130 398 m 330 398 l S Q\n',
    # Label and line in one operator; the label stands beside the box.
    'arrays': 'BT /F 12 Tf 72 400 Td [(Seller:) -1500 (%s)] TJ ET\n' %
              ('_' * 24),
    'blank': '',
    # What a page has elsewhere: pictures, a shading, clips, text that is not
    # shown, forms, curves; and a line at the end.
    'busy': 'q 80 0 0 40 72 700 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x10 \x30\x40 EI '
            'Q\nq 200 640 100 40 re W n /Sh sh Q\n'
            'q 72 600 m 90 640 120 640 140 600 c h B Q\n'
            'q .1 0 0 .1 0 0 cm 3 Tr BT /F 120 Tf 720 5600 Td (hidden) Tj ET Q'
            '\n/Span <</Lang(en)/ActualText(x)>> BDC q 1 0 0 1 300 560 cm '
            '/Frame Do Q EMC\nq /OC /None BDC EMC Q\n'
            'q 50 50 500 500 re W* n BT /F 10 Tf 72 480 Td 14 TL (one) Tj T* '
            "(two) ' 1 0 (three) \" ET Q\nq 130 397.6 200 .8 re f Q\n",
}


def plain(content, more='', resources=FONTS, catalog='', others=None,
          media='0 0 595 842'):
    return build({
        1: '<</Type/Catalog/Pages 2 0 R%s>>' % catalog,
        2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        3: '<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R'
           '/Resources %s%s>>' % (media, resources, more),
        4: Stream(content),
        7: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica'
           '/Encoding/WinAnsiEncoding>>',
        8: '<</Title(A contract)/Producer(by hand)'
           '/CreationDate(D:20260101120000Z)>>', **(others or {})},
        {'Info': Ref(8), 'ID': [b'0123456789abcdef', b'0123456789abcdef']})


RECT = {'name': '72 700 272 720', 'price': '72 660 172 680',
        'amount': '72 620 172 640', 'total': '72 580 172 600',
        'size': '300 660 420 680', 'colour': '300 620 420 640'}


def form_x(content, box='0 0 200 20'):
    return Stream(content, value_of(
        '<</Type/XObject/Subtype/Form/BBox[%s]/Resources<</Font<</Helv 21 0 R'
        '/ZaDb 22 0 R>>>>>>' % box))


def boxed(name, more, kind='/FT/Tx'):
    return ('<</Type/Annot/Subtype/Widget%s/T(%s)/F 4/P 3 0 R/Rect[%s]'
            '/DA(/Helv 10 Tf 0 g)/AP<</N %d 0 R>>%s>>' %
            (kind, name, RECT[name], 50 + list(RECT).index(name), more))


FIELDS = '30 0 R 31 0 R 32 0 R 33 0 R 34 0 R 35 0 R 38 0 R 39 0 R 45 0 R'


def form(extra='', lock=''):
    """Text, a calculated one, a check box, radio buttons, two choices, an
    empty signature field."""
    button = ('<</Type/Annot/Subtype/Widget/F 4/P 3 0 R/Parent 35 0 R/Rect['
              '%s]/AS/Off/AP<</N<</%s 42 0 R/Off 41 0 R>>>>/MK<</CA(l)>>>>')
    choice = '/FT/Ch/Opt[(small)(large)(huge)]'
    looks = {50 + i: form_x('/Tx BMC EMC') for i in range(len(RECT))}
    others = {
        20: '<</Fields[%s]/DR<</Font<</Helv 21 0 R/ZaDb 22 0 R>>>>/DA(/Helv 0'
            ' Tf 0 g)/CO[33 0 R]/NeedAppearances false%s>>' % (FIELDS, extra),
        21: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding'
            '/WinAnsiEncoding>>',
        22: '<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>',
        30: boxed('name', '/TU(Your name)'),
        31: boxed('price', '/MaxLen 12'),
        32: boxed('amount', ''),
        33: boxed('total', '/Ff 1/AA<</C<</S/JavaScript/JS(AFSimple_'
                       'Calculate\\("PRD",new Array\\("price","amount"\\)\\);'
                       ')>>>>'),
        34: '<</Type/Annot/Subtype/Widget/FT/Btn/T(paid)/F 4/P 3 0 R/Rect[300 700'
            ' 314 714]/AS/Off/V/Off/AP<</N<</Yes 42 0 R/Off 41 0 R>>>>/MK<</CA(4)>>'
            '/DA(/ZaDb 0 Tf 0 g)>>',
        35: '<</FT/Btn/Ff 49152/T(term)/Kids[36 0 R 37 0 R]/V/Off'
            '/DA(/ZaDb 0 Tf 0 g)>>',
        36: button % ('300 580 314 594', '0'),
        37: button % ('330 580 344 594', '1'),
        38: boxed('size', '/Ff 131072', choice),
        39: boxed('colour', '', choice),
        41: form_x('', '0 0 14 14'),
        42: form_x('q BT /ZaDb 12 Tf 0 g 2 3 Td (4) Tj ET Q', '0 0 14 14'),
        45: '<</Type/Annot/Subtype/Widget/FT/Sig/T(Buyer)/TU(The buyer)/F 4'
            '/P 3 0 R/Rect[296 364 508 426]%s>>' % lock,
        **looks,
    }
    annots = '/Annots[%s]' % FIELDS.replace('35 0 R', '36 0 R 37 0 R')
    return plain(HEAD % 'An order' + LINES['table'], annots,
                 catalog='/AcroForm 20 0 R', others=others)


TREE = {
    10: '<</Type/StructTreeRoot/K[11 0 R]/ParentTree 14 0 R'
        '/ParentTreeNextKey 1/RoleMap<</Clause/P>>>>',
    11: '<</Type/StructElem/S/Document/P 10 0 R/K[12 0 R 13 0 R]>>',
    12: '<</Type/StructElem/S/H1/P 11 0 R/Pg 3 0 R/K 0>>',
    13: '<</Type/StructElem/S/Clause/P 11 0 R/Pg 3 0 R/K 1>>',
    14: '<</Nums[0[12 0 R 13 0 R]]>>',
}
TAGGED = ('/H1 <</MCID 0>> BDC BT /F 14 Tf 72 780 Td (A contract) Tj ET EMC\n'
          '/P <</MCID 1>> BDC BT /F 11 Tf 72 740 Td (The price is 10.) Tj ET '
          'EMC\n/Artifact BMC q 72 398 200 .5 re f Q EMC\n')


def tagged():
    return plain(TAGGED, '/StructParents 0/Tabs/S', others=TREE,
                 catalog='/StructTreeRoot 10 0 R/MarkInfo<</Marked true>>'
                 '/Lang(en-GB)/ViewerPreferences<</DisplayDocTitle true>>')


def word():
    """Word's hybrid files: the structure stands in an object stream; a table
    calls its objects free; a second, empty section names the stream."""
    flat = plain(TAGGED, '/StructParents 0/Tabs/S',
                 catalog='/StructTreeRoot 10 0 R/MarkInfo<</Marked true>>'
                 '/Lang(en-GB)/Metadata 16 0 R',
                 others={16: Stream('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
                                    value_of('<</Type/Metadata/Subtype/XML>>'
                                             ))})
    out = flat[:flat.index(b'xref\n')]
    at = {}
    for number in (1, 2, 3, 4, 7, 8, 16):
        at[number] = out.index(b'\n%d 0 obj' % number) + 1
    heads, bodies = b'', b''
    for number, text in sorted(TREE.items()):
        heads += b'%d %d ' % (number, len(bodies))
        bodies += write(value_of(text)) + b' '
    at[9] = len(out)
    out += b'9 0 obj\n%s\nendobj\n' % write(Stream(heads + bodies, {
        'Type': Name('ObjStm'), 'N': len(TREE), 'First': len(heads)}))
    at[17] = stm = len(out)
    rows = b'\0\0\0\xff'
    for number in range(1, 18):
        if number in TREE:
            rows += b'\2\0\x09' + bytes([sorted(TREE).index(number)])
        elif number in at:
            rows += b'\1' + at[number].to_bytes(2, 'big') + b'\0'
        else:
            rows += b'\0\0\0\xff'
    ends = {'Size': 18, 'Root': Ref(1), 'Info': Ref(8),
            'ID': [b'0123456789abcdef', b'0123456789abcdef']}
    out += b'17 0 obj\n%s\nendobj\n' % write(Stream(rows, {
        **ends, 'Type': Name('XRef'), 'W': [1, 2, 1]}))
    start = len(out)
    free = [n for n in range(18) if n not in at]
    out += b'xref\n0 18\n'
    for number in range(18):
        if number in at:
            out += b'%010d 00000 n\r\n' % at[number]
        else:
            after = [n for n in free if n > number]
            out += b'%010d 65535 f\r\n' % (after[0] if after else 0)
    out += b'trailer\n%s\nstartxref\n%d\n%%%%EOF\n' % (write(ends), start)
    second = len(out)
    ends.update({'Prev': start, 'XRefStm': stm})
    return out + b'xref\n0 0\ntrailer\n%s\nstartxref\n%d\n%%%%EOF' % (
        write(ends), second)


def inherited():
    """What pages take from their tree; an outline; names; nothing direct."""
    return build({
        1: '<</Type/Catalog/Pages 2 0 R/Outlines 9 0 R/Names 11 0 R'
           '/PageLabels<</Nums[0<</S/D>>]>>>>',
        2: '<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2/MediaBox[0 0 595 842]'
           '/Resources 8 0 R/Rotate 0>>',
        3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R>>',
        4: Stream(HEAD % 'Sale' + LINES['drawn']),
        5: '<</Type/Page/Parent 2 0 R/Contents[6 0 R]>>',
        6: Stream(HEAD % 'Annex'),
        7: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
        8: '<</Font<</F 7 0 R>>/ProcSet[/PDF/Text]>>',
        9: '<</Type/Outlines/First 10 0 R/Last 10 0 R/Count 1>>',
        10: '<</Title(Annex)/Parent 9 0 R/Dest[5 0 R/XYZ null null 0]>>',
        11: '<</Dests<</Names[(annex)[5 0 R/Fit]]>>>>',
    })


def edited():
    """Edited three times before it is signed: objects superseded, one freed,
    one that nothing names, one that stands twice in an update's bytes."""
    data = plain(HEAD % 'Draft' + LINES['drawn'], others={
        10: Stream('never used'), 11: '(never used)'})
    for title, free in (('Draft 2', [10]), ('Draft 3', []), ('Sale', [11])):
        data = Doc(data).save({4: Stream(HEAD % title + LINES['drawn'])},
                              free=free)
    return data


def direct():
    """The form and the annotations are inside their owners."""
    return plain(
        HEAD % 'An order',
        '/Annots[30 0 R]', catalog='/AcroForm<</Fields[30 0 R]/DA(/F 0 Tf 0 g)'
        '/DR<</Font<</F 7 0 R>>>>>>',
        others={30: '<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/F 4/P 3 0 R'
                    '/Rect[72 700 272 720]/DA(/F 10 Tf 0 g)>>'})


def reused():
    """Object 4 was freed and is used again, generation 1."""
    data = plain(HEAD % 'Draft')
    old = Doc(data)
    start = len(data)
    data += b'4 1 obj\n%s\nendobj\n' % write(
        Stream(HEAD % 'Sale' + LINES['drawn']))
    page = len(data)
    body = write(old.get(Ref(3))).replace(b'4 0 R', b'4 1 R')
    data += b'3 0 obj\n%s\nendobj\n' % body
    xref = len(data)
    return data + (b'xref\n0 1\n0000000000 65535 f \n3 2\n%010d 00000 n \n'
                   b'%010d 00001 n \ntrailer\n%s\nstartxref\n%d\n%%%%EOF\n' %
                   (page, start, write({**old.trailer, 'Prev': old.start}),
                    xref))


def bases():
    """Name to bytes."""
    frame = form_x('0.7 w 0 0 220 60 re S 10 12 m 210 12 l S', '0 0 220 60')
    frame.entries['Resources'] = {}
    out = {'form': form(), 'tagged': tagged(), 'word': word(),
           'locking': form(lock='/Lock<</Type/SigFieldLock/Action/Include'
                           '/Fields[(name)]>>'),
           'inherited': inherited(), 'edited': edited(),
           'direct': direct(), 'reused': reused()}
    for name, lines in LINES.items():
        resources = FONTS[:-2] + (
            '/XObject<</Frame 15 0 R>>/Shading<</Sh<</ShadingType 2'
            '/ColorSpace/DeviceGray/Coords[200 0 300 0]/Function<<'
            '/FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>>>>>>>')
        out[name] = plain(HEAD % 'Sale' + lines, resources=resources,
                          others={15: frame})
        for turn in (90, 180, 270) if name in ('under', 'table') else ():
            out['%s%d' % (name, turn)] = plain(
                HEAD % 'Sale' + lines, '/Rotate %d' % turn)
    out['cropped'] = plain(HEAD % 'Sale' + LINES['under'],
                           '/CropBox[36 100 559 800]')
    out['moved'] = plain(
        'q 1 0 0 1 -100 -200 cm ' + HEAD % 'Sale' + LINES['drawn'] + 'Q',
        '/CropBox[-90 -190 480 630]', media='-100 -200 495 642')
    out['unit'] = plain(
        'q .5 0 0 .5 0 0 cm ' + HEAD % 'Sale' + LINES['under'] + 'Q',
        '/UserUnit 2', media='0 0 298 421')
    return out


QPDF = {
    'form-streams': ('form', '--object-streams=generate'),
    'tagged-streams': ('tagged', '--object-streams=generate'),
    'form-linear': ('form', '--linearize'),
    'form-linear-streams': ('form', '--linearize',
                            '--object-streams=generate'),
    'form-aes': ('form', '--encrypt', '', 'owner', '256', '--'),
    'tagged-aes128': ('tagged', '--encrypt', '', 'owner', '128',
                      '--use-aes=y', '--'),
    'form-rc4': ('form', '--allow-weak-crypto', '--encrypt', '', 'owner',
                 '128', '--use-aes=n', '--'),
    'under-streams': ('under', '--object-streams=generate',
                      '--compress-streams=y'),
}


def prepare():
    for name, data in bases().items():
        with open(name + '.pdf', 'wb') as f:
            f.write(data)
    for name, (source, *options) in QPDF.items():
        subprocess.run(['qpdf', '--static-id' if 'aes' not in name and
                        'rc4' not in name else '--static-aes-iv',
                        *options, source + '.pdf', name + '.pdf'], check=True)


if __name__ == '__main__':
    prepare()
