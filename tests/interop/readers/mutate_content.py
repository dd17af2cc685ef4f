# SPDX-License-Identifier: Apache-2.0
"""Pages, fonts, content, and what the catalog says."""
from make_bases import FONT, PRICE
from pdf_file import Name, Ref, Stream
from update import Unfit, attack, flate

SCRIPT = {'S': Name('JavaScript'), 'JS': b'app.alert(1)'}


@attack
def page_key(u):
    page = u.page(u.any_page())
    r = u.rng
    key, thing = r.choice((
        ('Rotate', r.choice((90, 180, 0, 450))), ('CropBox', [0, 0, 300, 200]),
        ('CropBox', [-100, 0, 300, 400]), ('MediaBox', [0, 0, 300, 300]),
        ('MediaBox', [0, 0, 300, 401]), ('TrimBox', [0, 0, 100, 100]),
        ('UserUnit', 2), ('Group', {'S': Name('Transparency'), 'CS': Name(
            'DeviceCMYK'), 'I': True}), ('Tabs', Name('R')),
        ('AA', {'O': SCRIPT}), ('Dur', 1), ('Trans', {'S': Name('Fly')}),
        ('Thumb', u.add(Stream({'Width': 1, 'Height': 1, 'BitsPerComponent': 8,
                                'ColorSpace': Name('DeviceGray')}, b'\0'))),
        ('StructParents', 7), ('Type', Name('Template')), ('B', []),
        ('SeparationInfo', {}), ('PZ', 2), ('ID', b'x'),
        ('TemplateInstantiated', Name('x')), ('VP', []),
        ('BoxColorInfo', {}), ('Metadata', u.add(Stream({
            'Type': Name('Metadata'), 'Subtype': Name('XML')}, b'<x/>')))))
    page[key] = thing


@attack
def page_key_gone(u):
    page = u.page(u.any_page())
    keys = sorted(set(page) - {'Type', 'Parent', 'Annots'})
    page.pop(u.rng.choice(keys))


@attack
def tree_key(u):
    """What pages inherit."""
    pages_ref = u.get(u.root_ref)['Pages']
    pages = u.own(pages_ref)
    pages['Kids'] = list(u.get(pages['Kids']))
    key, thing = u.rng.choice((
        ('Rotate', 90), ('CropBox', [0, 0, 300, 200]), ('MediaBox', [
            0, 0, 100, 100]), ('Resources', {'Font': {}}), ('Count', 5),
        ('Count', 0), ('Count', -1), ('Type', Name('Page')),
        ('Kids', list(reversed(pages['Kids']))), ('Kids', pages['Kids'][:-1]),
        ('Kids', pages['Kids'] * 2)))
    pages[key] = thing


@attack
def page_added(u):
    pages_ref = u.get(u.root_ref)['Pages']
    pages = u.own(pages_ref)
    pages['Kids'] = list(u.get(pages['Kids']))
    new = u.add(dict(u.base.pages[0][1], Parent=pages_ref, Contents=u.add(
        Stream({}, u.evil_text())), Annots=[]))
    kids = list(pages['Kids'])
    kids.insert(u.rng.randrange(len(kids) + 1), new)
    pages['Kids'] = kids
    if u.rng.random() < .7:
        pages['Count'] = u.get(pages['Count']) + 1


@attack
def contents(u):
    """More, less or other content."""
    page = u.page(u.any_page())
    old = page.get('Contents')
    old = list(old) if isinstance(old, list) else [old]
    x, y = u.base.origin
    more = u.add(Stream({}, b'q 1 g %d %d 60 18 re f Q BT /F 12 Tf %d %d Td '
                        b'(99999) Tj ET' % (x + PRICE[0], y + PRICE[1],
                                            x + PRICE[0], y + PRICE[1] + 4)))
    page['Contents'] = u.rng.choice((
        old + [more], [more] + old, old * 2, u.add(Stream({}, u.evil_text())),
        list(reversed(old)), [], old[:1], more))


