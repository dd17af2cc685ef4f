# SPDX-License-Identifier: Apache-2.0
"""attack_pdf.py prepare: the documents that are then signed.
attack_pdf.py: attacks on them, by class; for each a line
CLASS|FILE|TWIN|ID|OPTIONS: a file, one like it that nobody attacked, the
reason that must be told (a regular expression), further options of verify.

Written after the descriptions of "1 Trillion Dollar Refund" (2019), "Shadow
Attacks" (2021) and "Attacking Certified PDFs" (2021).
"""
import re
import sys

from attack_lib import emit, sign_by_hand

FORM = '/SigFlags 3/DA(/F 0 Tf)/DR<</Font<</F 8 0 R>>>>'
PAGE = ('<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents %s'
        '/Resources<</Font<</F 8 0 R>>/XObject<</X 10 0 R>>>>/Annots[%s]>>')
TEXT = ('<</FT/Tx/T(text)/Type/Annot/Subtype/Widget/Rect[10 10 90 30]'
        '/P 3 0 R/V(%s)/AP<</N %s>>>>')
LINE = 'BT /F 12 Tf 20 200 Td (%s) Tj ET'


def stream(data, extra=''):
    return '<<%s/Length %d>>\nstream\n%s\nendstream' % (extra, len(data), data)


def form_x(data):
    return stream(data, '/Type/XObject/Subtype/Form/BBox[0 0 300 300]')


BASE = {
    1: '<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>',
    2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    3: PAGE % ('4 0 R', '6 0 R 11 0 R'),
    4: stream(LINE % 'The price is 10' + ' /X Do'),
    5: '<</Fields[6 0 R]%s>>' % FORM,
    6: TEXT % ('abc', '9 0 R'),
    8: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    9: form_x('BT /F 9 Tf (abc) Tj ET'),
    10: form_x('1 g 0 0 10 10 re f'),
    11: '<</Type/Annot/Subtype/Stamp/Rect[100 100 200 150]/P 3 0 R'
        '/AP<</N 12 0 R>>>>',
    12: form_x('1 g 0 0 300 300 re f'),
}


class Pdf:
    """A file that grows by revisions."""

    def __init__(self, data=b''):
        self.data = data

    def last(self, pattern):
        return re.findall(pattern, self.data)[-1]

    def save(self, objects, stray=b'', trailer='', places=()):
        """Append the objects, a table, a trailer; places: number to offset,
        for rows that point elsewhere."""
        old = self.data
        if not old:
            old = b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'
        at, out = {}, old + stray
        for num, body in sorted(objects.items()):
            if body is None:
                at[num] = None
                continue
            at[num] = len(out)
            if isinstance(body, str):
                body = body.encode('latin1')
            out += b'%d 0 obj\n%s\nendobj\n' % (num, body)
        at.update(places)
        rows = b'0 1\n0000000000 65535 f \n'
        for num, place in sorted(at.items()):
            rows += b'%d 1\n' % num
            rows += (b'0000000000 00001 f \n' if place is None else
                     b'%010d 00000 n \n' % place)
        size, link = max(at) + 1, b''
        if self.data:
            size = max(size, *map(int, re.findall(rb'/Size (\d+)', old)))
            link = b'/Prev ' + self.last(rb'startxref\s+(\d+)')
        xref = len(out)
        out += b'xref\n%strailer\n<</Root 1 0 R /Size %d %s%s>>\n' % (
            rows, size, link, trailer.encode())
        self.data = out + b'startxref\n%d\n%%%%EOF\n' % xref
        return self


def prepare():
    """What the parties sign, unsuspecting."""
    def write(name, data):
        with open(name, 'wb') as f:
            f.write(data)
    base = Pdf().save(BASE)
    write('base.pdf', base.data)
    # A second content with the number of the first, in no table.
    stray = b'4 0 obj\n%s\nendobj\n' % stream(
        LINE % 'The price is 99999').encode()
    write('stray.pdf', Pdf(base.data).save({20: '(x)'}, stray=stray).data)
    # A whole second page tree that nothing leads to.
    hidden = {21: '<</Type/Pages/Kids[22 0 R]/Count 1>>',
              22: (PAGE % ('23 0 R', '')).replace('2 0 R', '21 0 R', 1),
              23: stream(LINE % 'The price is 99999')}
    write('hidden.pdf', Pdf().save({**BASE, **hidden}).data)
    # The text field's look is a page's too.
    write('empty.pdf', Pdf().save(
        {**BASE, 5: '<</Fields[6 0 R 7 0 R]%s>>' % FORM,
         3: PAGE % ('4 0 R', '6 0 R 11 0 R 7 0 R'),
         7: '<</FT/Sig/T(here)/Type/Annot/Subtype/Widget/P 3 0 R'
            '/Rect[10 40 90 60]>>'}).data)


