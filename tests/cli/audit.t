#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed audit: what the log shows to whom, what a proof proves, and what is
# found when the log, its copy or the drop box was touched.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home

op=--operator-passphrase
if ! deed sign --as wang --passphrase file:wang.pass contract.pdf \
	2>"$T/err" || ! deed shard put contract.signed.pdf --party wang \
	--party li --party acme --label 2026/117 >id 2>>"$T/err"; then
	fail 'something is signed and deposited' "$(cat "$T/err")"
fi
entries=$(deed audit log | wc -l)

expect 0 'the log is listed' deed audit log
out_has 'an enrolment' ' enroll '
out_has 'a proof of identity' ' verify-id '
for word in wang 王小明 13123456789 11010519491231002X li@example.org; do
	out_lacks "nobody's name: $word" "$word"
done
expect 0 'a part of it' deed audit log --from 1 --count 2
is 'two entries' "$(wc -l <"$T/out")" 2
expect 0 'one type' deed audit log --event enroll
is 'four enrolments' "$(wc -l <"$T/out")" 4

expect 0 'the operator opens it' deed audit log --open $op file:operator.pass
out_has 'names' 'party=wang'
expect 6 'a wrong passphrase' deed audit log --open $op file:wang.pass
expect 6 'no passphrase' deed audit log --open --no-input
expect 2 'a party opens nothing that is not asked for' deed audit log \
	--as wang --passphrase file:wang.pass
err_has 'as is said' '--as needs --open, --document or --party'
expect 0 'a party opens its own' deed audit log --open --as wang \
	--passphrase file:wang.pass
out_has 'its name' 'party=wang'
out_lacks 'and no other' 'party=li'

expect 0 'the log verifies' deed audit verify
err_has 'and how long it is' "the log of $entries entries is consistent"
expect 0 'as JSON' deed audit verify --json
out_has 'in one word' '"consistent": true'

expect 0 'the key' deed audit key
cp "$T/out" office.vkey
enrolled=$(deed audit log --event enroll | awk 'NR == 2 { print $1 }')
expect 0 'a proof' deed audit prove "$enrolled"
cp "$T/out" plain.tlog-proof
expect 0 'a proof that tells' deed audit prove "$enrolled" --open party \
	$op file:operator.pass -o telling.tlog-proof
many=$(seq 65 | sed 's/.*/--open party/')
# shellcheck disable=SC2086
expect 5 'more than a proof opens' deed audit prove "$enrolled" $many
err_has 'by the limit' 'a proof opens at most 64 commitments'
expect 7 'no proof is overwritten' deed audit prove "$enrolled" \
	-o telling.tlog-proof
expect 6 'what the party cannot open' deed audit prove "$enrolled" \
	--open party --as li --passphrase file:li.pass
expect 4 'no such entry' deed audit prove "$entries"
expect 2 'no number' deed audit prove first
expect 0 'proofs against the log' deed audit verify \
	--against plain.tlog-proof --against telling.tlog-proof
manifest=$(find home/archive/places/1 -name '*manifest*' | head -n 1)
expect 0 'a manifest against the log' deed audit verify --against "$manifest"
out_has 'it covers what was before it' "the $((entries - 1)) entries of"
expect 5 'what is no proof' deed audit verify --against contract.pdf

# Somebody without the home.
mkdir elsewhere
cp office.vkey ./*.tlog-proof elsewhere
expect 0 'proofs by the key alone' env -C elsewhere DEED_HOME=/nowhere \
	deed audit verify --key office.vkey --against plain.tlog-proof \
	--against telling.tlog-proof
out_has 'what was proven' ': enroll, '
out_has 'what was told' 'party=wang'
sed 's/^index .*/index 0/' plain.tlog-proof >wrong.tlog-proof
expect 1 'a proof for another entry' deed audit verify --key office.vkey \
	--against wrong.tlog-proof
sed "s/^index .*/index 0/" telling.tlog-proof >wrong.tlog-proof
expect 1 'against the log too' deed audit verify --against wrong.tlog-proof

