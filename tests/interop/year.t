#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An office lives for 420 days, under a clock that goes on: a monthly list and
# renewals as cron makes them, new keys, a lost passphrase, a compromised key,
# another name, a restored backup, a renewed CA.  Each month each party signs,
# and every signature made so far is judged by what the office then publishes.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq faketime
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need_home
faketime -f +1d deed version >/dev/null 2>&1 || {
	skip 'a year' 'faketime does not run here'
	exit 0
}
pki_make
secret_file li2.pass 'another passphrase of li'
secret_file acme2.pass 'another passphrase of acme'
# shellcheck disable=SC2086,SC2016 # words
operator='--operator-passphrase file:operator.pass'

# day N COMMAND ...: N days from now
day() {
	n=$1
	shift
	faketime -f "+${n}d" "$@"
}
# on N WHAT COMMAND ...: it succeeds
on() {
	n=$1 what=$2
	shift 2
	expect 0 "day $n: $what" day "$n" "$@"
}
# prove N PARTY: its name is proven, for 120 days
prove() {
	on "$1" "$2 is proven" deed verify-id "$2" --yes --days 120 \
		--location Beijing --attest 'seen, in person' $operator
}
# seconds N: the time at that day
seconds() {
	day "$1" date +%s
}

# authority N: the time-stamp authority's lists of that day
authority() {
	(
		FAKETIME=+${1}d
		LD_PRELOAD=$(day 0 sh -c 'echo "$LD_PRELOAD"')
		export FAKETIME LD_PRELOAD
		pki_crl
	)
}

# The day on which a party's certificates were revoked, as they were then.
: >revoked
passphrase_of() {
	if grep -q "^$1 " revoked; then
		echo "file:$1$(($(grep -c "^$1 " revoked) + 1)).pass"
	else
		echo "file:$1.pass"
	fi
}

# sign N: each party signs, with a time-stamp and without
sign() {
	authority "$1"
	tsa_start --time "$(day "$1" date -u +%Y%m%d%H%M%SZ)"
	for who in wang li acme; do
		until=$(day "$1" deed party show $who --json |
			jq -r '.not_after | fromdate')
		on "$1" "$who signs" deed sign --as $who --passphrase \
			"$(passphrase_of $who)" contract.pdf \
			-o "$1-$who-b.pdf"
		on "$1" "$who signs, with a time-stamp" deed sign --as $who \
			--passphrase "$(passphrase_of $who)" contract.pdf \
			--level lt --tsa "$tsa" --trust "$pki/root.pem" \
			--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" \
			--crl "$pki/root.crl" -o "$1-$who-lt.pdf"
		echo "$1 $who $until" >>signed
	done
}

# judge N: what was signed so far, by the list of that day
judge() {
	now=$(seconds "$1")
	day "$1" deed ca bundle >bundle.pem
	set -- "$1" ./*-*-b.pdf ./*-*-lt.pdf
	n=$1
	shift
	day "$n" deed verify --json --trust bundle.pem \
		--trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
		--crl "$pki/ca.crl" --crl "$pki/root.crl" "$@" >"$T/out" \
		2>"$T/err"
	jq -r '.documents[] | .file + " " + .signatures[0].indication' \
		"$T/out" | sed 's,^\./,,' | sort >judged
	while read -r at who until; do
		said=TOTAL-PASSED
		# Revoked or over, and nothing proves that it is older.
		[ "$now" -le "$until" ] || said=INDETERMINATE
		while read -r whose when; do
			[ "$whose" = "$who" ] && [ "$at" -lt "$when" ] &&
				[ "$when" -le "$n" ] && said=INDETERMINATE
		done <revoked
		echo "$at-$who-b.pdf $said"
		echo "$at-$who-lt.pdf TOTAL-PASSED"
	done <signed | sort >expected
	is "day $n: each signature is judged as it deserves" \
		"$(diff expected judged)" ''
}

# cron N: what the timers run
cron() {
	on "$1" 'the list is made' deed ca crl --publish www $operator
	on "$1" 'what ends soon is renewed' deed enroll renew --within 40d \
		--days 120 $operator
	expect 0 "day $1: nothing is amiss" day "$1" deed status --within 3d
	on "$1" 'the log is whole' deed audit verify
}

mkdir www
: >signed
for who in wang li acme; do
	prove 0 $who
done
for n in 0 30 60 90 120 150 180 210 240 270 300 330 360 390 420; do
	case $n in
	90) on $n 'wang has a new key' deed enroll rekey wang \
		--passphrase file:wang.pass $operator ;;
	150)
		on $n "li's passphrase is lost" deed enroll rekey li --lost \
			--yes --passphrase file:li2.pass $operator
		echo "li $n" >>revoked
		prove $n li
		;;
	210)
		on $n "acme's key is in other hands" deed ca revoke acme \
			--reason key-compromise $operator
		run day $n deed verify-id acme --yes --location Beijing \
			--attest seen $operator
		exits 7 'it is never certified again'
		err_has 'the way is named' 'deed enroll rekey acme --lost'
		on $n 'it has another' deed enroll rekey acme --lost --yes \
			--reason key-compromise --passphrase file:acme2.pass \
			$operator
		echo "acme $n" >>revoked
		prove $n acme
		;;
	270)
		openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=backup \
			-days 3650 -keyout backup.key -out backup.pem \
			2>"$T/openssl.err"
		on $n 'a backup is made' deed backup --to backup.pem \
			-o office.backup
		cp "$DEED_HOME/audit/checkpoint" kept
		;;
	300)
		mv "$DEED_HOME" lost
		on $n 'the disk is lost, and a backup comes back' deed \
			restore office.backup --key backup.key --against kept
		cp -Rp lost/archive/places "$DEED_HOME/archive/"
		run day $n deed ca crl $operator
		exits 1 'it writes nothing yet'
		err_has 'the way is named' 'deed audit recover'
		on $n 'what is missing is on record' deed audit recover
		;;
	330)
		on $n 'wang has another name' deed enroll amend wang \
			--name 王大明 --passphrase file:wang.pass
		prove $n wang
		;;
	360)
		on $n 'the CA is renewed' deed ca renew $operator \
			--root-passphrase file:root.pass
		on $n "and the root's list" deed ca crl --ca root \
			--root-passphrase file:root.pass
		;;
	esac
	cron $n
	sign $n
	judge $n
done
is 'every act is told by the names of that time' \
	"$(day 420 deed party show wang --at "$(day 100 date -u \
		+%Y-%m-%dT%H:%M:%SZ)" --json | jq -r .name)" 王小明
is 'and of today' "$(day 420 deed party show wang --json | jq -r .name)" 王大明

# Whoever does not run cron is told, by whatever he does.
run day 470 deed sign --as wang --passphrase file:wang.pass contract.pdf \
	-o late.pdf
exits 7 'without a list nobody signs'
err_has 'and the way is named' 'deed ca crl'
expect 1 'the state says so' day 470 deed status