# ---- finding one's way in what deed signed ----

def obj(data, num):
    """The newest body of an object."""
    found = re.findall(rb'(?:^|\n)%d 0 obj\s+(.*?)\s*endobj' % num, data, re.S)
    return found[-1].decode('latin1')


def read(name):
    with open(name, 'rb') as f:
        return f.read()


class Signed:
    """Where deed put things."""

    def __init__(self, name):
        self.name, self.data = name, read(name)
        bodies = re.finditer(rb'(\d+) 0 obj\s(.*?)\sendobj', self.data, re.S)
        self.field, self.value = next(
            (int(m[1]), int(re.search(rb'/V (\d+) 0 R', m[2])[1]))
            for m in bodies if re.search(rb'/FT\s*/Sig', m[2]) and
            re.search(rb'/V \d+ 0 R', m[2]))
        self.fresh = max(map(int, re.findall(rb'/Size (\d+)', self.data)))
        ranges = re.search(rb'/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)',
                           self.data)
        self.ranges = [int(x) for x in ranges.groups()]
        self.start, self.end = self.ranges[1], self.ranges[2]

    def fields(self, more=''):
        """The form with one more field."""
        body = obj(self.data, 5)
        return re.sub(r'/Fields\s*\[([^\]]*)\]',
                      r'/Fields[\1 %s]' % more, body, count=1)

    def annots(self, more='', less=None):
        body = obj(self.data, 3)
        array = re.search(r'/Annots\s*\[([^\]]*)\]', body)
        text = array[1].replace(less, '') if less else array[1]
        return body.replace(array[0], '/Annots[%s %s]' % (text, more))

    def update(self, objects, **more):
        return Pdf(self.data).save(objects, **more).data

    def in_place(self, old, new):
        i = self.data.index(old)
        assert len(old) == len(new)
        return self.data[:i] + new + self.data[i + len(old):]


# ---- the classes ----

def forgery(s):
    cls = 'universal-forgery'
    word = rb'signature-incomplete|signature-value|byte-range'.decode()
    emit(cls, s.in_place(b'/ByteRange', b'/ByteRanxe'), s.name, word)
    size = s.end - s.start
    emit(cls, s.data[:s.start] + b'null'.ljust(size) + s.data[s.end:],
         s.name, word)
    emit(cls, s.data[:s.start + 1] + b'0' * (size - 2) +
         s.data[s.end - 1:], s.name, 'cms|signature')
    emit(cls, s.update({s.value: '<</Type/Sig/Filter/Adobe.PPKLite'
                        '/SubFilter/ETSI.CAdES.detached'
                        '/ByteRange[0 0 0 0]/Contents<>>>'}), s.name,
         'signature|byte-range|dictionary')


def incremental(s):
    cls = 'incremental-saving'
    evil = stream(LINE % 'The price is 99999')
    emit(cls, s.update({4: evil}), s.name, 'page-changed')
    emit(cls, s.update({2: '<</Type/Pages/Kids[3 0 R %d 0 R]/Count 2>>' %
                        s.fresh, s.fresh: PAGE % ('4 0 R', '')}), s.name,
         'page-changed')
    emit(cls, s.data + b'4 0 obj\n%s\nendobj\n' % evil.encode(), s.name,
         'unexplained-bytes')
    emit(cls, s.update({1: obj(s.data, 1)[:-2] + '/OpenAction<</S/JavaScript'
                        '/JS(x)>>>>'}), s.name, 'catalog-changed')


def wrapping(s):
    cls = 'wrapping'
    evil = b'4 0 obj\n%s\nendobj\n' % stream(LINE % 'Price 99999').encode()
    head, hole = s.data[:s.start], s.data[s.start:s.end]
    tail = s.data[s.end:]
    digits = b'%10d' % s.end

    def moved(more, hole):
        """With bytes put in, and every offset behind them set right."""
        def row(m):
            at = int(m[1])
            return b'%010d 00000 n' % (at + more if at > s.start else at)
        end = re.sub(rb'(\d{10}) 00000 n', row, tail)
        end = re.sub(rb'startxref\n(\d+)', lambda m: b'startxref\n%d' %
                     (int(m[1]) + more), end)
        return head.replace(digits, b'%10d' % (s.end + more)) + hole + end
    # The second range starts further on, what was put between is unsigned.
    emit(cls, moved(len(evil), hole + b' /X (' + evil[:-6] + b')'), s.name,
         'byte-range-gap')
    # The hole itself grows: white space, before the end of the string.
    emit(cls, moved(len(evil), hole[:-1] + b' ' * len(evil) + b'>'), s.name,
         'message-digest|byte-range-gap')
    # The signed tail is copied behind an update of the attacker's.
    grown = s.update({4: stream(LINE % 'Price 99999')})
    emit(cls, grown.replace(digits, b'%10d' % len(grown), 1) + tail,
         s.name, 'byte-range-gap')


