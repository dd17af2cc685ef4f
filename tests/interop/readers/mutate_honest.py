# SPDX-License-Identifier: Apache-2.0
"""What honest programs add to a signed file."""
from make_bases import BLANK, CELL, LINE, PRICE
from pdf_file import Name, Ref, Stream
from signer import form_x
from update import Unfit, flate, honest


def writable(field):
    return not field.get('Ff', 0) & 1


@honest
def nothing(u):
    """An update without objects, or with one that nothing leads to."""
    if u.rng.random() < .5:
        u.add({'Producer': b'saved again'})


@honest
def information(u):
    info = u.add({'Producer': b'an editor', 'ModDate': b'D:20261128120000Z'})
    u.trailer['Info'] = info


@honest
def fill_text(u):
    ref, field = u.field('Tx', test=writable)
    text = b'%d pieces' % u.rng.randrange(100)
    field['V'] = text
    r = field['Rect']
    field['AP'] = {'N': u.look(r, text, white=False)}


@honest
def fill_text_in_place(u):
    """The look keeps its number."""
    _, field = u.field('Tx', test=lambda f: writable(f) and 'AP' in f)
    field['V'] = b'twelve'
    stream = u.own(field['AP']['N'])
    stream.data = b'/Tx BMC BT /F 9 Tf 2 4 Td (twelve) Tj ET EMC'
    stream.head.pop('Filter', None)


@honest
def fill_text_style(u):
    _, field = u.field('Tx', test=writable)
    field['V'] = b'styled'
    field['DA'] = b'/F 8 Tf 0 0 1 rg'
    field['Q'] = 1
    field['AP'] = {'N': u.look(field['Rect'], b'styled', white=False)}


@honest
def tick(u):
    _, field = u.field('Btn')
    field['V'] = field['AS'] = Name('Yes')


@honest
def choose(u):
    _, field = u.field('Ch')
    field['V'] = b'blue'
    field['I'] = [1]
    field['AP'] = {'N': u.look(field['Rect'], b'blue', white=False)}


@honest
def sum_up(u):
    """What is read-only is computed, where the signed form says so."""
    form = u.get(u.get(u.root_ref).get('AcroForm')) or {}
    listed = u.get(form.get('CO')) or []
    if not listed:
        raise Unfit('nothing is computed')
    field = u.own(u.rng.choice(listed))
    field['V'] = b'84'
    field['AP'] = {'N': u.look(field['Rect'], b'84', white=False)}


@honest
def sign_unseen(u):
    u.sign([0, 0, 0, 0])


@honest
def sign_blank(u):
    box = u.at(BLANK)
    u.sign(box, look=u.look(box, b'Li signs', white=u.rng.random() < .5))


@honest
def sign_line(u):
    box = u.place(LINE, CELL)
    u.sign(box, look=u.look(box, b'Li signs', white=False))


@honest
def sign_turned(u):
    """A box that is turned with its page, as viewers make it."""
    box = u.at(BLANK)
    form = u.look(box, b'Li', white=False)
    u.get(form).head['Matrix'] = [0, 1, -1, 0, 0, 0]
    u.sign(box, look=form, MK={'R': 90})


@honest
def sign_layered(u):
    """The look in layers, as Acrobat and iText have it."""
    box = u.at(BLANK)
    size = [0, 0, box[2] - box[0], box[3] - box[1]]
    layers = {'n0': u.add(form_x(b'% DSBlank', [0, 0, 100, 100])),
              'n2': u.look(box, b'Li signs', white=False)}
    frame = form_x(b'q 1 0 0 1 0 0 cm /n0 Do Q q 1 0 0 1 0 0 cm /n2 Do Q',
                   size)
    frame.head['Resources'] = {'XObject': layers}
    outer = form_x(b'/FRM Do', size)
    outer.head['Resources'] = {'XObject': {'FRM': u.add(frame)}}
    u.sign(box, look=u.add(outer), number=u.any_page())


@honest
def sign_empty_field(u):
    ref, field = u.field('Sig', test=lambda f: 'V' not in f)
    u.sign(None, field=ref, look=u.look(field['Rect'], b'Li', white=False))


