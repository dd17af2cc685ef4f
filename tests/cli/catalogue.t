#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The catalogue of deposits: what is asked of it, and how it is made anew.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq sqlite3 python3
need_home

db=home/archive/catalogue.db
rows() {
	/usr/bin/python3 "$top_srcdir/tests/cli/catalogue_rows.py" $db "$@"
}
ids() {
	awk '{ print $1 }' "$T/out" | tr '\n' ' '
}

wang=$(deed shard put contract.pdf --party wang --label 2026/117 2>/dev/null)
both=$(deed shard put terms.txt --party wang --party li 2>/dev/null)
li=$(deed shard put annex.csv --party li --label 2026/118 2>/dev/null)
quietly deed shard put minutes.odt --party acme --label twice
quietly deed shard put minutes.odt --party acme --label twice
deed shard list >all
is 'five deposits' "$(wc -l <all)" 5

# Asking.
expect 0 'by party' deed shard list --party wang
is 'those of wang' "$(awk '{ print $1 }' "$T/out" | sort)" \
	"$(printf '%s\n%s\n' "$wang" "$both" | sort)"
expect 0 'by the certificate of a party' deed shard list \
	--party home/keystore/wang/deposit-1.pem
is 'the same' "$(wc -l <"$T/out")" 2
expect 4 'nobody' deed shard list --party nobody
expect 0 'by label' deed shard list --label 2026/118
is 'that one' "$(ids)" "$li "
expect 0 'by label and party' deed shard list --label 2026/118 --party wang
is 'none' "$(ids)" ''
expect 0 'some' deed shard list --limit 2
check 'the first' sh -c 'head -n 2 all | cmp - "$1"' sh "$T/out"
after=$(sed -n 2p all | cut -c1-64)
expect 0 'those after' deed shard list --after "$after"
check 'the rest' sh -c 'tail -n 3 all | cmp - "$1"' sh "$T/out"
expect 4 'after nothing' deed shard list --after 0123456789
expect 0 'since then' deed shard list --since 2100-01-01
is 'none yet' "$(ids)" ''
expect 0 'until then' deed shard list --until 2100-01-01
check 'all' cmp all "$T/out"
expect 0 'until before' deed shard list --until 2020-01-01T00:00:00Z
is 'none' "$(ids)" ''
expect 2 'a state that there is not' deed shard list --state odd
run deed shard list --json
json 'as JSON, all' '.deposits | length' 5
json 'the schema' .schema deed.shard.list/1
json 'a deposit' '.deposits[0] | keys | join(" ")' \
	'deposited folder id needed places recipients size state'
json 'no errors' '.errors | length' 0
run deed shard list --json --label nothing
json 'an empty list' '.deposits | length' 0
run deed shard list --json --party nobody
json 'an error is in the object' '.errors | length' 1
run deed shard list --json --after 0123456789
json 'this one too' '[.deposits, .errors] | map(length) | join(" ")' '0 1'

# By its label.
expect 0 'get by label' deed shard get --label 2026/117 --as wang -o back.pdf \
	--passphrase file:wang.pass
check 'the same bytes' cmp contract.pdf back.pdf
expect 4 'no such label' deed shard get --label none --as wang -o x
expect 2 'a label that two bear' deed shard get --label twice --as acme -o x
err_has 'how to see them' 'deed shard list --label twice'
expect 2 'a label and an id' deed shard get "$wang" --label 2026/117 --as wang
expect 2 'neither' deed shard get --as wang
label() {
	sqlite3 $db "select hex(label) from deposit where id = x'$1'"
}
cp $db kept.db
rows change "update deposit set label = x'$(label "$li")' where id = x'$wang';
	delete from deposit where id = x'$li'"
run deed shard get --label 2026/118 --as wang -o x --passphrase file:wang.pass
exits 1 'a row that bears the label of another brings nothing'
err_has 'it says so' 'does not bear the label'
absent 'no output' x
cp kept.db $db
rows change "update deposit set folder = (select folder from deposit
	where id = x'$li') where id = x'$wang'"
