#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The units of systemd that deed-batch(7) names, and its line of cron: they
# are sound, and what they start does what they say.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
page=$top_srcdir/man/deed-batch.7

# The files, with the folders of this test in the place of the real ones.
here() {
	sed "s|/srv/|$W/srv/|g; s|/var/lib/deed|$DEED_HOME|g; s|/etc/deed/|$W/|g"
}
mkdir -p units srv/inbox srv/outbox srv/www srv/kept credentials
for unit in "$top_srcdir"/man/examples/deed-*.*; do
	here <"$unit" >"units/$(basename "$unit")"
done

if systemd-analyze --version >/dev/null 2>&1; then
	for unit in units/*; do
		run systemd-analyze verify --man=no "$PWD/$unit"
		exits 0 "$unit is sound"
		# The machine's own units are not meant.
		is "$unit: nothing is said of it" \
			"$(grep -F "$(basename "$unit")" "$T/err" | grep -v \
				'Cannot add dependency job')" ''
	done
else
	skip 'the units are sound' 'systemd-analyze is not installed'
fi
for unit in units/*.timer; do
	check "$unit has its service" test -f "${unit%.timer}.service"
done

# Run what a service starts, as systemd would: with its environment and its
# credentials, without a terminal.
start() {
	sed -e ':a' -e '/\\$/N; s/\\\n/ /; ta' "units/$1" >joined
	(
		umask 077
		rm -f credentials/*
		sed -n 's/^LoadCredential[A-Za-z]*=\([^:]*\):.*/\1/p' joined |
			while read -r name; do
				cp "${name#deed.}.pass" "credentials/$name"
			done
	)
	CREDENTIALS_DIRECTORY=$W/credentials
	export CREDENTIALS_DIRECTORY
	sed -n 's/^ExecStart=//p' joined >commands
	while read -r command; do
		expect 0 "$1: ${command%% *} ..." env -i PATH="$PATH" \
			HOME="$HOME" TMPDIR="$TMPDIR" \
			"CREDENTIALS_DIRECTORY=$CREDENTIALS_DIRECTORY" \
			"$(sed -n 's/^Environment=//p' joined)" \
			sh -c "$command" </dev/null
	done <commands
	unset CREDENTIALS_DIRECTORY
}

mkdir 'srv/inbox/of today'
cp contract.pdf srv/inbox/lease.pdf
cp contract.pdf 'srv/inbox/of today/租赁 合同.PDF'
start deed-sign.service
is 'both contracts are signed' \
	"$(find srv/outbox -name '*.signed.*' | wc -l)" 2
check 'by the party' deed verify --trust house.pem --require count=1 \
	srv/outbox/*.signed.*
start deed-sign.service
is 'another night signs nothing twice' "$(find srv/outbox -type f | wc -l)" 2

before=$(deed ca bundle | cksum)
start deed-crl.service
isnt 'there is a new list' "$(deed ca bundle | cksum)" "$before"
is 'and it is handed out' "$(cksum <srv/www/bundle.pem)" \
	"$(deed ca bundle | cksum)"
start deed-renew.service
check 'others can verify with it' deed verify --trust srv/www/bundle.pem \
	srv/outbox/*.signed.*

cp "$DEED_HOME/audit/checkpoint" srv/kept/checkpoint
start deed-check.service

# What the page shows is what is installed.
sed -n '/^# \/etc\/systemd\/system\/deed-sign.service/,/^\.Ed/p' "$page" |
	sed '1d; /^\.Ed/d; s/\\e/\\/g' >shown
sed '/^#/d' "$top_srcdir/man/examples/deed-sign.service" >installed
check 'the page shows the unit as it is' cmp installed shown

# The line of cron.
rm -rf srv/outbox/*
line=$(sed -n 's/^0 2 \* \* \* //p' "$page" | here)
isnt 'the page has a line of cron' "$line" ''
expect 0 'which does the same' env -i PATH="$PATH" HOME="$HOME" \
	TMPDIR="$TMPDIR" sh -c "$line" </dev/null
err_empty 'and mails nothing'
is 'both contracts are signed' \
	"$(find srv/outbox -name '*.signed.*' | wc -l)" 2
