# SPDX-License-Identifier: Apache-2.0
"""PDFs as a generator of tests needs them: values read and written, the newest
body of every object found, updates appended with any kind of section.  What is
read are files that the tests made; bytes that nothing could read are skipped.
"""
import re
import zlib

SPACE = b' \t\r\n\f\0'
TOKEN = re.compile(
    rb'[ \t\r\n\f\0]*(?:%[^\r\n]*[ \t\r\n\f\0]*)*'
    rb'(?:(?P<ref>(\d+)[ \r\n]+(\d+)[ \r\n]+R(?![A-Za-z0-9]))'
    rb'|(?P<num>[+-]?\d*\.?\d+|[+-]?\d+\.)'
    rb'|/(?P<name>[^ \t\r\n\f\0()<>\[\]{}/%]*)'
    rb'|(?P<open><<|\[)|(?P<close>>>|\])'
    rb'|<(?P<hex>[0-9A-Fa-f \r\n\t]*)>|(?P<str>\()'
    rb'|(?P<word>[A-Za-z]+))')
HEAD = re.compile(rb'(?<![0-9])(\d{1,7})[ ]+(\d{1,5})[ ]+obj\b')


class Name(str):
    pass


class Raw(bytes):
    """Bytes that stand for a value as they are."""


class Ref:
    def __init__(self, num, gen=0):
        self.num, self.gen = num, gen

    def __eq__(self, other):
        return isinstance(other, Ref) and self.num == other.num

    def __hash__(self):
        return hash(self.num)

    def __repr__(self):
        return '%d %d R' % (self.num, self.gen)


class Stream:
    def __init__(self, head, data):
        self.head, self.data = dict(head), data

    def decoded(self):
        if self.head.get('Filter') in ('FlateDecode', ['FlateDecode']):
            return zlib.decompress(self.data)
        return self.data


def string_at(data, at):
    """A literal string that begins before at, and where it ends."""
    out, depth = bytearray(), 1
    while True:
        c = data[at:at + 1]
        at += 1
        if not c:
            raise ValueError('string')
        if c == b'\\':
            c = data[at:at + 1]
            at += 1
            out += {b'n': b'\n', b'r': b'\r', b't': b'\t'}.get(c, c)
            continue
        depth += (c == b'(') - (c == b')')
        if depth == 0:
            return bytes(out), at
        out += c


def parse(data, at=0):
    """A value and where it ends."""
    m = TOKEN.match(data, at)
    if not m:
        raise ValueError('no value at %d' % at)
    at = m.end()
    kind = m.lastgroup
    if m['ref']:
        return Ref(int(m[2]), int(m[3])), at
    if kind == 'num':
        return (float if b'.' in m['num'] else int)(m['num']), at
    if kind == 'name':
        return Name(re.sub(rb'#([0-9A-Fa-f]{2})', lambda h: bytes.fromhex(
            h[1].decode()), m['name']).decode('latin1')), at
    if kind == 'hex':
        digits = re.sub(rb'\s', b'', m['hex'])
        return bytes.fromhex((digits + b'0' * (len(digits) % 2)).decode()), at
    if kind == 'str':
        return string_at(data, at)
    if kind == 'word':
        return {b'true': True, b'false': False, b'null': None}.get(
            m['word'], Raw(m['word'])), at
    if m['open'] is None:
        raise ValueError('no value at %d' % at)
    values = []
    while True:
        m2 = TOKEN.match(data, at)
        if not m2:
            raise ValueError('not closed')
        if m2['close']:
            at = m2.end()
            break
        value, at = parse(data, at)
        values.append(value)
    if m['open'] == b'[':
        return values, at
    return dict(zip(map(str, values[::2]), values[1::2])), at


def write(value):
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, Name):
        return b'/' + re.sub(rb'[^!-~]|[#()<>\[\]{}/%]', lambda m: b'#%02x' %
                             m[0][0], value.encode('latin1'))
    if isinstance(value, bool):
        return b'true' if value else b'false'
    if value is None:
        return b'null'
    if isinstance(value, int):
        return b'%d' % value
    if isinstance(value, float):
        return (b'%.4f' % value).rstrip(b'0').rstrip(b'.')
    if isinstance(value, Ref):
        return b'%d %d R' % (value.num, value.gen)
    if isinstance(value, str):
        return value.encode('latin1')
    if isinstance(value, bytes):
        if re.fullmatch(rb'[ -~]*', value):
            return b'(' + re.sub(rb'([()\\])', rb'\\\1', value) + b')'
        return b'<' + value.hex().encode() + b'>'
    if isinstance(value, (list, tuple)):
        return b'[' + b' '.join(map(write, value)) + b']'
    if isinstance(value, dict):
        return b'<<' + b''.join(b'/%s %s' % (k.encode('latin1'), write(v))
                                for k, v in value.items()) + b'>>'
    head = dict(value.head, Length=len(value.data))
    return write(head) + b'\nstream\n' + value.data + b'\nendstream'


