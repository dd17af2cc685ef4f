#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A European trusted list, and signers whom it makes qualified or not.

    qualified_list.py FOLDER
    qualified_list.py FOLDER PEM

FOLDER gets list.xml, signed by scheme.pem; others.xml, the same list of a
type that is not the Union's; ended.xml, whose next update has passed;
few.xml, that names but one authority, and against.xml, that has withdrawn
those of the signer esign, too; content; NAME.pem and NAME.p7s, a detached signature of content, of every
signer; cas.pem, all authorities above which there is none; leaf.key, every signer's; and cases.tsv:
what the list says of a signer at a time, as the rules of deed-judging(7),
QUALIFIED, have it.  Its columns: what it is, signer, time, exit code of
--require qualified, "is", "why", "for", "device".

Every authority has the same key, and is known by its name.

With PEM it gets own.xml, signed by own.pem, in which every certificate of PEM
is an authority of signers whom the list calls qualified."""
import datetime
import os
import subprocess
import sys

from trust_lists import Signer, scheme, sign
from trust_list_files import (additional, criteria, extension, policy,
                              qualifier, status, usage)

# 1 July 2016 in Brussels, and the second before.
EIDAS, EVE = "2016-06-30T22:00:00Z", "2016-06-30T21:59:59Z"
SIG, SEAL = additional("ForeSignatures"), additional("ForeSeals")
WEB = additional("ForWebSiteAuthentication")
NOW = "2026-11-20T00:00:00Z"
OTHER = ("http://uri.etsi.org/TrstSvc/TrustedList/TSLType/CClist")

CONFIG = """[ca]
default_ca = one
[one]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
email_in_dn = no
[any]
countryName = optional
organizationName = optional
organizationIdentifier = optional
givenName = optional
surname = optional
serialNumber = optional
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
"""
LEAF = """[leaf]
keyUsage = critical, nonRepudiation
%s
[qc]
%s
"""
STATEMENT = "s%d = SEQUENCE:q%d\n"
COMPLIANCE, SSCD = "0.4.0.1862.1.1", "0.4.0.1862.1.4"
LAWS = "0.4.0.1862.1.7"
ESIGN, ESEAL = "0.4.0.1862.1.6.1", "0.4.0.1862.1.6.2"


def openssl(*args):
    subprocess.run(("openssl",) + args, check=True, stderr=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)


def stamp(time):
    return "".join(c for c in time if c not in "-:T")


def statements(words):
    """Of "compliance", "esign", "eseal", "sscd", "laws"."""
    lines, more, n = "", "", 0
    types = [{"esign": ESIGN, "eseal": ESEAL}[w] for w in words
             if w in ("esign", "eseal")]
    for w in words:
        if w in ("compliance", "sscd"):
            more += "[q%d]\nid = OID:%s\n" % (
                n, COMPLIANCE if w == "compliance" else SSCD)
        elif w == "laws":
            more += ("[q%d]\nid = OID:%s\nof = SEQUENCE:l%d\n[l%d]\n"
                     "a = PRINTABLESTRING:CH\n" % (n, LAWS, n, n))
        else:
            continue
        lines += STATEMENT % (n, n)
        n += 1
    if types:
        lines += STATEMENT % (n, n)
        more += "[q%d]\nid = OID:0.4.0.1862.1.6\nof = SEQUENCE:t%d\n[t%d]\n" \
            % (n, n, n)
        more += "".join("t%d = OID:%s\n" % x for x in enumerate(types))
    return lines, more


class Maker:
    def __init__(self):
        self.rows, self.providers, self.made = [], [], set()
        for name in ("ca", "leaf"):
            openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout",
                    "-out", name + ".key")
        with open("ca.cnf", "w", encoding="ascii") as f:
            f.write(CONFIG)
        open("index", "w", encoding="ascii").close()
        open("cas.pem", "w", encoding="ascii").close()
        with open("content", "w", encoding="ascii") as f:
            f.write("a contract\n")
        openssl("req", "-new", "-key", "leaf.key", "-out", "leaf.csr",
                "-subj", "/C=XX/CN=A Signer")

    def authority(self, name, above=None):
        """Its certificate, in base64; issued by itself, or another."""
        if name not in self.made:
            self.made.add(name)
            openssl("req", "-new", "-key", "ca.key", "-out", "ca.csr",
                    "-subj", "/C=XX/O=House/CN=" + name)
            by = ["-cert", above + ".pem"] if above else ["-selfsign"]
            openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-in",
                    "ca.csr", "-keyfile", "ca.key", *by, "-extensions",
                    "root", "-startdate", "20050101000000Z", "-enddate",
                    "20490101000000Z", "-out", name + ".pem")
        with open(name + ".pem", encoding="ascii") as f:
            text = f.read()
        # What is above it is another's to believe.
        if not above:
            with open("cas.pem", "a", encoding="ascii") as f:
                f.write(text)
        return "".join(text.split("-----")[2].split())

    def lists(self, name, *history, operator="House", above=None, cert=None):
        """A service of an authority, by (status, since, extensions[, type]),
        newest first."""
        cert = cert or self.authority(name, above)
        parts = [status(h[0], h[1], h[2],
                        kind=h[3] if len(h) > 3 else "CA/QC",
                        tag="ServiceHistoryInstance" if i else
                        "ServiceInformation", cert="" if i else cert)
                 for i, h in enumerate(history)]
        self.providers.append(
            "<TrustServiceProvider><TSPInformation><TSPName>"
            '<Name xml:lang="en">%s</Name></TSPName></TSPInformation>'
            "<TSPServices><TSPService>%s<ServiceHistory>%s</ServiceHistory>"
            "</TSPService></TSPServices></TrustServiceProvider>" % (
                operator, parts[0], "".join(parts[1:])))

    def signer(self, ca, name, since="2020-01-01T00:00:00Z",
               claims="compliance esign", policies="", subject=None):
        lines, more = statements(claims.split())
        ext = "1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:qc\n" if lines else ""
        if claims == "broken":
            ext = "1.3.6.1.5.5.7.1.3 = ASN1:NULL\n"
        if policies:
            ext += "certificatePolicies = " + policies + "\n"
        with open("leaf.cnf", "w", encoding="ascii") as f:
            f.write(CONFIG + LEAF % (ext, lines) + more)
        openssl("ca", "-batch", "-notext", "-config", "leaf.cnf", "-in",
                "leaf.csr", "-cert", ca + ".pem", "-keyfile", "ca.key",
                "-extensions", "leaf", "-startdate", stamp(since), "-enddate",
                "20490101000000Z", "-out", name + ".pem",
                *(["-subj", subject] if subject else []))
        openssl("cms", "-sign", "-binary", "-cades", "-in", "content",
                "-signer", name + ".pem", "-inkey", "leaf.key", "-certfile",
                ca + ".pem", "-outform", "DER", "-out", name + ".p7s")
        return name

    def expect(self, what, signer, code, answer, why="null", purpose="",
               at=NOW, device="no"):
        if answer != "qualified":
            device = "null"
        self.rows.append("\t".join((what, signer, at, str(code), answer, why,
                                    purpose or "-", device)) + "\n")

    def granted(self, what, extensions, code, answer, why="null", purpose="",
                device="no", **how):
        """An authority of its own, that is granted this, and its signer."""
        ca = "CA-%s" % what.replace(" ", "-")
        self.lists(ca, ("granted", "2018-01-01T00:00:00Z", extensions))
        self.expect(what, self.signer(ca, ca[3:], **how), code, answer, why,
                    purpose, device=device)

    def write(self, name, signer, **how):
        with open(name, "w", encoding="utf-8") as f:
            f.write(sign(signer, scheme(
                until=how.pop("until", "2090-01-01T00:00:00Z"), **how) +
                "<TrustServiceProviderList>%s</TrustServiceProviderList>" %
                "".join(self.providers)))


def purposes(m):
    m.granted("esign", SIG, 0, "qualified", purpose="signatures")
    m.granted("eseal", SEAL, 0, "qualified", purpose="seals",
              claims="compliance eseal")
    m.granted("both", SIG + SEAL, 0, "qualified", purpose="seals",
              claims="compliance eseal")
    m.granted("untyped", SIG + SEAL, 0, "qualified", purpose="signatures",
              claims="compliance")
    m.granted("seal by a CA of signatures", SIG, 1, "not", "other-purpose",
              claims="compliance eseal")
    m.granted("signature by a CA of sites", WEB, 1, "not", "other-purpose")
    m.granted("for nothing", "", 1, "not", "other-purpose")
    m.granted("two types", SIG + SEAL, 3, "unknown", "rules-contradict",
              claims="compliance esign eseal")
    m.granted("no claim", SIG, 1, "not", "not-qualified", claims="")
    m.granted("a seal without compliance", SEAL, 1, "not", "not-qualified",
              claims="eseal")
    m.granted("by other laws", SIG, 1, "not", "not-qualified",
              claims="compliance laws")
    m.granted("broken claims", SIG, 3, "unknown", "claims-broken",
              claims="broken")


def times(m):
    ca = "CA-times"
    m.lists(ca, ("granted", "2022-01-01T00:00:00Z", SIG),
            ("withdrawn", "2021-01-01T00:00:00Z", SIG),
            ("granted", "2018-01-01T00:00:00Z", SIG))
    early = m.signer(ca, "early", "2017-12-31T23:59:59Z")
    first = m.signer(ca, "first", "2018-01-01T00:00:00Z")
    between = m.signer(ca, "between", "2021-06-01T00:00:00Z")
    again = m.signer(ca, "again", "2022-01-01T00:00:00Z")
    m.expect("issued the second before", early, 1, "not", "not-listed")
    m.expect("issued in the second", first, 0, "qualified",
             purpose="signatures", at="2018-01-01T00:00:00Z")
    for what, at, code, answer, why in (
            ("before it is withdrawn", "2020-12-31T23:59:59Z", 0, "qualified",
             "null"),
            ("withdrawn", "2021-01-01T00:00:00Z", 1, "not", "not-licensed"),
            ("before it is granted again", "2021-12-31T23:59:59Z", 1, "not",
             "not-licensed"),
            ("granted again", "2022-01-01T00:00:00Z", 0, "qualified",
             "null")):
        m.expect(what, first, code, answer, why, "signatures" * (not code),
                 at)
    m.expect("issued while withdrawn", between, 1, "not", "not-licensed")
    m.expect("issued when granted again", again, 0, "qualified",
             purpose="signatures")


def rules(m):
    key = criteria(usage("nonRepudiation", "true"))
    good = {"policies": "1.2.3.4"}

    def either(*parts):
        return criteria("".join(parts), "atLeastOne")

    m.granted("QCForESig", SIG + qualifier(key, "QCForESig"), 0, "qualified",
              purpose="signatures", claims="compliance eseal")
    m.granted("QCForESeal", SEAL + qualifier(key), 0, "qualified",
              purpose="seals", claims="compliance")
    m.granted("QCForESeal of signatures", SIG + qualifier(key), 3, "unknown",
              "rules-contradict")
    m.granted("QCForESig alone", SIG + qualifier(key, "QCForESig"), 1, "not",
              "not-qualified", claims="")
    m.granted("QCForLegalPerson", SIG + qualifier(key, "QCForLegalPerson"), 3,
              "unknown", "rules-contradict")
    m.granted("QCForLegalPerson of seals",
              SEAL + qualifier(key, "QCForLegalPerson"), 0, "qualified",
              purpose="seals", claims="compliance eseal")
    m.granted("QCStatement alone", SIG + qualifier(key, "QCStatement"), 3,
              "unknown", "purpose-unknown", claims="")
    m.granted("QCStatement of a type", SEAL + qualifier(key, "QCStatement"),
              0, "qualified", purpose="seals", claims="eseal")
    told = SIG + qualifier(criteria(policy("1.2.3.4")), "QCStatement") + \
        qualifier(criteria(policy("1.2.3.4")), "QCForESig")
    m.granted("QCStatement by policy", told, 0, "qualified",
              purpose="signatures", claims="", **good)
    m.granted("QCStatement of another policy", told, 1, "not",
              "not-qualified", claims="", policies="1.2.3.5")
    m.granted("QCStatement and NotQualified",
              SIG + qualifier(key, "QCStatement") +
              qualifier(key, "NotQualified"), 3, "unknown",
              "rules-contradict")
    no = "NotQualified"
    for what, body, matches in (
            ("all", criteria(usage("nonRepudiation", "true") +
                             policy("1.2.3.4")), True),
            ("all but one", criteria(usage("nonRepudiation", "true") +
                                     policy("1.2.3.5")), False),
            ("one of two", either(usage("crlSign", "true"),
                                  policy("1.2.3.4")), True),
            ("none of two", either(usage("crlSign", "true"),
                                   policy("1.2.3.5")), False),
            ("assert none", criteria(policy("1.2.3.5"), "none"), True),
            ("assert none of one", criteria(policy("1.2.3.4"), "none"),
             False),
            ("a bit that is not set", criteria(usage("digitalSignature",
                                                     "false")), True),
            ("nested", criteria(either(policy("1.2.3.4"))), True)):
        m.granted(no + ", " + what, SIG + qualifier(body, no),
                  *((1, "not", "not-qualified") if matches else
                    (0, "qualified", "null", "signatures")), **good)
    chip = {"claims": "compliance esign sscd"}
    m.granted("QcSSCD", SIG, 0, "qualified", purpose="signatures",
              device="yes", **chip)
    for words, device, how in (
            ("QCWithQSCD", "yes", {}), ("QCNoQSCD", "no", chip),
            ("QCQSCDManagedOnBehalf", "yes", {}),
            ("QCQSCDStatusAsInCert", "yes", chip),
            ("QCSSCDStatusAsInCert", "no", {}),
            ("QCWithSSCD", "unknown", {}), ("QCNoSSCD", "unknown", {}),
            ("QCWithSSCD QCWithQSCD", "yes", {}),
            ("QCWithQSCD QCNoQSCD", "unknown", {}),
            ("QCQSCDStatusAsInCert QCNoQSCD", "unknown", {})):
        m.granted(words, SIG + "".join(qualifier(key, w)
                                       for w in words.split()), 0,
                  "qualified", purpose="signatures", device=device, **how)
    for what, more in (
            ("otherCriteriaList", qualifier(criteria(
                "<q:otherCriteriaList></q:otherCriteriaList>"))),
            ("another qualifier", qualifier(key, "QCForMagic")),
            ("a critical extension", extension("<Other></Other>"))):
        m.granted(what, SIG + more, 3, "unknown", "rule-unknown")
    m.granted("an idle extension", SIG + extension("<Other></Other>",
                                                   "false"), 0,
              "qualified", purpose="signatures")


def services(m):
    since = "2018-01-01T00:00:00Z"
    m.lists("CA-two", ("granted", since, SIG))
    m.lists("CA-two", ("withdrawn", since, SIG))
    m.expect("two services, two answers", m.signer("CA-two", "two"), 3,
             "unknown", "services-contradict")
    m.lists("CA-split", ("granted", since, SIG))
    m.lists("CA-split", ("withdrawn", since, WEB))
    m.expect("two services, two purposes", m.signer("CA-split", "split"), 0,
             "qualified", purpose="signatures")
    m.lists("CA-shared", ("granted", since, SIG))
    m.lists("CA-shared", ("granted", since, SIG), operator="Another")
    m.expect("two operators", m.signer("CA-shared", "shared"), 3, "unknown",
             "services-contradict")
    m.lists("CA-root", ("withdrawn", since, SIG))
    m.lists("CA-under", ("granted", since, SIG), above="CA-root")
    m.expect("withdrawn above", m.signer("CA-under", "under"), 3, "unknown",
             "services-contradict")
    m.lists("CA-top", ("granted", since, SIG + additional("RootCA-QC")))
    m.authority("CA-below", above="CA-top")
    m.expect("by the root alone", m.signer("CA-below", "below"), 0,
             "qualified", purpose="signatures")
    m.lists("CA-paused", ("paused", since, SIG))
    m.expect("a status that is not known", m.signer("CA-paused", "paused"), 3,
             "unknown", "status-unknown")
    m.lists("CA-plain", ("granted", since, SIG, "CA/PKC"))
    m.expect("another type of service", m.signer("CA-plain", "plain"), 1,
             "not", "not-listed")
    m.authority("CA-unlisted")
    m.expect("not listed", m.signer("CA-unlisted", "unlisted"), 1, "not",
             "not-listed")


def directive(m):
    old = "2010-01-01T00:00:00Z"
    m.lists("CA-old", ("granted", EIDAS, SIG), ("undersupervision", old, ""))
    then = m.signer("CA-old", "then", "2015-01-01T00:00:00Z", "compliance")
    qcp = m.signer("CA-old", "qcp", "2015-01-01T00:00:00Z", "",
                   "0.4.0.1456.1.2")
    plus = m.signer("CA-old", "plus", "2015-01-01T00:00:00Z", "",
                    "0.4.0.1456.1.1")
    m.expect("of the policy with a device", plus, 0, "qualified",
             purpose="signatures", at=EVE, device="yes")
    m.expect("which counts no more", plus, 0, "qualified",
             purpose="signatures", at=EIDAS)
    later = m.signer("CA-old", "later", EIDAS, "", "0.4.0.1456.1.2")
    plain = m.signer("CA-old", "neither", "2015-01-01T00:00:00Z", "")
    for at in (EVE, EIDAS, NOW):
        m.expect("issued by the Directive", then, 0, "qualified",
                 purpose="signatures", at=at)
        m.expect("of its policy", qcp, 0, "qualified", purpose="signatures",
                 at=at)
        m.expect("of neither", plain, 1, "not", "not-qualified", at=at)
    m.expect("of its policy, since", later, 1, "not", "not-qualified")
    for n, word in enumerate(("accredited", "supervisionincessation")):
        ca = "CA-left-%d" % n
        m.lists(ca, (word, old, ""))
        left = m.signer(ca, "left-%d" % n, "2015-01-01T00:00:00Z",
                        "compliance")
        m.expect(word, left, 0, "qualified", purpose="signatures", at=EVE)
        m.expect(word + ", since", left, 1, "not", "other-purpose", at=EIDAS)
    m.lists("CA-stale", ("accredited", old, SIG))
    m.expect("a status that counts no more",
             m.signer("CA-stale", "stale", EIDAS), 3, "unknown",
             "status-unknown")
    m.lists("CA-ended", ("withdrawn", EIDAS, SIG),
            ("undersupervision", old, ""))
    ended = m.signer("CA-ended", "ended", "2015-01-01T00:00:00Z",
                     "compliance")
    m.expect("the second before", ended, 0, "qualified", purpose="signatures",
             at=EVE)
    m.expect("withdrawn that night", ended, 1, "not", "not-licensed",
             at=EIDAS)
    for word in ("supervisionceased", "supervisionrevoked",
                 "accreditationceased", "accreditationrevoked"):
        ca = "CA-" + word
        m.lists(ca, (word, "2014-01-01T00:00:00Z", ""),
                ("accredited", old, ""))
        gone = m.signer(ca, word, "2013-01-01T00:00:00Z", "compliance")
        m.expect("before " + word, gone, 0, "qualified",
                 purpose="signatures", at="2013-12-31T23:59:59Z")
        m.expect(word, gone, 1, "not", "not-licensed",
                 at="2014-01-01T00:00:00Z")


def parties(m):
    """Whom an office may enroll, and an authority that loses its licence the
    day after tomorrow."""
    day = datetime.timedelta(days=1)
    soon = (datetime.datetime.utcnow() + 2 * day).strftime(
        "%Y-%m-%dT00:00:00Z")
    m.lists("CA-soon", ("withdrawn", soon, SIG + SEAL),
            ("granted", "2018-01-01T00:00:00Z", SIG + SEAL))
    m.signer("CA-soon", "jaan", subject="/C=EE/GN=Jaan/SN=Sample"
             "/serialNumber=PNOEE-38001085718/CN=SAMPLE,JAAN,38001085718")
    m.signer("CA-soon", "house", claims="compliance eseal",
             subject="/C=DE/O=Seal House/organizationIdentifier="
             "VATDE-203620884/CN=Seal House")


def own(path):
    with open(path, encoding="ascii") as f:
        certs = ["".join(c.split("-----")[0].split()) for c in
                 f.read().split("-----BEGIN CERTIFICATE-----")[1:]]
    key = criteria(usage("nonRepudiation", "true"))
    told = additional("ForeSignatures") + qualifier(key, "QCStatement") + \
        qualifier(key, "QCForESig")
    os.chdir(sys.argv[1])
    m = Maker()
    for cert in certs:
        m.lists(None, ("granted", "2018-01-01T00:00:00Z", told), cert=cert)
    m.write("own.xml", Signer("own", "rsa:2048"))


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    if len(sys.argv) > 2:
        own(sys.argv[2])
        return
    os.chdir(sys.argv[1])
    m = Maker()
    purposes(m)
    times(m)
    rules(m)
    services(m)
    directive(m)
    parties(m)
    by = Signer("scheme", "rsa:2048")
    m.write("list.xml", by)
    m.write("others.xml", by, kind=OTHER)
    m.write("ended.xml", by, until="2026-06-01T00:00:00Z")
    with open("cases.tsv", "w", encoding="utf-8") as f:
        f.writelines(m.rows)
    since = "2018-01-01T00:00:00Z"
    m.providers = []
    m.lists("CA-both", ("withdrawn", since, SIG + SEAL))
    m.write("few.xml", by)
    m.lists("CA-esign", ("withdrawn", since, SIG))
    m.write("against.xml", by)


if __name__ == "__main__":
    main()
