// SPDX-License-Identifier: Apache-2.0
/*
 * mutool run paint_mupdf.js: what mupdf shows of PDFs, as paint_poppler.c
 * has it, but for OUT: page N goes to OUT.N, a PNG.  A line of input has at
 * most 250 bytes.  Standard output is to be line-buffered from outside
 * (stdbuf -oL).
 */
var PAGES_MAX = 20, CHARS_MAX = 20000;

function textOf(list, scale) {
	var found = [];
	list.toStructuredText().walk({
		onChar: function (c, origin, font, size, quad) {
			if (found.length >= CHARS_MAX || /\s/.test(c))
				return;
			var x = (quad[0] + quad[2] + quad[4] + quad[6]) / 4;
			var y = (quad[1] + quad[3] + quad[5] + quad[7]) / 4;
			found.push([Math.floor(x * scale),
				Math.floor(y * scale), c]);
		},
	});
	return found;
}

function paint(page, out, scale) {
	var list = page.toDisplayList();
	var box = page.bound();
	var pixmap = list.toPixmap([scale, 0, 0, scale, -box[0] * scale,
		-box[1] * scale], DeviceRGB, false);
	pixmap.saveAsPNG(out);
	return { size: [pixmap.getWidth(), pixmap.getHeight()],
		text: textOf(list, scale) };
}

// What is said instead of the content, by the tree as it stands in the file.
function saidBy(node, found, depth) {
	if (depth > 40 || found.length > 2000)
		return;
	if (node.isNumber())
		found.push(node.asNumber());
	if (node.isArray()) {
		for (var i = 0; i < node.length && i < 2000; i++)
			saidBy(node.get(i), found, depth + 1);
		return;
	}
	if (!node.isDictionary())
		return;
	var role = node.get('S'), form = String(role) === '/Form';
	if (role && role.isName() && !form)
		found.push(String(role));
	if (node.get('MCID') && node.get('MCID').isNumber())
		found.push(node.get('MCID').asNumber());
	['ActualText', 'Alt', 'E', 'T'].forEach(function (key) {
		var text = node.get(key);
		if (text && text.isString() && !(form && key === 'Alt'))
			found.push(key + ' ' + text.asString());
	});
	var kids = node.get('K');
	if (kids)
		saidBy(kids, found, depth + 1);
}

function treeOf(doc) {
	var found = [];
	var root = doc.getTrailer().get('Root').get('StructTreeRoot');
	if (root && root.isDictionary() && root.get('K'))
		saidBy(root.get('K'), found, 0);
	return found;
}

function show(path, out, scale) {
	var doc = new Document(path);
	var answer = { count: doc.countPages(), pages: [], tree: [] };
	try {
		answer.tree = treeOf(doc);
	} catch (e) {
		answer.tree = [String(e)];
	}
	for (var i = 0; i < answer.count && i < PAGES_MAX; i++) {
		try {
			answer.pages.push(paint(doc.loadPage(i), out + '.' + i,
				scale));
		} catch (e) {
			answer.pages.push({ size: [0, 0], text: [] });
		}
	}
	return answer;
}

function next() {
	try {
		return readline();
	} catch (e) {
		return null;
	}
}

var line, count = 0;
while ((line = next())) {
	var word = line.split('\t'), answer;
	try {
		answer = show(word[0], word[1], Number(word[2]) / 72);
	} catch (e) {
		answer = { error: String(e) };
	}
	print(JSON.stringify(answer));
	if (++count % 16 === 0)
		gc();
}
