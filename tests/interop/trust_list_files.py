#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trusted lists that are read: versions, pivots, services, criteria.

trust_list_files.py DIR writes lists and DIR/imports.tsv: the arguments of
trust_list_tool, the id of the status, words of the message or the payload.
"""
import os
import sys

from trust_lists import TYPE, Signer, scheme, sign

LOTL = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists"
SERVICE = "http://uri.etsi.org/TrstSvc/Svctype/"
STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
INFO = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
TYPES = "http://uri.etsi.org/02231/v2/additionaltypes#"
QUAL = ("http://uri.etsi.org/TrstSvc/SvcInfoExt/"
        "eSigDir-1999-93-EC-TrustedList/#")
XADES = "http://uri.etsi.org/01903/v1.3.2#"
MIME = "application/vnd.etsi.tsl+xml"


class Imports:
    def __init__(self):
        self.rows = []

    @staticmethod
    def write(name, text):
        with open(name + ".xml", "w", encoding="utf-8") as f:
            f.write(text)

    def expect(self, args, status, words=""):
        self.rows.append("%s\t%s\t%s\n" % (args, status, words))

    def add(self, name, signer, text, status, words=""):
        self.write(name, text)
        self.expect("%s %s.xml" % (signer.pem, name), status, words)


def pointer(signers, kind=LOTL, territory="EU", mime=MIME):
    ids = "".join("<ServiceDigitalIdentity><DigitalId><X509Certificate>%s"
                  "</X509Certificate></DigitalId></ServiceDigitalIdentity>" %
                  s.cert for s in signers)
    other = "".join("<OtherInformation>%s</OtherInformation>" % x for x in (
        "<TSLType>%s</TSLType>" % kind,
        "<SchemeTerritory>%s</SchemeTerritory>" % territory,
        '<n:MimeType xmlns:n="%s">%s</n:MimeType>' % (TYPES, mime)))
    return ("<OtherTSLPointer><ServiceDigitalIdentities>%s"
            "</ServiceDigitalIdentities><AdditionalInformation>%s"
            "</AdditionalInformation></OtherTSLPointer>") % (ids, other)


def lotl(sequence, *pointers):
    return scheme(kind=LOTL, territory="EU", sequence=sequence,
                  pointers="<PointersToOtherTSL>%s</PointersToOtherTSL>" %
                  "".join(pointers))


def pivots(t, a, b, c, evil):
    nation = pointer([c], TYPE, "XX")
    t.write("p1", sign(a, lotl(300, pointer([b]), pointer(
        [evil], mime="application/pdf"))))
    t.write("p2", sign(b, lotl(320, pointer([c, b]))))
    t.write("p3", sign(c, lotl(300, pointer([a]), nation)))
    t.write("lotl", sign(a, lotl(350, pointer([a]), nation,
                                 pointer([evil], TYPE, "YY"))))
    whole = "lotl.xml --pivot p1.xml p2.xml p3.xml"
    t.expect(a.pem + " " + whole, "ok", '"sequence":350')
    t.expect(b.pem + " " + whole, "bad-signature", "none of the signers")
    t.expect(a.pem + " p3.xml --pivot p1.xml p2.xml", "ok", '"sequence":300')
    missing = "a pivot that is missing"
    for files in ("lotl.xml --pivot p1.xml p3.xml",
                  "lotl.xml --pivot p1.xml p2.xml",
                  "lotl.xml --pivot p1.xml p3.xml p2.xml",
                  "p3.xml --pivot p1.xml"):
        t.expect(a.pem + " " + files, "bad-signature", missing)
    # The pointer to a PDF, to another territory or type signs no list.
    t.write("evil", sign(evil, lotl(400, pointer([evil]))))
    t.expect(a.pem + " evil.xml --pivot p1.xml", "bad-signature", missing)
    for name, to in (("pdf", pointer([b], mime="application/pdf")),
                     ("territory", pointer([b], territory="YY")),
                     ("type", pointer([b], kind=TYPE)),
                     ("nobody", pointer([]))):
        t.write("p1-" + name, sign(a, lotl(300, to)))
        t.expect("%s p2.xml --pivot p1-%s.xml" % (a.pem, name),
                 "bad-signature", "nobody may sign that")
    t.expect(a.pem + " lotl.xml" + " --pivot" + " p1.xml" * 65, "limit",
             "more than 64 pivots")
    t.write("nation", sign(c, scheme()))
    t.write("nation-evil", sign(evil, scheme()))
    t.expect(a.pem + " lotl.xml nation.xml", "ok", '"scheme":"EUgeneric/XX"')
    t.expect(a.pem + " lotl.xml nation-evil.xml", "bad-signature",
             "nobody who signs lists of 'XX'")
    t.write("nation-a", sign(a, scheme()))
    t.expect(a.pem + " lotl.xml nation-a.xml", "bad-signature",
             "nobody who signs lists of 'XX'")
    t.write("nation-b", sign(b, scheme()))
    t.expect(a.pem + " lotl.xml nation-b.xml", "bad-signature",
             "none of the signers")
    t.expect(c.pem + " lotl.xml nation.xml", "bad-signature",
             "none of the signers")
    t.expect(c.pem + " nation.xml lotl.xml", "usage", "no list of lists")
    t.expect(c.pem + " lotl.xml --pivot nation.xml", "usage",
             "no list of lists")
    t.expect(a.pem + " lotl.xml nation.xml nation.xml", "usage", "at a time")


def versions(t, a):
    both = "its signature holds and is of 'ca-a', but it cannot be used: it is"
    for n in (5, 6):
        t.add("version%d" % n, a, sign(a, scheme(version=n)), "ok",
              '"sequence":1')
    for n in (0, 3, 4, 7, 99):
        t.add("version%d" % n, a, sign(a, scheme(version=n)), "unsupported",
              "%s of version %d" % (both, n))
    t.add("version3-altered", a, sign(a, scheme(version=3)).replace(
        ">Operator<", ">Impostor<"), "bad-signature", "was changed")
    t.add("version-none", a, sign(a, scheme().replace(
        "<TSLVersionIdentifier>5</TSLVersionIdentifier>", "")), "malformed",
        "version does not come first")
    t.add("no-list", a, sign(a, scheme(), root="List"), "malformed",
          "no trusted list")
    t.expect(a.pem + " version5.xml", "ok", '"next_update":"2026-07-01T')
    t.expect("--at 2026-07-01T00:00:00Z %s version5.xml" % a.pem, "ok")
    t.expect("--at 2026-07-01T00:00:01Z %s version5.xml" % a.pem,
             "certificate-invalid", "ended at 2026-07-01T00:00:00Z")
    t.add("closed", a, sign(a, scheme().replace(
        "<dateTime>2026-07-01T00:00:00Z</dateTime>", "")), "ok")
    for what, text in (("two sequence", "<TSLSequenceNumber>2"
                        "</TSLSequenceNumber>"),
                       ("TSLType twice", "<TSLType>x</TSLType>"),
                       ("SchemeTerritory twice", "<SchemeTerritory>YY"
                        "</SchemeTerritory>")):
        t.add(what.split()[0] + "-twice", a, sign(a, scheme().replace(
            "</SchemeInformation>", text + "</SchemeInformation>")),
            "malformed", what)


def extension(body, critical="true"):
    return '<Extension Critical="%s">%s</Extension>' % (critical, body)


def additional(what):
    return extension("<AdditionalServiceInformation><URI>%s%s</URI>"
                     "</AdditionalServiceInformation>" % (INFO, what))


def qualifier(criteria_list, name="QCForESeal"):
    """Prefixes are declared where canonical form has them."""
    body = criteria_list.replace("<x:Identifier>",
                                 '<x:Identifier xmlns:x="%s">' % XADES)
    return extension(
        '<q:Qualifications xmlns:q="%s"><q:QualificationElement>'
        '<q:Qualifiers><q:Qualifier uri="%s%s"></q:Qualifier></q:Qualifiers>'
        "%s</q:QualificationElement></q:Qualifications>" % (
            QUAL, INFO, name, body))


def criteria(body, how="all"):
    return '<q:CriteriaList assert="%s">%s</q:CriteriaList>' % (how, body)


def usage(name, value):
    return ('<q:KeyUsage><q:KeyUsageBit name="%s">%s</q:KeyUsageBit>'
            "</q:KeyUsage>" % (name, value))


def policy(oid):
    return ("<q:PolicySet><q:PolicyIdentifier><x:Identifier>%s</x:Identifier>"
            "</q:PolicyIdentifier></q:PolicySet>" % oid)


def status(state, since, extensions="", kind="CA/QC", tag="ServiceInformation",
           cert=""):
    identity = cert and "<DigitalId><X509Certificate>%s</X509Certificate>" \
        "</DigitalId>" % cert
    if extensions:
        extensions = ("<ServiceInformationExtensions>%s"
                      "</ServiceInformationExtensions>" % extensions)
    return ("<%s><ServiceTypeIdentifier>%s%s</ServiceTypeIdentifier>"
            '<ServiceName><Name xml:lang="de">Dienst</Name>'
            '<Name xml:lang="en">Service</Name></ServiceName>'
            "<ServiceDigitalIdentity>%s</ServiceDigitalIdentity>"
            "<ServiceStatus>%s%s</ServiceStatus><StatusStartingTime>%s"
            "</StatusStartingTime>%s</%s>") % (
                tag, SERVICE, kind, identity, STATUS, state, since,
                extensions, tag)


def services(now, *before):
    history = "".join(x.replace("ServiceInformation>",
                                "ServiceHistoryInstance>") for x in before)
    return scheme() + (
        "<TrustServiceProviderList><TrustServiceProvider><TSPInformation>"
        '<TSPName><Name xml:lang="en">House</Name></TSPName></TSPInformation>'
        "<TSPServices><TSPService>%s<ServiceHistory>%s</ServiceHistory>"
        "</TSPService></TSPServices></TrustServiceProvider>"
        "</TrustServiceProviderList>" % (now, history))


def one(extensions, state="granted", cert=""):
    return services(status(state, "2020-01-01T00:00:00Z", extensions,
                           cert=cert))


def statuses(t, a, ca):
    granted = status("granted", "2020-01-01T00:00:00Z",
                     additional("ForeSignatures"), cert=ca.cert)
    before = status("withdrawn", "2018-01-01T00:00:00Z", cert=ca.cert)
    t.add("history", a, sign(a, services(granted, before)), "ok",
          '"since":"2018-01-01T00:00:00Z"')
    t.add("flipped", a, sign(a, services(granted, before)).replace(
        "/withdrawn<", "/granted<"), "bad-signature", "was changed")
    t.add("same-second", a, sign(a, services(granted, granted)), "ok")
    t.add("contradicting", a, sign(a, services(granted, before.replace(
        "2018", "2020"))), "ok", '"unsupported":"two statuses of one second"')
    t.add("no-status", a, sign(a, services(granted.replace(
        "ServiceStatus>", "Status>"))), "malformed", "without a type")
    t.add("no-time", a, sign(a, services(granted.replace(
        "2020-01-01T00:00:00Z", "soon"))), "malformed", "'soon'")
    t.add("no-certificate", a, sign(a, services(granted.replace(
        ca.cert, "AAAA"))), "ok", '"unsupported":"X509Certificate"')
    t.add("no-certificate-long", a, sign(a, services(granted.replace(
        ca.cert, "AAAA").replace("/granted<", "/" + 600000 * "x" + "<"))),
        "limit", "a text of more than")
    t.add("use", a, sign(a, services(granted)), "ok", '"uses":["signature"]')


def known(t, a):
    good = criteria(usage("nonRepudiation", "true") + policy("1.2.3"))
    for name, body in (
            ("criteria", good),
            ("criteria-urn", criteria(policy("urn:oid:1.2.3"))),
            ("criteria-nested", criteria(good, "atLeastOne"))):
        t.add(name, a, sign(a, one(qualifier(body))), "ok", '"1.2.3"')
    for name, body in (("taken", '<n:TakenOverBy xmlns:n="%s"></n:TakenOverBy>'
                        % TYPES),
                       ("expired", "<ExpiredCertsRevocationInfo>"
                        "2020-01-01T00:00:00Z</ExpiredCertsRevocationInfo>")):
        t.add("extension-" + name, a, sign(a, one(extension(body))), "ok",
              '"status":')
    t.add("extension-idle", a, sign(a, one(extension(
        "<Other></Other>", "false"))), "ok", '"status":')


def unknown(t, a):
    """What would qualify somebody if it were passed over."""
    deep = usage("nonRepudiation", "true")
    for _ in range(9):
        deep = criteria(deep)
    t.add("unknown-deep", a, sign(a, one(qualifier(deep))), "limit", "deep")
    for name, body, words in (
            ("list", criteria("<q:otherCriteriaList></q:otherCriteriaList>"),
             "otherCriteriaList"),
            ("element", criteria("<q:Subject></q:Subject>"), "Subject"),
            ("namespace", criteria(policy("1.2.3")).replace(
                "<q:PolicySet>", "<PolicySet>").replace(
                    "</q:PolicySet>", "</PolicySet>"), "PolicySet"),
            ("assert", criteria(policy("1.2.3"), "most"),
             "CriteriaList assert"),
            ("bit", criteria(usage("signing", "true")), "signing"),
            ("value", criteria(usage("crlSign", "maybe")), "KeyUsageBit"),
            ("oid", criteria(policy("1.2..3")), "PolicyIdentifier"),
            ("words", criteria(policy("policy")), "PolicyIdentifier"),
            ("none", "", "no CriteriaList"),
            ("empty", criteria(""), "empty CriteriaList"),
            ("empty-none", criteria("", "none"), "empty CriteriaList"),
            ("empty-inner", criteria(policy("1.2.3") + criteria("")),
             "empty CriteriaList"),
            ("empty-usage", criteria("<q:KeyUsage></q:KeyUsage>"),
             "empty KeyUsage"),
            ("empty-set", criteria("<q:PolicySet></q:PolicySet>"),
             "empty PolicySet"),
            ("second", 2 * criteria(policy("1.2.3")),
             "second CriteriaList"),
            ("second-key", criteria(policy("1.2.3")) + criteria(
                usage("crlSign", "true") + criteria(policy("1.2.3"))),
             "second CriteriaList")):
        t.add("unknown-" + name, a, sign(a, one(qualifier(body))), "ok",
              '"unsupported":"%s"' % words)
    t.add("unknown-extension", a, sign(a, one(extension(
        "<Other></Other>"))), "ok", '"unsupported":"critical extension"')


def main():
    os.chdir(sys.argv[1])
    a, b, c = (Signer("ca-" + x, "rsa:2048") for x in "abc")
    evil, ca = Signer("ca-evil", "rsa:2048"), Signer("ca", "rsa:2048")
    t = Imports()
    pivots(t, a, b, c, evil)
    versions(t, a)
    statuses(t, a, ca)
    known(t, a)
    unknown(t, a)
    with open("imports.tsv", "w", encoding="utf-8") as f:
        f.writelines(t.rows)


if __name__ == "__main__":
    main()
