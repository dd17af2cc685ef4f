# SPDX-License-Identifier: Apache-2.0
"""Updates as other programs write them, by hand: an Update collects objects
that are rewritten or new, signs if it is told to, and becomes bytes.  Who
signs here is alice, by openssl; deed() has a party of the house sign."""
import hashlib
import os
import subprocess
import time

from attack_lib import certificate, cms, openssl
from legitimate_pdf import Doc, Name, Raw, Ref, Stream, value_of

SIZE = 7000  # digits of /Contents


def emit(kind, name, data, options=''):
    os.makedirs('twins', exist_ok=True)
    path = 'twins/%s.%s.pdf' % (kind, name)
    if isinstance(data, Update):
        data = data.save()
    with open(path, 'wb') as f:
        f.write(data)
    print('|'.join((kind, path, options)), flush=True)
    return data


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def deed(source, *options, party='wang', command='sign'):
    """SOURCE, a name or bytes, as deed signs it; once for all parts."""
    key = repr((source, options, party, command)).encode('utf-8')
    out = 'made/%s.pdf' % hashlib.sha256(key).hexdigest()[:16]
    if os.path.exists(out):
        return read(out)
    os.makedirs('made', exist_ok=True)
    path = source
    if isinstance(source, bytes):
        path = out[:-4] + '.in.pdf'
        with open(path, 'wb') as f:
            f.write(source)
    elif not path.endswith('.pdf'):
        path += '.pdf'
    who = () if command == 'extend' else (
        '--as', party, '--passphrase', 'file:%s.pass' % party)
    run = subprocess.run(('deed', command) + who + options +
                         ('-o', out, path), check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if run.returncode != 0:
        # The input stands for what was not made.
        said = run.stdout.decode().replace('\n', ' ').replace('|', ' ')
        print('refused|%s|%s' % (path, said), flush=True)
        return read(path)
    return read(out)


def certificate_der(name='alice'):
    if not os.path.exists(name + '.crt'):
        certificate(name)
    return openssl('x509', '-in', name + '.crt', '-outform', 'DER')


def rob():
    """An RSA key for signers that want one, in node.p12; rob.crt."""
    if os.path.exists('rob.crt'):
        return
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout',
            'rob.key', '-days', '3650', '-subj', '/CN=Rob', '-out', 'rob.crt',
            '-addext', 'keyUsage=critical,digitalSignature,nonRepudiation')
    openssl('pkcs12', '-export', '-name', 'Rob', '-iter', '1', '-inkey',
            'rob.key', '-in', 'rob.crt', '-out', 'node.p12', '-passout',
            'pass:x')


def stamp_token(content):
    """An RFC 3161 token over CONTENT, by an authority of its own."""
    if not os.path.exists('stamper.crt'):
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt',
                'ec_paramgen_curve:P-256', '-out', 'stamper.key')
        openssl('req', '-x509', '-new', '-key', 'stamper.key', '-days', '3650',
                '-subj', '/CN=stamper', '-out', 'stamper.crt', '-addext',
                'keyUsage=critical,digitalSignature', '-addext',
                'extendedKeyUsage=critical,timeStamping')
        with open('stamper.cnf', 'w', encoding='ascii') as f:
            f.write('[tsa]\ndefault_tsa=t\n[t]\nserial=stamper.serial\n'
                    'default_policy=1.2.3.4\ndigests=sha256\n'
                    'signer_digest=sha256\ness_cert_id_alg=sha256\n')
    with open('content.tmp', 'wb') as f:
        f.write(content)
    openssl('ts', '-query', '-data', 'content.tmp', '-sha256', '-cert',
            '-out', 'query.tmp')
    return openssl('ts', '-reply', '-config', 'stamper.cnf', '-queryfile',
                   'query.tmp', '-signer', 'stamper.crt', '-inkey',
                   'stamper.key', '-token_out')


def padded(made):
    """The digits of /Contents, filled up as everybody does."""
    return made.hex().encode().ljust(SIZE, b'0')


