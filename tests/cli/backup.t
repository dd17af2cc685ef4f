#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed backup and deed restore: what is in it, who opens it, what a backup
# lacks, and backups that are damaged, put together, or somebody's attack.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3 tar
need_home
bad=$top_srcdir/tests/cli/backup_bad.py
operator='--operator-passphrase file:operator.pass'

certificate() {
	name=$1
	shift
	openssl req -x509 -noenc -subj "/CN=$name" -days 3650 "$@" \
		-keyout "$name.key" -out "$name.pem" 2>/dev/null || exit 99
}
p256='-newkey ec -pkeyopt ec_paramgen_curve:P-256'
# shellcheck disable=SC2086
certificate backup $p256
# shellcheck disable=SC2086
certificate evil $p256
certificate vault -newkey rsa:2048
certificate short -newkey rsa:1024
certificate ed -newkey ed25519
# shellcheck disable=SC2086
certificate signs $p256 -addext keyUsage=digitalSignature
mkdir -p "$T/user/.config/deed"
printf 'seal:\n  font: Noto\n' >"$T/user/.config/deed/config.yaml"

# Two homes are one where all files are the same; what is no part of a backup
# is left aside.
same_home() {
	rm -rf "$T/a" "$T/b"
	cp -a "$1" "$T/a" && cp -a "$2" "$T/b" || return 1
	for side in a b; do
		(cd "$T/$side" && rm -rf archive/places archive/begun config \
			ca/crl-floor audit/lock keystore/.lock \
			identity/party/.lock trust/.x.deed-00000000) ||
			return 1
		find "$T/$side" -type d -empty -delete
	done
	diff -r "$T/a" "$T/b"
}
nothing_left() {
	[ ! -e "${1:-back}" ] && [ ! -e ".${1:-back}.deed-restore" ] &&
		[ ! -e evil ] && [ ! -e "$T/evil" ]
}

# ---- backup ----
expect 2 'nobody is named' deed backup -o x.bak
err_has 'the way is told' '--to CERT.pem'
expect 2 'no file is named' deed backup --to backup.pem
expect 7 'not into the home' deed backup --to backup.pem -o home/x.bak
expect 5 'a short key' deed backup --to short.pem -o x.bak
expect 5 'a key that only signs' deed backup --to ed.pem -o x.bak
expect 5 'a certificate that only signs' deed backup --to signs.pem -o x.bak
expect 7 'a key of the home' deed backup -o x.bak \
	--to home/keystore/office/deposit-1.pem
err_has 'whose it is' "'office'"
ln -s /etc/passwd home/trust/link
expect 5 'a link in the home' deed backup --to backup.pem -o x.bak
err_has 'is named' 'trust/link'
rm home/trust/link
expect 0 'a dry run' deed backup -n --to backup.pem -o x.bak
absent 'makes nothing' x.bak
is 'and leaves nothing' "$(find . -name '.x.bak*')" ''
expect 0 'a backup' deed backup --json --to backup.pem -o a.bak
json 'the log' .checkpoint.size 7
is 'the home is as it was' "$(deed audit verify -q; echo $?)" 0
is 'only its owner reads it' "$(stat -c %a a.bak)" 600
expect 10 'into no folder' deed backup --to backup.pem -o none/a.bak
expect 7 'it is not overwritten' deed backup --to backup.pem -o a.bak
expect 0 'but with --force' deed backup --force --to backup.pem -o a.bak
check 'nothing of the home is in clear' \
	sh -c '! grep -q -a -e deed.home -e manifest.key -e wang a.bak'
expect 0 'to an RSA key' deed backup --to vault.pem -o rsa.bak
: >home/trust/.x.deed-00000000
printf '{}' >home/archive/places/1/x

# ---- restore ----
cp home/audit/checkpoint same
expect 2 'nothing to compare with' deed restore --home back a.bak \
	--key backup.key
