#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed init makes a whole home or nothing.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq

write_forms
init() {
	run deed init --office 'Notary Office Seven' \
		--id cn-uscc:32110000MADEED0721 \
		--operator-passphrase file:operator.pass \
		--root-passphrase file:root.pass "$@"
}

# Nothing is made of a form that is not in order.
init --id cn-uscc:32110000MADEED0722
exits 2 'a wrong check character is refused'
init --id cn-ric:11010519491231002X
exits 2 "a person's number is no office's"
init --office "$(printf 'a\nb')"
exits 2 'a name with a line feed is refused'
init --operator-passphrase file:missing.pass
exits 10 'a passphrase file that is not there'
absent 'nothing was made' home
init -n
exits 0 'a dry run'
absent 'a dry run makes nothing' home

init --json --home home/
exits 0 'init, with a slash behind the name'
json 'the schema' .schema deed.init/1
json 'the office' .office 'Notary Office Seven'
is 'the mode' "$(stat -c %a home)" 700
is 'nobody else may read anything' \
	"$(find home -perm /077 ! -type l -path 'home/keystore/*.key' | wc -l)" 0
is 'no temporary is left' "$(find . -name '.*deed-*' | wc -l)" 0
for n in 1 2 3 4 5; do
	check "place $n" test -d home/archive/places/$n
done
init
exits 7 'a home is not overwritten'

expect 0 'the list' deed party list
out_has 'the office is a verified notary' 'notary'
expect 0 'the office is shown' deed party show office --json
json 'its state' .state verified
json 'it may seal' .may_seal true
expect 0 'the log verifies' deed audit verify

# An empty directory is taken; one that is not empty is not.
mkdir empty full
touch full/file
init --home empty
exits 0 'an empty directory becomes a home'
init --home full
exits 7 'a directory with a file does not'
is 'the file is still alone' "$(ls full)" file

# The root's key outside.
init --home outside --root-out root.key
exits 0 'the root outside'
check 'the key is there' test -s root.key
is 'its mode' "$(stat -c %a root.key)" 600
is 'it is not in the home' "$(find outside -name 'root-*.key' | wc -l)" 0
DEED_HOME=$W/outside
expect 6 'the root cannot be used without it' deed ca crl --ca root \
	--root-passphrase file:root.pass
expect 0 'with it, it can' deed ca crl --ca root --root-key root.key \
	--root-passphrase file:root.pass
init --home other --root-out root.key
exits 7 'a key file is not overwritten'
absent 'nor is a home made' other

# A home that others may enter is refused.
chmod 755 outside
expect 7 'a home that is open to others' deed party list
err_has 'the remedy' 'chmod 700'
expect 4 'no home' deed party list --home "$W/nowhere"
cp "$data/contract.pdf" . || exit 1
for what in 'status' 'verify --trust home contract.pdf' \
	'verify --trust-list home contract.pdf'; do
	# shellcheck disable=SC2086	# several words
	expect 2 "nothing says where the home is: $what" \
		env -u HOME -u XDG_DATA_HOME -u DEED_HOME deed $what
	err_has 'and how it is said' '--home DIR'
done
