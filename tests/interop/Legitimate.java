// SPDX-License-Identifier: Apache-2.0
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.AcroFields;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.security.BouncyCastleDigest;
import com.itextpdf.text.pdf.security.LtvVerification;
import com.itextpdf.text.pdf.security.MakeSignature;
import com.itextpdf.text.pdf.security.PrivateKeySignature;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.List;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSUpdateInfo;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureInterface;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;

/**
 * Legitimate.java JOBS: what iText 5 and PDFBox 2 do to files.  A line of
 * JOBS is "operation in out argument"; the key is in node.p12.
 */
public class Legitimate {
	static PrivateKey key;
	static Certificate[] chain;

	public static void main(String[] args) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(new FileInputStream("node.p12"), "x".toCharArray());
		String alias = store.aliases().nextElement();
		key = (PrivateKey) store.getKey(alias, "x".toCharArray());
		chain = store.getCertificateChain(alias);
		for (String line : Files.readAllLines(Paths.get(args[0]))) {
			String[] job = line.split(" ", 4);
			run(job[0], job[1], job[2],
					job.length > 3 ? job[3] : "");
		}
	}

	static void run(String op, String in, String out, String argument)
			throws Exception {
		switch (op) {
		case "itext-sign" -> itextSign(in, out, argument);
		case "itext-fill" -> itextFill(in, out);
		case "itext-ltv" -> itextLtv(in, out, argument);
		case "pdfbox-sign" -> pdfboxSign(in, out, argument);
		case "pdfbox-fill" -> pdfboxFill(in, out);
		default -> throw new IllegalArgumentException(op);
		}
	}

	/** Into a field of that name, or into a new one: box or none. */
	static void itextSign(String in, String out, String where)
			throws Exception {
		PdfReader reader = new PdfReader(in);
		PdfStamper stamper = PdfStamper.createSignature(reader,
				new FileOutputStream(out), '\0', null, true);
		PdfSignatureAppearance look =
				stamper.getSignatureAppearance();
		look.setReason("I agree");
		look.setLocation("Oslo");
		if (where.equals("box"))
			look.setVisibleSignature(
					new Rectangle(350, 40, 550, 80), 1,
					"itext");
		else if (!where.isEmpty())
			look.setVisibleSignature(where);
		MakeSignature.signDetached(look, new BouncyCastleDigest(),
				new PrivateKeySignature(key, "SHA-256", null),
				chain, null, null, null, 0,
				MakeSignature.CryptoStandard.CADES);
	}

	static void itextFill(String in, String out) throws Exception {
		PdfStamper stamper = new PdfStamper(new PdfReader(in),
				new FileOutputStream(out), '\0', true);
		AcroFields fields = stamper.getAcroFields();
		fields.setField("name", "iText");
		fields.setField("price", "12");
		fields.setField("paid", "Yes");
		fields.setField("term", "1");
		fields.setField("size", "large");
		stamper.close();
	}

	static void itextLtv(String in, String out, String crl)
			throws Exception {
		PdfStamper stamper = new PdfStamper(new PdfReader(in),
				new FileOutputStream(out), '\0', true);
		LtvVerification store = stamper.getLtvVerification();
		String name = stamper.getAcroFields().getSignatureNames()
				.get(0);
		store.addVerification(name, Collections.<byte[]>emptyList(),
				Collections.singletonList(Files.readAllBytes(
						Paths.get(crl))),
				Collections.singletonList(
						chain[0].getEncoded()));
		store.merge();
		stamper.close();
	}

	/** The CMS is made by iText's helper, which gives the bytes alone. */
	static byte[] cms(InputStream content) throws IOException {
		try {
			var digest = new BouncyCastleDigest();
			var made = new com.itextpdf.text.pdf.security.PdfPKCS7(
					null, chain, "SHA-256", null, digest,
					false);
			byte[] hash = digest.getMessageDigest("SHA-256")
					.digest(content.readAllBytes());
			byte[] attributes = made
					.getAuthenticatedAttributeBytes(hash,
							null, null,
							MakeSignature.CryptoStandard
									.CMS);
			made.setExternalDigest(new PrivateKeySignature(key,
					"SHA-256", null).sign(attributes),
					null, "RSA");
			return made.getEncodedPKCS7(hash, null, null, null,
					MakeSignature.CryptoStandard.CMS);
		} catch (Exception e) {
			throw new IOException(e);
		}
	}

	static void pdfboxSign(String in, String out, String field)
			throws Exception {
		try (PDDocument doc = PDDocument.load(new File(in));
				FileOutputStream to = new FileOutputStream(
						out)) {
			PDSignature signature = new PDSignature();
			PDAcroForm form = doc.getDocumentCatalog()
					.getAcroForm(null);
			if (!field.isEmpty()) {
				PDField at = form.getField(field);
				at.getCOSObject().setItem(COSName.V,
						signature);
				at.getCOSObject().setNeedToBeUpdated(true);
			}
			signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
			signature.setSubFilter(
					PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
			signature.setName("Rob");
			signature.setSignDate(Calendar.getInstance());
			SignatureInterface by = Legitimate::cms;
			doc.addSignature(signature, by);
			doc.saveIncremental(to);
		}
	}

	static void dirty(List<COSBase> path) {
		for (COSBase each : path)
			if (each instanceof COSUpdateInfo)
				((COSUpdateInfo) each).setNeedToBeUpdated(true);
	}

	static void pdfboxFill(String in, String out) throws Exception {
		try (PDDocument doc = PDDocument.load(new File(in));
				FileOutputStream to = new FileOutputStream(
						out)) {
			PDAcroForm form = doc.getDocumentCatalog()
					.getAcroForm(null);
			List<COSBase> path = new ArrayList<>();
			path.add(doc.getDocumentCatalog().getCOSObject());
			path.add(form.getCOSObject());
			for (String name : new String[] { "name", "price",
					"size" }) {
				PDField field = form.getField(name);
				field.setValue(name.equals("size") ? "large"
						: "12");
				COSDictionary own = field.getCOSObject();
				COSDictionary looks = (COSDictionary) own
						.getDictionaryObject(COSName.AP);
				path.add(own);
				path.add(looks);
				path.add(looks.getDictionaryObject(COSName.N));
			}
			dirty(path);
			doc.saveIncremental(to);
		}
	}
}
