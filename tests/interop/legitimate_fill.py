# SPDX-License-Identifier: Apache-2.0
"""Forms that are filled after signing, as iText, PDFBox and Acrobat fill."""
from legitimate_base import form_x
from legitimate_hand import SIGNED_BY, Update, deed, emit, look_of, now
from legitimate_pdf import Name, Ref

TEXT = '/Tx BMC q 1 1 %d 18 re W n BT /Helv %s Tf 0 g %s 6 Td (%s) Tj ET Q EMC'


def look(u, text, width=200, size='10', at='2'):
    """With the fonts of the form."""
    out = form_x(TEXT % (width - 2, size, at, text), '0 0 %d 20' % width)
    fonts = u.doc.get(u.doc.get(u.doc.get(u.doc.root)['AcroForm'])['DR'])
    out.entries['Resources'] = {'Font': u.doc.own(fonts['Font'])}
    return out


def text(u, name, value, width=100, **more):
    """A text field with a value and a new appearance."""
    field = u.own(u.doc.field(name))
    field['V'] = value.encode()
    field['AP'] = {'N': u.add(look(u, value, width))}
    field.update(more)
    return u


def acrobat_text(u):
    """A smaller font in the middle, the date of the change."""
    text(u, 'name', 'Alice', 200, DA=b'/Helv 8 Tf 0 0 1 rg', Q=1, M=now())
    blue = look(u, 'Alice', 200, '8', '90')
    blue.data = blue.data.replace(b'0 g', b'0 0 1 rg')
    u.objects[u.own(u.doc.field('name'))['AP']['N']] = blue


def pdfbox_text(u):
    """The old appearance's stream is written anew under its number."""
    field = u.own(u.doc.field('name'))
    field['V'] = b'Bob'
    u.objects[field['AP']['N']] = look(u, 'Bob')


def checked(u):
    u.own(u.doc.field('paid')).update(V=Name('Yes'), AS=Name('Yes'))


def radio(u):
    parent = u.own(u.doc.field('term'))
    parent['V'] = Name('1')
    u.own(parent['Kids'][1])['AS'] = Name('1')
    u.own(parent['Kids'][0])['AS'] = Name('Off')


def combo(u):
    text(u, 'size', 'large', 120)


def listed(u):
    text(u, 'colour', 'huge', 120, I=[2], TI=0)


def calculated(u):
    """Two numbers, and their product in the field of /CO."""
    text(u, 'price', '12')
    text(u, 'amount', '3')
    text(u, 'total', '36')


def wide(u):
    """Text that is no ASCII, in UTF-16; a look of its own font."""
    field = u.own(u.doc.field('name'))
    field['V'] = b'\xfe\xff' + 'Zoë'.encode('utf-16-be')
    frm = look_of('/Tx BMC BT /H 10 Tf 2 6 Td (Zo\353) Tj ET EMC',
                  '0 0 200 20')
    field['AP'] = {'N': u.add(frm)}


def default(u):
    """The form is written too, without what is the default."""
    text(u, 'name', 'Carol', 200)
    u.form().pop('NeedAppearances')


def kept(u):
    """The form is written too, as it was; fields that keep their values."""
    text(u, 'name', 'Dan', 200)
    u.form()['NeedAppearances'] = False
    for name in ('price', 'amount', 'size'):
        u.own(u.doc.field(name))


def everything(u):
    for fill in (acrobat_text, checked, radio, combo, listed, calculated):
        fill(u)


def emptied(u):
    """A check box that is left off, a text that is left empty."""
    u.own(u.doc.field('paid'))['AS'] = Name('Off')
    u.own(u.doc.field('name'))['V'] = b''


FILLS = (acrobat_text, pdfbox_text, checked, radio, combo, listed, calculated,
         wide, default, kept, everything, emptied)


def signed_after(data):
    """Filled, then signed by hand in the empty field of the form."""
    u = Update(data)
    field = u.doc.field('Buyer')
    u.own(field)['AP'] = {'N': u.add(look_of(SIGNED_BY, '0 0 212 62'))}
    u.form()['SigFlags'] = 3
    return u.sign(field)


def main():
    for fill in FILLS:
        u = Update(deed('form'))
        fill(u)
        emit('fill', fill.__name__, u)
    for base in ('form-streams', 'form-linear', 'form-linear-streams'):
        for fill in (acrobat_text, everything):
            u = Update(deed(base))
            fill(u)
            emit('fill', '%s-%s' % (base, fill.__name__), u)
    for fill in (acrobat_text, calculated, everything):
        u = Update(deed('form', '--certify', 'form'))
        fill(u)
        emit('fill', 'certified-' + fill.__name__, signed_after(u.save()))
    # Filled and signed in one revision, as Acrobat saves.
    u = Update(deed('form'))
    everything(u)
    field = u.doc.field('Buyer')
    u.own(field)['AP'] = {'N': u.add(look_of(SIGNED_BY, '0 0 212 62'))}
    u.form()['SigFlags'] = 3
    emit('fill', 'with-signature', u.sign(field))
    # Filled one after the other, then signed by deed; filled before too.
    u = Update(deed('form'))
    acrobat_text(u)
    u = Update(u.save())
    calculated(u)
    emit('fill', 'then-deed', deed(u.save(), '--field', 'Buyer', party='li'))
    u = Update('form.pdf')
    text(u, 'name', 'first', 200)
    u = Update(deed(u.save()))
    acrobat_text(u)
    emit('fill', 'refilled', u)
    # The signature locks the name; the others may be filled.
    u = Update(deed('locking', '--field', 'Buyer'))
    calculated(u)
    checked(u)
    emit('fill', 'others-locked', u)
    # A field below another, whose widget is apart.
    u = Update('form.pdf')
    parent = u.add({'T': b'party'})
    field = u.add({'T': b'town', 'FT': Name('Tx'), 'Parent': parent,
                   'DA': b'/Helv 10 Tf 0 g'})
    kid = u.add({'Type': Name('Annot'), 'Subtype': Name('Widget'), 'F': 4,
                 'Rect': [72, 540, 272, 560], 'Parent': field, 'P': u.page(),
                 'AP': {'N': u.add(look(u, ''))}})
    u.objects[parent]['Kids'], u.objects[field]['Kids'] = [field], [kid]
    u.fields().append(parent)
    u.annots(u.page()).append(kid)
    u = Update(deed(u.save()))
    u.own(Ref(field))['V'] = b'Beijing'
    u.own(Ref(kid))['AP'] = {'N': u.add(look(u, 'Beijing'))}
    emit('fill', 'below', u)


if __name__ == '__main__':
    main()