err_has 'the ways are told' '--no-checkpoint'
expect 2 'both' deed restore --home back a.bak --key backup.key \
	--against same --no-checkpoint
expect 6 'another key' deed restore --home back a.bak --key evil.key \
	--against same
expect 6 'of another kind' deed restore --home back a.bak --key vault.key \
	--against same
expect 7 'not over a home' deed restore a.bak --key backup.key --against same
check 'nothing is left' nothing_left
expect 0 'a dry run' deed restore -n --home back a.bak --key backup.key \
	--against same
check 'writes nothing' nothing_left
expect 2 'moved, and nothing to show for it' deed restore --home back a.bak \
	--key backup.key --no-checkpoint --moved
expect 0 'restored' deed restore --json --home back a.bak --key backup.key \
	--moved --against same
json 'nothing is missing' .recover false
check 'it is the home' same_home home back
is 'places are not in it' "$(ls back/archive | tr '\n' ' ')" \
	'catalogue.db places.json '
absent 'nor temporaries' back/trust/.x.deed-00000000
is 'with its permissions' "$(stat -c %a back back/keystore/log.key \
	back/audit/checkpoint | tr '\n' ' ')" '700 600 644 '
check 'the configuration is' cmp back/config/user.yaml \
	"$T/user/.config/deed/config.yaml"
expect 0 'its log is sound' deed audit verify --home back
expect 0 'it signs' deed sign --home back --as wang -o s.pdf \
	--passphrase file:wang.pass contract.pdf
expect 8 'its places are away' deed shard put --home back --party wang \
	contract.pdf
cp -Rp home/archive/places back/archive/
expect 0 'with them it deposits' deed shard put --home back --party wang \
	contract.pdf
rm -rf back
expect 0 'by the RSA key' deed restore --home back rsa.bak --key vault.key \
	--moved --against same
check 'it is the home' same_home home back
rm -rf back
openssl pkcs12 -export -inkey backup.key -in backup.pem -out backup.p12 \
	-passout 'pass:the key of backups' && chmod 600 backup.p12
secret_file key.pass 'the key of backups'
mkdir back
expect 0 'by PKCS#12, into an empty folder' deed restore --home back/ a.bak \
	--key backup.p12 --passphrase file:key.pass --moved --against same
check 'it is the home' same_home home back
rm -rf back

# ---- an older home ----
expect 0 'an event after it' deed sign --as wang -o later.pdf \
	--passphrase file:wang.pass contract.pdf
deed audit prove 7 >later.proof
cp home/audit/checkpoint later
expect 0 'a revocation after it' deed ca revoke li $operator
deed ca bundle >bundle.pem
number=$(openssl crl -in home/ca/issuing.crl -inform DER -noout -crlnumber |
	sed 's/.*=0*x*0*//')
expect 0 'an older home' deed restore --home back a.bak --key backup.key \
	--against later.proof --against same --crl bundle.pem
out_has 'what it lacks' 'lacks entries 7 to 7'
out_has 'which event' 'entry 7, sign'
is 'what was revoked' "$(grep -c 'revoked since' "$T/out")" 2
out_has 'what may be' 'may have been revoked after'
err_has 'it waits' 'deed audit recover'
cp -a back untouched
for command in "ca crl $operator" \
	'sign --as wang --passphrase file:wang.pass -o n.pdf contract.pdf' \
	'enroll person zhao --from li.yaml --passphrase file:li.pass' \
	"ca revoke wang $operator"; do
	# shellcheck disable=SC2086
	expect 1 "it writes nothing: $command" deed $command --home back
	err_has 'and names the way' 'deed audit recover'
done
check 'the log is as it was' diff -r -x lock back/audit untouched/audit
absent 'no output is there' n.pdf
expect 0 'the gap is recorded' deed audit recover --home back --json
json 'as a gap' .result gap
json 'from' .found 7
json 'to' .expected 8
expect 0 'then it writes' deed ca crl --home back --json $operator
next=$(jq .number "$T/out")
check 'the number is far ahead' test "$next" -gt "$((0x$number + 1000000))"
expect 0 'and the root' deed ca crl --home back --json --ca root \
	--root-passphrase file:root.pass