expect 1 'a row that leads to another deposit' deed shard check "$wang"
err_has 'is told' 'is of another deposit'
expect 0 'and mended' deed shard reindex
run deed shard list
check 'what was seen there is forgotten' cmp all "$T/out"
cp kept.db $db

# What a check has seen.
mv home/archive/places/2 away
expect 8 'a place is away' deed shard check "$both"
expect 0 'what is degraded' deed shard list --state degraded
is 'that one' "$(ids)" "$both "
mv home/archive/places/1 away1
mv home/archive/places/3 away3
expect 8 'three are' deed shard check "$both"
run deed shard list --state unreadable
is 'which is no loss' "$(ids)" ''
run deed shard list --state degraded
is 'and is known' "$(ids)" "$both "
mv away1 home/archive/places/1
mv away3 home/archive/places/3
mv away home/archive/places/2
expect 0 'they are back' deed shard check "$both"
run deed shard list --state healthy
check 'all are healthy' cmp all "$T/out"

# What is not there is not looked for at the places.
strace_calls() {
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=open,openat \
		"$@" >"$T/out" 2>"$T/err"
	code=$?
}
if strace_reads >/dev/null 2>&1; then
	strace_calls deed shard show 0123456789abcdef
	exits 4 'an id that is none'
	is 'no place is asked' "$(grep -c archive/places/ trace)" 0
	is 'nor told to be' "$(grep -c hint "$T/err")" 0
fi
cp $db older.db
late=$(deed shard put terms.txt --party li 2>/dev/null)
cp older.db $db
expect 4 'one that an older catalogue lacks' deed shard show "$late"
err_has 'how it comes back' 'deed shard reindex'
expect 0 'a rehearsal' deed shard reindex -n --json
json 'says what it would add' '[.added, .changed, .removed, .anew] | map(tostring) | join(" ")' \
	'1 0 0 false'
expect 4 'and adds nothing' deed shard show "$late"
expect 1 'the log knows' deed audit verify
out_has 'which' "catalogue lacks deposit '$late'"
expect 0 'reindex' deed shard reindex
err_has 'what it did' '6 deposits: 1 added, 0 changed, 0 removed'
expect 0 'it is there' deed shard show "$late"
expect 0 'and the log agrees' deed audit verify
deed shard list >all
expect 0 'again' deed shard reindex --json
json 'nothing is to be done' '[.deposits, .added, .changed, .removed] | map(tostring) | join(" ")' \
	'6 0 0 0'

# A log that is far ahead is looked through step by step, for an id that is
# none; a deposit that the catalogue lacks stops it.
cp -Rp home large
"$top_builddir/tests/cli/grow_log" large 5000 || exit 99
followed() {
	sqlite3 large/archive/catalogue.db 'select followed from about'
}
at=$(followed)
for i in 1 2 3; do
	expect 4 "look $i" deed shard show --home large 0123456789abcdef
	isnt 'goes on' "$(followed)" "$at"
	at=$(followed)
done
is 'to the end' "$at" "$(deed audit log --home large | wc -l)"
sqlite3 large/archive/catalogue.db "update about set followed = 0; delete from
	deposit where id = x'$both'"
expect 4 'what is lacking' deed shard show --home large "$both"
err_has 'is told' 'deed shard reindex'
check 'and is where it stops' test "$(followed)" -lt 20
rm -rf large

# A row of which neither the log nor a place knows.
rows fill 2000
expect 0 'two thousand more' deed shard list
is 'are listed' "$(wc -l <"$T/out")" 2006
expect 0 'in pages' sh -c 'n=0 after=
	while page=$(deed shard list --limit 300 ${after:+--after $after} \
		--until 2024-01-01) && [ -n "$page" ]; do
		n=$((n + $(echo "$page" | wc -l)))
		after=$(echo "$page" | tail -n 1 | cut -c1-64)
	done
	echo $n'