# No name, number, phone or e-mail of a party, in clear or hashed: not in the
# log, the archive or its catalogue.
for value in 王小明 'Li Na' 示例科技有限公司 '+8613123456789' 13123456789 \
	li@example.org contracts@example.com 11010519491231002X \
	cn-ric:11010519491231002X 440524188001010014 \
	cn-ric:440524188001010014 91310000MADEED101N \
	cn-uscc:91310000MADEED101N wang acme 2026/117; do
	for what in "$value" "$(printf %s "$value" | sha256sum | cut -d' ' -f1)" \
		"$(printf %s "$value" | sha1sum | cut -d' ' -f1)" \
		"$(printf %s "$value" | base64)"; do
		if grep -rqaF -e "$what" home/audit home/archive; then
			fail "'$value' is not in the log or the archive" \
				"$(grep -rlaF -e "$what" home/audit home/archive)"
		fi
	done
done
pass 'no name or number in log, archive and catalogue'

# A writer waits for another; a reader does not.
exec 8<>home/audit/lock
flock 8
expect 9 'the log is locked' deed ca crl --wait=0 $op file:operator.pass
err_has 'and the lock is named' 'is locked'
expect 0 'reading needs no lock' deed audit verify
exec 8>&-

# Whoever holds every key can write another log, and verify alone does not
# tell: deed-audit(1) says so.  What somebody kept does.
cp -Rp home kept
cp home/audit/checkpoint kept.checkpoint
expect 0 'entry 3 is written anew, and everything signed' \
	"$top_builddir/tests/cli/rewrite_log" home/audit home/keystore/log.key \
	home/keystore/log.checkpoint 3
expect 0 'verify alone passes' deed audit verify
expect 0 'the entry is another' deed audit log --from 3 --count 1
out_has 'of another time' ' 1026-'
expect 1 'a proof that was kept fails' deed audit verify \
	--against plain.tlog-proof
expect 1 'a checkpoint that was kept fails' deed audit verify \
	--against kept.checkpoint
expect 1 'a manifest fails' deed audit verify --against "$manifest"
check 'the manual says so' grep -q 'every key of the office' \
	"$top_srcdir/man/deed-audit.1"
rm -rf home && cp -Rp kept home

# The drop box.
again() {
	rm -rf home && cp -Rp kept home
}
record=$(find home/identity/box -name '*.cms' | sort | head -n 1)
printf 'x' >>"$record"
expect 1 'a record that was changed' deed audit verify
rm "$record"
expect 1 'a record that was removed' deed audit verify
out_has 'is named' "$(basename "$record" .cms)"
again
printf 'x' >home/identity/box/"$(printf x | sha256sum | cut -d' ' -f1)".cms
expect 0 'a record that was put there' deed audit verify
out_has 'is told' 'no entry names the record'

# Log, copy, tiles.
again
deed shard put contract.pdf --party wang >/dev/null 2>&1 ||
	deed ca crl $op file:operator.pass >/dev/null 2>&1
is 'the log has grown' "$(deed audit log | wc -l)" "$((entries + 1))"
rm -rf home/audit && cp -Rp kept/audit home/audit
expect 1 'a log that is too short' deed audit verify
expect 1 'does not grow' deed ca crl $op file:operator.pass
err_has 'and the remedy is named' 'deed audit recover'
expect 0 'it is looked at' deed audit recover -n
expect 1 'and nothing is changed' deed audit verify
expect 0 'the gap is recorded' deed audit recover
err_has 'with both sizes' "had $entries entries"
expect 0 'the log verifies' deed audit verify
expect 0 'it grows again' deed ca crl $op file:operator.pass
expect 0 'against what was kept before' deed audit verify \
	--against plain.tlog-proof
expect 0 'nothing more to do' deed audit recover
err_has 'and it says so' 'nothing to recover'
again
tile=$(find home/audit/tile/0 -type f | sort | tail -n 1)
printf '\001' | dd of="$tile" conv=notrunc bs=1 seek=3 2>/dev/null
expect 1 'a tile that was changed' deed audit verify
again
sed -i 's/"event":"enroll"/"event":"forged"/' \
	"$(find home/audit/tile/entries -type f | sort -V | tail -n 1)"
expect 1 'an entry that was changed' deed audit verify
again
rm home/keystore/log.checkpoint
expect 1 'the second copy is gone' deed audit verify
expect 0 'it is made again' deed audit recover
expect 0 'the log verifies' deed audit verify
