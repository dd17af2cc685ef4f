#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trust lists: made of YAML, signed by the office, held with a pinned signer;
# a rollback, an end and another signer are three errors.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home
umask 077
make_list() {
	python3 "$top_srcdir/tests/interop/licensed_list.py" "$@"
}
import() {
	run deed trust import --kind yaml --at 2026-11-20 \
		--operator-passphrase file:operator.pass "$@"
}
make_list cas 4
import cas/list.yaml -n -o a.p7s
exits 0 'what would be imported'
absent 'is not written' a.p7s
import cas/list.yaml -o a.p7s
exits 0 'a list is imported'
err_has 'and told' 'cn-esl, number 1, CN: 4 operators, 4 services'
import cas/list.yaml -o a.p7s
exits 7 'never over what is there'
import cas/list.yaml -o b.p7s --json
json 'as JSON' .list.operators 4
payload() {
	openssl cms -cmsout -in "$1" -inform DER -outform PEM -out "$1.pem" &&
		openssl cms -verify -noverify -in "$1" -inform DER \
			-out "$2" 2>/dev/null
}
payload a.p7s a.json
payload b.p7s b.json
check 'openssl reads it, and the same list gives the same payload' \
	cmp a.json b.json
is 'the certificates are named by SHA-256' \
	"$(jq -r '.operators[0].services[0].certificates[0]' a.json)" \
	"sha256:$(openssl x509 -in cas/ca-01.pem -outform DER | sha256sum |
		cut -d' ' -f1)"
is 'and lie beside the payload' \
	"$(openssl pkcs7 -in a.p7s -inform DER -print_certs | grep -c BEGIN)" 6
import cas/list.yaml --signer house.pem -o c.p7s
exits 2 'a list in YAML has no signers'
import cas/list.yaml cas/list.yaml -o c.p7s
exits 2 'and is one file'
run deed trust import --kind yaml --at 2099-01-02 cas/list.yaml -o c.p7s \
	--operator-passphrase file:operator.pass
exits 7 'one that has ended'
err_has 'is told' 'it ended at 2099-01-01T00:00:00Z'

# What no list may say.
refuses() {
	what=$1 text=$2
	shift 2
	sed "$@" cas/list.yaml >bad.yaml
	import bad.yaml -o c.p7s
	exits 5 "$what"
	err_has "$what: told" "$text"
	absent "$what: nothing is written" c.p7s
}
refuses 'one that claims qualified' \
	'a list written by hand cannot make a service qualified' \
	's/status: licensed/status: qualified/'
refuses 'a status of no kind' 'expected licensed, suspended or ended' \
	's/status: licensed/status: fine/'
refuses 'a member that is not known' "'colour' is not known here" \
	'1s/^/colour: red\n/'
refuses 'no sequence' "'sequence' is missing" '/^sequence/d'
refuses 'no time' 'expected a time' 's/^issued:.*/issued: soon/'
refuses 'no certificate' 'expected certificates in PEM' \
	's/certificates: |/certificates: none/;/^          [^ ]\{4\}/d'
refuses 'a use that there is not' 'expected signature, seal' \
	's/may: .*/may: [all]/'
refuses 'one that ends before it begins' 'ends before it was issued' \
	's/^next-update.*/next-update: 2020-01-01/'
refuses 'an alias' 'line' 's/territory: CN/territory: *x/'
import cas/list.yaml -o none/c.p7s
isnt 'a folder that is not there' "$code" 0

# Held, by its signer.
notary_of a.p7s notary.pem
run deed key show --pem wang
cp "$T/out" wang.pem
hold() {
	run deed trust add --at 2026-11-20 "$@"
}
hold a.p7s --list-signer wang.pem --as cn
exits 7 'another signer than the one named'
err_has 'is told' 'who is none of the signers named or pinned'
hold a.p7s --list-signer cas/ca-01.pem --as cn
exits 7 'a certificate that only lies in it'
hold a.p7s --list-signer notary.pem --as ../cn
exits 2 'a name that is a path'
hold a.p7s --list-signer notary.pem --as cn -n
exits 0 'what would be held'
run deed trust list --json
json 'is not' '.lists | length' 0
hold a.p7s --list-signer notary.pem --as cn
exits 0 'a list is held'
run deed trust list
exits 0 'and listed'
out_has 'with what it is' 'cn: cn-esl, number 1, CN'
run deed trust list --json
json 'and its signer' '.lists[0].signer' \
	"sha256:$(openssl x509 -in notary.pem -outform DER | sha256sum |
		cut -d' ' -f1)"
