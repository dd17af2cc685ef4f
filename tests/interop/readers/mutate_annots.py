# SPDX-License-Identifier: Apache-2.0
"""Annotations, new and old, and signature boxes that say something else."""
from make_bases import BLANK, CELL, LINE, PRICE
from pdf_file import Name, Ref, Stream
from signer import form_x
from update import Unfit, attack

KINDS = ('Text Link FreeText Line Square Circle Polygon PolyLine Highlight '
         'Underline Squiggly StrikeOut Stamp Caret Ink Popup FileAttachment '
         'Sound Movie Screen Widget PrinterMark TrapNet Watermark 3D Redact '
         'RichMedia Projection Unknown').split()
ICONS = ('Comment Key Note Help NewParagraph Paragraph Insert Graph Paperclip '
         'PushPin Tag Speaker Mic Approved Draft NotForPublicRelease').split()
BLENDS = ('Normal Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight '
          'SoftLight Difference Exclusion Hue Saturation Color Luminosity '
          'Compatible Unknown').split()


def shape(u, kind, rect):
    """Keys that the kind wants, often further out than its rectangle."""
    r = u.rng
    x0, y0, x1, y1 = u.anywhere() if r.random() < .6 else rect
    quad = [x0, y1, x1, y1, x0, y0, x1, y0]
    more = {'C': [r.choice((0, 1)) for _ in range(3)]}
    if kind in ('Highlight', 'Underline', 'Squiggly', 'StrikeOut', 'Link',
                'Redact'):
        more['QuadPoints'] = quad
    if kind == 'Line':
        more.update(L=[x0, y0, x1, y1], LE=[Name(r.choice((
            'None', 'Square', 'OpenArrow', 'ClosedArrow'))), Name('Circle')])
    if kind in ('Polygon', 'PolyLine'):
        more['Vertices'] = [x0, y0, x1, y0, x1, y1, x0, y1]
    if kind == 'Ink':
        more['InkList'] = [[x0, y0, x1, y1, x0, y1]]
    if kind in ('Square', 'Circle', 'Polygon', 'Line', 'PolyLine'):
        more['IC'] = [1, 1, 1]
    if kind == 'FreeText':
        more.update(DA=b'/Helv %d Tf 0 g' % r.choice((8, 12, 40)),
                    Contents=b'99999 EUR')
        if r.random() < .4:
            more['CL'] = [x0, y0, x1, y1]
    if kind == 'Widget':
        more.update(FT=Name(r.choice(('Tx', 'Btn', 'Ch', 'Sig'))),
                    T=b'w%d' % u.fresh, V=b'99999', DA=b'/F 12 Tf 0 g')
    if kind == 'Redact':
        more.update(OverlayText=b'99999', DA=b'/Helv 12 Tf 0 g')
    if kind == 'Popup':
        more.update(Open=True, Contents=b'99999 EUR')
    return more


def decorated(u, annotation):
    """With keys by which readers paint more."""
    r = u.rng
    if r.random() < .3:
        annotation['Border'] = r.choice(([0, 0, 1], [0, 0, 60], [9, 9, 5],
                                         [0, 0, 3, [2, 2]], [0, 0, 0]))
    if r.random() < .3:
        annotation['BS'] = {'W': r.choice((1, 20, 100)), 'S': Name(
            r.choice(('S', 'D', 'B', 'I', 'U')))}
    if r.random() < .2:
        annotation['BE'] = {'S': Name('C'), 'I': 2}
    if r.random() < .3:
        annotation['MK'] = {'BC': [1, 0, 0], 'BG': [1], 'R': r.choice(
            (0, 90, 180)), 'CA': b'99999'}
    if r.random() < .3:
        annotation['Name'] = Name(r.choice(ICONS))
    if r.random() < .3:
        annotation['F'] = r.choice((0, 1, 2, 4, 8, 16, 24, 28, 32, 36, 64,
                                    128, 132, 256, 512))
    if r.random() < .2:
        annotation['RD'] = [-50, -50, -50, -50]
    if r.random() < .2:
        annotation['CA'] = r.choice((0, .2, 1))
    if r.random() < .15:
        annotation['BM'] = Name('Multiply')
    return annotation