check 'is, too' test "$(jq .number "$T/out")" -gt 1000000
rm -rf back
expect 1 'a home that waits is not copied' deed backup --home untouched \
	--to backup.pem -o y.bak
err_has 'and names the way' 'deed audit recover'
absent 'no backup is made' y.bak
rm -rf untouched
expect 0 'without a checkpoint' deed restore --home back a.bak \
	--key backup.key --no-checkpoint
expect 1 'it waits as well' deed ca crl --home back $operator
expect 0 'until it is recorded' deed audit recover --home back
expect 0 'then it writes' deed ca crl --home back $operator
cp back/audit/checkpoint forked
rm -rf back
expect 0 'a new backup' deed backup --to backup.pem -o b.bak
expect 1 'of another branch' deed restore --home back b.bak \
	--key backup.key --against forked
check 'nothing is restored' nothing_left
expect 7 'not moved' deed restore --home back b.bak --key backup.key \
	--against same --moved
expect 7 'nor by a dry run' deed restore -n --home back b.bak \
	--key backup.key --against same --moved
check 'nothing is restored' nothing_left
cp home/audit/checkpoint last
expect 0 'the last that was kept' deed restore --home back b.bak \
	--key backup.key --against last
err_has 'need not be the last there was' 'deed audit recover'
expect 1 'so it waits' deed ca crl --home back $operator
rm -rf back
expect 0 'a checkpoint that is older' deed restore --home back b.bak \
	--key backup.key --against same
err_has 'says nothing of what followed' 'deed audit recover'
rm -rf back
printf 'no checkpoint\n' >none
expect 5 'what is no checkpoint' deed restore --home back b.bak \
	--key backup.key --against none
check 'nothing is restored' nothing_left

# ---- init ----
expect 0 'named at init' deed init --home new --office 'Office Nine' \
	--id cn-uscc:32110000MADEED0721 --backup-to vault.pem $operator \
	--root-passphrase file:root.pass
expect 0 'it is the default' deed backup --home new -o new.bak
expect 0 'and its key opens it' deed restore --home back new.bak \
	--key vault.key --moved --against new/audit/checkpoint
check 'all of it' same_home new back
rm -rf back
expect 5 'not a key that only signs' deed init --home newer --office 'Nine' \
	--id cn-uscc:32110000MADEED0721 --backup-to ed.pem $operator \
	--root-passphrase file:root.pass
absent 'no home is made' newer

# ---- others work on ----
worker() {
	n=0
	while [ ! -e stop ]; do
		n=$((n + 1))
		deed sign --as wang --passphrase file:wang.pass -q \
			-o "w$n.pdf" contract.pdf || echo "sign $n" >>worker.err
		deed shard put --party wang -q annex.csv ||
			echo "put $n" >>worker.err
		deed party rename acme "Acme $n" -q $operator 2>/dev/null
	done
}
worker &
worker=$!
for n in 1 2 3 4 5 6; do
	deed backup -q --to backup.pem -o "busy$n.bak" || echo "$n" >>busy.err
done
touch stop
wait "$worker"
check 'six backups while others write' test ! -s busy.err
check 'nobody was kept from writing' test ! -s worker.err
for n in 1 2 3 4 5 6; do
	tar -xOf "busy$n.bak" index.cms | openssl cms -verify -binary \
		-inform DER -noverify 2>/dev/null | jq -j .checkpoint >kept
	expect 0 "backup $n" deed restore -q --home back "busy$n.bak" \
		--key backup.key --moved --against kept
	expect 0 'is consistent' deed audit verify --home back
	err_has 'without a word on the second copy' 'is consistent'
	is 'the catalogue is whole' "$(python3 -c 'import sqlite3
