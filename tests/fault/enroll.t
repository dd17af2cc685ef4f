#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# enroll and init, killed at every step: a party is registered with its keys
# or not at all, and the same command typed again comes to its end.
#
#	make check TESTS=tests/fault/enroll.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=3}"
need_home
. "$top_srcdir/tests/fault/lib.sh"
need jq

entries=$(deed audit log | wc -l)
cp -Rp home fresh
cat >zhao.yaml <<'EOF'
name: Zhao Min
phone: "+8613123456780"
id: cn-ric:110102199101010078
EOF
# Between two of these nothing but temporaries changes.
export KILL_CALLS='renameat renameat2 rename linkat unlink'
export KILL_LEAST=6

before() {
	rm -rf home
	cp -Rp fresh home
}
enroll() {
	deed enroll person zhao --from zhao.yaml --passphrase file:li.pass
}
after() {
	enroll
	code=$?
	[ $code -eq 0 ] || [ $code -eq 7 ] || return 1
	deed audit verify || return 1
	[ "$(deed audit log | wc -l)" -eq $((entries + 1)) ] || return 1
	# What is enrolled is what is in the keystore.
	prove_home zhao || return 1
	[ ! -e home/audit/pending ] || return 1
	deed sign --as zhao --passphrase file:li.pass -o s.pdf contract.pdf ||
		return 1
	rm -f s.pdf
}
kill_at_every 'enroll' before after -- deed enroll person zhao \
	--from zhao.yaml --passphrase file:li.pass

none() {
	rm -rf home .home.deed-*
}
whole_or_none() {
	if [ -e home ]; then
		deed audit verify && deed party show office
	else
		init_home && deed audit verify
	fi
}
[ "$KILL_POINTS" = all ] || KILL_POINTS=6
KILL_CALLS=renameat kill_at_every 'init' none \
	whole_or_none -- deed init --office 'Notary Office Seven' \
	--id cn-uscc:32110000MADEED0721 \
	--operator-passphrase file:operator.pass \
	--root-passphrase file:root.pass
