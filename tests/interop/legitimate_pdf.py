# SPDX-License-Identifier: Apache-2.0
"""What the makers of legitimate updates share: a PDF that is read by its
table, changed, and saved as an update in the manner of this or that program.

Objects are Python's: Name, Ref, bytes for strings, dict with plain str keys,
list, Stream; what is written as it stands is Raw."""
import re
import zlib

WHITE = b'\0\t\n\f\r '
SKIP = re.compile(rb'(?:[\0\t\n\f\r ]+|%[^\r\n]*)*')
REF = re.compile(rb'(\d+)[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+R(?![A-Za-z0-9])')
WORD = re.compile(rb'[^\0\t\n\f\r ()<>\[\]{}/%]+')
NAME = re.compile(rb'/([^\0\t\n\f\r ()<>\[\]{}/%]*)')


class Name(str):
    """/Name"""


class Ref(int):
    """NUMBER 0 R"""


class Real(float):
    """A number, written as it was read."""

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self


class Raw(bytes):
    """Bytes that are a value already."""


class Stream:
    def __init__(self, data, entries=None):
        if isinstance(data, str):
            data = data.encode('latin1')
        self.entries, self.data = dict(entries or {}), data

    def decoded(self):
        if self.entries.get('Filter') != 'FlateDecode':
            return self.data
        out = zlib.decompressobj().decompress(self.data)
        parms = self.entries.get('DecodeParms') or {}
        if parms.get('Predictor', 1) < 10:
            return out
        width = parms.get('Columns', 1)
        rows, last = b'', bytes(width)
        for i in range(0, len(out), width + 1):
            row = out[i + 1:i + 1 + width]
            if out[i] == 2:
                row = bytes((a + b) & 255 for a, b in zip(row, last))
            rows, last = rows + row, row
        return rows


def literal(data, at):
    """A string in parentheses that begins at AT."""
    depth, i, out = 0, at, bytearray()
    while True:
        c = data[i:i + 1]
        if c == b'\\':
            octal = re.compile(rb'[0-7]{1,3}').match(data, i + 1)
            if octal:
                out.append(int(octal[0], 8) & 255)
                i += 1 + len(octal[0])
                continue
            e = data[i + 1:i + 2]
            out += {b'n': b'\n', b'r': b'\r', b't': b'\t'}.get(e, e)
            i += 2
            continue
        depth += (c == b'(') - (c == b')')
        if depth == 0:
            return bytes(out[1:]), i + 1
        out += c
        i += 1


def parse(data, at):
    """The value at AT and where it ends."""
    at = SKIP.match(data, at).end()
    two, one = data[at:at + 2], data[at:at + 1]
    if two == b'<<':
        at, out = SKIP.match(data, at + 2).end(), {}
        while data[at:at + 2] != b'>>':
            key = NAME.match(data, at)
            out[key[1].decode('latin1')], at = parse(data, key.end())
            at = SKIP.match(data, at).end()
        return out, at + 2
    if one == b'[':
        at, out = SKIP.match(data, at + 1).end(), []
        while data[at:at + 1] != b']':
            value, at = parse(data, at)
            out.append(value)
            at = SKIP.match(data, at).end()
        return out, at + 1
    if one == b'/':
        m = NAME.match(data, at)
        return Name(m[1].decode('latin1')), m.end()
    if one == b'(':
        return literal(data, at)
    if one == b'<':
        end = data.index(b'>', at)
        digits = bytes(c for c in data[at + 1:end] if c not in WHITE)
        return bytes.fromhex((digits + b'0' * (len(digits) % 2)).decode()), \
            end + 1
    m = REF.match(data, at)
    if m:
        return Ref(m[1]), m.end()
    m = WORD.match(data, at)
    word = m[0]
    if word in (b'true', b'false', b'null'):
        return {b'true': True, b'false': False, b'null': None}[word], m.end()
    return (Real(word) if b'.' in word else int(word)), m.end()


def write(value):
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, Name):
        return b'/' + value.encode('latin1')
    if isinstance(value, Ref):
        return b'%d 0 R' % value
    if isinstance(value, bytes):
        if all(32 <= c < 127 and c not in b'()\\' for c in value):
            return b'(' + value + b')'
        return b'<' + value.hex().upper().encode() + b'>'
    if isinstance(value, dict):
        return b'<<' + b''.join(
            b'/' + k.encode('latin1') + b' ' + write(v)
            for k, v in value.items()) + b'>>'
    if isinstance(value, (list, tuple)):
        return b'[' + b' '.join(map(write, value)) + b']'
    if isinstance(value, Stream):
        return write({**value.entries, 'Length': len(value.data)}) + \
            b'\nstream\n' + value.data + b'\nendstream'
    if value is None or isinstance(value, bool):
        return {None: b'null', True: b'true', False: b'false'}[value]
    if isinstance(value, Real):
        return value.text
    if isinstance(value, float):
        return b'%g' % value
    return str(value).encode('latin1')


