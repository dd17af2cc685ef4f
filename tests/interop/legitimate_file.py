# SPDX-License-Identifier: Apache-2.0
"""What writers do around the objects: the ends of files, tables with odd
rows, /Info, /Metadata and /ID, empty updates, empty fields, locks."""
import re

from legitimate_hand import SIGNED_BY, Update, deed, emit, look_of, now
from legitimate_pdf import Name, Stream, value_of


def xmp(date):
    return Stream(
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x='
        '"adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf'
        '-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe'
        '.com/xap/1.0/"><xmp:ModifyDate>%s</xmp:ModifyDate></rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>' % date,
        value_of('<</Type/Metadata/Subtype/XML>>'))


def info(u):
    u.own(u.doc.trailer['Info'])['ModDate'] = now()


def info_new(u):
    """pdf-lib's and PDFBox's: another object."""
    old = u.doc.own(u.doc.trailer['Info'])
    u.style['trailer'] = {'Info': u.add({
        **old, 'ModDate': now(), 'Producer': b'another (modified by a third)'
    })}


def metadata(u):
    u.catalog()['Metadata'] = u.add(xmp('2026-11-28T12:00:00Z'))


def metadata_again(u):
    at = u.doc.get(u.doc.root)['Metadata']
    u.objects[at] = xmp('2026-11-28T12:00:00Z')


def identifier(u):
    info(u)
    u.style['trailer'] = {'ID': [u.doc.trailer['ID'][0], b'\x01\xfe' * 8]}


def empty(u):
    """An update of nothing: a table of the head of the free list alone."""


def generation(u):
    info(u)
    u.style['zero'] = b'0000000000 65536 f \n'


def past_size(u):
    """Rows for numbers that /Size does not cover: free ones."""
    info(u)
    size = u.doc.size
    u.style['more'] = b'%d 2\n' % (size + 3) + b'0000000000 00000 f \n' * 2


def comment(u):
    info(u)
    u.style['comment'] = b'\n%iText-7.2.5\n'


def no_info(u):
    """A trailer that does not carry /Info on, as older PDFBox has it."""
    u.catalog()
    del u.doc.trailer['Info']


def sig_flags(u):
    u.form()['SigFlags'] = 3


def mark_info(u):
    u.catalog()['MarkInfo'] = {'Marked': False}


def version(u):
    u.catalog()['Version'] = Name('2.0')


def extensions(u):
    u.catalog()['Extensions'] = value_of(
        '<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>/ESIC<</BaseVersion/1.7'
        '/ExtensionLevel 5>>>>')


def tooltip(u):
    u.own(u.doc.field('Buyer'))['TU'] = b'The buyer'


def empty_field(u):
    u.widget('Later', '72 100 272 140', '/MK<<>>/TU(Sign here later)')
    u.form()['SigFlags'] = 3


def invisible_field(u):
    u.widget('Later', '0 0 0 0')


def locked_field(u):
    field = u.widget('Later', '72 100 272 140')
    u.own(field)['Lock'] = u.add('<</Type/SigFieldLock/Action/All>>')


def seeded_field(u):
    field = u.widget('Later', '72 100 272 140')
    u.own(field)['SV'] = u.add('<</Type/SV/Ff 0/SubFilter[/ETSI.CAdES.detached'
                               ']/Reasons[(I agree)]>>')


def orphan(u):
    """Objects that nothing names, as writers leave them."""
    info(u)
    u.add(b'unused')
    u.add(Stream('q Q'))


def freed(u):
    """A new appearance; the old one's number is free now."""
    field = u.own(u.doc.field('name'))
    old = u.doc.own(field['AP']['N'])
    u.style['free'] = [int(field['AP']['N'])]
    field['V'] = b'Eve'
    old.data = b'/Tx BMC BT /Helv 10 Tf 0 g 2 6 Td (Eve) Tj ET EMC'
    field['AP'] = {'N': u.add(old)}


EVERYWHERE = (orphan, info, info_new, metadata, identifier, empty, generation,
              past_size, comment, no_info, version, extensions)