hold a.p7s --list-signer wang.pem --as cn
exits 7 'its name is not for another signer'
err_has 'which is told' 'another signer is pinned'
run deed trust update cn --at 2026-11-20
exits 0 'an update of the same'
err_has 'is told' 'held already'

# Each step is in the log; the entry names nobody.
log() {
	deed audit log --json --open --operator-passphrase file:operator.pass \
		--event "trust-$1" >log.json && jq -r ".entries | $2" log.json
}
is 'what would be held is not in the log, and what is held is once' \
	"$(log add length)" 1
is 'with its hashes' "$(log add '.[0].hashes | [.statement, .list, .signer] |
	join(" ")')" "sha256:$(sha256sum <a.p7s | cut -d' ' -f1) \
sha256:$(sha256sum <a.json | cut -d' ' -f1) \
sha256:$(openssl x509 -in notary.pem -outform DER | sha256sum | cut -d' ' -f1)"
is 'its name and origin are for the operator' \
	"$(log add '.[0].openings | map(.label + "=" + .value) | sort |
		join(" ")')" "from=$PWD/a.p7s name=cn"
check 'the entry does not tell them' \
	sh -c "! grep -rqaF a.p7s '$DEED_HOME/audit'"
is 'an update of the same is none' "$(log update length)" 0
hold a.p7s --list-signer notary.pem --as cn
is 'nor is what is held already' "$(log add length)" 1
cp a.p7s moved.p7s
hold moved.p7s --list-signer notary.pem --as cn --json
json 'from elsewhere it is the same list' '.lists[0].changed' false
is 'in an entry of its own' "$(log add length)" 2
hold a.p7s --list-signer notary.pem --as cn
(
	flock 9
	deed trust remove cn --wait 0 >"$T/out" 2>"$T/err"
	echo $? >"$T/code"
) 9>>"$DEED_HOME/trust/lists.lock"
is 'who changes the lists waits for another' "$(cat "$T/code")" 9
err_has 'which is told' 'is locked'

# Rollback, end, signer.
make_list cas 4 --sequence 3
import cas/list.yaml --force -o a.p7s
run deed trust update --at 2026-11-20
exits 0 'a newer one'
err_has 'is held' 'held: '
run deed trust check cn --source cas/list.yaml --at 2026-11-20
exits 0 'it says what its source says'
cp a.p7s three.p7s
cp b.p7s a.p7s
run deed trust update --at 2026-11-20
exits 1 'a lower sequence'
err_has 'is a rollback' 'rollback: it has the sequence number 1'
hold b.p7s --list-signer notary.pem --as cn
exits 1 'also where it is added'
sed 's/Made-up CA 2/Other/' cas/list.yaml >other.yaml
import other.yaml --force -o a.p7s
run deed trust update --at 2026-11-20
exits 1 'the same number of another list'
err_has 'is one too' 'and says something else'
run deed trust check cn --source other.yaml --at 2026-11-20
exits 1 'another source is not its own'
cp three.p7s a.p7s
run deed trust update --at 2099-02-01
exits 7 'a list that has ended'
err_has 'is no update' 'has expired'
run deed trust check cn --at 2099-02-01
exits 3 'and is told'
out_has 'as what it is' '(ended)'
run deed trust list --at 2099-02-01
out_has 'in the list too' '(ended)'
of_list() {
	jq -r '.items[] | select(.kind == "list") |
		[.about, .state, .remedy] | join("; ")' <"$T/out"
}
run deed status --json --at 2026-11-20 --within 1d
is 'the status of the house knows it' "$(of_list)" 'cn; good; '
run deed status --json --at 2099-02-01
is 'and when another is due' "$(of_list)" 'cn; amiss; deed trust update cn'
cp house.pem a.p7s
run deed trust update --at 2026-11-20
exits 5 'what is no list'
python3 - <<'PY'
b = bytearray(open('three.p7s', 'rb').read())
i = b.index(b'cn-esl')
b[i] ^= 1
open('a.p7s', 'wb').write(b)
PY
run deed trust update --at 2026-11-20
exits 1 'a changed byte'
run deed trust check cn --at 2026-11-20
exits 0 'what is held is as it was'
run deed trust update nothing --at 2026-11-20
exits 4 'a name that is not held'
run deed trust check nothing
exits 4 'is not checked either'

# Counter-signed by somebody else: both are named in it.
deed sign --as wang --passphrase file:wang.pass --counter-sign three.p7s \
	-o both.p7s 2>"$T/err"