def value_of(text):
    """Of PDF source: what is quicker to write than Python."""
    return parse(text.encode('latin1') if isinstance(text, str) else text,
                 0)[0]


def copied(value):
    """A value of one's own, to be changed."""
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    if isinstance(value, list):
        return [copied(v) for v in value]
    if isinstance(value, Stream):
        return Stream(value.data, copied(value.entries))
    return value


def table_of(at, free=(), zero=b'0000000000 65535 f \n', more=b''):
    """An xref table of subsections; AT: number to offset."""
    rows = {0: zero}
    rows.update({n: b'0000000000 00001 f \n' for n in free})
    rows.update({n: b'%010d 00000 n \n' % o for n, o in at.items()})
    out, numbers, i = b'xref\n', sorted(rows), 0
    while i < len(numbers):
        j = i
        while j < len(numbers) and numbers[j] - numbers[i] == j - i:
            j += 1
        out += b'%d %d\n' % (numbers[i], j - i)
        out += b''.join(rows[n] for n in numbers[i:j])
        i = j
    return out + more


def packed_stream(objects):
    heads, bodies = b'', b''
    for number, value in sorted(objects.items()):
        heads += b'%d %d ' % (number, len(bodies))
        bodies += write(value) + b'\n'
    return Stream(zlib.compress(heads + bodies), {
        'Type': Name('ObjStm'), 'N': len(objects), 'First': len(heads),
        'Filter': Name('FlateDecode')})


