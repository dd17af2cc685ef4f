#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Neighbours of good wrappings: files that are nearly what openssl wrote.

wrapping.py DER MULTIPART RESPONSE OUT

DER is a SignedData with its content, MULTIPART a multipart/signed message of
openssl with line feeds, RESPONSE a TimeStampResp that grants a token.  Into
the folder OUT goes a file for each neighbour; one line for each on standard
output: the exit code that is wanted, the file's name, and what it is.
"""
import base64
import os
import re
import sys

der, mime, tsr = (open(name, "rb").read() for name in sys.argv[1:4])
out = sys.argv[4]
count = {}


def put(code, kind, what, data):
    count[kind] = count.get(kind, 0) + 1
    name = "%s-%02d" % (kind, count[kind])
    with open(os.path.join(out, name), "wb") as f:
        f.write(data)
    print(code, name, what)


def lines(data, width=76, end=b"\n"):
    text = base64.b64encode(data)
    return end.join(text[i:i + width]
                    for i in range(0, len(text), width)) + end


def length(n):
    if n < 128:
        return bytes([n])
    octets = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def element(tag, content):
    return bytes([tag]) + length(len(content)) + content


def content(data):
    """The content octets of the element at the start."""
    n, at = data[1], 2
    if n >= 128:
        at += n & 127
        n = int.from_bytes(data[2:at], "big")
    return data[at:at + n]


def base64_neighbours():
    one = base64.b64encode(der)
    many = lines(der)
    bare = one.rstrip(b"=")
    half = len(one) // 2 // 4 * 4
    put(0, "base64", "on one line", one)
    put(0, "base64", "on lines of 76", many)
    put(0, "base64", "on lines of 64 with CRLF", lines(der, 64, b"\r\n"))
    put(0, "base64", "on lines of 3", lines(der, 3))
    put(0, "base64", "without padding", bare)
    put(0, "base64", "after a byte order mark", b"\xef\xbb\xbf" + many)
    put(0, "base64", "after empty lines", b"\n \r\n\t" + many + b"\n\n")
    put(0, "base64", "zeros behind the DER", lines(der + bytes(5)))
    put(1, "base64", "a byte behind the DER", lines(der + b"x"))
    put(1, "base64", "the DER twice", lines(der + der))
    put(5, "base64", "the base64 twice", many + many if one.endswith(b"=")
        else many + b"=" + many)
    put(5, "base64", "a digit is missing at the end", bare[:-1]
        if len(bare) % 4 != 1 else bare[:-2])
    put(5, "base64", "half of it", one[:half])
    put(5, "base64", "half of it and a digit", one[:half + 1])
    put(5, "base64", "a digit is missing in the middle",
        one[:half] + one[half + 1:])
    put(5, "base64", "a digit too many", one[:half] + b"A" + one[half:])
    for what, junk in (("an exclamation mark", b"!"), ("a NUL", b"\0"),
                       ("padding", b"="), ("padding of two", b"=="),
                       ("a hyphen", b"-"), ("a letter with an accent",
                                            "é".encode()),
                       ("a vertical tab", b"\v")):
        put(5, "base64", what + " in the middle",
            one[:half] + junk + one[half:])
        put(5, "base64", what + " at the end",
            (one if junk[:1] != b"=" or one.endswith(b"=") else one + b"=") +
            junk)
        put(5, "base64", what + " at the start", junk + one)
    put(5, "base64", "the alphabet for addresses",
        one.replace(b"+", b"-").replace(b"/", b"_") + b"-_==")
    put(5, "base64", "two layers", lines(many))
    put(5, "base64", "three layers", lines(lines(many)))
    put(5, "base64", "PEM inside", lines(
        b"-----BEGIN CMS-----\n" + many + b"-----END CMS-----\n"))
    put(5, "base64", "a signature of text inside", lines(b"0" + many))
    put(5, "base64", "UTF-16", b"\xff\xfe" + one.decode().encode("utf-16-le"))
    put(5, "base64", "text before it", b"Here it is: " + one)
    put(5, "base64", "text behind it", many + b"That was it.\n")
    put(5, "base64", "a long run of nothing", b"M" + b"\n" * 300000)
    put(5, "base64", "a long run of digits", b"M" * 300001)
    put(5, "pem", "two layers", b"-----BEGIN CMS-----\n" + lines(many) +
        b"-----END CMS-----\n")
    put(5, "pem", "no end", b"-----BEGIN CMS-----\n" + many)
    put(5, "pem", "a certificate by its label",
        b"-----BEGIN CERTIFICATE-----\n" + many +
        b"-----END CERTIFICATE-----\n")


def opaque_neighbours():
    head = (b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; "
            b"smime-type=signed-data; name=\"smime.p7m\"\n")
    coded = b"Content-Transfer-Encoding: base64\n"
    body = b"\n" + lines(der, 64)
    put(0, "opaque", "as openssl writes it", head + coded + body)
    put(0, "opaque", "CRLF", (head + coded + body).replace(b"\n", b"\r\n"))
    put(0, "opaque", "no encoding named", head + body)
    put(0, "opaque", "binary", head +
        b"Content-Transfer-Encoding: binary\n\n" + der)
    put(0, "opaque", "an old type", (head + coded + body).replace(
        b"application/pkcs7", b"application/x-pkcs7"))
    put(0, "opaque", "mail around it", b"From: a@example.org\nSubject: x\n" +
        head + coded + body)
    put(5, "opaque", "quoted-printable", head +
        b"Content-Transfer-Encoding: quoted-printable\n" + body)
    put(5, "opaque", "two types", head + head + coded + body)
    put(5, "opaque", "two encodings", head + coded + coded + body)
    put(5, "opaque", "a NUL in its head", head + b"a: \0\n" + coded + body)
    put(5, "opaque", "a bare return in its head",
        head + b"a: \rb: c\n" + coded + body)
    put(5, "opaque", "another type", (head + coded + body).replace(
        b"pkcs7-mime", b"octet-stream"))
    put(5, "opaque", "two layers of base64", head + coded + b"\n" +
        lines(lines(der)))
    put(5, "opaque", "broken base64", head + coded + b"\n!" + lines(der))
    put(5, "opaque", "text behind it", head + coded + body + b"Goodbye.\n")
    put(1, "opaque", "a byte behind the DER", head + coded + b"\n" +
        lines(der + b"x"))
    put(5, "opaque", "no body", head + coded)
    put(5, "opaque", "an endless head", b"a: b\n" * 100000 + head + coded +
        body)
    put(5, "opaque", "an endless field", b"a: " + b"b" * 100000 + b"\n" +
        head + coded + body)
    put(5, "opaque", "an endless folded type", head[:-1] + b";\n x=y" * 50000 +
        b"\n" + coded + body)


def multipart_neighbours():
    mark = re.search(rb'boundary="([^"]+)"', mime).group(1)
    dash = b"--" + mark
    first = mime.index(dash + b"\n")
    second = mime.index(dash + b"\n", first + 1)
    last = mime.index(dash + b"--")
    head, part = mime[:first], mime[first + len(dash) + 1:second - 1]
    sig = mime[second:last]
    start, end = dash + b"\n", b"\n"

    def message(head=head, part=part, sig=sig, close=dash + b"--\n"):
        return head + start + part + end + sig + close

    put(0, "multipart", "as openssl writes it", mime)
    put(0, "multipart", "put together again", message())
    put(0, "multipart", "CRLF", re.sub(rb"\r?\n", b"\r\n", mime))
    put(0, "multipart", "another preamble", message(head + b"more\n"))
    put(0, "multipart", "blanks behind the boundary",
        message().replace(dash + b"\n", dash + b" \t\n"))
    put(0, "multipart", "mail around it", b"From: x\nDate: y\n" + mime)
    put(0, "multipart", "no line end at the end", message().rstrip(b"\n"))
    put(0, "multipart", "the boundary bare",
        mime.replace(b'"' + mark + b'"', mark))
    for i in sorted({0, 1, len(part) // 2, len(part) - 1}):
        changed = bytearray(part)
        changed[i] ^= 1
        put(1, "multipart", "byte %d of the content is another" % i,
            message(part=bytes(changed)))
        put(1, "multipart", "byte %d of the content is missing" % i,
            message(part=part[:i] + part[i + 1:]))
    put(1, "multipart", "a blank behind the content",
        message(part=part + b" "))
    put(1, "multipart", "a line behind the content",
        message(part=part + b"\n"))
    put(1, "multipart", "a line before the content",
        message(part=b"\n" + part))
    put(1, "multipart", "a header before the content",
        message(part=b"Content-Type: text/html\n" + part))
    put(1, "multipart", "no content", message(part=b""))
    put(1, "multipart", "text behind the end",
        message(close=dash + b"--\nAnd another thing.\n"))
    put(1, "multipart", "a part behind the end",
        message(close=dash + b"--\n" + start + b"\nmore\n" + dash + b"--\n"))
    put(5, "multipart", "the boundary never comes",
        mime.replace(dash, b"--other"))
    put(5, "multipart", "the last boundary never comes", message(close=b""))
    put(5, "multipart", "the last boundary is another",
        message(close=b"--other--\n"))
    put(5, "multipart", "the last boundary is no last one",
        message(close=dash + b"\n"))
    put(5, "multipart", "one part", head + start + part + b"\n" + dash +
        b"--\n")
    put(5, "multipart", "no part", head + dash + b"--\n")
    put(5, "multipart", "three parts", head + start + part + b"\n" + start +
        part + b"\n" + sig + dash + b"--\n")
    put(5, "multipart", "the parts change places", head + sig + start + part +
        b"\n" + dash + b"--\n")
    put(5, "multipart", "a line begins as the boundary",
        message(part=part + b"\n" + dash + b"x"))
    put(5, "multipart", "so does one before the first part",
        message(head + dash + b"x\n"))
    put(5, "multipart", "a first part for who ends lines with returns",
        message(head + b"\r" + dash + b"\r\rmore\r"))
    put(5, "multipart", "the type twice", mime.replace(
        b"\n\n", b"\nContent-Type: text/plain\n\n", 1))
    put(5, "multipart", "the boundary twice", mime.replace(
        b"boundary=", b"boundary=x; boundary=", 1))
    put(5, "multipart", "a NUL in the head",
        mime.replace(b"MIME-Version", b"X: \0\nMIME-Version", 1))
    put(5, "multipart", "another protocol", re.sub(
        rb"application/(x-)?pkcs7-signature", b"application/pgp-signature",
        mime, 1))
    put(5, "multipart", "another type of signature", message(sig=re.sub(
        rb"application/(x-)?pkcs7-signature", b"text/plain", sig)))
    put(5, "multipart", "an encoding of the whole", mime.replace(
        b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n", 1))
    put(5, "multipart", "the signature's encoding is another",
        message(sig=sig.replace(b"base64", b"x-uuencode")))
    put(5, "multipart", "broken base64",
        message(sig=sig.replace(b"\n\nM", b"\n\n!M", 1)))
    put(5, "multipart", "no signature", message(
        sig=sig[:sig.index(b"\n\n") + 2] + b"\n"))
    put(5, "multipart", "a million boundaries", head + start * 100000)
    put(5, "multipart", "a long boundary",
        mime.replace(mark, mark + b"x" * 80))


def response_neighbours():
    inner = content(tsr)
    status, token = inner[:2 + len(content(inner))], None
    token = inner[len(status):]
    put(0, "response", "as openssl writes it", tsr)
    put(0, "response", "base64", lines(tsr))
    put(0, "response", "the token alone", token)
    put(0, "response", "zeros behind it", tsr + bytes(10))
    put(0, "response", "granted with changes", element(
        0x30, element(0x30, b"\x02\x01\x01") + token))
    put(0, "response", "with words", element(0x30, element(
        0x30, b"\x02\x01\x00" + element(0x30, element(0x0c, b"fine"))) +
        token))
    put(0, "response", "BER", b"\x30\x80" + status + token + b"\0\0")
    put(1, "response", "a byte behind it", tsr + b"x")
    put(1, "response", "itself behind it", tsr + tsr)
    put(1, "response", "refused with a token", element(
        0x30, element(0x30, b"\x02\x01\x02") + token))
    put(1, "response", "unknown status with a token", element(
        0x30, element(0x30, b"\x02\x01\x63") + token))
    put(4, "response", "refused", element(
        0x30, element(0x30, b"\x02\x01\x02")))
    put(4, "response", "refused with words and bits", element(0x30, element(
        0x30, b"\x02\x01\x02" + element(0x30, element(
            0x0c, b"go\x1b[31m away")) + b"\x03\x02\x05\x20")))
    put(4, "response", "waiting", element(
        0x30, element(0x30, b"\x02\x01\x03")))
    put(4, "response", "granted without a token", element(0x30, status))
    put(4, "response", "refused, base64", lines(element(
        0x30, element(0x30, b"\x02\x01\x02" + element(0x30, element(
            0x0c, b"go away"))))))
    put(5, "response", "the token twice", element(
        0x30, status + token + token))
    put(5, "response", "status twice", element(0x30, status + status + token))
    put(5, "response", "a response inside", element(0x30, status + tsr))
    put(5, "response", "no status", element(0x30, token))
    put(5, "response", "a status that is no number", element(
        0x30, element(0x30, element(0x0c, b"0")) + token))
    put(5, "response", "something behind the status", element(
        0x30, element(0x30, b"\x02\x01\x00\x05\x00") + token))
    put(5, "response", "a negative status", element(
        0x30, element(0x30, b"\x02\x01\xff") + token))
    put(5, "response", "half of it", tsr[:len(tsr) // 2])
    put(5, "response", "empty", element(0x30, b""))


base64_neighbours()
opaque_neighbours()
multipart_neighbours()
response_neighbours()
