#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ids that the code gives as reasons, or those that pages explain.

reasons.py code TOP     what lib/ passes to whatever tells a reason
reasons.py page FILE... the ids of each ".It Cm a , b", in a list of reasons
"""
import glob
import re
import sys

FLOORS = ("pdf", "asic", "cms", "judge")

# Whatever takes an id among its arguments; a message is no word like it.
CALLS = ("add_cut_off", "answer", "asic_judge_fault", "find",
         "pdf_survey_find", "shadow_find", "signature_problem", "verdict_doubt",
         "verdict_fail", "verdict_note", "zip_faulty")

ID = r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"'
CALL = re.compile(r"\b(?:%s)\s*\(" % "|".join(CALLS))
# Where an id stands in a table, is assigned or has a name.
OTHER = re.compile(r"(?:\bSUB_[A-Z_]+,\s*|\[PDF_FAULT_[A-Z]+\]\s*=\s*|"
                   r"\*id\s*=\s*|#define\s+PDF_ID_[A-Z_]+\s+|"
                   r"#define\s+DESPITE_[A-Z]+\s+)" + ID)


def arguments(text, at):
    """What stands behind a parenthesis, up to the one that closes it."""
    args, depth, start, quoted = [], 1, at, False
    while depth and at < len(text):
        c = text[at]
        if quoted:
            at += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c == "," and depth == 1:
            args.append(text[start:at])
            start = at + 1
        else:
            depth += (c == "(") - (c == ")")
        at += 1
    return args + [text[start:at - 1]]


def ids_of(args):
    """Those of the first argument that is an id, or a choice of ids."""
    for arg in args:
        found = re.findall(ID, re.sub(r'"\s+"', "", arg))
        if found:
            return found
    return []


def in_code(top):
    found = set()
    for floor in FLOORS:
        for name in glob.glob("%s/lib/%s/*.[ch]" % (top, floor)):
            with open(name, encoding="utf-8") as f:
                text = f.read()
            text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            for call in CALL.finditer(text):
                found.update(ids_of(arguments(text, call.end())))
            found.update(OTHER.findall(text))
    return found


def in_pages(names):
    found = set()
    for name in names:
        with open(name, encoding="utf-8") as f:
            for line in f:
                if line.startswith(".It Cm "):
                    found.update(re.findall(r"(?<= )[a-z][a-z0-9-]*",
                                            line[len(".It Cm"):]))
    return found


def main():
    what, where = sys.argv[1], sys.argv[2:]
    found = in_code(where[0]) if what == "code" else in_pages(where)
    print("\n".join(sorted(found)))


main()
