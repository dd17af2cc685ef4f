#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hook of deed-ci(7), through git push: what comes in, and what does not.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need git
need_home

GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_SYSTEM=/dev/null
GIT_AUTHOR_NAME=Wang
GIT_AUTHOR_EMAIL=wang@example.org
GIT_COMMITTER_NAME=Wang
GIT_COMMITTER_EMAIL=wang@example.org
export GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
	GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

run deed sign --as wang --passphrase file:wang.pass -o good.pdf contract.pdf
exits 0 'a contract is signed'
cp contract.pdf bad.pdf
hook=$top_srcdir/man/examples/pre-receive
git init -q --bare -b main office.git
cp "$hook" office.git/hooks/pre-receive
chmod +x office.git/hooks/pre-receive
git -C office.git config deed.trust "$W/house.pem"
git init -q -b main desk
cd desk || exit 99
git remote add origin ../office.git

put() {
	mkdir -p "$(dirname "$2")" && cp "../$1" "$2" && chmod u+w "$2"
}
commit() {
	git add -A && git commit -qm 'a change'
}
# comes WHAT, refused WHAT NAME: what is committed now, as the branch is.
comes() {
	commit
	expect 0 "$1" git push -q origin HEAD
}
refused() {
	commit
	before=$(git ls-remote origin)
	expect 1 "$1" git push -q origin HEAD
	err_has "$1: is named" "$2"
	is "$1: nothing comes in" "$(git ls-remote origin)" "$before"
	git reset -q --hard HEAD~1
}

# A first branch.
put terms.txt notes.txt
comes 'a repository without PDFs'
put good.pdf lease.pdf
comes 'a signed PDF'
put bad.pdf draft.pdf
refused 'an unsigned PDF' 'draft.pdf'
err_has 'and why' 'draft.pdf: NO-SIGNATURE'
head -c 3000 ../good.pdf >forged.pdf
refused 'what is no whole PDF' 'forged.pdf'
printf 'X' | dd of=lease.pdf bs=1 seek=2000 conv=notrunc 2>/dev/null
refused 'a signed PDF that was changed' 'lease.pdf'

# Names.
put good.pdf 'two words.pdf'
put good.pdf '合同/租赁 合同.PDF'
put good.pdf "it's; \$(touch x) \"quoted\".Pdf"
cp ../good.pdf ./-leading.pdf
comes 'names with spaces, Chinese, quotes, and .PDF'
put bad.pdf 'three words here.pdf'
refused 'spaces' 'three words here.pdf: '
put bad.pdf '合同/买卖 合同.pdf'
refused 'Chinese' '合同/买卖 合同.pdf: '
put bad.pdf SCAN.PDF
refused 'capital letters' 'SCAN.PDF: '
put bad.pdf "$(printf 'two\nlines.pdf')"
refused 'a newline' 'lines.pdf'
cp ../bad.pdf ./-n.pdf
refused 'a name like an option' '-n.pdf: '

# Ways around.
put bad.pdf draft.bin
comes 'what is not called a PDF'
git mv draft.bin draft.pdf
refused 'and is renamed to one' 'draft.pdf'
ln -s lease.pdf link.pdf
refused 'a link' 'link.pdf'
put bad.pdf one.pdf
put bad.pdf two.pdf
commit
run git push -q origin HEAD
err_has 'of several each is named' 'one.pdf: '
err_has 'the second, too' 'two.pdf: '
git rm -q one.pdf two.pdf
comes 'what is gone again at the tip'

# Branches.
git checkout -q -b side
put good.pdf side.pdf
comes 'a new branch'
put bad.pdf worse.pdf
refused 'an unsigned PDF on it' worse.pdf
git checkout -q -b other
put bad.pdf worse.pdf
refused 'and on a branch that is new itself' worse.pdf
expect 0 'a branch without anything new' git push -q origin HEAD
git checkout -q --orphan fresh
put bad.pdf worse.pdf
git add -A && git commit -qm 'from nothing'
expect 1 'a branch from nothing' git push -q origin HEAD
err_has 'is looked at as a whole' worse.pdf
git rm -q worse.pdf
git commit -q --amend -m 'from nothing'
expect 0 'and comes in when it is good' git push -q origin HEAD
git checkout -q main
git merge -q side
comes 'a merge' 2>/dev/null
git rm -q lease.pdf
comes 'a PDF is deleted'
expect 0 'a branch is deleted' git push -q origin :other
git tag -a -m 'the first' v1
expect 0 'a tag' git push -q origin v1
put bad.pdf worse.pdf
commit
git tag -a -m 'the second' v2
expect 1 'a tag on what does not come in' git push -q origin v2
git reset -q --hard HEAD~1

# What stood there before the hook is nobody's fault who branches off.
rm ../office.git/hooks/pre-receive
put bad.pdf old.pdf
comes 'without the hook'
cp "$hook" ../office.git/hooks/pre-receive
git checkout -q -b later
put good.pdf later.pdf
comes 'what is old is not asked again'

# What is asked.
git -C ../office.git config deed.require count=2
put good.pdf again.pdf
refused 'one signature of two' again.pdf
git -C ../office.git config deed.trust "$W/none.pem"
git -C ../office.git config deed.require count=1
put good.pdf again.pdf
refused 'without the trust file' again.pdf
err_has 'which is named' none.pem
is 'nothing is left' "$(find "$T" -maxdepth 1 -name 'tmp.*')" ''
