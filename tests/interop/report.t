#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Reports of a verdict whose names are markup, Chinese, Arabic and worse, read
# by others: an XML parser, jq, an HTML parser, and a browser.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3 jq
tool=$top_builddir/tests/interop/report_tool
[ -x "$tool" ] || skip_all 'the tool is not built'
for format in junit sarif tap github html; do
	run "$tool" $format <"$data/verdict.json"
	exits 0 "$format"
	cp "$T/out" v.$format
done

cat >read_junit.py <<'PY'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == 'testsuites'
total = dict.fromkeys(('tests', 'failures', 'errors'), 0)
for suite in root:
    assert suite.tag == 'testsuite' and suite.get('name')
    assert suite.get('timestamp') == '2026-06-01T00:00:00'
    assert suite[0].tag == 'properties' and suite[0][0].get('value')
    cases = list(suite)[1:]
    seen = {
        'tests': len(cases),
        'failures': len(suite.findall('testcase/failure')),
        'errors': len(suite.findall('testcase/error'))}
    for key in total:
        assert int(suite.get(key)) == seen[key], (suite.get('name'), key)
        total[key] += seen[key]
    for case in cases:
        assert case.tag == 'testcase' and case.get('name')
        assert case.get('classname') == suite.get('name')
        assert len(case) <= 1
for key in total:
    assert int(root.get(key)) == total[key], key
assert total == {'tests': 9, 'failures': 5, 'errors': 1}, total
names = [c.get('name') for c in root.iter('testcase')]
assert any('王小明' in n for n in names)
assert any('<script>alert(1)</script>' in n for n in names)
assert root[1].get('name') == 'a<b>&"c\',%d\n::warning::e #f\\.pdf'
PY
check 'JUnit: the parser reads what was written' python3 read_junit.py v.junit

# What the specification requires of each object (SARIF 2.1.0, 3.13 and on).
check 'SARIF: required members' jq -e '
	.version == "2.1.0" and (.runs | length) == 1 and
	(.runs[0] | (.tool.driver.name == "deed") and
	 (.tool.driver.rules | all(.id | type == "string")) and
	 ([.tool.driver.rules[].id] | length == (unique | length)))' v.sarif
check 'SARIF: results' jq -e '
	.runs[0] as $run | $run.results | length == 9 and all(
	(.message.text | length > 0) and
	(.level | IN("none", "note", "warning", "error")) and
	(.kind | IN("pass", "fail")) and ((.kind == "pass") == (.level == "none")) and
	$run.tool.driver.rules[.ruleIndex].id == .ruleId and
	(.locations | length == 1) and
	(.locations[0].physicalLocation.artifactLocation as $at |
	 $run.artifacts[$at.index].location.uri == $at.uri and
	 ($at.uri | test("^[A-Za-z0-9%._~/-]+$"))))' v.sarif
check 'SARIF: hashes' jq -e '[.runs[0].artifacts[] | .hashes["sha-256"] //
	empty] | length == 4 and all(test("^[0-9a-f]{64}$"))' v.sarif

