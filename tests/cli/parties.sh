# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Further parties for tests that sign: read after home.sh, call after
# need_home.
#
#	make_person rsa rsa2048 	enrolled and proven, rsa.pass; the
#					second word is the kind of key
#	enroll_person late		only enrolled
#
# A failure ends the test: nothing after it would mean anything.

# shellcheck disable=SC2034
must() {
	if ! "$@" >"$T/out" 2>"$T/err"; then
		last=$*
		code=$?
		fail "preparation: $*" "$(seen)"
		exit 1
	fi
}

# Synthetic identity numbers with right check digits.
next_person=0
enroll_person() {
	next_person=$((next_person + 1))
	case $next_person in
	1) person=110105199001010010 ;;
	2) person=110105199001010037 ;;
	3) person=110105199001010053 ;;
	*) person=11010519900101007X ;;
	esac
	secret_file "$1.pass" "the passphrase of $1"
	must deed enroll person "$1" --name "Person $1" \
		--phone "+861312345678$next_person" --id "cn-ric:$person" \
		--key "${2:-p256}" --passphrase "file:$1.pass"
}

make_person() {
	enroll_person "$@"
	must prove_home "$1"
}
