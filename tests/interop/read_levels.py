#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
A second reader of what the levels add, written from the standards alone:
hashlib, zipfile, and openssl for time-stamps, certificates and CRLs.

	read_levels.py pdf FILE CHAIN	EN 319 142-1, ISO 32000-2 12.8.4, 12.8.5
	read_levels.py cades FILE CONTENT CHAIN		EN 319 122-1 5.3, 5.5
	read_levels.py asic FILE CHAIN	EN 319 162-1 4.4, annex A.7

CHAIN is a PEM file of the authorities' certificates, roots included.  Prints
what holds, one fact a line; ends with 1 and what does not at the first fault.
"""
import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

ID = {
    'signature-time-stamp': '1.2.840.113549.1.9.16.2.14',
    'archive-time-stamp-v3': '0.4.0.1733.2.4',
    'ats-hash-index-v3': '0.4.0.19122.1.5',
    'ocsp-response': '1.3.6.1.5.5.7.16.2',
    'sha256': '2.16.840.1.101.3.4.2.1',
}


def fail(text):
    print('wrong: ' + text)
    sys.exit(1)


def say(text):
    print(text)


# ---- DER ----

class Element:
    def __init__(self, data, at=0):
        self.tag = data[at]
        size = data[at + 1]
        body = at + 2
        if size & 0x80:
            count = size & 0x7f
            size = int.from_bytes(data[body:body + count], 'big')
            body += count
        self.content = data[body:body + size]
        self.whole = data[at:body + size]
        self.next = body + size
        if len(self.content) != size:
            raise ValueError('DER is cut short')

    def children(self):
        out, at = [], 0
        while at < len(self.content):
            out.append(Element(self.content, at))
            at = out[-1].next
        return out


def dotted(content):
    arcs, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7f
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return '.'.join(str(x) for x in [first, arcs[0] - 40 * first] + arcs[1:])


class Cms:
    """SignedData, as RFC 5652 5.1 writes it down."""

    def __init__(self, data):
        info = Element(data).children()
        parts = info[1].children()[0].children()
        self.content_type = parts[2].children()[0].whole
        inner = parts[2].children()
        self.content = None
        if len(inner) > 1:
            self.content = inner[1].children()[0].content
        self.certificates, self.revocation = [], []
        for part in parts[3:-1]:
            if part.tag == 0xa0:
                self.certificates = part.children()
            elif part.tag == 0xa1:
                self.revocation = part.children()
        self.signers = [Signer(x) for x in parts[-1].children()]

    def crls(self):
        return [x.whole for x in self.revocation if x.tag == 0x30]

    def ocsps(self):
        out = []
        for other in self.revocation:
            if other.tag != 0xa1:
                continue
            kind, value = other.children()
            if dotted(kind.content) != ID['ocsp-response']:
                fail('other revocation information is no OCSP response')
            out.append(value.whole)
        return out


class Signer:
    def __init__(self, element):
        parts = element.children()
        self.fields = parts[:3]
        self.unsigned = []
        for part in parts[3:]:
            if part.tag == 0xa1:
                self.unsigned = part.children()
            else:
                self.fields.append(part)
        self.signature = self.fields[-1].content

    def values(self, name):
        out = []
        for attribute in self.unsigned:
            kind, values = attribute.children()
            if dotted(kind.content) == ID[name]:
                out += [x.whole for x in values.children()]
        return out


# ---- openssl ----

def openssl(*arguments, data=None):
    run = subprocess.run(('openssl',) + arguments, input=data,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return run.returncode, run.stdout, run.stderr.decode('utf-8', 'replace')


class Folder:
    def __init__(self):
        self.path = tempfile.mkdtemp()

    def put(self, name, data):
        path = os.path.join(self.path, name)
        with open(path, 'wb') as f:
            f.write(data)
        return path


FOLDER = Folder()


def token_holds(token, covered, chain, what):
    """openssl ts -verify: imprint, signature, chain and key purpose."""
    # openssl takes the certificate from the token and the rest from here.
    code, _, error = openssl(
        'ts', '-verify', '-token_in', '-in', FOLDER.put('token', token),
        '-data', FOLDER.put('covered', covered), '-CAfile', chain,
        '-untrusted', chain)
    if code != 0:
        fail('%s: openssl ts says %s' % (what, error.strip()))
    say('%s holds' % what)


def names(der):
    _, out, _ = openssl('x509', '-inform', 'DER', '-noout', '-subject',
                        '-issuer', '-nameopt', 'RFC2253', data=der)
    lines = out.decode().splitlines()
    return lines[0].split('=', 1)[1], lines[1].split('=', 1)[1]


def crl_issuer(der):
    code, out, _ = openssl('crl', '-inform', 'DER', '-noout', '-issuer',
                           '-nameopt', 'RFC2253', data=der)
    if code != 0:
        fail('a CRL that openssl does not read')
    return out.decode().strip().split('=', 1)[1]


def serial(der):
    _, out, _ = openssl('x509', '-inform', 'DER', '-noout', '-serial',
                        data=der)
    return out.decode().strip().split('=')[1].lower()


def ocsp_serials(der):
    code, out, _ = openssl('ocsp', '-respin', FOLDER.put('ocsp', der),
                           '-resp_text', '-noverify')
    if code != 0:
        fail('an OCSP response that openssl does not read')
    return [x.lower() for x in
            re.findall(rb'Serial Number: ([0-9A-F]+)', out)
            ] and [x.decode().lower() for x in
                   re.findall(rb'Serial Number: ([0-9A-F]+)', out)]


def issued(certificate, crls, ocsps):
    _, issuer = names(certificate)
    if issuer in [crl_issuer(x) for x in crls]:
        return True
    return serial(certificate) in sum([ocsp_serials(x) for x in ocsps], [])


def path_is_whole(leaf, certificates, crls, ocsps, what):
    """Every certificate up to a root is there, and for each but the root a
    CRL of its issuer or an OCSP response."""
    by_subject = {names(x)[0]: x for x in certificates}
    for _ in range(12):
        subject, issuer = names(leaf)
        if subject == issuer:
            say('%s: the path is whole' % what)
            return
        if not issued(leaf, crls, ocsps):
            fail('%s: nothing says that %s is not revoked' % (what, subject))
        if issuer not in by_subject:
            fail('%s: the certificate of %s is not there' % (what, issuer))
        leaf = by_subject[issuer]
    fail('%s: the path does not end' % what)


def leaf_of(cms, more=()):
    """The certificate that the first signer's sid names."""
    sid = cms.signers[0].fields[1].children()
    for c in [x.whole for x in cms.certificates] + list(more):
        tbs = Element(c).children()[0].children()
        tbs = tbs[1:] if tbs[0].tag == 0xa0 else tbs
        if tbs[0].whole == sid[1].whole and tbs[2].whole == sid[0].whole:
            return c
    fail('the signer\'s certificate is not there')
    return None