@honest
def seal_multiplied(u):
    box = u.place(PRICE, [20, 290, 130, 330], BLANK)
    u.sign(box, look=u.multiplied(box))


@honest
def stamp_time(u):
    u.sign([0, 0, 0, 0], who='tsa')


@honest
def store_evidence(u):
    root = u.root()
    root['DSS'] = u.add({'Type': Name('DSS'), 'Certs': [u.add(flate(b'0'))]})
    if u.rng.random() < .5:
        root['Extensions'] = {'ESIC': {'BaseVersion': Name('1.7'),
                                       'ExtensionLevel': 1}}


@honest
def note(u):
    u.annotate({'Subtype': Name('Text'), 'Rect': u.at([250, 200, 268, 218]),
                'Contents': b'please check', 'F': 28,
                'Name': Name('Note')}, u.any_page())


@honest
def highlight(u):
    box = u.at(PRICE)
    quad = [box[0], box[3], box[2], box[3], box[0], box[1], box[2], box[1]]
    u.annotate({'Subtype': Name('Highlight'), 'Rect': box, 'C': [1, 1, 0],
                'QuadPoints': quad, 'F': 4, 'AP': {
                    'N': u.multiplied(box, b' ', b'1 1 0')}})


@honest
def stamp_multiplied(u):
    box = u.place(BLANK, [20, 290, 130, 330])
    u.annotate({'Subtype': Name('Stamp'), 'Rect': box, 'F': 4,
                'AP': {'N': u.multiplied(box, b'PAID')}})


@honest
def renumber(u):
    """Equal content under a new number."""
    page = u.page()
    key = u.rng.choice(['Resources', 'Contents', 'MediaBox'])
    if key not in page:
        raise Unfit(key)
    found = u.get(page[key])
    if isinstance(found, Stream):
        found = Stream(found.head, found.data)
    elif isinstance(found, list):
        found = list(found)
    page[key] = u.add(found)


@honest
def same_again(u):
    """Objects of the signed file, word for word."""
    refs = [Ref(n) for n, v in u.doc.objects.items()
            if isinstance(v, dict) and v.get('Type') in ('Page', 'Font',
                                                         'Pages', 'Catalog')]
    for ref in u.rng.sample(refs, min(2, len(refs))):
        u.own(ref)


@honest
def private(u):
    page = u.page()
    page['PieceInfo'] = {'Editor': {'LastModified': b'D:20261128120000Z'}}
    page['LastModified'] = b'D:20261128120000Z'


@honest
def metadata(u):
    xml = (b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
           b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>')
    u.root()['Metadata'] = u.add(Stream({'Type': Name('Metadata'),
                                         'Subtype': Name('XML')}, xml))


@honest
def annots_array_aside(u):
    """The page's array of annotations gets a number of its own."""
    page = u.page()
    if isinstance(page.get('Annots'), Ref):
        raise Unfit('it has')
    page['Annots'] = u.add(list(page.get('Annots') or []))


@honest
def empty_field(u):
    u.add_field({'FT': Name('Sig'), 'T': b'Later', 'Type': Name('Annot'),
                 'Subtype': Name('Widget'), 'F': 4, 'Rect': u.place(
                     BLANK, CELL, [0, 0, 0, 0]), 'P': u.page_ref()})


@honest
def tagged_signature(u):
    """A Form element for the new widget, as tagged files want it."""
    tree_ref = u.get(u.root_ref).get('StructTreeRoot')
    if not isinstance(tree_ref, Ref):
        raise Unfit('not tagged')
    tree = u.own(tree_ref)
    top = tree['K'][0]
    key = tree.get('ParentTreeNextKey', 1)
    widget = u.sign([0, 0, 0, 0], StructParent=key, TU=b'Li signs')
    form = u.add({'Type': Name('StructElem'), 'S': Name('Form'), 'P': top,
                  'Alt': b'Li signs', 'K': {
                      'Type': Name('OBJR'), 'Obj': widget,
                      'Pg': u.page_ref()}})
    parent = u.own(top)
    parent['K'] = list(parent['K']) + [form]
    nums = u.own(tree['ParentTree'])
    nums['Nums'] = list(nums['Nums']) + [key, form]
    tree['ParentTreeNextKey'] = key + 1
