# SPDX-License-Identifier: Apache-2.0
"""Cross-reference sections that readers repair each in its own way, and bytes
that they then find."""
import re

from pdf_file import Name, Raw, Ref, Stream, write
from update import attack


def body(num, value, gen=0):
    return b'%d %d obj\n%s\nendobj\n' % (num, gen, write(value))


def existing(u):
    """The number of an object that a page needs."""
    wanted = [r.num for r, _ in u.base.pages]
    for _, page in u.base.pages:
        found = page.get('Contents')
        found = found if isinstance(found, list) else [found]
        wanted += [r.num for r in found if isinstance(r, Ref)]
    wanted.append(u.root_ref.num)
    return u.rng.choice(wanted)


def hide(u, data):
    """Puts bytes that look like objects somewhere no table leads to."""
    where = u.rng.randrange(8)
    if where == 0:
        u.before += data
    elif where == 1:
        u.behind += data
    elif where == 2:
        u.add(Stream({}, data))
    elif where == 3:
        u.add(Stream({'Type': Name('Metadata')}, b'\n' + data + b'\n'))
    elif where == 4:
        u.add(Raw(b'(' + re.sub(rb'([()\\])', rb'\\\1', data) + b')'))
    elif where == 5:
        u.before += b'%' + data.replace(b'\n', b' ') + b'\n'
    elif where == 6:
        u.trick(lambda section, out: out + data)
    else:
        # Its Length says less than there is.
        u.add(Raw(b'<</Length 3>>\nstream\nabc\nendstream\nendobj\n' + data))
    return where


def hide_evil(u):
    num, value = u.evil()
    hide(u, body(num, value, u.rng.choice((0, 0, 0, 1))))
    return num


def far_away(u):
    """startxref further from the end than some readers look."""
    count = u.rng.choice((900, 1020, 1025, 1100, 2000, 5000))
    filler = u.rng.choice((b'\0', b' ', b'\n', b'%', b'x', b'% a comment\n'))
    padding = (filler * count)[:count]
    if u.rng.random() < .5:
        u.behind += padding
    else:
        u.last.append(lambda data: data.replace(
            b'%%EOF\n', padding + b'%%EOF\n', 1) if data.count(
                b'%%EOF') == 1 else data[:-6] + padding + data[-6:])


@attack
def stray(u):
    hide_evil(u)


@attack
def stray_far(u):
    hide_evil(u)
    far_away(u)


@attack
def far(u):
    far_away(u)


def any_number(u):
    return u.rng.choice((u.fresh + u.rng.randrange(5), existing(u), 0))


@attack
def row_elsewhere(u):
    """A row that leads to something else; to a new number mostly."""
    if u.rng.random() < .7:
        hide_evil(u)
    fresh = u.fresh
    u.fresh += 1
    how = u.rng.randrange(7)

    def turn(section, out):
        at = {0: len(out) + 10, 1: 0, 2: u.base.doc.start, 3: 5,
              4: 4000000000, 5: out.rfind(b'endobj'),
              6: out.rfind(b' obj')}[how]
        section.rows[fresh] = (1, max(0, at), 0)
        return out
    u.trick(turn)


@attack
def row_to_stray(u):
    """A row of an old number that leads to the attacker's object."""
    num, value = u.evil()
    data = body(num, value)

    def turn(section, out):
        section.rows[num] = (1, len(out), 0)
        return out + data
    u.trick(turn)


@attack
def row_shifted(u):
    """A row of this update is off by some bytes."""
    shift = u.rng.choice((-1, 1, 2, -2, 7))
    hide_evil(u)
    u.add(b'harmless')

    def turn(section, out):
        for num in sorted(section.rows, reverse=True):
            kind, at, gen = section.rows[num]
            if kind == 1:
                section.rows[num] = (1, at + shift, gen)
                break
        return out
    u.trick(turn)


@attack
def row_type(u):
    """A row of unknown type."""
    if u.rng.random() < .8:
        hide_evil(u)
    if u.rng.random() < .4:
        far_away(u)
    num, fresh = u.rng.choice((u.fresh, u.fresh, existing(u))), u.fresh
    u.fresh = fresh + 1
    kind = u.rng.choice((3, 4, 7, 255))
    if u.rng.random() < .8:
        u.kind = 'stream'

    def turn(section, out):
        section.rows[num] = (kind, u.rng.randrange(1000), 0)
        return out
    u.trick(turn)


@attack
def row_generation(u):
    if u.rng.random() < .6:
        hide_evil(u)
    fresh = u.fresh
    u.add(b'harmless')
    gen = u.rng.choice((1, 2, 65535))

    def turn(section, out):
        kind, at, _ = section.rows.get(fresh, (1, 10, 0))
        section.rows[fresh] = (kind, at, gen)
        return out
    u.trick(turn)


@attack
def row_freed(u):
    """An object of the signed file is freed."""
    if u.rng.random() < .5:
        hide_evil(u)
    numbers = sorted(u.doc.objects)
    u.objects[u.rng.choice(numbers)] = None


