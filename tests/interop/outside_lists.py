#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates and lists for a test of who is spared --accept-ca.

    outside_lists.py leaf DIR KEY OUT [person|house|qualified]
                            of the issuing CA that outside_certs.py made in
                            DIR, for KEY: a person's, an organisation's, or a
                            person's that calls itself qualified
    outside_lists.py european CA OUT [NAME ...]
                            a trusted list whose only service is CA, granted
                            for each NAME (eSignatures, eSeals); NAME "gone":
                            withdrawn since; OUT.xml, signed by OUT.pem
"""
import sys

from outside_certs import CARD, LEAF, Authority, read
from trust_list_files import additional, services, status
from trust_lists import Signer, sign

HOUSE = "/C=EE/O=Sample House/CN=Sample House"
# QcCompliance, and QcType with id-etsi-qct-esign (EN 319 412-5).
QUALIFIED = ("1.3.6.1.5.5.7.1.3=DER:301f300806060400"
             "8e46010130130606040" "08e4601063009060704008e46010601\n")


def leaf(folder, key, out, kind="person"):
    a = Authority(folder)
    a.certify(key, HOUSE if kind == "house" else CARD,
              LEAF + (QUALIFIED if kind == "qualified" else ""), "issuing",
              out, days=20, serial=0x2000)
    with open(out, encoding="ascii") as f:
        text = f.read()
    with open(out, "w", encoding="ascii") as f:
        f.write(text + read(a.path("issuing.pem")))


def european(ca, out, *names):
    signer = Signer(out, "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    cert = "".join(read(ca).split("-----")[2].split())
    what = "".join(additional("For" + n) for n in names if n != "gone")
    was = status("granted", "2020-01-01T00:00:00Z", what, cert=cert)
    now = [was]
    if "gone" in names:
        now.insert(0, status("withdrawn", "2021-01-01T00:00:00Z", what,
                             cert=cert))
    body = services(*now).replace("2026-07-01T00:00:00Z",
                                  "2098-07-01T00:00:00Z")
    with open(out + ".xml", "w", encoding="utf-8") as f:
        f.write(sign(signer, body))


def main(argv):
    if len(argv) in (5, 6) and argv[1] == "leaf":
        leaf(*argv[2:])
    elif len(argv) >= 4 and argv[1] == "european":
        european(*argv[2:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv)