# The schema that OASIS publishes, and a validator that is not deed's.
modules=$top_builddir/npm/node_modules
case $modules in /*) ;; *) modules=$PWD/$modules ;; esac
cat >schema.js <<'JS'
const fs = require('fs');
const modules = process.argv[2];
const read = (path) => JSON.parse(fs.readFileSync(path, 'utf8'));
const Ajv = require(modules + '/ajv');
const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
ajv.addMetaSchema(read(modules + '/ajv/lib/refs/json-schema-draft-04.json'));
const check = ajv.compile(read(modules +
    '/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
for (const path of process.argv.slice(3)) {
  if (!check(read(path))) {
    console.log(path, JSON.stringify(check.errors, null, 1));
    process.exitCode = 1;
  }
}
JS
if command -v node >/dev/null && [ -d "$modules/@microsoft/jest-sarif" ] &&
	[ -f "$modules/ajv/lib/refs/json-schema-draft-04.json" ]; then
	jq '.runs[0].results[0].level = "fatal"' v.sarif >bad.sarif
	jq 'del(.runs[0].tool)' v.sarif >toolless.sarif
	for bad in bad toolless; do
		run node schema.js "$modules" $bad.sarif
		exits 1 "SARIF: the schema holds: $bad"
	done
	check 'SARIF: as the schema has it' node schema.js "$modules" v.sarif
else
	skip 'SARIF: as the schema has it' \
		'./bootstrap check installs the schema'
fi
cat >read_junitparser.py <<'PY'
import sys
from junitparser import Error, Failure, JUnitXml
xml = JUnitXml.fromfile(sys.argv[1])
suites = list(xml)
cases = [case for suite in suites for case in suite]
kinds = [type(r) for case in cases for r in case.result]
print(len(cases), kinds.count(Failure), kinds.count(Error))
assert [len(cases), kinds.count(Failure), kinds.count(Error)] == [
    xml.tests, xml.failures, xml.errors] == [9, 5, 1]
xml.update_statistics()
assert (xml.tests, xml.failures, xml.errors) == (9, 5, 1)
PY
if /usr/bin/python3 -c 'import junitparser' 2>/dev/null; then
	check 'JUnit: junitparser counts the same' /usr/bin/python3 \
		read_junitparser.py v.junit
else
	skip 'JUnit: junitparser' 'python3-junitparser is not installed'
fi

is 'TAP: its plan' "$(sed -n 2p v.tap)" 1..6
is 'TAP: its points' "$(grep -cE '^(not )?ok [1-6] - ' v.tap)" 6
is 'TAP: one is good' "$(grep -c '^ok' v.tap)" 1
cat >read_tap.pl <<'PL'
use strict;
use TAP::Parser;
local $/;
open my $in, '<', $ARGV[0] or die;
my $text = <$in>;
# It knows TAP 13, which has all of this.
$text =~ s/^TAP version 14$/TAP version 13/m or die 'no version';
my $p = TAP::Parser->new({ tap => $text });
while (my $r = $p->next) {
	die 'unknown: ' . $r->raw if $r->is_unknown;
	die 'a directive: ' . $r->raw
		if $r->is_test && ($r->has_skip || $r->has_todo);
}
die join "\n", $p->parse_errors if $p->parse_errors;
printf "%d %d %d\n", $p->tests_planned, scalar $p->passed, scalar $p->failed;
PL
if perl -MTAP::Parser -e 1 2>/dev/null; then
	run perl read_tap.pl v.tap
	is 'TAP: TAP::Parser reads the same' "$(cat "$T/out" "$T/err")" '6 1 5'
else
	skip 'TAP: TAP::Parser' 'perl has none'
fi
check 'TAP: nothing is a directive' sh -c '! grep -E "^(not )?ok.*[^\\\\]#" v.tap'

is 'GitHub: each line is a command' "$(grep -vc '^::[a-z]* file=' v.github)" 0
is 'GitHub: of these kinds' "$(sed 's/^::\([a-z]*\) .*/\1/' v.github |
	sort | uniq -c | awk '{ print $2 $1 }' | tr '\n' ' ')" \
	'error5 notice3 warning1 '
check 'GitHub: a name forges none' grep -qF '%0A%3A%3Awarning%3A%3Ae' v.github

cat >read_page.py <<'PY'
import sys
from html.parser import HTMLParser
class Page(HTMLParser):
    void = {'meta', 'br'}
    def __init__(self):
        super().__init__()
        self.open, self.text, self.tags = [], '', set()
    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            assert name in ('class', 'lang', 'charset', 'content', 'name',
                            'http-equiv', 'datetime'), name
        if tag not in self.void:
            self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        self.text += data
page = Page()
source = open(sys.argv[1], encoding='utf-8').read()
page.feed(source)
page.close()
assert not page.open
assert not page.tags & {'script', 'img', 'link', 'iframe', 'b', 'object'}
assert 'http' not in source.replace('http-equiv', '')
for words in ('王小明', 'شركة المثال للتجارة', 'Eve <img src=x onerror=alert(1)>',
              '<script>alert(1)</script>',
              '1 passed, 1 failed, 1 without what is required, 1 indeterminate, '
              '1 without a signature, 1 unreadable',
              'REQUIREMENT NOT MET: organisation=<Acme & Söhne>',
              "'torn.pdf' is no PDF: it has no end"):
    assert words in page.text, words
assert '\u202e' not in source
PY
check 'HTML: well-formed, and nothing in it is a name'\''s' \
	python3 read_page.py v.html

browser=$(command -v chromium || command -v chromium-browser || :)
headless() {
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
		--user-data-dir="$W/profile" "$@" "file://$W/v.html"
}
if [ -n "$browser" ] && headless --dump-dom >dom 2>errors; then
	check 'a browser shows it' grep -q '1 passed, 1 failed' dom
	is 'a card for each signature' "$(grep -c '<section' dom)" 5
	check 'no script ran' sh -c '! grep -q "<img\|<script" dom'
	headless --hide-scrollbars --window-size=900,1200 \
		--screenshot="$W/page.png" >/dev/null 2>&1
	check 'it can be drawn' test -s page.png
	headless --print-to-pdf="$W/page.pdf" >/dev/null 2>&1
	check 'and printed' test -s page.pdf
else
	skip 'in a browser' 'there is none that runs'
fi
