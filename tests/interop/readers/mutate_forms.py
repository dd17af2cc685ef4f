# SPDX-License-Identifier: Apache-2.0
"""Fields: filled where they may not be, and what decides how they look."""
from make_bases import FONT
from mutate_annots import tricky_look
from pdf_file import Name, Ref, Stream
from update import Unfit, attack


def checked(u, ref, field):
    """Notes where that field may not be filled."""
    form = u.get(u.get(u.root_ref)['AcroForm'])
    if field.get('Ff', 0) & 1 and ref not in (u.doc.get(
            u.get(form.get('CO'))) or []):
        u.never = 'a read-only field that was filled'


def form_of(u):
    """The form of a file that has fields to fill."""
    u.field('Tx', own=False)
    return u.form()


def a_field(u, **more):
    return u.field('Tx', 'Btn', 'Ch', **more)


@attack
def fill_read_only(u):
    ref, field = u.field('Tx', test=lambda f: f.get('Ff', 0) & 1)
    checked(u, ref, field)
    field['V'] = b'99999'
    if u.rng.random() < .7:
        field['AP'] = {'N': u.look(field['Rect'], b'99999')}


@attack
def fill_otherwise(u):
    """The look is not the value."""
    _, field = u.field('Tx', test=lambda f: not f.get('Ff', 0) & 1)
    field['V'] = b'10000'
    field['AP'] = {'N': u.look(field['Rect'], b'99999')}


@attack
def fill_and_move(u):
    ref, field = u.field('Tx')
    checked(u, ref, field)
    field['V'] = b'99999'
    field['Rect'] = u.anywhere()
    field['AP'] = {'N': u.look(field['Rect'], b'99999')}


@attack
def fill_and_style(u):
    """A filled field that also paints around itself."""
    ref, field = u.field('Tx', 'Ch')
    checked(u, ref, field)
    field['V'] = b'99999'
    key, thing = u.rng.choice((
        ('MK', {'BC': [1, 0, 0], 'BG': [1], 'R': 90}), ('BS', {'W': 60}),
        ('F', 2), ('F', 0), ('F', 20), ('F', 28), ('BS', {'W': 5, 'S': Name(
            'B')}), ('AS', Name('Yes')), ('OC', u.add({
                'Type': Name('OCG'), 'Name': b'x'})), ('Border', [0, 0, 40]),
        ('DA', b'/F 40 Tf 1 g'),
        ('DA', b'/Other 12 Tf 0 g'), ('Q', 2), ('MaxLen', 2), ('Ff', 4096),
        ('Ff', 8192), ('RV', b'<p>99999</p>'), ('TU', b'99999'),
        ('DV', b'99999'), ('AA', {'F': {'S': Name('JavaScript'), 'JS': b'1'}}),
        ('A', {'S': Name('JavaScript'), 'JS': b'1'})))
    field[key] = thing
    if key in ('A', 'AA'):
        u.never = 'a script that was added'
    if u.rng.random() < .5:
        field.pop('AP', None)
    elif u.rng.random() < .5:
        field['AP'] = {'N': u.look(field['Rect'], b'99999')}


@attack
def fill_sly(u):
    """Filled, by a look whose box or matrix is not what it seems."""
    ref, field = u.field('Tx', 'Ch', 'Btn')
    checked(u, ref, field)
    if field.get('FT') == 'Btn':
        field['V'] = field['AS'] = Name('Yes')
        field['AP'] = {'N': {'Yes': tricky_look(u, field['Rect'])}}
        return
    field['V'] = b'99999'
    field['AP'] = {'N': tricky_look(u, field['Rect'])}


@attack
def look_only(u):
    """A field keeps its value and shows another."""
    _, field = a_field(u)
    if field.get('FT') == 'Btn':
        field['AS'] = Name('Yes')
        return
    field['AP'] = {'N': u.look(field['Rect'], b'99999')}


@attack
def look_gone(u):
    _, field = a_field(u)
    field.pop('AP', None)
    if u.rng.random() < .5:
        u.form()['NeedAppearances'] = True


@attack
def tick_states(u):
    """A box whose states change what they show."""
    _, field = u.field('Btn')
    field['V'] = field['AS'] = Name('Yes')
    look = u.look(field['Rect'], b'no')
    field['AP'] = u.rng.choice(({'N': {'Yes': look}}, {'N': look}, {
        'N': {'Off': look}}))


@attack
def push_button(u):
    """A button takes a picture."""
    rect = u.anywhere()
    field = {'FT': Name('Btn'), 'Ff': 65536, 'T': b'b%d' % u.fresh, 'Type':
             Name('Annot'), 'Subtype': Name('Widget'), 'F': 4, 'Rect': rect,
             'AP': {'N': u.look(rect)}, 'MK': {'CA': b'99999', 'BG': [1]}}
    u.add_field(field)


