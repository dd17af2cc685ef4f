#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The recipes of deed-archive(7) for many machines, taken from the page and run
# here as processes: GNU parallel or xargs, the tasks of a Slurm array, the
# pods of a Kubernetes job; and the policy of a bucket that two offices share.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/interop/recipes.sh"
need jq python3
need_home

for file in policy.json verify-many sign.sbatch read.yaml; do
	recipe deed-archive.7 $file >$file
	check "$file is in the page" [ -s $file ]
done
mkdir in
for i in 1 2 3 4 5 6 7; do
	cp contract.pdf "in/contract $i.pdf"
done
find in -name '*.pdf' | sort >list

# --- signing by a Slurm array: two machines, each with a home of its own ---
one=$W/home two=$T/second/home
mkdir "$T/second"
(
	cd "$T/second" || exit 1
	DEED_HOME=$two
	write_forms
	quietly init_home
	quietly enroll_home acme
	quietly prove_home acme
	deed ca bundle >"$W/second.pem"
) || exit 1
task() {
	SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_ID=$1 SLURM_CPUS_PER_TASK=1 \
		ACME_PASS=$W/acme.pass DEED_HOME=$2 sh sign.sbatch list signed
}
tasks() {
	bad=0
	for i in 0 1 2 3; do
		case $i in
		0 | 2) task $i "$one" ;;
		*) task $i "$two" ;;
		esac >"$T/task$i" 2>&1 &
		eval "pid$i=$!"
	done
	# shellcheck disable=SC2154
	for p in "$pid0" "$pid1" "$pid2" "$pid3"; do
		wait "$p" || bad=$?
	done
	cat "$T"/task?
	return $bad
}
check 'every task ends well' tasks
is 'each document is signed once' "$(find signed -name '*.pdf' | wc -l)" 7
is 'and told' "$(jq -s 'map(.documents | length) | add' signed/task-*.json)" 7
check 'a second run' tasks
is 'signs nothing again' "$(find signed -name '*.pdf' | wc -l)" 7
DEED_HOME=$two
expect 0 'the second log verifies' deed audit verify
DEED_HOME=$one
expect 0 'the first, too' deed audit verify

# --- judging, by GNU parallel and by xargs ---
cp house.pem house.one
cat second.pem >>house.pem
find signed -name '*.pdf' | sort >signed.list
cp contract.pdf unsigned.pdf
echo unsigned.pdf >>signed.list
how='GNU parallel' dir=by-parallel
if command -v parallel >/dev/null &&
	parallel --version 2>/dev/null | grep -q 'GNU parallel'; then
	mkdir "$HOME/.parallel" && : >"$HOME/.parallel/will-cite"
	run env PART=2 sh verify-many signed.list $dir
	exits 0 "$how: all are judged"
	is "$how: what did not pass" "$(cat "$T/out")" \
		"$(printf 'NO-SIGNATURE\tunsigned.pdf')"
	is "$how: in parts" "$(find $dir -name 'part.*.json' | wc -l)" 4
	first=$(cat $dir/part.aaaaaa.json)
	rm $dir/part.aaaaab.json
	echo '{"documents":[]}' >$dir/part.aaaaac.json
	run env PART=2 sh verify-many signed.list $dir
	exits 1 "$how: a part that lacks verdicts is told"
	check "$how: one that was missing is judged again" \
		test -s $dir/part.aaaaab.json
	is "$how: and one that was there is left" \
		"$(cat $dir/part.aaaaaa.json)" "$first"
else
	skip "$how" 'it is not installed'
fi
# Without it: all programs but that one.
mkdir bin
for program in sh env split xargs nproc deed jq cat mv mkdir wc; do
	ln -s "$(command -v $program)" bin/$program
done
how=xargs dir=by-xargs
run env PATH="$W/bin" PART=2 sh verify-many signed.list $dir
exits 0 "$how: all are judged"
is "$how: what did not pass" "$(cat "$T/out")" \
	"$(printf 'NO-SIGNATURE\tunsigned.pdf')"
is "$how: in parts" "$(find $dir -name 'part.*.json' | wc -l)" 4
echo missing.pdf >>signed.list
rm -rf $dir
run env PATH="$W/bin" PART=2 sh verify-many signed.list $dir
exits 0 "$how: a document that is missing is judged, too"
out_has "$how: and told" missing.pdf

# --- reading deposits back, by a Kubernetes job ---
if ! python3 -c 'import yaml' 2>/dev/null; then
	skip 'the job' "python3 has no yaml"
else
	cat >job.py <<'PY'
