// SPDX-License-Identifier: Apache-2.0
/*
 * paint_pdfjs.mjs NODE_MODULES: what pdf.js shows of PDFs, as paint_poppler.c
 * has it.  Where there is no canvas the pages are written as the list of
 * painting operations, and "painted" is false.
 */
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const PAGES_MAX = 20, ITEMS_MAX = 5000;
const modules = path.resolve(process.argv[2]);
const home = path.join(modules, 'pdfjs-dist');
const need = createRequire(path.join(modules, 'x.js'));

let canvas = null;
try {
	canvas = need('@napi-rs/canvas');
	globalThis.DOMMatrix = canvas.DOMMatrix;
	globalThis.Path2D = canvas.Path2D;
	globalThis.ImageData = canvas.ImageData;
} catch (e) {
	// The operations are compared instead.
}

// Warnings go where nobody takes them for answers.
console.log = console.error;
console.warn = console.error;
const pdfjs = await import(pathToFileURL(
	path.join(home, 'legacy/build/pdf.mjs')));

class Canvases {
	create(width, height) {
		const made = canvas.createCanvas(Math.max(1, width),
			Math.max(1, height));
		return { canvas: made, context: made.getContext('2d') };
	}
	reset(pair, width, height) {
		pair.canvas.width = Math.max(1, width);
		pair.canvas.height = Math.max(1, height);
	}
	destroy(pair) {
		pair.canvas = null;
		pair.context = null;
	}
}

async function textOf(page, viewport) {
	const found = [];
	const content = await page.getTextContent();
	for (const item of content.items.slice(0, ITEMS_MAX)) {
		if (!item.str || !item.str.trim())
			continue;
		const t = pdfjs.Util.transform(viewport.transform,
			item.transform);
		// An item is a line: its characters are about as wide as each
		// other.
		const letters = Array.from(item.str);
		const step = (item.width || 0) / letters.length /
			(Math.hypot(item.transform[0], item.transform[1]) || 1);
		letters.forEach((letter, i) => {
			const x = (i + 0.5) * step;
			if (letter.trim())
				found.push([Math.floor(t[4] + t[0] * x),
					Math.floor(t[5] + t[1] * x), letter]);
		});
	}
	return found;
}

function saidBy(node, found, depth) {
	if (!node || depth > 40 || found.length > 2000)
		return;
	if (node.alt && node.role !== 'Form')
		found.push(node.alt);
	for (const kid of node.children || [])
		saidBy(kid, found, depth + 1);
}

async function painted(page, viewport) {
	const width = Math.max(1, Math.ceil(viewport.width));
	const height = Math.max(1, Math.ceil(viewport.height));
	const pair = new Canvases().create(width, height);
	await page.render({ canvasContext: pair.context, viewport,
		annotationMode: pdfjs.AnnotationMode.ENABLE,
		intent: 'display', background: 'white' }).promise;
	const pixels = pair.context.getImageData(0, 0, width, height);
	return [Buffer.from(pixels.data.buffer), width, height];
}

// The operations of the page, and apart from them those of each annotation.
async function operations(page) {
	const list = await page.getOperatorList({ intent: 'display',
		annotationMode: pdfjs.AnnotationMode.ENABLE });
	const own = [], annotations = [];
	let rows = own;
	list.fnArray.forEach((fn, i) => {
		const args = list.argsArray[i];
		if (fn === pdfjs.OPS.beginAnnotation) {
			rows = [args[2], args[3]];
			annotations.push([args[1], rows]);
		} else if (fn === pdfjs.OPS.endAnnotation) {
			rows = own;
		} else {
			rows.push([fn, args]);
		}
	});
	// Names of fonts and pictures are numbers in the order of loading.
	const text = (some) => JSON.stringify(some).replace(
		/g_d\d+_[a-z]*\d*/g, '');
	return [Buffer.from(text(own)), annotations.map(
		([rect, some]) => [...rect, text(some)])];
}

async function show(file, out, scale) {
	const task = pdfjs.getDocument({
		data: new Uint8Array(fs.readFileSync(file)),
		disableFontFace: true,
		isEvalSupported: false,
		useSystemFonts: false,
		standardFontDataUrl: path.join(home, 'standard_fonts/'),
		cMapUrl: path.join(home, 'cmaps/'),
		cMapPacked: true,
		verbosity: 0,
		CanvasFactory: Canvases,
	});
	try {
		const doc = await task.promise;
		const answer = { count: doc.numPages, pages: [], tree: [],
			painted: canvas !== null };
		const handle = fs.openSync(out, 'w');
		for (let i = 1; i <= doc.numPages && i <= PAGES_MAX; i++) {
			try {
				const page = await doc.getPage(i);
				const viewport = page.getViewport({ scale });
				const [data, ...more] = canvas ?
					await painted(page, viewport) :
					await operations(page);
				fs.writeSync(handle, data);
				answer.pages.push({ size: canvas ? more :
					[data.length, 1],
				annotations: canvas ? [] : more[0],
				text: await textOf(page, viewport) });
				saidBy(await page.getStructTree(),
					answer.tree, 0);
			} catch (e) {
				answer.pages.push({ size: [0, 0], text: [],
					why: String(e) });
			}
		}
		fs.closeSync(handle);
		return answer;
	} finally {
		await task.destroy();
	}
}

process.on('unhandledRejection', () => {});
for await (const line of readline.createInterface({ input: process.stdin })) {
	const [file, out, dpi] = line.split('\t');
	let answer;
	try {
		answer = await show(file, out, Number(dpi) / 72);
	} catch (e) {
		answer = { error: String(e) };
	}
	process.stdout.write(JSON.stringify(answer) + '\n');
}
process.exit(0);
