# SPDX-License-Identifier: Apache-2.0
"""attack_structure.py prepare: documents of every kind of cross-reference
section, sound and prepared, which are then signed.
attack_structure.py: updates of them that two readers read in two ways, and
like ones that are whole; lines as attack_pdf.py has them.
"""
import re
import sys

from attack_lib import emit
from attack_pdf import BASE, LINE, PAGE, read, stream

EVIL = stream(LINE % 'The price is 99999').encode()
GOOD = BASE[4].encode()
NOTE = '<</Type/Annot/Subtype/Text/P 3 0 R/Rect[200 60 220 80]%s>>'
KINDS = ('table', 'stream', 'objstm')
# What is signed, one of each kind of section.
SOUND = ('table', 'stream', 'objstm', 'hybrid', 'word', 'slips', 'twice',
         'overtaken', 'attached', 'unnamed', 'hole')
PREPARED = ('behind', 'instream', 'supplied', 'nowhere', 'untyped', 'brotli',
            'generation', 'comment')
XREF = ('<</Type/XRef/Size %d/W[1 4 2]/Index[%s]%s/Root %d 0 R>>')


def obj(num, body, gen=0):
    body = body.encode('latin1') if isinstance(body, str) else body
    return b'%d %d obj\n%s\nendobj\n' % (num, gen, body)


def packed(head, data):
    return b'%s/Length %d>>\nstream\n%s\nendstream' % (
        head[:-2].encode(), len(data), data)


def row(kind, a, b):
    return bytes([kind]) + a.to_bytes(4, 'big') + b.to_bytes(2, 'big')


