#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trusted lists (ETSI TS 119 612), signed and attacked.

trust_lists.py DIR makes keys, lists and a table DIR/signatures.tsv of what
the signature of each is worth: file, the id of the status, words of the
message.  All XML is written in its canonical form, so that no canonicaliser
stands between what is signed here and what deed makes of it.
"""
import base64
import hashlib
import os
import re
import subprocess
import sys

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
TSL = "http://uri.etsi.org/02231/v2#"
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = DS + "enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
PSS = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
ROOT = '<TrustServiceStatusList xmlns="%s" Id="L" TSLTag="http://uri.etsi.org/19612/TSLTag">' % TSL
END = "</TrustServiceStatusList>"
TYPE = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"


def openssl(*args, data=None):
    return subprocess.run(("openssl",) + args, input=data, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


class Signer:
    """A key and its self-signed certificate."""

    def __init__(self, name, *newkey):
        self.key, self.pem = name + ".key", name + ".pem"
        openssl("req", "-x509", "-newkey", *newkey, "-nodes", "-keyout",
                self.key, "-out", self.pem, "-days", "3650", "-subj",
                "/CN=" + name)
        self.method = MORE + ("rsa-sha256" if newkey[0].startswith("rsa") else
                              "ecdsa-sha256")
        with open(self.pem, encoding="ascii") as f:
            self.cert = "".join(f.read().split("-----")[2].split())

    def sign(self, data, method):
        args = []
        if method == PSS:
            args = ["-sigopt", "rsa_padding_mode:pss", "-sigopt",
                    "rsa_pss_saltlen:digest"]
        value = openssl("dgst", "-sha256", "-sign", self.key, *args,
                        data=data)
        return raw_ecdsa(value) if "ecdsa" in method else value


def raw_ecdsa(der):
    """r and s of a P-256 signature, each in 32 octets."""
    out, at = b"", 2
    for _ in range(2):
        size = der[at + 1]
        out += int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(32,
                                                                        "big")
        at += 2 + size
    return out


def b64(data):
    return base64.b64encode(data).decode()


def sha(text):
    return b64(hashlib.sha256(text.encode()).digest())


def transforms(*names):
    if not names:
        return ""
    return "<ds:Transforms>%s</ds:Transforms>" % "".join(
        n if n.startswith("<") else
        '<ds:Transform Algorithm="%s"></ds:Transform>' % n for n in names)


def reference(uri, digest, *names, kind="", method=SHA256):
    return ('<ds:Reference%s URI="%s">%s<ds:DigestMethod Algorithm="%s">'
            "</ds:DigestMethod><ds:DigestValue>%s</ds:DigestValue>"
            "</ds:Reference>") % (kind and ' Type="%s"' % kind, uri,
                                  transforms(*names), method, digest)


def signing_certificate(*certs, name="SigningCertificateV2", method=SHA256,
                        digest="sha256"):
    """The property, canonical: digests of certificates."""
    ns = ' xmlns:ds="%s"' % DS
    return "<xades:%s>%s</xades:%s>" % (name, "".join(
        '<xades:Cert><xades:CertDigest><ds:DigestMethod%s Algorithm="%s">'
        "</ds:DigestMethod><ds:DigestValue%s>%s</ds:DigestValue>"
        "</xades:CertDigest></xades:Cert>" % (ns, method, ns, b64(
            hashlib.new(digest, base64.b64decode(c)).digest()))
        for c in certs), name)


def properties(inclusive=False, ident="P", body="", signing=""):
    """SignedProperties, canonical."""
    ns = ' xmlns:xades="%s"' % XADES
    if inclusive:
        ns = ' xmlns="%s" xmlns:ds="%s"%s' % (TSL, DS, ns)
    return ('<xades:SignedProperties%s Id="%s"><xades:'
            "SignedSignatureProperties><xades:SigningTime>2026-01-01T00:00:00Z"
            "</xades:SigningTime>%s</xades:SignedSignatureProperties>%s"
            "</xades:SignedProperties>") % (ns, ident, signing, body)


def signature(signer, content, method=None, c14n=EXC, refs=None, cert=None,
              props=None, inclusive=False, extra="", c14n_body="",
              info_extra="", ident="P", signing=""):
    """A ds:Signature over a document; each argument breaks one thing."""
    method = method or signer.method
    if refs is None:
        refs = [reference("", sha(content), ENVELOPED, EXC),
                reference("#" + ident, sha(properties(inclusive, ident,
                                                     signing=signing)),
                          *([] if inclusive else [EXC]), kind=PROPERTIES)]
    body = ('<ds:CanonicalizationMethod Algorithm="%s">%s'
            '</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="%s">'
            "</ds:SignatureMethod>%s%s</ds:SignedInfo>") % (
                c14n, c14n_body, method, "".join(refs), info_extra)
    info = '<ds:SignedInfo xmlns:ds="%s">' % DS + body
    value = b64(signer.sign(info.encode(), method))
    shown = (props or properties(ident=ident, signing=signing)).replace(
        ' xmlns:xades="%s"' % XADES, "").replace(' xmlns:ds="%s"' % DS, "")
    key = "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>%s" \
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>" % (
            cert or signer.cert)
    if cert == "":
        key = ""
    return ('<ds:Signature xmlns:ds="%s" Id="S"><ds:SignedInfo>%s'
            "<ds:SignatureValue>%s</ds:SignatureValue>%s<ds:Object><xades:"
            'QualifyingProperties xmlns:xades="%s" Target="#S">%s</xades:'
            "QualifyingProperties></ds:Object>%s</ds:Signature>") % (
                DS, body, value, key, XADES, shown, extra)


def scheme(version=5, sequence=1, kind=TYPE, territory="XX", pointers="",
           issued="2026-01-01T00:00:00Z", until="2026-07-01T00:00:00Z"):
    return ("<SchemeInformation><TSLVersionIdentifier>%d"
            "</TSLVersionIdentifier><TSLSequenceNumber>%d</TSLSequenceNumber>"
            "<TSLType>%s</TSLType><SchemeOperatorName>"
            '<Name xml:lang="en">Operator</Name></SchemeOperatorName>'
            '<SchemeName><Name xml:lang="en">XX:Scheme</Name></SchemeName>'
            "<SchemeTerritory>%s</SchemeTerritory>%s<ListIssueDateTime>%s"
            "</ListIssueDateTime><NextUpdate><dateTime>%s</dateTime>"
            "</NextUpdate></SchemeInformation>") % (
                version, sequence, kind, territory, pointers, issued, until)


def document(body):
    return ROOT + body + END


def sign(signer, body, root=None, **how):
    """The list with its signature, as a file has it."""
    whole, end = document(body), END
    if root:
        whole = whole.replace("TrustServiceStatusList", root)
        end = "</%s>" % root
    return whole[:-len(end)] + signature(signer, whole, **how) + end


class Table:
    def __init__(self, folder):
        self.folder, self.rows = folder, []

    def add(self, name, text, status, words=""):
        with open(os.path.join(self.folder, name + ".xml"), "w",
                  encoding="utf-8") as f:
            f.write(text)
        self.rows.append("%s\t%s\t%s\n" % (name, status, words))

    def write(self, name):
        with open(os.path.join(self.folder, name), "w",
                  encoding="utf-8") as f:
            f.writelines(self.rows)


def genuine(table, rsa, ec):
    body = scheme()
    good = sign(rsa, body)
    table.add("good", good, "ok")
    table.add("good-ec", sign(ec, body), "ok")
    table.add("good-pss", sign(rsa, body, method=PSS), "ok")
    table.add("good-inclusive", sign(rsa, body, inclusive=True), "ok")
    table.add("good-no-keyinfo", sign(rsa, body, cert=""), "ok")
    table.add("good-declaration", '<?xml version="1.0" encoding="UTF-8"?>\n'
              "<!-- seen by nobody -->\n" + good, "ok")
    # What canonical form drops was never signed, and is not read either.
    table.add("good-comment", good.replace("<TSLType>", "<TSLType><!-- a -->"),
              "ok")
    table.add("good-quotes", good.replace('Id="L"', "Id = 'L'"), "ok")
    return body, good


def not_signer(table, rsa, evil, body, good):
    words = "none of the signers"
    own = sign(evil, body)
    table.add("keyinfo", own, "bad-signature", words)
    table.add("no-keyinfo", sign(evil, body, cert=""), "bad-signature", words)
    table.add("keyinfo-lies", sign(evil, body, cert=rsa.cert),
              "bad-signature", "does not hold")
    table.add("keyinfo-both", own.replace(
        "<ds:X509Data>", "<ds:X509Data><ds:X509Certificate>%s"
        "</ds:X509Certificate>" % rsa.cert), "bad-signature", "does not hold")
    table.add("keyinfo-other", good.replace(rsa.cert, evil.cert),
              "bad-signature", words)
    table.add("keyinfo-two", good.replace(
        "<ds:Object>", "<ds:KeyInfo></ds:KeyInfo><ds:Object>"),
        "bad-signature", "exactly one")


def changed(table, rsa, good):
    value = re.search("SignatureValue>([^<]*)<", good).group(1)
    text = "the document was changed"
    table.add("altered", good.replace(">Operator<", ">Impostor<"),
              "bad-signature", text)
    table.add("altered-attribute", good.replace('Id="L"', 'Id="M"'),
              "bad-signature", text)
    table.add("altered-space", good.replace("<TSLType>", " <TSLType>"),
              "bad-signature", text)
    table.add("altered-number", good.replace("Number>1<", "Number>2<"),
              "bad-signature", text)
    table.add("altered-instruction", good.replace(
        "<TSLType>", "<?deed trust?><TSLType>"), "bad-signature", text)
    table.add("altered-beside", good.replace("<ds:Signature ",
                                             "<Note></Note><ds:Signature "),
              "bad-signature", text)
    table.add("altered-properties", good.replace("2026-01-01T00:00:00Z</x",
                                                 "2025-01-01T00:00:00Z</x"),
              "bad-signature", "SignedProperties were changed")
    table.add("altered-info", good.replace('Type="http://uri.etsi',
                                           'Id="x" Type="http://uri.etsi'),
              "bad-signature", "does not hold")
    table.add("altered-both", good.replace(">Operator<", ">Impostor<").replace(
        sha(document(scheme())),
        sha(document(scheme()).replace(">Operator<", ">Impostor<"))),
        "bad-signature", "does not hold")
    table.add("value-short", good.replace(value, value[:-8]), "bad-signature",
              "does not hold")
    table.add("value-none", good.replace(value, ""), "bad-signature",
              "does not hold")
    table.add("value-text", good.replace(value, "!" + value[1:]),
              "bad-signature", "no base64")
    table.add("value-two", good.replace("<ds:KeyInfo>", "<ds:SignatureValue>"
                                        "AA==</ds:SignatureValue><ds:KeyInfo>"),
              "bad-signature", "exactly one")


def wrapped(table, rsa, evil, body, good):
    """The signed document is there, and a reader is to read another."""
    sig = re.search("<ds:Signature .*</ds:Signature>", good).group(0)
    signed = document(body)
    fake = scheme(sequence=99)
    last = "last child"
    other = "the document was changed"

    table.add("unsigned", signed, "no-signature", "not signed")
    table.add("two-roots", good + document(fake), "malformed", "well-formed")
    table.add("two-signatures", good.replace(END, sig + END), "bad-signature",
              "2 signatures")
    table.add("wrap-root", ROOT + fake + signed + sig + END, "bad-signature",
              other)
    table.add("wrap-whole", ROOT + fake + good + END, "bad-signature", last)
    table.add("wrap-first", ROOT + sig + body + END, "bad-signature", last)
    table.add("wrap-inside", good.replace(sig, "").replace(
        "</SchemeInformation>", sig + "</SchemeInformation>"),
        "bad-signature", last)
    table.add("wrap-object", ROOT + fake + sig.replace(
        "</ds:Signature>", "<ds:Object>%s</ds:Object></ds:Signature>" % signed)
        + END, "bad-signature", other)
    table.add("wrap-nested", ROOT + fake + sig.replace(
        "</ds:Signature>", "<ds:Object>%s</ds:Object></ds:Signature>" % good)
        + END, "bad-signature", "2 signatures")
    table.add("wrap-properties", ROOT + fake + sig.replace(
        "</xades:QualifyingProperties>", "<xades:UnsignedProperties>%s"
        "</xades:UnsignedProperties></xades:QualifyingProperties>" % signed)
        + END, "bad-signature", other)
    table.add("wrap-twice", ROOT + signed + fake + sig + END, "bad-signature",
              other)
    table.add("wrap-extension", ROOT + fake.replace(
        "</SchemeInformation>", "<SchemeExtensions><Extension>%s</Extension>"
        "</SchemeExtensions></SchemeInformation>" % signed) + sig + END,
        "bad-signature", other)
    # References that lead to a copy: even signed ones are not followed.
    for name, uri in (("id", "#L"), ("pointer", "#xpointer(/)"),
                      ("address", "http://example.org/list.xml"),
                      ("none", None)):
        ref = reference(uri or "", sha(signed), ENVELOPED, EXC)
        if uri is None:
            ref = ref.replace(' URI=""', "")
        refs = [ref, reference("#P", sha(properties()), EXC, kind=PROPERTIES)]
        table.add("outer-" + name, ROOT + fake + signature(
            rsa, signed, refs=refs, extra="<ds:Object>%s</ds:Object>" % signed)
            + END, "bad-signature", "first reference")
    # A child that is not the signature's any more.
    table.add("namespace", good.replace(DS, DS + "x"), "no-signature",
              "not signed")
    table.add("evil-inside", sign(evil, fake, cert="", extra="<ds:Object>%s"
                                  "</ds:Object>" % signed), "bad-signature",
              "none of the signers")


def shapes(table, rsa, body):
    """Signed by the right key, but not the one shape."""
    whole = document(body)
    doc = reference("", sha(whole), ENVELOPED, EXC)
    props = reference("#P", sha(properties()), EXC, kind=PROPERTIES)
    many = "more than two references"

    def add(name, words, status="bad-signature", **how):
        table.add(name, sign(rsa, body, **how), status, words)

    add("refs-one", "exactly two", refs=[doc])
    add("refs-none", "exactly two", refs=[])
    add("refs-three", many, refs=[doc, props, props])
    add("refs-swapped", "first reference", refs=[props, doc])
    add("refs-document-twice", "second reference", refs=[doc, doc])
    add("refs-untyped", "second reference", refs=[doc, reference(
        "#P", sha(properties()), EXC)])
    add("refs-manifest", "second reference", refs=[doc, reference(
        "#P", sha(properties()), EXC, kind=DS + "Manifest")])
    add("refs-elsewhere", "second reference", refs=[doc, reference(
        "#L", sha(properties()), EXC, kind=PROPERTIES)])
    for name, steps in (
            ("xpath", ["http://www.w3.org/TR/1999/REC-xpath-19991116", EXC]),
            ("filter", ["http://www.w3.org/2002/06/xmldsig-filter2", EXC]),
            ("xslt", [ENVELOPED,
                      "http://www.w3.org/TR/1999/REC-xslt-19991116"]),
            ("swapped", [EXC, ENVELOPED]),
            ("only", [EXC]),
            ("twice", [ENVELOPED, ENVELOPED, EXC]),
            ("more", [ENVELOPED, EXC, EXC]),
            ("inclusive", [ENVELOPED, C14N]),
            ("comments", [ENVELOPED, EXC + "WithComments"])):
        add("transform-" + name, "other transforms", refs=[
            reference("", sha(whole), *steps), props])
    add("transform-none", "exclusive C14N", refs=[
        reference("", sha(whole), ENVELOPED), props])
    add("transform-nothing", "exclusive C14N", refs=[
        reference("", sha(whole)), props])
    add("transform-prefixes", "an element where", refs=[reference(
        "", sha(whole), ENVELOPED, '<ds:Transform Algorithm="%s"><ds:X>'
        "</ds:X></ds:Transform>" % EXC), props])
    add("properties-enveloped", "other transforms", refs=[doc, reference(
        "#P", sha(properties()), ENVELOPED, EXC, kind=PROPERTIES)])
    add("info-inclusive", "exclusive C14N", c14n=C14N)
    add("info-prefixes", "an element where", c14n_body="<ds:X></ds:X>")
    add("info-more", "an element where", info_extra="<ds:X></ds:X>")
    add("digest-length", "of its length", refs=[
        reference("", sha(whole)[:-8], ENVELOPED, EXC), props])
    add("digest-sha1", "not supported", "unsupported", refs=[
        reference("", sha(whole), ENVELOPED, EXC, method=DS + "sha1"), props])
    for name, method in (("rsa-sha1", DS + "rsa-sha1"),
                         ("hmac", MORE + "hmac-sha256"),
                         ("dsa", DS + "dsa-sha1")):
        add("method-" + name, "not supported", "unsupported", method=method)
    add("method-lies", "does not hold", method=MORE + "rsa-sha512")


def identifiers(table, rsa, body, good):
    words = "not unique"
    extra = "<ds:Object %s=\"P\"></ds:Object>"
    for name in ("Id", "ID", "id", "xml:id"):
        table.add("id-" + name.replace(":", "-"), sign(
            rsa, body, extra=extra % name), "bad-signature", words)
    table.add("id-in-list", sign(rsa, '<Note Id="P"></Note>' + body),
              "bad-signature", words)
    table.add("properties-two", good.replace(
        "</xades:QualifyingProperties>", properties(ident="Q").replace(
            ' xmlns:xades="%s"' % XADES, "") +
        "</xades:QualifyingProperties>"), "bad-signature",
        "2 elements SignedProperties")
    table.add("properties-none", re.sub(
        "<xades:SignedProperties.*</xades:SignedProperties>", "", good),
        "bad-signature", "0 elements SignedProperties")
    table.add("properties-moved", good.replace(
        "<xades:SignedProperties", "<xades:Wrap><xades:SignedProperties")
        .replace("</xades:SignedProperties>",
                 "</xades:SignedProperties></xades:Wrap>"), "bad-signature",
        "not in the place")


def signers(table, rsa, evil, body):
    """What SignedProperties say of the signer's certificate."""
    again = Signer("again", "rsa:2048")
    openssl("req", "-x509", "-key", rsa.key, "-out", again.pem, "-subj",
            "/CN=again", "-days", "9")
    with open(again.pem, encoding="ascii") as f:
        again.cert = "".join(f.read().split("-----")[2].split())
    sha1 = {"method": DS + "sha1", "digest": "sha1"}
    sha512 = {"method": "http://www.w3.org/2001/04/xmlenc#sha512",
              "digest": "sha512"}
    other = "names another certificate"

    def add(row, status, words, *certs, cert=None, **how):
        table.add(row, sign(rsa, body, cert=cert, signing=signing_certificate(
            *certs, **how)), status, words)

    add("names-signer", "ok", "", rsa.cert)
    add("names-signer-old", "ok", "", rsa.cert, name="SigningCertificate",
        **sha1)
    add("names-signer-512", "ok", "", rsa.cert, **sha512)
    add("names-issuer-too", "ok", "", evil.cert, rsa.cert)
    add("names-signer-anew", "ok", "", again.cert, cert=again.cert)
    add("names-other", "bad-signature", other, evil.cert)
    add("names-other-old", "bad-signature", other, evil.cert,
        name="SigningCertificate", **sha1)
    add("names-unseen", "bad-signature", other, again.cert)
    add("names-nobody", "bad-signature", other)
    add("names-by-other-digest", "bad-signature", other, rsa.cert,
        digest="sha512")
    add("names-unknown", "unsupported", "digest method", rsa.cert,
        method=DS + "md4")
    table.add("names-two", sign(rsa, body, signing=signing_certificate(
        rsa.cert, name="SigningCertificate") + signing_certificate(evil.cert)),
        "bad-signature", other)