@attack
def row_packed_wrongly(u):
    """Rows that say an object stands in a stream where it does not."""
    hide_evil(u)
    u.kind = u.rng.choice(('stream', 'hybrid', 'word'))
    fresh = u.fresh
    u.fresh += 1
    num = u.rng.choice((fresh, existing(u)))
    inside = u.rng.choice((existing(u), fresh, u.fresh + 50, 0))
    index = u.rng.choice((0, 1, 99))

    def turn(section, out):
        section.rows[num] = (2, inside, index)
        return out
    u.trick(turn)


@attack
def packed_evil(u):
    """An object stream of the attacker's, with numbers that differ from the
    table's."""
    page = dict(u.base.pages[0][1])
    page['Contents'] = u.add(Stream({}, u.evil_text()))
    text = write(page)
    num = u.page_ref().num
    said = u.rng.choice((num, u.fresh + 7))
    head = b'%d 0 ' % said
    more = {}
    if u.rng.random() < .3:
        more['Extends'] = Ref(existing(u))
    u.kind = 'stream'
    stream = u.add(Stream(dict({'Type': Name('ObjStm'), 'N': 1, 'First':
                                len(head)}, **more), head + text))
    row = u.rng.choice((num, u.fresh + 7))
    u.fresh += 8

    def turn(section, out):
        section.rows[row] = (2, stream.num, 0)
        return out
    u.trick(turn)


@attack
def hybrid_conflict(u):
    """What the hidden section of a hybrid file says the table does not."""
    num, value = u.evil()
    data = body(num, value)
    u.kind = u.rng.choice(('hybrid', 'word'))

    def turn(section, out):
        section.hidden[num] = (1, len(out), 0)
        if u.rng.random() < .5:
            section.rows[num] = (0, 0, 0)
        return out + data
    u.trick(turn)


@attack
def hybrid_update(u):
    """Objects of the signed file, freed in the table and new in the hidden
    section: readers do not agree on which counts."""
    u.kind = u.rng.choice(('hybrid', 'word'))
    u.packing = True
    u.own(u.rng.choice((u.page_ref(), u.root_ref)))


@attack
def prev_broken(u):
    """/Prev leads nowhere, to 0, or is not there."""
    u.prev = u.rng.choice((0, None, 1, 17, u.base.doc.start + 1,
                           len(u.base.data) + 50, -1))
    how = u.rng.randrange(3)
    if how == 0:
        # The whole document anew, with another price.
        u.objects = {**u.doc.objects, **u.objects}
        num, value = u.evil()
        u.objects[num] = value
    elif how == 1:
        u.objects = {**u.doc.objects, **u.objects}
    else:
        hide_evil(u)


@attack
def prev_twice(u):
    """Two sections, the newer one leads to the signed one past the other."""
    num, value = u.evil()
    u.last.append(lambda data: data + body(num, value) + (
        b'xref\n%d 1\n%010d 00000 n \ntrailer\n<</Root %d 0 R/Size %d'
        b'/Prev %d>>\nstartxref\n%d\n%%%%EOF\n' % (
            num, len(data), u.root_ref.num, u.fresh + 10,
            u.rng.choice((u.base.doc.start, 0)),
            len(data) + len(body(num, value)))))


@attack
def size(u):
    value = u.rng.choice((1, 2, 5, u.doc.size - 1, 8388607, 10 ** 8))

    def turn(section, out):
        section.trailer['Size'] = value
        return out
    u.trick(turn)
    if u.rng.random() < .6:
        hide_evil(u)


@attack
def rows_past_size(u):
    num, value = u.evil()
    data = body(u.fresh + 20, value)

    def turn(section, out):
        section.rows[u.fresh + 20] = (1, len(out), 0)
        return out + data
    u.trick(turn)
    if u.rng.random() < .5:
        hide(u, body(num, value))


@attack
def startxref_elsewhere(u):
    hide_evil(u)
    place = u.rng.choice((u.base.doc.start, 0, 1, 10 ** 9, 15))
    u.last.append(lambda data: re.sub(
        rb'startxref\n\d+\n%%EOF\n$', b'startxref\n%d\n%%%%EOF\n' % place,
        data))


@attack
def startxref_off(u):
    hide_evil(u)
    shift = u.rng.choice((-1, 1, -3, 2))
    u.last.append(lambda data: re.sub(
        rb'startxref\n(\d+)\n%%EOF\n$', lambda m: b'startxref\n%d\n%%%%EOF\n' %
        (int(m[1]) + shift), data))


@attack
def no_end(u):
    """The end is cut off, or says the last word twice."""
    hide_evil(u)
    how = u.rng.randrange(3)
    u.last.append(lambda data: data[:-6] if how == 0 else
                  data + b'startxref\n%d\n%%%%EOF\n' % u.base.doc.start
                  if how == 1 else data.replace(b'\nstartxref\n', b'\n'))


