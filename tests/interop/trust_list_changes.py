#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Another reader's opinion of a European list: who was qualified when.

    trust_list_changes.py LIST.xml (directive|regulation) <ANSWERS

ANSWERS are those of "trust_list_tool changes" about a signer of every
authority: with QcCompliance alone and issued in 2012 (directive), or with
QcType eSign too and issued in 2020 (regulation); of both keyUsage is
nonRepudiation, and there are no policies.  Each is derived again from the XML,
by a reading of TS 119 615 4.4 that shares nothing with deed's.  Printed are
those that differ, and at the end how many were asked."""
import base64
import datetime
import hashlib
import sys
import xml.etree.ElementTree as ET

T = "{http://uri.etsi.org/02231/v2#}"
Q = ("{http://uri.etsi.org/TrstSvc/SvcInfoExt/"
     "eSigDir-1999-93-EC-TrustedList/#}")
X = "{http://uri.etsi.org/01903/v1.3.2#}"
EIDAS = 1467324000
PAST = ("undersupervision", "supervisionincessation", "accredited")
GONE = ("withdrawn", "supervisionceased", "supervisionrevoked",
        "accreditationceased", "accreditationrevoked")


def der(data, at):
    """(content, end) of the element at an offset."""
    size, head = data[at + 1], 2
    if size & 128:
        head += size & 127
        size = int.from_bytes(data[at + 2:at + head], "big")
    return at + head, at + head + size


def name_and_key(cert):
    """Subject and public key of a certificate."""
    at = der(cert, 0)[0]
    at = der(cert, at)[0]
    parts = []
    while len(parts) < 8 and at < len(cert):
        end = der(cert, at)[1]
        parts.append(cert[at:end])
        at = end
    first = 1 if parts[0][0] == 0xa0 else 0
    return parts[first + 4], parts[first + 5]


def seconds(text):
    return int(datetime.datetime.strptime(
        text.strip().replace("Z", "+0000"),
        "%Y-%m-%dT%H:%M:%S%z").timestamp())


def last(uri):
    return uri.strip().rsplit("/", 1)[1]


def meets(criteria):
    """The signer's keyUsage is nonRepudiation, and he has no policies."""
    found = []
    for c in criteria:
        if c.tag == Q + "KeyUsage":
            found.append(all(
                (b.get("name") == "nonRepudiation") == (b.text.strip() in
                                                        ("true", "1"))
                for b in c))
        elif c.tag == Q + "PolicySet":
            found.append(False)
        elif c.tag == Q + "CriteriaList":
            found.append(meets(c))
        elif c.tag != Q + "Description":
            raise ValueError(c.tag)
    how = criteria.get("assert")
    if how == "all":
        return all(found)
    return any(found) == (how == "atLeastOne")


class Period:
    def __init__(self, node):
        self.kind = node.find(T + "ServiceTypeIdentifier").text.strip()
        self.status = last(node.find(T + "ServiceStatus").text)
        self.since = seconds(node.find(T + "StatusStartingTime").text)
        self.purposes = {last(u.text) for u in node.iter(T + "URI")
                         if "SvcInfoExt/For" in (u.text or "")}
        self.told = set()
        for e in node.iter(Q + "QualificationElement"):
            if meets(e.find(Q + "CriteriaList")):
                self.told |= {last(q.get("uri"))
                              for q in e.iter(Q + "Qualifier")}

    def says(self, at, old):
        """"yes", "no" or "?" of a signature; None: nothing of one."""
        if not self.kind.endswith("/Svctype/CA/QC"):
            return None
        since = at >= EIDAS
        signs = "ForeSignatures" in self.purposes
        # A "no" is one of those who had to do with signatures.
        concerned = signs or not self.purposes
        if self.status in GONE:
            return "no" if concerned else None
        if since and not self.purposes:
            return None
        if self.status not in (("granted",) if since else PAST):
            return "?"
        if {"QCStatement", "NotQualified"} <= self.told:
            return "?"
        if "NotQualified" in self.told:
            return "no"
        if since and not signs:
            return None
        if self.told & {"QCForESeal", "QCForWSA"}:
            return "?"
        if not old and "QCForLegalPerson" in self.told:
            return "?"
        return "yes"


def answer(services, at, old):
    said = []
    for periods in services:
        now = [p for p in periods if p.since <= at]
        if now:
            said.append(max(now, key=lambda p: p.since).says(
                at, old or at < EIDAS))
    said = set(said) - {None}
    if "?" in said or len(said) > 1:
        return "unknown"
    return "qualified" if said == {"yes"} else "not"


def main():
    root = ET.parse(sys.argv[1]).getroot()
    by, of, asked = {}, {}, 0
    for service in root.iter(T + "TSPService"):
        nodes = [service.find(T + "ServiceInformation")]
        nodes += service.iter(T + "ServiceHistoryInstance")
        periods = []
        for p in map(Period, nodes):
            if p.since not in [x.since for x in periods]:
                periods.append(p)
        seen = set()
        for c in service.iter(T + "X509Certificate"):
            cert = base64.b64decode("".join(c.text.split()))
            who = name_and_key(cert)
            of[hashlib.sha256(cert).hexdigest()] = who
            if who not in seen:
                by.setdefault(who, []).append(periods)
            seen.add(who)
    for line in sys.stdin:
        cert, at, seen = line.rstrip("\n").split("\t")
        want = answer(by[of[cert]], int(at), sys.argv[2] == "directive")
        asked += 1
        if seen != want:
            print("%s at %s: expected %s, saw %s" % (cert, at, want, seen))
    print("%d asked" % asked)


main()
