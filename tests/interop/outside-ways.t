#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A certificate of another CA is judged alike by whatever way it comes: the
# table of outside_certs.py by EST and by CMP, with the same words as by file.
# What is wrong leaves the home as it was.
#
#	make check TESTS=tests/interop/outside-ways.t WAYS=all
#
# has what is wrong come by both; else they take turns.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
. "$top_srcdir/tests/servers/cmp.sh"
need_servers
need_cmp
need jq

certs=$top_srcdir/tests/interop/outside_certs.py
secret=0123456789abcdef0123456789abcdef
tab=$(printf '\t')
need_home
secret_file ca.pass "$secret"
secret_file jaan.pass 'the passphrase of jaan'
pki_make
tls_start
quietly python3 "$certs" new cas
quietly deed enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718 --passphrase file:jaan.pass --csr-out jaan.csr
openssl req -in jaan.csr -noout -pubkey >jaan.pub

# One whose key was made elsewhere, for what only its holder can make.
cp jaan.pass self.pass
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out self.key \
	2>/dev/null
openssl pkey -in self.key -pubout -out self.pub
quietly python3 "$certs" issue cas card-of-another self.pub first.pem
openssl pkcs12 -export -inkey self.key -in first.pem -passout pass:x \
	-out self.p12
secret_file self.p12.pass x
quietly deed enroll person self --name 'Jaan Sample' --email s@example.org \
	--id ee-pno:37605030299 --passphrase file:self.pass --pkcs12 self.p12 \
	--import-passphrase file:self.p12.pass --anchors cas/anchors.pem

# An account has anchors, always: a CA that none of them names is here one of
# whom they say nothing.
anchors_of() {
	anchors=cas/anchors.pem
	[ "$1" != unlisted ] || anchors=cas/stranger.pem
}

# configure WAY CASE URL
configure() {
	anchors_of "$2"
	cat >"$HOME/.config/deed/config.yaml" <<-END
		cas:
		  $1-$2: {protocol: $1, url: "$3", tls-ca: "$pki/root.pem",
		    anchors: $anchors$account}
	END
}
mkdir -p "$HOME/.config/deed"

make_answer() {
	if [ "$1" = self-signed ]; then
		quietly python3 "$certs" self cas self.key "$pki/case-$1.pem"
	else
		quietly python3 "$certs" issue cas "$1" jaan.pub \
			"$pki/case-$1.pem"
	fi
}

party_of() {
	party=jaan id=ee-pno:38001085718
	[ "$1" != self-signed ] || party=self id=ee-pno:37605030299
}
by_file() {
	party_of "$1"
	anchors_of "$1"
	run deed enroll person "$party" --certificate "$pki/case-$1.pem" \
		--name 'Jaan Sample' --id $id --anchors $anchors -n
}
ask() {
	party_of "$2"
	run deed enroll request "$party" --ca "$1-$2" \
		--passphrase "file:$party.pass" --ca-passphrase file:ca.pass
}
by_est() {
	account=
	configure est "$1" "$tls/est/case-$1"
	ask est "$1"
}

# The server answers with one certificate; the CA's comes beside it.
by_cmp() {
	answer=$1
	openssl x509 -in "$pki/case-$answer.pem" -out leaf.pem
	awk '/BEGIN CERT/ { n++ } n > 1' "$pki/case-$answer.pem" >beside.pem
	set -- -srv_ref ca -srv_secret "pass:$secret" -rsp_cert leaf.pem
	[ ! -s beside.pem ] || set -- "$@" -rsp_extracerts beside.pem
	cmp_serve "$@" -verbosity 8
	account=', user: deed'
	configure cmp "$answer" "$cmp"
	ask cmp "$answer"
	cmp_stop
}

# Every file but locks: certificates, what is pending, the log.
state() {
	find home -type f ! -name '*.lock' -exec sha256sum {} + | sort
}

# But for what to do about it: an account has no option.
said() {
	sed -n 's/^deed enroll [a-z]*: error: //p' "$T/err"
}

# judged WAY CASE EXIT WORDS
judged() {
	"by_$1" "$2"
	exits "$3" "by $1: $2"
	if [ "$3" != 0 ]; then
		is "by $1: $2: in the words of by file" "$(said)" "$by_file"
	elif [ -n "$4" ]; then
		out_has "by $1: $2: in its words" "$4"
	fi
	if [ "$3" = 0 ]; then
		openssl x509 -in "$pki/case-$2.pem" >wanted.pem
		deed key show jaan --pem | openssl x509 >kept.pem
		check "by $1: $2: is kept" cmp wanted.pem kept.pem
		absent "by $1: $2: is pending no more" \
			"home/ca/pending/$1-$2/jaan.json"
		return
	fi
	state >after
	check "by $1: $2: the home is as it was" cmp before after
	[ "$1" != cmp ] || check "by $1: $2: the CA is told" \
		grep -q 'certificate rejected by client' cmp.log
}

python3 "$certs" cases >cases.tsv
# What is wrong comes to who has no certificate yet, and what is right after
# it, one after the other.
grep -v "$tab"'0'"$tab" cases.tsv >sorted.tsv
grep "$tab"'0'"$tab" cases.tsv >>sorted.tsv
state >before
turn=est other=cmp
while IFS=$tab read -r entry exit words; do
	[ "$entry" != unlisted ] || words="no certificate of 'CN=root'"
	if [ "$exit" != 0 ]; then
		make_answer "$entry"
		by_file "$entry"
		exits "$exit" "by file: $entry"
		err_has "by file: $entry: in its words" "$words"
		by_file=$(said)
		printf '%s\n' "$by_file" >>messages
	fi
	ways='est cmp'
	if [ "$exit" != 0 ] && [ "${WAYS:-}" != all ]; then
		ways=$turn turn=$other other=$ways
	fi
	for way in $ways; do
		# What is right is kept, and nothing is kept twice.
		[ "$exit" != 0 ] || make_answer "$entry"
		judged "$way" "$entry" "$exit" "$words"
	done
done <sorted.tsv
by_est unlisted
err_has 'what to do about it is said' 'cas.est-unlisted.anchors'
# Three are of the same other number, in three places.
is 'each has its own message' "$(sort -u messages | wc -l)" \
	$(($(wc -l <messages) - 2))
is 'as many as by file' "$(wc -l <sorted.tsv)" "$(wc -l <cases.tsv)"

# That no list names its CA is no reason to refuse what an anchor vouches for;
# somebody answers for it before the party signs.
expect 7 'a CA that no list names' prove_home jaan
err_has 'it is named' "--accept-ca $(sha256_of cas/root.pem)"