@attack
def content_stream(u):
    """The stream itself."""
    num, value = u.evil()
    if not isinstance(value, Stream) or u.rng.random() < .3:
        u.objects[num] = value
        return
    u.objects[num] = u.rng.choice((
        value, flate(value.data), Stream({'Filter': Name('BrotliDecode')},
                                         value.data),
        Stream({'Filter': Name('ASCIIHexDecode')}, value.data.hex().encode() +
               b'>'), Stream({'F': b'elsewhere'}, value.data)))


@attack
def resources(u):
    """Resources of a page: another font under the name, an inherited one."""
    page = u.page()
    own = dict(u.get(page.get('Resources') or u.base.pages[0][1].get(
        'Resources')))
    nines = {'Type': Name('Encoding'), 'Differences': [
        48, Name('nine'), Name('nine')]}
    font = dict(FONT)
    how = u.rng.randrange(5)
    if how == 0:
        font['Encoding'] = nines
    elif how == 1:
        font['BaseFont'] = Name('Symbol')
    elif how == 2:
        font = None
    elif how == 3:
        own['ExtGState'] = {'M': {'ca': 0}}
        own['ColorSpace'] = {'DefaultGray': Name('DeviceGray')}
        own['Properties'] = {'L': u.add({'Type': Name('OCG'), 'Name': b'x'})}
    else:
        own['XObject'] = {'X': u.add(Stream({}, b''))}
    if how < 3:
        own['Font'] = {'F': u.add(font)} if font else {}
    page['Resources'] = u.add(own) if u.rng.random() < .5 else own


@attack
def font(u):
    """A font of the signed file is another."""
    fonts = [n for n, v in u.doc.objects.items() if isinstance(v, dict) and
             v.get('Type') == 'Font']
    if not fonts:
        raise Unfit('font')
    found = u.own(Ref(u.rng.choice(fonts)))
    key, thing = u.rng.choice((
        ('BaseFont', Name('Courier')), ('BaseFont', Name('Symbol')),
        ('Encoding', {'Type': Name('Encoding'), 'Differences': [
            48, Name('nine')]}), ('Encoding', Name('MacExpertEncoding')),
        ('ToUnicode', u.add(Stream({}, (
            b'/CIDInit /ProcSet findresource begin 12 dict begin begincmap '
            b'1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar '
            b'<30> <0039> endbfchar endcmap end end')))),
        ('Widths', [300] * 256), ('FirstChar', 0),
        ('Subtype', Name('TrueType')), ('FontDescriptor', u.add({
            'Type': Name('FontDescriptor'), 'FontName': Name('Courier'),
            'Flags': 33, 'ItalicAngle': 20, 'StemV': 80, 'Ascent': 700,
            'Descent': -200, 'CapHeight': 700,
            'FontBBox': [0, 0, 600, 700]}))))
    found[key] = thing


def tree(u, text):
    """A structure that says something else."""
    top = {'Type': Name('StructTreeRoot')}
    ref = u.add(top)
    element = {'Type': Name('StructElem'), 'S': Name(u.rng.choice((
        'P', 'Span', 'Figure', 'Form'))), 'P': ref, 'Pg': u.page_ref()}
    element[u.rng.choice(('ActualText', 'Alt', 'E', 'T'))] = text
    if u.rng.random() < .5:
        element['K'] = 0
    top['K'] = [u.add(element)]
    return ref


@attack
def structure(u):
    u.never = 'a structure that says something else'
    u.root()['StructTreeRoot'] = tree(u, b'The price is 99999')


