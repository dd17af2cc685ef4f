#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the handmade samples into the current directory."""


def classic(name, version, objects, trailer):
    out = b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"
    at = {}
    for number, body in objects:
        at[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(at) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % at[number]
    out += b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, trailer, start)
    with open(name, "wb") as f:
        f.write(out)
    return at


def stream(data, extra=b""):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (
        extra, len(data), data)


def geometry():
    """Pages that are turned, cropped, moved and scaled."""
    pages = [
        b"/MediaBox[0 0 595 842]",
        b"/MediaBox[0 0 595 842]/Rotate 90",
        b"/MediaBox[0 0 595 842]/Rotate 180",
        b"/MediaBox[0 0 595 842]/Rotate 270",
        b"/CropBox[100 150 500 700]",
        b"/CropBox[500 700 100 150]/Rotate 90",
        b"/CropBox[-50 -50 400 1000]/Rotate -90",
        b"/MediaBox[-200 -300 395 542]/CropBox[-100 -200 300 400]/Rotate 450",
        b"/MediaBox[0 0 297 421]/UserUnit 2",
        b"/MediaBox[0 0 297 421]/UserUnit 2/Rotate 270",
    ]
    objects = [(1, b"<</Type/Catalog/Pages 2 0 R>>"),
               (2, b"<</Type/Pages/Count %d/MediaBox[0 0 612 792]/Kids[%s]>>"
                % (len(pages), b" ".join(
                    b"%d 0 R" % (3 + i) for i in range(len(pages)))))]
    for i, page in enumerate(pages):
        objects.append((3 + i, b"<</Type/Page/Parent 2 0 R%s>>" % page))
    classic("geometry.pdf", b"1.7", objects, b"/Root 1 0 R")


def fields():
    """Empty signature fields, one with a place on the page, one that locks."""
    objects = [
        (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>"),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            b"/Annots[6 0 R 7 0 R 9 0 R]/Contents 4 0 R/Resources<<>>>>"),
        (4, stream(b"q 1 0 0 RG 100 600 200 60 re S Q")),
        (5, b"<</Fields[6 0 R 8 0 R 9 0 R]>>"),
        (6, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Buyer)/F 4"
            b"/Rect[100 600 300 660]/P 3 0 R>>"),
        (7, b"<</Type/Annot/Subtype/Widget/Parent 8 0 R/F 4"
            b"/Rect[0 0 0 0]/P 3 0 R>>"),
        (8, b"<</FT/Sig/T(Seller)/Kids[7 0 R]>>"),
        (9, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Last)/F 4"
            b"/Rect[0 0 0 0]/P 3 0 R/Lock<</Type/SigFieldLock/Action/All>>>>"),
    ]
    classic("fields.pdf", b"1.7", objects, b"/Root 1 0 R")


def inline():
    """Everything direct: AcroForm, Annots and Fields inside their owners."""
    objects = [
        (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]"
            b"/NeedAppearances true/DA(/Helv 0 Tf 0 g)>>>>"),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 300 300]>>"),
        (3, b"<</Type/Page/Parent 2 0 R/Annots[4 0 R]>>"),
        (4, b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Signature1)/V(taken)"
            b"/Rect[10 10 100 30]/P 3 0 R>>"),
    ]
    classic("inline.pdf", b"1.6", objects, b"/Root 1 0 R /ID[<0102><0304>]")


def hybrid():
    """A hybrid-reference file: objects 4 and 5 only in the xref stream."""
    out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    at = {}
    for number, body in [
            (1, b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R/Lang 5 0 R>>"),
            (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
            (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"),
            (4, stream(b"<x/>", b"/Type/Metadata/Subtype/XML")),
            (6, stream(b"5 0 (en)",
                       b"/Type/ObjStm/N 1/First 4"))]:
        at[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    stm = len(out)
    rows = (b"\x00\x00\x00\xff" + b"\x02\x00\x06\x00"
            + b"\x01" + at[6].to_bytes(2, "big") + b"\x00"
            + b"\x01" + stm.to_bytes(2, "big") + b"\x00")
    out += b"7 0 obj\n" + stream(
        rows, b"/Type/XRef/Size 8/W[1 2 1]/Index[0 1 5 3]/Root 1 0 R") \
        + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n"
    for number in range(1, 5):
        out += b"%010d 00000 n \n" % at[number]
    out += b"trailer\n<</Size 8/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n" \
        b"%%%%EOF" % (stm, start)
    with open("hybrid.pdf", "wb") as f:
        f.write(out)


geometry()
fields()
inline()
hybrid()
