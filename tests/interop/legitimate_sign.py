# SPDX-License-Identifier: Apache-2.0
"""Further signatures: by deed on every kind of file, and by hand after what
Acrobat, iText and PDFBox write."""
import sys

from legitimate_hand import SIGNED_BY, SIZE, Update, deed, emit, look_of, now
from legitimate_pdf import Name, value_of

DATA = sys.argv[1] if len(sys.argv) > 1 else 'data'
SAMPLES = ('contract', 'pdf/cairo', 'pdf/libreoffice', 'pdf/chromium',
           'pdf/pdftex', 'pdf/pdftex-1.3', 'pdf/qpdf-2.0', 'pdf/qpdf-linear',
           'pdf/qpdf-linear-objstm', 'pdf/hybrid', 'pdf/groff',
           'pdf/ghostscript-1.3', 'pdf/ghostscript-2.0', 'pdf/fields',
           'pdfa/office-1b', 'pdfa/office-2b', 'pdfa/blank-3b')
OWN = ('form', 'tagged', 'word', 'form-streams', 'tagged-streams',
       'form-linear', 'form-linear-streams', 'form-aes', 'tagged-aes128',
       'form-rc4')


def by_deed():
    """A second and a third signature, in no place and in an empty one."""
    for name in SAMPLES + OWN:
        source = '%s/%s' % (DATA, name) if name in SAMPLES else name
        once = deed(source)
        twice = deed(once, party='li')
        short = name.replace('pdf/', '').replace('pdfa/', '')
        emit('deed', 'second-' + short, twice)
        if name in OWN:
            emit('deed', 'third-' + short,
                 deed(twice, '--reason', 'seen', party='acme'))
    for name in ('form', 'form-streams', 'form-aes'):
        emit('deed', 'field-' + name, deed(
            deed(name), '--field', 'Buyer', '--visible', party='li'))
    emit('deed', 'certified', deed(
        deed('form', '--certify', 'form'), '--field', 'Buyer', '--visible',
        party='li'))
    emit('deed', 'lock', deed(deed(DATA + '/pdf/fields', '--field', 'Buyer'),
                              '--field', 'Last', party='li'))
    for name in ('blank', 'tagged', 'word'):
        emit('deed', 'seal-' + name, deed(
            deed(name), '--position', '120,120', party='acme',
            command='seal'))
    u = Update('form.pdf')
    u.sign(u.widget('alice', '350 40 550 80', look=look_of(SIGNED_BY)))
    emit('deed', 'after-alice', deed(u.save(), party='wang'))


def tag(u, field, acrobat=True):
    """The structure element of a new widget.  Acrobat writes the parent tree
    anew where it is flat; iText appends to the last leaf."""
    doc = u.doc
    root_ref = doc.get(doc.root)['StructTreeRoot']
    root = u.own(root_ref)
    key = root['ParentTreeNextKey']
    page = u.own(field)['P']
    parent = root_ref if acrobat else root['K'][0]
    element = u.add({'Type': Name('StructElem'), 'S': Name('Form'),
                     'P': parent, 'Pg': page,
                     'K': {'Type': Name('OBJR'), 'Obj': field, 'Pg': page}})
    u.own(parent)['K'].append(element)
    if acrobat:
        tree = u.own(root['ParentTree'])
        tree['Nums'] += [key, element]
    else:
        old = doc.get(root['ParentTree'])
        root['ParentTree'] = u.add({'Nums': old['Nums'] + [key, element]})
    root['ParentTreeNextKey'] = key + 1
    u.own(field)['StructParent'] = key
    u.own(page)['Tabs'] = Name('S')


def on_tagged():
    for base in ('tagged', 'word', 'tagged-streams'):
        for acrobat in (True, False):
            u = Update(deed(base))
            field = u.widget('alice', '72 360 272 400', look=look_of(
                SIGNED_BY), more='/TU(Signature of alice)')
            tag(u, field, acrobat)
            emit('tagged', '%s-%s' % (base, 'acrobat' if acrobat else 'itext'),
                 u.sign(field))
    # In no place: elements that say nothing, and /Tabs added.
    u = Update(deed('tagged'))
    field = u.widget('alice', '0 0 0 0')
    tag(u, field)
    emit('tagged', 'invisible', u.sign(field))
    # A tree of leaves, where a new leaf is added (ISO 32000-1 7.9.7).
    u = Update(deed('tagged'))
    field = u.widget('alice', '72 360 272 400', look=look_of(SIGNED_BY))
    tag(u, field)
    root = u.own(u.doc.get(u.doc.root)['StructTreeRoot'])
    tree = u.own(root['ParentTree'])
    new = tree['Nums'][-2:]
    leaf = u.add({'Limits': [0, 0], 'Nums': tree['Nums'][:-2]})
    other = u.add({'Limits': [new[0], new[0]], 'Nums': new})
    tree.pop('Nums')
    tree['Kids'] = [leaf, other]
    emit('tagged', 'leaves', u.sign(field))


def acrobat(u, field, lock=False):
    """Layers as Acrobat 9 and later write them; Info and /ID too."""
    more = value_of('<</ProcSet[/PDF]>>')
    layers = {}
    for name, content in (('n0', '% DSBlank\n'), ('n2', SIGNED_BY)):
        layers[name] = u.add(look_of(content))
    frm = look_of('q 1 0 0 1 0 0 cm /n0 Do Q q 1 0 0 1 0 0 cm /n2 Do Q')
    frm.entries['Resources'] = {**more, 'XObject': layers}
    top = look_of('q 1 0 0 1 0 0 cm /FRM Do Q')
    top.entries['Resources'] = {**more, 'XObject': {'FRM': u.add(frm)}}
    widget = u.own(field)
    widget['AP'] = {'N': u.add(top)}
    widget['MK'] = {}
    if lock:
        widget['Lock'] = u.add('<</Type/SigFieldLock/Action/All>>')
    if 'Info' in u.doc.trailer:
        u.own(u.doc.trailer['Info'])['ModDate'] = now()
        u.style['trailer'] = {'ID': [u.doc.trailer['ID'][0], b'f' * 16]}
    return u