def ranges():
    """Signatures that hold, over less than they should."""
    cls = 'gaps-and-overlaps'
    plain, _ = sign_by_hand(read('base.pdf'))
    # Old bytes at the end of the padding: no attack, but told.
    with open('behind.pdf', 'wb') as f:
        f.write(plain.replace(b'0000>', b'4a55>'))
    for change, word in (
            (lambda b, c, d: (9, b - 9, c, d), 'byte-range-bounds'),
            (lambda b, c, d: (0, b - 40, c, d), 'byte-range-gap'),
            (lambda b, c, d: (0, b, c + 20, d - 20), 'byte-range-gap'),
            (lambda b, c, d: (0, b, b - 20, d + c - b + 20),
             'byte-range-overlap'),
            (lambda b, c, d: (0, b, c, d - 10), 'byte-range-end')):
        bad, _ = sign_by_hand(read('base.pdf'), change)
        emit(cls, bad, plain, word)
    # Two signatures, one revision.
    bad, _ = sign_by_hand(read('base.pdf'), twice=True)
    emit(cls, bad, plain, 'byte-range-overlap|byte-range-gap')


def replaced(s):
    cls = 'replaced-dictionary'
    body = obj(s.data, s.value)
    emit(cls, s.update({s.value: re.sub(r'/Name\s*(<[^>]*>|\([^)]*\))',
                                        '/Name(Mallory)', body)}),
         s.name, 'dictionary-replaced|byte-range-gap')
    emit(cls, s.update({s.fresh: body, s.field: obj(s.data, s.field).replace(
        '/V %d 0 R' % s.value, '/V %d 0 R' % s.fresh)}), s.name,
        'signature-changed|signature-misplaced|byte-range-gap')


def shadow(s, stray, hidden):
    emit('shadow-hide', s.update({10: form_x('')}), s.name, 'page-changed')
    emit('shadow-hide', s.update({10: None}), s.name, 'page-changed')
    emit('shadow-hide', s.update({3: s.annots(less='11 0 R')}), s.name,
         'annotation-covers')
    emit('shadow-hide', s.update({12: form_x('')}), s.name,
         'annotation-covers')
    emit('shadow-replace', s.update({8: '<</Type/Font/Subtype/Type1/BaseFont'
                                     '/Evil>>'}), s.name,
         'page-changed|catalog-changed')
    emit('shadow-replace', s.update({9: form_x('BT /F 9 Tf (999) Tj ET')}),
         s.name, 'appearance-changed')
    emit('shadow-replace', s.update(
        {6: TEXT % ('abc', '%d 0 R' % s.fresh),
         s.fresh: form_x('BT /F 9 Tf (999) Tj ET')}), s.name,
        'appearance-changed')
    both = 'shadow-hide-and-replace'
    at = stray.data.index(b'4 0 obj\n', stray.data.index(b'startxref'))
    # The twin is another: that one is prepared, and does not pass itself.
    emit(both, stray.update({}, places={4: at}), s.name, 'page-changed')
    emit(both, hidden.update({1: obj(hidden.data, 1).replace(
        '/Pages 2 0 R', '/Pages 21 0 R')}), hidden.name,
        'catalog-changed|page-changed')
    emit(both, hidden.update({3: obj(hidden.data, 3).replace(
        '/Contents 4 0 R', '/Contents 23 0 R')}), hidden.name,
        'page-changed')


def note(s, kind, more):
    return s.update({3: s.annots('%d 0 R' % s.fresh),
                     s.fresh: '<</Type/Annot/Subtype/%s/P 3 0 R%s>>' %
                     (kind, more)})


