# SPDX-License-Identifier: Apache-2.0
"""Documents that are put together in ways that signing has to mind.

odd_pdf.py make KIND DIR        writes the documents of a kind
odd_pdf.py check KIND FILE...   looks at what became of them: FILE is signed,
                                and what it was made of lies beside it
The documents are told from each other by their names; what a signed one has
to be is worked out from the unsigned one, both as qpdf reads them.
"""
import json
import os
import re
import subprocess
import sys

FONT = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'


def stream(data, extra=''):
    return '<<%s/Length %d>>stream\n%s\nendstream' % (extra, len(data), data)


def write(path, objects, trailer=''):
    """objects: number to body; 1 is the catalog."""
    out = b'%PDF-1.7\n'
    rows = b''
    for number, body in sorted(objects.items()):
        rows += b'%d 1\n%010d 00000 n \n' % (number, len(out))
        out += b'%d 0 obj\n%s\nendobj\n' % (number, body.encode('latin1'))
    out += b'xref\n0 1\n0000000000 65535 f \n%strailer\n' % rows
    out += b'<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n' % (
        max(objects) + 1, trailer.encode(), out.rindex(b'xref\n0 1'))
    with open(path, 'wb') as f:
        f.write(out)


def document(pages, catalog='', more=None):
    """pages: the further keys of each; page i is object 10 + i."""
    text = stream('BT /F1 14 Tf 72 760 Td (Agreement) Tj ET')
    kids = ' '.join('%d 0 R' % (10 + i) for i in range(len(pages)))
    objects = {1: '<</Type/Catalog/Pages 2 0 R%s>>' % catalog,
               2: '<</Type/Pages/Kids[%s]/Count %d>>' % (kids, len(pages)),
               3: FONT, 4: text}
    for i, keys in enumerate(pages):
        if '/MediaBox' not in keys:
            keys += '/MediaBox[0 0 595 842]'
        objects[10 + i] = ('<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources'
                           '<</Font<</F1 3 0 R>>>>%s>>' % keys)
    objects.update(more or {})
    return objects


# ---- what qpdf reads ----