def tricky_look(u, rect):
    """An appearance whose box, matrix or resources are not what they seem."""
    r = u.rng
    width, height = abs(rect[2] - rect[0]) or 1, abs(rect[3] - rect[1]) or 1
    how = r.randrange(12)
    if how == 0:
        return u.look(rect)
    if how == 1:
        return u.multiplied([0, 0, width, height], b'99999')
    content = b'q 1 g -500 -500 2000 2000 re f Q BT /F 12 Tf 0 g 2 6 Td ' \
        b'(99999) Tj ET'
    if how == 2:
        content = b'/M gs ' + content
    form = form_x(content, [0, 0, width, height], None)
    form.head['Resources'] = {'Font': {'F': {
        'Type': Name('Font'), 'Subtype': Name('Type1'),
        'BaseFont': Name('Helvetica')}}, 'ExtGState': {'M': {
            'BM': r.choice((Name('Multiply'), [Name('Multiply'),
                                               Name('Normal')],
                            [Name('Normal'), Name('Multiply')],
                            Name(r.choice(BLENDS)))),
            'ca': r.choice((1, .5))}}}
    if how > 7:
        form.data = sly(how, form, width, height)
    if how == 3:
        form.head['BBox'] = [-500, -500, 2000, 2000]
    elif how == 4:
        form.head['Matrix'] = r.choice(([2, 0, 0, 2, 0, 0], [0, 1, -1, 0, 0, 0],
                                        [1, 0, 0, 1, 50, 50],
                                        [.7, .7, -.7, .7, 0, 0]))
    elif how == 5:
        form.head['BBox'] = [0, 0, 0, 0]
    elif how == 6:
        form.head['Group'] = {'S': Name('Transparency'), 'I': True}
        form.head['OC'] = u.add({'Type': Name('OCG'), 'Name': b'x'})
    else:
        inner = u.add(Stream(form.head, form.data))
        form = form_x(b'/X Do', [0, 0, width, height])
        form.head['Resources'] = {'XObject': {'X': inner}, 'ExtGState': {
            'M': {'BM': Name('Multiply')}}}
    return u.add(form)


def sly(how, form, width, height):
    """Content that multiplies, and does not everywhere."""
    states = form.head['Resources']['ExtGState']
    states['M'] = {'BM': Name('Multiply')}
    white = b'1 g 0 0 %d %d re f ' % (width, height)
    text = b'BT /F 12 Tf 0 g 2 6 Td (99999) Tj ET'
    if how == 8:
        return white + b'/M gs ' + text
    if how == 9:
        return b'q /M gs Q ' + white + text
    if how == 10:
        states['N'] = {'BM': Name('Normal')}
        return b'/M gs q /N gs ' + white + b'Q ' + text
    states['M']['SMask'] = Name('None')
    dot = b'BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI '
    return b'/M gs ' + dot + b'/N gs q %d 0 0 %d 0 0 cm ' % (
        width, height) + dot + b'Q ' + text


@attack
def annotation(u):
    """Of any kind anywhere, with or without a look."""
    kind, rect = u.rng.choice(KINDS), u.anywhere()
    found = decorated(u, dict({'Subtype': Name(kind), 'Rect': rect},
                              **shape(u, kind, rect)))
    if u.rng.random() < .5:
        found['AP'] = {'N': tricky_look(u, rect)}
        if u.rng.random() < .2:
            found['AP'] = {'N': {'On': found['AP']['N'], 'Off': found[
                'AP']['N']}}
            found['AS'] = Name('On')
    u.annotate(found, u.any_page())


@attack
def small_icon(u):
    """What passes as a note, and what it may look like."""
    kind = u.rng.choice(('Text', 'FileAttachment', 'Sound', 'Link', 'Popup'))
    box = u.rng.choice((PRICE[:2] + [PRICE[0] + 18, PRICE[1] + 18],
                        PRICE[:2] + [PRICE[0] + 48, PRICE[1] + 20],
                        [82, 334, 82, 334], PRICE))
    rect = u.at(box)
    found = decorated(u, {'Subtype': Name(kind), 'Rect': rect,
                          'Contents': b'x', 'Name': Name('Note')})
    if u.rng.random() < .5:
        found['AP'] = {'N': tricky_look(u, rect)}
    if u.rng.random() < .3:
        found['Popup'] = u.annotate({'Subtype': Name('Popup'), 'Open': True,
                                     'Rect': u.anywhere()})
    u.annotate(found)