class Document:
    """The newest body of each object, by number; nothing is repaired."""

    def __init__(self, data):
        self.data, self.objects, self.packed = data, {}, set()
        at = 0
        while True:
            m = HEAD.search(data, at)
            if not m:
                break
            at = self.take(m)
        self.start = int(re.findall(rb'startxref\s+(\d+)', data)[-1])
        heads = [parse(data, m.end())[0] for m in
                 re.finditer(rb'\btrailer\b', data)]
        heads += [v.head for v in self.objects.values()
                  if isinstance(v, Stream) and v.head.get('Type') == 'XRef']
        self.trailer = {}
        for head in heads:
            self.trailer.update({k: head[k] for k in head if k in
                                 ('Root', 'Info', 'ID', 'Encrypt')})
        self.size = max([h.get('Size', 0) for h in heads] +
                        [n + 1 for n in self.objects])

    def take(self, m):
        data = self.data
        try:
            value, at = parse(data, m.end())
        except ValueError:
            return m.end()
        tail = re.compile(rb'\s*stream\r?\n').match(data, at)
        if tail and isinstance(value, dict):
            length = value.get('Length')
            if isinstance(length, Ref):
                found = re.search(rb'(?<![0-9])%d 0 obj\s+(\d+)' % length.num,
                                  data)
                length = int(found[1]) if found else 0
            at = tail.end() + length
            value = Stream(value, data[tail.end():at])
        self.objects[int(m[1])] = value
        self.packed.discard(int(m[1]))
        if isinstance(value, Stream) and value.head.get('Type') == 'ObjStm':
            self.unpack(value)
        return at

    def unpack(self, stream):
        text, first = stream.decoded(), stream.head['First']
        rows = [int(x) for x in text[:first].split()]
        for num, at in zip(rows[::2], rows[1::2]):
            self.objects[num] = parse(text, first + at)[0]
            self.packed.add(num)

    def get(self, value):
        for _ in range(20):
            if not isinstance(value, Ref):
                return value
            value = self.objects.get(value.num)
        return None

    @property
    def root(self):
        return self.get(self.trailer['Root'])

    def pages(self):
        """References to the pages, with what they inherit."""
        found = []

        def walk(ref, given, depth):
            node = self.get(ref)
            if not isinstance(node, dict) or depth > 20 or len(found) > 100:
                return
            given = dict(given, **{k: node[k] for k in (
                'MediaBox', 'CropBox', 'Rotate', 'Resources') if k in node})
            if 'Kids' in node:
                for kid in self.get(node['Kids']) or []:
                    walk(kid, given, depth + 1)
            else:
                found.append((ref, dict(given, **node)))
        walk(self.root.get('Pages'), {}, 0)
        return found

    def fields(self):
        """(reference, dictionary with what it inherits) of terminal fields,
        and their widgets, by full name."""
        found, seen = [], set()
        form = self.get(self.root.get('AcroForm')) or {}

        def walk(ref, given, name, depth):
            node = self.get(ref)
            if (not isinstance(node, dict) or depth > 20 or len(found) > 500 or
                    ref in seen):
                return
            if isinstance(ref, Ref):
                seen.add(ref)
            given = dict(given, **{k: node[k] for k in ('FT', 'Ff', 'V', 'DA',
                                                        'Q') if k in node})
            if 'T' in node:
                name = name + '.' + str(node['T'])
            if 'Rect' in node or 'Kids' not in node:
                found.append((name, ref, dict(given, **node)))
            for kid in self.get(node.get('Kids')) or []:
                walk(kid, given, name, depth + 1)
        for ref in self.get(form.get('Fields')) or []:
            walk(ref, {}, '', 0)
        return found


def pack(objects, number):
    """An object stream of those that may stand in one: its value, and the
    numbers in it, in order."""
    rows, body, nums = b'', b'', []
    for num, value in sorted(objects.items()):
        rows += b'%d %d ' % (num, len(body))
        body += write(value) + b' '
        nums.append(num)
    stream = Stream({'Type': Name('ObjStm'), 'N': len(nums),
                     'First': len(rows), 'Filter': Name('FlateDecode')},
                    zlib.compress(rows + body))
    return stream, nums


def risen(body, columns):
    """Rows as PNG's filter "up" has them."""
    out, above = b'', bytes(columns)
    for at in range(0, len(body), columns):
        row = body[at:at + columns]
        out += b'\2' + bytes((x - y) & 255 for x, y in zip(row, above))
        above = row
    return out


