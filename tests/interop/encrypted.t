#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Encrypted PDFs are signed and sealed so that qpdf and pdfsig, which have
# the password, agree; without it nothing happens.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need pdfsig qpdf pdftotext pdftoppm cmp jq
need_part draw
need_home

printf 'usersecret\n' >user.pass
printf 'ownersecret\n' >owner.pass
printf 'neither\n' >wrong.pass
chmod 600 ./*.pass

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}

# others NAME FILE: what the other programs say of FILE, PASSWORD in $p.
others() {
	TZ=UTC pdfsig -upw "$p" -opw "$p" -nocert "$2" >sig.txt 2>&1
	is "$1: pdfsig calls every signature valid" \
		"$(grep -c 'Signature is Valid' sig.txt)" \
		"$(grep -c '^Signature #' sig.txt)"
	has "$1: pdfsig sees the whole document signed" sig.txt \
		'Total document signed'
	check "$1: qpdf finds no fault" qpdf --password="$p" --check "$2"
	check "$1: qpdf decrypts it" qpdf --password="$p" --decrypt "$2" d.pdf
	qpdf --json d.pdf >d.json
	has "$1: the reason was encrypted with the rest" d.json '重要'
	is "$1: the words are still there" "$(pdftotext d.pdf - | head -1)" \
		"$(pdftotext contract.pdf - | head -1)"
	grep -qa '重要\|\\u91cd\|91cd8981' "$2"
	is "$1: the reason does not stand there in the clear" "$?" 1
}

# one NAME WORDS...: encrypt as qpdf is told, then sign with each password.
one() {
	kind=$1
	shift
	rm -f e.pdf user.pdf owner.pdf both.pdf
	qpdf --allow-weak-crypto "$@" -- contract.pdf e.pdf
	for who in user owner; do
		run sign --document-passphrase "file:$who.pass" \
			--reason 重要 --visible -o "$who.pdf" e.pdf
		exits 0 "$kind: signed with the $who password"
		check "$kind: the input is a prefix" \
			cmp -n "$(wc -c <e.pdf)" e.pdf "$who.pdf"
		expect 0 "$kind: verified with the user password" deed verify \
			--trust house.pem --json \
			--document-passphrase file:user.pass "$who.pdf"
		p=$(cat "$who.pass")
		others "$kind, $who" "$who.pdf"
	done
	expect 0 "$kind: sealed on top" deed seal --as acme --reason 重要 \
		--passphrase file:acme.pass --position 140,230 \
		--document-passphrase file:owner.pass -o both.pdf user.pdf
	p=usersecret
	others "$kind, twice" both.pdf
	expect 0 "$kind: both hold" deed verify --trust house.pem --json \
		--document-passphrase file:owner.pass both.pdf
	json "$kind: the second is a further signature" \
		'.documents[0].signatures[0].changes_after' form-fill
	expect 6 "$kind: not signed without a password" \
		sign -o none.pdf e.pdf
	err_has "$kind: and the hint" --document-passphrase
	expect 6 "$kind: nor with a wrong one" sign -o none.pdf \
		--document-passphrase file:wrong.pass e.pdf
	expect 6 "$kind: not verified without" deed verify \
		--trust house.pem both.pdf
	check "$kind: nothing is left" test ! -e none.pdf
}

one 'RC4 of 40 bits' --encrypt usersecret ownersecret 40
one 'RC4 of 128 bits' --encrypt usersecret ownersecret 128 --use-aes=n
one 'RC4 by crypt filters' --encrypt usersecret ownersecret 128 --force-V4
one 'AES of 128 bits' --encrypt usersecret ownersecret 128 --use-aes=y
one 'AES of 128 bits, metadata in the clear' --encrypt usersecret ownersecret \
	128 --use-aes=y --cleartext-metadata
one 'AES of 256 bits' --encrypt usersecret ownersecret 256
one 'AES of 256 bits, metadata in the clear' --encrypt usersecret ownersecret \
	256 --cleartext-metadata
one 'AES of 256 bits, revision 5' --encrypt usersecret ownersecret 256 \
	--force-R5
one 'AES with object streams' --object-streams=generate --encrypt usersecret \
	ownersecret 256
one 'RC4 with object streams' --object-streams=generate --encrypt usersecret \
	ownersecret 128 --use-aes=n
one 'AES, linearised' --linearize --encrypt usersecret ownersecret 256

# An empty user password is tried without asking.
qpdf --encrypt '' ownersecret 256 -- contract.pdf e.pdf
expect 0 'an empty user password needs no option' sign -o empty.pdf e.pdf
expect 0 'nor does judging' deed verify --trust house.pem empty.pdf
check 'an empty one: pdfsig agrees' sh -c \
	'TZ=UTC pdfsig -nocert empty.pdf | grep -q "Signature is Valid"'
expect 0 'done again: left alone' sign -o empty.pdf e.pdf
err_has 'and it says so' already
expect 0 'one revision is written out' deed verify --revision 1 -o one.pdf \
	empty.pdf
check 'and is the input' cmp one.pdf e.pdf

# Who opens it with the user's password may do what /P allows.
qpdf --encrypt '' ownersecret 256 --modify=none --annotate=n --form=n -- \
	contract.pdf e.pdf
expect 7 'an owner who allows no signing is obeyed' sign -o no.pdf e.pdf
err_has 'and named' "owner's password"
check 'nothing is left' test ! -e no.pdf
expect 0 'the owner may' sign --document-passphrase file:owner.pass \
	-o yes.pdf e.pdf

# A password that is not ASCII: Latin-1 in the old handlers, UTF-8 in the new.
printf 'Grüße\n' >latin.pass
chmod 600 latin.pass
for bits in 128 256; do
	extra=
	[ $bits = 256 ] || extra=--use-aes=y
	# shellcheck disable=SC2086 # a word or none
	qpdf --encrypt 'Grüße' x $bits $extra -- contract.pdf e.pdf
	expect 0 "an umlaut opens $bits bits" sign --reason 重要 \
		--document-passphrase file:latin.pass -o "l$bits.pdf" e.pdf
done

# A changed byte is found in encrypted documents too.
cp empty.pdf bent.pdf
printf 'X' | dd of=bent.pdf bs=1 seek=1200 conv=notrunc 2>/dev/null
run deed verify --trust house.pem bent.pdf
isnt 'a changed byte does not pass' "$code" 0

# The seal can be looked at first.
qpdf --encrypt '' ownersecret 128 --use-aes=y -- contract.pdf e.pdf
expect 0 'a preview of an encrypted document' deed seal --as acme \
	--passphrase file:acme.pass --position 100,100 --preview p.pdf e.pdf
check 'which is drawn' pdftoppm -r 30 -png p.pdf p