@attack
def action(u):
    """Annotations that do something."""
    script = {'S': Name('JavaScript'), 'JS': b'app.alert(1)'}
    act = u.rng.choice((script, {'S': Name('URI'), 'URI': b'http://x/'}, {
        'S': Name('Launch'), 'F': b'x'}, {'S': Name('ResetForm')}, {
            'S': Name('Hide'), 'T': b'x'}, {'S': Name('GoTo'), 'D': [
                u.page_ref(), Name('Fit')]}))
    key = u.rng.choice(('A', 'AA', 'PA'))
    u.never = 'an action that was added'
    u.annotate({'Subtype': Name(u.rng.choice(('Link', 'Text', 'Screen'))),
                'Rect': u.anywhere(), 'F': 4, 'Border': [0, 0, 0],
                key: {'PV': act} if key == 'AA' else act})


@attack
def empty_signature_field(u):
    """One that was not there, and is seen."""
    rect = u.anywhere()
    field = decorated(u, {'FT': Name('Sig'), 'T': b'e%d' % u.fresh, 'Type':
                          Name('Annot'), 'Subtype': Name('Widget'), 'F': 4,
                          'Rect': rect, 'P': u.page_ref()})
    if u.rng.random() < .5:
        field['MK'] = {'BC': [1, 1, 1], 'BG': [1]}
        field['BS'] = {'W': u.rng.choice((1, 20, 100))}
    if u.rng.random() < .3:
        field['AP'] = {'N': tricky_look(u, rect)}
    u.add_field(field)


@attack
def second_signature(u):
    """A real one whose box says another price."""
    rect = u.rng.choice((u.at(PRICE), u.anywhere()))
    more = decorated(u, {}) if u.rng.random() < .5 else {}
    u.sign(rect, look=u.rng.choice((u.look, lambda r: tricky_look(u, r)))(
        rect), **more)


@attack
def signature_box_border(u):
    """A real one, small, that paints by its border and /MK."""
    rect = u.place(BLANK, CELL, LINE)
    u.sign(rect, look=u.rng.choice((None, u.look(rect, b'Li'))),
           MK={'BC': [1, 1, 1], 'BG': [1], 'R': u.rng.choice((0, 90))},
           BS={'W': u.rng.choice((5, 40, 120))},
           Border=[0, 0, u.rng.choice((1, 50))])


@attack
def signature_many_widgets(u):
    """A signed field that stands in several places."""
    rect = u.at(BLANK)
    ref = u.sign(rect, look=u.look(rect, b'Li'))
    field = u.objects[ref.num]
    kid = u.annotate({'Subtype': Name('Widget'), 'Parent': ref, 'Rect': u.at(
        PRICE), 'F': 4, 'AP': {'N': u.look(PRICE)}})
    field['Kids'] = [kid]


@attack
def signature_rectangle(u):
    """A rectangle that is written oddly, or elsewhere in the file."""
    box = u.rng.choice((u.at(PRICE), u.place(BLANK, CELL, LINE)))
    odd = u.rng.choice(([box[2], box[3], box[0], box[1]], u.add(list(box)),
                        [u.add(x) for x in box], [float(x) for x in box],
                        box + [5, 5], [-100] + box[1:], [box[0]] * 4))
    u.sign(odd, look=u.look(box))


@attack
def signature_turned_back(u):
    """A flag keeps it upright on a turned page: it paints elsewhere."""
    rect = u.rng.choice((u.at(PRICE), u.place(BLANK, CELL, LINE)))
    u.sign(rect, look=u.look(rect, white=u.rng.random() < .5), F=u.rng.choice(
        (4 | 16, 132 | 16, 132 | 8, 132 | 24)))


@attack
def signature_on_pages(u):
    """One widget on several pages, or one that says it is on another."""
    rect = u.at(BLANK)
    ref = u.sign(rect, look=u.look(rect, b'Li'), number=u.any_page())
    u.annotations(u.any_page()).append(ref)
    if u.rng.random() < .5:
        u.objects[ref.num]['P'] = u.page_ref(u.any_page())


