#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ids that the code gives as reasons, or those that pages explain.

reasons.py code TOP     what lib/ passes to whatever tells a reason
reasons.py options TOP  texts of lib/ that name an option of a command
reasons.py remedies TOP the words by which remedies are named
reasons.py page FILE... the ids of each ".It Cm a , b", in a list of reasons
"""
import glob
import re
import sys

FLOORS = ("pdf", "asic", "cms", "judge", "office/document")

# Whatever takes an id among its arguments; a message is no word like it.
CALLS = ("add_cut_off", "answer", "asic_judge_fault", "cms_fault",
         "pdf_survey_find", "shadow_find", "signature_problem",
         "verdict_doubt", "verdict_fail", "verdict_note", "zip_faulty")

# What configure was told is no option of a command.
OPTION = re.compile(r"(?:^|(?<!configure)[^\w-])--[a-z]|\bdeed [a-z]+ -")

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


def sources(top):
    """Every floor's files but the reports', which speak for the commands:
    name and text without comments."""
    for name in sorted(glob.glob(top + "/lib/**/*.[ch]", recursive=True)):
        short = name[len(top) + 1:]
        if short.startswith("lib/report/"):
            continue
        with open(name, encoding="utf-8") as f:
            text = f.read()
        yield short, re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def options_in(top):
    found = set()
    for name, text in sources(top):
        text = re.sub(r"^\s*#.*", "", text, flags=re.M)
        for word in re.findall(r'"((?:[^"\\]|\\.)*)"', text):
            # A comment of the policy file that is built in; a line of
            # the text that lies in a backup.
            if OPTION.search(word) and not word.startswith(("# ", "  ")):
                found.add("%s: %s" % (name, word))
    return found


def remedies_in(top):
    found = set()
    for _, text in sources(top):
        for call in re.finditer(r"\bdeed_error_remedy\s*\(", text):
            args = arguments(text, call.end())
            found.update(re.findall(ID, args[1]) if len(args) > 1 else [])
        # Those that are handed on.
        found.update(re.findall(r"\bcheck_(?:fresh|ends)\(.*?" + ID, text,
                                re.S))
        found.update(re.findall(r"#define\s+REMEDY_[A-Z_]+\s+" + ID, text))
    # Those of commands.
    for name in glob.glob(top + "/cmd/**/*.c", recursive=True):
        with open(name, encoding="utf-8") as f:
            found.update(re.findall(
                r"\b(?:session|deed_error)_remedy\(\w+, " + ID, f.read()))
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
    if what == "page":
        found = in_pages(where)
    else:
        found = {"code": in_code, "options": options_in,
                 "remedies": remedies_in}[what](where[0])
    print("\n".join(sorted(found)))


main()
