# SPDX-License-Identifier: Apache-2.0
"""Equal content that is written again: under its own number, under another,
inside its owner or outside it."""
from legitimate_hand import Update, deed, emit
from legitimate_pdf import Name, Ref, Stream, copied


def resources_moved(u):
    """/Resources becomes an object of its own."""
    page = u.own(u.page())
    page['Resources'] = u.add(u.doc.own(page['Resources']))


def annots_moved(u):
    page = u.own(u.page())
    page['Annots'] = u.add(u.doc.own(page['Annots']))


def page_again(u):
    u.own(u.page())


def page_sorted(u):
    """The keys in another order, /Type last."""
    ref = u.page()
    u.objects[ref] = dict(sorted(u.own(ref).items(), reverse=True))


def spelled(u):
    """Reals for integers."""
    page = u.own(u.page())
    page['MediaBox'] = [float(x) for x in u.doc.get(page['MediaBox'])]


def default_here(u):
    """What is so by default (ISO 32000-1 table 30) is written down."""
    page = u.own(u.page())
    page.update(Rotate=0, CropBox=copied(page['MediaBox']))


def catalog_moved(u):
    new = u.add(u.doc.own(u.doc.root))
    u.style['trailer'] = {'Root': new}


def catalog_again(u):
    u.catalog()


def fonts_copied(u):
    page = u.own(u.page())
    resources = page['Resources'] = u.doc.own(page['Resources'])
    fonts = resources['Font'] = u.doc.own(resources['Font'])
    for name, font in fonts.items():
        fonts[name] = u.add(u.doc.own(font))


def all_again(u):
    """Every object that the table has, unchanged."""
    for number in sorted(u.doc.at):
        value = u.doc.get(Ref(number))
        kind = value.entries.get('Type') if isinstance(value, Stream) else (
            value.get('Type') if isinstance(value, dict) else None)
        if kind not in ('XRef', 'ObjStm', 'Sig'):
            u.own(Ref(number))


def deep(u, value, new, skip):
    """A copy of what VALUE leads to, under new numbers but for SKIP."""
    if isinstance(value, Ref):
        if value in skip:
            return value
        if value not in new:
            new[value] = u.add(None)
            u.objects[new[value]] = deep(u, u.doc.own(value), new, skip)
        return new[value]
    if isinstance(value, dict):
        return {k: v if k == 'Parent' else deep(u, v, new, skip)
                for k, v in value.items()}
    if isinstance(value, list):
        return [deep(u, v, new, skip) for v in value]
    if isinstance(value, Stream):
        return Stream(value.data, deep(u, value.entries, new, skip))
    return value


def contents_copied(u):
    page = u.own(u.page())
    page['Contents'] = deep(u, page['Contents'], {}, set())


def page_deep(u):
    """All that the page paints, under new numbers."""
    page, new, skip = u.own(u.page()), {}, set(u.doc.pages())
    for key in ('Contents', 'Resources'):
        page[key] = deep(u, page[key], new, skip)


def looks_copied(u):
    for ref in u.doc.get(u.doc.get(u.page())['Annots']):
        field = u.own(ref)
        if 'AP' in field:
            field['AP'] = deep(u, field['AP'], {}, set())


def form_moved(u):
    """The form inside the catalog becomes an object, or goes in."""
    root = u.catalog()
    form = root['AcroForm']
    root['AcroForm'] = u.doc.own(form) if isinstance(form, Ref) else \
        u.add(form)


def form_renumbered(u):
    u.catalog()['AcroForm'] = u.add(u.doc.own(u.catalog()['AcroForm']))


def fields_moved(u):
    form = u.form()
    form['Fields'] = u.add(copied(u.fields()))


def dr_moved(u):
    form = u.form()
    form['DR'] = u.add(u.doc.own(form['DR']))
    u.objects[form['DR']]['Font'] = u.add(u.objects[form['DR']]['Font'])


def inherited_here(u):
    """What the page takes from its tree is written into it."""
    page = u.own(u.page())
    tree = u.doc.get(page['Parent'])
    for key in ('MediaBox', 'Resources', 'Rotate'):
        page[key] = copied(tree[key])


def one_in_array(u):
    page = u.own(u.page())
    page['Contents'] = [page['Contents']]


def tree_again(u):
    """iText's release in the page tree."""
    u.own(u.catalog()['Pages'])['ITXT'] = b'5.5.13'


def outline_moved(u):
    """An outline and names, under new numbers."""
    root, new, skip = u.catalog(), {}, set(u.doc.pages())
    for key in ('Names', 'PageLabels'):
        root[key] = deep(u, root[key], new, skip)
    old = root['Outlines']
    item = u.doc.get(old)['First']
    root['Outlines'] = u.add(u.doc.own(old))
    copy = u.add(u.doc.own(item))
    u.objects[root['Outlines']].update(First=copy, Last=copy)
    u.objects[copy]['Parent'] = root['Outlines']


FORM = (resources_moved, annots_moved, page_again, page_sorted, spelled,
        default_here, catalog_moved, catalog_again, fonts_copied, all_again,
        contents_copied, page_deep, looks_copied, form_moved, form_renumbered,
        fields_moved, dr_moved, one_in_array, tree_again)
INHERITED = (inherited_here, tree_again, outline_moved, all_again,
             catalog_moved, contents_copied)
OTHERS = (resources_moved, page_again, catalog_moved, all_again, page_deep)


def signed(u, name='copy'):
    return u.sign(u.widget(name, '0 0 0 0'))


def main():
    for base, changes in (('form', FORM), ('inherited', INHERITED),
                          ('word', OTHERS), ('form-streams', OTHERS),
                          ('form-linear', OTHERS)):
        for change in changes:
            u = Update(deed(base))
            change(u)
            emit('copy', '%s-%s' % (base, change.__name__), u)
    for change in (form_moved, catalog_again, annots_moved, all_again):
        u = Update(deed('direct'))
        change(u)
        emit('copy', 'direct-' + change.__name__, u)
    # With a signature in the same revision, as it happens in practice.
    for change in (resources_moved, annots_moved, fonts_copied, form_moved,
                   page_deep, all_again):
        first = Update(deed('form'))
        change(first)
        signature = Update(first.save())
        emit('copy', 'signed-' + change.__name__, signed(signature))
    # The appearance of the first signature moved with its box.
    u = Update(deed('form', '--field', 'Buyer', '--visible'))
    looks_copied(u)
    emit('copy', 'seal-looks', u)
    # The value of a field, once inside it, is an object now.
    u = Update('form.pdf')
    u.own(u.doc.field('name'))['V'] = b'Alice'
    u = Update(deed(u.save()))
    u.own(u.doc.field('name'))['V'] = u.add(b'Alice')
    emit('copy', 'value', u)
    u = Update(deed('form'))
    u.own(u.doc.field('paid'))['Type'] = Name('Annot')
    emit('copy', 'field-again', u)


if __name__ == '__main__':
    main()
