#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""trust_list_signers.py FOLDER writes NAME.pem for each NAME.xml there: the
certificates in its KeyInfo, which a test believes and nobody else should."""
import glob
import os
import re
import sys
import textwrap


def main():
    for path in glob.glob(os.path.join(sys.argv[1], "*.xml")):
        with open(path, encoding="utf-8", errors="replace") as f:
            text = f.read()
        info = re.search(r"<(?:\w+:)?KeyInfo.*?</(?:\w+:)?KeyInfo>", text,
                         re.S)
        certs = re.findall(r"<(?:\w+:)?X509Certificate>([^<]*)<",
                           info.group(0) if info else text)
        name = os.path.splitext(os.path.basename(path))[0]
        with open(name + ".pem", "w", encoding="ascii") as out:
            for cert in certs if info else certs[:1]:
                cert = re.sub(r"\s|&#x?\w+;", "", cert)
                out.write("-----BEGIN CERTIFICATE-----\n%s\n"
                          "-----END CERTIFICATE-----\n" % "\n".join(
                              textwrap.wrap(cert, 64)))


if __name__ == "__main__":
    main()