# ---- CAdES ----

def archive_holds(cms, signer, token, content, chain):
    """5.5.2 and 5.5.3: the index names what is there, and the imprint is of
    the content's hash, the SignerInfo and the index."""
    tst = Cms(token)
    index = tst.signers[0].values('ats-hash-index-v3')
    if len(index) != 1:
        fail('an archive time-stamp has %d hash indexes' % len(index))
    parts = Element(index[0]).children()
    if dotted(parts[0].children()[0].content) != ID['sha256']:
        fail('the hash index is not by SHA-256')
    have = [
        [hashlib.sha256(x.whole).digest() for x in cms.certificates],
        [hashlib.sha256(x.whole).digest() for x in cms.revocation],
        [hashlib.sha256(a.children()[0].whole + v.whole).digest()
         for a in signer.unsigned for v in a.children()[1].children()],
    ]
    named = 0
    for part, there in zip(parts[1:], have):
        for one in part.children():
            if one.content not in there:
                fail('the hash index names what is not there')
            named += 1
    imprint = tst_imprint(tst)
    covered = cms.content_type + hashlib.new(imprint, content).digest()
    covered += b''.join(x.whole for x in signer.fields) + index[0]
    token_holds(token, covered, chain, 'archive-time-stamp-v3')
    say('its hash index names %d things' % named)
    return [len(x.children()) for x in parts[1:]], [len(x) for x in have]


