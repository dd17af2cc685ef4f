#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard: a document goes to five places, and comes back from any three.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/places.sh"
need jq
need_places
need_home
places_make

get() {
	rm -f back.pdf
	run deed shard get "$id" --as "$1" -o back.pdf --passphrase "file:$1.pass"
}

run deed shard put contract.pdf --party wang --party li --party acme \
	--label 2026/117 --sender 'Li Na' --sent 2026-11-01T10:00:00Z \
	--received 2026-11-02
exits 0 'a deposit'
id=$(cat "$T/out")
is 'its id and nothing else is the output' "$(printf %s "$id" | tr -d '0-9a-f' | wc -c)$(wc -l <"$T/out")" 01
err_has 'the number of its event' 'event 7'
is 'five places hold it' "$(places_ls | grep -c 'manifest-1-.*\.cms$')" 5
is 'nothing is left of its making' "$(ls home/archive/begun)" ''

expect 0 'list' deed shard list
out_has 'it is there' "$id"
expect 0 'list by label' deed shard list --label 2026/117
out_has 'it is found' "$id"
expect 0 'list by another label' deed shard list --label 2026/118
is 'nothing is found' "$(cat "$T/out")" ''
run deed shard list --json
json 'as JSON' '.deposits[0].id' "$id"
expect 0 'show, by the beginning of the id' deed shard show "$(echo "$id" | cut -c1-10)"
out_has 'what is needed' '3 of 5 places'
run deed shard show "$id" --json
json 'for three parties' '.recipients | length' 3
json 'five places' '.placement | length' 5
expect 0 'check' deed shard check "$id"
out_has 'it is healthy' "$id: healthy"
expect 0 'check of everything' deed shard check
out_has 'and a line that counts' '1 deposit: 1 healthy'

for who in wang li acme; do
	get $who
	exits 0 "$who brings it back"
	check 'the same bytes' cmp contract.pdf back.pdf
done
run sh -c "deed shard get $id --as li -o - --passphrase file:li.pass >back"
check 'to standard output' cmp contract.pdf back
run deed shard get "$id" --as li -o back.json --passphrase file:li.pass --json
json 'the record has the sender' .record.sender 'Li Na'
json 'and when it was sent' .record.sent 2026-11-01T10:00:00Z
json 'and received' .record.received 2026-11-02T00:00:00Z
quietly deed sign --as wang contract.pdf -o signed.pdf --passphrase file:wang.pass
signed=$(deed shard put signed.pdf --party li 2>/dev/null)
run deed shard get "$signed" --as li -o signed2.pdf --passphrase file:li.pass --json
json 'who signed it' '.record.signatures[0].name' 王小明
json 'and when' '.record.signatures[0].time | length' 20
run deed shard get "$id" --as li -o back.json --passphrase file:li.pass
exits 7 'nothing is overwritten'
run deed shard get "$id" --as li -o x --passphrase file:wang.pass
exits 6 'a wrong passphrase'
absent 'no output' x
run deed shard get "$id" -o x
exits 2 'nobody'

# All ways to lose places.
# Of a store a few: each of them is asked.
two='1 2,1 3,1 4,1 5,2 3,2 4,2 5,3 4,3 5,4 5'
three='1 2 3,1 2 4,1 2 5,1 3 4,1 3 5,1 4 5,2 3 4,2 3 5,2 4 5,3 4 5'
if [ "$places_kind" != dir ] && [ "${SETS:-}" != all ]; then
	two='1 2,2 4,4 5'
	three='1 2 3,2 4 5'
fi
words=$IFS
IFS=,
for lost in $two; do
	IFS=$words
	# shellcheck disable=SC2086
	place_lose $lost
	get li
	exits 0 "without places $lost"
	check 'the same bytes' cmp contract.pdf back.pdf
	run deed shard check "$id"
	exits 8 'check says so'
	out_has 'and that it can be repaired' 'away, can be repaired'
	# shellcheck disable=SC2086
	place_find $lost
done
IFS=,
for lost in $three; do
	IFS=$words
	# shellcheck disable=SC2086
	place_lose $lost
	get wang
	exits 8 "without places $lost"
	absent 'no output' back.pdf
	err_has 'it says why' '3 of 5 places do not answer, and 3 are needed'
	run deed shard check "$id" --json
	exits 8 'check says that they do not answer'
	json 'and nothing worse' '.deposits[0] | [.state, .waits] | join(" ")' \
		'away true'
	run deed shard repair "$id"
	exits 8 'it cannot be repaired now'
	out_has 'and that is what it says' 'away, too few places answer'
	run deed shard list --state unreadable
	out_lacks 'it is not listed as lost' "$id"
	# shellcheck disable=SC2086
	place_find $lost
done
place_lose 1 2 3 4 5
get li
exits 8 'without any place'
err_has 'it says that they do not answer' 'do not answer'
expect 8 'check without any place' deed shard check "$id"
expect 8 'repair without any place' deed shard repair "$id"
run deed shard list --state unreadable
out_lacks 'it is not listed as lost' "$id"
place_find 1 2 3 4 5
expect 0 'all is well again' deed shard check "$id"