def annotations(p3, p2):
    """Certifications that allow annotations, and one that does not."""
    cls = 'evil-annotation'
    # Beside all that the page shows, however large it is drawn.
    twin = note(p3, 'Text', '/Rect[200 60 220 80]/Contents(fine)')
    box = '/Rect[0 180 300 220]'
    for kind, more in (('FreeText', '/Contents(Price 99999)/DA(/F 9 Tf)'),
                       ('Stamp', '/AP<</N 12 0 R>>'),
                       ('Redact', '/OverlayText(99999)/IC[1 1 1]'),
                       ('Square', '/IC[1 1 1]/BS<</W 0>>'),
                       ('Text', '/AP<</N 12 0 R>>'),
                       ('Link', '/Border[0 0 300]/C[1 1 1]')):
        emit(cls, note(p3, kind, box + more), twin, 'annotation-covers')
    emit(cls, note(p2, 'Text', box), p2.name, 'docmdp')


def sneaky(p2):
    cls = 'sneaky-signature'
    look = '/P 3 0 R/Subtype/Widget/Rect[0 180 300 220]/AP<</N 12 0 R>>'
    ref = '%d 0 R' % p2.fresh
    emit(cls, p2.update({
        5: p2.fields(ref), 3: p2.annots(ref),
        p2.fresh: '<</FT/Sig/T(x)/Type/Annot%s>>' % look}), p2.name,
        'signature-field')
    emit(cls, p2.update({
        p2.field: obj(p2.data, p2.field)[:-2] + '/Kids[%s]>>' % ref,
        3: p2.annots(ref),
        p2.fresh: '<</Parent %d 0 R/Type/Annot%s>>' % (p2.field, look)}),
        p2.name, 'signature-field')
    emit(cls, p2.update({
        3: p2.annots(ref), p2.fresh: '<</FT/Sig/T(x)/Subtype/FreeText'
        '/Rect[0 180 300 220]/Contents(99999)>>'}), p2.name, 'docmdp')
    bad, _ = sign_by_hand(p2.data, name='mallory', look=look,
                          form=p2.fields, page=p2.annots)
    emit(cls, bad, p2.name, 'chain-untrusted')


def exclusion(s, two):
    cls = 'exclusion'
    emit(cls, s.update({s.field: re.sub(r'/V \d+ 0 R', '',
                                        obj(s.data, s.field))}), s.name,
         'signature-changed|signature')
    emit(cls, s.update({5: obj(s.data, 5).replace('%d 0 R' % s.field, ''),
                        3: s.annots(less='%d 0 R' % s.field)}), s.name,
         'form-changed')
    # Of two signatures the second is made to be none, in its own revision.
    i = two.data.rindex(b'/V ')
    emit(cls, two.data[:i] + b'/v ' + two.data[i + 3:], two.name,
         'signature-orphaned')


def many_fields(s):
    cls = 'value-in-many-fields'
    ref = '%d 0 R' % s.fresh
    emit(cls, s.update({5: s.fields(ref), s.fresh:
                        '<</FT/Sig/T(again)/V %d 0 R>>' % s.value}), s.name,
         'value-shared')
    emit(cls, s.update({
        s.field: obj(s.data, s.field)[:-2] + '/Kids[%s]>>' % ref,
        s.fresh: '<</T(kid)/Parent %d 0 R>>' % s.field}), s.name,
        'value-shared')
    bad, plain = sign_by_hand(read('base.pdf'), fields=2)
    emit(cls, bad, plain, 'value-shared')


def hybrid(s, twin):
    cls = 'hybrid-xref'
    data = s.data
    at = len(data)
    evil = stream(LINE % 'The price is 99999').encode()
    data += b'4 0 obj\n%s\nendobj\n' % evil
    rows = b'\1' + at.to_bytes(4, 'big') + b'\0'
    xref = len(data)
    data += (b'%d 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Index[4 1]/Length 6>>\n'
             b'stream\n%s\nendstream\nendobj\n' %
             (s.fresh, s.fresh + 1, rows))
    emit(cls, Pdf(data).save({4: None},
                             trailer='/XRefStm %d' % xref).data, twin,
         'hybrid-reference|page-changed')
    emit(cls, Pdf(data).save({20: '(x)'}, trailer='/XRefStm %d' % xref).data,
         twin, 'hybrid-reference|page-changed')


def main():
    s, two = Signed('base.signed.pdf'), Signed('two.pdf')
    p2, p3 = Signed('p2.pdf'), Signed('p3.pdf')
    forgery(s)
    incremental(s)
    wrapping(s)
    ranges()
    replaced(s)
    shadow(s, Signed('stray.signed.pdf'), Signed('hidden.signed.pdf'))
    annotations(p3, p2)
    sneaky(p2)
    exclusion(s, two)
    many_fields(s)
    hybrid(s, 'hybrid.signed.pdf')


if __name__ == '__main__':
    if sys.argv[1:] == ['prepare']:
        prepare()
    else:
        main()
