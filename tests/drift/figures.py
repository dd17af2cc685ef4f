# SPDX-License-Identifier: Apache-2.0
"""The figures of deed-archive(7) against their formulas.

    figures.py PAGE BOX MANIFEST OBJECTS PACK_OBJECTS PACK_BYTES [TRAFFIC]

Each row of a table, ".It WHAT Ta FORMULA Ta VALUE", is computed from the
parameters, ".It NAME Ta VALUE Ta WHAT", and must print as it stands; the
parameters that say what a deposit has must be those that were seen.  TRAFFIC is
a file of lines "N SECTION|WHAT COUNT": so many requests were seen with N
deposits where the formula of that row says how many.  TAP.
"""
import ast
import operator
import re
import sys

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub,
             ast.Mult: operator.mul, ast.Div: operator.truediv}


def compute(node, names):
    if isinstance(node, ast.Expression):
        return compute(node.body, names)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](compute(node.left, names),
                                        compute(node.right, names))
    if isinstance(node, ast.Call) and node.func.id == 'max':
        return max(compute(a, names) for a in node.args)
    raise ValueError(ast.dump(node))


def number(text):
    return float(text.replace(',', ''))


def printed(value, like):
    """value with as many digits behind the point as like has"""
    return f'{value:,.{len(like.partition(".")[2])}f}'


class Tap:
    count = failed = 0

    def is_(self, name, seen, wanted):
        self.count += 1
        good = seen == wanted
        print('ok' if good else 'not ok', self.count, '-', name)
        if not good:
            self.failed += 1
            print(f'# expected: {wanted}\n# seen: {seen}')


def main():
    page, *seen = sys.argv[1:]
    tap, names, rows, section, formulas = Tap(), {}, [], '', {}
    for line in open(page):
        if line.startswith('.Ss '):
            section = line[4:].strip()
        row = re.match(r'\.It (.+) Ta (.+) Ta (.+)\n', line)
        if not row or row[1].startswith('Sy '):
            continue
        if re.fullmatch('[A-Za-z]', row[1]):
            names[row[1]] = number(row[2])
            formula = re.search(r', ([a-z] / [a-z])$', row[3])
            if formula:
                rows.append((row[1], formula[1], row[2]))
        else:
            rows.append(row.groups())
            formulas[f'{section}|{row[1]}'] = row[2]
    tap.is_('there are tables', len(rows) > 20 and len(names) > 10, True)
    for what, formula, value in rows:
        computed = compute(ast.parse(formula, mode='eval'), names)
        tap.is_(f'{what}: {formula}', value, printed(computed, value))
    # A manifest has a few bytes more or less: numbers, an ECDSA signature.
    for name, was, slack in zip('xmoOX', seen[:5], (0, .01, 0, 0, .001)):
        near = abs(float(was) - names[name]) <= slack * names[name]
        tap.is_(f'{name} as it is measured', near or was,
                True if near else names[name])
    # Beside those of each deposit there are a few of each run.
    for line in open(seen[5]) if len(seen) > 5 else ():
        count, row, was = re.fullmatch(r'(\d+) (.+) (\d+)\n', line).groups()
        wanted = compute(ast.parse(formulas[row], mode='eval'),
                         {**names, 'N': int(count)})
        near = abs(int(was) - wanted) <= 18
        tap.is_(f'{row} as they are counted', near or int(was),
                True if near else wanted)
    print(f'1..{tap.count}')
    return tap.failed > 0


sys.exit(main())