class Section:
    """A cross-reference section to be written: rows are number to
    (type, field 2, field 3)."""

    def __init__(self, kind='table'):
        self.kind, self.rows = kind, {0: (0, 0, 65535)}
        self.trailer, self.hidden = {}, {}
        self.eol, self.widths, self.predictor = b' \n', (1, 4, 2), False

    def blocks(self, rows):
        block = []
        for num in sorted(rows):
            if block and num != block[-1] + 1:
                yield block
                block = []
            block.append(num)
        if block:
            yield block

    def table(self, rows):
        out = b'xref\n'
        for block in self.blocks(rows):
            out += b'%d %d\n' % (block[0], len(block))
            for num in block:
                kind, at, gen = rows[num]
                word = {0: b'f', 1: b'n'}.get(kind, b'x')
                out += b'%010d %05d %s' % (at, gen, word) + self.eol
        return out

    def stream(self, rows, head, number, at):
        rows = dict(rows)
        rows[number] = (1, at, 0)
        index, body = [], b''
        for block in self.blocks(rows):
            index += [block[0], len(block)]
            for num in block:
                kind, a, b = rows[num]
                for wide, part in zip(self.widths, (kind, a, b)):
                    part &= (1 << 8 * wide) - 1
                    body += part.to_bytes(wide, 'big')
        head = dict(head, Type=Name('XRef'), W=list(self.widths), Index=index)
        if self.predictor:
            head['DecodeParms'] = {'Predictor': 12, 'Columns': sum(
                self.widths)}
            body = risen(body, sum(self.widths))
        if self.predictor or number % 2:
            head['Filter'], body = Name('FlateDecode'), zlib.compress(body)
        return b'%d 0 obj\n%s\nendobj\n' % (number, write(Stream(head, body)))


def save(data, objects, trailer, kind='table', size=0, packing=False,
         prev=None, before=b'', tricks=None):
    """DATA and an update of it.  objects: number to a value, or None for one
    that is freed; kind: table, stream, hybrid or word (hybrid as Word writes
    it); before: bytes between the old end and the new objects; tricks: a
    function that is given the section and the bytes so far, may change what
    it likes, and returns the bytes."""
    out = bytearray(data + before)
    section = Section(kind)
    loose, packable = {}, {}
    for num, value in objects.items():
        plain = not isinstance(value, (Stream, Raw)) and value is not None
        signed = isinstance(value, dict) and 'ByteRange' in value
        (packable if packing and kind != 'table' and plain and not signed
         else loose)[num] = value
    fresh = max([size, *objects, 0] if not objects else
                [size - 1, *objects]) + 1
    if packable:
        loose[fresh], nums = pack(packable, fresh)
        for i, num in enumerate(nums):
            section.rows[num] = (2, fresh, i)
        fresh += 1
    for num, value in sorted(loose.items()):
        if value is None:
            section.rows[num] = (0, 0, 1)
            continue
        section.rows[num] = (1, len(out), 0)
        out += b'%d 0 obj\n%s\nendobj\n' % (num, write(value))
    section.trailer = dict(trailer, Size=max(size, fresh))
    if prev is not None:
        section.trailer['Prev'] = prev
    if tricks:
        out = bytearray(tricks(section, bytes(out)))
    head = section.trailer
    if kind != 'table' and head['Size'] in (size, fresh):
        head['Size'] = fresh + 1
    if kind == 'stream':
        start = len(out)
        out += section.stream(section.rows, head, fresh, start)
    else:
        start = tables(out, section, fresh)
    return bytes(out) + b'startxref\n%d\n%%%%EOF\n' % start


def tables(out, section, number):
    """A table, and for hybrid files the hidden section that goes with it; in
    a second, empty table as Word has it, or in the one there is."""
    rows, head = section.rows, section.trailer
    if section.kind != 'table':
        hidden = {n: r for n, r in rows.items() if r[0] == 2}
        hidden.update(section.hidden)
        rows = {n: r if r[0] != 2 else (0, 0, 65535) for n, r in rows.items()}
        at = len(out)
        out += section.stream(hidden, {'Size': head['Size']}, number, at)
        rows[number] = (1, at, 0)
        if section.kind == 'hybrid':
            head = dict(head, XRefStm=at)
    start = len(out)
    out += section.table(rows) + b'trailer\n' + write(head) + b'\n'
    if section.kind == 'word':
        out += b'startxref\n%d\n%%%%EOF\n' % start
        head = dict(head, Prev=start, XRefStm=at)
        start = len(out)
        out += b'xref\n0 0\ntrailer\n' + write(head) + b'\n'
    return start
