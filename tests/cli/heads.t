#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every entry carries the heads of the home: a genuine file that is not the
# newest, and one that is gone, are noticed by sign and by audit verify.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl sqlite3
need_home

operator='--operator-passphrase file:operator.pass'
sign() {
	run deed sign --as "$1" --passphrase "file:$1.pass" -n contract.pdf
}
heads_of() {
	deed audit log --json | jq -r ".entries[$1].hashes.heads"
}
hash_of() {
	printf 'sha256:%s\n' "$(sha256sum "$1" | cut -c1-64)"
}
evidence() {
	openssl cms -verify -inform DER -noverify \
		-in "$1/identity/status/wang.cms" 2>/dev/null | jq -r .evidence |
		cut -d: -f2
}

is 'each entry carries them' "$(deed audit log --json | jq '[.entries[] |
	select(.hashes.heads == null)] | length')" 0
is 'and the last those of the file' "$(heads_of -1)" \
	"$(hash_of home/identity/heads)"
is 'of each party' "$(jq -r '.parties | keys | join(" ")' \
	home/identity/heads)" 'acme li office wang'
is 'and list' "$(jq -r '.lists | keys | join(" ")' home/identity/heads)" \
	'issuing.crl root.crl'
check 'no entry names a party' sh -c '! deed audit log --json | grep -q wang'

# Newer ones of each.
cp -Rp home old
# shellcheck disable=SC2086
{
	quietly prove_home wang
	quietly deed ca crl $operator
	quietly deed ca crl --ca root --root-passphrase file:root.pass
	quietly deed ca renew $operator --root-passphrase file:root.pass
	quietly deed ca crl $operator
}
is 'with that of the CA before' \
	"$(jq -r '.issuers["issuing-1.cer"]' home/identity/heads)" \
	"$(hash_of home/ca/issuing-1.cer)"
isnt 'they change' "$(heads_of -1)" "$(hash_of old/identity/heads)"
quietly deed sign --as li --passphrase file:li.pass -o li.pdf contract.pdf
is 'but not by a signature' "$(heads_of -1)" "$(heads_of -2)"
expect 0 'the log verifies' deed audit verify
cp -Rp home new
new=identity/attestations/$(evidence new).cms
old=identity/attestations/$(evidence old).cms

# WHO signs or not | what is told | the file | what is put there; - none
table() {
	cat <<EOF
wang|status of party 'wang' is that of log entry|identity/status/wang.cms|old/identity/status/wang.cms
wang|status of party 'wang' is missing|identity/status/wang.cms|-
wang|status of party 'wang' is not the newest|identity/status/wang.cms|contract.pdf
wang|status of party 'wang' is that of log entry|identity/status/wang.cms|new/identity/status/li.cms
wang|attestation of party 'wang' is another|$new|old/$old
wang|attestation of party 'wang' is missing|$new|-
wang|certificate of party 'wang' is another|keystore/wang/signature-1.pem|old/keystore/wang/signature-1.pem
wang|certificate of party 'wang' is missing|keystore/wang/signature-1.pem|-
wang|certificate of party 'wang' cannot be read|keystore/wang/signature-1.pem|contract.pdf
wang|register lacks party 'wang'|identity/party/wang.json|-
li|status of party 'li' is missing|identity/status/li.cms|-
all|list 'issuing.crl' is not the newest|ca/issuing.crl|old/ca/issuing.crl
all|list 'issuing.crl' is missing|ca/issuing.crl|-
all|list 'issuing-1.crl' is not the newest|ca/issuing-1.crl|old/ca/issuing.crl
all|list 'root.crl' is not the newest|ca/root.crl|old/ca/root.crl
all|list 'root.crl' is missing|ca/root.crl|-
all|'issuing-1.cer' of an earlier issuing CA is missing|ca/issuing-1.cer|-
all|'issuing-1.cer' of an earlier issuing CA is not as the log says|ca/issuing-1.cer|new/ca/issuing.cer
EOF
}
table | while IFS='|' read -r who told file from; do
	case $from in
	-) rm "home/$file" ;;
	*) cp "$from" "home/$file" ;;
	esac
	printf '%s|%s|%s\n' "$who" "$told" "$file"
	signer=$who
	[ "$who" != all ] || signer=wang
	sign $signer
	printf '%s %s\n' "$code" "$(head -n 1 "$T/err")"
	other=acme
	sign $other
	printf '%s\n' "$code"
	run deed audit verify --json
	printf '%s %s\n' "$code" "$(jq -c '[.findings[] |
		select(.id == "heads") | .message]' "$T/out")"
	rm -rf home
	cp -Rp new home
done >results
while read -r what; do
	read -r signing
	read -r other
	read -r verified
	who=${what%%|*}
	told=${what#*|}
	told=${told%|*}
	name="${what##*|}: $told"
	case "$signing" in
	"1 "*"$told"*) pass "$name: sign" ;;
	*) fail "$name: sign" "$signing" ;;
	esac
	case "$verified" in
	"1 "*"$told"*) pass "$name: audit verify" ;;
	*) fail "$name: audit verify" "$verified" ;;
	esac
	case "$who:$other" in
	all:1 | wang:0 | li:0) pass "$name: another's signature" ;;
	*) fail "$name: another's signature" "exit code $other" ;;
	esac