def tst_imprint(tst):
    info = Element(tst.content).children()
    kind = dotted(info[2].children()[0].children()[0].content)
    return {ID['sha256']: 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384',
            '2.16.840.1.101.3.4.2.3': 'sha512'}[kind]


def read_cades(data, content, chain):
    cms = Cms(data)
    certificates = [x.whole for x in cms.certificates]
    for signer in cms.signers:
        stamps = signer.values('signature-time-stamp')
        for token in stamps:
            token_holds(token, signer.signature, chain,
                        'signature-time-stamp')
        if cms.revocation:
            path_is_whole(leaf_of(cms), certificates, cms.crls(), cms.ocsps(),
                          'signer')
            for token in stamps:
                tst = Cms(token)
                path_is_whole(leaf_of(tst, certificates), certificates,
                              cms.crls(), cms.ocsps(), 'authority')
        for token in signer.values('archive-time-stamp-v3'):
            archive_holds(cms, signer, token, content, chain)


# ---- PDF ----

class Pdf:
    """Objects by number, the last that was written; those of updates, which
    deed writes plainly."""

    def __init__(self, data):
        self.data = data
        self.objects = {}
        for m in re.finditer(rb'(?:^|[\r\n])(\d+) 0 obj\b', data):
            self.objects[int(m.group(1))] = m.end()

    def text(self, number):
        at = self.objects[number]
        return self.data[at:self.data.index(b'endobj', at)]

    def stream(self, number):
        at = self.objects[number]
        head = self.data[at:self.data.index(b'stream', at)]
        size = int(re.search(rb'/Length (\d+)', head).group(1))
        start = at + len(head) + len(b'stream')
        start += 2 if self.data[start:start + 2] == b'\r\n' else 1
        raw = self.data[start:start + size]
        if b'/Filter' in head:
            fail('a value of the store is filtered')
        return raw

    def array(self, text, key):
        m = re.search(rb'/' + key + rb'\s*\[([^\]]*)\]', text)
        if not m:
            return []
        return [int(x) for x in re.findall(rb'(\d+) 0 R', m.group(1))]


def read_store(pdf):
    found = [n for n in pdf.objects
             if re.search(rb'/Type\s*/DSS\b', pdf.text(n))]
    if not found:
        return None
    if len(found) != 1:
        fail('%d objects are a DSS' % len(found))
    text = pdf.text(found[0])
    vri = {}
    at = text.find(b'/VRI')
    for m in re.finditer(rb'/([0-9A-F]{40})\s*<<(.*?)>>', text[at:], re.S):
        vri[m.group(1).decode()] = m.group(2)
    top = text[:at] + re.sub(rb'/VRI\s*<<.*?>>\s*>>', b'', text[at:],
                             flags=re.S) if at >= 0 else text
    return {'certs': pdf.array(top, b'Certs'), 'crls': pdf.array(top, b'CRLs'),
            'ocsps': pdf.array(top, b'OCSPs'), 'vri': vri}


def no_duplicates(pdf, numbers, what):
    values = [pdf.stream(n) for n in numbers]
    if len(set(values)) != len(values):
        fail('the store holds a %s twice' % what)
    return values


def signatures(data):
    """(offset, byte range, decoded /Contents, is a time-stamp)"""
    out = []
    for m in re.finditer(rb'/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)',
                         data):
        r = [int(x) for x in m.groups()]
        value = data[r[1]:r[2]]
        if value[:1] != b'<' or value[-1:] != b'>':
            fail('a ByteRange does not leave out /Contents')
        around = data[data.rindex(b' obj', 0, m.start()):
                      data.index(b'endobj', r[2])]
        out.append((r, bytes.fromhex(value[1:-1].decode()),
                    b'DocTimeStamp' in around))
    return out


