#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed status: what ends soon or is amiss, and the command that mends it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need jq

expect 4 'without a home' deed status
need_home
enroll_person late

# In so many days from now.
days() {
	date -u -d "+$1 days" +%Y-%m-%dT%H:%M:%SZ
}
# one KIND [ABOUT]: its line of the last report in JSON.
one() {
	jq -r --arg kind "$1" --arg about "${2:-}" '.items[] |
		select(.kind == $kind and (.about // "") == $about) |
		.state + "; " + (.remedy // "-")' <"$T/out"
}

expect 0 'a new house' deed status
out_has 'is well' 'all is well; crl is the next to end, at 20'
err_empty 'with no word beside'
expect 0 'all of it' deed status --all
out_has 'a party with its end' 'good   party wang: its certificate ends at'
out_has 'one that is not proven' 'party late: it is registered only'
out_has 'the places' 'good   place 5: '
expect 0 'for a monitor' deed status --short
out_has 'one word and figures' 'OK - all is well | amiss=0 soon=0 days=3'
is 'one line' "$(wc -l <"$T/out")" 1

expect 3 'a list that ends soon' deed status --at "$(days 30)"
out_has 'with the command' '; deed ca crl'
out_has 'and the count' '0 amiss, 1 soon'
expect 0 'not so soon' deed status --at "$(days 30)" --within 72h
expect 3 'a longer span' deed status --within 6w
DEED_STATUS_WITHIN=40d
export DEED_STATUS_WITHIN
expect 3 'from the environment' deed status --short
out_has 'is a warning' 'WARNING - crl: '
unset DEED_STATUS_WITHIN
for wrong in 14 d 14m -1d 14dd 1234567d '1 d' ''; do
	expect 2 "'$wrong' is no span" deed status --within "$wrong"
done

run deed status --json --at "$(days 40)"
exits 1 'a list that has ended'
json 'the schema' .schema deed.status/1
json 'is amiss' .state amiss
is 'with the command' "$(one crl)" 'amiss; deed ca crl'
is 'no party is blamed' "$(jq '[.items[] | select(.kind == "party")] |
	length' <"$T/out")" 0
expect 1 'for a monitor' deed status --short --at "$(days 40)"
out_has 'that is critical' 'CRITICAL - crl: '
expect 1 'where nothing is left to end' deed status --short \
	--at "$(days 30000)"
out_lacks 'no days are told' 'days='
run deed status --json --at "$(days 380)"
is "the root's list" "$(one root-crl)" 'amiss; deed ca crl --ca root'

# Lists made at a later time, so that what else ends is seen.
later() {
	if command -v faketime >/dev/null; then
		faketime -f "+$1d" deed ca crl -q \
			--operator-passphrase file:operator.pass &&
			faketime -f "+$1d" deed ca crl -q --ca root \
				--root-passphrase file:root.pass
	else
		return 1
	fi
}
if later 1090; then
	run deed status --json --at "$(days 1090)"
	exits 3 "parties' certificates end soon"
	is 'a party' "$(one party wang)" 'soon; deed enroll renew wang'
	is 'the office not yet' "$(one office)" 'good; -'
	run deed status --json --at "$(days 1100)"
	exits 1 'and have ended'
	is 'a party' "$(one party acme)" 'amiss; deed enroll renew acme'
	cp -Rp home kept
	quietly faketime -f +1091d deed party suspend acme \
		--reason 'it is gone' --operator-passphrase file:operator.pass
	run deed status --json --at "$(days 1100)"
	is 'but one that is suspended' "$(one party acme)" 'good; -'
	rm -r home
	mv kept home
	if later 1825; then
		run deed status --json --at "$(days 1828)"
		is 'the office soon' "$(one office)" \
			'soon; deed enroll renew office'
		run deed status --json --at "$(days 1840)"
		is 'the office at last' "$(one office)" \
			'amiss; deed enroll rekey office'
	fi
	rm -r home
	cp -Rp "$home_store/home" home
else
	skip 'parties and the office end' 'faketime is not installed'
fi

quietly deed ca revoke li --operator-passphrase file:operator.pass
expect 0 'a certificate that was revoked was meant to' deed status --all
out_has 'and is told' 'party li: its certificate is revoked'
head -c 900 home/identity/status/wang.cms >short.cms
cp short.cms home/identity/status/wang.cms
expect 1 'a status that is damaged' deed status
out_has 'with the command' '; deed verify-id wang --attest TEXT'
cp "$home_store/home/identity/status/wang.cms" home/identity/status/

mv home/archive/places/3 elsewhere
run deed status --json
exits 1 'a place that is gone'
is 'is named' "$(one place 3)" 'amiss; deed shard check'
is 'the others are not' "$(one place 4)" 'good; -'
mv elsewhere home/archive/places/3

mv home/keystore/log.checkpoint kept
run deed status --json
is 'the second copy is gone' "$(one log)" 'amiss; deed audit recover'
head -c 20 kept >home/keystore/log.checkpoint
run deed status --json
exits 1 'or cannot be read'
mv kept home/keystore/log.checkpoint
printf '{}' >home/audit/pending
run deed status --json
exits 1 'a change that was interrupted'
is 'is told' "$(one log)" 'amiss; deed audit recover'
if [ -s /proc/locks ] || (
	flock 9
	[ -s /proc/locks ]
) 9>home/audit/lock; then
	(
		flock 9
		deed status >"$T/out" 2>"$T/err" 9>&-
	) 9>home/audit/lock
	code=$?
	exits 0 'but not while somebody is at work on it'
else
	skip 'a change under way' 'there is no list of locks'
fi
rm home/audit/pending
expect 0 'all is mended' deed status

for file in ca/issuing.crl ca/root.crl ca/root.cer ca/issuing.cer \
	keystore/manifest.pem archive/places.json; do
	mv "home/$file" kept
	expect 1 "without $file" deed status
	printf 'x' >"home/$file"
	expect 1 "with a wrong $file" deed status
	mv kept "home/$file"
done

# No lock, no passphrase, nothing written.
(
	flock 9
	deed status --no-input >"$T/out" 2>"$T/err" 9>&- </dev/null
) 9>home/audit/lock
code=$?
exits 0 'while the log is locked'
find home -newer "$T/out" -type f ! -name lock >changed
is 'nothing is written' "$(cat changed)" ''

if command -v unshare >/dev/null &&
	unshare -m true 2>/dev/null; then
	cat >small.sh <<'EOS'
mount -t tmpfs -o size="$1" tmpfs home/archive/places/5 || exit 99
mkdir home/archive/places/5/about
deed status --json
EOS
	run unshare -m sh small.sh 100m
	exits 3 'a file system with little space'
	out_has 'is told' '"df -h '
	run unshare -m sh small.sh 8m
	exits 1 'one with hardly any'
	out_has 'is told' 'MiB are free'
else
	skip 'free space' 'there is no mount name space'
fi

# Every command, on a terminal only, and once.
terminal() {
	run python3 "$top_srcdir/tests/cli/terminal.py" -- "$@"
}
if command -v python3 faketime >/dev/null; then
	terminal deed party list
	out_lacks 'a fresh list needs no word' warning
	terminal faketime -f +30d deed party list
	exits 0 'a list that ends in five days'
	out_has 'is said' "the issuing CA's revocation list ends at"
	out_has 'with the command' '; deed ca crl'
	is 'once' "$(grep -c warning: "$T/out")" 1
	terminal faketime -f +30d deed party list -q
	out_lacks 'but not with -q' warning
	terminal faketime -f +30d deed status
	out_lacks 'nor by the command that tells it' warning
	run faketime -f +30d deed party list
	err_empty 'nor without a terminal'
	terminal faketime -f +36d deed party list
	out_has 'a list that has ended' 'revocation list ended at'
else
	skip 'on a terminal' 'python3 or faketime is not installed'
fi