class Doc:
    """A file, read by its last table and those before."""

    def __init__(self, data):
        if isinstance(data, str):
            with open(data, 'rb') as f:
                data = f.read()
        self.data, self.at, self.packs = data, {}, {}
        self.start = int(re.findall(rb'startxref\s+(\d+)', data)[-1])
        self.trailer = None
        self.stream = data[self.start:].lstrip()[:4] != b'xref'
        self.size, place, seen = 0, self.start, set()
        while place is not None and place not in seen:
            seen.add(place)
            place = self.section(place)
        self.root = self.trailer['Root']

    def section(self, place):
        place = SKIP.match(self.data, place).end()
        if self.data[place:place + 4] == b'xref':
            trailer = self.table(place)
        else:
            trailer = self.xref_stream(place)
        if self.trailer is None:
            self.trailer = trailer
        self.size = max(self.size, trailer['Size'])
        if 'XRefStm' in trailer:
            self.xref_stream(trailer['XRefStm'])
        return trailer.get('Prev')

    def table(self, place):
        i = place + 4
        row = re.compile(rb'\s*(\d+) (\d+)(?: ([nf]))?')
        while True:
            m = row.match(self.data, i)
            if m is None:
                return parse(self.data, self.data.index(b'trailer', i) + 7)[0]
            first, count, i = int(m[1]), int(m[2]), m.end()
            for number in range(first, first + count):
                m = row.match(self.data, i)
                i = m.end()
                if m[3] == b'n':
                    self.at.setdefault(number, (int(m[1]), None))

    def xref_stream(self, place):
        got = self.object_at(place)
        e, rows = got.entries, got.decoded()
        w, i = e['W'], 0
        index = e.get('Index', [0, e['Size']])
        for first, count in zip(index[::2], index[1::2]):
            for number in range(first, first + count):
                parts = []
                for width in w:
                    parts.append(int.from_bytes(rows[i:i + width], 'big'))
                    i += width
                kind = parts[0] if w[0] else 1
                if kind:
                    self.at.setdefault(number, (
                        parts[1], parts[2] if kind == 2 else None))
        return e

    def object_at(self, place):
        m = re.compile(rb'\s*\d+\s+\d+\s+obj').match(self.data, place)
        value, end = parse(self.data, m.end())
        m = re.compile(rb'\s*stream\r?\n').match(self.data, end)
        if m is None:
            return value
        size = value['Length']
        size = self.get(size) if isinstance(size, Ref) else size
        return Stream(self.data[m.end():m.end() + size], value)

    def get(self, value):
        """What a reference leads to; anything else is itself."""
        while isinstance(value, Ref):
            place, index = self.at[int(value)]
            if index is None:
                value = self.object_at(place)
                continue
            pack = self.get(Ref(place))
            data = pack.decoded()
            heads = data[:pack.entries['First']].split()
            value = parse(data, pack.entries['First'] +
                          int(heads[2 * index + 1]))[0]
        return value

    def own(self, value):
        return copied(self.get(value))

    def pages(self, node=None):
        """The numbers of the pages, in order."""
        if node is None:
            node = self.get(self.root)['Pages']
        for kid in self.get(node)['Kids']:
            if 'Kids' in self.get(kid):
                yield from self.pages(kid)
            else:
                yield kid

    def form(self):
        """The number of the AcroForm, or that of the catalog."""
        form = self.get(self.root).get('AcroForm')
        return form if isinstance(form, Ref) else None

    def field(self, name):
        for ref in self.get(self.get(self.root)['AcroForm'])['Fields']:
            if self.get(ref).get('T') == name.encode():
                return ref
        raise KeyError(name)

    def save(self, objects, free=(), trailer=None, stream=None, **style):
        """An update.  style: comment after the old end, zero, more, size,
        end for what follows %%EOF; pack puts objects into a stream."""
        out = self.data + style.get('comment', b'')
        if not out.endswith((b'\n', b'\r')):
            out += b'\n'
        at, stream = {}, self.stream if stream is None else stream
        packed = {}
        if style.get('pack'):
            packed = {n: v for n, v in objects.items()
                      if not isinstance(v, Stream) and not
                      (isinstance(v, dict) and 'ByteRange' in v)}
            objects = {n: v for n, v in objects.items() if n not in packed}
            pack = max([self.size - 1, *objects, *packed]) + 1
            objects[pack] = packed_stream(packed)
        for number, value in sorted(objects.items()):
            at[int(number)] = len(out)
            out += b'%d 0 obj\n%s\nendobj\n' % (number, write(value))
        size = style.get('size', max([self.size - 1, *at]) + 1)
        keep = {k: self.trailer[k] for k in ('Root', 'Info', 'ID', 'Encrypt')
                if k in self.trailer}
        keep.update({'Size': size, 'Prev': self.start}, **(trailer or {}))
        start = len(out)
        if stream:
            number = size
            at[number] = start
            rows = {n: b'\1' + o.to_bytes(4, 'big') + b'\0\0'
                    for n, o in at.items()}
            rows.update({int(n): b'\2' + pack.to_bytes(4, 'big') +
                         i.to_bytes(2, 'big')
                         for i, n in enumerate(sorted(packed))})
            rows.update({n: b'\0\0\0\0\0\0\1' for n in free})
            index = [0, 1] + [x for n in sorted(rows) for x in (n, 1)]
            rows = b'\0\0\0\0\0\xff\xff' + b''.join(
                rows[n] for n in sorted(rows))
            out += b'%d 0 obj\n%s\nendobj\n' % (number, write(Stream(
                zlib.compress(rows), {
                    **keep, 'Type': Name('XRef'), 'Size': size + 1,
                    'W': [1, 4, 2], 'Index': index,
                    'Filter': Name('FlateDecode')})))
        else:
            out += table_of(at, free, style.get(
                'zero', b'0000000000 65535 f \n'), style.get('more', b''))
            out += b'trailer\n' + write(keep) + b'\n'
        return out + b'startxref\n%d\n%%%%EOF' % start + \
            style.get('end', b'\n')


def build(objects, trailer=None, version=b'1.7'):
    """A new document with a table."""
    out = b'%PDF-' + version + b'\n%\xe2\xe3\xcf\xd3\n'
    at = {}
    for number, value in sorted(objects.items()):
        at[number] = len(out)
        if isinstance(value, str):
            value = value_of(value)
        out += b'%d 0 obj\n%s\nendobj\n' % (number, write(value))
    start, size = len(out), max(at) + 1
    # One subsection, the free ones in a list (ISO 32000-1 7.5.4).
    free = [n for n in range(size) if n not in at] + [0]
    out += b'xref\n0 %d\n' % size
    for number in range(size):
        if number in at:
            out += b'%010d 00000 n \n' % at[number]
        else:
            after = free[free.index(number) + 1]
            out += b'%010d %05d f \n' % (after, 0 if number else 65535)
    ends = {'Root': Ref(1), 'Size': size, **(trailer or {})}
    return out + b'trailer\n' + write(ends) + \
        b'\nstartxref\n%d\n%%%%EOF\n' % start
