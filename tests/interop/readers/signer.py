# SPDX-License-Identifier: Apache-2.0
"""Signatures and document time-stamps by openssl, over updates of PDFs that
are written here."""
import os
import subprocess
import tempfile

from pdf_file import Document, Name, Raw, Ref, Stream, save

ROOM = 4000  # digits of /Contents
BLANKS = b'0000000000 0000000000 0000000000'
TSA = b'''[tsa]
serial = serial
digests = sha256
default_policy = 1.2.3.4
signer_digest = sha256
'''


def openssl(*args, given=b'', folder=None):
    return subprocess.run(('openssl',) + args, input=given, check=True,
                          cwd=folder,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def make_keys(folder):
    """Two signers and a time-stamp authority, each its own anchor."""
    for name, more in (('wang', ()), ('li', ()), ('tsa', (
            '-addext', 'extendedKeyUsage=critical,timeStamping'))):
        path = os.path.join(folder, name)
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt',
                'ec_paramgen_curve:P-256', '-nodes', '-days', '3650',
                '-keyout', path + '.key', '-out', path + '.crt', '-subj',
                '/CN=' + name, '-addext',
                'keyUsage=critical,digitalSignature', *more)


def cms(content, folder, who):
    path = os.path.join(folder, who)
    return openssl('cms', '-sign', '-binary', '-cades', '-md', 'sha256',
                   '-outform', 'DER', '-signer', path + '.crt', '-inkey',
                   path + '.key', given=content)


def token(content, folder):
    path = os.path.join(os.path.abspath(folder), 'tsa')
    query = openssl('ts', '-query', '-data', '/dev/stdin', '-sha256',
                    '-cert', given=content)
    # The serial number's file is nobody else's: several are made at a time.
    with tempfile.TemporaryDirectory() as own:
        for name, data in (('tsa.cnf', TSA), ('serial', b'01'),
                           ('query', query)):
            with open(os.path.join(own, name), 'wb') as f:
                f.write(data)
        return openssl('ts', '-reply', '-queryfile', 'query', '-config',
                       'tsa.cnf', '-section', 'tsa', '-signer', path + '.crt',
                       '-inkey', path + '.key', '-token_out', folder=own)


def fill(data, folder, who):
    """Signs: the one empty value in DATA gets its ranges and its CMS."""
    hole = data.rindex(b'/Contents <' + b'0' * ROOM) + 10
    end = hole + ROOM + 2
    at = data.rindex(BLANKS, 0, len(data))
    text = b'%d %d %d' % (hole, end, len(data) - end)
    data = data[:at] + text.ljust(len(BLANKS)) + data[at + len(BLANKS):]
    signed = data[:hole] + data[end:]
    made = token(signed, folder) if who == 'tsa' else cms(signed, folder, who)
    return data[:hole + 1] + made.hex().encode().ljust(ROOM, b'0') + \
        data[end - 1:]


def value(kind='Sig', more=None):
    sub = 'ETSI.RFC3161' if kind == 'DocTimeStamp' else 'ETSI.CAdES.detached'
    return dict({'Type': Name(kind), 'Filter': Name('Adobe.PPKLite'),
                 'SubFilter': Name(sub),
                 'ByteRange': Raw(b'[0 ' + BLANKS + b']'),
                 'Contents': Raw(b'<' + b'0' * ROOM + b'>')}, **(more or {}))


def form_x(content, box, font=None, more=None):
    """A form XObject."""
    head = {'Type': Name('XObject'), 'Subtype': Name('Form'), 'BBox': box}
    if font is not None:
        head['Resources'] = {'Font': {'F': font}}
    return Stream(dict(head, **(more or {})), content)


def with_field(doc, objects, field_ref, page=0, seen=True):
    """The form and the page with one more field, among the objects."""
    root_ref = doc.trailer['Root']
    root = dict(objects.get(root_ref.num) or doc.root)
    form_ref = root.get('AcroForm')
    if isinstance(form_ref, Ref):
        form = dict(objects.get(form_ref.num) or doc.get(form_ref))
    else:
        form = dict(form_ref or {})
    fields = form.get('Fields', [])
    if isinstance(fields, Ref):
        fields = objects.get(fields.num) or doc.get(fields)
    form['Fields'] = list(fields) + [field_ref]
    form['SigFlags'] = 3
    if isinstance(form_ref, Ref):
        objects[form_ref.num] = form
    else:
        root['AcroForm'] = form
        objects[root_ref.num] = root
    if seen:
        ref = doc.pages()[page][0]
        node = dict(objects.get(ref.num) or doc.get(ref))
        annots = node.get('Annots', [])
        if isinstance(annots, Ref):
            objects[annots.num] = list(
                objects.get(annots.num) or doc.get(annots)) + [field_ref]
        else:
            node['Annots'] = list(annots) + [field_ref]
            objects[ref.num] = node


def sign(data, folder, who='wang', kind='table', rect=None, look=None, page=0,
         certify=None, lock=None, field=None, widget=None, objects=None,
         name=None, packing=False, seen=True):
    """DATA signed in an update.  look: content of the box; certify: the P of
    DocMDP; field: a reference to an empty field that is filled."""
    doc = Document(data)
    objects = dict(objects or {})
    fresh = max([doc.size, *(n + 1 for n in objects)])
    sort = 'DocTimeStamp' if who == 'tsa' else 'Sig'
    more = {}
    if certify:
        more['Reference'] = [{
            'Type': Name('SigRef'), 'TransformMethod': Name('DocMDP'),
            'TransformParams': {'Type': Name('TransformParams'),
                                'P': certify, 'V': Name('1.2')}}]
        root = dict(doc.root)
        root['Perms'] = {'DocMDP': Ref(fresh + 1)}
        objects[doc.trailer['Root'].num] = root
    if lock:
        more.setdefault('Reference', []).append({
            'Type': Name('SigRef'), 'TransformMethod': Name('FieldMDP'),
            'TransformParams': dict(lock, Type=Name('TransformParams'),
                                    V=Name('1.2'))})
    number = fresh if field is None else field.num
    if field is not None:
        node = dict(doc.get(field), V=Ref(fresh + 1))
    else:
        node = {'FT': Name('Sig'), 'T': (name or 'Sig%d' % fresh).encode(),
                'Type': Name('Annot'), 'Subtype': Name('Widget'), 'F': 132,
                'Rect': rect or [0, 0, 0, 0], 'V': Ref(fresh + 1),
                'P': doc.pages()[page][0]}
        with_field(doc, objects, Ref(fresh), page, seen)
    if lock:
        node['Lock'] = dict(lock, Type=Name('SigFieldLock'))
    if look is not None:
        box = [0, 0, node['Rect'][2] - node['Rect'][0],
               node['Rect'][3] - node['Rect'][1]]
        node['AP'] = {'N': Ref(fresh + 2)}
        if isinstance(look, bytes):
            font = {'Type': Name('Font'), 'Subtype': Name('Type1'),
                    'BaseFont': Name('Helvetica')}
            look = form_x(look, box, font)
        objects[fresh + 2] = look
    objects[number] = dict(node, **(widget or {}))
    objects[fresh + 1] = value(sort, more)
    trailer = {k: doc.trailer[k] for k in ('Root', 'ID') if k in doc.trailer}
    out = save(data, objects, trailer, kind, fresh + 3, packing, doc.start)
    return fill(out, folder, who)