@attack
def trailer_root(u):
    root = dict(u.get(u.root_ref))
    page = dict(u.base.pages[0][1], Contents=u.add(Stream({}, u.evil_text())))
    pages = u.add({'Type': Name('Pages'), 'Count': 1})
    page['Parent'] = pages
    u.objects[pages.num]['Kids'] = [u.add(page)]
    root['Pages'] = pages
    new = u.add(root)
    if u.rng.random() < .5:
        u.trailer['Root'] = new
        return
    # Twice the key: which one counts?
    rows = [b'/Root %d 0 R' % new.num]
    u.kind = 'table'
    u.last.append(lambda data: data[:data.rindex(b'trailer')] + data[
        data.rindex(b'trailer'):].replace(b'<<', b'<<' + rows[0] + b' ', 1)
        if u.rng.random() < .5 else data[:data.rindex(b'>>\nstartxref')] +
        rows[0] + data[data.rindex(b'>>\nstartxref'):])


@attack
def trailer_encrypt(u):
    u.trailer['Encrypt'] = {'Filter': Name('Standard'), 'V': 1, 'R': 2,
                            'O': b'\1' * 32, 'U': b'\2' * 32, 'P': -4}


@attack
def trailer_other(u):
    key, thing = u.rng.choice((
        ('Prev', u.base.doc.start + 2), ('XRefStm', 20),
        ('XRefStm', u.base.doc.start), ('Size', Ref(u.fresh)),
        ('ID', [b'x', b'y']), ('Info', Ref(99999))))
    hide_evil(u)
    u.trick(lambda section, out: (section.trailer.update({key: thing}),
                                  out)[1])


@attack
def row_format(u):
    """Rows as some writers, and no standard, have them."""
    if u.rng.random() < .6:
        hide_evil(u)
    u.kind = 'table'
    old, new = u.rng.choice((
        (rb' n \n', b' n\n'), (rb' n \n', b' N \n'), (rb' n \n', b'  \n'),
        (rb'xref\n0 1\n', b'xref\n1 1\n'), (rb'xref\n0 ', b'xref 0 '),
        (rb'00000 n', b'0000 n'), (rb'xref\n0 1\n', b'xref\n0 2\n'),
        (rb'trailer', b'trailer \x00'), (rb'65535 f', b'65536 f'),
        (rb'trailer\n', b'% a comment\ntrailer\n')))
    u.last.append(lambda data: data[:len(u.base.data)] + re.sub(
        old, new, data[len(u.base.data):]))


@attack
def dead_reference(u):
    """Something harmless that leads to no object: who misses it rebuilds."""
    hide_evil(u)
    if u.rng.random() < .4:
        far_away(u)
    dead = Ref(u.fresh + 40)
    how = u.rng.randrange(8)
    if how < 4:
        key = ('Version', 'Metadata', 'PieceInfo', 'PageLabels')[how]
        u.root()[key] = dead
    elif how == 4:
        u.page()['PieceInfo'] = dead
    elif how == 5:
        u.annotations().append(dead)
    elif how == 6:
        u.annotate({'Subtype': Name('Text'), 'Rect': u.at([250, 200, 268, 218]),
                    'AP': {'N': dead}})
    else:
        u.form()['DR'] = dead
    if u.rng.random() < .5:
        u.fresh = dead.num + 2
        at = u.rng.choice((0, 3, 10 ** 8))

        def turn(section, out):
            section.rows[dead.num] = (1, at, 0)
            return out
        u.trick(turn)


@attack
def second_document(u):
    """A whole other PDF behind, or before the update."""
    num, value = u.evil()
    other = u.base.data.replace(b'10000', b'99999')
    if u.rng.random() < .5:
        u.before += other
    else:
        u.behind += other


@attack
def header_again(u):
    hide_evil(u)
    u.before += b'%PDF-1.4\n%\xff\xff\xff\xff\n'


@attack
def loop(u):
    """A section that leads to itself."""
    hide_evil(u)
    u.last.append(lambda data: re.sub(
        rb'/Prev \d+', b'/Prev ' + re.findall(rb'startxref\n(\d+)', data)[-1],
        data[len(u.base.data):]) and data[:len(u.base.data)] + re.sub(
            rb'/Prev \d+', b'/Prev ' + re.findall(
                rb'startxref\n(\d+)', data)[-1], data[len(u.base.data):]))


@attack
def linearised(u):
    u.before += body(u.fresh, {'Linearized': 1, 'L': len(u.base.data), 'O':
                               u.page_ref().num, 'E': 2000, 'N': 1, 'T': 100,
                               'H': [100, 10]})
    u.fresh += 1
    hide_evil(u)


@attack
def gap_stray_in_signature(u):
    """A further signature whose update hides bytes."""
    hide_evil(u)
    u.sign([0, 0, 0, 0])


@attack
def broken_object(u):
    """An object of the update that cannot be read."""
    u.add(u.rng.choice((Raw(b'<</A'), Raw(b'<</A 1>'), Raw(b'[1 2'),
                        Raw(b'<</Length 99999>>\nstream\nx\nendstream'),
                        Raw(b'<</Length 1/Filter/BrotliDecode>>\nstream\nx\n'
                            b'endstream'),
                        Raw(b''), Raw(b'endobj'), Raw(b'1 0 obj'))))
    if u.rng.random() < .7:
        hide_evil(u)