print(sqlite3.connect("back/archive/catalogue.db")
.execute("PRAGMA integrity_check").fetchone()[0])')" ok
	is 'and has what the log has' "$(deed audit log --home back |
		grep -c deposit)" "$(deed shard list --home back | wc -l)"
	rm -rf back
done

# ---- a home of twenty thousand entries ----
cp -a home large
"$top_builddir/tests/cli/grow_log" large 20000 || exit 99
cp large/audit/checkpoint kept
expect 0 'a large home' deed backup -q --home large --to backup.pem -o l.bak
expect 0 'is whole' deed restore --home back l.bak --key backup.key --json \
	--moved --against kept
check 'with all its files' test "$(jq .files "$T/out")" -gt 20000
check 'each as it was' same_home large back
rm -rf back large

# ---- hostile and damaged ----
head -c 67200000 /dev/urandom >home/trust/large
deed backup -q --to backup.pem -o good.bak || exit 99
deed backup -q --to backup.pem -o other.bak || exit 99
rm home/trust/large
expect 0 'two pieces' deed restore -n --home back good.bak --key backup.key \
	--no-checkpoint --json
json 'two' .pieces 2
refused() {
	python3 "$bad" "$2" bad.bak || exit 99
	expect "$1" "$2" deed restore --home back bad.bak --key backup.key \
		--no-checkpoint
	[ -z "$3" ] || err_has 'is told' "$3"
	check 'and nothing is written' nothing_left
}
refused 1 swapped-names 'its index names'
refused 1 swapped 'in the wrong place'
refused 5 order "expected '0001.cms'"
refused 1 of-another 'of another backup'
refused 1 other-index 'of another backup'
refused 1 missing-piece 'has 1 pieces, its index names 2'
refused 1 one-more-piece 'has 3 pieces, its index names 2'
refused 5 missing-index 'no index'
refused 5 two-indexes 'two indexes'
refused 5 stranger 'no backup'
refused 5 outer-link 'no backup'
refused 1 flipped '0002.cms'
refused 1 flipped-index 'the index'
refused 7 resigned 'not the word of the office'
for part in 0.0 0.3 0.8 0.98; do
	refused 1 "cut-$part" 'is cut off'
done
for how in parent parent-inside absolute dot symlink symlink-through hardlink \
	device fifo folder newline no-tar huge-binary; do
	refused 5 "$how" "what 'bad.bak' holds"
done
refused 1 huge 'more than there are'
refused 1 cut-inside ''
refused 5 behind-the-end 'follows the end'
refused 5 no-envelope ''
refused 5 file-as-folder 'both a file and a folder'
refused 5 folder-as-file 'both a file and a folder'
refused 5 gone-outside 'backup.gone'
check 'the key is there' test -e evil.key
refused 5 gone-not-last 'deed.home/9'
refused 5 no-home 'no home'
refused 5 empty 'no home'
refused 10 half-home ''
refused 5 other-schema 'deed.home/9'
expect 5 'a PDF' deed restore --home back contract.pdf --key backup.key \
	--no-checkpoint
err_has 'is no backup' 'no backup'
expect 5 'a pipe' deed restore --home back /dev/zero --key backup.key \
	--no-checkpoint
expect 10 'no file' deed restore --home back none.bak --key backup.key \
	--no-checkpoint
check 'nothing is written' nothing_left

# What a run that was killed left is nobody else's, and swept.
mkdir -m 700 .back.deed-restore && echo x >.back.deed-restore/stale
expect 0 'over what was left' deed restore --home back a.bak \
	--key backup.key --against same
absent 'which is not in it' back/stale
absent 'and gone' .back.deed-restore
rm -rf back
ln -s /tmp .back.deed-restore
expect 10 'not through a link' deed restore --home back a.bak \
	--key backup.key --against same
rm .back.deed-restore