is 'each once' "$(cat "$T/out")" 2000
run sh -c 'deed shard list --json | jq -r ".deposits | length"'
is 'as one object' "$(cat "$T/out")" 2006
run sh -c 'deed shard list | head -n 1'
exits 0 'a reader that goes away'
expect 0 'they are told' deed audit verify
out_has 'as a note' 'of which the log knows nothing'
out_has 'the rest as a number' 'and 1936 more of which the log knows nothing'
cp $db filled.db
sqlite3 $db "delete from deposit where deposited > 1750000000"
expect 1 'without the others' deed audit verify
out_has 'both are told' "catalogue lacks deposit '$wang'"
cp filled.db $db
expect 0 'and taken out' deed shard reindex
err_has 'so many' '2000 removed'
deed shard list >"$T/out"
check 'the rest stays' cmp all "$T/out"

# Lost at the places.
cp -Rp home/archive/places whole
folder=$(sqlite3 $db "select lower(hex(folder)) from deposit where id = x'$late'")
for p in 1 2 3 4; do
	find home/archive/places/$p -path "*$folder*" -name 'manifest-*' \
		-exec rm {} +
done
expect 0 'one manifest is left' deed shard reindex
run deed shard list --state degraded
is 'it is degraded' "$(ids)" "$late "
find home/archive/places/5 -path "*$folder*" -name 'manifest-*' -exec rm {} +
expect 1 'none is left' deed audit verify
out_has 'the log tells' 'no place has the manifest of its deposit'
expect 1 'and reindex does' deed shard reindex
out_has 'too' 'no place has the manifest of its deposit'
mv home/archive/places away
expect 8 'no place at all' deed shard reindex
expect 0 'is no verdict on the log' deed audit verify
out_has 'but a note' 'no place answers'
rm -rf away
mv whole home/archive/places
expect 0 'all is there again' deed shard reindex

# One of an older deed, another's, or in pieces.
deed shard list >all
older() {
	rm -f $db
	sqlite3 $db 'create table deposit (id text primary key, folder text not
		null, deposited integer not null, size integer not null, needed
		integer not null, places integer not null, recipients integer
		not null, label blob); create table recipient (id text not null,
		certificate blob not null, primary key (id, certificate))'
}
another() {
	rm -f $db
	sqlite3 $db 'create table t (x); insert into t values (1)'
}
pieces() {
	head -c 9000 $db >x.db
	cp x.db $db
}
words() {
	echo 'no database' >$db
}
a_folder() {
	rm -f $db
	ln -s nowhere $db
}
for how in older another pieces words a_folder 'rm -f'; do
	case $how in rm*) rm -f $db ;; *) $how ;; esac
	expect 0 "$how: list" deed shard list
	check "$how: the same" sh -c 'sort all >a; sort "$1" | cmp a -' sh "$T/out"
	is "$how: without a word" "$(cat "$T/err")" ''
done
rm -f $db
quietly deed shard put terms.txt --party li
expect 0 'a deposit without a catalogue' deed shard list
is 'all are there' "$(wc -l <"$T/out")" 7

# A place that fails is no reason to do without the others.
places=home/archive/places
mv $places/1 away
ln -s 1 $places/1
rm -f $db
expect 0 'a catalogue without the first place' deed shard list
is 'all are there' "$(wc -l <"$T/out")" 7
youngest=$(tail -n 1 "$T/out" | cut -d' ' -f1)
folder=$(deed shard show "$youngest" | sed -n 's/^folder *//p')
for p in 2 3 4 5; do mv $places/$p/"$folder" gone$p; done
run deed shard reindex
err_has 'it is told' 'could not be read'
err_has 'and nothing taken out' '0 removed'
expect 0 'the row of what only that place has' deed shard list
out_has 'stays' "$youngest"
for p in 2 3 4 5; do mv gone$p $places/$p/"$folder"; done
rm $places/1
mv away $places/1
expect 0 'the place is back' deed shard reindex

# Beside each other.
(for i in 1 2 3 4 5 6; do
	deed shard put terms.txt --party li --label beside
done >put.out 2>&1) &
for i in 1 2 3 4; do
	deed shard reindex -q --wait=60 >>reindex.out 2>&1 || echo failed >>reindex.out
	rm -f $db
done
wait
is 'reindex beside put' "$(cat reindex.out)" ''
expect 0 'every one' deed shard list --label beside
is 'is listed' "$(wc -l <"$T/out")" 6