def texts(table, good):
    kind = "document type"
    table.add("doctype", "<!DOCTYPE a>" + good, "malformed", kind)
    table.add("entity", '<!DOCTYPE a [<!ENTITY e "Operator">]>' +
              good.replace(">Operator<", ">&e;<"), "malformed", kind)
    laughs = "".join('<!ENTITY e%d "%s">' % (n, "&e%d;" % (n - 1) * 10)
                     for n in range(1, 12))
    table.add("laughs", '<!DOCTYPE a [<!ENTITY e0 "ha">%s]>' % laughs +
              good.replace('Id="L"', 'Id="&e11;"'), "malformed", kind)
    table.add("external", '<!DOCTYPE a SYSTEM "file:///etc/passwd">' + good,
              "malformed", kind)
    table.add("truncated", good[:-40], "malformed", "well-formed")
    table.add("empty", "", "limit", "empty")
    table.add("deep", "<a>" * 100 + "</a>" * 100, "limit", "deeper")
    spaces = "".join("<a%s>" % "".join(' xmlns:n%d-%d="u:%d"' % (d, n, n)
                                       for n in range(30)) for d in range(3))
    table.add("namespaces", spaces + "</a>" * 3, "limit",
              "namespaces in one place")
    table.add("attributes", good.replace(">", "%s>" % "".join(
        " a%d=''" % n for n in range(100000)), 1), "limit", "attributes on one")
    table.add("growth", good.replace(">", " xmlns:l='u:%s'>" % ("l" * 9999), 1)
              .replace("<ds:Signature ", "<l:a/>" * 9999 + "<ds:Signature "),
              "limit", "canonical form is larger")
    table.add("properties-many", good.replace(
        "</xades:SignedProperties>", "<a/>" * 4096 +
        "</xades:SignedProperties>"), "limit", "more than 4096 nodes")
    table.add("encoding", '<?xml version="1.0" encoding="UTF-16"?>' + good,
              "unsupported", "UTF-8")


def main():
    os.chdir(sys.argv[1])
    rsa = Signer("signer", "rsa:2048")
    ec = Signer("signer-ec", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1")
    evil = Signer("evil", "rsa:2048")
    table = Table(".")
    body, good = genuine(table, rsa, ec)
    not_signer(table, rsa, evil, body, good)
    changed(table, rsa, good)
    wrapped(table, rsa, evil, body, good)
    shapes(table, rsa, body)
    identifiers(table, rsa, body, good)
    signers(table, rsa, evil, body)
    texts(table, good)
    table.write("signatures.tsv")


if __name__ == "__main__":
    main()