class File:
    """A file that grows by revisions of any kind."""

    def __init__(self, data=b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'):
        self.data = data

    def size(self):
        return max([1] + [int(n) for n in
                          re.findall(rb'/Size (\d+)', self.data)])

    def last(self):
        found = re.findall(rb'startxref\s+(\d+)', self.data)
        return int(found[-1]) if found else 0

    def save(self, objects, kind='table', rows=(), root=1, prev=None,
             stray=b'', behind=b'', tail=b'', trailer=''):
        """rows: number to (type, a, b) instead of where the object stands;
        stray before the objects, behind before the section."""
        where, out = {}, self.data + stray
        size = max([self.size()] + [n + 1 for n in objects])
        inner = {n: b for n, b in objects.items()
                 if kind == 'objstm' and 'stream' not in b}
        for num, body in objects.items():
            if num not in inner:
                where[num] = (1, len(out), 0)
                out += obj(num, body)
        if inner:
            holder, size = size, size + 1
            index, data = '', ''
            for i, (num, body) in enumerate(inner.items()):
                index += '%d %d ' % (num, len(data))
                data += body + '\n'
                where[num] = (2, holder, i)
            where[holder] = (1, len(out), 0)
            out += obj(holder, packed('<</Type/ObjStm/N %d/First %d>>' % (
                len(inner), len(index)), (index + data).encode('latin1')))
        out += behind
        where.update(rows)
        size = max([size] + [n + 1 for n in where])
        prev = self.last() if prev is None else prev
        link = '/Prev %d' % prev if prev >= 0 and self.last() else ''
        at = len(out)
        if kind == 'table':
            out += b'xref\n0 1\n0000000000 65535 f \n'
            for num, (use, a, b) in sorted(where.items()):
                out += b'%d 1\n%010d %05d %s \n' % (
                    num, a, b, b'n' if use == 1 else b'f')
            out += b'trailer\n<</Root %d 0 R/Size %d %s%s>>\n' % (
                root, size, link.encode(), trailer.encode())
        else:
            text = ' '.join('%d 1' % n for n in sorted(where))
            out += obj(size, packed(
                XREF % (size + 1, text, link + trailer, root),
                b''.join(row(*where[n]) for n in sorted(where))))
        self.data = out + b'startxref\n%d\n%%%%EOF\n' % at + tail
        return self


def hybrid(word):
    """Objects 20 and 21 in a stream for those who know it; Word writes two
    sections, the first without /XRefStm."""
    f = File()
    out, at = f.data, {}
    for num, body in {**BASE, 1: BASE[1][:-2] + '/Lang 20 0 R>>'}.items():
        at[num] = len(out)
        out += obj(num, body)
    at[22] = len(out)
    out += obj(22, packed('<</Type/ObjStm/N 2/First 10>>',
                          b'20 0 21 5 (en) (x)'))
    at[23] = len(out)
    inner = {20: (2, 22, 0), 21: (2, 22, 1)}
    listed = {n: (1, p, 0) for n, p in at.items()} if word else {
        22: (1, at[22], 0)}
    listed.update(inner)
    out += obj(23, packed(
        XREF % (24, ' '.join('%d 1' % n for n in sorted(listed)), '', 1),
        b''.join(row(*listed[n]) for n in sorted(listed))))
    xref = len(out)
    out += b'xref\n0 24\n0000000000 65535 f \n'
    for num in range(1, 24):
        out += b'%010d %05d %s \n' % (
            (at[num], 0, b'n') if num in at else (0, 65535, b'f'))
    end = b'startxref\n%d\n%%%%EOF\n'
    if not word:
        return (out + b'trailer\n<</Root 1 0 R/Size 24/XRefStm %d>>\n' %
                at[23] + end % xref)
    out += b'trailer\n<</Root 1 0 R/Size 24>>\n' + end % xref
    again = len(out)
    return (out + b'xref\n0 0\ntrailer\n<</Root 1 0 R/Size 24/Prev %d'
            b'/XRefStm %d>>\n' % (xref, at[23]) + end % again)


def prepared(name):
    """One document: what makes it odd stands in the branch."""
    if name in ('hybrid', 'word'):
        return hybrid(name == 'word')
    if name in KINDS:
        return File().save(BASE, name).data
    inside = packed('<</Type/EmbeddedFile>>', b'%PDF-1.4\n' + obj(4, EVIL) +
                    b'trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n')
    whole = {**BASE, 20: inside.decode('latin1'), 21: '[20 0 R]'}
    holed = {**whole, 21: '[20 0 R 30 0 R]'}
    if name == 'slips':
        # Rows past /Size, a free list that begins with 65536.
        data = File().save(whole, trailer='').data
        return data.replace(b'00000 65535 f', b'00000 65536 f').replace(
            b'/Size 22', b'/Size 13')
    if name == 'twice':
        return File().save(BASE, behind=obj(4, GOOD)).data
    if name == 'overtaken':
        return File().save(BASE, stray=obj(4, EVIL)).data
    if name == 'attached':
        return File().save(whole).data
    if name == 'unnamed':
        return File().save(BASE, behind=obj(40, EVIL),
                           rows={41: (1, 9, 0)}).data
    if name == 'hole':
        return File().save({**BASE, 21: '[30 0 R]'}).data
    if name == 'behind':
        return File().save(BASE, behind=obj(4, EVIL)).data
    if name == 'comment':
        return File().save(BASE, behind=b'4%%\n 0 %%\nobj\n%s\nendobj\n' %
                           EVIL).data
    if name == 'generation':
        return File().save(BASE, stray=obj(4, EVIL, 1)).data
    if name == 'instream':
        return File().save(holed).data
    if name == 'supplied':
        return File().save({**BASE, 21: '[30 0 R]'},
                           behind=obj(30, EVIL)).data
    if name == 'nowhere':
        return File().save({**BASE, 21: '[30 0 R]'},
                           rows={30: (1, 9, 0)}).data
    if name == 'untyped':
        return File().save({**BASE, 21: '[30 0 R]'}, 'stream',
                           rows={30: (3, 9, 0)}).data
    assert name == 'brotli'
    return File().save({**BASE, 4: stream('x', '/Filter/BrotliDecode')}).data


def prepare():
    for name in SOUND + PREPARED:
        with open('st-%s.pdf' % name, 'wb') as f:
            f.write(prepared(name))


# ---- what is done to them ----

class Signed(File):
    def __init__(self, name):
        super().__init__(read(name))
        self.name = name
        page = re.findall(rb'(?:^|\n)3 0 obj\s+(.*?)\s*endobj', self.data,
                          re.S)
        field = re.search(rb'(\d+) 0 obj\s+<<[^>]*/FT\s*/Sig', self.data)
        self.annots = '6 0 R 11 0 R'
        if page and field:
            self.annots += ' %d 0 R' % int(field[1])

    def update(self, *args, **more):
        return File(self.data).save(*args, **more).data

    def noted(self, more=''):
        """A page with one more note, and the note."""
        num = self.size() + 5
        return num, {3: PAGE % ('4 0 R', '%s %d 0 R' % (self.annots, num)),
                     num: NOTE % more}


def entries(s):
    """Entries that lead nowhere, references to nothing."""
    cls = 'broken-entry'
    for kind in KINDS:
        num, objects = s.noted()
        whole = s.update(objects, kind)
        free = num + 3
        bad = [(1, 9, 0), (1, len(s.data) + 3, 0), (1, s.data.index(b'4 0 obj'),
                                                    0)]
        if kind != 'table':
            bad += [(2, 4, 0), (2, free + 9, 0), (3, 9, 0), (7, 0, 0)]
        if kind == 'objstm':
            # Another object of the stream, and one past its last.
            bad += [(2, s.size() + 6, 0), (2, s.size() + 6, 9)]
        for where in bad:
            emit(cls, s.update(objects, kind, rows={free: where}), whole,
                 'entry-broken')
        named = dict(objects)
        named[num] = NOTE % ('/AP<</N %d 0 R>>' % free)
        emit(cls, s.update(named, kind), whole, 'reference-broken')
        named[num] = NOTE % '/AP<</N 4 3 R>>'
        emit(cls, s.update(named, kind), whole, 'reference-broken')
    # The catalog of a later revision, poppler's case.
    old = re.findall(rb'\n1 0 obj\s+(.*?)\s*endobj', s.data, re.S)[-1].decode()
    changed = old[:-2] + '/Version %d 0 R>>'
    emit(cls, s.update({1: changed % s.size()}, rows={s.size(): (1, 9, 0)}),
         s.name, 'entry-broken')
    emit(cls, s.update({1: changed % (s.size() + 9)}), s.name,
         'reference-broken')


def strays(s):
    """Bytes that look like an object, of a later revision."""
    cls = 'stray-object'
    num, objects = s.noted()
    for kind in KINDS:
        whole = s.update(objects, kind, behind=b'' if kind == 'table' else
                         obj(num, objects[num]))
        for head in (b'4 0 obj\n', b'4\n0\nobj\n', b'0004 00 obj',
                     b'4 %x\n0 obj ', b'90 0 obj\n', b'4 0obj '):
            evil = head + EVIL + b'\nendobj\n'
            emit(cls, s.update(objects, kind, stray=evil), whole,
                 'stray-object')
        emit(cls, s.update(objects, kind, behind=obj(4, EVIL)), whole,
             'stray-object')
        inside = dict(objects)
        inside[num + 1] = packed('<<>>', obj(4, EVIL)).decode()
        emit(cls, s.update(inside, kind), whole, 'stray-object')
        inside[num + 1] = '(%s)' % obj(4, b'(x)').decode()
        emit(cls, s.update(inside, 'table'), whole, 'stray-object')
        # A trailer, or a cross-reference stream, that names another catalog.
        more = dict(objects)
        more[num + 1] = packed('<<>>', b'trailer\n<</Root 9 0 R>>\n').decode()
        emit(cls, s.update(more, kind), whole, 'stray-object')
        more[num + 1] = packed('<</Type/XRef/Size 3/W[1 1 1]/Root 9 0 R>>',
                               b'').decode()
        emit(cls, s.update(more, kind), whole, 'stray-object')
        # An object stream that no entry leads into.
        more[num + 1] = packed('<</Type/ObjStm/N 1/First 4>>',
                               b'4 0 (x)').decode()
        emit(cls, s.update(more, kind), whole, 'stray-object')


def ends(s):
    """startxref far from the end."""
    cls = 'far-startxref'
    num, objects = s.noted()
    whole = s.update(objects, tail=b'\0' * 1500)
    emit(cls, s.update(objects, tail=b'%' * 1500), whole, 'file-broken')
    emit(cls, s.update(objects, tail=b'\n% x' * 500), whole, 'file-broken')
    attached = Signed('st-attached.signed.pdf')
    # Without padding nobody looks into the attachment.
    emit(cls, attached.data + b'\0' * 1500, attached.name, 'prepared')
    emit(cls, attached.data + b'\n \r' * 500, attached.name, 'prepared')


def histories(s):
    """/Prev that leads elsewhere, a page tree that is not there."""
    cls = 'hidden-revision'
    n = s.size()
    own = {n: '<</Type/Catalog/Pages %d 0 R>>' % (n + 1),
           n + 1: '<</Type/Pages/Kids[%d 0 R]/Count 1>>' % (n + 2),
           n + 2: PAGE.replace('2 0 R', '%d 0 R' % (n + 1)) %
           ('%d 0 R' % (n + 3), ''), n + 3: EVIL.decode(), 8: BASE[8],
           10: BASE[10]}
    num, objects = s.noted()
    for kind in KINDS:
        whole = s.update(objects, kind)
        for prev in (0, -1):
            emit(cls, s.update(own, kind, root=n, prev=prev), whole,
                 'revision-hidden')
        for prev in (9, len(s.data) - 3, 10 ** 8):
            emit(cls, s.update(objects, kind, prev=prev), whole, 'file-broken')
    emit(cls, s.update(own, root=n, prev=0, tail=b'%' * 1100), s.name,
         'file-broken')
    old = re.findall(rb'\n1 0 obj\s+(.*?)\s*endobj', s.data, re.S)[-1].decode()
    for pages in ('/Pages 99 0 R', '/Pages null', '/Sidep 2 0 R',
                  '/Pages %d 0 R' % n):
        emit(cls, s.update({1: re.sub(r'/Pages\s+2 0 R', pages, old),
                            n: 'null'}), s.name, 'pages-unreadable')
    if b'\nxref\n' in s.data:
        emit(cls, s.data.replace(b'\nxref\n', b'\nxrfe\n', 1), s.name,
             'file-broken')


def views(s):
    """Hybrid sections that show what was signed in two ways."""
    cls = 'hybrid-views'
    num, objects = s.noted()
    whole = s.update(objects)
    for listed, rows in (({4: EVIL}, {}), ({4: EVIL}, {4: (0, 0, 1)}),
                         ({4: GOOD}, {4: (0, 0, 1)})):
        data, at = s.data, {}
        for n, body in listed.items():
            at[n] = (1, len(data), 0)
            data += obj(n, body)
        xref = len(data)
        data += obj(num + 1, packed(
            XREF % (num + 2, ' '.join('%d 1' % n for n in at), '', 1),
            b''.join(row(*at[n]) for n in at)))
        emit(cls, File(data).save(objects, rows=rows, prev=s.last(),
                                  trailer='/XRefStm %d' % xref).data, whole,
             'hybrid-reference|page-changed')


def main():
    for kind in ('table', 'stream', 'hybrid', 'word'):
        s = Signed('st-%s.signed.pdf' % kind)
        entries(s)
        strays(s)
    for kind in ('table', 'stream'):
        s = Signed('st-%s.signed.pdf' % kind)
        ends(s)
        histories(s)
    for kind in ('table', 'hybrid', 'word'):
        views(Signed('st-%s.signed.pdf' % kind))
    for i, name in enumerate(PREPARED):
        emit('prepared', read('st-%s.signed.pdf' % name),
             'st-%s.signed.pdf' % SOUND[i],
             'reader-dependent' if name == 'brotli' else 'prepared')
    # What is sound and odd is a twin; the rest of them here.
    for name in SOUND[len(PREPARED):]:
        emit('prepared', read('stray.signed.pdf'), 'st-%s.signed.pdf' % name,
             'prepared')


if __name__ == '__main__':
    if sys.argv[1:] == ['prepare']:
        prepare()
    else:
        main()