done <results
is 'the whole table' "$(wc -l <results)" 72

cp -p old/identity/status/wang.cms home/identity/status/
echo '{}' >home/audit/pending
run deed audit verify
isnt 'what looks like a change under way hides nothing' "$code" 0
rm home/audit/pending
expect 1 'of what is not the newest' deed audit verify
rm -rf home
cp -Rp new home

# The file of heads itself.
rm home/identity/heads
sign wang
exits 0 'without the file the home can be compared'
expect 0 'and is consistent' deed audit verify
quietly deed sign --as li --passphrase file:li.pass -o li2.pdf contract.pdf
is 'the next change writes it again' "$(heads_of -1)" \
	"$(hash_of home/identity/heads)"
rm home/identity/heads home/identity/status/wang.cms
sign li
exits 1 'without file and status nobody can tell'
err_has 'and it says so' 'not what the last entry of the log says'
# shellcheck disable=SC2086
run deed party suspend li $operator
exits 1 'no change takes that over in silence'
expect 0 'a dry run of recovery' deed audit recover -n --json
json 'says what it would do' .result taken
sign li
exits 1 'and does nothing'
expect 0 'recovery takes the home as it is' deed audit recover --json
json 'and says so' .result taken
json 'in the log' .index "$(($(deed audit log --json |
	jq '.entries | length') - 1))"
sign li
exits 0 'others sign again'
sign wang
exits 7 'who has no status does not'
quietly prove_home wang
sign wang
exits 0 'until the name is proven anew'
expect 0 'the log verifies' deed audit verify
expect 0 'there is nothing more' deed audit recover --json
json 'to recover' .result sound

# What was put back is mended by what makes a newer one.
rm -rf home
cp -Rp new home
cp old/identity/status/wang.cms home/identity/status/wang.cms
cp old/ca/root.crl home/ca/root.crl
quietly prove_home wang
quietly deed ca crl --ca root --root-passphrase file:root.pass
sign wang
exits 0 'a newer status, a newer list'
expect 0 'the log verifies' deed audit verify
# A suspension that is taken back by an old status is not certified.
# shellcheck disable=SC2086
quietly deed party suspend li --reason dead $operator
cp new/identity/status/li.cms home/identity/status/li.cms
# shellcheck disable=SC2086
run deed party rename li na $operator
exits 1 'a rename does not make an old status new'
err_has 'it says why' "status of party 'li' is that of log entry"

# Rows of the catalogue, which no head covers: the log has each deposit, the
# places have its manifest.
rm -rf home
cp -Rp new home
db=home/archive/catalogue.db
first=$(deed shard put terms.txt --party wang 2>/dev/null)
cp $db before.db
second=$(deed shard put annex.csv --party wang 2>/dev/null)
cp $db after.db
expect 0 'the catalogue is as the log says' deed shard check --json
json 'of both' '.deposits | length' 2
json 'nothing is told' '.catalogue | length' 0
# What differs, the exit code, how many are whole, what is told, how it came
# about: by whoever may write the file and knows how it is written.
rows() {
	cat <<EOF
put back, an older one|1 2|catalogue lacks deposit '$second'|cp before.db $db
taken away|1 2|catalogue lacks deposit '$first'|delete from deposit where id = x'$first'
all taken away|1 2|catalogue lacks deposit '$first'|delete from deposit
of another size|1 2|row of deposit '$first' was not what|update deposit set size = 7 where id = x'$first'
that needs less|1 2|row of deposit '$first' was not what|update deposit set needed = 2 where id = x'$first'
at fewer places|1 2|row of deposit '$first' was not what|update deposit set places = 4 where id = x'$first'
for more parties|1 2|row of deposit '$first' was not what|update deposit set recipients = 9 where id = x'$first'
for another key|1 2|row of deposit '$first' was not what|update recipient set key = zeroblob(20) where id = x'$first'
with a label|1 2|row of deposit '$second' was not what|update deposit set label = zeroblob(32) where id = x'$second'
at another time|1 2|row of deposit '$first' was not what|update deposit set deposited = 0 where id = x'$first'
with another's folder|1 2|row of deposit '$first' is not what|update deposit set folder = (select folder from deposit where id = x'$second') where id = x'$first'
of another manifest|1 2|row of deposit '$first' is not what|update deposit set cms = zeroblob(32) where id = x'$first'
put in|1 2|the log knows nothing|insert into deposit select deposited, zeroblob(32), zeroblob(16), zeroblob(32), size, needed, places, recipients, state, label, 1, 0, run from deposit where id = x'$first'
EOF
}
rows | while IFS='|' read -r what want told change; do
	case $change in
	cp*) $change ;;
	*) /usr/bin/python3 "$top_srcdir/tests/cli/catalogue_rows.py" $db \
		change "$change" ;;
	esac
	run deed shard check --json
	printf '%s|%s|%s %s|%s\n' "$what" "$want" $code \
		"$(jq '[.deposits[] | select(.whole)] | length' "$T/out")" \
		"$(jq -r '.catalogue[].message' "$T/out" | grep -c "$told")"
	cp after.db $db
