#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed audit log --document, --party, --since, --until: an act is found again
# by what was read and by what was made, for whoever may open it, and nobody
# hides one by changing the index.
#
#	ACTS=100000 sh tests/cli/audit-find.t
#
# searches a log of so many signatures, and says what that costs.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${ACTS:=2500}"
need jq openssl python3
need_home

# find WORDS...: as the operator.
find_act() {
	deed audit log --operator-passphrase file:operator.pass "$@"
}
# found: the numbers of what the last one found, in a line.
found() {
	awk '{ printf "%s%s", sep, $1; sep = " " }' "$T/out"
}

cp annex.csv '=cmd.csv'
base=$(deed audit log | wc -l)
quietly deed sign --as wang --passphrase file:wang.pass contract.pdf
quietly deed sign --as li --passphrase file:li.pass terms.txt
quietly deed sign --as wang --detached --passphrase file:wang.pass '=cmd.csv'
quietly deed seal --as acme --passphrase file:acme.pass --position 20,20 \
	contract.signed.pdf
quietly deed shard put contract.signed.pdf --party wang --party li
quietly deed sign --as li --passphrase file:li.pass --bundle both.asice \
	annex.csv minutes.odt
sign=$base cades=$((base + 2)) seal=$((base + 3)) deposit=$((base + 4))
bundle=$((base + 5))

# Before anybody searched there is no index, as in the homes of old.
check 'a home has no index' test ! -e home/identity/index
expect 0 'what was signed is found' find_act --document contract.pdf
is 'the signature' "$(found)" "$sign"
check 'by what was read' grep -q 'match=input$' "$T/out"
out_lacks 'and no name is shown' wang
is 'now there is an index' "$(ls home/identity/index)" 000000.cms
is 'for its owner alone' "$(stat -c %a home/identity/index/000000.cms)" 600
expect 0 'what was made' find_act --document contract.signed.pdf
is 'all that was done with it' "$(found)" "$sign $seal $deposit"
size=$(stat -c %s contract.pdf)
out_has 'and what it was made of' "match=output, input (first $size bytes)"
check 'what was deposited' grep -q 'deposit .*match=document$' "$T/out"
expect 0 'what was made of that' find_act --document contract.signed.sealed.pdf
is 'finds what went before' "$(found)" "$sign $seal $deposit"
expect 0 'a file in a container' find_act --document terms.txt
out_has 'was read' 'match=input'
expect 0 'the container' find_act --document terms.txt.asice
out_has 'was made' 'match=output'
expect 0 'one of a bundle' find_act --document minutes.odt
is 'is found' "$(found)" "$bundle"
expect 0 'what a detached signature is of' find_act --document '=cmd.csv'
is 'with what has the same content' "$(found)" "$cades $bundle"
expect 0 'the detached signature' find_act --document '=cmd.csv.p7s'
is 'too' "$(found)" "$cades"
made=$(stat -c %s contract.signed.pdf)
printf '%%%%EOF\nmore' >>contract.signed.pdf
expect 0 'a file that has grown' find_act --document contract.signed.pdf
is 'is what it was' "$(found)" "$sign $seal $deposit"
printf x >other
expect 4 'what nothing was done with' find_act --document other
err_has 'is said to be so' "no entry is about 'other'"
expect 10 'no file' find_act --document nowhere
expect 0 'an empty log' deed audit log --since 2100-01-01
is 'is no failure' "$(wc -c <"$T/out")" 0

# A party, a time, a type, and all of them.
expect 0 'a party' find_act --party acme
out_has 'and what it did' ' seal '
is 'enrolled, proven, sealed' "$(wc -l <"$T/out")" 3
expect 0 'what a party signed' find_act --party wang --event sign
is 'both' "$(found)" "$sign $cades"
expect 0 'a party with a document' find_act --party li \
	--document contract.signed.pdf
is 'is the deposit' "$(found)" "$deposit"
expect 4 'one that had nothing to do with it' find_act --party li \
	--document contract.pdf
expect 4 'no such party' find_act --party nobody
expect 2 'no handle' find_act --party 'No Body'
day=$(deed audit log --from "$sign" --count 1 | awk '{ print $2 }')
before=$(deed audit log --until "$day" | wc -l)
after=$(deed audit log --since "$day" | wc -l)
is 'a time divides the log' $((before + after)) $((bundle + 1))
expect 0 'times need no key' deed audit log --no-input --since "$day"
check 'and show what is of then' grep -q "^ *$sign " "$T/out"
expect 2 'no time' deed audit log --since yesterday

# Names and files; as a table, as JSON.
expect 0 'opened' find_act --document contract.pdf --open
out_has 'with the name' 'party=wang (王小明)'
out_has 'and the file' 'file=contract.pdf'
expect 0 'a deposit, opened' find_act --event deposit --party li --open
out_has 'with its file' 'file=contract.signed.pdf'
expect 0 'a table' find_act --party wang --open --csv
is 'with a head' "$(head -n 1 "$T/out" | tr -d '\r')" \
	'index,time,event,match,party,name,file,document,other'
out_has 'the file' ",sign,,wang,王小明,contract.pdf,"
out_has 'no formula' ",wang,王小明,\"'=cmd.csv\","
is 'lines end as RFC 4180 has it' "$(grep -c "$(printf '\r')\$" "$T/out")" \
	"$(wc -l <"$T/out")"