def read_pdf(path, chain):
    with open(path, 'rb') as f:
        data = f.read()
    pdf = Pdf(data)
    store = read_store(pdf)
    certs = crls = ocsps = []
    if store:
        certs = no_duplicates(pdf, store['certs'], 'certificate')
        crls = no_duplicates(pdf, store['crls'], 'CRL')
        ocsps = no_duplicates(pdf, store['ocsps'], 'OCSP response')
        say('the store has %d certificates, %d CRLs, %d OCSP responses' %
            (len(certs), len(crls), len(ocsps)))
    all_signatures = signatures(data)
    last = all_signatures[-1]
    for r, contents, is_stamp in all_signatures:
        covered = data[r[0]:r[0] + r[1]] + data[r[2]:r[2] + r[3]]
        token = Element(contents).whole
        if is_stamp:
            token_holds(token, covered, chain, 'document time-stamp')
            stamps = [token]
        else:
            cms = Cms(token)
            stamps = cms.signers[0].values('signature-time-stamp')
            for one in stamps:
                token_holds(one, cms.signers[0].signature, chain,
                            'signature-time-stamp')
        if not store or (is_stamp and contents is last[1]):
            continue
        key = hashlib.sha1(contents).hexdigest().upper()
        if key not in store['vri']:
            fail('the store has no VRI %s' % key)
        body = store['vri'][key]
        mine = [[pdf.stream(n) for n in pdf.array(body, k)]
                for k in (b'Cert', b'CRL', b'OCSP')]
        for have, whole in zip(mine, (certs, crls, ocsps)):
            if not set(have) <= set(whole):
                fail('a VRI names what the store does not')
        if not is_stamp:
            path_is_whole(leaf_of(cms, mine[0]), *mine, 'signer')
        for one in stamps:
            path_is_whole(leaf_of(Cms(one), mine[0]), *mine, 'authority')
    if last[2] and store:
        at = max(pdf.objects[n] for n in store['certs'] + store['crls'] +
                 store['ocsps'])
        if at > last[0][1]:
            fail('the last time-stamp does not cover the store')
        say('the last time-stamp covers the store')


# ---- ASiC ----

ASIC = '{http://uri.etsi.org/02918/v1.2.1#}'
DS = '{http://www.w3.org/2000/09/xmldsig#}'


def read_manifest(container, name):
    root = xml.etree.ElementTree.fromstring(container.read(name))
    signature = root.find(ASIC + 'SigReference').get('URI')
    references, rootfile = [], None
    for ref in root.findall(ASIC + 'DataObjectReference'):
        uri = ref.get('URI')
        method = ref.find(DS + 'DigestMethod').get('Algorithm')
        if method != 'http://www.w3.org/2001/04/xmlenc#sha256':
            fail('%s: a digest that is not SHA-256' % name)
        digest = base64.b64decode(ref.find(DS + 'DigestValue').text)
        if hashlib.sha256(container.read(uri)).digest() != digest:
            fail('%s: the digest of %s is another' % (name, uri))
        references.append(uri)
        if ref.get('Rootfile') == 'true':
            rootfile = uri
    return signature, references, rootfile


def read_asic(path, chain):
    container = zipfile.ZipFile(path)
    if container.testzip() is not None:
        fail('the ZIP is damaged')
    entries = container.namelist()
    archive = 'META-INF/ASiCArchiveManifest.xml'
    seen, links = [], 0
    for name in entries:
        if 'ASiCManifest' in name:
            signature, references, _ = read_manifest(container, name)
            say('%s covers %d files' % (name, len(references)))
            read_cades(container.read(signature), container.read(name), chain)
    while archive is not None and archive in entries:
        token, references, previous = read_manifest(container, archive)
        token_holds(container.read(token), container.read(archive), chain,
                    archive)
        if links == 0:
            left = [x for x in entries if x not in references and
                    x not in ('mimetype', archive, token)]
            if left:
                fail('the archive manifest leaves out %s' % left[0])
        if previous is not None:
            old = read_manifest(container, previous)[0]
            if old not in references:
                fail('the token of %s is not covered' % previous)
            tst = Cms(container.read(old))
            certs = [x.whole for x in tst.certificates]
            path_is_whole(leaf_of(tst), certs, tst.crls(), tst.ocsps(),
                          'authority of ' + previous)
        if archive in seen:
            fail('archive manifests go round')
        seen.append(archive)
        links += 1
        archive = previous
    say('%d archive manifests' % links)


def main():
    what, path = sys.argv[1], sys.argv[2]
    if what == 'pdf':
        read_pdf(path, sys.argv[3])
    elif what == 'cades':
        with open(path, 'rb') as f, open(sys.argv[3], 'rb') as c:
            read_cades(f.read(), c.read(), sys.argv[4])
    else:
        read_asic(path, sys.argv[3])


main()