class Read:
    def __init__(self, path):
        out = subprocess.run(
            ['qpdf', '--json=2', '--json-key=qpdf', '--json-key=pages', path],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        got = json.loads(out)
        self.objects = got['qpdf'][1]
        self.pages = [p['object'] for p in got['pages']]

    def get(self, value):
        while isinstance(value, str) and re.fullmatch(r'\d+ \d+ R', value):
            value = self.objects['obj:' + value]
            value = value['value'] if 'value' in value else value['stream']
        return value

    def at(self, value, *keys):
        for key in keys:
            value = self.get(value)
            if value is None:
                return None
            value = value.get(key)
        return self.get(value)

    @property
    def catalog(self):
        return self.at(self.objects['trailer']['value'], '/Root')


def expect(path, what, seen, wanted):
    if seen != wanted:
        print('%s: %s: expected %r, seen %r' % (
            os.path.basename(path), what, wanted, seen))


def signed_field(pdf):
    """The last field that has a value, and its widget."""
    for ref in reversed(pdf.at(pdf.catalog, '/AcroForm', '/Fields')):
        if pdf.at(ref, '/V') is None:
            continue
        kids = pdf.at(ref, '/Kids')
        return ref, kids[0] if kids else ref
    return None, None


# ---- arrays of annotations that are shared ----

LINK = ('<</Type/Annot/Subtype/Link/Rect[72 750 200 780]'
        '/A<</S/URI/URI(http://example.org)>>>>')


def make_shared(folder):
    for count in (2, 3, 5, 40):
        for name, array in (('links', '[8 0 R]'), ('none', '[]'),
                            ('direct', '[%s 8 0 R]' % LINK)):
            for own in (0, 1):
                pages = ['/Annots 7 0 R'] * count
                if own:
                    pages[0] = '/Annots[8 0 R]'
                objects = document(pages, '', {7: array, 8: LINK})
                write('%s/shared-%d-%s-%d.pdf' % (folder, count, name, own),
                      objects)
    objects = document(['/Annots 7 0 R'] * 2, '/AcroForm<</Fields 7 0 R>>',
                       {7: '[]'})
    write(folder + '/shared-form.pdf', objects)
    objects = document(['/Annots 7 0 R', ''], '', {7: '[8 0 R]', 8: LINK})
    objects[2] = '<</Type/Pages/Kids[10 0 R 5 0 R]/Count 2>>'
    objects[5] = '<</Type/Pages/Parent 2 0 R/Kids[11 0 R]/Count 1>>'
    objects[11] = objects[11].replace('/Parent 2 0 R',
                                      '/Annots 7 0 R/Parent 5 0 R')
    write(folder + '/shared-nested.pdf', objects)


def check_shared(path, before, after):
    _, widget = signed_field(after)
    on = 0
    for i, page in enumerate(after.pages):
        was = before.at(before.pages[i], '/Annots') or []
        now = after.at(page, '/Annots') or []
        expect(path, 'page %d' % (i + 1), now[:len(was)], was)
        on += now.count(widget)
        if now[len(was):] not in ([], [widget]):
            expect(path, 'more on page %d' % (i + 1), now, was)
    expect(path, 'pages that show the box', on, 1)


# ---- fields that turn what they show ----

def make_turned(folder):
    turns = (None, 0, 90, 180, 270, 360, -90, 450, 45)
    for turn in turns:
        for page in (None, 90, 270):
            for shape in ('72 600 132 800', '72 600 272 660'):
                field = ('/FT/Sig/T(Here)', '/Type/Annot/Subtype/Widget/F 4/P '
                         '10 0 R/Rect[%s]' % shape)
                if turn is not None:
                    field = field[0], field[1] + '/MK<</R %d>>' % turn
                kid = turn == 90 or page == 90
                more = {8: '<<%s%s>>' % field}
                if kid:
                    more = {8: '<<%s/Kids[9 0 R]>>' % field[0],
                            9: '<</Parent 8 0 R%s>>' % field[1]}
                keys = '/Annots[%d 0 R]' % (9 if kid else 8)
                if page is not None:
                    keys += '/Rotate %d' % page
                write('%s/turned-%s-%s-%s.pdf' % (
                    folder, turn, page, shape[-3:]),
                      document([keys], '/AcroForm<</Fields[8 0 R]>>', more))


MATRICES = {0: [1, 0, 0, 1], 90: [0, 1, -1, 0], 180: [-1, 0, 0, -1],
            270: [0, -1, 1, 0]}


def check_turned(path, before, after):
    _, widget = signed_field(after)
    form = after.at(widget, '/AP', '/N')['dict']
    turn = before.at(widget, '/MK', '/R')
    if turn is None or turn % 90:
        turn = before.at(before.pages[0], '/Rotate') or 0
    turn %= 360
    expect(path, 'matrix', [int(v) for v in form['/Matrix'][:4]],
           MATRICES[turn])
    rect, box = after.at(widget, '/Rect'), form['/BBox']
    wide, high = rect[2] - rect[0], rect[3] - rect[1]
    if turn % 180:
        wide, high = high, wide
    shape = (box[2] - box[0]) / (box[3] - box[1])
    expect(path, 'shape', round(shape, 3), round(wide / high, 3))


# ---- an encryption dictionary that is something else too ----

def make_locked(folder):
    plain = folder + '/plain.tmp'
    write(plain, document(['/Annots[8 0 R]', ''], '/AcroForm 9 0 R',
                          {8: LINK, 9: '<</Fields[]>>'}))
    for bits in ('128', '256'):
        source = folder + '/locked.tmp'
        weak = ['--use-aes=y'] if bits == '128' else []
        subprocess.run(['qpdf', '--encrypt', '', 'owner', bits] + weak + [
            '--', '--object-streams=disable', plain, source], check=True)
        with open(source, 'rb') as f:
            data = f.read()
        number = re.findall(rb'/Encrypt (\d+) 0 R', data)[-1].decode()
        trailer = re.findall(rb'/ID \[[^]]*\]', data)[-1].decode()
        trailer += '/Encrypt %s 0 R' % number
        read = Read(source)
        root = read.objects['trailer']['value']['/Root']
        first, pages = read.pages[0], read.at(root)['/Pages']
        ref = '%s 0 R' % number
        for name, changed, body in (
                ('kid', pages, '<</Type/Pages/Count 1/Kids[%s]>>' % ref),
                ('second', pages, '<</Type/Pages/Count 2/Kids[%s %s]>>' % (
                    first, ref)),
                ('annots', first, '<</Type/Page/Parent %s/MediaBox[0 0 595 842]'
                 '/Annots %s>>' % (pages, ref)),
                ('form', root, '<</Type/Catalog/Pages %s/AcroForm %s>>' % (
                    pages, ref)),
                ('fields', root, '<</Type/Catalog/Pages %s/AcroForm<</Fields '
                 '%s>>>>' % (pages, ref))):
            target = '%s/locked-%s-%s.pdf' % (folder, bits, name)
            subprocess.run([sys.executable, os.path.join(
                os.path.dirname(os.path.abspath(__file__)), 'append_pdf.py'),
                            source, target, '--trailer', trailer,
                            changed.split()[0], body], check=True)
        os.unlink(source)
    os.unlink(plain)


# ---- forms that every reader draws anew ----

LOOK = '/AP<</N 20 0 R>>'
STATES = '/AP<</N<</Yes 20 0 R>>>>'
NEEDING = (
    # name, fields; those of a name with "bare-" are refused
    ('none', []), ('text', ['/FT/Tx/V(1000)' + LOOK]),
    ('empty', ['/FT/Tx']), ('blank', ['/FT/Tx/V()']),
    ('hidden', ['/FT/Tx/V(1000)/F 2']), ('off', ['/FT/Btn/AS/Off/V/Off']),
    ('on', ['/FT/Btn/AS/Yes/V/Yes' + STATES]),
    ('state', ['/FT/Btn/AS/Off/V/Off' + STATES]),
    ('signature', ['/FT/Sig']), ('flat', ['/FT/Tx/V(1)/Rect[9 9 90 9]']),
    ('noview', ['/FT/Tx/V(1000)/F 32']),
    ('clear', ['/FT/Tx/MK<</BC[]/BG[]>>']),
    ('combo', ['/FT/Ch/Ff 131072/Opt[(a)(b)]']),
    ('several', ['/FT/Tx/V(1)' + LOOK, '/FT/Tx/V(2)' + LOOK]),
    ('bare-text', ['/FT/Tx/V(1000)']),
    ('bare-second', ['/FT/Tx/V(1)' + LOOK, '/FT/Tx/V(2)']),
    ('bare-frame', ['/FT/Tx/MK<</BC[1 0 0]>>']),
    ('bare-ground', ['/FT/Tx/MK<</BG[1 0 0]>>']),
    ('bare-list', ['/FT/Ch/Opt[(a)(b)]']), ('bare-print', [
        '/FT/Tx/V(1000)/F 36']),
    ('bare-button', ['/FT/Btn/Ff 65536/MK<</CA(Press)>>']),
    ('bare-on', ['/FT/Btn/AS/Yes/V/Yes']),
    ('bare-state', ['/FT/Btn/AS/No/V/No' + STATES]),
    ('bare-null', ['/FT/Tx/V(1000)/AP<</N null>>']),
    ('bare-down', ['/FT/Tx/V(1000)/AP<</D 20 0 R>>']),
)


def make_needing(folder):
    for name, fields in NEEDING:
        for form in ('own', 'direct'):
            more = {20: stream('0 0 9 9 re f', '/Type/XObject/Subtype/Form'
                               '/BBox[0 0 90 20]')}
            refs = ''
            for i, keys in enumerate(fields):
                # The second form has each field as the kid of another.
                field, widget = 30 + 2 * i, 31 + 2 * i
                if '/Rect' not in keys:
                    keys += '/Rect[72 600 162 620]'
                keys += '/T(f%d)' % i
                if form == 'own':
                    more[field] = '<</Type/Annot/Subtype/Widget%s>>' % keys
                    widget = field
                else:
                    own = re.findall(r'/FT/\w+|/T\(\w+\)|/V\(\w*\)|/V/\w+|'
                                     r'/Ff \d+|/Opt\[[^]]*\]', keys)
                    for key in own:
                        keys = keys.replace(key, '', 1)
                    more[field] = '<<%s/Kids[%d 0 R]>>' % (
                        ''.join(own), widget)
                    more[widget] = ('<</Type/Annot/Subtype/Widget%s/Parent '
                                    '%d 0 R>>' % (keys, field))
                refs += '%d 0 R ' % field
            annots = ' '.join('%d 0 R' % n for n in more if 'Widget' in more[n])
            body = '<</NeedAppearances true'
            if fields:
                body += '/Fields[%s]' % refs
            body += '>>'
            if form == 'own':
                more[7] = body
                body = ' 7 0 R'
            write('%s/%s-%s.pdf' % (folder, name, form), document(
                ['/Annots[%s]' % annots], '/AcroForm' + body, more))
    # Of what stands on no page nobody sees anything.
    write(folder + '/nowhere.pdf', document(
        [''], '/AcroForm<</NeedAppearances true/Fields[8 0 R]>>',
        {8: '<</FT/Tx/T(a)/V(1)/Subtype/Widget/Rect[0 0 9 9]>>'}))
    write(folder + '/indirect.pdf', document(
        [''], '/AcroForm<</NeedAppearances 8 0 R/Fields[]>>', {8: 'true'}))


def check_needing(path, before, after):
    flag = after.at(after.catalog, '/AcroForm', '/NeedAppearances')
    expect(path, 'the flag', flag, None)


# ---- tagged documents ----

DOCUMENT = '<</Type/StructElem/S/Document/P 30 0 R%s>>'
TREES = (
    ('direct', '/ParentTree<</Nums[0[31 0 R]]>>', {}),
    ('own', '/ParentTree 40 0 R', {40: '<</Nums[0[31 0 R]5 31 0 R]>>'}),
    ('array', '/ParentTree 40 0 R', {40: '<</Nums 41 0 R>>',
                                     41: '[0[31 0 R]]'}),
    ('kids', '/ParentTree 40 0 R', {
        40: '<</Kids[41 0 R 42 0 R]>>',
        41: '<</Limits[0 3]/Nums[0[31 0 R]3 31 0 R]>>',
        42: '<</Limits[4 9]/Kids[43 0 R]>>',
        43: '<</Limits[4 9]/Nums[4 31 0 R 9 31 0 R]>>'}),
    ('none', '', {}),
)
PARENTS = (
    ('array', '31 0 R', '/K[]'), ('nothing', '[31 0 R]', ''),
    ('one', '31 0 R', '/K 32 0 R'), ('marked', '31 0 R', '/K 0'),
    ('behind', '45 0 R', '/K 46 0 R'), ('two', '[31 0 R 32 0 R]', '/K[]'),
    ('role', '31 0 R', '/K[]'), ('para', '31 0 R', '/K[]'),
)


def make_tagged(folder):
    for tree, keys, more in TREES:
        for parent, kids, own in PARENTS:
            for following in ('', '/ParentTreeNextKey 1',
                              '/ParentTreeNextKey 12'):
                tabs = {'': '', '/ParentTreeNextKey 1': '/Tabs/S'}.get(
                    following, '/Tabs/R')
                root = '<</Type/StructTreeRoot/K %s%s%s/RoleMap<</Deed' \
                    '/Document/Note/P>>>>' % (kids, keys, following)
                objects = {30: root, 31: DOCUMENT % own,
                           32: '<</Type/StructElem/S/P/P 31 0 R/K[]>>',
                           45: '[31 0 R]', 46: '[32 0 R]'}
                if parent == 'role':
                    objects[31] = objects[31].replace('Document', 'Deed')
                if parent == 'para':
                    objects[31] = objects[31].replace('Document', 'P')
                objects.update(more)
                write('%s/tagged-%s-%s-%d.pdf' % (
                    folder, tree, parent, len(following)), document(
                        ['/StructParents 0' + tabs], '/MarkInfo<</Marked true>>'
                        '/StructTreeRoot 30 0 R/Lang(en)', objects))
    # What is not built as it should be is left alone.
    for name, root in (
            ('direct', '<</Type/StructTreeRoot/K[]>>'), ('text', '(tree)'),
            ('loop', '<</K[]/ParentTree 40 0 R>>'),
            ('odd', '<</K[]/ParentTree<</Nums[0]>>>>'),
            ('both', '<</K[]/ParentTree<</Nums[0 null]/Kids[31 0 R]>>>>'),
            ('large', '<</K[]/ParentTreeNextKey 2147483647>>'),
            ('minus', '<</K[]/ParentTreeNextKey -5>>'),
            ('names', '<</K[]/ParentTree<</Nums[/A/B]>>>>')):
        ref = root if name == 'direct' else '30 0 R'
        write('%s/broken-%s.pdf' % (folder, name), document(
            [''], '/StructTreeRoot ' + ref,
            {30: root, 31: '<<>>', 40: '<</Kids[40 0 R]>>'}))


def leaves(pdf, node):
    node = pdf.get(node)
    out = list(pdf.at(node, '/Nums') or [])
    for kid in pdf.at(node, '/Kids') or []:
        found = leaves(pdf, kid)
        expect('', 'limits', pdf.at(kid, '/Limits'), [found[0], found[-2]])
        out += found
    return out


def listed(pdf, value):
    value = value if value is None else pdf.get(value)
    return value if isinstance(value, list) else (
        [] if value is None else [value])


def check_tagged(path, before, after):
    _, widget = signed_field(after)
    text = after.at(widget, '/TU')
    expect(path, 'the text', text.startswith('u:Signature of '), True)
    root = after.at(after.catalog, '/StructTreeRoot')
    old = before.at(before.catalog, '/StructTreeRoot')
    if 'broken' in path:
        expect(path, 'the tree', root, old)
        expect(path, 'no parent', after.at(widget, '/StructParent'), None)
        return
    key = after.at(widget, '/StructParent')
    was = leaves(before, old['/ParentTree']) if '/ParentTree' in old else []
    now = leaves(after, root['/ParentTree'])
    expect(path, 'the parent tree', now[:-2], was)
    expect(path, 'its key', now[-2], key)
    expect(path, 'its order', now[::2], sorted(set(now[::2])))
    expect(path, 'the next key', root['/ParentTreeNextKey'], key + 1)
    expect(path, 'the roles', root['/RoleMap'], old['/RoleMap'])
    form = after.get(now[-1])
    expect(path, 'element', form, {
        '/Type': '/StructElem', '/S': '/Form', '/Alt': text,
        '/K': {'/Type': '/OBJR', '/Obj': widget}, '/Pg': after.pages[0],
        '/P': form['/P']})
    top = '-two' in path or '-para' in path
    expect(path, 'its parent', form['/P'], '30 0 R' if top else '31 0 R')
    kids = listed(after, after.at(form['/P'])['/K'])
    expect(path, 'the last kid', kids[-1], now[-1])
    earlier = before.at(form['/P']).get('/K')
    same = [before.get(k) for k in listed(before, earlier)]
    expect(path, 'the kids', [after.get(k) for k in kids[:-1]], same)
    expect(path, 'the tabs', after.at(after.pages[0], '/Tabs'),
           before.at(before.pages[0], '/Tabs') or '/S')


# ---- ----

def main():
    what, kind, *rest = sys.argv[1:]
    if what == 'make':
        globals()['make_' + kind](rest[0])
        return
    for path in rest:
        before = Read(path.replace('.signed', ''))
        globals()['check_' + kind](path, before, Read(path))


main()