cp "$T/out" table.csv
expect 0 'it is read back' /usr/bin/python3 -c '
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
assert [r["party"] for r in rows if r["event"] == "deposit"] == ["wang; li"]
assert all(len(r) == 9 and None not in r.values() for r in rows)
assert any(r["file"] == "\x27=cmd.csv" for r in rows)' table.csv
expect 0 'a table of what is closed' deed audit log --csv --no-input
is 'of all entries' "$(wc -l <"$T/out")" $((bundle + 2))
out_lacks 'names nobody' wang
expect 2 'one of them' find_act --csv --json
expect 0 'JSON' find_act --document contract.signed.pdf --json --open
is 'says how it matches' "$(jq -c '.entries[0].matches' "$T/out")" \
	"[{\"role\":\"output\",\"bytes\":$made},{\"role\":\"input\",\"bytes\":$size}]"
is 'with names' "$(jq -r '.entries[0].names.wang' "$T/out")" 王小明
is 'how it went' "$(jq -c .search "$T/out")" \
	"{\"entries\":$((bundle + 1)),\"read\":0,\"wrong\":0,\"unopened\":0}"
expect 0 'JSON that is closed' find_act --document contract.pdf --json
is 'opens nothing' "$(jq -r '.entries[0] | has("openings")' "$T/out")" false

# Who may.
expect 6 'a wrong passphrase' deed audit log --document contract.pdf \
	--operator-passphrase file:wang.pass
out_lacks 'finds nothing' sign
expect 6 'none' deed audit log --party wang --csv --no-input
is 'begins no table' "$(wc -c <"$T/out")" 0
expect 0 'a party finds its own' deed audit log --document contract.pdf \
	--as wang --passphrase file:wang.pass
is 'by its own key' "$(found)" "$sign"
expect 4 "and nobody else's" deed audit log --document contract.pdf \
	--as li --passphrase file:li.pass

# The index is believed in nothing.
cp -Rp home kept
printf 'x' >>home/identity/index/000000.cms
expect 0 'a damaged index' find_act --document contract.pdf
err_has 'is told' 'block 0 of the index is damaged'
is 'and finds the same' "$(found)" "$sign"
expect 0 'it was made anew' find_act --document contract.pdf
is 'so nothing is told' "$(cat "$T/err")" ''
printf '' >home/identity/index/000000.cms
expect 0 'an empty index' find_act --document contract.pdf
rm -r home/identity/index
expect 0 'no index' find_act --document contract.pdf
is 'finds the same' "$(found)" "$sign"
rm -r home/identity/index
: >home/identity/index
expect 0 'an index that cannot be written' find_act --document contract.pdf
err_has 'is told' 'the index is not extended'
is 'and finds the same, too' "$(found)" "$sign"
rm home/identity/index

# Without the index and the record nobody knows what an entry is about.
record=$(deed audit log --json --from "$sign" --count 1 |
	jq -r '.entries[0].records[0] | ltrimstr("sha256:")')
rm "home/identity/box/$(echo "$record" | cut -c1-2)/$record.cms"
expect 3 'a record that is gone' find_act --document contract.pdf
err_has 'is no answer' "cannot be told, for their records are gone: entry $sign"
err_has 'and the remedy is named' 'deed audit verify'
expect 3 'whatever else is found' find_act --document contract.signed.pdf
is 'which is shown' "$(found)" "$seal $deposit"

# In a log that is not sound nothing is found.
rm -rf home && cp -Rp kept home
sed -i 's/"event":"seal"/"event":"soil"/' \
	"$(find home/audit/tile/entries -type f | sort -V | tail -n 1)"
expect 1 'an entry that was changed' find_act --document contract.pdf
is 'and nothing is shown' "$(wc -c <"$T/out")" 0
rm -rf home && cp -Rp kept home

# What was renamed is found by both names.
# An enrolment that was interrupted had left keys under the new one.
mkdir home/keystore/wang-xm && : >home/keystore/wang-xm/signature-1.key
quietly deed party rename wang wang-xm \
	--operator-passphrase file:operator.pass
expect 0 'by the new name' find_act --party wang-xm
err_has 'the old one is named' "'wang-xm' was 'wang' until entry $((bundle + 1))"
expect 0 'by the old name' find_act --party wang
check 'what was done under it' grep -q "^ *$sign " "$T/out"

# A backup holds the index.
openssl req -x509 -noenc -subj /CN=backup -newkey ec -days 3650 \
	-pkeyopt ec_paramgen_curve:P-256 -keyout backup.key -out backup.pem \
	2>/dev/null
rm -rf home && cp -Rp kept home
quietly deed backup --to backup.pem -o one.backup
quietly deed restore one.backup --key backup.key --home back \
	--no-checkpoint
check 'a backup holds the index' cmp home/identity/index/000000.cms \
	back/identity/index/000000.cms

# Many.
rm -rf home && cp -Rp kept home
quietly "$top_builddir/tests/cli/grow_acts" home "$ACTS" 500
printf 'input %s' $((ACTS - 7)) >wanted
expect 0 'one of many, the first time' find_act --document wanted
err_has 'is slow, and says so' 'entries were read one by one'
is 'and finds it' "$(found)" $((bundle + 1 + ACTS - 7))
expect 0 'once more' find_act --document wanted
is 'by the index' "$(cat "$T/err")" ''
is 'finds the same' "$(found)" $((bundle + 1 + ACTS - 7))
is 'a thousand a file' "$(find home/identity/index -type f | wc -l)" \
	$(((bundle + 1 + ACTS + 999) / 1000))
echo "# CPU, user and system, of a search among $ACTS acts:" \
	"$(bash -c 'TIMEFORMAT="%U + %S s"; time "$@" >/dev/null 2>&1' sh \
		deed audit log --operator-passphrase file:operator.pass \
		--document wanted 2>&1)"