# Who is not a recipient.
for_wang=$(deed shard put terms.txt --party wang 2>/dev/null)
run deed shard get "$for_wang" --as li -o x --passphrase file:li.pass
exits 6 'li is not a recipient'
absent 'no output' x
err_has 'it says so' 'not for this party'
expect 0 'wang is' deed shard get "$for_wang" --as wang -o x \
	--passphrase file:wang.pass
check 'the same bytes' cmp terms.txt x
expect 4 'no such deposit' deed shard get 0123456789abcdef --as li \
	--passphrase file:li.pass -o y
expect 2 'no id' deed shard show ../etc

# A batch, and what lies beside a document.
run deed shard put terms.txt annex.csv --party li
exits 0 'two deposits'
is 'two ids' "$(wc -l <"$T/out")" 2
run deed shard put terms.txt missing.txt annex.csv --party li
isnt 'one is missing' $code 0
is 'the others are made' "$(wc -l <"$T/out")" 2
two=$(deed shard put minutes.odt --party li --evidence terms.txt --evidence annex.csv 2>/dev/null)
mkdir beside
run deed shard get "$two" --as li -o m.odt --evidence beside --passphrase file:li.pass
exits 0 'with what lies beside it'
check 'the document' cmp minutes.odt m.odt
check 'the first' cmp terms.txt beside/terms.txt
check 'the second' cmp annex.csv beside/annex.csv
expect 2 'two files of one name' deed shard put terms.txt --party li --evidence terms.txt
: >empty
run deed shard put empty --party li
exits 0 'an empty file'
e=$(cat "$T/out")
expect 0 'comes back' deed shard get "$e" --as li -o empty2 --passphrase file:li.pass
check 'empty' cmp empty empty2
run sh -c 'deed shard put - --party li <terms.txt'
exits 0 'from standard input'
n=$(deed shard list | wc -l)
expect 0 'a dry run' deed shard put terms.txt --party li -n
is 'deposits nothing' "$(deed shard list | wc -l)" "$n"

# Chunks are twice as large where the content has over 64 MiB.
truncate -s 64M zeros
z=$(deed shard put zeros --party li 2>/dev/null)
run deed shard show "$z" --json
json 'chunks of 8 MiB' .chunks 9
run sh -c "deed shard get $z --as li -o - --passphrase file:li.pass | cmp - zeros"
exits 0 'it comes back'
rm zeros
cp terms.txt index.json
run deed shard put index.json --party li
exits 2 'what the index is called is no name for a document'

# Who can be a party.
expect 4 'nobody of that name' deed shard put terms.txt --party nobody
expect 2 'the same party twice' deed shard put terms.txt --party li --party li
expect 2 'no party' deed shard put terms.txt
quietly deed enroll person sun --name Sun --email sun@example.org \
	--id cn-ric:110102199101010078 --passphrase file:li.pass
expect 7 'a party whose name is not proven' deed shard put terms.txt --party sun
cp home/keystore/wang/deposit-1.pem kept.pem
cp home/keystore/li/deposit-1.pem home/keystore/wang/deposit-1.pem
expect 7 'a certificate put in the place of another' deed shard put terms.txt --party wang
cp kept.pem home/keystore/wang/deposit-1.pem
expect 0 'the right one' deed shard put terms.txt --party wang
quietly deed party suspend acme --reason test --operator-passphrase file:operator.pass
expect 7 'a party that is suspended' deed shard put terms.txt --party acme
if command -v openssl >/dev/null; then
	outsider
	o=$(deed shard put terms.txt --party out.pem --party li 2>/dev/null)
	expect 0 'a party from outside, by its own key' deed shard get "$o" \
		--key out.key -o outside
	check 'the same bytes' cmp terms.txt outside
	openssl req -x509 -newkey ed25519 -nodes -keyout ed.key -out ed.pem \
		-subj /CN=ed -days 9 2>/dev/null
	expect 5 'nothing is encrypted to Ed25519' deed shard put terms.txt --party ed.pem
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout s.key -out s.pem -subj /CN=s -days 9 \
		-addext keyUsage=digitalSignature 2>/dev/null
	expect 5 'nor to a key that signs' deed shard put terms.txt --party s.pem
fi

# The catalogue is made anew from the places.
deed shard list >before
rm home/archive/catalogue.db
expect 0 'without a catalogue' deed shard list --label 2026/117
out_has 'it is found by its label' "$id"
deed shard list >after
check 'all is there' cmp before after
printf 'not a database' >home/archive/catalogue.db
deed shard list >after
check 'a broken one too' cmp before after

# The log has it, and a manifest is a checkpoint that somebody kept.
expect 0 'the log verifies' deed audit verify
run deed audit log --event deposit
out_has 'the event' deposit
place_cat 1 "$(place_ls 1 | grep manifest-1- | head -n 1)" >manifest
run deed audit verify --against manifest
exits 0 'against a manifest'
run deed audit log --open --as li --passphrase file:li.pass --event deposit
out_has 'li sees the document' "document=$(sha256sum contract.pdf | cut -c1-64)"
out_lacks 'and not the other parties' party=wang
