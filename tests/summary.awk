# SPDX-License-Identifier: Apache-2.0
# The tables and the closing line of tests/summary, from .trs files; the names
# of those that have nothing to say are in summary.lost.

# tests/fault of tests/fault/sign.trs, tests/unit of tests/unit/pdf/test_x.trs.
function folder_of(name, parts) {
	split(name, parts, "/")
	return parts[1] "/" parts[2]
}

# Points of a folder: kind is passed, failed or skipped.
function count(kind, name, folder) {
	folder = folder_of(name)
	points[kind, folder]++
	points[kind]++
	folders[folder] = 1
}

# A file that has no result of its own is one that failed.
function close_file() {
	if (results == 0)
		count("failed", file)
	results = 0
}

BEGIN {
	while ((getline name < "summary.lost") > 0)
		count("failed", name)
}

FNR == 1 {
	if (NR > 1)
		close_file()
	file = FILENAME
}
/^:test-result: (PASS|XFAIL)/ { count("passed", file); results++ }
/^:test-result: (FAIL|ERROR|XPASS)/ { count("failed", file); results++ }
/^:test-result: SKIP/ { count("skipped", file); results++ }
/^:seconds: / {
	timed++
	seconds[file] = $2
	cpu[file] = $3
	seconds[folder_of(file)] += $2
	cpu[folder_of(file)] += $3
}

END {
	if (NR > 0)
		close_file()
	if (timed > 0)
		print_tables()
	printf "%d passed, %d failed, %d skipped\n", points["passed"],
		points["failed"], points["skipped"]
	exit points["failed"] > 0 || points["passed"] == 0
}

function print_tables(name, sort, n) {
	print " passed  failed skipped   seconds       CPU"
	sort = "LC_ALL=C sort -k 6"
	for (name in folders)
		printf "%7d %7d %7d %9d %9.1f  %s\n", points["passed", name],
			points["failed", name], points["skipped", name],
			seconds[name], cpu[name], name | sort
	close(sort)
	print "took longest:"
	sort = "sort -k 2,2rn -k 1,1rn | head -n 10"
	for (name in seconds)
		if (name ~ /\.trs$/)
			printf "%33d %9.1f  %s\n", seconds[name], cpu[name],
				substr(name, 1, length(name) - 4) | sort
	close(sort)
}
