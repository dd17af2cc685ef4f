#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates that a CA gives to a party, one good one and many wrong ones.

    outside_certs.py new DIR                 CAs, their CRLs, DIR/anchors.pem
    outside_certs.py issue DIR CASE KEY OUT [URL]
                                             the answer to a request for KEY,
                                             a public key in PEM; its CRL is at
                                             URL
    outside_certs.py crl DIR OUT DAYS [SERIAL]
                                             the CRL of the issuing CA, in PEM,
                                             as it was DAYS ago; SERIAL is
                                             revoked
    outside_certs.py cases                   CASE, exit, words; one a line

The party is enrolled as "Jaan Sample", ee-pno:38001085718, and trusts
DIR/anchors.pem; of a case in WITHOUT it has no anchors.  What OUT has is the
certificate and, but where the case lacks it, its issuing CA's.
"""

import datetime
import os
import subprocess
import sys

CARD = ("/C=EE/CN=SAMPLE,JAAN,38001085718/SN=SAMPLE/GN=JAAN"
        "/serialNumber=PNOEE-38001085718")
LEAF = ("basicConstraints=critical,CA:FALSE\n"
        "keyUsage=critical,nonRepudiation\n")
CA = ("basicConstraints=critical,CA:TRUE\n"
      "keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")

# name: (exit, words of the message, subject, extensions, options)
CASES = {
    "card": (0, "", CARD, LEAF, {}),
    "card-number": (0, "", "/C=EE/CN=SAMPLE,JAAN,38001085718", LEAF, {}),
    "other-name": (0, "name in certificate: Joan Sample",
                   "/GN=Joan/SN=Sample/serialNumber=PNOEE-38001085718",
                   LEAF, {}),
    "names": (0, "", "/C=EE/GN=JAAN/SN=SAMPLE", LEAF, {}),
    "other-scheme": (0, "", "/GN=Jaan/SN=Sample/serialNumber=PASEE-K1",
                     LEAF, {}),
    "rolled": (0, "", CARD, LEAF, {"ca": "rolled"}),
    "key": (7, "is not for the key of party", CARD, LEAF, {"own": True}),
    "identifier": (7, "the certificate is of 'PNOEE-37605030299'",
                   CARD.replace("PNOEE-38001085718", "PNOEE-37605030299"),
                   LEAF, {}),
    "second-identifier": (7, "the certificate is of 'PNOEE-37605030299'",
                          CARD + "/serialNumber=PNOEE-37605030299", LEAF, {}),
    "card-of-another": (7, "the certificate is of 'PNOEE-37605030299'",
                        "/C=EE/CN=SAMPLE,JAAN,37605030299", LEAF, {}),
    "name": (7, "calls its holder 'Joan Sample' (givenName and surname)",
             "/C=EE/GN=Joan/SN=Sample", LEAF, {}),
    "no-name": (7, "calls its holder 'Jaan Sample' (its subject)",
                "/C=EE/CN=Jaan Sample", LEAF, {}),
    "expired": (7, "the certificate expired at", CARD, LEAF, {"days": -1}),
    "revoked": (7, "revoked", CARD, LEAF, {"serial": 0x666}),
    "ca-revoked": (7, "revoked", CARD, LEAF, {"ca": "revoked"}),
    "ca-expired": (7, "expired", CARD, LEAF, {"ca": "ended"}),
    "is-ca": (7, "is a CA's, and no party's", CARD, CA, {}),
    "key-usage": (7, "not for signatures (keyUsage)", CARD,
                  "keyUsage=critical,keyEncipherment\n", {}),
    "critical": (7, "critical", CARD,
                 LEAF + "1.2.3.4=critical,DER:0500\n", {}),
    "chain": (7, "leads to no trust anchor: no certificate of 'CN=issuing'",
              CARD, LEAF, {"alone": True}),
    "stranger": (7, "leads to no trust anchor: 'CN=stranger', where it ends,",
                 CARD, LEAF, {"ca": "stranger"}),
    "no-ca": (7, "basicConstraints", CARD, LEAF, {"ca": "noca"}),
    "unlisted": (7, "no anchor and no trust list names the CA", CARD, LEAF,
                 {}),
    "self-signed": (7, "is signed with its own key", CARD, LEAF,
                    {"self": True}),
}
WITHOUT = ("unlisted",)


def openssl(*args, **kw):
    done = subprocess.run(("openssl",) + args, capture_output=True, text=True,
                          check=False, **kw)
    if done.returncode != 0:
        sys.exit("openssl %s: %s" % (" ".join(args), done.stderr))
    return done.stdout


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


class Authority:
    """The CAs of a folder."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def make_key(self, name):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-out", self.path(name + ".key"))
        openssl("pkey", "-in", self.path(name + ".key"), "-pubout", "-out",
                self.path(name + ".pub"))

    def certify(self, key, subject, extensions, ca, out, days=30, serial=1):
        write(self.path("ext.cnf"), extensions)
        openssl("x509", "-new", "-force_pubkey", key, "-subj", subject,
                "-CA", self.path(ca + ".pem"), "-CAkey",
                self.path(ca + ".key"), "-set_serial", str(serial), "-days",
                str(days), "-extfile", self.path("ext.cnf"),
                "-out", out)

    def root(self, name):
        self.make_key(name)
        write(self.path("ext.cnf"), CA)
        openssl("x509", "-new", "-key", self.path(name + ".key"), "-subj",
                "/CN=" + name, "-days", "300", "-extfile",
                self.path("ext.cnf"), "-out", self.path(name + ".pem"))

    def sub(self, name, serial, extensions=CA, days=200):
        self.make_key(name)
        self.certify(self.path(name + ".pub"), "/CN=" + name, extensions,
                     "root", self.path(name + ".pem"), days=days,
                     serial=serial)

    def crl(self, name, revoked=(), days=0):
        made = (datetime.datetime.now(datetime.timezone.utc) -
                datetime.timedelta(days=days))
        write(self.path("index.txt"), "".join(
            "R\t490101000000Z\t250101000000Z,keyCompromise\t%04X\tunknown\t"
            "/CN=x\n" % serial for serial in revoked))
        write(self.path("crl.cnf"), "[ca]\ndefault_ca=d\n[d]\n"
              "database=%s\ndefault_md=sha256\n" % self.path("index.txt"))
        return openssl("ca", "-config", self.path("crl.cnf"), "-gencrl",
                       "-keyfile", self.path(name + ".key"), "-cert",
                       self.path(name + ".pem"),
                       "-crl_lastupdate", made.strftime("%Y%m%d%H%M%SZ"),
                       "-crldays", "20")

    def make(self):
        os.makedirs(self.folder, exist_ok=True)
        self.root("root")
        self.root("stranger")
        self.sub("issuing", 0x10)
        self.sub("revoked", 0x11)
        self.sub("ended", 0x12, days=-1)
        self.sub("noca", 0x13, extensions=LEAF)
        # The root's next key, as the one before certifies it.
        self.make_key("rolled")
        self.certify(self.path("rolled.pub"), "/CN=root", CA, "root",
                     self.path("rolled.pem"), serial=0x14)
        write(self.path("anchors.pem"), read(self.path("root.pem")) +
              self.crl("root", (0x11,)) + self.crl("issuing", (0x666,)) +
              self.crl("revoked") + self.crl("rolled"))

    def issue(self, case, key, out, url=None):
        _, _, subject, extensions, o = CASES[case]
        ca = o.get("ca", "issuing")
        if o.get("own"):
            self.make_key("own")
            key = self.path("own.pub")
        if o.get("self"):
            sys.exit("'%s' is made with the private key" % case)
        if url is not None:
            extensions += "crlDistributionPoints=URI:%s\n" % url
        self.certify(key, subject, extensions, ca, out,
                     days=o.get("days", 20), serial=o.get("serial", 0x1000))
        if not o.get("alone"):
            write(out, read(out) + read(self.path(ca + ".pem")))

    def self_sign(self, key, out, subject=CARD):
        """The one that only the holder of the key can make."""
        write(self.path("ext.cnf"), LEAF)
        openssl("x509", "-new", "-key", key, "-subj", subject, "-days", "20",
                "-extfile", self.path("ext.cnf"), "-out", out)


def main(argv):
    if argv[1:] == ["cases"]:
        for name, case in CASES.items():
            print("%s\t%d\t%s" % (name, case[0], case[1]))
    elif len(argv) == 3 and argv[1] == "new":
        Authority(argv[2]).make()
    elif len(argv) in (6, 7) and argv[1] == "issue":
        Authority(argv[2]).issue(*argv[3:])
    elif len(argv) in (5, 6) and argv[1] == "crl":
        write(argv[3], Authority(argv[2]).crl(
            "issuing", [int(n, 0) for n in argv[5:]], int(argv[4])))
    elif len(argv) == 5 and argv[1] == "self":
        Authority(argv[2]).self_sign(argv[3], argv[4])
    elif len(argv) == 6 and argv[1] == "self":
        Authority(argv[2]).self_sign(*argv[3:6])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv)