@attack
def structure_changed(u):
    """Of a tagged file: an element that speaks otherwise, or is new."""
    ref = u.get(u.root_ref).get('StructTreeRoot')
    if not isinstance(ref, Ref):
        raise Unfit('not tagged')
    r = u.rng
    root = u.own(ref)
    how = r.randrange(6)
    if how == 0:
        element = u.own(u.get(root['K'][0])['K'][0])
        element[r.choice(('ActualText', 'Alt', 'E', 'Lang'))] = b'99999'
    elif how == 1:
        top = u.own(root['K'][0])
        top['K'] = list(top['K']) + [u.add({
            'Type': Name('StructElem'), 'S': Name(r.choice(('P', 'Form'))),
            'P': root['K'][0], r.choice(('ActualText', 'Alt')): b'99999'})]
    elif how == 2:
        root['RoleMap'] = {'P': Name('Artifact')}
    elif how == 3:
        root['K'] = []
        u.never = None  # a tree that came before says nothing now
    elif how == 4:
        root['ParentTree'] = u.add({'Nums': []})
    else:
        top = u.own(root['K'][0])
        top['K'] = list(reversed(top['K'])) if len(top['K']) > 1 else []
        if not top['K']:
            u.never = None


@attack
def layers(u):
    """Layers come, or what they show by default changes."""
    root = u.root()
    found = root.get('OCProperties')
    if isinstance(found, dict):
        groups = found['OCGs']
        root['OCProperties'] = dict(found, D=u.rng.choice((
            {'ON': groups}, {}, {'BaseState': Name('ON')}, {
                'OFF': groups, 'AS': [{'Event': Name('View'), 'Category': [
                    Name('View')], 'OCGs': groups}]})))
        return
    group = u.add({'Type': Name('OCG'), 'Name': b'x'})
    root['OCProperties'] = {'OCGs': [group], 'D': {'OFF': [group]}}


@attack
def layer_object(u):
    """The group itself says when it is shown."""
    groups = [n for n, v in u.doc.objects.items() if isinstance(v, dict) and
              v.get('Type') == 'OCG']
    if not groups:
        raise Unfit('layer')
    u.own(Ref(u.rng.choice(groups)))['Usage'] = {
        'View': {'ViewState': Name('ON')}}


@attack
def catalog_key(u):
    r, root = u.rng, u.root()
    destination = [u.page_ref(), Name('XYZ'), 0, 0, 20]
    key, thing = r.choice((
        ('OpenAction', SCRIPT), ('OpenAction', destination),
        ('AA', {'WC': SCRIPT}), ('Names', {'JavaScript': {'Names': [
            b'x', SCRIPT]}}), ('Names', {'EmbeddedFiles': {'Names': [
                b'x', {'Type': Name('Filespec'), 'F': b'x', 'EF': {
                    'F': u.add(Stream({}, b'99999'))}}]}}),
        ('Names', {'Dests': {'Names': [b'x', destination]}}),
        ('Names', {'AP': {'Names': [b'x', u.look([0, 0, 9, 9])]}}),
        ('Names', {'Templates': {'Names': [b'x', u.page_ref()]}}),
        ('Dests', {'x': destination}), ('Version', Name('1.4')),
        ('Version', Name('2.0')), ('Version', Name('9.9')),
        ('PageLabels', {'Nums': [0, {'P': b'99999'}]}),
        ('PageMode', Name('UseAttachments')), ('PageLayout', Name(
            'TwoColumnLeft')), ('ViewerPreferences', {'Direction': Name('R2L'),
                                                     'ViewArea': Name('TrimBox'
                                                                      )}),
        ('Lang', b'de'), ('MarkInfo', {'Marked': True, 'Suspects': True}),
        ('Outlines', u.add({'Type': Name('Outlines')})), ('Threads', []),
        ('Collection', {'View': Name('D')}), ('URI', {'Base': b'http://x/'}),
        ('Extensions', {'ADBE': {'BaseVersion': Name('1.7'),
                                 'ExtensionLevel': 8}}),
        ('PieceInfo', {}), ('OutputIntents', []), ('Requirements', []),
        ('Legal', {'Attestation': b'x'}), ('Perms', {}), ('NeedsRendering',
                                                          True),
        ('SpiderInfo', {}), ('AF', []), ('DPartRoot', {}), ('ITXT', b'x'),
        ('AcroForm', {'Fields': []}), ('Type', Name('Page'))))
    root[key] = thing
    if key in ('OpenAction', 'AA') or 'JavaScript' in str(thing):
        u.never = 'an action that was added'