done >results
while IFS='|' read -r what want got lines; do
	is "a row $what: the exit code, how many are whole" "$got" "$want"
	is "a row $what: told" "$lines" 1
done <results
is 'the whole table' "$(wc -l <results)" 13
/usr/bin/python3 "$top_srcdir/tests/cli/catalogue_rows.py" $db change \
	"update deposit set id = zeroblob(32) where id = x'$first'"
expect 1 'a row under another id' deed shard check
err_has 'brings no other deposit' 'is of another deposit'
expect 0 'the places say which it is' deed shard reindex
expect 0 'and all is well' deed shard check
cp after.db $db
cp before.db $db
run deed shard check
out_has 'what the catalogue lacks is told in words' \
	"catalogue lacks deposit '$second' of log entry"
expect 0 'and is entered again' deed shard check
sqlite3 $db "delete from deposit where id = x'$first'"
echo '{}' >home/audit/pending
run deed shard check
isnt 'what looks like a change under way hides no row' "$code" 0
rm home/audit/pending
expect 1 'which is missing' deed shard check
rm $db
expect 0 'a catalogue that is gone is made anew' deed shard check
find home/archive/places -path "*$(sqlite3 $db \
	"select lower(hex(folder)) from deposit where id = x'$second'")*" -name 'manifest-*' \
	-exec rm {} +
rm $db
expect 1 'a deposit without any manifest' deed shard check
out_has 'is known from the log' 'no place has the manifest of its deposit'

# The heads of an older program have no certificates of earlier CAs.
rm -rf home
cp -Rp new home
jq -jcS 'del(.issuers)' new/identity/heads >older.heads
cp older.heads home/identity/heads
"$top_builddir/tests/cli/rewrite_log" home/audit home/keystore/log.key \
	home/keystore/log.checkpoint "heads=$(hash_of older.heads |
		cut -d: -f2)" >"$T/out" 2>"$T/err" ||
	fail 'the log of an older program is made' "$(cat "$T/err")"
is 'the last entry carries its heads' "$(heads_of -1)" \
	"$(hash_of older.heads)"
expect 0 'they are read' deed audit verify
sign wang
exits 0 'and signed by'
expect 0 'there is nothing' deed audit recover --json
json 'to recover' .result sound
rm home/identity/heads
expect 0 'nor without the file' deed audit verify
expect 0 'of heads' deed audit recover --json
json 'is there anything' .result sound
cp older.heads home/identity/heads
mv home/ca/issuing-1.cer kept.cer
expect 1 'a certificate that is missing is seen by its list' deed audit verify
out_has 'and named' "'issuing-1.cer' of an earlier issuing CA is missing"
quietly prove_home acme
expect 1 'and not taken over in silence' deed audit verify
rm -rf lost
cp -Rp home lost
expect 0 'but by recovery' deed audit recover --home lost \
	--json
json 'which is told' .result taken
expect 0 'and then it is gone' deed audit verify --home lost
cp kept.cer lost/ca/issuing-1.cer
expect 1 'put back it is seen' deed audit verify --home lost
out_has 'and named' "'issuing-1.cer' of an earlier issuing CA is there, of \
which the log knows nothing"
expect 0 'and taken by recovery' deed audit recover --home lost --json
json 'which is told' .result taken
expect 0 'with which all is well' deed audit verify --home lost
rm lost/ca/issuing-1.cer
expect 1 'once more it cannot go unseen' deed audit verify --home lost
cp home/ca/issuing.cer home/ca/issuing-1.cer
expect 1 'nor can another be put in its place' deed audit verify
out_has 'which its list tells' "'issuing-1.cer' of an earlier issuing CA is \
not of the key that signed its list"
mv kept.cer home/ca/issuing-1.cer
expect 0 'with it all is as it was' deed audit verify
quietly prove_home li
is 'the next change has it' "$(jq -r '.issuers["issuing-1.cer"]' \
	home/identity/heads)" "$(hash_of home/ca/issuing-1.cer)"
expect 0 'as it is' deed audit verify

# A log that was begun before entries carried heads.
rm -rf home
cp -Rp new home
rm home/identity/heads
"$top_builddir/tests/cli/rewrite_log" home/audit home/keystore/log.key \
	home/keystore/log.checkpoint heads >"$T/out" 2>"$T/err" ||
	fail 'the log of an older program is made' "$(cat "$T/err")"
is 'no entry carries heads' "$(heads_of -1)" null
sign wang
exits 0 'it is signed by'
expect 0 'and read' deed audit verify
cp old/ca/root.crl home/ca/root.crl
expect 0 'nothing is compared' deed audit verify
quietly deed sign --as li --passphrase file:li.pass -o li3.pdf contract.pdf
is 'the next entry begins it' "$(heads_of -1)" "$(hash_of home/identity/heads)"
cp new/ca/root.crl home/ca/root.crl
expect 1 'from then on it is' deed audit verify
out_has 'with what is not so' "list 'root.crl' is not the newest"