def now(form='D:%Y%m%d%H%M%SZ'):
    return time.strftime(form, time.gmtime()).encode()


SIGNATURE = {'Type': Name('Sig'), 'Filter': Name('Adobe.PPKLite'),
             'SubFilter': Name('ETSI.CAdES.detached')}


class Update:
    def __init__(self, source):
        self.doc = source if isinstance(source, Doc) else Doc(source)
        self.objects, self.next, self.style = {}, self.doc.size, {}
        self.value = None

    def own(self, ref):
        """The object of that number, to be changed and written."""
        if ref not in self.objects:
            self.objects[ref] = self.doc.own(ref)
        return self.objects[ref]

    def add(self, value):
        if isinstance(value, str):
            value = value_of(value)
        ref = Ref(self.next)
        self.next += 1
        self.objects[ref] = value
        return ref

    def catalog(self):
        return self.own(self.doc.root)

    def page(self, index=0):
        return list(self.doc.pages())[index]

    def form(self):
        """The form's dictionary: an object of its own, in the catalog, or
        none so far."""
        at = self.doc.get(self.doc.root).get('AcroForm')
        if isinstance(at, Ref):
            return self.own(at)
        return self.catalog().setdefault('AcroForm', {'Fields': []})

    def annots(self, page):
        at = self.doc.get(page).get('Annots')
        if isinstance(at, Ref):
            return self.own(at)
        return self.own(page).setdefault('Annots', [])

    def fields(self):
        at = self.form().setdefault('Fields', [])
        return self.own(at) if isinstance(at, Ref) else at

    def widget(self, name, rect, more='', look=None, index=0):
        """A signature field that is its own widget, on the page."""
        page = self.page(index)
        field = value_of('<</Type/Annot/Subtype/Widget/FT/Sig/F 132/Rect[%s]'
                         '%s>>' % (rect, more))
        field.update({'T': name.encode(), 'P': page})
        if look is not None:
            field['AP'] = {'N': look if isinstance(look, Ref)
                           else self.add(look)}
        ref = self.add(field)
        self.annots(page).append(ref)
        self.fields().append(ref)
        self.form()['SigFlags'] = 3
        return ref

    def sign(self, field, entries=None, **how):
        """The field's value is a signature: shape makes the digits of
        /Contents, by is who signs; later leaves it to another program."""
        self.value = self.add({
            **SIGNATURE, 'ByteRange': Raw(b'[0 ' + b'X' * 40 + b']'),
            'Contents': Raw(b'<' + b'0' * SIZE + b'>'), 'M': now(),
            **(entries or {})})
        self.own(field)['V'] = self.value
        self.how = how
        return self

    def save(self, **style):
        out = self.doc.save(self.objects, **{**self.style, **style})
        if self.value is None or self.how.get('later'):
            return out
        hole = out.rindex(b'/Contents <' + b'0' * SIZE) + 10
        end = hole + SIZE + 2
        text = b'%d %d %d' % (hole, end, len(out) - end)
        out = out.replace(b'X' * 40, text.ljust(40))
        signed = out[:hole] + out[end:]
        by = self.how.get('by')
        made = by(signed) if by else cms(signed, self.how.get('name', 'alice'))
        digits = self.how.get('shape', padded)(made)
        assert len(digits) == SIZE
        return out[:hole + 1] + digits + out[end - 1:]


def look_of(content, box='0 0 200 40', more=''):
    """An appearance; the font is one of its own."""
    return Stream(content, value_of(
        '<</Type/XObject/Subtype/Form/BBox[%s]/Resources<</Font<</H<</Type'
        '/Font/Subtype/Type1/BaseFont/Helvetica>>>>%s>>>>' % (box, more)))


SIGNED_BY = 'BT /H 9 Tf 0 0 .6 rg 4 22 Td (Signed by alice) Tj ' \
            '0 -12 Td (2026-11-28) Tj ET'