@attack
def catalog_key_gone(u):
    root = u.root()
    keys = sorted(set(root) - {'Type'})
    root.pop(u.rng.choice(keys))


@attack
def pages_exchanged(u):
    root = u.root()
    page = dict(u.base.pages[0][1], Contents=u.add(Stream({}, u.evil_text())))
    pages = u.add({'Type': Name('Pages'), 'Count': 1})
    page['Parent'] = pages
    u.objects[pages.num]['Kids'] = [u.add(page)]
    root['Pages'] = pages


@attack
def page_of_prepared(u):
    """A page that was in the file from the beginning."""
    hidden = [n for n, v in u.doc.objects.items() if isinstance(v, dict) and
              v.get('Type') == 'Page' and Ref(n) not in [
                  r for r, _ in u.base.pages]]
    if not hidden:
        raise Unfit('nothing is hidden')
    u.own(u.get(u.root_ref)['Pages'])['Kids'] = [Ref(hidden[0])]


@attack
def evidence_with_more(u):
    """Evidence that is stored together with something that shows."""
    root = u.root()
    root['DSS'] = u.add({'Type': Name('DSS'), 'Certs': [u.add(flate(b'x'))]})
    num, value = u.evil()
    u.objects[num] = value


@attack
def evidence_gone(u):
    root = u.root()
    if 'DSS' not in root:
        raise Unfit('no evidence')
    root.pop('DSS')


def reached(u):
    """Numbers of what pages lead to, not by way of the catalog."""
    seen, pending = [], [r for r, _ in u.base.pages]
    while pending:
        thing = pending.pop()
        if isinstance(thing, Ref):
            if thing.num not in seen and u.doc.get(thing) is not None:
                seen.append(thing.num)
                pending.append(u.doc.get(thing))
        elif isinstance(thing, Stream):
            pending += thing.head.values()
        elif isinstance(thing, dict):
            pending += [v for k, v in thing.items() if k != 'Parent']
        elif isinstance(thing, list):
            pending += thing
    return seen


def altered(u, thing):
    r = u.rng
    if isinstance(thing, bool):
        return not thing
    if isinstance(thing, (int, float)):
        return r.choice((thing + 1, 0, thing * 2, -thing))
    if isinstance(thing, list):
        return r.choice((thing[::-1], thing[1:], thing + thing[:1], [
            altered(u, x) for x in thing]))
    if isinstance(thing, Name):
        return Name(r.choice(('None', 'Normal', 'Courier', 'WinAnsiEncoding')))
    if isinstance(thing, bytes):
        return b'99999'
    if isinstance(thing, dict):
        return otherwise(u, dict(thing))
    return r.choice((None, Ref(u.page_ref().num), u.add({})))


def otherwise(u, thing):
    """A dictionary with one key otherwise."""
    keys = [k for k in thing if k not in ('Type', 'Parent')]
    if keys:
        key = u.rng.choice(sorted(keys))
        if u.rng.random() < .2:
            thing.pop(key)
        else:
            thing[key] = altered(u, thing[key])
    return thing


@attack
def anything(u):
    """Any object that a page leads to, a bit otherwise."""
    ref = Ref(u.rng.choice(reached(u)))
    thing = u.get(ref)
    if isinstance(thing, Stream):
        thing = u.own(ref)
        if u.rng.random() < .5 and 'Filter' not in thing.head:
            thing.data = thing.data.replace(b'10000', b'99999') + b' '
        else:
            otherwise(u, thing.head)
        return
    u.objects[ref.num] = altered(u, thing)


@attack
def evidence_of_pages(u):
    """Evidence that is a part of the page, changed as such."""
    contents = u.base.pages[0][1].get('Contents')
    if not isinstance(contents, Ref):
        raise Unfit('contents')
    u.root()['DSS'] = u.add({'Type': Name('DSS'), 'Certs': [contents]})
    u.objects[contents.num] = Stream({}, u.evil_text())