import sys, yaml
job = yaml.safe_load(open('read.yaml'))
spec = job['spec']
pod = spec['template']['spec']
c = pod['containers'][0]
assert job['apiVersion'] == 'batch/v1' and job['kind'] == 'Job'
assert spec['completionMode'] == 'Indexed'
assert pod['restartPolicy'] == 'Never'
env = {e['name']: e['value'] for e in c['env']}
assert int(env['TASKS']) == spec['completions'] >= spec['parallelism']
volumes = {v['name'] for v in pod['volumes']}
assert {m['name'] for m in c['volumeMounts']} == volumes
assert all(isinstance(a, str) for a in c['command'])
assert c['command'][:2] == ['/bin/sh', '-c'] and len(c['command']) == 3
open('pod.sh', 'w').write(c['command'][2])
PY
	check 'the job is one of batch/v1' python3 job.py
	mkdir work secret
	find signed -name '*.pdf' -exec deed shard put {} --party li \; \
		>ids 2>"$T/err"
	is 'deposits' "$(wc -l <ids)" 7
	deed shard list --json | jq -r '.deposits[].folder' >work/folders
	is 'their folders' "$(wc -l <work/folders)" 7
	quietly deed key export li --role deposit --passphrase file:li.pass \
		--export-passphrase file:li.pass -o secret/li.p12
	cp li.pass secret/
	chmod 440 secret/li.p12 secret/li.pass
	cp house.pem work/
	jq --arg at "dir:$one/archive/" '.places |= map(.place |= sub("^dir:"; $at))' \
		home/archive/places.json >work/places.json
	mv home gone
	mkdir home home/archive && mv gone/archive/places home/archive/
	pods() {
		bad=0
		for i in 0 1 2; do
			env -u DEED_HOME WORK="$W/work" SECRET="$W/secret" TASKS=3 \
				JOB_COMPLETION_INDEX=$i sh pod.sh >"$T/pod$i" 2>&1 ||
				bad=$?
		done
		cat "$T"/pod?
		return $bad
	}
	check 'every pod ends well' pods
	is 'all deposits are back' "$(find work/out -name '*.pdf' | wc -l)" 7
	check 'as they were signed' sh -c \
		'for f in work/out/*/*.pdf; do cmp "$f" "signed/${f##*/}" || exit; done'
	is 'and judged' "$(cat work/out/*.json | jq -r '.documents[].indication' | sort | uniq -c | tr -s ' ')" ' 7 TOTAL-PASSED'
	check 'nothing of the key is left' sh -c "[ -z \"\$(find '$T' -maxdepth 1 -name 'tmp.*')\" ]"
	check 'a second run' pods
	mv home/archive/places/1 home/archive/places/2 .
	mv home/archive/places/3 three
	rm -rf work/out
	pods >"$T/out"
	is 'too few places answer: to be tried again' $? 8
	mv 1 2 home/archive/places/
	mv three home/archive/places/3
	find home/archive/places/[123] -type f ! -path '*/about/*' -delete
	rm -rf work/out
	pods >"$T/out"
	is 'too few have it: nothing to be tried again' $? 1
fi

# --- two offices in one bucket: what the policy lets each of them do ---
cat >policy.py <<'PY'
import fnmatch, json, sys
policy = json.load(open('policy.json'))

def listed(value):
    return value if isinstance(value, list) else [value]

def may(user, action, resource, prefix=None):
    for s in policy['Statement']:
        assert s['Effect'] == 'Allow'
        who = ['arn:aws:iam:::user/' + user]
        like = s.get('Condition', {}).get('StringLike', {}).get('s3:prefix')
        if (set(who) & set(listed(s['Principal']['AWS']))
                and 's3:' + action in listed(s['Action'])
                and any(fnmatch.fnmatchcase('arn:aws:s3:::' + resource, r)
                        for r in listed(s['Resource']))
                and (like is None or any(fnmatch.fnmatchcase(prefix or '', p)
                                         for p in listed(like)))):
            return True
    return False

keys = [line.strip() for line in sys.stdin]
assert keys
bucket = 'contracts-1'
for user, own, other in (('office-a', 'a/', 'b/'), ('office-b', 'b/', 'a/')):
    for key in keys:
        for action in ('GetObject', 'PutObject', 'DeleteObject'):
            assert may(user, action, f'{bucket}/{own}{key}'), (user, action)
            assert not may(user, action, f'{bucket}/{other}{key}')
            assert not may(user, action, f'{bucket}/{key}')
    for action in ('ListBucket', 'ListBucketVersions'):
        assert may(user, action, bucket, own)
        assert may(user, action, bucket, own + keys[0])
        assert not may(user, action, bucket, other)
        assert not may(user, action, bucket, '')
        assert not may(user, action, bucket)
    assert may(user, 'GetBucketVersioning', bucket)
    for action in ('DeleteBucket', 'PutBucketPolicy', 'PutBucketVersioning'):
        assert not may(user, action, bucket)
for key in keys:
    assert may('reader-a', 'GetObject', f'{bucket}/a/{key}')
    assert not may('reader-a', 'GetObject', f'{bucket}/b/{key}')
    for action in ('PutObject', 'DeleteObject', 'DeleteObjectVersion'):
        assert not may('reader-a', action, f'{bucket}/a/{key}')
assert may('reader-a', 'ListBucket', bucket, 'a/')
assert not may('reader-a', 'ListBucket', bucket, 'b/')
assert not may('stranger', 'GetObject', f'{bucket}/a/{keys[0]}')
PY
(cd home/archive/places/4 && find . -type f | sed 's|^\./||') >keys
check 'each account has its prefix and nothing else' \
	sh -c 'python3 policy.py <keys'