@attack
def field_added(u):
    rect = u.anywhere()
    field = {'FT': Name(u.rng.choice(('Tx', 'Ch', 'Btn'))), 'T': b'n%d' %
             u.fresh, 'Type': Name('Annot'), 'Subtype': Name('Widget'), 'F': 4,
             'Rect': rect, 'V': b'99999', 'DA': b'/F 12 Tf 0 g'}
    if u.rng.random() < .5:
        field['AP'] = {'N': u.look(rect)}
    u.add_field(field, seen=u.rng.random() < .8)


@attack
def field_gone(u):
    form = u.form()
    fields = form.get('Fields')
    fields = list(u.get(fields) or [])
    if not fields:
        raise Unfit('fields')
    fields.pop(u.rng.randrange(len(fields)))
    form['Fields'] = fields


@attack
def field_changed(u):
    _, field = a_field(u)
    key, thing = u.rng.choice((
        ('Ff', 0), ('Ff', 1), ('T', b'Other'), ('FT', Name('Tx')),
        ('Opt', [b'99999', b'x']), ('DA', b'/F 40 Tf 1 0 0 rg'),
        ('DA', b'/Fx 10 Tf 0 g'), ('Q', 2), ('MaxLen', 1), ('TU', b'99999'),
        ('TM', b'x'), ('V', None), ('V', 99999), ('V', [b'a', b'b']),
        ('MK', {'BG': [1, 0, 0]}), ('F', 2), ('Lock', {'Action': Name('All')}),
        ('AA', {'C': {'S': Name('JavaScript'), 'JS': b'event.value=9'}})))
    field[key] = thing


@attack
def value_elsewhere(u):
    """A value that is a reference, to what the file has already."""
    _, field = u.field('Tx')
    field['V'] = u.rng.choice((Ref(u.page_ref().num), u.add(b'99999'), u.add(
        Stream({}, b'99999'))))


@attack
def form_key(u):
    form = form_of(u)
    r = u.rng
    how = r.randrange(9)
    if how == 0:
        form['NeedAppearances'] = r.random() < .8
    elif how == 1:
        form.pop('NeedAppearances', None)
        form.pop('DR', None)
    elif how == 2:
        form['DA'] = r.choice((b'/F 40 Tf 1 g', b'/F2 10 Tf 0 g'))
    elif how == 3:
        form['Q'] = 2
    elif how == 4:
        form['XFA'] = u.add(Stream({}, b'<xdp:xdp xmlns:xdp="http://ns.adobe'
                                   b'.com/xdp/"></xdp:xdp>'))
    elif how == 5:
        form['CO'] = [ref for _, ref, _ in u.base.fields if isinstance(
            ref, Ref)][:3]
    elif how == 6:
        form['SigFlags'] = r.choice((0, 1, 2))
    elif how == 7:
        form['Fields'] = list(reversed(u.get(form.get('Fields')) or []))
    else:
        form.pop('SigFlags', None)


@attack
def default_resources(u):
    """The form's fonts: another under the name, one more, one less."""
    form = form_of(u)
    resources = dict(u.get(form.get('DR')) or {})
    fonts = dict(u.get(resources.get('Font')) or {})
    nines = {'Type': Name('Encoding'), 'Differences': [
        48, Name('nine'), Name('nine')]}
    name = u.rng.choice(('F', 'Helv', 'G', 'ZaDb'))
    fonts[name] = u.rng.choice((
        u.add(dict(FONT, Encoding=nines)), u.add(dict(
            FONT, BaseFont=Name('ZapfDingbats'))), u.add(
                dict(FONT, BaseFont=Name('Courier')))))
    if u.rng.random() < .2:
        fonts = {}
    resources['Font'] = fonts
    form['DR'] = resources


@attack
def need_appearances_redraw(u):
    """The flag, and a value that a redrawn field shows."""
    form_of(u)['NeedAppearances'] = True
    _, field = a_field(u)
    field['V'] = b'99999'


@attack
def sum_without_leave(u):
    """A read-only field, with an order of calculation that was not signed."""
    ref, field = u.field('Tx', test=lambda f: f.get('Ff', 0) & 1)
    field['V'] = b'99999'
    field['AP'] = {'N': u.look(field['Rect'], b'99999')}
    u.form()['CO'] = [ref]


@attack
def signature_look_changed(u):
    """The box of a signature that is there."""
    _, field = u.field('Sig', test=lambda f: 'V' in f)
    how = u.rng.randrange(4)
    if how == 0:
        field['AP'] = {'N': u.look(field['Rect'], b'signed by another')}
    elif how == 1:
        field['Rect'] = u.anywhere()
    elif how == 2:
        field['F'] = 2
    else:
        field['MK'] = {'BC': [1, 0, 0], 'BG': [1]}
        field['BS'] = {'W': 40}


@attack
def signature_gone(u):
    ref, field = u.field('Sig', test=lambda f: 'V' in f)
    how = u.rng.randrange(3)
    if how == 0:
        field.pop('V')
    elif how == 1:
        u.objects[ref.num] = None
    else:
        field['FT'] = Name('Tx')