FORM = (freed, sig_flags, mark_info, tooltip, empty_field, invisible_field,
        locked_field, seeded_field)
ENDS = {'nuls': b'\n' + bytes(512), 'blanks': b'\n' + b' ' * 300,
        'lines': b'\r\n' * 5, 'cr': b'\r', 'none': b'', 'mixed':
        b'\n\n \t\f\0\r\n', 'far': b'\n' + bytes(3000)}


def odd_tables():
    """Tables that are so when they are signed."""
    data = Update('form.pdf').doc.data
    head = re.compile(rb'\d{10} 65535 f')
    yield 'generation', head.sub(b'0000000000 65536 f', data, count=1)
    yield 'zero', head.sub(b'0000000000 00000 f', data, count=1)
    # Free rows past /Size.
    size = Update('form.pdf').doc.size
    rows = b'%d 2\n' % (size + 2) + b'0000000000 00000 f \n' * 2
    yield 'past', data.replace(b'trailer\n', rows + b'trailer\n')
    yield 'crlf', re.sub(rb'(\d{10} \d{5} [nf]) \n', rb'\1\r\n', data)
    yield 'blank', data.replace(b'startxref', b'\n\nstartxref')
    yield 'tail', data + bytes(700)


def main():
    for base in ('form', 'form-streams', 'form-linear', 'word'):
        changes = EVERYWHERE + (FORM if base == 'form' else ())
        for change in changes:
            stream = base == 'form-streams'
            if stream and change in (generation, past_size) :
                continue
            if base == 'word' and change is metadata:
                change = metadata_again
            u = Update(deed(base))
            change(u)
            emit('file', '%s-%s' % (base, change.__name__), u)
    for name, end in ENDS.items():
        kind = 'far' if name == 'far' else 'end'
        emit(kind, name, deed('form') + end)
        u = Update(deed('form') + end)
        emit('end', 'signed-' + name, u.sign(u.widget('a', '0 0 0 0')))
        u = Update(deed('form'))
        info(u)
        emit(kind, 'update-' + name, u.save(end=end))
    for name, data in odd_tables():
        emit('table', name, deed(data))
        emit('table', 'twice-' + name, deed(deed(data), party='li'))
    # An update in an object stream; a table after a stream and the other way
    # round, as PDFBox 1 and others write.
    for base, how in (('form-streams', {'pack': True}),
                      ('form-linear-streams', {'pack': True}),
                      ('tagged-streams', {'pack': True}),
                      ('form-streams', {'stream': False}),
                      ('form', {'stream': True}),
                      ('form', {'stream': True, 'pack': True})):
        name = '%s-%s' % (base, '-'.join('%s-%s' % (k, int(v))
                                         for k, v in how.items()))
        u = Update(deed(base))
        info_new(u)
        u.style.update(how)
        emit('section', name, u)
        u = Update(deed(base))
        u.style.update(how)
        field = u.widget('a', '350 40 550 80', look=look_of(SIGNED_BY))
        emit('section', name + '-signed', u.sign(field))
    # What had a history of its own when it was signed.
    for base in ('edited', 'reused', 'direct'):
        once = deed(base)
        emit('history', base, deed(once, party='li'))
        u = Update(once)
        field = u.widget('a', '350 40 550 80', look=look_of(SIGNED_BY))
        emit('history', base + '-signed', u.sign(field))
        u = Update(once)
        info(u)
        emit('history', base + '-info', u)
    # By P 3 and by a signature that says nothing of it, fields may be added;
    # then they are signed.
    for how in ((), ('--certify', 'annotate')):
        for change in (empty_field, locked_field, seeded_field):
            u = Update(deed('form', *how))
            change(u)
            name = change.__name__ + ('-certified' if how else '')
            data = emit('field', name, u)
            u = Update(data)
            field = u.doc.field('Later')
            u.own(field)['AP'] = {'N': u.add(look_of(SIGNED_BY))}
            emit('field', name + '-signed', u.sign(field))
    u = Update(deed('form'))
    invisible_field(u)
    emit('field', 'invisible-signed', deed(u.save(), '--field', 'Later',
                                           party='li'))


if __name__ == '__main__':
    main()