BUILD = value_of('<</Filter<</Name/Adobe.PPKLite/R 131104/Date(Nov 28 2026)>>'
                 '/App<</Name/Exchange-Pro/OS[/Win]/R 1507328/TrustedMode '
                 'true/REx(23.1.2)>>>>')


def by_hand():
    for base in ('form', 'form-streams', 'form-linear', 'contract', 'word'):
        source = DATA + '/contract' if base == 'contract' else base
        u = Update(deed(source))
        field = u.widget('Signature9', '350 40 550 80')
        acrobat(u, field)
        emit('acrobat', base, u.sign(field, {
            'SubFilter': Name('adbe.pkcs7.detached'), 'Prop_Build': BUILD,
            'Name': b'alice', 'Reason': b'I approve'}))
    u = Update(deed('form'))
    acrobat(u, u.doc.field('Buyer'), lock=True)
    emit('acrobat', 'field', u.sign(u.doc.field('Buyer')))
    # iText 7: a field, its widget the only kid; /Annots and /Fields made
    # objects of their own before, in the signed revision.
    u = Update(deed('form'))
    page = u.page()
    kid = u.add({**value_of('<</Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]'
                            '>>'), 'P': page})
    field = u.add({'FT': Name('Sig'), 'T': b'Signature1x', 'Kids': [kid]})
    u.objects[kid]['Parent'] = field
    u.annots(page).append(kid)
    u.fields().append(field)
    u.form()['SigFlags'] = 3
    emit('itext', 'kid', u.sign(field))
    # PDFBox: no appearance, the widget of no size.
    u = Update(deed('blank'))
    field = u.widget('Signature1x', '0 0 0 0')
    emit('pdfbox', 'invisible', u.sign(field, {
        'SubFilter': Name('adbe.pkcs7.detached'), 'Location': b'Hamburg'}))
    # PDFBox's template for a visible one: a square appearance without text.
    u = Update(deed('blank'))
    look = look_of('q 200 0 0 40 0 0 cm /n0 Do Q', more='/XObject<<>>')
    inner = u.add(look_of('0 0 1 1 re n', '0 0 1 1'))
    look.entries['Resources']['XObject']['n0'] = inner
    field = u.widget('Signature1x', '72 360 272 400', look=look)
    emit('pdfbox', 'visible', u.sign(field))


def parked(base):
    """A field that stands on no page, as PDFBox's createField leaves it;
    signed, it is put onto one."""
    u = Update(base)
    field = u.add({'FT': Name('Sig'), 'T': b'parked', 'Type': Name('Annot'),
                   'Subtype': Name('Widget'), 'Rect': [0, 0, 0, 0]})
    u.fields().append(field)
    return u.save()


def from_no_page():
    for base in ('form', 'blank', 'form-streams'):
        u = Update(deed(parked(base + '.pdf')))
        field, page = u.doc.field('parked'), u.page()
        u.own(field).update({'P': page, 'F': 132})
        u.annots(page).append(field)
        u.form()['SigFlags'] = 3
        emit('parked', base, u.sign(field))
    # With a box on blank paper.
    u = Update(deed(parked('blank.pdf')))
    field, page = u.doc.field('parked'), u.page()
    u.own(field).update({'P': page, 'F': 132, 'Rect': [72, 360, 272, 400],
                         'AP': {'N': u.add(look_of(SIGNED_BY))}})
    u.annots(page).append(field)
    u.form()['SigFlags'] = 3
    emit('parked', 'visible', u.sign(field))
    # A pure field without a widget; the widget comes as its kid.
    u = Update('form.pdf')
    field = u.add({'FT': Name('Sig'), 'T': b'parked'})
    u.fields().append(field)
    u = Update(deed(u.save()))
    field, page = u.doc.field('parked'), u.page()
    kid = u.add({'Type': Name('Annot'), 'Subtype': Name('Widget'), 'F': 132,
                 'Rect': [0, 0, 0, 0], 'Parent': field, 'P': page})
    u.own(field)['Kids'] = [kid]
    u.annots(page).append(kid)
    emit('parked', 'kid', u.sign(field))


def odd_contents():
    """What may stand in the hole beside the CMS."""
    def shapes(made):
        digits = made.hex().encode()
        rest = SIZE - len(digits)
        yield 'newline', digits + b'0A' + b'0' * (rest - 2)
        yield 'bytes', digits + (b'00' * 8 + b'DEADBEEF') .ljust(rest, b'0')
        yield 'upper', digits.upper() + b'0' * rest
        yield 'spaces', digits + b' ' * rest
        lines = b'\n'.join(digits[i:i + 64] for i in
                           range(0, len(digits), 64))
        yield 'lines', lines + b'0' * (SIZE - len(lines))
        yield 'odd', digits + b'0' * (rest - 1) + b'\n'
        yield 'full', digits + b'F' * rest

    for index in range(7):
        u = Update(deed('form'))
        field = u.widget('alice', '0 0 0 0')
        picked = []

        def shape(made, picked=picked, index=index):
            picked.extend(list(shapes(made))[index])
            return picked[1]
        data = u.sign(field, shape=shape).save()
        emit('contents', picked[0], data)


def main():
    by_deed()
    on_tagged()
    by_hand()
    from_no_page()
    odd_contents()


if __name__ == '__main__':
    main()