@attack
def signature_layered(u):
    """A look of several layers, one of them the attacker's."""
    rect = u.rng.choice((u.at(PRICE), u.at(BLANK)))
    size = [0, 0, rect[2] - rect[0], rect[3] - rect[1]]
    inner = u.look(rect, u.rng.choice((b'99999', b'Li')))
    outer = form_x(b'q 1 0 0 1 0 0 cm /FRM Do Q', size)
    outer.head['Resources'] = {'XObject': {'FRM': inner}}
    u.sign(rect, look=u.add(outer))


@attack
def signature_with_more(u):
    """A real one, and beside it in the same update something painted."""
    u.sign([0, 0, 0, 0])
    annotation(u)


@attack
def time_stamp_box(u):
    rect = u.rng.choice((u.at(PRICE), u.anywhere()))
    u.sign(rect, who='tsa', look=tricky_look(u, rect))


@attack
def filled_signature_box(u):
    """An empty field that stood there, filled with another look."""
    ref, field = u.field('Sig', test=lambda f: 'V' not in f)
    more = u.rng.choice(({}, {'Rect': u.anywhere()}, {'BS': {'W': 60}, 'MK': {
        'BC': [1]}}, {'MK': {'R': 90}}, {'F': 0}))
    u.sign(None, field=ref, look=tricky_look(u, field['Rect']), **more)


def old_annotation(u):
    found = []
    for i, (_, page) in enumerate(u.base.pages):
        array = u.get(page.get('Annots')) or []
        found += [(i, a) for a in array if isinstance(a, Ref)]
    if not found:
        raise Unfit('annotation')
    return u.rng.choice(found)


@attack
def old_annotation_changed(u):
    _, ref = old_annotation(u)
    node = u.own(ref)
    r = u.rng
    key, thing = r.choice((
        ('Rect', u.anywhere()), ('F', r.choice((0, 1, 2, 6, 32, 36, 132))),
        ('AP', {'N': u.look(u.anywhere())}), ('Contents', b'99999'),
        ('C', [1, 0, 0]), ('Border', [0, 0, 30]), ('BS', {'W': 40}),
        ('MK', {'BC': [0], 'BG': [1, 0, 0], 'R': 90}), ('AS', Name('Off')),
        ('AP', {}), ('Subtype', Name('Text')), ('OC', u.add(
            {'Type': Name('OCG'), 'Name': b'x'})), ('CA', 0),
        ('Name', Name('Key')), ('QuadPoints', [0, 0, 300, 0, 0, 300, 300, 300]),
        ('A', {'S': Name('URI'), 'URI': b'http://elsewhere/'}),
        ('AA', {'U': {'S': Name('JavaScript'), 'JS': b'1'}})))
    node[key] = thing


@attack
def old_look_changed(u):
    """The stream of a look that was signed."""
    _, ref = old_annotation(u)
    look = (u.get(ref).get('AP') or {}).get('N')
    if isinstance(look, dict):
        look = u.rng.choice(sorted(look.items()))[1]
    if not isinstance(look, Ref):
        raise Unfit('no look')
    stream = u.own(look)
    how = u.rng.randrange(4)
    if how == 0:
        stream.data = b'BT /F 9 Tf 1 3 Td (99999) Tj ET'
        stream.head.pop('Filter', None)
    elif how == 1:
        stream.head['Matrix'] = [1, 0, 0, 1, 30, 0]
    elif how == 2:
        stream.head['BBox'] = [0, 0, 30, 30]
    else:
        stream.head['Resources'] = {}


@attack
def old_annotations_other(u):
    """Taken away, in another order, or shown on another page."""
    number, ref = old_annotation(u)
    array = u.annotations(number)
    how = u.rng.randrange(3)
    if how == 0 and ref in array:
        array.remove(ref)
    elif how == 1:
        array.reverse()
    else:
        u.annotations(u.any_page()).append(ref)


@attack
def look_shared(u):
    """A new annotation that uses a look, or a page's content, of the file."""
    streams = [n for n, v in u.doc.objects.items() if isinstance(v, Stream)
               and v.head.get('Subtype') == 'Form']
    contents = u.base.pages[0][1].get('Contents')
    if isinstance(contents, Ref):
        streams.append(contents.num)
    if not streams:
        raise Unfit('look')
    u.annotate({'Subtype': Name('Stamp'), 'Rect': u.anywhere(), 'F': 4, 'AP': {
        'N': Ref(u.rng.choice(streams))}})