hold both.p7s --list-signer wang.pem --as other --json
exits 0 'one whom the verifier names has counter-signed it'
json 'which is told' '.lists[0].countersigners | length' 1
is 'the payload is as it was' \
	"$(payload both.p7s both.json && sha256sum <both.json)" \
	"$(payload three.p7s three.json && sha256sum <three.json)"
python3 - <<'PY'
b = bytearray(open('both.p7s', 'rb').read())
b[-5] ^= 1
open('broken.p7s', 'wb').write(b)
PY
hold broken.p7s --list-signer notary.pem --as broken
isnt 'a counter-signature that does not hold' "$code" 0

# The log knows what is held: what was put in its place is told.
lists=$DEED_HOME/trust/lists
expect 0 'what is held is as the log says' deed audit verify
cp -Rp "$lists" kept
# amiss NAME WORDS: what audit verify says; the lists are as before then.
amiss() {
	expect 1 "$1" deed audit verify
	out_has "$1: it is said" "$2"
	rm -rf "$lists"
	cp -Rp kept "$lists"
}
cp b.p7s "$lists/cn.cms"
amiss 'an older list' "the trust list 'cn' is another than the newest"
cp "$lists/other.json" "$lists/cn.json"
amiss 'another signer' "the signer pinned for the trust list 'cn'"
cp "$lists/other.json" "$lists/new.json"
cp "$lists/other.cms" "$lists/new.cms"
amiss 'a list that nobody added' \
	"the trust list 'new' is held, of which the log knows nothing"
rm "$lists/cn.json" "$lists/cn.cms"
amiss 'one that is gone' "the trust list 'cn' is missing"
expect 0 'put back it is as it was' deed audit verify

# As many as a home holds.
i=0
while [ $i -lt 256 ]; do
	i=$((i + 1))
	: >"$lists/more-$i.json"
done
hold both.p7s --list-signer wang.pem --as one-more
exits 5 'one list too many'
err_has 'which is told' 'the home holds 258 trust lists'
absent 'and is not held' "$lists/one-more.json"
rm "$lists"/more-*

run deed trust remove cn -n
exits 0 'what would be removed'
run deed trust list
out_has 'is there' 'cn: '
is 'a newer list was one entry' "$(log update length)" 1
is 'what would be removed none' "$(log remove length)" 0
was=$(sha256sum <"$DEED_HOME/trust/lists/cn.cms" | cut -d' ' -f1)
run deed trust remove cn --json
exits 0 'a list is removed'
index=$(jq .log_index "$T/out")
is 'which is an entry' "$(log remove '.[0].index')" "$index"
is 'with what it was' "$(log remove '.[0].hashes.statement')" "sha256:$was"
run deed audit verify
exits 0 'the log agrees'
: >"$DEED_HOME/trust/lists/other.cms"
run deed trust remove other
exits 0 'what cannot be read can be removed'
run deed trust remove cn
exits 4 'once'
run deed trust add --at 2026-11-20 http://127.0.0.1:9/x --list-signer \
	notary.pem --as web --offline
exits 7 'a URL is not fetched offline'

# The template, with a certificate in it, is a list.
awk -v pem=cas/ca-01.pem '
	/\(the certificate of the CA/ {
		while ((getline line <pem) > 0)
			if (line !~ /-----/)
				print "          " line
		next
	}
	{ print }' "$top_srcdir/man/examples/trust-list.yaml" >template.yaml
import template.yaml -o template.p7s
exits 0 'the template can be filled in'
payload template.p7s template.json
is 'with all that stands on a licence' \
	"$(jq -r '.operators[0] | [.licence, .licence_by, .representative,
		.address, .trade_name, .licence_from, .licence_until] |
		map(select(. != null)) | length' template.json)" 7

# 48 CAs: every change of status, the second before it and the second of it.
make_list many
import many/list.yaml -o many.p7s
exits 0 'a list of 48 CAs'
payload many.p7s many.json
cat >changes.py <<'PY'
import csv, datetime, json
services = [o['services'][0] for o in json.load(open('many.json'))['operators']]
def at(service, when):
    return next((s['status'] for s in service['statuses']
                 if s['since'] <= when), 'none')
count = 0
for n, when, before, after in csv.reader(open('many/changes.tsv'),
                                         delimiter='\t'):
    t = datetime.datetime.strptime(when, '%Y-%m-%dT%H:%M:%SZ')
    last = (t - datetime.timedelta(seconds=1)).strftime('%Y-%m-%dT%H:%M:%SZ')
    service = services[int(n) - 1]
    assert (at(service, last), at(service, when)) == (before, after), (n, when)
    count += 1
print(count)
PY
is 'says of every change what it was and became' "$(python3 changes.py)" 85
